"""Bytes in, upright RGB pixels out. The content alone decides the format; whatever goes wrong is an ImageError."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import (
    AvifImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from vision.errors import DamagedPicture, ImageError, NotAPicture, PictureTooLarge, UnsupportedPicture

Pixels = npt.NDArray[np.uint8]


class Format(StrEnum):
    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"
    HEIF = "HEIF"
    AVIF = "AVIF"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most pixels, and the longest side in pixels, that are decoded."""

    pixels: int = 60_000_000
    side: int = 30_000


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture.

    `pixels` is uint8, height x width x 3, RGB as a screen shows it (the file's colour profile is applied where it can
    be), upright, the first frame, transparent places laid on white. `frames` counts what the decoder knows of (0: it
    does not say). `alpha`: some pixels were transparent. `gamma` is the file's own where it was applied. `exif`, `xmp`
    and `icc` are the blocks as the decoder found them.
    """

    pixels: Pixels
    format: Format
    frames: int = 0
    alpha: bool = False
    gamma: float | None = None
    thumbnails: int = 0
    exif: bytes | None = None
    xmp: bytes | None = None
    icc: bytes | None = None

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


# The plugin itself is called, not Image.open: nothing else may try its hand at the file, and a multi-picture JPEG
# is read as the plain JPEG it starts with.
PLUGINS: dict[Format, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    Format.JPEG: JpegImagePlugin.JpegImageFile,
    Format.PNG: PngImagePlugin.PngImageFile,
    Format.WEBP: WebPImagePlugin.WebPImageFile,
    Format.GIF: GifImagePlugin.GifImageFile,
    Format.HEIF: pillow_heif.HeifImageFile,
    Format.AVIF: AvifImagePlugin.AvifImageFile,
}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}

# What people add by mistake, so that the answer can name it.
_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"II*\x00", "a TIFF"),
    (b"MM\x00*", "a TIFF"),
    (b"BM", "a BMP"),
    (b"8BPS", "a Photoshop file"),
    (b"PK\x03\x04", "a document or an archive"),
    (b"<svg", "a drawing (SVG)"),
    (b"<?xml", "a drawing (SVG) or another XML file"),
    (b"%!PS", "a drawing (EPS)"),
)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_OPAQUE_MODES = {"RGB", "RGBX", "L", "1", "P", "CMYK", "YCbCr"}
_WHITE = (255, 255, 255)
_SCREEN_GAMMA = 2.2
_SAME_GAMMA = 0.05  # nearer to the usual one nobody sees a difference


def sniff(content: bytes) -> Format:
    """The format that the first bytes show, whatever the file is called; raises NotAPicture."""
    if content.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Format.WEBP
    if content[4:8] == b"ftyp":
        brands = _brands(content)
        if brands & _AVIF_BRANDS:
            return Format.AVIF
        if brands & _HEIF_BRANDS:
            return Format.HEIF
    raise NotAPicture(_not_a_picture(content))


def decode(content: bytes, limits: Limits | None = None) -> Picture:
    """The picture in these bytes; raises ImageError whatever the bytes are (ImportError: this installation's fault)."""
    limits = limits or Limits()
    kind = sniff(content)
    try:
        with strict_pillow(limits), PLUGINS[kind](io.BytesIO(content)) as image:
            _check_size(image.size, limits)  # from the header: nothing is decoded yet
            image.load()
            _check_size(image.size, limits)  # HEIF headers may say otherwise than the picture inside
            return _picture(image, kind)
    except (ImageError, ImportError):
        raise
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(_too_large(limits)) from error
    except MemoryError as error:
        raise PictureTooLarge(
            "This picture takes too much memory to open. Make it smaller and add it again."
        ) from error
    except Exception as error:  # decoders raise SyntaxError, TypeError, IndexError, struct.error and more
        raise DamagedPicture(
            "This picture is damaged or was cut short. Open it, save it as JPEG and add it again."
        ) from error


@contextmanager
def strict_pillow(limits: Limits) -> Iterator[None]:
    """Pillow as it is to be used on files of strangers: nothing too large, nothing cut short, no warnings."""
    # Pillow raises at more than twice MAX_IMAGE_PIXELS and only warns below: half the limit makes it raise at the
    # limit, also where a plugin makes room for the picture while it reads the header (WebP).
    Image.MAX_IMAGE_PIXELS = limits.pixels // 2
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about metadata, and about sizes that are checked here
        yield


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise DamagedPicture("This picture has no pixels. Save it anew as JPEG and add it again.")
    if width * height > limits.pixels or max(size) > limits.side:
        raise PictureTooLarge(_too_large(limits))


def _too_large(limits: Limits) -> str:
    return (
        f"This picture is too large: at most {limits.pixels // 1_000_000} million pixels are looked at, "
        f"{limits.side:,} along one side. Make it smaller and add it again."
    )


def _picture(image: ImageFile.ImageFile, kind: Format) -> Picture:
    info = dict(image.info)
    orientation = _orientation(image, kind)
    flat, alpha = _flatten(image)
    gamma = _gamma(info, kind)
    if gamma is not None:
        flat = _as_shown(flat, gamma)
    if orientation in _TURNS:
        flat = flat.transpose(_TURNS[orientation])
    return Picture(
        pixels=np.array(flat),
        format=kind,
        # Asking a GIF for its frames runs through all of them; metadata counts them from the blocks instead.
        frames=0 if kind is Format.GIF else int(getattr(image, "n_frames", 0)),
        alpha=alpha,
        gamma=gamma,
        thumbnails=len(info.get("thumbnails") or ()) if kind is Format.HEIF else 0,
        exif=_bytes(info.get("exif")),
        xmp=_bytes(info.get("xmp")),
        icc=_bytes(info.get("icc_profile")),
    )


def _gamma(info: dict[Any, Any], kind: Format) -> float | None:
    """The gamma to apply: a PNG's own, where no colour profile overrules it and it is not the usual one.

    Browsers apply it (PNG specification, third edition, 13.13), and safe files carry none: without it a picture that
    looks harmless here could show something else to the public, or the other way round.
    """
    gamma = info.get("gamma")
    if kind is not Format.PNG or not isinstance(gamma, float) or "icc_profile" in info or "srgb" in info:
        return None
    return gamma if gamma > 0 and abs(1 / (_SCREEN_GAMMA * gamma) - 1) > _SAME_GAMMA else None


def _as_shown(flat: Image.Image, gamma: float) -> Image.Image:
    levels = (np.arange(256) / 255) ** min(1 / (_SCREEN_GAMMA * gamma), 100.0)
    return flat.point([round(255 * level) for level in levels] * 3)


def _orientation(image: ImageFile.ImageFile, kind: Format) -> int:
    """The EXIF orientation to undo, 1 where there is none or none that is valid."""
    if kind is Format.HEIF:
        return 1  # turned by its decoder already, whatever EXIF says
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001  # EXIF that cannot be read says nothing: the picture stays as it is
        return 1
    return orientation if isinstance(orientation, int) else 1


def _flatten(image: Image.Image) -> tuple[Image.Image, bool]:
    """The picture in RGB on white, and whether any of it was transparent; raises UnsupportedPicture."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        image = _eight_bits(image)
    if image.has_transparency_data:
        flat, alpha = _on_white(image)
        return _to_srgb(flat, profile), alpha
    if image.mode not in _OPAQUE_MODES:
        raise UnsupportedPicture("This picture keeps its colours in a rare way. Save it as JPEG and add it again.")
    return _to_srgb(image, profile), False


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8: Pillow's own conversion cuts everything from 256 up to white."""
    values = np.asarray(image).astype(np.uint32)
    grey = Image.fromarray(((values + 128) // 257).astype(np.uint8))
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        grey.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    return grey


def _on_white(image: Image.Image) -> tuple[Image.Image, bool]:
    """What shows through is covered by white; convert("RGB") would bring back what lies under transparent pixels."""
    if image.mode == "La":
        image = image.convert("LA")
    whole = image.convert("RGBA")
    alpha = whole.getchannel("A")
    lowest, highest = alpha.getextrema()
    if highest == 0:
        raise UnsupportedPicture("This picture is fully transparent: there is nothing to see. Choose another one.")
    white = Image.new("RGB", whole.size, _WHITE)
    white.paste(whole, mask=alpha)
    return white, lowest != 255


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB as a screen shows it: released files carry no colour profile, so the file's own is applied here."""
    plain = image if image.mode == "RGB" else image.convert("RGB")
    if not profile:
        return plain
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return plain
        original = image if image.mode == "CMYK" else plain
        return ImageCms.profileToProfile(original, source, _SRGB, outputMode="RGB") or plain
    except Exception:  # noqa: BLE001  # a profile that cannot be applied is left out: colours differ, pixels stay
        return plain


_SRGB = ImageCms.createProfile("sRGB")


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) and value else None


def _brands(content: bytes) -> set[bytes]:
    """The major and the compatible brands in the first box of a HEIF or AVIF file."""
    size = min(int.from_bytes(content[:4], "big"), 1024)
    return {content[8:12], *(content[i : i + 4] for i in range(16, size, 4))}


def _not_a_picture(content: bytes) -> str:
    if not content:
        return "This file is empty. Save the picture as JPEG or PNG and add it again."
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content[4:8] == b"ftyp":
        kind = "This file is a video or of another kind that is not read."
    else:
        named = next((name for magic, name in _OTHER_KINDS if start.startswith(magic)), None)
        kind = (
            f"This file is {named}, not a picture we can read." if named else "This file is not a picture we can read."
        )
    return f"{kind} Save it as JPEG or PNG and add it again."
