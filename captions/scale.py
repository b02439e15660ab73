"""The scale on which it is weighed whether a word means a child."""

from __future__ import annotations


class Scale:
    """A sum of weights, and the grounds that spoke for a child."""

    def __init__(self, base: float) -> None:
        self.total = base
        self.grounds: list[str] = []

    def add(self, weight: float, ground: str) -> None:
        self.total += weight
        if weight > 0:
            self.grounds.append(ground)
