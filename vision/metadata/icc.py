"""What a colour profile says in words: its description and its maker's notice."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import decoded, item

_WORDS = {b"desc": "description", b"cprt": "copyright", b"dmnd": "maker", b"dmdd": "model"}


def icc_items(profile: bytes) -> Iterator[MetadataItem]:
    """The words in the tag table of a profile (ICC.1:2010, 7.3); raises struct.error where it breaks off.

    They are of kind OTHER, the copyright too: it is the profile maker's, not the photographer's.
    """
    (count,) = struct.unpack_from(">I", profile, 128)
    for entry in range(min(count, 100)):
        name, start, length = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        if name in _WORDS:
            yield item(MetadataKind.OTHER, f"ICC {_WORDS[name]}", _words(profile[start : start + length]))


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
