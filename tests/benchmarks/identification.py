"""How often a stranger is taken for somebody enrolled (FPIR) and an enrolled person is not recognised (FNIR).

`python -m tests.benchmarks.identification DIR [--cache FILE.npz] [--json]`, where DIR holds NAME/*.jpg: photos of one
person each, that person in the middle. Thresholds are chosen on one half of the people and reported on the other, ten
times, for the product's rule and for others; then the operating points of `vision.thresholds` are tried on all people.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import encoding, galleries, likenesses
from tests.benchmarks.galleries import Draw, Rule, Trials, choosing_and_reporting, draw
from tests.benchmarks.portraits import Portraits, portraits_in
from vision import thresholds

TARGETS = (0.01, 0.001)
GALLERIES = (30, 100, 250)
REFERENCES = (1, 2, 3, 5)
STRANGERS = thresholds.STRANGERS_IN_A_PICTURE
PICTURES = 20_000
RULES: dict[str, Rule] = {
    "as used": galleries.as_used,
    "score alone": galleries.score_alone,
    "score without remoteness": galleries.without_remoteness,
    "plain": galleries.plain,
    "plain, margin": galleries.plain_with_margin,
}
COMPARED = ((100, 3),)  # where all rules are tried; elsewhere only the product's
LIBRARY_LIMIT = 0.6

Row = dict[str, Any]


def chosen_on_one_half(portraits: Portraits) -> Iterator[Row]:
    """Thresholds from one half of the people, rates on the other."""
    for gallery in GALLERIES:
        for references in REFERENCES:
            if portraits.people < gallery + 20:
                continue
            rules = RULES if (gallery, references) in COMPARED else {"as used": galleries.as_used}
            runs: dict[tuple[str, float], list[dict[str, float]]] = defaultdict(list)
            for choosing, reporting in choosing_and_reporting(portraits, gallery, references):
                for name, rule in rules.items():
                    here, there = Trials.of(choosing, rule), Trials.of(reporting, rule)
                    for target in TARGETS:
                        threshold = here.threshold_at(target)
                        runs[name, target].append({"threshold": threshold, **there.rates(threshold)})
                if len(rules) > 1:
                    rates = Trials.of(reporting, galleries.library).rates(LIBRARY_LIMIT)
                    runs["library, 0.6", 0.0].append({"threshold": LIBRARY_LIMIT, **rates})
            for (name, target), found in runs.items():
                asked = {"target_fpir": target} if target else {}
                yield {"rule": name, "gallery": gallery, "references": references, **asked, **summary(found)}


def at_operating_points(portraits: Portraits) -> Iterator[Row]:
    """The product's thresholds on all people, with the rate for pictures of ten strangers."""
    for gallery in (1, 5, *GALLERIES):
        for references in REFERENCES:
            if portraits.people < gallery + 20:
                continue
            rng = np.random.default_rng(gallery * 10 + references)
            point = thresholds.for_gallery(gallery, references)
            found, pictures = [], []
            for _ in range(galleries.RUNS):
                draws = [draw(portraits, range(portraits.people), gallery, references, rng) for _ in range(5)]
                trials = Trials.of(draws, galleries.as_used)
                found.append({"threshold": point.value, **trials.rates(point.value)})
                pictures.append(wrong_pictures(portraits, draws, trials, point.value, rng))
            row = {"gallery": gallery, "references": references, "extrapolated": point.extrapolated}
            yield row | summary(found) | {"pictures_with_a_false_match": float(np.mean(pictures))}


def wrong_pictures(
    portraits: Portraits, draws: Sequence[Draw], trials: Trials, threshold: float, rng: np.random.Generator
) -> float:
    """The share of pictures of so many different strangers in which at least one is taken for somebody."""
    wrong, start = [], 0
    for drawn in draws:
        scores = trials.scores[start : start + len(drawn.probes)]
        start += len(drawn.probes)
        strangers = drawn.owners < 0
        accepted, people = scores[strangers] <= threshold, portraits.person[drawn.probes[strangers]]
        photos = [np.flatnonzero(people == person) for person in np.unique(people)]
        for _ in range(PICTURES // (galleries.RUNS * len(draws))):
            shown = rng.choice(len(photos), STRANGERS, replace=False)
            wrong.append(any(accepted[rng.choice(photos[one])] for one in shown))
    return float(np.mean(wrong))


def summary(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    mean = {key: float(np.mean([run[key] for run in runs])) for key in runs[0]}
    rates = [run["fpir"] for run in runs]
    return mean | {
        "threshold_deviation": float(np.std([run["threshold"] for run in runs])),
        "fpir_lowest": min(rates),
        "fpir_highest": max(rates),
        "false_matches": float(sum(run["false_matches"] for run in runs)),
    }


def report(folder: Path, cache: Path | None = None) -> Row:
    """All tables, as data."""
    portraits = portraits_in(folder, cache)
    return {
        "people": portraits.people,
        "photos": len(portraits.person),
        "not_encoded": portraits.without,
        "chosen_on_one_half": list(chosen_on_one_half(portraits)),
        "operating_points": list(at_operating_points(portraits)),
        "nearest_pairs": list(likenesses.nearest_pairs(portraits)),
        "siblings": list(likenesses.siblings(portraits)),
        "groups": list(likenesses.groups(portraits)),
        "milliseconds_per_chip": list(encoding.times()),
    }


def show(found: Row) -> None:
    """The tables, for reading."""
    print(f"{found['people']} people, {found['photos']} photos, {found['not_encoded']} without a template")
    for title, key in (
        ("Thresholds chosen on one half of the people, reported on the other", "chosen_on_one_half"),
        ("Operating points of vision.thresholds, on all people", "operating_points"),
    ):
        print(f"\n{title}\n{'rule':<26}{'gallery':>8}{'refs':>5}{'target':>8}{'t':>14}{'FNIR %':>8}", end="")
        print(f"{'FPIR % (range)':>22}{'wrong %':>9}{'events':>8}{'pictures %':>12}")
        for row in found[key]:
            target = f"{row['target_fpir']:.1%}" if "target_fpir" in row else ""
            t = f"{row['threshold']:.3f} ±{row['threshold_deviation']:.3f}"
            fpir = f"{100 * row['fpir']:.2f} ({100 * row['fpir_lowest']:.2f}-{100 * row['fpir_highest']:.2f})"
            pictures = f"{100 * row['pictures_with_a_false_match']:.2f}" if "pictures_with_a_false_match" in row else ""
            print(
                f"{row.get('rule', 'as used'):<26}{row['gallery']:>8}{row['references']:>5}{target:>8}{t:>14}"
                f"{100 * row['fnir']:>8.1f}{fpir:>22}{100 * row['misidentified']:>9.3f}{row['false_matches']:>8.0f}"
                f"{pictures:>12}"
            )
    for title, key in (
        ("The nearest pairs of people, and who is taken for the other (%)", "nearest_pairs"),
        ("Siblings made so near: both enrolled, and only one (%)", "siblings"),
        ("Groups of photos and of people (%)", "groups"),
        ("Milliseconds per chip, medians of runs in turn", "milliseconds_per_chip"),
    ):
        print(f"\n{title}")
        for row in found[key]:
            print("  " + ", ".join(f"{name} {_said(value)}" for name, value in row.items()))


def _said(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="keep the templates here between runs")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = report(asked.folder, asked.cache)
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        show(found)


if __name__ == "__main__":
    main()
