"""Lines of text as they stand in pictures of a school, drawn and spoilt: small, blurred, faint, written by hand."""

from __future__ import annotations

import random
import string
import subprocess
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]
HERE = Path(__file__).resolve().parent
CAPTIONS = HERE.parent.parent / "captions"

CHARACTERS = (
    " "
    + string.ascii_letters
    + string.digits
    + "!\"#%&'()*+,-./:;=?@_£€–—‘’“”•°éèêëÉÈÊçÇàâäáãåÀÁÂÄÃÅîïíìÎÏÍôöóòõøÔÖÓÒÕØ"
    "ûüúùÛÜÚÙñÑýÿÝšŠžŽčČćĆłŁńŃśŚźŹżŻąĄęĘğĞıİşŞœŒæÆßőŐűŰđĐ"
)
HEIGHT = 48  # pixels that the network takes
MOST_WIDTH = 640
NOTHING = 0.05  # of what is drawn holds no text
# Kept out of training, so that what is measured on them is measured on hands never seen.
KEPT_OUT = ("humor", "klaudia", "berenika", "kristi", "dancing", "comfortaa", "quattrocento", "playfair", "fanwood")
HANDS = (
    *("ecolier", "dkg", "breip", "sjfonts", "Z003", "bwht", "femkeklaver", "havana", "kaushan", "klee", "leckerli"),
    *("tomsontalks", "rufscript", "Domestic_Manners", "It_wasn_t_me", "Wargames", "lobster", "levien"),
)
PRINTS = (
    *("comic-neue", "andika", "lato", "dejavu", "liberation", "opendyslexic/OpenDyslexic-", "open-sans", "roboto"),
    *("ebgaramond", "cantarell", "inter", "cabin", "libertine", "junction", "jura", "carlito", "caladea", "fantasque"),
    *("sora", "yanone", "vollkorn", "opendin", "gnutypewriter", "urw-base35", "Dustismo", "beteckna", "freefont"),
)


def fonts(parts: Sequence[str]) -> list[str]:
    """The installed font files whose path holds one of these parts, none that was kept out."""
    listed = subprocess.run(["fc-list", ":", "file"], capture_output=True, text=True, check=True).stdout
    files = {line.split(":")[0].strip() for line in listed.splitlines()}
    wanted = [file for file in files if any(part.lower() in file.lower() for part in parts)]
    fine = [file for file in wanted if file.endswith((".ttf", ".otf"))]
    names = ("symbol", "dingbat", "d050000l", "emoji", "math", "mono-", "initials", *KEPT_OUT)
    return sorted(file for file in fine if not any(part in file.lower() for part in names))


@lru_cache(maxsize=4000)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@lru_cache(maxsize=100_000)
def _has(path: str, character: str) -> bool:
    font = _font(path, 40)
    if character == " ":
        return True
    missing = bytes(font.getmask("\U000f1234"))
    drawn = font.getmask(character)
    return bool(drawn.size[0]) and bytes(drawn) != missing


def cap_font(path: str, cap: float) -> ImageFont.FreeTypeFont:
    """The font in the size in which a capital H is `cap` pixels high."""
    box = _font(path, 100).getbbox("H")
    return _font(path, max(5, round(cap * 100 / max(10.0, box[3] - box[1]))))


def _pixels(array: object) -> Pixels:
    return np.asarray(array, np.uint8)


class Texts:
    """What may stand in a line: names, words, numbers, and letters that mean nothing."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.given, self.family = _names()
        rows = (CAPTIONS / "data" / "common_words.txt").read_text("utf-8").splitlines()
        self.words = [word for row in rows if not row.startswith("#") for word in row.split() if len(word) > 1]
        self.pairs = _pairs([*self.given, *self.family, *self.words])

    def one(self) -> str:
        draw = self.draw
        kind = draw.random()
        if kind < 0.38:
            text = self._name()
        elif kind < 0.66:
            text = " ".join(self._invented() for _ in range(draw.choice((1, 2, 2, 3))))
        elif kind < 0.86:
            text = " ".join(draw.choice(self.words) for _ in range(draw.randint(1, 4)))
            text = draw.choice((str.title, str.capitalize, str, str.lower))(text)
        else:
            text = self._number()
        case = draw.random()
        if case < 0.10:
            text = text.upper()
        elif case < 0.14:
            text = text.lower()
        return "".join(character for character in unicodedata.normalize("NFC", text) if character in CHARACTERS)

    def _name(self) -> str:
        draw = self.draw
        given, family = draw.choice(self.given), draw.choice(self.family)
        if draw.random() < 0.12:
            given = f"{given}-{draw.choice(self.given)}"
        if draw.random() < 0.08:
            family = f"{family}-{draw.choice(self.family)}"
        kinds = (
            f"{given} {family}", f"{given} {family}", f"{given} {family}", given, given, f"{given} {family[0]}",
            f"{given} {family[0]}.", f"{family}, {given}", f"{given}'s", family, f"Well done {given}!",
            f"{draw.randint(1, 30)}. {given} {family}", f"{given} & {draw.choice(self.given)}", f"By {given}",
        )  # fmt: skip
        return draw.choice(kinds)

    def _invented(self) -> str:
        """A word that is none, by the pairs of letters that follow one another in names and words."""
        draw, letters = self.draw, "^"
        if draw.random() < 0.25:
            return "".join(draw.choice(string.ascii_letters) for _ in range(draw.randint(2, 8)))
        if draw.random() < 0.10:
            return "".join(draw.choice(CHARACTERS[1:]) for _ in range(draw.randint(2, 8)))
        while len(letters) < 11:
            following = draw.choice(self.pairs[letters[-2:] if len(letters) > 1 else "^"] or "$")
            if following == "$":
                break
            letters += following
        word = letters[1:]
        return word.capitalize() if draw.random() < 0.7 else word

    def _number(self) -> str:
        draw = self.draw

        def some(letters: str, count: int) -> str:
            return "".join(draw.choice(letters) for _ in range(count))

        upper, digits = string.ascii_uppercase, string.digits
        street = draw.choice(("Road", "Street", "Lane", "Close"))
        kinds = (
            f"{some(upper, 2)}{some(digits, 2)} {some(upper, 3)}",
            f"0{some(digits, 4)} {some(digits, 6)}",
            f"Tel 0{some(digits, 4)} {some(digits, 3)} {some(digits, 3)}",
            f"Class {draw.randint(1, 6)}{some(upper, 1)}",
            f"Year {draw.randint(1, 6)}",
            f"{draw.randint(1, 31)}/{draw.randint(1, 12)}/{draw.randint(10, 27)}",
            f"{some(upper, 2)}{draw.randint(1, 20)} {some(digits, 1)}{some(upper, 2)}",
            some(digits, draw.randint(1, 8)),
            f"{draw.randint(1, 200)} {draw.choice(self.words).title()} {street}",
            f"{draw.randint(1, 12)}.{some(digits, 2)} am",
            f"£{some(digits, 2)}.{some(digits, 2)}",
        )
        return draw.choice(kinds)


def _names() -> tuple[list[str], list[str]]:
    given: list[str] = []
    family: list[str] = []
    for line in (CAPTIONS / "training" / "names.txt").read_text("utf-8").splitlines():
        if ":" in line and not line.startswith("#"):
            head, _, names = line.partition(":")
            (given if "given" in head else family).extend(names.split())
    return given, family


def _pairs(words: Sequence[str]) -> dict[str, str]:
    following: dict[str, str] = {}
    for word in words:
        marked = f"^{word.lower()}$"
        for at in range(1, len(marked)):
            key = marked[max(0, at - 2) : at] if at > 1 else "^"
            following[key] = following.get(key, "") + marked[at]
    return following


class Lines:
    """Draws one line after another: pixels (48 x width x 3, BGR) and what stands there."""

    def __init__(self, seed: int, hands: Sequence[str], prints: Sequence[str]) -> None:
        self.draw = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.texts = Texts(self.draw)
        self.hands, self.prints = hands, prints

    def one(self) -> tuple[Pixels, str]:
        draw = self.draw
        if draw.random() < NOTHING:
            return self._nothing(), ""
        while True:
            text = " ".join(self.texts.one().split())
            path = draw.choice(self.hands if draw.random() < 0.6 else self.prints)
            text = "".join(each for each in text if _has(path, each)).strip()
            if 0 < len(text) <= 34:
                picture = self._picture(text, path)
                if picture is not None:
                    return picture, text

    def _nothing(self) -> Pixels:
        """What a detector takes for a line and is none: edges, stripes, patches, weave."""
        draw, height = self.draw, 2 * HEIGHT
        width = draw.randint(HEIGHT, 6 * HEIGHT)
        sheet = Image.new("RGB", (width, height), tuple(draw.randint(0, 255) for _ in range(3)))
        pen = ImageDraw.Draw(sheet)
        for _ in range(draw.choice((0, 1, 2, 3, 8))):
            x, y, size = draw.randint(-40, width), draw.randint(-40, height), draw.randint(8, 2 * height)
            shape = draw.choice((pen.ellipse, pen.rectangle))
            shape((x, y, x + size, y + size // draw.randint(1, 4)), fill=tuple(draw.randint(0, 255) for _ in range(3)))
        picture = np.asarray(sheet).astype(np.float32)
        if draw.random() < 0.5:
            ys, xs = np.mgrid[0:height, 0:width]
            wave = np.sin(xs * draw.uniform(0.02, 1.3)) * np.sin(ys * draw.uniform(0.02, 1.3) + draw.uniform(0, 3))
            picture += (draw.uniform(4, 50) * wave)[..., None]
        picture += self.noise.normal(0, draw.uniform(0, 6), (height, width, 1))
        spoilt = self._spoilt(np.clip(picture, 0, 255).astype(np.uint8), draw.choice((10, 24, 40)))
        return np.asarray(cv2.resize(spoilt, (width // 2, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)

    def _picture(self, text: str, path: str) -> Pixels | None:
        draw = self.draw
        cap = draw.choice((8, 9, 10, 12, 14, 16, 16, 20, 24, 24, 28, 32, 40))
        font = cap_font(path, cap)
        left, top, right, bottom = font.getbbox(text)
        width, height = round(right - left), round(bottom - top)
        if not 4 < width < 46 * cap or not 3 < height < 5 * cap:
            return None
        room = 3 * cap
        paper, ink = self._colours()
        sheet = Image.new("RGB", (width + 2 * room, height + 2 * room), tuple(paper))
        self._mark(sheet, cap)
        ImageDraw.Draw(sheet).text((room - left, room - top), text, font=font, fill=tuple(ink))
        picture = np.asarray(sheet)
        picture = self._bent(picture, cap)
        picture = self._spoilt(picture, cap)
        return self._cut(picture, (room, room, room + width, room + height), cap)

    def _colours(self) -> tuple[list[int], list[int]]:
        draw = self.draw
        light = [draw.randint(150, 255) for _ in range(3)]
        dark = [draw.randint(0, 110) for _ in range(3)]
        if draw.random() < 0.12:  # faint
            base, step = draw.randint(70, 210), draw.choice((15, 20, 25, 30, 40, 50))
            light, dark = [base] * 3, [max(0, base - step)] * 3
        return (light, dark) if draw.random() < 0.75 else (dark, light)

    def _mark(self, sheet: Image.Image, cap: int) -> None:
        """Now and then what else stands near a line: a border, a rule, a patch of another colour."""
        draw, pen = self.draw, ImageDraw.Draw(sheet)
        width, height = sheet.size
        if draw.random() < 0.25:
            inset = draw.randint(cap // 2, 2 * cap)
            colour = tuple(draw.randint(0, 255) for _ in range(3))
            pen.rectangle((inset, inset, width - inset, height - inset), outline=colour, width=max(1, cap // 10))
        if draw.random() < 0.12:
            y = height - 3 * cap + draw.randint(0, cap // 2)
            pen.line((0, y, width, y), fill=tuple(draw.randint(0, 255) for _ in range(3)), width=1 + cap // 16)

    def _bent(self, picture: Pixels, cap: int) -> Pixels:
        draw = self.draw
        height, width = picture.shape[:2]
        kind = draw.random()
        if kind < 0.25:
            lean = draw.uniform(-0.25, 0.25)
            moved = np.array([[1, lean, -lean * height / 2], [draw.uniform(-0.04, 0.04), 1, 0]], np.float32)
            picture = _pixels(cv2.warpAffine(picture, moved, (width, height), borderMode=cv2.BORDER_REPLICATE))
        elif kind < 0.33:
            ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
            wave = 0.18 * cap * np.sin(xs / (cap * draw.uniform(2, 6)) + draw.uniform(0, 6))
            picture = _pixels(cv2.remap(picture, xs, ys + wave.astype(np.float32), 1, borderMode=cv2.BORDER_REPLICATE))
        return np.asarray(picture, np.uint8)

    def _spoilt(self, picture: Pixels, cap: int) -> Pixels:
        draw = self.draw
        kind = draw.random()
        if kind < 0.36:
            sigma = cap * draw.triangular(0.02, 0.2, 0.08)
            picture = _pixels(cv2.GaussianBlur(picture, (0, 0), sigma))
        elif kind < 0.46:
            length = max(2, round(cap * draw.triangular(0.1, 0.6, 0.2)))
            kernel = np.zeros((length, length), np.float32)
            turn = draw.choice(("down", "up", "flat", "steep"))
            if turn == "flat":
                kernel[length // 2] = 1 / length
            elif turn == "steep":
                kernel[:, length // 2] = 1 / length
            else:
                kernel[:] = np.eye(length)[:: 1 if turn == "down" else -1] / length
            picture = _pixels(cv2.filter2D(picture, -1, kernel))
        if draw.random() < 0.5:
            grain = self.noise.normal(0, draw.uniform(1, 5), (*picture.shape[:2], 1))
            picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
        if draw.random() < 0.3:
            bright = np.linspace(draw.uniform(0.8, 1.1), draw.uniform(0.8, 1.1), picture.shape[1])[None, :, None]
            picture = np.clip(picture * bright, 0, 255).astype(np.uint8)
        if draw.random() < 0.6:
            _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, draw.randint(45, 92)])
            picture = _pixels(cv2.imdecode(packed, cv2.IMREAD_COLOR))
        return np.asarray(picture, np.uint8)

    def _cut(self, picture: Pixels, box: tuple[int, int, int, int], cap: int) -> Pixels | None:
        """As a detector frames a line: loosely, never quite straight, now and then too tightly."""
        draw = self.draw
        left, top, right, bottom = box
        loose = draw.uniform(0.1, 0.55) * cap if draw.random() < 0.7 else draw.uniform(0.0, 1.4) * cap
        edges = [
            left - loose * draw.uniform(0.6, 1.8),
            top - loose * draw.uniform(0.5, 1.3),
            right + loose * draw.uniform(0.6, 1.8),
            bottom + loose * draw.uniform(0.5, 1.3),
        ]
        height, width = picture.shape[:2]
        x1, y1 = (max(0, round(edge)) for edge in edges[:2])
        x2, y2 = min(width, round(edges[2])), min(height, round(edges[3]))
        cut = picture[y1:y2, x1:x2]
        if cut.shape[0] < 4 or cut.shape[1] < 4:
            return None
        wide = max(8, round(HEIGHT * cut.shape[1] / cut.shape[0]))
        if wide > MOST_WIDTH:
            return None
        how = cv2.INTER_AREA if cut.shape[0] > 72 else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(cut, (wide, HEIGHT), interpolation=how), np.uint8)
