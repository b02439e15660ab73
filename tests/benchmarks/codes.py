"""QR codes and barcodes that we draw on clutter: how many are read, seen, missed, what is taken for one, the time.

`python -m tests.benchmarks.codes [--seed 1] [--each 6] [--without FOLDER ...]`; FOLDER holds pictures without a code.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from vision.barcodes import find_barcodes
from vision.errors import VisionError
from vision.findings import Box
from vision.images import Pixels, decode

FORMATS = zxingcpp.BarcodeFormat
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True)
class Setting:
    """How one code stands in its picture. `module` is the width of its narrowest bar or dot in pixels.

    `turned` in degrees; `tilted` is the most a corner moves, as a share of the code's side; `blur` is the sigma in
    modules; `dark` and `light` are its two greys, 0 to 255; `noise` is the sigma in greys; `torn` the share of its side
    that is hidden.
    """

    module: float = 6
    turned: float = 0
    tilted: float = 0
    blur: float = 0
    dark: int = 20
    light: int = 240
    noise: float = 0
    quality: int = 88  # of the JPEG
    size: tuple[int, int] = (1280, 960)
    torn: float = 0
    many: int = 1
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    pixels: Pixels
    codes: tuple[tuple[str, str, Box], ...]  # format, text, where


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _address(rng: random.Random) -> str:
    return f"https://{rng.choice(['club', 'fair', 'choir', 'camp'])}.example/{''.join(rng.choices(LETTERS, k=8))}"


CONTENTS: Mapping[str, tuple[zxingcpp.BarcodeFormat, Callable[[random.Random], str]]] = {
    "QR Code": (FORMATS.QRCode, _address),
    "EAN-13": (FORMATS.EAN13, lambda rng: _check_digit(_digits(rng, 12))),
    "Code 128": (FORMATS.Code128, lambda rng: "PUPIL-" + _digits(rng, 6)),
    "Code 39": (FORMATS.Code39, lambda rng: "LIB" + _digits(rng, 6)),
    "Data Matrix": (FORMATS.DataMatrix, _address),
    "Aztec": (FORMATS.Aztec, _address),
    "PDF417": (FORMATS.PDF417, _address),
}
SETTINGS: Mapping[str, Setting] = {
    "plain": Setting(),
    "turned": Setting(turned=-1),
    "tilted": Setting(tilted=0.14, turned=-1),
    "small, 12 MP": Setting(module=3.2, size=(4000, 3000), turned=-1),
    "tiny, 12 MP": Setting(module=2.1, size=(4000, 3000), turned=-1),
    "large, 12 MP": Setting(module=20, size=(4000, 3000), turned=-1, tilted=0.05),
    "inverted": Setting(inverted=True),
    "faint": Setting(dark=105, light=150, noise=2),
    "blurred": Setting(blur=0.45, turned=-1),
    "noisy": Setting(noise=28, turned=-1),
    "coarse JPEG": Setting(module=4, quality=30, turned=-1),
    "several": Setting(many=4, turned=-1),
    "torn": Setting(torn=0.45, turned=-1),
    "far too blurred": Setting(blur=0.8, turned=-1),
    "far too small": Setting(module=1.15, turned=-1),
}


def clutter(rng: random.Random, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A wall with rectangles, discs, stripes and writing, grey, with a little grain."""
    width, height = size
    picture = np.full((height, width), rng.randint(120, 210), np.uint8)
    unit = min(size)
    for _ in range(40):
        x, y, w, h = (int(rng.uniform(0.0, 1.0) * side) for side in (width, height, unit / 3, unit / 3))
        grey = rng.randint(0, 255)
        match rng.randrange(4):
            case 0:
                cv2.rectangle(picture, (x, y), (x + w, y + h), grey, -1)
            case 1:
                cv2.circle(picture, (x, y), max(w // 2, 1), grey, rng.choice([-1, 3]))
            case 2:
                for at in range(0, w, max(w // 12, 4)):
                    cv2.rectangle(picture, (x + at, y), (x + at + max(w // 24, 2), y + h), grey, -1)
            case _:
                words = "".join(rng.choices(LETTERS, k=9))
                cv2.putText(picture, words, (x, y), cv2.FONT_HERSHEY_DUPLEX, unit / 1000, grey, 2, cv2.LINE_AA)
    return picture


def drawn(rng: random.Random, kind: str, setting: Setting) -> Drawn:
    """A picture with `setting.many` codes of one kind, each with its quiet zone."""
    scene = clutter(rng, setting.size).astype(np.float32)
    codes: list[tuple[str, str, Box]] = []
    width, height = setting.size
    columns = 2 if setting.many > 1 else 1
    for at in range(setting.many):
        cell = (width // columns, height // (2 if setting.many > 1 else 1))
        corner = ((at % columns) * cell[0], (at // columns) * cell[1])
        format_, make = CONTENTS[kind]
        text = make(rng)
        tile = _tile(format_, text, rng, setting)
        box = _place(scene, tile, rng, setting, (*corner, *cell))
        codes.append((kind, text, box))
    scene += np.random.default_rng(rng.randrange(1 << 30)).normal(0, setting.noise + 1.5, scene.shape)
    grey = np.clip(scene, 0, 255).astype(np.uint8)
    raw = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, setting.quality])[1]
    saved = np.asarray(cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE), np.uint8)
    return Drawn(np.repeat(saved[:, :, None], 3, axis=2), tuple(codes))


def _tile(format_: zxingcpp.BarcodeFormat, text: str, rng: random.Random, setting: Setting) -> NDArray[np.float32]:
    """The code at 8 pixels a module with its quiet zone, in its two greys, torn where the setting says."""
    plain = np.array(zxingcpp.create_barcode(text, format_).to_image(scale=8))
    if setting.torn:
        height, width = plain.shape
        high, wide = int(height * setting.torn), int(width * setting.torn)
        top, left = rng.randrange(height // 2, height - high + 1), rng.randrange(width // 2, width - wide + 1)
        plain[top : top + high, left : left + wide] = 255 if rng.random() < 0.5 else 0
    light, dark = (setting.dark, setting.light) if setting.inverted else (setting.light, setting.dark)
    return (dark + (light - dark) * (plain.astype(np.float32) / 255)).astype(np.float32)


def _place(
    scene: NDArray[np.float32],
    tile: NDArray[np.float32],
    rng: random.Random,
    setting: Setting,
    cell: tuple[int, int, int, int],
) -> Box:
    """Lay the tile into the cell (left, top, width, height) of the scene; the box round it."""
    left, top, width, height = cell
    scale = setting.module / 8
    high, wide = (side * scale for side in tile.shape)
    angle = np.deg2rad(rng.uniform(0, 360) if setting.turned < 0 else setting.turned)
    across = abs(wide * np.cos(angle)) + abs(high * np.sin(angle))
    down = abs(wide * np.sin(angle)) + abs(high * np.cos(angle))
    shrink = min(1.0, 0.94 * width / across, 0.94 * height / down)
    high, wide, across, down = (side * shrink for side in (high, wide, across, down))
    centre = np.array(
        [
            left + rng.uniform(across / 2, max(width - across / 2, across / 2)),
            top + rng.uniform(down / 2, max(height - down / 2, down / 2)),
        ]
    )
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    lean = setting.tilted * min(wide, high)
    corners += np.array([[rng.uniform(-lean, lean), rng.uniform(-lean, lean)] for _ in range(4)])
    target = (corners @ turn.T + centre).astype(np.float32)
    rows, columns = tile.shape
    source = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    soft = cv2.GaussianBlur(tile, (0, 0), max(0.35 / (scale * shrink), 0.01))  # what a sensor does to edges
    matrix = cv2.getPerspectiveTransform(source, target)
    size = (scene.shape[1], scene.shape[0])
    laid = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones_like(tile), matrix, size, flags=cv2.INTER_LINEAR)
    scene[:] = scene * (1 - mask) + laid * mask
    if setting.blur:
        scene[:] = cv2.GaussianBlur(scene, (0, 0), setting.blur * setting.module * shrink)
    x, y = target.T
    return Box(
        max(int(x.min()), 0),
        max(int(y.min()), 0),
        min(int(x.max()) + 1, scene.shape[1]),
        min(int(y.max()) + 1, scene.shape[0]),
    )


@dataclass(frozen=True, slots=True)
class Count:
    read: int = 0
    seen: int = 0  # a code was reported there, and not what it says
    missed: int = 0
    wrong: int = 0  # codes that are not there, or say something else
    pictures: int = 0
    seconds: float = 0.0  # of processor time

    def __add__(self, other: Count) -> Count:
        return Count(
            self.read + other.read,
            self.seen + other.seen,
            self.missed + other.missed,
            self.wrong + other.wrong,
            self.pictures + other.pictures,
            self.seconds + other.seconds,
        )


def counted(picture: Drawn) -> Count:
    """What came of one drawn picture."""
    began = time.process_time()
    found = list(find_barcodes(picture.pixels))
    count = Count(pictures=1, seconds=time.process_time() - began)
    for _, text, box in picture.codes:
        there = [code for code in found if _share(code.box, box) > 0.3]
        found = [code for code in found if code not in there]
        if any(code.text == text for code in there):
            count = replace(count, read=count.read + 1)
        elif any(code.text is None for code in there):
            count = replace(count, seen=count.seen + 1)
        else:
            count = replace(count, missed=count.missed + 1)
        wrong = sum(code.text not in (None, text) for code in there)
        count = replace(count, wrong=count.wrong + wrong)
    return replace(count, wrong=count.wrong + len(found))


def _share(one: Box, other: Box) -> float:
    """Of the smaller box, how much lies in the other."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min(one.width * one.height, other.width * other.height)


def drawn_sets(seed: int, each: int) -> Iterator[tuple[str, str, list[Drawn]]]:
    """Kind of code, setting, and the pictures, made when they are asked for."""
    for name, setting in SETTINGS.items():
        for kind in CONTENTS:
            rng = random.Random(f"{seed} {name} {kind}")
            yield kind, name, [drawn(rng, kind, setting) for _ in range(each)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--without", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    print(f"{'':18}{'':14}{'read':>6}{'seen':>6}{'missed':>8}{'wrong':>7}{'CPU-s a picture':>17}")
    totals: dict[str, Count] = {}
    for kind, name, pictures in drawn_sets(options.seed, options.each):
        count = sum((counted(picture) for picture in pictures), Count())
        totals[name] = totals.get(name, Count()) + count
        _print(name, kind, count)
    print()
    for name, count in totals.items():
        _print(name, "all", count)
    for folder in options.without:
        _print_without(folder)


def _print(name: str, kind: str, count: Count) -> None:
    seconds = count.seconds / max(count.pictures, 1)
    print(f"{name:18}{kind:14}{count.read:6}{count.seen:6}{count.missed:8}{count.wrong:7}{seconds:17.3f}", flush=True)


def _print_without(folder: Path) -> None:
    """Pictures in which there is no code."""
    looked_at, false_alarms, seconds = 0, 0, 0.0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            pixels = decode(path.read_bytes()).pixels
        except VisionError:
            continue
        began = time.process_time()
        found = find_barcodes(pixels)
        seconds += time.process_time() - began
        looked_at += 1
        false_alarms += bool(found)
        for code in found:
            print(f"  {path.name}: {code}")
    print(f"{folder}: {looked_at} pictures, {false_alarms} with a code, {seconds / max(looked_at, 1):.3f} CPU-s each")


if __name__ == "__main__":
    main()
