"""Where the time goes in one 12-megapixel picture with 25 faces, against the naive way, in the same run.

`python -m tests.benchmarks.stages [--identification DIR] [--picture FILE] [--rounds N] [--cnn] [--json]`. The faces are
pasted from the photos in DIR/NAME/*.jpg, or drawn; on a plain ground, so text is sought and none is found.

The naive way is face_recognition as its manual shows it: `face_locations` and `face_encodings` on the full picture.
With its CNN detector it is run once, at the largest size that it survives. Our stages and the naive way take turns;
medians by the clock. The rates are of whole pictures in the process that looks, from bytes to decision, without text.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from app.policy import decide
from app.seen import DraftSeen, Facts, PictureSeen
from captions.findings import TextFindings
from consent.facts import ChannelFacts, ConsentFact, PersonFacts, Role, Scope
from tests.benchmarks.crowds import crowd, portraits_from
from tests.benchmarks.stopwatch import Stopwatch
from vision import metadata
from vision.findings import PictureFindings
from vision.images import decode
from vision.inspection import Eyes, InspectionRequest, load_eyes
from vision.matching import Gallery, Identification, Reference, identify
from vision.release import release
from vision.runtime import default_threads
from vision.sandbox import SandboxedInspector

MEGAPIXELS, FACES, GALLERY = 12, 25, 250
STEADY = 20  # pictures in a row for the rate
CNN_SIZES = ((4000, 1), (4000, 0), (2000, 1), (1280, 1))  # long side in pixels, times upsampled
NOT_ENOUGH = 3  # exit code
CNN_MEMORY = 0.75  # of the machine's
WITHOUT_TEXT = InspectionRequest(texts=False)
DAY = date(2026, 11, 22)


def a_gallery(people: int) -> Gallery:
    """People with random templates: the search takes as long whoever they are."""
    random = np.random.default_rng(7)
    rows = random.normal(size=(people, 128))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Gallery.build(Reference(f"person {at}", tuple(row.tolist())) for at, row in enumerate(rows))


def the_facts(gallery: Gallery) -> Facts:
    """Everybody in the gallery is a pupil whose parent has agreed to the website."""
    yes = ConsentFact(Scope.WEBSITE, "parent", granted=True, decided_on=DAY, starts_on=DAY)
    people = {each: PersonFacts(each, Role.PUPIL, (yes,)) for each in gallery.subject_ids}
    return Facts(DAY, ChannelFacts("Website", Scope.WEBSITE), people)


def matched(findings: PictureFindings, gallery: Gallery) -> tuple[Identification | None, ...]:
    return tuple(None if face.template is None else identify(face.template, gallery) for face in findings.faces)


def decided(findings: PictureFindings, matches: tuple[Identification | None, ...], facts: Facts) -> int:
    """How many reasons there are."""
    seen = DraftSeen("Website", 1, (PictureSeen(1, findings, matches),), (), TextFindings())
    return len(decide(seen, facts).reasons)


def ours(watch: Stopwatch, content: bytes, eyes: Eyes, gallery: Gallery) -> int:
    """One round of our stages in this process; returns how many faces were found."""
    picture = watch.time("decode", lambda: decode(content))
    watch.time("metadata", lambda: metadata.read(content, picture))
    faces = watch.time("find faces", lambda: eyes.detector.detect(picture.pixels))
    encoder = eyes.encoder
    assert encoder is not None
    templates = watch.time("templates", lambda: encoder.encode(picture.pixels, faces))
    watch.time("measure faces", lambda: [eyes.measure(picture.pixels, face) for face in faces])
    watch.time("match", lambda: [identify(each, gallery) for each in templates if each is not None])
    watch.time("read text", lambda: eyes.reader.read(picture.pixels))
    watch.time("safe file", lambda: release(picture.pixels, picture.format))
    return len(faces)


def to_decision(inspector: SandboxedInspector, content: bytes, gallery: Gallery, facts: Facts) -> int:
    findings = inspector.inspect(content, WITHOUT_TEXT)
    return decided(findings, matched(findings, gallery), facts)


def naive(watch: Stopwatch, content: bytes) -> int:
    """face_recognition as its manual shows it; returns how many faces it found."""
    library = _face_recognition()

    def whole() -> int:
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        boxes = watch.time("naive: face_locations", lambda: library.face_locations(pixels))
        watch.time("naive: face_encodings", lambda: library.face_encodings(pixels, boxes))
        return len(boxes)

    return watch.time("naive: whole", whole)


def naive_cnn(content: bytes) -> dict[str, Any]:
    """The naive way with the CNN detector, once, at the first size at which there is memory enough.

    Each size is tried in a process of its own, which may take most of the machine's memory and no more.
    """
    processes = multiprocessing.get_context("spawn")
    for side, upsample in CNN_SIZES:
        answers = processes.Queue()
        process = processes.Process(target=_cnn_at, args=(content, side, upsample, answers))
        process.start()
        process.join()
        if process.exitcode == 0:
            seconds, faces = answers.get(timeout=10)
            return {"long_side": side, "upsampled": upsample, "faces": faces, "seconds": round(seconds, 2)}
        print(f"CNN at {side} pixels, upsampled {upsample} times: not enough memory", file=sys.stderr)
    raise MemoryError("The CNN detector ran at no size.")


def _cnn_at(content: bytes, side: int, upsample: int, answers: Any) -> None:
    import resource

    memory = int(CNN_MEMORY * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    library = _face_recognition()
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    scale = min(1.0, side / max(picture.size))
    pixels = np.asarray(picture.resize((round(picture.width * scale), round(picture.height * scale))))
    started = time.perf_counter()
    try:
        boxes = library.face_locations(pixels, upsample, model="cnn")
    except MemoryError:
        sys.exit(NOT_ENOUGH)
    library.face_encodings(pixels, boxes)
    answers.put((time.perf_counter() - started, len(boxes)))


def _face_recognition() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import face_recognition
    return face_recognition


def rates(content: bytes, gallery: Gallery, facts: Facts) -> dict[str, float]:
    """Pictures a minute, one after the other, with one and with two processes that look."""
    found = {}
    for workers in (1, 2):
        inspectors = [SandboxedInspector(threads=max(1, default_threads() // workers)) for _ in range(workers)]
        try:
            for inspector in inspectors:
                to_decision(inspector, content, gallery, facts)  # warm

            def some(inspector: SandboxedInspector, count: int = STEADY // workers) -> None:
                for _ in range(count):
                    to_decision(inspector, content, gallery, facts)

            with ThreadPoolExecutor(workers) as pool:
                started = time.perf_counter()
                list(pool.map(some, inspectors))
                seconds = time.perf_counter() - started
        finally:
            for inspector in inspectors:
                inspector.close()
        found[f"{workers} process" + "es" * (workers > 1)] = round(60 * (STEADY // workers) * workers / seconds, 1)
    return found


def megabytes(process_id: int | None) -> int:
    """The most memory that a process ever held, in megabytes; 0 where the system does not tell."""
    status = Path(f"/proc/{process_id}/status")
    if not status.exists():
        return 0
    return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024


def measure(content: bytes, rounds: int, *, cnn: bool = False) -> dict[str, Any]:
    gallery = a_gallery(GALLERY)
    facts = the_facts(gallery)
    eyes = load_eyes()
    watch, found, found_naively = Stopwatch(), 0, 0
    ours(Stopwatch(), content, eyes, gallery)  # warm
    with SandboxedInspector() as inspector:
        to_decision(inspector, content, gallery, facts)  # warm
        for _ in range(rounds):
            found = ours(watch, content, eyes, gallery)
            watch.time("whole, without text", lambda: to_decision(inspector, content, gallery, facts))
            found_naively = naive(watch, content)
        memory = {"without text": megabytes(inspector.process_id)}
        for _ in range(rounds):
            watch.time("whole", lambda: inspector.inspect(content))
        memory["with text"] = megabytes(inspector.process_id)
    baseline = watch.median("naive: whole")
    result: dict[str, Any] = {
        "rounds": rounds,
        "processors": os.cpu_count(),
        "faces": {"ours": found, "naive": found_naively},
        "median_seconds": watch.medians(),
        "naive_over_ours": {name: round(baseline / watch.median(name), 2) for name in ("whole, without text", "whole")},
        "pictures_a_minute": rates(content, gallery, facts),
        "most_memory_mb": memory,
    }
    if cnn:
        slowest = naive_cnn(content)
        ratio = slowest["seconds"] / watch.median("whole, without text")
        result["naive_cnn"] = slowest | {"over_ours": round(ratio, 1)}
    return result


def show(result: dict[str, Any]) -> None:
    print(f"faces found: {result['faces']['ours']}, naively {result['faces']['naive']}; medians of {result['rounds']}")
    for name, seconds in result["median_seconds"].items():
        print(f"  {name:28s} {seconds:8.3f} s")
    for name, ratio in result["naive_over_ours"].items():
        print(f"  the naive way takes {ratio:.1f} times as long as '{name}'")
    if "naive_cnn" in result:
        print(f"  with its CNN detector: {result['naive_cnn']}")
    print(f"  pictures a minute, without text: {result['pictures_a_minute']}")
    print(f"  most memory of the process that looks, MB: {result['most_memory_mb']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, help="a picture of your own")
    parser.add_argument("--identification", type=Path, help="a folder of NAME/*.jpg for the faces")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cnn", action="store_true", help="also the naive way with its CNN detector: minutes")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    portraits = portraits_from(options.identification)
    content = options.picture.read_bytes() if options.picture else crowd(MEGAPIXELS, FACES, portraits)
    result = measure(content, options.rounds, cnn=options.cnn)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    main()
