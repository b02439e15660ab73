"""The safe file: the pixels that were looked at, written into a fresh picture, and nothing else."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import Image

from vision import allowlist
from vision.errors import ReleaseError
from vision.findings import Released
from vision.images import Format, Pixels

LONG_SIDE = 2048  # pixels: enough for a page or a post; larger ones show faces in the background that nobody meant
JPEG_QUALITY = 88
FEW_COLOURS = 4096  # at most this many: a drawing or a screenshot, which JPEG would smear


def release(pixels: Pixels, source: Format, long_side: int = LONG_SIDE) -> Released:
    """The file that may be published: JPEG, or PNG where a PNG or GIF has few colours; never larger than `long_side`.

    The same pixels give the same bytes. Raises ReleaseError.
    """
    try:
        picture = Image.fromarray(np.ascontiguousarray(pixels))
        drawn = source in (Format.PNG, Format.GIF) and picture.getcolors(FEW_COLOURS) is not None
        picture = _fitted(picture, long_side)
        content, media_type = _written(picture, drawn=drawn)
    except Exception as error:
        raise ReleaseError("The safe version of this picture could not be made. Try again.") from error
    allowlist.check(content, media_type, picture.width, picture.height)
    return Released(content, media_type, picture.width, picture.height, hashlib.sha256(content).hexdigest())


def _fitted(picture: Image.Image, long_side: int) -> Image.Image:
    longest = max(picture.size)
    if longest <= long_side:
        return picture
    width, height = (max(1, round(side * long_side / longest)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _written(picture: Image.Image, *, drawn: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    if drawn:
        picture.save(out, "PNG")
        return out.getvalue(), allowlist.PNG
    picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling="4:2:0")
    return out.getvalue(), allowlist.JPEG
