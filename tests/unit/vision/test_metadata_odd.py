"""What is written in odd places of a file is found too: blocks inside blocks, makers' notes, film boxes, profiles."""

from __future__ import annotations

import struct

import pytest

from tests.unit.vision.test_metadata import (
    K,
    bag,
    chunk,
    exif_block,
    found,
    kinds,
    saved,
    segment,
    with_chunks,
    with_segments,
    xmp,
)
from vision.findings import MetadataItem, MetadataKind


def resource(number: int, payload: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(payload)) + payload + bytes(len(payload) % 2)


def own_profile(text: str, behind: bytes = b"") -> bytes:
    tag = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text.encode()
    start = struct.pack(">I", 144 + len(tag)) + bytes(124)
    return start + struct.pack(">I4sII", 1, b"desc", 144, len(tag)) + tag + behind


def box(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", 8 + len(payload)) + name + payload


ITEM = b"\x02\x00\x00\x00\x00\x01\x00\x00hvc1"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            with_segments(segment(0xED, b"Photoshop 3.0\x00" + resource(0x0424, xmp(bag("e:PersonInImage", "Orla"))))),
            (K.NAME, "XMP PersonInImage", "Orla"),
            id="xmp-in-photoshop",
        ),
        pytest.param(
            with_segments(segment(0xED, b"Photoshop 3.0\x00" + resource(0x0422, exif_block({0x013B: "Orla Quist"})))),
            (K.NAME, "EXIF Artist", "Orla Quist"),
            id="exif-in-photoshop",
        ),
        pytest.param(
            saved("JPEG", exif=exif_block({0x02BC: xmp(bag("e:PersonInImage", "Orla"))})),
            (K.NAME, "XMP PersonInImage", "Orla"),
            id="xmp-in-exif",
        ),
        pytest.param(
            saved("JPEG", exif=exif_block({0x8649: resource(0x0404, b"\x1c\x02\x50\x00\x04Orla")})),
            (K.NAME, "IPTC By-line", "Orla"),
            id="iptc-in-exif",
        ),
        pytest.param(
            saved("JPEG", exif=exif_block({}, {0x8769: {0x927C: b"\x00\x01BCK1234567\x00\x02"}})),
            (K.SERIAL, "EXIF MakerNote", "BCK1234567"),
            id="serial-number-in-a-makers-note",
        ),
        pytest.param(
            saved("JPEG", exif=exif_block({}, {0x8769: {0x927C: b"\x00\x01\xff\x00Orla Quist\x00"}})),
            (K.OTHER, "EXIF MakerNote, words", "Orla Quist"),
            id="owner-in-a-makers-note",
        ),
        pytest.param(
            saved("JPEG", exif=exif_block({0xC001: b"\x00\x01Orla Quist"})),
            (K.OTHER, "EXIF tag C001", "Orla Quist"),
            id="words-in-unknown-bytes",
        ),
        pytest.param(
            saved("JPEG", icc_profile=own_profile("Orla")),
            (K.CAPTION, "ICC description", "Orla"),
            id="name-in-a-profile",
        ),
        pytest.param(
            saved("JPEG", icc_profile=own_profile("sRGB by Orla")),
            (K.OTHER, "ICC description", "sRGB by Orla"),
            id="a-usual-profile",
        ),
        pytest.param(
            saved("JPEG", icc_profile=own_profile("sRGB", b"\x00Orla Quist")),
            (K.CAPTION, "ICC behind the profile", "Orla Quist"),
            id="words-behind-a-profile",
        ),
        pytest.param(
            saved("JPEG") + saved("JPEG", exif=exif_block({0x013B: "Orla Quist"})),
            (K.NAME, "EXIF Artist", "Orla Quist"),
            id="exif-of-a-picture-behind-the-end",
        ),
        pytest.param(
            saved("JPEG") + box(b"ftyp", b"mp42" + bytes(8)),
            (K.TRAILING, "after the end of the picture", "20 bytes, which look like a video (a motion photo's, say)"),
            id="video-behind-the-end",
        ),
        pytest.param(
            saved("JPEG") + box(b"ftyp", b"heic" + bytes(8)),
            (K.TRAILING, "after the end of the picture", "20 bytes, which look like another picture"),
            id="heic-behind-the-end",
        ),
        pytest.param(
            with_chunks(chunk(b"tEXt", b"Writer\x00Orla")), (K.NAME, "PNG tEXt Writer", "Orla"), id="png-writer"
        ),
        pytest.param(
            with_chunks(chunk(b"tEXt", b"Credit\x00Quist")), (K.COPYRIGHT, "PNG tEXt Credit", "Quist"), id="png-credit"
        ),
        pytest.param(
            with_chunks(chunk(b"tEXt", b"Thumb::URI\x00file:///home/orla/a.png")),
            (K.CAPTION, "PNG tEXt Thumb::URI", "Thumb::URI: file:///home/orla/a.png"),
            id="path-of-a-preview",
        ),
        pytest.param(
            with_chunks(chunk(b"prVt", b"\xff\x00\x01" + "Orla".encode("utf-16-le"))),
            (K.OTHER, "PNG prVt", "Orla"),
            id="wide-letters-in-an-unknown-chunk",
        ),
        pytest.param(
            with_segments(segment(0xFE, b"Pond at 51.50083, -0.12194 today")),
            (K.GPS, "JPEG comment", "51.50083, -0.12194"),
            id="place-in-a-comment",
        ),
        pytest.param(
            with_segments(segment(0xFE, "51\u00b030\u20323\u2033N".encode())),
            (K.GPS, "JPEG comment", "51\u00b030\u20323\u2033N"),
            id="place-in-degrees",
        ),
        pytest.param(
            saved("AVIF") + box(b"meta", bytes(4) + box(b"iinf", bytes(6) + box(b"infe", ITEM + b"Orla Quist\x00"))),
            (K.CAPTION, "HEIF item", "Orla Quist"),
            id="name-of-an-item",
        ),
        pytest.param(
            saved("AVIF") + box(b"moov", box(b"udta", box(b"\xa9nam", b"\x00\x04\x00\x00Orla Quist"))),
            (K.CAPTION, "HEIF \xa9nam", "Orla Quist"),
            id="title-of-a-film",
        ),
    ],
)
def test_what_stands_in_odd_places_is_found(content: bytes, expected: tuple[MetadataKind, str, str]) -> None:
    assert MetadataItem(*expected) in found(content)


@pytest.mark.parametrize("said", ["0.12345, 0.54321, 0.11111, 0.22222", "91.50000, 10.00000", "Room 12.5, table 3.25"])
def test_numbers_that_are_no_place_are_not_taken_for_one(said: str) -> None:
    assert K.GPS not in {piece.kind for piece in found(with_segments(segment(0xFE, said.encode())))}


@pytest.mark.parametrize(
    ("called", "kind"),
    [
        ("own:PupilName", K.NAME),
        ("own:CiEmailWork", K.NAME),
        ("own:LicensorName", K.COPYRIGHT),
        ("own:CameraSerial", K.SERIAL),
        ("own:Latitude", K.GPS),
        ("own:MyCaption", K.CAPTION),
        ("own:CreatorTool", K.OTHER),
    ],
)
def test_a_property_of_an_unknown_schema_is_known_by_what_it_is_called(called: str, kind: MetadataKind) -> None:
    packet = xmp(f"<{called}>Orla 5</{called}>")
    assert (kind, f"XMP {called[4:]}") in kinds(
        with_segments(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet))
    )


def test_an_address_that_is_an_attribute_is_found() -> None:
    packet = xmp('<s:WebStatement rdf:resource="https://orla.example/me"/>')
    said = kinds(with_segments(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet)))
    assert said[K.COPYRIGHT, "XMP WebStatement"] == "https://orla.example/me"
