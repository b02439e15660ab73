"""Where the time goes in one 12-megapixel picture with 25 faces, against the naive way, in the same run.

`python -m tests.benchmarks.stages [--picture FILE] [--rounds N] [--json]`. Without a file the picture is drawn: 25
invented people on a plain ground, so text is sought and none is found. The naive way is face_recognition as its manual
shows it: `face_locations` and `face_encodings` on the full picture. Our stages and the naive way take turns; medians.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from fixtures.portraits import draw_portrait
from vision import metadata
from vision.detection import FaceDetector, load_detector
from vision.embedding import FaceEncoder, load_encoder
from vision.images import decode
from vision.inspection import InspectionRequest
from vision.matching import Gallery, Reference, identify
from vision.reading import TextReader, load_reader
from vision.release import release
from vision.sandbox import SandboxedInspector

WIDTH, HEIGHT = 4000, 3000
FACES, SIZE = 25, 480  # pixels of one portrait
GALLERY = 250  # people
T = TypeVar("T")


def a_crowd() -> bytes:
    """The picture as a JPEG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (150, 170, 150))
    for at in range(FACES):
        column, row = at % 5, at // 5
        picture.paste(draw_portrait(at, 0, SIZE), (column * 780 + 160, row * 580 + 60))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92)
    return file.getvalue()


class Stopwatch:
    """Seconds by name, one for each round."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def time(self, name: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = work()
        self.seconds[name].append(time.perf_counter() - started)
        return result

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])


def ours(
    watch: Stopwatch, content: bytes, detector: FaceDetector, encoder: FaceEncoder, reader: TextReader, gallery: Gallery
) -> int:
    """One round of our stages in this process; returns how many faces were found."""
    picture = watch.time("decode", lambda: decode(content))
    watch.time("metadata", lambda: metadata.read(content, picture))
    faces = watch.time("find faces", lambda: detector.detect(picture.pixels))
    templates = watch.time("templates", lambda: encoder.encode(picture.pixels, faces))
    watch.time("match", lambda: [identify(each, gallery) for each in templates if each is not None])
    watch.time("read text", lambda: reader.read(picture.pixels))
    watch.time("safe file", lambda: release(picture.pixels, picture.format))
    return len(faces)


def naive(watch: Stopwatch, content: bytes) -> int:
    """face_recognition as its manual shows it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import face_recognition

    def whole() -> int:
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        boxes = watch.time("naive: face_locations", lambda: face_recognition.face_locations(pixels))
        watch.time("naive: face_encodings", lambda: face_recognition.face_encodings(pixels, boxes))
        return len(boxes)

    return watch.time("naive: whole", whole)


def a_gallery() -> Gallery:
    random = np.random.default_rng(7)
    rows = random.normal(size=(GALLERY, 128))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Gallery.build(Reference(f"person {at}", tuple(row.tolist())) for at, row in enumerate(rows))


def measure(content: bytes, rounds: int) -> dict[str, Any]:
    detector, encoder, reader, gallery = load_detector(), load_encoder(), load_reader(), a_gallery()
    watch, found, found_naively = Stopwatch(), 0, 0
    with SandboxedInspector() as inspector:
        inspector.inspect(content)  # warm
        for _ in range(rounds):
            found = ours(watch, content, detector, encoder, reader, gallery)
            watch.time("isolated: whole", lambda: inspector.inspect(content))
            watch.time(
                "isolated: whole, without text", lambda: inspector.inspect(content, InspectionRequest(texts=False))
            )
            found_naively = naive(watch, content)
    medians = {name: round(watch.median(name), 3) for name in watch.seconds}
    baseline = watch.median("naive: whole")
    return {
        "megapixels": round(WIDTH * HEIGHT / 1e6, 1),
        "rounds": rounds,
        "faces": {"ours": found, "naive": found_naively},
        "median_seconds": medians,
        "naive_over_ours": {
            name: round(baseline / watch.median(name), 2)
            for name in ("isolated: whole", "isolated: whole, without text")
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, help="a picture of your own instead of the drawn one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    content = options.picture.read_bytes() if options.picture else a_crowd()
    result = measure(content, options.rounds)
    if options.json:
        print(json.dumps(result))
        return
    print(f"faces found: {result['faces']['ours']}, naively {result['faces']['naive']}; medians of {options.rounds}")
    for name, seconds in result["median_seconds"].items():
        print(f"  {name:32s} {seconds:8.3f} s")
    for name, ratio in result["naive_over_ours"].items():
        print(f"  the naive way takes {ratio:.1f} times as long as '{name}'")


if __name__ == "__main__":
    main()
