"""Photoshop's image resources and the IPTC-IIM records in them."""

from __future__ import annotations

from collections.abc import Iterator

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import decoded, item, words_in

_RECORDS, _COPYRIGHT_FLAG, _URL = 0x0404, 0x040A, 0x040B
_THUMBNAILS = (0x0409, 0x040C)
_CAPTION, _SLICES = 0x03F0, 0x041A
_UTF8 = b"\x1b%G"

# IPTC-NAA Information Interchange Model 4.2, record 2
_DATASETS: dict[int, tuple[MetadataKind, str]] = {
    5: (MetadataKind.CAPTION, "ObjectName"),
    15: (MetadataKind.CAPTION, "Category"),
    20: (MetadataKind.CAPTION, "SupplementalCategories"),
    25: (MetadataKind.CAPTION, "Keywords"),
    26: (MetadataKind.GPS, "ContentLocationCode"),
    27: (MetadataKind.GPS, "ContentLocationName"),
    40: (MetadataKind.CAPTION, "SpecialInstructions"),
    55: (MetadataKind.DATE, "DateCreated"),
    60: (MetadataKind.DATE, "TimeCreated"),
    62: (MetadataKind.DATE, "DigitalCreationDate"),
    63: (MetadataKind.DATE, "DigitalCreationTime"),
    80: (MetadataKind.NAME, "By-line"),
    85: (MetadataKind.CAPTION, "By-lineTitle"),
    90: (MetadataKind.GPS, "City"),
    92: (MetadataKind.GPS, "Sub-location"),
    95: (MetadataKind.GPS, "Province-State"),
    101: (MetadataKind.GPS, "Country"),
    105: (MetadataKind.CAPTION, "Headline"),
    110: (MetadataKind.COPYRIGHT, "Credit"),
    115: (MetadataKind.COPYRIGHT, "Source"),
    116: (MetadataKind.COPYRIGHT, "CopyrightNotice"),
    118: (MetadataKind.NAME, "Contact"),
    120: (MetadataKind.CAPTION, "Caption-Abstract"),
    122: (MetadataKind.NAME, "Writer-Editor"),
}
_NO_WORDS = {0, 3, 4, 7, 8, 10, 100, 130, 131, 135, 200, 201, 202}  # versions, codes, the preview's bytes


def photoshop_items(block: bytes) -> Iterator[MetadataItem]:
    """What image resources (or bare IPTC records) say."""
    if block.startswith(b"\x1c"):
        yield from _records(block)
        return
    for number, payload in resources(block):
        if number == _RECORDS:
            yield from _records(payload)
        elif number in _THUMBNAILS:
            yield item(MetadataKind.THUMBNAIL, "Photoshop preview", f"{len(payload):,} bytes")
        elif number == _CAPTION and (text := words_in(payload)):
            yield item(MetadataKind.CAPTION, "Photoshop caption", text)
        elif number == _SLICES and (text := words_in(payload)):
            yield item(MetadataKind.OTHER, "Photoshop slices", text)
        elif number == _URL and payload.strip(b"\x00"):
            yield item(MetadataKind.OTHER, "Photoshop URL", decoded(payload))


def resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each resource: "8BIM", number, padded Pascal name, length, padded content."""
    at = 0
    while block[at : at + 4] in (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"):
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        at += 6
        name = block[at] if at < len(block) else 0
        at += (name + 2) // 2 * 2
        length = int.from_bytes(block[at : at + 4], "big")
        yield number, block[at + 4 : at + 4 + length]
        at += 4 + length + length % 2


def _records(block: bytes) -> Iterator[MetadataItem]:
    """Datasets: 1C, record, number, length in 2 bytes (its top bit set: in that many further bytes), content."""
    at = 0
    utf8 = False
    while at + 5 <= len(block) and block[at] == 0x1C:
        record, number = block[at + 1], block[at + 2]
        length = int.from_bytes(block[at + 3 : at + 5], "big")
        at += 5
        if length & 0x8000:
            wide = min(length & 0x7FFF, 4)
            length = int.from_bytes(block[at : at + wide], "big")
            at += wide
        payload = block[at : at + length]
        at += length
        if (record, number) == (1, 90):
            utf8 = payload.startswith(_UTF8)
        elif record == 2 and number not in _NO_WORDS and payload.strip(b"\x00 "):
            kind, name = _DATASETS.get(number, (MetadataKind.OTHER, f"2:{number}"))
            text = payload.decode("utf-8", "replace") if utf8 else decoded(payload)
            yield item(kind, f"IPTC {name}", text)
