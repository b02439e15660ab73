"""How often a stranger is taken for somebody enrolled (FPIR) and an enrolled person is not recognised (FNIR).

`python -m tests.benchmarks.identification DIR [--cache FILE.npz] [--json]`, where DIR holds NAME/*.jpg: photos of one
person each, that person in the middle. Galleries and probes are drawn at random; no photo is both a reference and a
probe, and strangers are people without any reference. Thresholds are chosen on one half of the people and reported on
the other, ten times; then the operating points of `vision.thresholds` are tried on all people.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vision import matching, thresholds
from vision.detection import DetectedFace, FaceDetector, load_detector
from vision.embedding import FaceEncoder, load_encoder
from vision.images import decode

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TARGETS = (0.01, 0.001)
GALLERIES = (30, 100, 250)
REFERENCES = (1, 3, 5)
RUNS = 10
DRAWS = 10  # galleries per run: more would be the same people again


@dataclass(frozen=True, slots=True)
class Trials:
    """Searches: the two smallest distances, whether the nearest person is the right one, whether enrolled at all."""

    nearest: Floats
    second: Floats
    right: Bools
    enrolled: Bools

    def rates(self, threshold: float) -> dict[str, float]:
        """FPIR, FNIR, enrolled people taken for somebody else, and the false matches counted."""
        accepted = matching.accepted(self.nearest, self.second, threshold)
        strangers = accepted[~self.enrolled]
        return {
            "fpir": float(strangers.mean()),
            "fnir": float(1 - (accepted & self.right)[self.enrolled].mean()),
            "misidentified": float((accepted & ~self.right)[self.enrolled].mean()),
            "false_matches": int(strangers.sum()),
        }

    def threshold_at(self, fpir: float) -> float:
        """The largest threshold that keeps to this FPIR here; the margin alone may keep it, whatever the threshold."""
        clear = self.second - self.nearest >= thresholds.SMALLEST_MARGIN
        scores = np.where(clear, matching.score(self.nearest, self.second), np.inf)
        strangers = np.sort(scores[~self.enrolled])
        return min(float(strangers[int(fpir * len(strangers))]) - 1e-9, thresholds.LARGEST)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody's templates, by name."""

    templates: dict[str, Floats]

    def some(self, names: Sequence[str]) -> People:
        return People({name: self.templates[name] for name in names})

    def halves(self, rng: np.random.Generator) -> tuple[People, People]:
        names = [str(name) for name in rng.permutation(sorted(self.templates))]
        middle = len(names) // 2
        return self.some(names[:middle]), self.some(names[middle:])

    def can_fill(self, gallery: int, references: int) -> bool:
        """Enough people with a photo to spare, and at least ten strangers."""
        able = sum(len(templates) > references for templates in self.templates.values())
        return able >= gallery and len(self.templates) >= gallery + 10

    def trials(self, gallery: int, references: int, rng: np.random.Generator, draws: int = DRAWS) -> Trials:
        parts = [self._draw(gallery, references, rng) for _ in range(draws)]
        return Trials(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _draw(self, size: int, references: int, rng: np.random.Generator) -> tuple[Floats, Floats, Bools, Bools]:
        names = [str(name) for name in rng.permutation(sorted(self.templates))]
        enrolled = [name for name in names if len(self.templates[name]) > references][:size]
        rows: list[matching.Reference] = []
        probes: list[Floats] = []
        whose: list[int] = []
        for name in names:
            shuffled = rng.permutation(self.templates[name])
            taken = references if name in enrolled else 0
            rows += [matching.Reference(name, tuple(template)) for template in shuffled[:taken]]
            probes += list(shuffled[taken:])
            whose += [enrolled.index(name) if taken else -1] * (len(shuffled) - taken)
        gallery = matching.Gallery.build(sorted(rows, key=lambda row: enrolled.index(row.subject_id)))
        distances = np.array([gallery.distances(probe) for probe in probes])
        if size == 1:  # as identify() takes it
            distances = np.hstack([distances, np.full_like(distances, thresholds.FARTHEST_SECOND)])
            two, order = distances, np.zeros_like(distances, dtype=np.intp)
        else:
            order = np.argsort(distances, axis=1)[:, :2]
            two = np.take_along_axis(distances, order, axis=1)
        owners = np.array(whose)
        return two[:, 0], two[:, 1], order[:, 0] == owners, owners >= 0


def chosen_on_one_half(people: People) -> Iterator[dict[str, Any]]:
    """Thresholds from one half of the people, rates on the other."""
    for gallery in GALLERIES:
        for references in REFERENCES:
            rng = np.random.default_rng(gallery * 10 + references)
            runs: dict[float, list[dict[str, float]]] = defaultdict(list)
            for _ in range(RUNS):
                choosing, reporting = people.halves(rng)
                if not (choosing.can_fill(gallery, references) and reporting.can_fill(gallery, references)):
                    break
                here = choosing.trials(gallery, references, rng)
                there = reporting.trials(gallery, references, rng)
                for target in TARGETS:
                    threshold = here.threshold_at(target)
                    runs[target].append({"threshold": threshold, **there.rates(threshold)})
            for target, found in runs.items():
                yield {"gallery": gallery, "references": references, "target_fpir": target, **summary(found)}


def at_operating_points(people: People) -> Iterator[dict[str, Any]]:
    """The product's thresholds, on all people."""
    for gallery in (1, 5, *GALLERIES):
        for references in REFERENCES:
            if not people.can_fill(gallery, references):
                continue
            rng = np.random.default_rng(gallery * 10 + references)
            draws = max(20, 600 // gallery)
            runs = [people.trials(gallery, references, rng, draws=draws // RUNS) for _ in range(RUNS)]
            threshold = thresholds.for_gallery(gallery, references).value
            found = [{"threshold": threshold, **run.rates(threshold)} for run in runs]
            yield {"gallery": gallery, "references": references, **summary(found)}


def summary(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    mean = {key: float(np.mean([run[key] for run in runs])) for key in runs[0]}
    rates = [run["fpir"] for run in runs]
    return mean | {
        "threshold_deviation": float(np.std([run["threshold"] for run in runs])),
        "fpir_lowest": min(rates),
        "fpir_highest": max(rates),
        "false_matches": float(sum(run["false_matches"] for run in runs)),
    }


def people_in(folder: Path, cache: Path | None) -> tuple[People, int]:
    """Everybody's templates, and the number of photos in which no face in the middle could be encoded."""
    photos = sorted(folder.glob("*/*.jpg"))
    if not photos:
        sys.exit(f"{folder} holds no NAME/*.jpg.")
    detector, encoder = load_detector(), load_encoder()
    key = hashlib.sha256("\n".join([encoder.version, *map(str, photos)]).encode()).hexdigest()
    if cache is not None and cache.exists():
        stored = np.load(cache)
        if str(stored["key"]) == key:
            return _grouped(photos, stored["templates"])
    templates = np.full((len(photos), matching.LENGTH), np.nan)
    for i, photo in enumerate(photos):
        print(f"\r{i + 1} of {len(photos)} photos", end="", file=sys.stderr, flush=True)
        template = template_of(photo, detector, encoder)
        if template is not None:
            templates[i] = template
    print(file=sys.stderr)
    if cache is not None:
        np.savez(cache, key=key, templates=templates)
    return _grouped(photos, templates)


def template_of(photo: Path, detector: FaceDetector, encoder: FaceEncoder) -> tuple[float, ...] | None:
    """The template of the largest face in the middle third of the photo."""
    pixels = decode(photo.read_bytes()).pixels
    height, width = pixels.shape[:2]

    def in_the_middle(face: DetectedFace) -> bool:
        x, y = (face.box.left + face.box.right) / 2 / width, (face.box.top + face.box.bottom) / 2 / height
        return bool(abs(x - 0.5) < 1 / 6 and abs(y - 0.5) < 1 / 6)

    faces = [face for face in detector.detect(pixels) if in_the_middle(face)]
    if not faces:
        return None
    return encoder.encode(pixels, [max(faces, key=lambda face: face.box.height)])[0]


def _grouped(photos: Sequence[Path], templates: Floats) -> tuple[People, int]:
    by_name: dict[str, list[Floats]] = defaultdict(list)
    for photo, template in zip(photos, templates, strict=True):
        if not np.isnan(template).any():
            by_name[photo.parent.name].append(template)
    grouped = {name: np.array(rows) for name, rows in by_name.items()}
    return People(grouped), int(np.isnan(templates).any(axis=1).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="keep the templates here between runs")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    people, not_encoded = people_in(asked.folder, asked.cache)
    report = {
        "people": len(people.templates),
        "photos": sum(map(len, people.templates.values())),
        "not_encoded": not_encoded,
        "chosen_on_one_half": list(chosen_on_one_half(people)),
        "operating_points": list(at_operating_points(people)),
    }
    if asked.json:
        print(json.dumps(report, indent=1))
        return
    print(f"{report['people']} people, {report['photos']} photos, {not_encoded} without a template\n")
    for title, rows in (
        ("Thresholds chosen on one half of the people, reported on the other", report["chosen_on_one_half"]),
        ("Operating points of vision.thresholds, on all people", report["operating_points"]),
    ):
        print(f"{title}\n{'gallery':>8}{'refs':>5}{'target':>8}{'t':>14}{'FNIR %':>8}", end="")
        print(f"{'FPIR % (range)':>22}{'wrong %':>9}{'events':>8}")
        for row in rows:  # type: ignore[attr-defined]
            target = f"{row['target_fpir']:.1%}" if "target_fpir" in row else ""
            t = f"{row['threshold']:.3f} ±{row['threshold_deviation']:.3f}"
            fpir = f"{100 * row['fpir']:.2f} ({100 * row['fpir_lowest']:.2f}-{100 * row['fpir_highest']:.2f})"
            print(
                f"{row['gallery']:>8}{row['references']:>5}{target:>8}{t:>14}{100 * row['fnir']:>8.1f}{fpir:>22}"
                f"{100 * row['misidentified']:>9.3f}{row['false_matches']:>8.0f}"
            )
        print()


if __name__ == "__main__":
    main()
