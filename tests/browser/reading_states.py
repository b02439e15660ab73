"""Drafts with much to read in their pictures: lists of names, lines read in two ways, writing nobody could read."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from app.reasons import Code, Reason, Remedy, Where
from tests.browser.drawing import Drawn, draw
from tests.browser.shots import Shot, States, text_reason
from vision.findings import Box

PUPILS = (
    *("Olivia Smith", "Kofi Mensah", "Zosia Nowak", "Amara Okafor", "Siân Pryce", "Mohammed Rahman", "Isla Fraser"),
    *("Tomás Ó Briain", "Freya Lindqvist", "Ada Finch", "Ben Marsh", "Leo Hart", "Mia Stone", "Noah Reed"),
    *("Ruby Vale", "Sami Aziz", "Tara Quinn", "Yusuf Khan"),
)
HIDDEN = (
    "A small preview inside the file shows 2 faces and the words ‘Kestrels’ and ‘Ben Marsh’; it is left out of the safe"
    " file.",
    "This file holds 12 more pictures; only the first is published.",
    "The file says where it was taken; this is left out of the safe file.",
)


CODE = (600, 560, 726, 686)


def a_list(*lines: str, size: tuple[int, int] = (900, 1200)) -> Drawn:
    """A sheet of paper on a wall with one line below the other."""
    picture = Image.new("RGB", size, "#c9b79c")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((120, 60, size[0] - 120, size[1] - 60), fill="#fdfcf7")
    boxes = []
    font = ImageFont.load_default(34)
    for at, line in enumerate(lines):
        place = (180, 110 + at * 56)
        pen.text(place, line, fill="#22201c", font=font)
        left, top, right, bottom = pen.textbbox(place, line, font=font)
        boxes.append((int(left) - 4, int(top) - 4, int(right) + 4, int(bottom) + 4))
    for at in range(2):  # what nobody can read
        pen.line([(640 + 12 * step, 160 + 300 * at + (step % 3) * 12) for step in range(8)], fill="#777777", width=3)
    for at in range(49):  # like a QR code
        x, y = CODE[0] + at % 7 * 18, CODE[1] + at // 7 * 18
        pen.rectangle((x, y, x + 17, y + 17), fill="#111111" if at * at % 5 < 2 else "#ffffff")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return Drawn(out.getvalue(), *size, (), tuple(boxes))


def class_list(states: States) -> str:
    """A list of 18 pupils on a wall, one of them read in two ways, writing that could not be read, and more hidden."""
    title = "Year 4 Heron"
    drawn = a_list(title, *PUPILS)
    read = (title, *PUPILS[:-1], "Yusuf Kh4n")
    shot = Shot(drawn, read=read, others={len(PUPILS): (PUPILS[-1],)}, notices=HIDDEN, file_name="IMG_2077.jpg")
    shot.search = {
        "readers": ["PP-OCRv6"],
        "closer": 6,
        "again": 1,
        "unread": [[630, 150, 740, 195], [630, 450, 740, 495]],
    }
    because = "“{}” is a pupil's full name. A pupil's name is an identifying detail."
    last = len(PUPILS)
    shot.reasons = [
        text_reason(shot, 1, at, name, because.format(name)) for at, name in enumerate(PUPILS, 1) if at < last
    ]
    shot.reasons.append(text_reason(shot, 1, last, PUPILS[-1], because.format(PUPILS[-1]), 1))
    shot.codes = ({"box": list(CODE), "symbology": "QR Code", "text": "https://forms.example/trip"},)
    where = Where("barcode", 1, None, Box(*CODE), 0, 26)
    link = "This link goes to a site the school has not approved: forms.example."
    shot.reasons.append(Reason(Code.LINK_NEEDS_CARE, where, link, (Remedy.COVER, Remedy.LEAVE_OUT)))
    plain = Shot(draw(79, 1), file_name="IMG_2078.jpg")
    plain.search = {"readers": ["PP-OCRv6"], "closer": 0, "again": 0, "unread": []}
    return states.decide([shot, plain], caption="Our new display")


def unread_alone(states: States) -> str:
    """Cleared, with places that a person has to look at."""
    shot = Shot(a_list("SPORTS HALL", size=(900, 700)), read=("SPORTS HALL",), notices=HIDDEN)
    shot.search = {
        "readers": ["PP-OCRv6", "EasyOCR"],
        "closer": 3,
        "again": 2,
        "unread": [[630, 150, 740, 195], [630, 450, 740, 495]],
    }
    return states.decide([shot, Shot(draw(80, 0), search=shot.search | {"unread": []})], caption="The hall")
