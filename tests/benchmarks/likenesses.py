"""People who look alike: the nearest pairs there are, siblings made on purpose, and groups of photos and people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tests.benchmarks import galleries
from tests.benchmarks.galleries import Draw, Trials, draw
from tests.benchmarks.portraits import Floats, Portraits
from vision import matching, thresholds
from vision.matching import Outcome

GALLERY, REFERENCES = 100, 3
PAIRS = 8
APART = (0.12, 0.16, 0.20, 0.24, 0.28)  # chords between the mean templates of two siblings
OUTCOMES = ("right", "wrong", "ambiguous", "unknown")

Row = dict[str, Any]


def means(portraits: Portraits) -> Floats:
    """Everybody's mean template."""
    found = np.array([portraits.templates[portraits.of(person)].mean(axis=0) for person in range(portraits.people)])
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def nearest_pairs(portraits: Portraits) -> Iterator[Row]:
    """The people who are nearest to one another, in galleries in which one or both are enrolled."""
    centres = means(portraits)
    apart = np.sqrt(np.maximum(2 - 2 * centres @ centres.T, 0)) + 9 * np.tri(portraits.people)
    for flat in np.argsort(apart, axis=None)[:PAIRS]:
        one, other = divmod(int(flat), portraits.people)
        rng = np.random.default_rng(one)
        yield {
            "pair": f"{portraits.names[one]} and {portraits.names[other]}",
            "apart": float(apart[one, other]),
            **_outcomes(portraits, one, other, rng, 10),
        }


def siblings(portraits: Portraits) -> Iterator[Row]:
    """People whose templates were all moved towards another person's, until the means lie so far apart."""
    centres = means(portraits)
    for apart in APART:
        rng = np.random.default_rng(int(apart * 100))
        rows = []
        for _ in range(30):
            one, other = (int(person) for person in rng.choice(portraits.people, 2, replace=False))
            made = moved(portraits, centres, one, other, apart)
            rows.append(_outcomes(made, one, other, rng, 1))
        yield {"apart": apart, **{key: float(np.mean([row[key] for row in rows])) for key in rows[0]}}


def moved(portraits: Portraits, centres: Floats, one: int, other: int, apart: float) -> Portraits:
    """The same portraits, with `one` made so like `other`."""
    step, low, high = centres[other] - centres[one], 0.0, 1.0
    for _ in range(30):
        share = (low + high) / 2
        centre = centres[one] + share * step
        near = np.linalg.norm(centre / np.linalg.norm(centre) - centres[other]) < apart
        low, high = (low, share) if near else (share, high)
    templates = portraits.templates.copy()
    rows = portraits.of(one)
    templates[rows] += high * step
    templates[rows] /= np.linalg.norm(templates[rows], axis=1, keepdims=True)
    return replace(portraits, templates=templates)


def _outcomes(portraits: Portraits, one: int, other: int, rng: np.random.Generator, draws: int) -> dict[str, float]:
    """Shares in %: of searches for either with both enrolled, and of searches for the one who is not enrolled."""
    both, single = dict.fromkeys(OUTCOMES, 0), dict.fromkeys(OUTCOMES, 0)
    rest = [person for person in range(portraits.people) if person not in (one, other)]
    for _ in range(draws):
        crowd = rng.permutation(rest)[: GALLERY - 2]
        for probe, sibling in ((one, other), (other, one)):
            rows = rng.permutation(portraits.of(probe))
            people = [*crowd, sibling]
            drawn = draw(portraits, people, len(people), REFERENCES, rng)
            alone = galleries.gallery_of(drawn)
            with_both = galleries.gallery_of(replace(drawn, references=(*drawn.references, rows[:REFERENCES])))
            for row in rows[REFERENCES:]:
                _count(both, portraits.templates[row], with_both, str(len(drawn.references)))
                _count(single, portraits.templates[row], alone, "")
    shares = {f"both: {key}": 100 * value / sum(both.values()) for key, value in both.items()}
    return shares | {
        f"one: {key}": 100 * value / sum(single.values()) for key, value in single.items() if key != "right"
    }


def _count(counts: dict[str, int], template: Floats, gallery: matching.Gallery, who: str) -> None:
    found = matching.identify(tuple(template), gallery)
    if found.outcome is Outcome.IDENTIFIED:
        counts["right" if found.candidates[0].subject_id == who else "wrong"] += 1
    else:
        counts[found.outcome.value] += 1


def groups(portraits: Portraits) -> Iterator[Row]:
    """FNIR and FPIR by thirds of what is known of photos and people. The data names no groups of people."""
    rng = np.random.default_rng(5)
    draws: list[Draw] = [
        draw(portraits, range(portraits.people), GALLERY, REFERENCES, rng) for _ in range(galleries.RUNS * 5)
    ]
    trials = Trials.of(draws, galleries.as_used)
    threshold = thresholds.for_gallery(GALLERY, REFERENCES).value
    centres = means(portraits)
    apart = np.sqrt(np.maximum(2 - 2 * centres @ centres.T, 0)) + 9 * np.eye(portraits.people)
    known = {
        "sharpness of the probe": portraits.quality[:, 1],
        "turn aside of the probe": portraits.quality[:, 2],
        "tilt of the probe": np.abs(portraits.quality[:, 3]),
        "distance from the middle of all faces": matching.radius(centres)[portraits.person],
        "distance to the nearest other person": apart.min(axis=1)[portraits.person],
    }
    for name, values in known.items():
        low, high = np.quantile(values, [1 / 3, 2 / 3])
        for third, inside in (
            ("lowest", values < low),
            ("middle", (values >= low) & (values < high)),
            ("highest", values >= high),
        ):
            here = inside[trials.probes]
            part = Trials(trials.scores[here], trials.right[here], trials.enrolled[here], trials.probes[here])
            rates = part.rates(threshold)
            yield {"group": f"{name}: {third} third", "fnir": 100 * rates["fnir"], "fpir": 100 * rates["fpir"]}
