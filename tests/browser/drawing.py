"""Pictures drawn from plain shapes, for looking at the pages: a field, people, a line of text."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

Box = tuple[int, int, int, int]

SKIN = ("#f2cfb3", "#d9a47e", "#a9714b", "#7a4a2e", "#e8b996")
HAIR = ("#2b1d14", "#5a3a22", "#111111", "#b5803c", "#7b4a2d")
SHIRTS = ("#27647a", "#b1432f", "#e2b13c", "#4f7a3a", "#7b5ea7", "#d97b45")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn picture: JPEG bytes, its size, and where its faces and texts are, in pixels."""

    content: bytes
    width: int
    height: int
    faces: tuple[Box, ...]
    texts: tuple[Box, ...]


def draw(seed: int, people: int, *texts: str, size: tuple[int, int] = (1200, 800), covers: int = 0) -> Drawn:
    """People in one or more rows; the first `covers` faces lie under a solid cover."""
    rng = random.Random(seed)
    width, height = size
    picture = Image.new("RGB", size, rng.choice(("#bcd9e8", "#d8e4ec", "#c9e0d4")))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, int(height * 0.55), width, height), fill=rng.choice(("#7ba05b", "#8fb06a", "#b99b6b")))
    for _ in range(6):
        x, y = rng.randrange(width), rng.randrange(int(height * 0.1), int(height * 0.45))
        pen.ellipse((x, y, x + width // 6, y + height // 14), fill="#ffffff")
    faces = [_person(pen, rng, box) for box in _places(people, width, height)]
    for face in faces[:covers]:
        pen.rectangle(face, fill="#3c4a4f")
    read = [_sign(pen, rng, text, at, size) for at, text in enumerate(texts)]
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return Drawn(buffer.getvalue(), width, height, tuple(faces), tuple(read))


def _places(people: int, width: int, height: int) -> list[Box]:
    if not people:
        return []
    rows = 1 if people <= 5 else 2 if people <= 12 else 3
    across = -(-people // rows)
    head = int(min(width / (across * 2.1), height / (rows * 2.4)))
    places = []
    for at in range(people):
        row, place = divmod(at, across)
        left = int((place + 0.5 + 0.15 * (row % 2)) * width / (across + 0.3)) - head // 2
        top = int(height * (0.10 if rows > 1 else 0.24)) + int(row * height * 0.85 / rows)
        places.append((left, top, left + head, top + int(head * 1.2)))
    return places


def _person(pen: ImageDraw.ImageDraw, rng: random.Random, face: Box) -> Box:
    left, top, right, bottom = face
    wide, tall = right - left, bottom - top
    hair, skin = rng.choice(HAIR), rng.choice(SKIN)
    shoulders = (left - wide // 3, bottom - tall // 10, right + wide // 3, bottom + int(tall * 1.6))
    pen.rounded_rectangle(shoulders, radius=wide // 3, fill=rng.choice(SHIRTS))
    pen.ellipse((left - wide // 12, top - tall // 8, right + wide // 12, bottom - tall // 3), fill=hair)
    pen.ellipse(face, fill=skin)
    pen.chord((left, top - tall // 12, right, top + int(tall * 0.62)), 190, 350, fill=hair)
    for x in (0.32, 0.68):
        eye = left + int(wide * x)
        size = max(2, wide // 16)
        pen.ellipse((eye - size, top + tall // 2 - size, eye + size, top + tall // 2 + size), fill="#221a15")
    mouth = (left + int(wide * 0.34), top + int(tall * 0.62), right - int(wide * 0.34), top + int(tall * 0.82))
    pen.arc(mouth, 20, 160, fill="#8a3b35", width=max(2, wide // 22))
    return face


def _sign(pen: ImageDraw.ImageDraw, rng: random.Random, text: str, at: int, size: tuple[int, int]) -> Box:
    width, height = size
    font = ImageFont.load_default(size=height // 17)
    left, top = int(width * 0.06), int(height * 0.80) + at * int(height * 0.1)
    if at:
        left, top = int(width * 0.55), int(height * 0.04) + (at - 1) * height // 9
    box = pen.textbbox((left, top), text, font=font)
    pad = height // 60
    pen.rectangle((box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad), fill="#fffdf5", outline="#4a4a4a", width=2)
    pen.text((left, top), text, font=font, fill=rng.choice(("#1d2b3a", "#5c1f1f")))
    return (int(box[0]), int(box[1]), int(box[2]), int(box[3]))
