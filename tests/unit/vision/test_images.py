"""Bytes in, upright RGB out: any format that is read, any damage, any size."""

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
from PIL import Image, ImageCms

from vision.errors import DamagedPicture, ImageError, NotAPicture, PictureTooLarge, UnsupportedPicture
from vision.images import Format, Limits, Pixels, decode, sniff

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
SMALL = Limits(pixels=10_000, side=1_000)

# EXIF orientation -> colours of the upright picture's corners, read left to right, top to bottom, when the stored
# picture has RED GREEN above BLUE YELLOW. From the EXIF standard's table of orientations.
UPRIGHT = {
    1: (RED, GREEN, BLUE, YELLOW),
    2: (GREEN, RED, YELLOW, BLUE),
    3: (YELLOW, BLUE, GREEN, RED),
    4: (BLUE, YELLOW, RED, GREEN),
    5: (RED, BLUE, GREEN, YELLOW),
    6: (BLUE, RED, YELLOW, GREEN),
    7: (YELLOW, GREEN, BLUE, RED),
    8: (GREEN, YELLOW, RED, BLUE),
}

NEARLY_EXACT: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}, "AVIF": {"speed": 10}}


def four_corners(width: int = 48, height: int = 32) -> Image.Image:
    picture = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for colour, place in (
        (RED, (0, 0)),
        (GREEN, (half[0], 0)),
        (BLUE, (0, half[1])),
        (YELLOW, half),
    ):
        picture.paste(colour, (*place, place[0] + half[0], place[1] + half[1]))
    return picture


pillow_heif.register_heif_opener()  # so that the tests can write HEIC


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int) -> bytes:
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()


def corners(pixels: Pixels) -> tuple[tuple[int, ...], ...]:
    """The nearest pure colour in the middle of each quarter, which forgives what lossy formats do."""
    height, width = pixels.shape[:2]
    return tuple(
        min((RED, GREEN, BLUE, YELLOW), key=lambda pure: int(np.abs(pixels[y, x].astype(int) - pure).sum()))
        for y in (height // 4, height * 3 // 4)
        for x in (width // 4, width * 3 // 4)
    )


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("JPEG", {"quality": 95}, id="jpeg"),
        pytest.param("JPEG", {"quality": 95, "progressive": True}, id="progressive-jpeg"),
        pytest.param("PNG", {}, id="png"),
        pytest.param("WEBP", {"lossless": True}, id="webp"),
        pytest.param("GIF", {}, id="gif"),
        pytest.param("HEIF", {}, id="heic"),
        pytest.param("AVIF", {"speed": 10}, id="avif"),
    ],
)
def test_every_format_that_is_read_gives_its_pixels(kind: str, options: dict[str, Any]) -> None:
    picture = decode(saved(four_corners(), kind, **options))
    assert picture.format == kind
    assert (picture.width, picture.height) == (48, 32)
    assert picture.pixels.dtype == np.uint8
    assert corners(picture.pixels) == UPRIGHT[1]
    assert not picture.alpha


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_a_turned_picture_is_set_upright_once(kind: str, orientation: int) -> None:
    options = NEARLY_EXACT.get(kind, {})
    picture = decode(saved(four_corners(), kind, exif=exif(orientation), **options))
    assert corners(picture.pixels) == UPRIGHT[orientation]
    assert picture.width == (32 if orientation >= 5 else 48)


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation: int) -> None:
    picture = decode(saved(four_corners(), "JPEG", quality=95, exif=exif(orientation)))
    assert corners(picture.pixels) == UPRIGHT[1]


def test_exif_that_cannot_be_read_changes_nothing() -> None:
    picture = decode(saved(four_corners(), "JPEG", quality=95, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff garbage"))
    assert corners(picture.pixels) == UPRIGHT[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "empty", id="0-bytes"),
        pytest.param(b"Dear parents, the photographs are below.", "not a picture", id="text-named-jpg"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "a PDF", id="pdf"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", id="svg"),
        pytest.param(b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "SVG", id="svg-behind-a-bom"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0", "EPS", id="eps"),
        pytest.param(b"II*\x00\x08\x00\x00\x00", "a TIFF", id="tiff-little-endian"),
        pytest.param(b"MM\x00*\x00\x00\x00\x08", "a TIFF", id="tiff-big-endian"),
        pytest.param(b"BM\x36\x00\x00\x00", "a BMP", id="bmp"),
        pytest.param(b"PK\x03\x04", "document", id="zip"),
        pytest.param(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "a video", id="mp4"),
        pytest.param(b"MZ\x90\x00", "not a picture", id="program"),
    ],
)
def test_what_is_no_picture_is_named_and_refused(content: bytes, says: str) -> None:
    with pytest.raises(NotAPicture, match=says) as refusal:
        decode(content)
    assert "add it again" in str(refusal.value)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0", Format.JPEG),
        (b"GIF89a", Format.GIF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Format.WEBP),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", Format.AVIF),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", Format.HEIF),
    ],
)
def test_content_decides_the_format(start: bytes, kind: Format) -> None:
    assert sniff(start + bytes(32)) is kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_picture_cut_short_is_damaged(kind: str, kept: float) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8))
    content = saved(noise, kind)
    with pytest.raises(ImageError):
        decode(content[: int(len(content) * kept)])


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "HEIF"]),
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_damage_never_ends_in_anything_but_a_picture_or_an_image_error(
    kind: str, places: list[tuple[float, int]]
) -> None:
    content = bytearray(SAVED[kind])
    for place, value in places:
        content[int(place * (len(content) - 1))] = value
    try:
        picture = decode(bytes(content), SMALL)
    except ImageError:
        return
    assert picture.pixels.shape == (picture.height, picture.width, 3)
    assert picture.width * picture.height <= SMALL.pixels


SAVED = {
    kind: saved(four_corners(), kind, **({} if kind == "GIF" else {"exif": exif(6)}))
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
}


def webp_header(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x00\x10\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + sides + bytes(200)


def huge_canvas(gif: bytes) -> bytes:
    return gif[:6] + struct.pack("<HH", 65535, 65535) + gif[10:]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png_header(20_000, 10_000) + png_chunk(b"IDAT", b""), id="200-megapixel-png"),
        pytest.param(huge_canvas(SAVED["GIF"]), id="gif-header"),
        pytest.param(webp_header(16383, 16383), id="webp-header"),
        pytest.param(webp_header(9000, 8000), id="webp-header-just-above-the-limit"),
        pytest.param(
            b"\xff\xd8\xff\xc0\x00\x11\x08"
            + struct.pack(">HH", 20000, 10000)
            + b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00",
            id="200-megapixel-jpeg",
        ),
    ],
)
def test_the_size_is_refused_from_the_header(content: bytes) -> None:
    with pytest.raises(PictureTooLarge, match="Make it smaller"):
        decode(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_the_pixel_limit_holds_to_the_pixel(kind: str) -> None:
    content = saved(four_corners(), kind)
    assert decode(content, Limits(pixels=48 * 32)).width == 48
    with pytest.raises(PictureTooLarge):
        decode(content, Limits(pixels=48 * 32 - 1))


def test_a_side_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(PictureTooLarge):
        decode(saved(Image.new("L", (1_001, 2)), "PNG"), SMALL)


@pytest.mark.parametrize("chunk", [b"zTXt", b"iCCP"])
def test_a_compressed_bomb_beside_the_pixels_is_refused(chunk: bytes) -> None:
    clean = saved(four_corners(), "PNG")
    bomb = png_chunk(chunk, b"Comment\x00\x00" + zlib.compress(bytes(50_000_000), 9))
    with pytest.raises(DamagedPicture):
        decode(clean[:33] + bomb + clean[33:])


@pytest.mark.parametrize("raised", [SyntaxError, TypeError, IndexError, struct.error, zlib.error, OSError, ValueError])
def test_whatever_the_decoder_raises_is_damage(raised: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise raised("anything")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(DamagedPicture):
        decode(saved(four_corners(), "PNG"))


def test_too_little_memory_asks_for_a_smaller_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(PictureTooLarge, match="memory"):
        decode(saved(four_corners(), "PNG"))


def test_sixteen_bit_grey_is_scaled_and_not_cut_to_white() -> None:
    ramp = np.array([[0, 128, 257, 32768, 65278, 65535]], dtype=np.uint16)
    picture = decode(saved(Image.fromarray(ramp), "PNG"))
    assert picture.pixels[0, :, 0].tolist() == [0, 0, 1, 128, 254, 255]


def test_a_clear_colour_in_sixteen_bit_grey_becomes_white() -> None:
    ramp = Image.fromarray(np.array([[0, 500, 65535]], dtype=np.uint16))
    picture = decode(saved(ramp, "PNG", transparency=500))
    assert picture.alpha
    assert picture.pixels[0, :, 0].tolist() == [0, 255, 255]


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        pytest.param("RGBA", (200, 0, 0, 0), (255, 255, 255), id="hidden-red"),
        pytest.param("RGBA", (200, 0, 0, 255), (200, 0, 0), id="opaque-red"),
        pytest.param("RGBA", (200, 0, 0, 128), (227, 127, 127), id="half-red"),
        pytest.param("LA", (0, 0), (255, 255, 255), id="hidden-black"),
        pytest.param("LA", (10, 255), (10, 10, 10), id="opaque-grey"),
    ],
)
def test_transparent_places_are_laid_on_white(mode: str, colour: tuple[int, ...], seen: tuple[int, ...]) -> None:
    picture = Image.new(mode, (8, 8), colour)
    picture.putpixel((0, 0), (*colour[:-1], 255))  # one pixel to be seen
    found = decode(saved(picture, "PNG"))
    assert tuple(int(value) for value in found.pixels[4, 4]) == pytest.approx(seen, abs=1)
    assert found.alpha == (colour[-1] != 255)


def test_a_clear_palette_colour_is_laid_on_white() -> None:
    picture = four_corners().quantize(4)
    clear = int(np.asarray(picture)[0, 0])
    found = decode(saved(picture, "GIF", transparency=clear))
    assert found.alpha
    assert found.pixels[1, 1].tolist() == [255, 255, 255]
    assert corners(found.pixels)[1:] == UPRIGHT[1][1:]


def test_a_picture_with_nothing_to_see_is_refused() -> None:
    with pytest.raises(UnsupportedPicture, match="transparent"):
        decode(saved(Image.new("RGBA", (8, 8), (200, 10, 10, 0)), "PNG"))


@pytest.mark.parametrize(
    ("picture", "kind", "seen"),
    [
        pytest.param(Image.new("1", (8, 8), 1), "PNG", (255, 255, 255), id="1-bit"),
        pytest.param(Image.new("L", (8, 8), 77), "PNG", (77, 77, 77), id="grey"),
        pytest.param(Image.new("L", (8, 8), 77), "JPEG", (77, 77, 77), id="grey-jpeg"),
        pytest.param(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", (255, 0, 0), id="cmyk"),
        pytest.param(Image.new("P", (8, 8), 3), "PNG", (0, 0, 0), id="palette"),
    ],
)
def test_other_modes_become_rgb(picture: Image.Image, kind: str, seen: tuple[int, ...]) -> None:
    found = decode(saved(picture, kind)).pixels[4, 4]
    assert tuple(int(value) for value in found) == pytest.approx(seen, abs=3)


def test_a_mode_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(four_corners(), "PNG")
    monkeypatch.setattr("vision.images._OPAQUE_MODES", {"L"})
    with pytest.raises(UnsupportedPicture):
        decode(content)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_only_the_first_frame_of_an_animation_is_read(kind: str) -> None:
    second = Image.new("RGB", (48, 32), (9, 9, 9))
    content = saved(four_corners(), kind, save_all=True, append_images=[second], duration=100)
    picture = decode(content)
    assert corners(picture.pixels) == UPRIGHT[1]
    assert picture.frames == (0 if kind == "GIF" else 2)


def test_a_second_picture_in_one_jpeg_file_is_not_read() -> None:
    content = saved(
        four_corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (48, 32), (9, 9, 9))], quality=95
    )
    picture = decode(content)
    assert picture.format == "JPEG"
    assert corners(picture.pixels) == UPRIGHT[1]


def test_a_small_first_frame_is_laid_on_the_whole_canvas() -> None:
    whole = saved(Image.new("P", (4, 4), 0), "GIF")
    canvas = whole[:6] + struct.pack("<HH", 60, 40) + whole[10:]
    assert decode(canvas).pixels.shape == (40, 60, 3)


def test_the_files_own_colours_are_those_a_screen_shows() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert corners(decode(saved(four_corners(), "PNG", icc_profile=profile)).pixels) == UPRIGHT[1]
    other = profile.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    swapped = other.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    shown = decode(saved(four_corners(), "PNG", icc_profile=swapped)).pixels
    assert corners(shown) == (GREEN, RED, BLUE, YELLOW)


def test_a_colour_profile_that_cannot_be_applied_is_left_out() -> None:
    picture = decode(saved(four_corners(), "PNG", icc_profile=b"no profile at all"))
    assert corners(picture.pixels) == UPRIGHT[1]


def test_a_polyglot_is_read_as_what_it_starts_with() -> None:
    picture = decode(saved(four_corners(), "JPEG", quality=95) + b"PK\x03\x04<script>alert(1)</script>%PDF-1.7")
    assert picture.format == "JPEG"
    assert corners(picture.pixels) == UPRIGHT[1]
