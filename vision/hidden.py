"""Pictures inside a file that nobody sees: previews, further frames, what lies under transparent places.

None of them is released. They are looked at all the same: what they show may have left the house in the original
already, and a frame that cannot be opened makes the file one that was not looked at in full.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import ImageFile, MpoImagePlugin

from vision.errors import DamagedPicture, ImageError, PictureTooLarge, UnsupportedPicture
from vision.findings import HiddenKind
from vision.images import PLUGINS, Format, Limits, Picture, Pixels, strict_pillow
from vision.metadata.ending import end_of_picture

LOOK_SIDE = 1024  # pixels: hidden pictures are looked at no larger
MOST_LOOKED_AT = 8  # of one file; the others are opened, and counted
MOST_FRAMES = 1_500
MOST_FRAME_PIXELS = 900_000_000  # of all frames together: some six seconds
_MOST_CARVED = 40  # places that begin like a picture are tried
_LEAST_SIDE = 16  # pixels: less shows nobody

# Two pictures are the same where no place of a grid differs by much: a covered face does, coding does not. The grid has
# half as many places along a side as the smaller picture has pixels there, within these bounds.
_COARSEST, _FINEST = 8, 64
_SAME_ANYWHERE = 40  # grey levels
_SAME_ON_AVERAGE = 6
_NOISE = 40  # grey levels between neighbours: the low bits of a photograph are noise (64 if all values are as likely)

_JPEG = re.compile(rb"\xff\xd8\xff[\xc0-\xc2\xc4\xdb\xe0-\xef\xfe]")
_PNG = re.compile(rb"\x89PNG\r\n\x1a\n")
_JPEG_IN_BASE64 = re.compile(rb"/9j/(?:[A-Za-z0-9+/=\r\n]|&#xA;|&#10;){300,}")
_SAVE_ONE = "Open it, save the picture you want as JPEG and add that."


@dataclass(frozen=True, slots=True, eq=False)
class HiddenPixels:
    """One such picture: uint8, height x width x 3, RGB; None where it could not be opened."""

    kind: HiddenKind
    where: str
    pixels: Pixels | None


def hidden_pixels(content: bytes, picture: Picture, limits: Limits | None = None) -> list[HiddenPixels]:
    """Every hidden picture that shows something else than the picture does, at most some, the likeliest first.

    Raises ImageError where a further frame cannot be opened, or there are more than can be.
    """
    limits = limits or Limits()
    found = [
        *_frames(content, picture, limits),
        *_other_looks(content, picture),
        *_carved(content, picture, limits),
    ]
    kept: list[HiddenPixels] = []
    for each in found:
        pixels = each.pixels
        if pixels is None:
            kept.append(each)
        elif min(pixels.shape[:2]) >= _LEAST_SIDE and not any(
            is_same(pixels, other) for other in (picture.pixels, *_pixels_of(kept))
        ):
            kept.append(HiddenPixels(each.kind, each.where, _fitted(pixels)))
    return kept


def _pixels_of(kept: list[HiddenPixels]) -> list[Pixels]:
    return [each.pixels for each in kept if each.pixels is not None]


# -- further frames ------------------------------------------------------------------------------------------------


def _frames(content: bytes, picture: Picture, limits: Limits) -> Iterator[HiddenPixels]:
    """Some of the frames after the first, spread evenly over those that differ; every one of them was opened."""
    differing: list[HiddenPixels] = []
    last = _fitted(picture.pixels)
    for number, frame in _opened(content, picture, limits):
        if not is_same(frame, last):
            last = _fitted(frame)
            differing.append(HiddenPixels(HiddenKind.FRAME, f"picture {number} of the file", last))
        if len(differing) > 4 * MOST_LOOKED_AT:
            differing = differing[::2]
    step = max(1, -(-len(differing) // MOST_LOOKED_AT))
    yield from differing[::step]


def _opened(content: bytes, picture: Picture, limits: Limits) -> Iterator[tuple[int, Pixels]]:
    """The number and pixels of every frame after the first."""
    plugin = PLUGINS[picture.format]
    if picture.format is Format.JPEG:
        if b"MPF\x00" not in content[:200_000]:
            return
        plugin = MpoImagePlugin.MpoImageFile
    try:
        with strict_pillow(limits), plugin(io.BytesIO(content)) as image:
            count = int(getattr(image, "n_frames", 1))
            _check_count(count, image.size)
            for at in range(1, count):
                image.seek(at)
                yield at + 1, _rgb(image)
    except ImageError:
        raise
    except Exception as error:  # decoders raise SyntaxError, TypeError, IndexError, struct.error and more
        raise DamagedPicture(f"This file holds several pictures, and one of them is damaged. {_SAVE_ONE}") from error


def _check_count(count: int, size: tuple[int, int]) -> None:
    if count > MOST_FRAMES or count * size[0] * size[1] > MOST_FRAME_PIXELS:
        raise PictureTooLarge(f"This file holds {count:,} pictures, more than can be looked at. {_SAVE_ONE}")


def _rgb(image: ImageFile.ImageFile) -> Pixels:
    image.load()
    if image.mode.startswith(("I", "F")):
        raise UnsupportedPicture(f"This file holds a picture that keeps its colours in a rare way. {_SAVE_ONE}")
    return np.array(image.convert("RGB"))


# -- other looks of the same pixels --------------------------------------------------------------------------------


def _other_looks(content: bytes, picture: Picture) -> Iterator[HiddenPixels]:
    """What lies under transparent places, in bits that no screen shows, and without the file's gamma."""
    if picture.alpha:
        yield HiddenPixels(HiddenKind.UNDER_ALPHA, "under transparent places", _without_alpha(content, picture.format))
    if picture.gamma is not None:
        stored = _without_alpha(content, picture.format)
        look = stored if stored is None else _stretched(stored)
        yield HiddenPixels(HiddenKind.OTHER_LOOK, "without the file's gamma", look)
    if picture.format is Format.PNG and content[24:25] == b"\x10":
        low = _low_bits(content)
        if low is None or not _is_noise(low):
            yield HiddenPixels(HiddenKind.LOW_BITS, "in the lower eight of sixteen bits", low)


def _without_alpha(content: bytes, kind: Format) -> Pixels | None:
    """The colours as they are stored; the picture was opened once, so this fails only where memory does."""
    try:
        with PLUGINS[kind](io.BytesIO(content)) as image:
            image.load()
            whole = image.convert("RGBA") if image.mode in ("P", "PA", "LA", "La", "RGBa") else image
            return np.array(whole.convert("RGB"))
    except Exception:  # noqa: BLE001  # told as one that could not be opened
        return None


def _stretched(pixels: Pixels) -> Pixels:
    """The same with the darkest place black and the lightest white: what is faint can be seen."""
    darkest, lightest = int(pixels.min()), int(pixels.max())
    scaled = (pixels.astype(np.float32) - darkest) * (255 / max(1, lightest - darkest))
    return scaled.astype(np.uint8)


def _low_bits(content: bytes) -> Pixels | None:
    values = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None or values.dtype != np.uint16:
        return None
    low = np.bitwise_and(np.asarray(values, np.uint16), 0xFF).astype(np.uint8)
    colours = low[:, :, None].repeat(3, axis=2) if low.ndim == 2 else low[:, :, 2::-1]
    return np.ascontiguousarray(colours)


def _is_noise(pixels: Pixels) -> bool:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.int16)
    return bool(np.abs(np.diff(grey, axis=1)).mean() > _NOISE)


# -- pictures inside the bytes -------------------------------------------------------------------------------------


def _carved(content: bytes, picture: Picture, limits: Limits) -> Iterator[HiddenPixels]:
    """Whole JPEG and PNG files anywhere after the first bytes: previews, what was put behind the end."""
    end = end_of_picture(content, picture.format)
    tried = 0
    for pattern, kind in ((_JPEG, Format.JPEG), (_PNG, Format.PNG)):
        for match in pattern.finditer(content, 1):
            tried += 1
            if tried > _MOST_CARVED:
                return
            pixels = _decoded(content[match.start() :], kind, limits)
            behind = match.start() >= end
            if pixels is not None or behind:
                where = "behind the end of the picture" if behind else "a preview inside the file"
                yield HiddenPixels(HiddenKind.TRAILING if behind else HiddenKind.THUMBNAIL, where, pixels)
    for match in _JPEG_IN_BASE64.finditer(content):
        tried += 1
        if tried > _MOST_CARVED:
            return
        pixels = _decoded(_unpacked(match.group()), Format.JPEG, limits)
        yield HiddenPixels(HiddenKind.THUMBNAIL, "a preview written as text", pixels)


def _unpacked(text: bytes) -> bytes:
    letters = re.sub(rb"&#xA;|&#10;|[\r\n]", b"", text).partition(b"=")[0]
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _decoded(content: bytes, kind: Format, limits: Limits) -> Pixels | None:
    """The picture at the beginning of these bytes, or None: what only begins like one is none."""
    try:
        with strict_pillow(limits), PLUGINS[kind](io.BytesIO(content)) as image:
            if image.size[0] * image.size[1] > limits.pixels or max(image.size) > limits.side:
                return None
            return _rgb(image)
    except Exception:  # noqa: BLE001  # three bytes that look like a beginning, by chance or damage
        return None


# -- what is the same ----------------------------------------------------------------------------------------------


def is_same(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures show the same, whatever their sizes."""
    grid = int(np.clip(min(*one.shape[:2], *other.shape[:2]) // 2, _COARSEST, _FINEST))
    apart = cv2.absdiff(_greys(one, grid), _greys(other, grid))
    return bool(apart.max() <= _SAME_ANYWHERE and apart.mean() <= _SAME_ON_AVERAGE)


def _greys(pixels: Pixels, grid: int) -> Pixels:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (grid, grid), interpolation=cv2.INTER_AREA), np.uint8)


def _fitted(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = LOOK_SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
