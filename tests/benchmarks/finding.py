"""Which faces are found in crowds, how often something else is taken for one, and how long that takes.

`python -m tests.benchmarks.finding DIR [--json] [--baselines] [--turned] [--cross-validate]`, where DIR holds
images/*.jpg and annotations.json: for each picture its faces as box (x, y, width, height in pixels) with WIDER FACE's
flags `invalid`, `occ` (0 to 2), `blur` (0 to 2) and `pose` (0, 1). A face is found where a box overlaps it by an
intersection over union of .4; a box that overlaps no label is counted as false, although about half of those are faces
that nobody labelled. Doubtful boxes count as found and as false. The limits were chosen on pictures like these: figures
on the pictures they were chosen on are optimistic, so `--cross-validate` chooses them anew on four fifths of the
pictures and reports the rest.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vision import thresholds
from vision.centerface import Candidates, CenterFace, load_centerface
from vision.detection import CenterFaceDetector, FaceDetector, within_limits
from vision.images import Pixels, decode

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Finder = Callable[[Pixels], tuple[Floats, Bools]]  # boxes (left, top, right, bottom) and which of them are doubtful

OVERLAP = 0.4
SIZES = {"under 20": (0, 20), "20 to 40": (20, 40), "40 to 80": (40, 80), "over 80": (80, 1e9), "over 40": (40, 1e9)}
FLAGS = {
    "blur": {0: "clear", 1: "normal blur", 2: "heavy blur"},
    "occ": {0: "not covered", 1: "partly covered", 2: "heavily covered"},
    "pose": {0: "typical pose", 1: "odd pose"},
}
MATTERS = 20  # pixels: a picture is complete when every face of this height is found
MOST_FALSE = 2.5  # a picture, where limits are chosen
FOLDS = 5
SMALL_LIMITS = (0.24, 0.27, 0.3, 0.33, 0.36)
LARGE_LIMITS = (0.08, 0.09, 0.1, 0.11, 0.12, 0.14)
CNN_PICTURES = 12


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture with its labelled faces: boxes (left, top, right, bottom) and WIDER's flags."""

    name: str
    pixels: Pixels
    boxes: Floats
    flags: dict[str, npt.NDArray[np.int64]]

    @property
    def heights(self) -> Floats:
        return np.asarray(self.boxes[:, 3] - self.boxes[:, 1])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one finder did with one picture."""

    picture: Labelled
    found: Bools  # for each labelled face
    false: int
    doubtful: int
    seconds: float


def pictures_in(folder: Path) -> Iterator[Labelled]:
    for name, said in json.loads((folder / "annotations.json").read_text("utf-8")).items():
        faces = said["faces"]
        sides = np.array([face["box"] for face in faces], np.float64).reshape(-1, 4)
        boxes = np.hstack([sides[:, :2], sides[:, :2] + sides[:, 2:]])
        flags = {key: np.array([face[key] for face in faces], np.int64) for key in ("invalid", *FLAGS)}
        yield Labelled(name, decode((folder / "images" / name).read_bytes()).pixels, boxes, flags)


def overlaps(some: Floats, others: Floats) -> Floats:
    """Intersection over union of each with each."""
    sides = np.minimum(some[:, None, 2:], others[None, :, 2:]) - np.maximum(some[:, None, :2], others[None, :, :2])
    shared = np.clip(sides, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (some, others)]
    return np.asarray(shared / (areas[0][:, None] + areas[1][None] - shared))


def judge(picture: Labelled, boxes: Floats, doubtful: Bools, seconds: float = 0.0) -> Outcome:
    same = overlaps(picture.boxes, boxes) >= OVERLAP
    return Outcome(picture, np.asarray(same.any(axis=1)), int((~same.any(axis=0)).sum()), int(doubtful.sum()), seconds)


def look(pictures: Sequence[Labelled], find: Finder) -> list[Outcome]:
    outcomes = []
    for picture in pictures:
        start = time.perf_counter()
        boxes, doubtful = find(picture.pixels)
        outcomes.append(judge(picture, boxes, doubtful, time.perf_counter() - start))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares of faces found by size and by flag (these for 20 pixels and more), complete pictures, false boxes."""
    heights = np.concatenate([outcome.picture.heights for outcome in outcomes])
    found = np.concatenate([outcome.found for outcome in outcomes])
    flags = {key: np.concatenate([one.picture.flags[key] for one in outcomes]) for key in ("invalid", *FLAGS)}
    valid = flags["invalid"] == 0

    def share(which: Bools) -> dict[str, float | int | None]:
        return {"faces": int(which.sum()), "found": float(found[which].mean()) if which.any() else None}

    complete = []
    for one in outcomes:
        matter = (one.picture.heights >= MATTERS) & (one.picture.flags["invalid"] == 0)
        if matter.any():
            complete.append(bool(one.found[matter].all()))
    return {
        "pictures": len(outcomes),
        "by_size": {name: share(valid & (heights >= low) & (heights < high)) for name, (low, high) in SIZES.items()},
        "by_flag": {
            name: share(valid & (heights >= MATTERS) & (flags[key] == value))
            for key, names in FLAGS.items()
            for value, name in names.items()
        },
        "complete": float(np.mean(complete)) if complete else None,
        "false_per_picture": float(np.mean([one.false for one in outcomes])),
        "doubtful_per_picture": float(np.mean([one.doubtful for one in outcomes])),
        "seconds_per_picture": float(np.mean([one.seconds for one in outcomes])),
    }


def finder(detector: FaceDetector) -> Finder:
    """The boxes of a detector."""

    def find(pixels: Pixels) -> tuple[Floats, Bools]:
        faces = detector.detect(pixels)
        boxes = np.array([face.box.as_list() for face in faces], np.float64).reshape(-1, 4)
        return boxes, np.array([face.doubtful for face in faces], np.bool_)

    return find


def dlib_finder(model: str) -> Finder:
    """face_recognition's own way, `hog` or `cnn`, enlarged once."""
    import face_recognition

    def find(pixels: Pixels) -> tuple[Floats, Bools]:
        places = face_recognition.face_locations(pixels, number_of_times_to_upsample=1, model=model)
        boxes = np.array([(left, top, right, bottom) for top, right, bottom, left in places], np.float64)
        return boxes.reshape(-1, 4), np.zeros(len(places), np.bool_)

    return find


def turned(pictures: Sequence[Labelled], find: Finder, upright: Sequence[Outcome]) -> dict[str, Any]:
    """Faces of 20 pixels and more found after quarter turns, relative to upright; upright pictures taken for turned."""
    counts = {90: 0, 180: 0, 270: 0}
    for picture in pictures:
        height, width = picture.pixels.shape[:2]
        for turns in (1, 2, 3):
            boxes, _ = find(np.ascontiguousarray(np.rot90(picture.pixels, turns)))
            corners = np.stack([_back(boxes[:, :2], turns, width, height), _back(boxes[:, 2:], turns, width, height)])
            there = np.hstack([corners.min(axis=0), corners.max(axis=0)])
            counts[90 * turns] += _found(judge(picture, there, np.zeros(len(there), np.bool_)))
    before = sum(map(_found, upright))
    detector = CenterFaceDetector(load_centerface())
    wrong = sum(detector.turns(picture.pixels) != 0 for picture in pictures)
    return {
        "relative_to_upright": {str(degrees): count / before for degrees, count in counts.items()},
        "upright_turned_wrongly": wrong / len(pictures),
    }


def _found(outcome: Outcome) -> int:
    matter = (outcome.picture.heights >= MATTERS) & (outcome.picture.flags["invalid"] == 0)
    return int(outcome.found[matter].sum())


def _back(points: Floats, turns: int, width: int, height: int) -> Floats:
    x, y = points[:, 0], points[:, 1]
    return np.stack({1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}[turns], axis=1)


def cross_validated(pictures: Sequence[Labelled], network: CenterFace) -> dict[str, Any]:
    """Limits chosen on four fifths of the pictures, reported on the other fifth, all five fifths together.

    Where no limits keep to `MOST_FALSE`, those with the fewest false boxes are taken.
    """
    detector = CenterFaceDetector(network)
    found = [detector.candidates(picture.pixels) for picture in pictures]
    by_limits = {}
    for small in SMALL_LIMITS:
        for large in LARGE_LIMITS:
            limits = (thresholds.FaceLimit(small, 0), thresholds.FaceLimit(large, thresholds.FACE[1].height))
            by_limits[limits] = [_within(picture, each, limits) for picture, each in zip(pictures, found, strict=True)]
    fold = np.random.default_rng(0).permutation(len(pictures)) % FOLDS
    reported: list[Outcome] = []
    chosen = []
    for held_out in range(FOLDS):
        scores, false = {}, {}
        for limits, outcomes in by_limits.items():
            seen = summary([one for one, where in zip(outcomes, fold, strict=True) if where != held_out])
            false[limits] = seen["false_per_picture"]
            if false[limits] <= MOST_FALSE:
                sizes = (seen["by_size"][size]["found"] or 0 for size in ("20 to 40", "over 40"))
                scores[limits] = sum(sizes) + (seen["complete"] or 0)
        best = max(scores, key=scores.__getitem__) if scores else min(false, key=false.__getitem__)
        chosen.append([limit.value for limit in best])
        reported += [one for one, where in zip(by_limits[best], fold, strict=True) if where == held_out]
    return {"limits": chosen, **summary(reported)}


def _within(picture: Labelled, found: Candidates, limits: Sequence[thresholds.FaceLimit]) -> Outcome:
    kept = within_limits(found, max(picture.pixels.shape[:2]), limits)
    return judge(picture, kept.boxes.astype(np.float64), kept.scores < thresholds.CERTAIN_FACE)


def show(title: str, report: dict[str, Any]) -> None:
    def share(row: dict[str, Any]) -> str:
        return "-" if row["found"] is None else f"{row['found']:.3f} of {row['faces']}"

    print(f"{title} ({report['pictures']} pictures)")
    for name, row in (report["by_size"] | report["by_flag"]).items():
        print(f"  {name:18}{share(row)}")
    if report["complete"] is not None:
        print(f"  pictures in which every face of {MATTERS} pixels and more is found: {report['complete']:.3f}")
    print(f"  false a picture: {report['false_per_picture']:.2f}; doubtful: {report['doubtful_per_picture']:.2f}")
    print(f"  seconds a picture: {report['seconds_per_picture']:.3f}\n")


def show_all(report: dict[str, Any]) -> None:
    for title, part in report.items():
        if title == "turned":
            print(f"turned pictures, faces relative to upright: {part['relative_to_upright']}")
            print(f"upright pictures taken for turned: {part['upright_turned_wrongly']:.3f}")
        else:
            show(title, part)


def measure(
    folder: Path, *, baselines: bool = False, cnn: int = CNN_PICTURES, turns: bool = False, cross_validate: bool = False
) -> dict[str, Any]:
    """Everything that was asked, by name."""
    pictures = list(pictures_in(folder))
    network = load_centerface()
    find = finder(CenterFaceDetector(network))
    outcomes = look(pictures, find)
    report: dict[str, Any] = {"gatepost": summary(outcomes)}
    if baselines:
        report["dlib HOG"] = summary(look(pictures, dlib_finder("hog")))
        report["dlib CNN"] = summary(look(pictures[:cnn], dlib_finder("cnn")))
        report["gatepost, the pictures of dlib CNN"] = summary(outcomes[:cnn])
    if cross_validate:
        report["limits chosen on other pictures"] = cross_validated(pictures, network)
    if turns:
        report["turned"] = turned(pictures, find, outcomes)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--baselines", action="store_true", help="dlib's HOG and CNN on the same pictures")
    parser.add_argument("--cnn-pictures", type=int, default=CNN_PICTURES, help="so many pictures for the slow CNN")
    parser.add_argument("--turned", action="store_true", help="also each picture in three quarter turns")
    parser.add_argument("--cross-validate", action="store_true", help="also choose the limits anew, by folds")
    asked = parser.parse_args()
    report = measure(
        asked.folder,
        baselines=asked.baselines,
        cnn=asked.cnn_pictures,
        turns=asked.turned,
        cross_validate=asked.cross_validate,
    )
    if asked.json:
        print(json.dumps(report, indent=1))
        return
    show_all(report)


if __name__ == "__main__":
    main()
