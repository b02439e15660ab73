"""How time grows: with megapixels, with faces, with the people in the gallery.

`python -m tests.benchmarks.growth [--identification DIR] [--rounds N] [--json]`: medians by the clock, of whole
pictures in the process that looks (without text), and of 25 searches of the gallery. Each row is held against the first
of its table in the same run.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.crowds import Portraits, crowd, portraits_from
from tests.benchmarks.stages import FACES, MEGAPIXELS, WITHOUT_TEXT, a_gallery
from tests.benchmarks.stopwatch import Stopwatch
from vision.matching import identify
from vision.sandbox import SandboxedInspector

SIZES = (2, 12, 48)  # megapixels
CROWDS = (0, 5, 25, 100)  # faces
GALLERIES = (30, 100, 250, 1000, 3000)  # people


def measure(portraits: Portraits, rounds: int) -> dict[str, Any]:
    with SandboxedInspector() as inspector:
        sizes = {each: crowd(each, FACES, portraits) for each in SIZES}
        crowds = {each: crowd(MEGAPIXELS, each, portraits) for each in CROWDS}
        return {
            "megapixels": _whole(inspector, sizes, rounds),
            "faces": _whole(inspector, crowds, rounds),
            "gallery": _searches(rounds),
        }


def _whole(inspector: SandboxedInspector, pictures: dict[int, bytes], rounds: int) -> list[dict[str, Any]]:
    watch = Stopwatch()
    found = {each: len(inspector.inspect(content, WITHOUT_TEXT).faces) for each, content in pictures.items()}  # warm
    for _ in range(rounds):
        for each, content in pictures.items():
            watch.time(str(each), lambda content=content: inspector.inspect(content, WITHOUT_TEXT))  # type: ignore[misc]
    return _rows(watch, {str(each): count for each, count in found.items()})


def _searches(rounds: int) -> list[dict[str, Any]]:
    watch = Stopwatch()
    random = np.random.default_rng(11)
    probes = random.normal(size=(FACES, 128))
    probes /= np.linalg.norm(probes, axis=1, keepdims=True)
    rows = [tuple(probe.tolist()) for probe in probes]
    galleries = {str(each): a_gallery(each) for each in GALLERIES}
    for _ in range(rounds):
        for name, gallery in galleries.items():
            watch.time(name, lambda gallery=gallery: [identify(row, gallery) for row in rows])  # type: ignore[misc]
    return _rows(watch, {})


def _rows(watch: Stopwatch, found: dict[str, int]) -> list[dict[str, Any]]:
    first = watch.median(next(iter(watch.seconds)))
    return [
        {"of": name, "seconds": seconds, "times_the_first": round(seconds / first, 2)}
        | ({"found": found[name]} if name in found else {})
        for name, seconds in watch.medians().items()
    ]


def show(result: dict[str, Any]) -> None:
    for table, rows in result.items():
        print(table)
        for row in rows:
            found = f", {row['found']} faces found" if "found" in row else ""
            print(f"  {row['of']:>5}  {row['seconds']:8.4f} s  ({row['times_the_first']:.1f} times the first{found})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--identification", type=Path, help="a folder of NAME/*.jpg for the faces")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(portraits_from(options.identification), options.rounds)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    main()
