"""Labelled captions of an invented school, and how many of their names and details a finder finds.

A set is a folder with captions.jsonl, register.csv and school.json (or the same with dev_ before the name). A row of
captions.jsonl: {"id", "field", "text", "expect": [{"kind", "span", "pupil"?}], "verdict": "clean" or "must_flag"}. A
column `origin` in register.csv says where a pupil's names are common; without it, origins are not told apart.
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli.words import read_register, read_school
from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile

Finding = tuple[str, int, int, tuple[str, ...]]  # kind, start, end, pupils
Finder = Callable[[FieldName, str], list[Finding]]
Hits = dict[str, tuple[int, int]]  # found, wanted
NAMES = frozenset({Kind.PUPIL_NAME, Kind.PERSON_NAME})


@dataclass(frozen=True)
class LabelledSet:
    name: str
    rows: tuple[dict[str, Any], ...]
    people: tuple[RegisteredName, ...]
    school: SchoolProfile
    origins: dict[str, str]  # by pupil id


@dataclass
class Score:
    """Counts over one labelled set; `leaked`: rows that must be flagged and were not."""

    name: str
    must: int = 0
    flagged: int = 0
    clean: int = 0
    false: int = 0
    pupil_spans: int = 0
    right_pupil: int = 0
    detail_spans: int = 0
    right_detail: int = 0
    cpu_ms: float = 0.0
    by_kind: Hits = field(default_factory=dict)
    by_field: Hits = field(default_factory=dict)
    by_origin: Hits = field(default_factory=dict)
    leaked: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


class _Tally:
    def __init__(self) -> None:
        self.wanted, self.found = Counter[str](), Counter[str]()

    def add(self, name: str, *, found: bool) -> None:
        self.wanted[name] += 1
        self.found[name] += found

    def hits(self) -> Hits:
        return {name: (self.found[name], count) for name, count in self.wanted.most_common()}


def read_set(directory: Path) -> LabelledSet:
    def at(name: str) -> Path:
        return directory / name if (directory / name).exists() else directory / f"dev_{name}"

    lines = at("captions.jsonl").read_text(encoding="utf-8").splitlines()
    school, staff = read_school(at("school.json"))
    pupils = read_register(at("register.csv"))
    with at("register.csv").open(encoding="utf-8-sig", newline="") as file:
        origins = {row["id"]: row["origin"] for row in csv.DictReader(file) if row.get("origin")}
    rows = tuple(json.loads(line) for line in lines if line.strip())
    return LabelledSet(directory.name, rows, (*pupils, *staff), school, origins)


def score(name: str, labelled: LabelledSet, find: Finder) -> Score:
    """A finding hits where it overlaps the labelled words and is of their kind; its first candidate counts."""
    result = Score(name)
    kinds, fields, origins = _Tally(), _Tally(), _Tally()
    started = time.process_time()
    found_in = [find(FieldName(row["field"]), row["text"]) for row in labelled.rows]
    result.cpu_ms = round((time.process_time() - started) * 1000 / max(len(labelled.rows), 1), 2)
    for row, found in zip(labelled.rows, found_in, strict=True):
        if row["verdict"] == "clean":
            result.clean += 1
            result.false += bool(found)
            result.alarms += [f"{row['id']} {kind} '{row['text'][start:end]}'" for kind, start, end, _ in found]
            continue
        result.must += 1
        result.flagged += bool(found)
        fields.add(row["field"], found=bool(found))
        result.leaked += [] if found else [row["id"]]
        for want in row["expect"]:
            hit = _hit(want, row["text"], found)
            kinds.add(want["kind"], found=hit)
            result.missed += [] if hit else [f"{row['id']} {want['kind']} '{want['span']}'"]
            if want["kind"] == Kind.PUPIL_NAME:
                result.pupil_spans += 1
                result.right_pupil += hit
                for person in want["pupil"].split("|")[:1]:
                    origins.add(labelled.origins.get(person, "not said"), found=hit)
            elif want["kind"] not in NAMES:
                result.detail_spans += 1
                result.right_detail += hit
    result.by_kind, result.by_field, result.by_origin = kinds.hits(), fields.hits(), origins.hits()
    return result


def _hit(want: dict[str, Any], text: str, found: Sequence[Finding]) -> bool:
    start = text.find(want["span"])
    same = [
        each for each in found if each[0] == want["kind"] and each[1] < start + len(want["span"]) and start < each[2]
    ]
    if want["kind"] == Kind.PUPIL_NAME:
        return any(pupils and pupils[0] in want["pupil"].split("|") for _, _, _, pupils in same)
    return bool(same)


def added(scores: Sequence[Score]) -> Score:
    """The counts of several sets together; CPU is the mean."""
    total = Score(scores[0].name)
    for each in scores:
        for name in ("must", "flagged", "clean", "false", "pupil_spans", "right_pupil", "detail_spans", "right_detail"):
            setattr(total, name, getattr(total, name) + getattr(each, name))
        for name in ("by_kind", "by_field", "by_origin"):
            hits: Hits = getattr(total, name)
            for key, (found, wanted) in getattr(each, name).items():
                before = hits.get(key, (0, 0))
                hits[key] = (before[0] + found, before[1] + wanted)
        for name in ("leaked", "missed", "alarms"):
            getattr(total, name).extend(getattr(each, name))
    total.cpu_ms = round(sum(each.cpu_ms for each in scores) / len(scores), 2)
    return total
