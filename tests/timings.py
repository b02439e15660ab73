"""Whether two kinds of thing can be told apart by how long they take."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of times, of each the lower quartile in seconds, as what else the machine does only adds to them.

    `advantage` is how often somebody is right who calls the longer of two times the second kind: 0.5 where time tells
    nothing, 1 or 0 where it tells all (the area under the ROC curve).
    """

    first: float
    second: float
    advantage: float

    def telling(self, ratio: float, advantage: float) -> bool:
        """Whether the quartiles lie apart by more than this share, or the times tell more often than this."""
        apart = abs(self.first - self.second) / min(self.first, self.second)
        return apart > ratio or abs(self.advantage - 0.5) > advantage - 0.5

    def __str__(self) -> str:
        return f"{self.first * 1e3:.2f} ms and {self.second * 1e3:.2f} ms, told apart {self.advantage:.0%} of the time"


def interleaved(kinds: Mapping[str, Callable[[], float]], rounds: int, seed: int = 1) -> dict[str, list[float]]:
    """Each kind timed once in every round, in a drawn order, so that what else the machine does touches all alike."""
    drawn, times = random.Random(seed), {kind: list[float]() for kind in kinds}
    for _ in range(rounds):
        for kind in drawn.sample(list(kinds), len(kinds)):
            times[kind].append(kinds[kind]())
    return times


def timed(do: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    longer = sum((b > a) + (b == a) / 2 for a in first for b in second)
    return Comparison(quantiles(first)[0], quantiles(second)[0], longer / (len(first) * len(second)))
