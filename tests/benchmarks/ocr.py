"""How text in pictures is read: `python -m tests.benchmarks.ocr [SET ...]`, against rapidocr left to itself.

A SET is a folder of pictures with `truth.json`, as `tests.benchmarks.drawn_texts` writes it; without one it is drawn
anew (`--seed`). A name counts as found where its letters and digits, without marks and spaces, stand in what was read
of its picture, or something that differs by one letter does (in names of four letters and more); a full name also where
each of its parts does. Further readings of a line count. A line is no text where it is like no line and no word of its
picture. Seconds are of one processor. Drawn text only: no photograph, and no child's handwriting.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from tests.benchmarks import drawn_texts
from vision.images import Pixels
from vision.reading import OcrEngine, load_reader

UNLIKE = 60  # of 100, rapidfuzz's partial ratio: a line below this is like nothing that stands there
HAND = re.compile(r"hand|whiteboard|certificate")
SMALL_IN_LARGE = re.compile(r"mp12s")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read in one picture: lines, all readings of them, places not read, seconds of a processor."""

    lines: tuple[str, ...]
    readings: tuple[str, ...]
    unread: int
    seconds: float


Reader = Callable[[Pixels], Read]


@dataclass(slots=True)
class Tally:
    """Counts over pictures; `times` by megapixels, rounded."""

    pictures: int = 0
    names: int = 0
    exact: int = 0
    found: int = 0
    strays: int = 0
    unread: int = 0
    times: list[tuple[float, float]] = field(default_factory=list)

    def add(self, truth: dict[str, Any], read: Read) -> list[str]:
        """Count one picture; the names that were missed and the lines that are no text."""
        wrong = []
        self.pictures += 1
        self.unread += read.unread
        self.times.append((truth["w"] * truth["h"] / 1e6, read.seconds))
        for name in truth["names"]:
            self.names += 1
            exact, found = is_found(name, read.readings)
            self.exact += exact
            self.found += found
            wrong += [] if found else [f"missed {name!r}"]
        strays = [line for line in read.lines if is_stray(line, (*truth["lines"], *truth["words"]))]
        self.strays += len(strays)
        return wrong + [f"no text {line!r}" for line in strays]

    def seconds(self, low: float, high: float) -> float | None:
        """The median time of pictures between so many megapixels."""
        times = [seconds for size, seconds in self.times if low <= size <= high]
        return statistics.median(times) if times else None


def folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def is_found(name: str, readings: Iterable[str]) -> tuple[bool, bool]:
    """Whether a name stands in the readings exactly, and whether nearly."""
    rows = [folded(reading) for reading in readings]
    everything = ["".join(rows), *rows]
    parts = [folded(part) for part in name.split()]

    def stands(test: Callable[[str, str], bool]) -> bool:
        whole = any(test(folded(name), row) for row in everything)
        return whole or all(any(test(part, row) for row in everything) for part in parts)

    return stands(lambda wanted, row: wanted in row), stands(_nearly_in)


def _nearly_in(wanted: str, row: str) -> bool:
    if wanted in row:
        return True
    if len(wanted) < 4:
        return False
    lengths = range(len(wanted) - 1, len(wanted) + 2)
    pieces = (row[at : at + length] for length in lengths for at in range(max(1, len(row) - length + 1)))
    return any(Levenshtein.distance(wanted, piece, score_cutoff=1) <= 1 for piece in pieces)


def is_stray(line: str, truth: Sequence[str]) -> bool:
    """Whether a line is like nothing that stands in its picture."""
    said = folded(line)

    def like(other: str) -> float:
        short = min(len(said), len(other)) < 3
        return (100.0 if said in other or other in said else 0.0) if short else fuzz.partial_ratio(said, other)

    return not said or max((like(folded(other)) for other in truth if folded(other)), default=0) < UNLIKE


# -- readers -------------------------------------------------------------------------------------------------------


def ours(engine: OcrEngine, weights: Path | None) -> Reader:
    reader = load_reader(1, engine, weights)

    def read(pixels: Pixels) -> Read:
        start = time.process_time()
        found = reader.read(pixels)
        seconds = time.process_time() - start
        lines = tuple(line.text for line in found.lines)
        others = tuple(other for line in found.lines for other in line.others)
        return Read(lines, (*lines, *others), len(found.unread), seconds)

    return read


def left_to_itself() -> Reader:
    """rapidocr with its own settings on the whole picture: the baseline."""
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(pixels: Pixels) -> Read:
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        start = time.process_time()
        found: Any = engine(bgr)
        seconds = time.process_time() - start
        lines = tuple(str(text) for text in (found.txts or ()))
        return Read(lines, lines, 0, seconds)

    return read


# -- tables --------------------------------------------------------------------------------------------------------


def measure(folders: Sequence[Path], read: Reader, only: str, every: int, *, tell: bool) -> dict[str, Tally]:
    """A tally for each category, and for groups of them; `every` n-th picture only."""
    tallies: dict[str, Tally] = {}
    for folder in folders:
        truths = json.loads((folder / "truth.json").read_text("utf-8"))
        for truth in [each for each in truths if re.search(only, each["file"])][::every]:
            result = read(np.asarray(Image.open(folder / truth["file"]).convert("RGB")))
            for at, key in enumerate(keys_of(truth)):
                wrong = tallies.setdefault(key, Tally()).add(truth, result)
                if tell and at == 0:
                    for each in wrong:
                        print(f"  {truth['file']}: {each}", file=sys.stderr)
    return tallies


def keys_of(truth: dict[str, Any]) -> list[str]:
    category = truth["cat"]
    keys = ["all", f"- {category}"]
    if category == "blur":
        keys[1] += f", {truth['sigma']}" + (", motion" if truth["motion"] else "")
        keys.append("blurred")
    if HAND.search(category):
        keys.append("handwriting-like")
    if SMALL_IN_LARGE.search(category):
        keys.append("small letters in 12 megapixels")
        keys[1] += f", {truth['letter_px']}"
    return keys


def table(named: dict[str, dict[str, Tally]]) -> str:
    """Rows of groups and categories, for each reader in turn."""
    rows = ["| Group | pictures | " + " | ".join(f"{name}: found / exact of names, strays" for name in named) + " |"]
    rows.append("|---" * (2 + len(named)) + "|")
    for key in sorted(next(iter(named.values())), key=lambda key: (key.startswith("-"), key)):
        cells = []
        for tallies in named.values():
            tally = tallies[key]
            share = f" ({tally.found / tally.names:.1%})" if tally.names else ""
            cells.append(f"{tally.found} / {tally.exact} of {tally.names}{share}, {tally.strays}")
        rows.append(f"| {key} | {next(iter(named.values()))[key].pictures} | " + " | ".join(cells) + " |")
    for name, tallies in named.items():
        tally = tallies["all"]
        for what, low, high in (("1.2", 1.0, 1.5), ("2", 1.6, 3), ("12", 10, 14)):
            seconds = tally.seconds(low, high)
            if seconds is not None:
                rows.append(f"{name}: {seconds:.2f} processor seconds for {what} megapixels (median)")
        rows.append(f"{name}: {tally.unread} places that look like writing and could not be read")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--baseline", action="store_true", help="rapidocr left to itself in the same run")
    parser.add_argument("--engine", type=OcrEngine, choices=list(OcrEngine), default=OcrEngine.RAPIDOCR)
    parser.add_argument("--weights", type=Path, help="the folder with EasyOCR's")
    parser.add_argument("--only", default="", help="files whose name holds this pattern")
    parser.add_argument("--every", type=int, default=1, help="every n-th picture")
    parser.add_argument("--wrong", action="store_true", help="tell each name that was missed and each stray line")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as scratch:
        folders = options.sets
        if not folders:
            folders = [Path(scratch)]
            for stem in drawn_texts.write(folders[0], options.seed):
                print(f"No font {stem}: left out.")
        readers = {"Gatepost": ours(options.engine, options.weights)} | (
            {"rapidocr": left_to_itself()} if options.baseline else {}
        )
        named = {
            name: measure(folders, read, options.only, options.every, tell=options.wrong and name == "Gatepost")
            for name, read in readers.items()
        }
    if options.json:
        counts = ("pictures", "names", "exact", "found", "strays", "unread")
        print(
            json.dumps({n: {k: {c: getattr(t, c) for c in counts} for k, t in ts.items()} for n, ts in named.items()})
        )
    else:
        print(table(named))


if __name__ == "__main__":
    main()
