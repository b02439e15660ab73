"""Ways to write a name so that a person still reads it and a search does not find it, in the order they are put on.

Each stage is a table of disguises by name; a whole disguise is one of each stage, or none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

Disguise = Callable[[str], str]

_LOOKALIKES = str.maketrans("aeopcxiABEHKMOPCTX", "аеорсхіАВЕНКМОРСТХ")
_SMALL_CAPITALS = str.maketrans("abcdegijklmoprtuvwz", "ᴀʙᴄᴅᴇɢɪᴊᴋʟᴍᴏᴘʀᴛᴜᴠᴡᴢ")


def _every_other(text: str, change: Disguise) -> str:
    return "".join(change(char) if i % 2 else char for i, char in enumerate(text))


def _shifted(capital: int, small: int) -> Disguise:
    """Letters moved to another block of 26 capitals and 26 small letters."""

    def shift(char: str) -> str:
        if "A" <= char <= "Z":
            return chr(capital + ord(char) - 65)
        return chr(small + ord(char) - 97) if "a" <= char <= "z" else char

    return lambda text: "".join(map(shift, text))


def _once(old: str, new: str) -> Disguise:
    return lambda name: name.replace(old, new, 1)


def _signs(part: str) -> str:
    """Signs for letters inside a word, and at its end for "a"."""
    inner = part[1:-1].replace("a", "@").replace("i", "!").replace("s", "$")
    return part[:1] + inner + part[-1:].replace("a", "@") if len(part) > 2 else part


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split(" "))


def _wrapped_line(name: str) -> str:
    """Broken at a line's end in the middle of the longer part."""
    parts = name.split(" ")
    longest = max(parts, key=len)
    if len(longest) < 5 or "-" in longest or "'" in longest:
        return name
    half = len(longest) // 2
    return name.replace(longest, f"{longest[:half]}-\n{longest[half:]}", 1)


LETTERS: dict[str, Disguise] = {
    "digits for letters": lambda name: name[:1] + name[1:].replace("o", "0").replace("l", "1").replace("e", "3"),
    "signs for letters": lambda name: " ".join(map(_signs, name.split(" "))),
    "rn for m": _once("m", "rn"),
    "vv for w": _once("w", "vv"),
    "cl for d": _once("d", "cl"),
    "0 for O": _once("O", "0"),
    "5 for S": _once("S", "5"),
    "8 for B": _once("B", "8"),
    "1 for l": _once("l", "1"),
    "I for l": _once("l", "I"),
    "stretched": lambda name: name + name[-1] * 3,
}
JOINS: dict[str, Disguise] = {
    "underscore": lambda name: name.replace(" ", "_"),
    "hyphen": lambda name: name.replace(" ", "-"),
    "full stop": lambda name: name.replace(" ", "."),
    "nothing": lambda name: name.replace(" ", ""),
    "camel": _camel,
    "two blanks": lambda name: name.replace(" ", "  "),
    "no-break space": lambda name: name.replace(" ", "\u00a0"),
    "tab": lambda name: name.replace(" ", "\t"),
    "line break": lambda name: name.replace(" ", "\n"),
    "Windows line break": lambda name: name.replace(" ", "\r\n"),
    "broken line": _wrapped_line,
    "emoji": lambda name: name.replace(" ", "🌻"),
    "slash": lambda name: name.replace(" ", "/"),
    "plus": lambda name: name.replace(" ", "+"),
    "letters apart": lambda name: "   ".join(" ".join(part) for part in name.split(" ")),
    "letters dotted": lambda name: " ".join(".".join(part) for part in name.split(" ")),
    "letters hyphened": lambda name: "  ".join("-".join(part) for part in name.split(" ")),
    "letters and stars": lambda name: " ".join("*".join(part) for part in name.split(" ")),
}
CASES: dict[str, Disguise] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "capitals locked": lambda name: " ".join(part[:1].lower() + part[1:].upper() for part in name.split(" ")),
}
CHARACTERS: dict[str, Disguise] = {
    "zero-width spaces": lambda name: "\u200b".join(name),
    "zero-width joiners": lambda name: "\u200d".join(name),
    "soft hyphens": lambda name: "\u00ad".join(name),
    "word joiners": lambda name: "\u2060".join(name),
    "variation selectors": lambda name: "".join(f"{char}\ufe0f" for char in name),
    "tag characters": lambda name: "\U000e0041".join(name),
    "bidi": lambda name: f"\u202a{name}\u202c",
    "isolates left open": lambda name: f"\u2066{name}",
    "byte order marks": lambda name: "\ufeff".join(name),
    "look-alikes": lambda name: _every_other(name, lambda char: char.translate(_LOOKALIKES)),
    "full width": _shifted(0xFF21, 0xFF41),
    "mathematical bold": _shifted(0x1D400, 0x1D41A),
    "mathematical script": _shifted(0x1D4D0, 0x1D4EA),
    "letters in circles": _shifted(0x24B6, 0x24D0),
    "letters in boxes": lambda name: _shifted(0x1F130, 0x1F130)(name),
    "regional letters": lambda name: "\u200c".join(_shifted(0x1F1E6, 0x1F1E6)(name)),
    "small capitals": lambda name: name.translate(_SMALL_CAPITALS),
    "underlined": lambda name: "".join(f"{char}\u0332" if char.isalpha() else char for char in name),
    "many accents": lambda name: "".join(f"{char}\u0301\u0330" if char.isalpha() else char for char in name),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "typographic": lambda name: name.replace("'", "’").replace("-", "‑"),
    "no accents": lambda name: "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)),
}
ENCODINGS: dict[str, Disguise] = {
    "decimal entities": lambda name: "".join(f"&#{ord(char)};" for char in name),
    "hexadecimal entities": lambda name: _every_other(name, lambda char: f"&#x{ord(char):X};"),
    "double entities": lambda name: _every_other(name, lambda char: f"&amp;#{ord(char)};"),
    "percent": lambda name: "".join(f"%{byte:02X}" for byte in name.encode()),
    "percent where needed": lambda name: "".join(
        char if char.isascii() and char.isalnum() else "".join(f"%{b:02X}" for b in char.encode()) for char in name
    ),
}
SETTINGS: dict[str, str] = {
    "praise": "🎉 Bravo: {} (today)",
    "by itself": "{}",
    "possessive": "We love {}'s kite",
    "quotation": 'The prize went to "{}".',
    "in a list": "Winners: Zebedee, {} & friends",
    "file name": "IMG_0412_{}_final.jpg",
    "in brackets": "Our star ({}) shines",
    "line of its own": "Star of the week\n{}\nWell done",
}
STAGES: Sequence[dict[str, Disguise]] = (LETTERS, JOINS, CASES, CHARACTERS, ENCODINGS)


def disguised(name: str, chosen: Sequence[str | None]) -> str:
    """A name under one disguise of each stage (None: none of it)."""
    for stage, which in zip(STAGES, chosen, strict=True):
        if which is not None:
            name = stage[which](name)
    return name
