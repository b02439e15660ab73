"""Pictures of so many faces at so many megapixels, for the benchmarks of time: drawn, or pasted from photos."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PIL import Image

from fixtures.portraits import draw_portrait

GROUND = (150, 170, 150)
SHAPE = 4 / 3
LARGEST_FACE = 480  # pixels of one portrait, of which the face fills a little more than a third
MIDDLE = 0.64  # of a photo's side: who stands beside the person is cut off
Portraits = Callable[[int, int], Image.Image]  # which one, side in pixels


def portraits_from(folder: Path | None) -> Portraits:
    """Drawn portraits, or the photos NAME/*.jpg of a folder, one of each person in turn."""
    if folder is None:
        return partial(_drawn)
    photos = [sorted(person.glob("*.jpg"))[0] for person in sorted(folder.iterdir()) if any(person.glob("*.jpg"))]
    if not photos:
        raise FileNotFoundError(f"{folder} holds no NAME/*.jpg.")

    def photo(number: int, side: int) -> Image.Image:
        with Image.open(photos[number % len(photos)]) as picture:
            width, height = picture.size
            edge = MIDDLE * min(width, height) / 2
            box = (width / 2 - edge, height / 2 - edge, width / 2 + edge, height / 2 + edge)
            return picture.convert("RGB").resize((side, side), Image.Resampling.BICUBIC, box=box)

    return photo


@cache
def _drawn(number: int, side: int) -> Image.Image:
    return draw_portrait(number, 0, side)


def crowd(megapixels: float, faces: int, portraits: Portraits) -> bytes:
    """A JPEG of this size with the faces in rows on a plain ground, each as large as there is room for."""
    width = round(math.sqrt(megapixels * 1e6 * SHAPE))
    height = round(width / SHAPE)
    picture = Image.new("RGB", (width, height), GROUND)
    columns = max(1, math.ceil(math.sqrt(faces * SHAPE)))
    rows = max(1, math.ceil(faces / columns))
    across, down = width // columns, height // rows
    side = min(LARGEST_FACE, round(0.95 * min(across, down)))
    for at in range(faces):
        column, row = at % columns, at // columns
        left, top = column * across + (across - side) // 2, row * down + (down - side) // 2
        picture.paste(portraits(at, side), (left, top))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92)
    return file.getvalue()
