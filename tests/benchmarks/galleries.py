"""Galleries drawn from many people, searches in them, and the rules that judge a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.benchmarks.portraits import Floats, Ints, Portraits
from vision import matching, thresholds
from vision.middle import MIDDLE

Bools = npt.NDArray[np.bool_]

RUNS = 10
DRAWS = 10  # galleries per run: more would be the same people again
USUAL_MARGIN = 0.10  # of the plain rule with a margin, on descriptors as they come


@dataclass(frozen=True, slots=True)
class Draw:
    """One gallery and all its probes, as rows of the portraits.

    `references` has one array for each enrolled person; `owners` says for each probe which of them it shows, -1 for a
    stranger. No photo is both a reference and a probe, and strangers have no reference.
    """

    portraits: Portraits
    references: tuple[Ints, ...]
    probes: Ints
    owners: Ints


Judged = tuple[Ints, Floats]  # for each probe who is nearest, and the score: infinite where it can never be accepted
Rule = Callable[[Draw], Judged]


def draw(
    portraits: Portraits,
    people: Sequence[int],
    size: int,
    references: int,
    rng: np.random.Generator,
    strangers: Sequence[int] | None = None,
) -> Draw:
    """A gallery of so many of these people; everybody else among them, or `strangers`, is a stranger.

    Who has no more photos than references gives them all, and no probe.
    """
    order = rng.permutation([person for person in people if strangers is None or person not in set(strangers)])
    enrolled, others = order[:size], order[size:] if strangers is None else np.asarray(strangers)
    taken, probes, owners = [], [], []
    for number, person in enumerate(enrolled):
        rows = rng.permutation(portraits.of(person))
        taken.append(rows[:references])
        probes.append(rows[references:])
        owners.append(np.full(len(rows[references:]), number))
    for person in others:
        rows = portraits.of(person)
        probes.append(rows)
        owners.append(np.full(len(rows), -1))
    return Draw(portraits, tuple(taken), np.concatenate(probes), np.concatenate(owners))


def gallery_of(drawn: Draw) -> matching.Gallery:
    return matching.Gallery.build(
        matching.Reference(str(number), tuple(drawn.portraits.templates[row]))
        for number, rows in enumerate(drawn.references)
        for row in rows
    )


def _two_nearest(distances: Floats) -> tuple[Ints, Floats, Floats]:
    if distances.shape[1] == 1:
        return np.zeros(len(distances), np.intp), distances[:, 0], np.full(len(distances), thresholds.FARTHEST_SECOND)
    order = np.argsort(distances, axis=1)[:, :2]
    two = np.take_along_axis(distances, order, axis=1)
    return order[:, 0], two[:, 0], two[:, 1]


def as_used(drawn: Draw) -> Judged:
    """What vision.matching does."""
    return _by_matching(drawn, thresholds.SMALLEST_MARGIN)


def score_alone(drawn: Draw) -> Judged:
    """The same without the smallest margin."""
    return _by_matching(drawn, 0.0)


def _by_matching(drawn: Draw, margin: float) -> Judged:
    gallery, probes = gallery_of(drawn), drawn.portraits.templates[drawn.probes]
    who, nearest, second = _two_nearest(np.stack([gallery.distances(probe) for probe in probes]))
    extra = matching.remoteness(matching.radius(probes), gallery.radii()[who])
    scores = matching.score(nearest, second, extra)
    return who, np.where(second - nearest >= margin, scores, np.inf)


def without_remoteness(drawn: Draw) -> Judged:
    """The score without what it adds for faces far from the middle of all."""
    gallery, probes = gallery_of(drawn), drawn.portraits.templates[drawn.probes]
    who, nearest, second = _two_nearest(np.stack([gallery.distances(probe) for probe in probes]))
    return who, matching.score(nearest, second, 0.0)


def plain(drawn: Draw) -> Judged:
    """One chip, the mean distance to a person's references, nothing but a threshold."""
    return _plain(drawn, 0.0)


def plain_with_margin(drawn: Draw) -> Judged:
    """The same, and the second-best person must be farther by a margin."""
    return _plain(drawn, USUAL_MARGIN)


def _plain(drawn: Draw, margin: float) -> Judged:
    apart = [_apart(drawn, rows).mean(axis=1) for rows in drawn.references]
    who, nearest, second = _two_nearest(np.stack(apart, axis=1))
    return who, np.where(second - nearest >= margin, nearest, np.inf)


def library(drawn: Draw) -> Judged:
    """face_recognition's own: whoever has the nearest reference, within 0.6."""
    apart = np.stack([_apart(drawn, rows).min(axis=1) for rows in drawn.references], axis=1)
    return np.argmin(apart, axis=1), apart.min(axis=1)


def _apart(drawn: Draw, rows: Ints) -> Floats:
    """Distances of descriptors as they come: probes x rows."""
    probes, references = drawn.portraits.plain[drawn.probes], drawn.portraits.plain[rows]
    squares = (probes**2).sum(axis=1)[:, None] + (references**2).sum(axis=1) - 2 * probes @ references.T
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)), np.float64)


@dataclass(frozen=True, slots=True)
class Trials:
    """Judged searches: the score of the nearest person, whether that is the right one, and whose photo it was."""

    scores: Floats
    right: Bools
    enrolled: Bools
    probes: Ints

    @classmethod
    def of(cls, draws: Sequence[Draw], rule: Rule) -> Trials:
        judged = [rule(one) for one in draws]
        return cls(
            np.concatenate([scores for _, scores in judged]),
            np.concatenate([who == one.owners for (who, _), one in zip(judged, draws, strict=True)]),
            np.concatenate([one.owners >= 0 for one in draws]),
            np.concatenate([one.probes for one in draws]),
        )

    def rates(self, threshold: float) -> dict[str, float]:
        """FPIR, FNIR, enrolled people taken for somebody else, and the false matches counted."""
        accepted = self.scores <= threshold
        strangers = accepted[~self.enrolled]
        return {
            "fpir": float(strangers.mean()),
            "fnir": float(1 - (accepted & self.right)[self.enrolled].mean()),
            "misidentified": float((accepted & ~self.right)[self.enrolled].mean()),
            "false_matches": int(strangers.sum()),
        }

    def threshold_at(self, fpir: float) -> float:
        """The largest threshold that keeps to this FPIR here."""
        strangers = np.sort(self.scores[~self.enrolled])
        return float(min(strangers[int(fpir * len(strangers))] - 1e-9, 9.0))


def halves(people: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    order = rng.permutation(people)
    return order[: people // 2], order[people // 2 :]


def choosing_and_reporting(portraits: Portraits, size: int, references: int) -> Iterator[tuple[list[Draw], list[Draw]]]:
    """Ten times: galleries to choose a threshold on, and galleries of other people to report its rates on.

    Where half of the people cannot fill a gallery, only the strangers are other people: everybody who is not one of
    these strangers may be enrolled in both.
    """
    rng = np.random.default_rng(size * 10 + references)
    for _ in range(RUNS):
        pair = []
        for half in halves(portraits.people, rng):
            if len(half) >= size + 30:
                pair.append([draw(portraits, list(half), size, references, rng) for _ in range(DRAWS)])
            else:
                everybody, left = range(portraits.people), max(portraits.people - size, 10)
                pair.append(
                    [
                        draw(portraits, everybody, size, references, rng, list(rng.permutation(half)[:left]))
                        for _ in range(DRAWS)
                    ]
                )
        yield pair[0], pair[1]


def middle_of(portraits: Portraits, people: Sequence[int]) -> Floats:
    """The middle of these people's faces, as vision/middle.py has it for everybody."""
    means = [portraits.templates[portraits.of(person)].mean(axis=0) for person in people]
    middle = np.mean(means, axis=0)
    return np.asarray(middle / np.linalg.norm(middle))


def middle_off(portraits: Portraits) -> float:
    """How far the middle of these people lies from the one in use: a chord."""
    return float(np.linalg.norm(middle_of(portraits, range(portraits.people)) - np.array(MIDDLE)))
