"""Pictures with text as a primary school has them, drawn by code, and what stands in each.

`python -m tests.benchmarks.drawn_texts FOLDER --seed 1` writes pictures and `truth.json`: a list of `{"file", "cat",
"lines", "words", "names", "letter_px", "rot", "w", "h"}` and what else a category knows of itself (`sigma`, `motion`,
`delta`, `hand`). Names are invented; letters are measured by their capitals' height in pixels.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]
Pixels = npt.NDArray[Any]

PRINT = ("ComicNeue-Bold", "ComicNeue-Regular", "Andika-Regular", "Lato-Bold", "DejaVuSans", "LiberationSerif-Regular")
HAND = (
    "Ecolier-court",
    "dkg",
    "Breip",
    "SteveHand",
    "Delphine",
    "Z003-MediumItalic",
    "DancingScript",
    "Kristi",
    "Humor",
)
PLATE = ("NimbusSansNarrow-Bold", "DejaVuSansCondensed-Bold")
GIVEN = (
    *("Tobias", "Ffion", "Oluwaseun", "Maddox", "Zuzanna", "Inaya", "Hamza", "Elspeth", "Rafferty", "Saoirse", "Meera"),
    *("Zachary", "Nyah", "Blessing", "Wiktor", "Tegan", "Dominic", "Aaliyah", "Ptolemy", "Chloé", "Søren", "Anaïs"),
    *("Mary-Beth", "Jean-Luc", "D'Marco", "Bea", "Leo", "Ottilie", "Kwame", "Yara", "Rhiannon", "Piotr", "Xiulan"),
)
FAMILY = (
    *("Pemberton", "Oyelaran", "Wójcik", "Rahman", "Llewellyn", "Fairweather", "O'Sullivan", "Baptiste", "Sandhu"),
    *(
        "Thorne",
        "Achebe",
        "Haque",
        "McAllister",
        "Bright-Jones",
        "Nguyen",
        "Dobson",
        "Quigley",
        "Varga",
        "Ash",
        "Ekwueme",
    ),
)
INK: tuple[Colour, ...] = ((15, 15, 25), (20, 30, 110), (110, 15, 30), (20, 80, 40))
PAPER: tuple[Colour, ...] = ((252, 252, 248), (255, 246, 190), (214, 236, 255), (228, 250, 224), (250, 220, 230))


@dataclass(slots=True)
class Drawn:
    """One picture and what stands in it; `facts` go into truth.json as they are."""

    category: str
    picture: Image.Image
    lines: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    letter: int = 0
    quality: int = 88
    facts: dict[str, Any] = field(default_factory=dict)


def font_files() -> dict[str, str]:
    """Installed fonts by the name of their file."""
    listed = subprocess.run(["fc-list", ":", "file"], capture_output=True, text=True, check=True).stdout
    paths = (Path(line.split(":")[0].strip()) for line in listed.splitlines())
    return {path.stem: str(path) for path in paths if path.suffix in (".ttf", ".otf")}


class Pen:
    """Draws with a seed; a font that is not installed is left out, and `missing` names it."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        files = font_files()

        def installed(stems: Sequence[str]) -> list[str]:
            return [path for stem in stems for name, path in sorted(files.items()) if name.startswith(stem)][:40]

        self.print, self.hand, self.plate = installed(PRINT), installed(HAND), installed(PLATE)
        self.missing = [stem for stem in (*PRINT, *HAND) if not installed([stem])]
        if not self.print or not self.hand:
            raise SystemExit("No fonts to draw with: see the packages named in .ci/run.")

    def name(self) -> str:
        return f"{self.draw.choice(GIVEN)} {self.draw.choice(FAMILY)}"

    def font(self, path: str, capital: float) -> ImageFont.FreeTypeFont:
        box = ImageFont.truetype(path, 100).getbbox("H")
        return ImageFont.truetype(path, max(5, round(capital * 100 / (box[3] - box[1]))))

    def ground(self, width: int, height: int, kind: str = "") -> Image.Image:
        """Plaster, planks, knitted cloth, a whiteboard, or a corner full of things."""
        kind = kind or self.draw.choice(("plaster", "planks", "knit", "things"))
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        base = np.array([self.draw.randint(120, 225) for _ in range(3)], np.float32)
        shade = 1 + 0.12 * np.sin(xs / width * 3 + self.draw.random()) * np.cos(ys / height * 2)
        pixels = base * shade[..., None]
        if kind == "planks":
            pixels = np.array([176, 130, 86], np.float32) + (12 * np.sin(ys / 9 + 2 * np.sin(xs / 260)))[..., None]
            pixels[np.asarray(ys % 150 < 4)] *= 0.6
        elif kind == "knit":
            dark = np.array([self.draw.randint(20, 110) for _ in range(3)], np.float32)
            pixels = dark + (11 * np.sin(xs * 0.9) * np.sin(ys * 0.7 + xs * 0.2))[..., None]
        elif kind == "board":
            pixels = np.full((height, width, 3), 238, np.float32) * shade[..., None] ** 0.3
        pixels += self.noise.normal(0, 2.5, (height, width, 1))
        picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        if kind == "things":
            self.things(picture, 45 * width * height // 1_200_000)
        return picture

    def things(self, picture: Image.Image, count: int) -> None:
        pen = ImageDraw.Draw(picture)
        for _ in range(count):
            x, y, size = (
                self.draw.randint(0, picture.width),
                self.draw.randint(0, picture.height),
                self.draw.randint(9, 130),
            )
            shape = self.draw.choice((pen.ellipse, pen.rectangle, pen.rounded_rectangle))
            colour = tuple(self.draw.randint(0, 255) for _ in range(3))
            shape((x, y, x + size, y + size // self.draw.randint(1, 5) + 1), fill=colour)

    def label(
        self, lines: Sequence[str], fonts: Sequence[str], capitals: Sequence[float], ink: Colour, paper: Colour | None
    ) -> Image.Image:
        """Lines on a piece of paper (or on nothing), RGBA."""
        used = [self.font(path, capital) for path, capital in zip(fonts, capitals, strict=True)]
        pad = round(max(capitals))
        width = round(max(font.getlength(line) for font, line in zip(used, lines, strict=True))) + 2 * pad
        heights = [round(2 * capital) for capital in capitals]
        sheet = Image.new("RGBA", (width, sum(heights) + 2 * pad), (*paper, 255) if paper else (0, 0, 0, 0))
        pen, y = ImageDraw.Draw(sheet), pad
        for line, font, high in zip(lines, used, heights, strict=True):
            pen.text((pad, y + high * 0.75), line, font=font, fill=(*ink, 255), anchor="ls")
            y += high
        return sheet

    def simple(self, text: str, capital: float, *, hand: bool = False) -> Image.Image:
        font = self.draw.choice(self.hand if hand else self.print)
        return self.label([text], [font], [capital], self.draw.choice(INK), self.draw.choice(PAPER))

    def stick(self, picture: Image.Image, label: Image.Image, across: float, down: float, turn: float = 0) -> None:
        """Put the label with its corner at these shares of the room that there is."""
        turned = label.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC) if turn else label
        room = max(0, picture.width - turned.width), max(0, picture.height - turned.height)
        picture.paste(turned, (round(across * room[0]), round(down * room[1])), turned)


# -- categories ----------------------------------------------------------------------------------------------------


def labels(pen: Pen) -> Iterator[Drawn]:
    for capital in (8, 11, 16, 26, 44):
        for number in range(5):
            hand, picture = number >= 3, pen.ground(1280, 960)
            names = [pen.name() for _ in range(3)]
            for at, name in enumerate(names):
                pen.stick(picture, pen.simple(name, capital, hand=hand), pen.draw.random(), 0.05 + 0.4 * at)
            category = "label_hand" if hand else "label_print"
            yield Drawn(category, picture, names, names, capital, facts={"hand": hand})


def turned(pen: Pen) -> Iterator[Drawn]:
    for angle in (15, -15, 90, 180, 270, 35):
        for capital in (22, 34):
            picture, names = pen.ground(1280, 960), [pen.name(), pen.name()]
            for at, name in enumerate(names):
                pen.stick(picture, pen.simple(name, capital), 0.05 + 0.85 * at, pen.draw.random(), angle)
            yield Drawn("turned", picture, names, names, capital, facts={"rot": angle})


def tilted(pen: Pen) -> Iterator[Drawn]:
    for share in (0.1, 0.18, 0.26):
        for _ in range(2):
            picture, names = pen.ground(1280, 960), [pen.name() for _ in range(3)]
            for at, name in enumerate(names):
                pen.stick(picture, pen.simple(name, 30), 0.25 + 0.1 * at, 0.12 + 0.35 * at)
            width, height = picture.size
            corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
            seen = corners + np.array(
                [[0, height * share], [0, 0], [0, 0], [width * 0.05, -height * share]], np.float32
            )
            matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
            pixels = cv2.warpPerspective(np.asarray(picture), matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
            yield Drawn("tilted", Image.fromarray(np.asarray(pixels, np.uint8)), names, names, 30)


def blurred(pen: Pen) -> Iterator[Drawn]:
    for sigma in (1.5, 2.5, 3.5, 5.0):
        for number in range(4):
            picture, names = pen.ground(1280, 960), [pen.name(), pen.name()]
            for at, name in enumerate(names):
                pen.stick(picture, pen.simple(name, 24), 0.1 + 0.3 * at, 0.15 + 0.5 * at)
            motion = number == 3
            if motion:
                length = int(4 * sigma)
                kernel = np.zeros((length, length), np.float32)
                kernel[length // 2] = 1 / length
                picture = Image.fromarray(np.asarray(cv2.filter2D(np.asarray(picture), -1, kernel), np.uint8))
            else:
                picture = picture.filter(ImageFilter.GaussianBlur(sigma))
            yield Drawn("blur", picture, names, names, 24, facts={"sigma": sigma, "motion": motion})


def faint(pen: Pen) -> Iterator[Drawn]:
    for delta in (60, 40, 25, 15):
        for _ in range(2):
            base, names = pen.draw.randint(95, 205), [pen.name(), pen.name()]
            picture = pen.ground(1280, 960, "plaster")
            for at, name in enumerate(names):
                sheet = pen.label([name], [pen.draw.choice(pen.print)], [28], (base - delta,) * 3, (base,) * 3)
                pen.stick(picture, sheet, 0.1 + 0.5 * at, 0.2 + 0.5 * at)
            pixels = np.asarray(picture).astype(float) + pen.noise.normal(0, 3.5, (960, 1280, 1))
            picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
            yield Drawn("faint", picture, names, names, 28, facts={"delta": delta})


def documents(pen: Pen) -> Iterator[Drawn]:
    serif, hand = pen.print[-1:], pen.hand
    for _ in range(6):
        name = pen.name()
        lines = ["Star of the Week", "presented to", name, "for kindness on the playground", "Larkfield Primary"]
        fonts = [serif[0], serif[0], pen.draw.choice(hand), serif[0], serif[0]]
        sheet = pen.label(lines, fonts, [34, 18, 38, 18, 16], (40, 30, 90), (255, 250, 236))
        picture = pen.ground(1280, 960, "plaster")
        pen.stick(picture, sheet, pen.draw.random(), pen.draw.random(), pen.draw.uniform(-4, 4))
        yield Drawn("certificate", picture, lines, [name], 38)
    for capital in (10, 12, 14):
        names = sorted(pen.name() for _ in range(16))
        lines, font = ["Kestrel class", *names], pen.draw.choice(pen.print)
        sheet = pen.label(lines, [font] * 17, [20, *[capital] * 16], INK[0], PAPER[0])
        picture = pen.ground(1600, 1200, "plaster")
        pen.stick(picture, sheet, pen.draw.random(), 0.3, pen.draw.uniform(-4, 4))
        yield Drawn("classlist", picture, lines, names, capital)
    for _ in range(6):
        names, font = [pen.draw.choice(GIVEN) for _ in range(5)], pen.draw.choice(hand)
        lines = [pen.draw.choice(("Line leaders", "Tidy table", "Spelling stars")), *names]
        sheet = pen.label(lines, [font] * 6, [36, *[30] * 5], pen.draw.choice(INK), None)
        picture = pen.ground(1280, 960, "board")
        pen.stick(picture, sheet, 0.2, 0.2, pen.draw.uniform(-3, 3))
        yield Drawn("whiteboard", picture, lines, names, 30, facts={"hand": True})


def signs(pen: Pen) -> Iterator[Drawn]:
    for capital in (18, 28, 44):
        plate = (
            "".join(pen.draw.choice("ABDEFGHKLMNPRSTVWXY") for _ in range(2)) + f"{pen.draw.choice((19, 22, 70, 73))} "
        )
        plate += "".join(pen.draw.choice("ABDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
        picture = pen.ground(1280, 960, "things")
        sheet = pen.label(
            [plate], [pen.plate[0] if pen.plate else pen.print[0]], [capital], (10, 10, 10), (248, 204, 30)
        )
        pen.stick(picture, sheet, 0.4, 0.5, pen.draw.uniform(-7, 7))
        yield Drawn("plate", picture, [plate], [], capital)
    for _ in range(3):
        number = pen.draw.randint(2, 180)
        lines = [
            f"If found: {pen.name()}",
            f"{number} Juniper Way",
            "Hull HU5 4RT",
            f"01632 960{pen.draw.randint(100, 999)}",
        ]
        sheet = pen.label(lines, [pen.draw.choice(pen.print)] * 4, [16] * 4, INK[0], PAPER[0])
        picture = pen.ground(1280, 960, "things")
        pen.stick(picture, sheet, pen.draw.random(), pen.draw.random(), pen.draw.uniform(-9, 9))
        yield Drawn("sign", picture, lines, [lines[0].removeprefix("If found: ")], 16)


def large(pen: Pen) -> Iterator[Drawn]:
    for capital in (10, 13, 10, 13, 24, 60):
        picture = pen.ground(4000, 3000, "plaster" if capital < 20 else "things")
        picture.paste(pen.ground(1500, 1500, "planks"), (2300, 1200))
        names = [pen.name() for _ in range(8)]
        for at, name in enumerate(names):
            across, down = (at % 4 + 0.6 * pen.draw.random()) / 4, (at // 4 + 0.8 * pen.draw.random()) / 2
            pen.stick(picture, pen.simple(name, capital), across, down)
        small = capital < 20
        shown = picture.filter(ImageFilter.GaussianBlur(0.8)) if small else picture
        yield Drawn("mp12s" if small else "mp12", shown, names, names, capital, quality=82)


def without_text(pen: Pen) -> Iterator[Drawn]:
    for number in range(24):
        size = (4000, 3000) if number % 8 == 7 else (1280, 960)
        picture = pen.ground(*size, ("things", "planks", "knit", "plaster")[number % 4])
        shapes = ImageDraw.Draw(picture)
        if number % 3 == 1:  # a fence, window rows, tiles
            step, colour = pen.draw.randint(18, 90), tuple(pen.draw.randint(0, 255) for _ in range(3))
            for x in range(0, size[0], step):
                shapes.line((x, 0, x + pen.draw.randint(-4, 4), size[1]), fill=colour, width=max(2, step // 6))
            for y in range(0, size[1], 2 * step):
                shapes.line((0, y, size[0], y), fill=colour, width=max(2, step // 8))
        elif number % 3 == 2:  # leaves, pebbles, bokeh
            for _ in range(700):
                x, y, radius = pen.draw.randint(0, size[0]), pen.draw.randint(0, size[1]), pen.draw.randint(3, 26)
                green = (pen.draw.randint(20, 90), pen.draw.randint(70, 190), pen.draw.randint(10, 80))
                shapes.ellipse((x, y, x + 2 * radius, y + radius), fill=green)
        yield Drawn("none", picture)


CATEGORIES: tuple[Callable[[Pen], Iterator[Drawn]], ...] = (
    labels, turned, tilted, blurred, faint, documents, signs, large, without_text,
)  # fmt: skip


def write(folder: Path, seed: int = 1) -> list[str]:
    """Draw the whole set into the folder; the fonts that were missing."""
    folder.mkdir(parents=True, exist_ok=True)
    pen = Pen(seed)
    truth: list[dict[str, Any]] = []
    for category in CATEGORIES:
        for drawn in category(pen):
            name = f"{len(truth):03}_{drawn.category}.jpg"
            drawn.picture.convert("RGB").save(folder / name, quality=drawn.quality)
            words = [word.strip(",.:;()") for line in drawn.lines for word in line.split()]
            truth.append(
                {"file": name, "cat": drawn.category, "lines": drawn.lines, "names": drawn.names, "rot": 0}
                | {"words": [word for word in words if any(map(str.isalnum, word))], "letter_px": drawn.letter}
                | {"w": drawn.picture.width, "h": drawn.picture.height}
                | drawn.facts
            )
    (folder / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False), "utf-8")
    return pen.missing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for stem in write(options.folder, options.seed):
        print(f"No font {stem}: left out.")
