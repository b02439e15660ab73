"""Metadata blocks of a JPEG file: its segments, and what follows its end."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import MOST_UNPACKED, decoded, words_in

_EXIF = b"Exif\x00\x00"
_TIFF = (b"II*\x00", b"MM\x00*")
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"
_RESOURCE = (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR", b"\x1c")
_MORE_PICTURES = 4  # behind the first whose metadata is read
_ICC = b"ICC_PROFILE\x00"
_HARMLESS = (b"Adobe\x00", b"Adobe", b"JFIF\x00")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # in a scan: neither a stuffed byte, a restart nor padding
_SOS, _EOI, _COMMENT = 0xDA, 0xD9, 0xFE


def walk(content: bytes, blocks: Blocks) -> None:
    """Collect the blocks of a JPEG and of the pictures behind it; a multi-picture file counts its pictures."""
    blocks.frames = 1
    end = _picture(content, blocks)
    if end is not None:
        blocks.trailing(content, end)
    for _ in range(_MORE_PICTURES):
        start = -1 if end is None else content.find(b"\xff\xd8\xff", end)
        if start < 0:
            break
        content = content[start:]
        end = _picture(content, blocks)


def _picture(content: bytes, blocks: Blocks) -> int | None:
    """Collect the blocks of the picture that these bytes begin with; returns where it ends, None where it does not."""
    ending: int | None = None
    more_xmp: list[bytes] = []
    icc: list[bytes] = []
    for marker, payload, end in _segments(content):
        if marker == _EOI:
            ending = end
        elif marker == _COMMENT:
            blocks.say(MetadataKind.CAPTION, "JPEG comment", decoded(payload))
        elif 0xE0 <= marker <= 0xEF:
            _application(blocks, marker, payload, more_xmp, icc)
    if icc:
        blocks.icc.append(b"".join(icc)[:MOST_UNPACKED])
    if more_xmp:
        blocks.xmp.append(_joined(more_xmp))
    return ending


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Each segment's marker, payload and end, up to the end of the picture."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            at = _after_scan(content, at)
            continue
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker == _EOI:
            yield marker, b"", at + 2
            return
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:  # no payload
            at += 2
        else:
            end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            yield marker, content[at + 4 : end], end
            at = _after_scan(content, end) if marker == _SOS else max(end, at + 4)
    if content[at : at + 2] == b"\xff\xd9":
        yield _EOI, b"", at + 2


def _after_scan(content: bytes, at: int) -> int:
    found = _NEXT_MARKER.search(content, at)
    return found.start() if found else len(content)


def _application(blocks: Blocks, marker: int, payload: bytes, more_xmp: list[bytes], icc: list[bytes]) -> None:
    if payload.startswith(_EXIF):
        block = payload[len(_EXIF) :]
        if blocks.exif and not block.startswith(_TIFF):  # a long block goes on in the next segment
            blocks.exif[-1] += block
        else:
            blocks.exif.append(block)
    elif payload.startswith(_XMP):
        blocks.xmp.append(payload[len(_XMP) :])
    elif payload.startswith(_XMP_MORE):
        more_xmp.append(payload[len(_XMP_MORE) :])
    elif payload.startswith(_PHOTOSHOP):
        block = payload[len(_PHOTOSHOP) :]
        if blocks.photoshop and not block.startswith(_RESOURCE):  # a long block goes on in the next segment
            blocks.photoshop[-1] += block
        else:
            blocks.photoshop.append(block)
    elif payload.startswith(_ICC):
        icc.append(payload[len(_ICC) + 2 :])
    elif payload.startswith(b"MPF\x00"):
        blocks.frames = max(blocks.frames, _pictures_in(payload[4:]))
    elif payload.startswith(b"JFXX\x00") or (payload.startswith(b"JFIF\x00") and any(payload[12:14])):
        blocks.say(MetadataKind.THUMBNAIL, "JPEG header", "an embedded preview")
    elif not payload.startswith(_HARMLESS):
        blocks.say(MetadataKind.OTHER, f"JPEG APP{marker - 0xE0}", _readable(payload))


def _readable(payload: bytes) -> str:
    return words_in(payload) or f"{len(payload):,} bytes"


def _joined(parts: list[bytes]) -> bytes:
    """Extended XMP: each part has a 32-digit id, the full length, its offset (Adobe XMP part 3, 1.1.3.1)."""
    placed = sorted((struct.unpack(">I", part[36:40])[0], part[40:]) for part in parts if len(part) > 40)
    whole = b"".join(part for _, part in placed)
    return whole[:MOST_UNPACKED]


def _pictures_in(index: bytes) -> int:
    """The number of pictures by the multi-picture index (CIPA DC-007, tag B001); 2 where it cannot be read."""
    try:
        order = "<" if index.startswith(b"II") else ">"
        (start,) = struct.unpack_from(order + "I", index, 4)
        (count,) = struct.unpack_from(order + "H", index, start)
        for entry in range(min(count, 50)):
            tag, _, _, value = struct.unpack_from(order + "HHII", index, start + 2 + 12 * entry)
            if tag == 0xB001:
                return int(value)
    except struct.error:
        pass
    return 2
