"""What a file says beside its pixels comes out as text, by kind; nothing it holds can make the reader fail."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from vision.findings import MetadataItem, MetadataKind
from vision.images import Format, Picture, decode
from vision.metadata import MOST_ITEMS, UNREADABLE, read

K = MetadataKind
pillow_heif.register_heif_opener()  # so that the tests can write HEIC

XMP = """<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about=''
  xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'
  xmlns:m='http://www.metadataworkinggroup.com/schemas/regions/' xmlns:p='http://ns.microsoft.com/photo/1.2/t/Region#'
  xmlns:s='http://ns.adobe.com/photoshop/1.0/' xmlns:x2='http://ns.adobe.com/exif/1.0/' xmlns:a='http://ns.adobe.com/aux/'
  xmlns:g='http://ns.adobe.com/xap/1.0/g/img/' xmlns:own='http://example.invalid/own/'
  s:City='Sandford' x2:GPSLatitude='51,30.0N' a:SerialNumber='SN-77'>
{body}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>"""


def bag(prefix_and_name: str, *values: str) -> str:
    rows = "".join(f"<rdf:li>{value}</rdf:li>" for value in values)
    return f"<{prefix_and_name}><rdf:Bag>{rows}</rdf:Bag></{prefix_and_name}>"


def xmp(body: str = "") -> bytes:
    return XMP.format(body=body).encode()


def canvas(size: tuple[int, int] = (16, 12)) -> Image.Image:
    return Image.new("RGB", size, (90, 120, 60))


def saved(kind: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    (picture or canvas()).save(out, kind, **options)
    return out.getvalue()


def found(content: bytes) -> tuple[MetadataItem, ...]:
    return read(content, decode(content))


def kinds(content: bytes) -> dict[tuple[MetadataKind, str], str]:
    return {(piece.kind, piece.where): piece.text for piece in found(content)}


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def with_segments(*segments: bytes) -> bytes:
    plain = saved("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def with_chunks(*chunks: bytes) -> bytes:
    plain = saved("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def exif_block(tags: dict[int, Any], ifds: dict[int, dict[int, Any]] | None = None) -> bytes:
    block = Image.Exif()
    block.update(tags)
    for pointer, values in (ifds or {}).items():
        block.get_ifd(pointer).update(values)
    return block.tobytes()


def iptc(*records: tuple[int, int, bytes]) -> bytes:
    body = b"".join(struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in records)
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\x00\x00" + struct.pack(">I", len(body)) + body
    return b"Photoshop 3.0\x00" + resource + bytes(len(body) % 2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_a_picture_with_nothing_beside_its_pixels_says_nothing(kind: str) -> None:
    assert found(saved(kind)) == ()


@pytest.mark.parametrize(
    ("tags", "ifds", "expected"),
    [
        pytest.param({0x013B: "Orla Quist"}, {}, (K.NAME, "EXIF Artist", "Orla Quist"), id="artist"),
        pytest.param({0x010E: "Sports day"}, {}, (K.CAPTION, "EXIF ImageDescription", "Sports day"), id="description"),
        pytest.param({0x8298: "(c) Quist"}, {}, (K.COPYRIGHT, "EXIF Copyright", "(c) Quist"), id="copyright"),
        pytest.param(
            {0x9C9D: "Orla Quist".encode("utf-16-le")}, {}, (K.NAME, "EXIF XPAuthor", "Orla Quist"), id="xp-author"
        ),
        pytest.param(
            {},
            {0x8769: {0x9003: "2026:05:04 10:11:12"}},
            (K.DATE, "EXIF DateTimeOriginal", "2026:05:04 10:11:12"),
            id="date",
        ),
        pytest.param({}, {0x8769: {0xA431: "B-1234"}}, (K.SERIAL, "EXIF BodySerialNumber", "B-1234"), id="serial"),
        pytest.param({}, {0x8769: {0xA430: "Orla"}}, (K.NAME, "EXIF CameraOwnerName", "Orla"), id="owner"),
        pytest.param(
            {}, {0x8769: {0x9286: b"ASCII\x00\x00\x00Year 4"}}, (K.CAPTION, "EXIF UserComment", "Year 4"), id="comment"
        ),
        pytest.param(
            {},
            {0x8769: {0x9286: b"UNICODE\x00" + "Zoë".encode("utf-16-le")}},
            (K.CAPTION, "EXIF UserComment", "Zoë"),
            id="comment-utf-16",
        ),
        pytest.param(
            {},
            {0x8769: {0x927C: bytes(30)}},
            (K.OTHER, "EXIF MakerNote", "30 bytes of the camera's own notes"),
            id="maker-note",
        ),
        pytest.param(
            {},
            {0x8825: {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 30.0)}},
            (K.GPS, "EXIF GPSInfo", "51.50000 N 0.12500 W"),
            id="gps",
        ),
        pytest.param({}, {0x8825: {1: "N"}}, (K.GPS, "EXIF GPSInfo", "present"), id="gps-without-a-place"),
        pytest.param({0xC000: "Orla was here"}, {}, (K.OTHER, "EXIF tag C000", "Orla was here"), id="unknown-tag"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_exif_is_read_in_every_format(
    kind: str, tags: dict[int, Any], ifds: dict[int, dict[int, Any]], expected: tuple[MetadataKind, str, str]
) -> None:
    assert MetadataItem(*expected) in found(saved(kind, exif=exif_block(tags, ifds)))


def test_exif_in_utf_8_keeps_its_letters() -> None:
    block = exif_block({0x013B: "Zo?"}).replace(b"Zo?\x00", "Zoë".encode())
    assert (K.NAME, "EXIF Artist") in kinds(saved("JPEG", exif=block))
    assert kinds(saved("JPEG", exif=block))[K.NAME, "EXIF Artist"] == "Zoë"


def test_an_embedded_preview_is_named() -> None:
    block = Image.Exif()
    block[0x0112] = 1
    raw = block.tobytes()
    # A second directory, by hand: compression JPEG, preview at 60, 4 bytes long (Exif 3.0, 4.5.6).
    second = struct.pack(">HHHIIHHIIHHIII", 3, 0x0103, 3, 1, 6 << 16, 0x0201, 4, 1, 60, 0x0202, 4, 1, 4, 0)
    raw = raw[:6] + raw[6:][:10] + raw[16:28] + struct.pack(">I", 26) + second + bytes(20)
    assert (K.THUMBNAIL, "EXIF thumbnail") in kinds(saved("JPEG", exif=raw))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            bag("e:PersonInImage", "Orla Quist", "Ben Ode"), (K.NAME, "XMP PersonInImage"), id="person-in-image"
        ),
        pytest.param(
            "<m:Regions><rdf:Bag><rdf:li m:Name='Orla Quist' m:Type='Face'/></rdf:Bag></m:Regions>",
            (K.NAME, "XMP Name"),
            id="mwg-region",
        ),
        pytest.param(
            "<p:Regions><rdf:Bag><rdf:li p:PersonDisplayName='Orla Quist'/></rdf:Bag></p:Regions>",
            (K.NAME, "XMP PersonDisplayName"),
            id="microsoft-region",
        ),
        pytest.param(bag("dc:creator", "Orla Quist"), (K.NAME, "XMP creator"), id="creator"),
        pytest.param(bag("dc:title", "Orla Quist wins"), (K.CAPTION, "XMP title"), id="title"),
        pytest.param(bag("dc:subject", "Orla Quist"), (K.CAPTION, "XMP subject"), id="keywords"),
        pytest.param(bag("dc:rights", "Orla Quist"), (K.COPYRIGHT, "XMP rights"), id="rights"),
        pytest.param("<own:Whatever>Orla Quist</own:Whatever>", (K.OTHER, "XMP Whatever"), id="unknown-property"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_xmp_is_read_in_every_format(kind: str, body: str, expected: tuple[MetadataKind, str]) -> None:
    said = kinds(saved_with_xmp(kind, xmp(body)))
    assert "Orla Quist" in said[expected] or "Ben Ode" in said[expected]
    assert said[K.GPS, "XMP City"] == "Sandford"
    assert said[K.GPS, "XMP GPSLatitude"] == "51,30.0N"
    assert said[K.SERIAL, "XMP SerialNumber"] == "SN-77"


def saved_with_xmp(kind: str, packet: bytes) -> bytes:
    if kind == "PNG":
        return with_chunks(chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + packet))
    return saved(kind, xmp=packet)


def test_every_person_of_a_list_is_read() -> None:
    said = found(saved("JPEG", xmp=xmp(bag("e:PersonInImage", "Orla Quist", "Ben Ode"))))
    assert [piece.text for piece in said if piece.kind is K.NAME] == ["Orla Quist", "Ben Ode"]


def test_a_picture_inside_xmp_is_a_preview() -> None:
    said = kinds(saved("JPEG", xmp=xmp(f"<g:image>{'QUJD' * 500}</g:image>")))
    assert said[K.THUMBNAIL, "XMP image"] == "1,500 bytes"


def test_xmp_in_latin_1_is_read() -> None:
    packet = xmp(bag("dc:creator", "Zoe Quist")).replace(b"\xef\xbb\xbf", b"").replace(b"Zoe", "Zoë".encode("latin-1"))
    assert kinds(saved("JPEG", xmp=packet))[K.NAME, "XMP creator"] == "Zoë Quist"


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(b"<x:xmpmeta", id="broken"),
        pytest.param(b"<!DOCTYPE a SYSTEM 'http://example.invalid/a.dtd'><a b='Orla'/>", id="a-dtd-elsewhere"),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>", id="entities-that-multiply"
        ),
        pytest.param(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", id="a-file-of-the-machine"),
    ],
)
def test_xmp_that_is_unsafe_or_broken_is_said_to_be_unreadable(packet: bytes) -> None:
    assert found(saved("JPEG", xmp=packet)) == (MetadataItem(K.OTHER, "XMP", UNREADABLE),)


def test_xmp_in_several_segments_is_joined_in_order() -> None:
    packet = xmp(bag("e:PersonInImage", "Orla Quist"))
    mark, half = b"http://ns.adobe.com/xmp/extension/\x00" + b"0" * 32, len(packet) // 2
    parts = [
        mark + struct.pack(">II", len(packet), half) + packet[half:],
        mark + struct.pack(">II", len(packet), 0) + packet[:half],
    ]
    assert kinds(with_segments(*(segment(0xE1, part) for part in parts)))[K.NAME, "XMP PersonInImage"] == "Orla Quist"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([(2, 80, b"Orla Quist")], (K.NAME, "IPTC By-line", "Orla Quist"), id="by-line"),
        pytest.param([(2, 120, b"Orla wins")], (K.CAPTION, "IPTC Caption-Abstract", "Orla wins"), id="caption"),
        pytest.param([(2, 25, b"Quist")], (K.CAPTION, "IPTC Keywords", "Quist"), id="keyword"),
        pytest.param([(2, 90, b"Sandford")], (K.GPS, "IPTC City", "Sandford"), id="city"),
        pytest.param([(2, 116, b"(c) Quist")], (K.COPYRIGHT, "IPTC CopyrightNotice", "(c) Quist"), id="copyright"),
        pytest.param(
            [(1, 90, b"\x1b%G"), (2, 80, "Zoë".encode())], (K.NAME, "IPTC By-line", "Zoë"), id="said-to-be-utf-8"
        ),
        pytest.param([(2, 80, "Zoë".encode("latin-1"))], (K.NAME, "IPTC By-line", "Zoë"), id="latin-1"),
        pytest.param([(2, 219, b"Quist")], (K.OTHER, "IPTC 2:219", "Quist"), id="unknown-number"),
    ],
)
def test_iptc_is_read(records: list[tuple[int, int, bytes]], expected: tuple[MetadataKind, str, str]) -> None:
    assert MetadataItem(*expected) in found(with_segments(segment(0xED, iptc(*records))))


def test_photoshops_preview_is_named() -> None:
    resource = b"Photoshop 3.0\x008BIM" + struct.pack(">H", 0x040C) + b"\x00\x00" + struct.pack(">I", 40) + bytes(40)
    assert (K.THUMBNAIL, "Photoshop preview") in kinds(with_segments(segment(0xED, resource)))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(with_segments(segment(0xFE, b"Orla Quist")), (K.CAPTION, "JPEG comment", "Orla Quist"), id="jpeg"),
        pytest.param(
            saved("JPEG")[:-2] + segment(0xFE, b"Orla Quist") + b"\xff\xd9",
            (K.CAPTION, "JPEG comment", "Orla Quist"),
            id="jpeg-behind-the-scan",
        ),
        pytest.param(
            with_segments(segment(0xE7, b"Orla Quist\x00\x01")), (K.OTHER, "JPEG APP7", "Orla Quist"), id="jpeg-app7"
        ),
        pytest.param(saved("GIF", comment=b"Orla Quist"), (K.CAPTION, "GIF comment", "Orla Quist"), id="gif"),
        pytest.param(
            saved("GIF")[:-1] + b"!\xfe\x0aOrla Quist\x00;",
            (K.CAPTION, "GIF comment", "Orla Quist"),
            id="gif-at-the-end",
        ),
        pytest.param(
            with_chunks(chunk(b"tEXt", b"Author\x00Orla Quist")),
            (K.NAME, "PNG tEXt Author", "Orla Quist"),
            id="png-tEXt",
        ),
        pytest.param(
            with_chunks(chunk(b"zTXt", b"Author\x00\x00" + zlib.compress(b"Orla Quist"))),
            (K.NAME, "PNG zTXt Author", "Orla Quist"),
            id="png-zTXt",
        ),
        pytest.param(
            with_chunks(chunk(b"iTXt", b"Comment\x00\x01\x00en\x00\x00" + zlib.compress("Zoë".encode()))),
            (K.CAPTION, "PNG iTXt Comment", "Comment: Zoë"),
            id="png-iTXt",
        ),
        pytest.param(
            with_chunks(chunk(b"prVt", b"Orla Quist")), (K.OTHER, "PNG prVt", "Orla Quist"), id="png-unknown-chunk"
        ),
    ],
)
def test_comments_are_read(content: bytes, expected: tuple[MetadataKind, str, str]) -> None:
    assert MetadataItem(*expected) in found(content)


def test_exif_in_the_hexadecimal_manner_is_read() -> None:
    raw = exif_block({0x013B: "Orla Quist"})
    text = PngImagePlugin.PngInfo()
    text.add_text("Raw profile type exif", f"\nexif\n{len(raw):8}\n{raw.hex()}\n", zip=True)
    assert kinds(saved("PNG", pnginfo=text))[K.NAME, "EXIF Artist"] == "Orla Quist"


def test_a_compressed_text_that_grows_too_long_is_said_to_be_unreadable() -> None:
    bomb = with_chunks(chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(9_000_000), 9)))
    pixels = np.zeros((2, 2, 3), np.uint8)
    assert read(bomb, Picture(pixels, Format.PNG)) == (MetadataItem(K.OTHER, "PNG zTXt Comment", UNREADABLE),)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize(
    ("behind", "says"),
    [(b"\x00\x00\x00\x18ftypmp42", "video"), (b"PK\x03\x04", "archive"), (b"\xff\xd8\xff\xe0", "another picture")],
)
def test_what_follows_the_end_of_the_picture_is_named(kind: str, behind: bytes, says: str) -> None:
    said = kinds(saved(kind) + behind)
    assert says in said[K.TRAILING, "after the end of the picture"]


def test_zeros_behind_the_end_are_padding() -> None:
    assert found(saved("JPEG") + bytes(64)) == ()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF", "HEIF", "MPO"])
def test_further_frames_are_named(kind: str) -> None:
    second = Image.new("RGB", (16, 12), (9, 9, 9))
    said = kinds(saved(kind, save_all=True, append_images=[second]))
    assert said[K.FRAMES, "frames"].startswith("2 pictures")


def test_transparent_places_are_named() -> None:
    picture = canvas().convert("RGBA")
    picture.putpixel((3, 3), (1, 2, 3, 0))
    assert (K.ALPHA, "transparent places") in kinds(saved("PNG", picture))


def test_the_words_of_a_colour_profile_are_read() -> None:
    text = "Orla Quist's screen".encode("utf-16-be")
    tag = b"mluc" + bytes(4) + struct.pack(">II", 1, 12) + b"enGB" + struct.pack(">II", len(text), 28) + text
    profile = bytes(128) + struct.pack(">I4sII", 1, b"desc", 144, len(tag)) + tag
    said = kinds(saved("JPEG", icc_profile=profile))
    assert said[K.CAPTION, "ICC description"] == "Orla Quist's screen"


def test_text_comes_out_cleaned_and_cut() -> None:
    (piece,) = found(with_segments(segment(0xFE, b"\x00\x1b[31m" + b"a" * 5_000)))
    assert piece.text.startswith("[31maaa")
    assert len(piece.text) == 2_000


def test_ten_thousand_pieces_are_cut_and_names_stay() -> None:
    noise = b"".join(chunk(b"prVt", b"%d" % number) for number in range(10_000))
    said = found(with_chunks(chunk(b"tEXt", b"Author\x00Orla Quist"), noise))
    assert len(said) == MOST_ITEMS + 1
    assert said[0].text == "Orla Quist"
    assert said[-1].where == "the rest"


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(
        list(
            RICH := {
                "JPEG": saved(
                    "JPEG", exif=exif_block({0x013B: "Orla"}, {0x8825: {1: "N"}}), xmp=xmp(), comment=b"Orla"
                ),
                "PNG": with_chunks(
                    chunk(b"zTXt", b"Author\x00\x00" + zlib.compress(b"Orla")),
                    chunk(b"eXIf", exif_block({0x013B: "O"})[6:]),
                ),
                "WEBP": saved("WEBP", exif=exif_block({0x013B: "Orla"}), xmp=xmp()),
                "GIF": saved("GIF", comment=b"Orla"),
                "HEIF": saved("HEIF", exif=exif_block({0x013B: "Orla"})),
            }
        )
    ),
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20),
    kept=st.floats(0.1, 1),
)
def test_damage_never_makes_the_reader_fail(kind: str, places: list[tuple[float, int]], kept: float) -> None:
    content = bytearray(RICH[kind])
    for place, value in places:
        content[int(place * (len(content) - 1))] = value
    picture = Picture(np.zeros((2, 2, 3), np.uint8), Format(kind), exif=bytes(content[40:]), xmp=bytes(content[40:]))
    items = read(bytes(content[: int(len(content) * kept)]), picture)
    assert all(len(piece.text) <= 2_000 for piece in items)
    assert len(items) <= MOST_ITEMS + 1
