"""The last look at a file before it may be published: every segment or chunk is one of a few, and nothing is left over.

It trusts nobody, not even the code that wrote the file, and uses no picture library: bytes are walked here.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from vision.errors import ReleaseError

JPEG, PNG = "image/jpeg", "image/png"

_SOS, _APP0, _DQT, _DHT, _SOF0, _SOF2 = 0xDA, 0xE0, 0xDB, 0xC4, 0xC0, 0xC2
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00]")
_JFIF = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"  # version 1.1, square pixels, no preview
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def check(content: bytes, media_type: str, width: int, height: int) -> None:
    """Raise ReleaseError unless this is a JPEG or PNG of this size (pixels) with nothing in it but the picture."""
    if media_type == JPEG:
        _check_jpeg(content, width, height)
    elif media_type == PNG:
        _check_png(content, width, height)
    else:
        raise ReleaseError(f"Only JPEG and PNG are released, not {media_type!r}.")


def _check_jpeg(content: bytes, width: int, height: int) -> None:
    seen: list[int] = []
    for marker, payload in _segments(content):
        if not _segment_is_plain(marker, payload, width, height):
            raise ReleaseError(f"A released JPEG holds a segment that it should not: FF{marker:02X}.")
        if (marker == _APP0) != (not seen):
            raise ReleaseError("A released JPEG does not begin with its one header.")
        seen.append(marker)
    if sum(marker in (_SOF0, _SOF2) for marker in seen) != 1 or _SOS not in seen:
        raise ReleaseError("A released JPEG does not hold exactly one picture.")


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and payload of each segment; raises ReleaseError for anything between, behind or missing."""
    if not content.startswith(b"\xff\xd8"):
        raise ReleaseError("A released JPEG does not start as one.")
    at = 2
    while content[at : at + 2] != b"\xff\xd9":
        if at + 4 > len(content) or content[at] != 0xFF:
            raise ReleaseError("A released JPEG has bytes between its segments, or no end.")
        marker = content[at + 1]
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(content):
            raise ReleaseError("A released JPEG has a segment that is cut short.")
        yield marker, content[at + 4 : end]
        if marker == _SOS:
            found = _MARKER_IN_SCAN.search(content, end)
            end = found.start() if found else len(content)
        at = end
    if at + 2 != len(content):
        raise ReleaseError("A released JPEG has bytes behind its end.")


def _segment_is_plain(marker: int, payload: bytes, width: int, height: int) -> bool:
    """Whether a segment is one that makes up a picture, with not a byte more than it needs (ITU-T T.81, annex B)."""
    if marker == _APP0:
        return payload == _JFIF
    if marker in (_SOF0, _SOF2):
        size = payload[:5] == struct.pack(">BHH", 8, height, width)
        return size and len(payload) == 6 + 3 * payload[5]
    if marker == _SOS:
        return bool(payload) and len(payload) == 4 + 2 * payload[0]
    if marker == _DQT:
        return _filled_by(payload, lambda at: 1 + 64 * (1 + (payload[at] >> 4)))
    if marker == _DHT:
        return _filled_by(payload, lambda at: 17 + sum(payload[at + 1 : at + 17]))
    return False


def _filled_by(payload: bytes, size_at: Callable[[int], int]) -> bool:
    """Whether tables, each of the size that its start tells, fill the payload exactly."""
    at = 0
    while at < len(payload):
        at += size_at(at)
    return at == len(payload) > 0


def _check_png(content: bytes, width: int, height: int) -> None:
    names: list[bytes] = []
    packed: list[bytes] = []
    for name, payload in _chunks(content):
        names.append(name)
        if name == b"IDAT":
            packed.append(payload)
        elif name == b"IHDR" and payload != struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0):
            raise ReleaseError("A released PNG is of another size or kind than was looked at.")
        elif name == b"IEND" and payload:
            raise ReleaseError("A released PNG has something in its end.")
    if names != [b"IHDR", *[b"IDAT"] * len(packed), b"IEND"] or not packed:
        raise ReleaseError("A released PNG holds a chunk that it should not.")
    _check_pixels(b"".join(packed), height * (1 + 3 * width))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and payload of each chunk; raises ReleaseError for anything behind the end, damaged or missing."""
    if not content.startswith(_PNG_SIGNATURE):
        raise ReleaseError("A released PNG does not start as one.")
    at = len(_PNG_SIGNATURE)
    name = b""
    while at < len(content) and name != b"IEND":
        length = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        payload = content[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(content) or content[at - 4 : at] != struct.pack(">I", zlib.crc32(name + payload)):
            raise ReleaseError("A released PNG has a chunk that is cut short or damaged.")
        yield name, payload
    if at != len(content):
        raise ReleaseError("A released PNG has bytes behind its end.")


def _check_pixels(packed: bytes, size: int) -> None:
    """Raise ReleaseError unless the compressed rows are these and nothing more."""
    unpacker = zlib.decompressobj()
    try:
        rows = unpacker.decompress(packed, size + 1)
    except zlib.error as error:
        raise ReleaseError("A released PNG has damaged pixels.") from error
    if len(rows) != size or not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise ReleaseError("A released PNG has more or less in it than its pixels.")
