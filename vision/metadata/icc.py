"""What a colour profile says in words: its description and its maker's notice."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import decoded, item, words_in

_WORDS = {b"desc": "description", b"cprt": "copyright", b"dmnd": "maker", b"dmdd": "model", b"vued": "viewing"}
# Words of the profiles that cameras, printers and programs carry; without any of them somebody wrote this himself.
_USUAL = re.compile(
    r"rgb|cmyk|gr[ae]y|gamma|colou?r|profile|icc|iec|display|monitor|lcd|coated|dot gain|p3|rec\.|bt\.|swop|fogra|"
    r"copyright|\(c\)|\bcc0\b|public domain|license|adobe|apple|hewlett|microsoft|google|kodak|nikon|canon|sony|lab\b",
    re.IGNORECASE,
)


def icc_items(profile: bytes) -> Iterator[MetadataItem]:
    """The words in the tag table of a profile (ICC.1:2010, 7.3); raises struct.error where it breaks off.

    The usual ones are of kind OTHER, the copyright too: it is the profile maker's, not the photographer's.
    """
    (count,) = struct.unpack_from(">I", profile, 128)
    for entry in range(min(count, 100)):
        name, start, length = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        if name in _WORDS:
            text = _words(profile[start : start + length])
            kind = MetadataKind.OTHER if _USUAL.search(text) or not text.strip("\x00 ") else MetadataKind.CAPTION
            yield item(kind, f"ICC {_WORDS[name]}", text)
    behind = profile[int.from_bytes(profile[:4], "big") :]
    if len(behind) < len(profile) and (text := words_in(behind)):
        yield item(MetadataKind.CAPTION, "ICC behind the profile", text)


def _words(tag: bytes) -> str:
    if tag.startswith(b"mluc"):
        count, size = struct.unpack_from(">II", tag, 8)
        found = []
        for record in range(min(count, 50)):
            length, start = struct.unpack_from(">II", tag, 16 + record * size + 4)
            found.append(tag[start : start + length].decode("utf-16-be", "replace"))
        return " / ".join(dict.fromkeys(found))
    if tag.startswith(b"desc"):
        (length,) = struct.unpack_from(">I", tag, 8)
        return decoded(tag[12 : 12 + length])
    return decoded(tag[8:])
