"""Invented school captions: names of many origins in slots, and sentences whose words only look like names."""

from __future__ import annotations

import csv
import hashlib
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from captions.training.corpus import PERSON, PLACE, Sentence

HERE = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Names:
    """Given and family names by origin, and a longer list of given names with weights for drawing."""

    given: dict[str, tuple[str, ...]]
    family: dict[str, tuple[str, ...]]
    common: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()


def _kept_out(name: str) -> bool:
    return hashlib.sha256(name.casefold().encode()).digest()[0] % 4 == 0


def read_names(path: Path = HERE / "names.txt") -> tuple[Names, Names]:
    """Names to train with, and names kept out of training."""
    learn, unseen = Names({}, {}), Names({}, {})
    for line in path.read_text("utf-8").splitlines():
        head, _, tail = line.partition(":")
        if line.startswith("#"):
            continue
        origin, kind = head.split()
        for names, out in ((learn, False), (unseen, True)):
            lists = names.given if kind == "given" else names.family
            lists[origin] = tuple(name for name in tail.split() if _kept_out(name) is out)
    return learn, unseen


def read_slots(path: Path = HERE / "slots.txt") -> dict[str, tuple[str, ...]]:
    slots: dict[str, str] = {}
    slot = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            slot, _, line = line.partition(":")
        slots[slot] = slots.get(slot, "") + line.strip()
    return {slot: tuple(text.split("|")) for slot, text in slots.items()}


def with_common(names: Names, unseen: Names, given_names: Path) -> Names:
    """With the given names of a CSV (name,total,...), drawn by the root of their count; none that is kept out."""
    out = {name.casefold() for each in (unseen.given, unseen.family) for listed in each.values() for name in listed}
    with given_names.open(encoding="utf-8") as file:
        rows = [(row["name"], int(row["total"]) ** 0.5) for row in csv.DictReader(file)]
    kept = [(name, weight) for name, weight in rows if not out & set(name.casefold().replace("-", " ").split())]
    return Names(names.given, names.family, tuple(name for name, _ in kept), tuple(accumulate(w for _, w in kept)))


class Captions:
    """Draws captions and names; the same seed draws the same ones."""

    def __init__(self, names: Names, seed: int, templates: Path = HERE / "templates.txt") -> None:
        self._names = names
        self._origins = [origin for origin in names.given if names.given[origin]]
        self._rng = random.Random(seed)
        lines = [line for line in templates.read_text("utf-8").splitlines() if line and line[0] in "+-?"]
        self._slots = read_slots()
        self._templates = {mark: [line[2:] for line in lines if line[0] == mark] for mark in "+-?"}

    def captions(self, count: int) -> Iterable[Sentence]:
        """Three in five name people."""
        for _ in range(count):
            mark = "+" if self._rng.random() < 0.6 else "-"
            yield self.fill(self._rng.choice(self._templates[mark]))

    def unseen(self, origin: str) -> Iterable[Sentence]:
        """Every template kept out of training, filled with names of one origin."""
        for template in self._templates["?"]:
            yield self.fill(template, origin)

    def name(self, words: int) -> list[str]:
        """A given name, or a given and a family name."""
        origin = self._rng.choice(self._origins)
        return [self._given(origin), self._rng.choice(self._names.family[origin])][:words]

    def fill(self, template: str, origin: str | None = None) -> Sentence:
        text, spans, at = "", list[tuple[int, int, str]](), 0
        for slot in _SLOT.finditer(template):
            text += template[at : slot.start()]
            value, kind = self._value(slot.group(1), origin)
            if kind:
                spans.append((len(text), len(text) + len(value), kind))
            text, at = text + value, slot.end()
        return Sentence(text + template[at:], tuple(spans))

    def _value(self, slot: str, origin: str | None) -> tuple[str, str]:
        if slot in self._slots:
            value = self._rng.choice(self._slots[slot])
            return value, PLACE if slot == "PL" and value[0].isupper() else ""
        origin = origin or self._rng.choice(self._origins)
        given, family = self._given(origin), self._rng.choice(self._names.family[origin])
        if slot == "F" and self._rng.random() < 0.06:
            family += "-" + self._rng.choice(self._names.family[self._rng.choice(self._origins)])
        initial = family[0] + self._rng.choice(("", "."))
        forms = {
            "G": given,
            "F": f"{given} {family}",
            "S": family,
            "R": f"{family}, {given}",
            "I": f"{given} {initial}",
        }
        return forms[slot], PERSON

    def _given(self, origin: str) -> str:
        draw = self._rng.random()
        if self._names.common and draw < 0.1:
            return self._rng.choice(self._slots["NAME_WORDS"])
        if self._names.common and draw < 0.5:
            return self._rng.choices(self._names.common, cum_weights=self._names.weights)[0]
        return self._rng.choice(self._names.given[origin])
