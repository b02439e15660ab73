"""What an EXIF block says. Tags by Exif 3.0 (CIPA DC-008) and Microsoft's XP tags."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image
from PIL.ExifTags import IFD

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import decoded, item, words_in

_NAMED: dict[int, tuple[MetadataKind, str]] = {
    0x010D: (MetadataKind.CAPTION, "DocumentName"),
    0x010E: (MetadataKind.CAPTION, "ImageDescription"),
    0x0131: (MetadataKind.OTHER, "Software"),
    0x0132: (MetadataKind.DATE, "DateTime"),
    0x013B: (MetadataKind.NAME, "Artist"),
    0x013C: (MetadataKind.OTHER, "HostComputer"),
    0x8298: (MetadataKind.COPYRIGHT, "Copyright"),
    0x9003: (MetadataKind.DATE, "DateTimeOriginal"),
    0x9004: (MetadataKind.DATE, "DateTimeDigitized"),
    0x9286: (MetadataKind.CAPTION, "UserComment"),
    0x9C9B: (MetadataKind.CAPTION, "XPTitle"),
    0x9C9C: (MetadataKind.CAPTION, "XPComment"),
    0x9C9D: (MetadataKind.NAME, "XPAuthor"),
    0x9C9E: (MetadataKind.CAPTION, "XPKeywords"),
    0x9C9F: (MetadataKind.CAPTION, "XPSubject"),
    0xA420: (MetadataKind.SERIAL, "ImageUniqueID"),
    0xA430: (MetadataKind.NAME, "CameraOwnerName"),
    0xA431: (MetadataKind.SERIAL, "BodySerialNumber"),
    0xA435: (MetadataKind.SERIAL, "LensSerialNumber"),
    0xA436: (MetadataKind.CAPTION, "ImageTitle"),
    0xA437: (MetadataKind.NAME, "Photographer"),
    0xA438: (MetadataKind.NAME, "ImageEditor"),
    0xC62F: (MetadataKind.SERIAL, "CameraSerialNumber"),
}
_XP = range(0x9C9B, 0x9CA0)
_USER_COMMENT, _MAKER_NOTE, _PREVIEW = 0x9286, 0x927C, 0x0201
NESTED = {0x02BC, 0x83BB, 0x8649, 0x8773}  # XMP, IPTC, Photoshop and a colour profile, as TIFF keeps them
_SERIAL = re.compile(r"\b(?=[A-Z0-9]*\d{5})[A-Z0-9]{7,24}\b")
_MOST_SERIALS = 5
_SAYS_SOMETHING = re.compile(r"[^\W\d_]{4,}")
_IFD_POINTERS = {IFD.Exif, IFD.GPSInfo, IFD.Interop}
# Make, model, sizes, versions and settings of the camera: no words about anybody.
_DULL = {
    0x010F,
    0x0110,
    0x9000,
    0x9101,
    0xA000,
    0xA300,
    0xA301,
    0xA302,
    0xA433,
    0x9290,
    0x9291,
    0x9292,
    0xA434,
    0xC4A5,
    0xEA1C,
}
_GPS_WORDS = {0x1B: "GPSProcessingMethod", 0x1C: "GPSAreaInformation", 0x1D: "GPSDateStamp", 0x12: "GPSMapDatum"}


def exif_items(block: bytes) -> Iterator[MetadataItem]:
    """What an EXIF block (with or without its "Exif" mark) says; raises whatever Pillow does where it is damaged."""
    exif = Image.Exif()
    exif.load(block)
    yield from _gps(exif.get_ifd(IFD.GPSInfo))
    yield from _tags(exif)
    yield from _tags(exif.get_ifd(IFD.Exif))
    preview = exif.get_ifd(IFD.IFD1)
    if _PREVIEW in preview or 0x0111 in preview:
        size = preview.get(0x0202)
        yield item(MetadataKind.THUMBNAIL, "EXIF thumbnail", f"{size:,} bytes" if isinstance(size, int) else "present")
        yield from _tags(preview)


def _tags(tags: Mapping[int, Any]) -> Iterator[MetadataItem]:
    for tag, value in tags.items():
        if tag == _MAKER_NOTE:
            size = len(value) if isinstance(value, bytes) else 0
            yield item(MetadataKind.OTHER, "EXIF MakerNote", f"{size:,} bytes of the camera's own notes")
            yield from _maker_note(value)
        elif tag in _NAMED:
            kind, name = _NAMED[tag]
            if text := _text(tag, value):
                yield item(kind, f"EXIF {name}", text)
        elif isinstance(value, str) and tag not in _DULL and tag not in _IFD_POINTERS and _text(tag, value):
            yield item(MetadataKind.OTHER, f"EXIF tag {tag:04X}", _text(tag, value))
        elif isinstance(value, bytes) and tag not in _DULL | NESTED and _SAYS_SOMETHING.search(words_in(value)):
            yield item(MetadataKind.OTHER, f"EXIF tag {tag:04X}", words_in(value))


def _maker_note(value: object) -> Iterator[MetadataItem]:
    """Each maker writes them in his own way: what looks like a serial number is taken for one, words are shown."""
    words = words_in(value) if isinstance(value, bytes) else ""
    serials = list(dict.fromkeys(_SERIAL.findall(words)))[:_MOST_SERIALS]
    if serials:
        yield item(MetadataKind.SERIAL, "EXIF MakerNote", ", ".join(serials))
    said = " ".join(word for word in words.split() if _SAYS_SOMETHING.search(word))
    if said:
        yield item(MetadataKind.OTHER, "EXIF MakerNote, words", said)


def _text(tag: int, value: object) -> str:
    if isinstance(value, tuple) and value and all(isinstance(part, int) and 0 <= part < 256 for part in value):
        value = bytes(value)
    if isinstance(value, bytes):
        if tag in _XP:
            return value.decode("utf-16-le", "replace").strip("\x00 ")
        return (_user_comment(value) if tag == _USER_COMMENT else decoded(value)).strip("\x00 ")
    if isinstance(value, str):
        return _mended(value).strip("\x00 ")
    return "" if value is None else str(value)


def _user_comment(value: bytes) -> str:
    """Eight bytes name the character set, the comment follows (Exif 3.0, UserComment)."""
    mark, comment = value[:8], value[8:]
    if mark.startswith(b"UNICODE"):
        # Writers differ in the byte order: a zero comes first where Latin letters have their high byte first.
        return comment.decode("utf-16-be" if comment.startswith(b"\x00") else "utf-16-le", "replace")
    if mark.startswith(b"JIS"):
        return comment.decode("iso2022_jp", "replace")
    if mark.strip(b"\x00") in (b"ASCII", b""):
        return decoded(comment)
    return decoded(value)


def _mended(text: str) -> str:
    """Pillow reads every string as Latin-1; most writers mean UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _gps(tags: Mapping[int, Any]) -> Iterator[MetadataItem]:
    if not tags:
        return
    place = " ".join(part for part in (_degrees(tags.get(2), tags.get(1)), _degrees(tags.get(4), tags.get(3))) if part)
    yield item(MetadataKind.GPS, "EXIF GPSInfo", place or "present")
    for tag, name in _GPS_WORDS.items():
        value = tags.get(tag)
        if isinstance(value, bytes):
            value = _user_comment(value)
        if isinstance(value, str) and value.strip("\x00 "):
            yield item(MetadataKind.GPS, f"EXIF {name}", value.strip("\x00 "))


def _degrees(value: object, side: object) -> str:
    """Degrees, minutes and seconds as "51.50083 N"."""
    if not isinstance(value, tuple) or len(value) != 3:
        return ""
    try:
        whole = sum(float(part) / 60**power for power, part in enumerate(value))
    except (TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"{whole:.5f} {side if isinstance(side, str) else ''}".strip() if math.isfinite(whole) else ""
