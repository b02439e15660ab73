"""How text was looked for in a picture, in sentences: no reading proves that there is nothing to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOT_LOOKED_FOR = "Text was not looked for in this picture."
NO_TEXT = "We found no text. Blurred, faint and handwritten words are missed most: look yourself."


def tried(found: Mapping[str, Any]) -> tuple[str, ...]:
    """What is told of one picture, by its findings as JSON; nothing where they do not say how it was read.

    Places that could not be read are a notice of their own (`unread_words`).
    """
    if "text_search" not in found:
        return ()
    search = found["text_search"]
    if search is None:
        return (NOT_LOOKED_FOR,)
    where = ["in the whole picture"]
    where += [f"in {_count(search['closer'], 'place')} at full size"] if search["closer"] else []
    where += ["round each face"] if found.get("faces") else []
    by = f" by {_joined(search['readers'])}" if search["readers"] else ""
    again = search["again"]
    sentences = [f"Text was read{by} {_joined(where)}."]
    sentences += [f"{_count(again, 'line')} {'was' if again == 1 else 'were'} read a second time."] if again else []
    sentences += [] if found.get("texts") else [NO_TEXT]
    return tuple(sentences)


def unread_words(places: int) -> str:
    """ "2 places look like writing that could not be read: look at them yourself.\""""
    looks, them = ("looks", "it") if places == 1 else ("look", "them")
    return f"{_count(places, 'place')} {looks} like writing that could not be read: look at {them} yourself."


def _count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
