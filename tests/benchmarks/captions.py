"""How many captions that name or give away a child are flagged, and how many harmless ones are, with two baselines.

    python -m tests.benchmarks.captions DIR [--json]

DIR holds dev_captions.jsonl, dev_register.csv and dev_school.json (rows with `expect` and `verdict`). The baselines,
in the same run: the register's exact full names; its given names in any case.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.cli.words import read_register, read_school
from captions.findings import FieldName, Kind, RegisteredName, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames

Finding = tuple[str, int, int, tuple[str, ...]]  # kind, start, end, pupils
Finder = Callable[[FieldName, str], list[Finding]]


@dataclass
class Score:
    """Counts over one labelled set; `leaked`: rows that must be flagged and were not."""

    name: str
    must: int = 0
    flagged: int = 0
    clean: int = 0
    alarms: int = 0
    pupil_spans: int = 0
    right_pupil: int = 0
    detail_spans: int = 0
    right_detail: int = 0
    cpu_ms: float = 0.0
    by_kind: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_field: dict[str, tuple[int, int]] = field(default_factory=dict)
    leaked: list[str] = field(default_factory=list)


def exact_full_names(people: Sequence[RegisteredName]) -> Finder:
    names = [(f"{person.given} {person.family}", person.person_id) for person in people if person.pupil]

    def find(_: FieldName, text: str) -> list[Finding]:
        return [
            (Kind.PUPIL_NAME, match.start(), match.end(), (person_id,))
            for name, person_id in names
            for match in re.finditer(re.escape(name), text)
        ]

    return find


def given_names(people: Sequence[RegisteredName]) -> Finder:
    by_name: dict[str, list[str]] = {}
    for person in people:
        for name in {person.given, person.known_as} - {""} if person.pupil else ():
            by_name.setdefault(name.lower(), []).append(person.person_id)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, by_name))})(?!\w)", re.IGNORECASE)

    def find(_: FieldName, text: str) -> list[Finding]:
        return [
            (Kind.PUPIL_NAME, match.start(), match.end(), tuple(by_name.get(match.group().lower(), ())))
            for match in pattern.finditer(text)
        ]

    return find


def gatepost(people: Sequence[RegisteredName], school: Any) -> Finder:
    register = RegisterNames.build(people)

    def find(name: FieldName, text: str) -> list[Finding]:
        return [
            (Kind.MEDICAL if f.kind is Kind.NHS else f.kind, f.start, f.end, f.pupils)
            for f in inspect([TextField(name, text)], register, school).findings
        ]

    return find


def score(name: str, rows: Sequence[dict[str, Any]], find: Finder) -> Score:
    result = Score(name)
    kinds, hit_kinds, fields, hit_fields = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    started = time.process_time()
    found_in = [find(FieldName(row["field"]), row["text"]) for row in rows]
    result.cpu_ms = round((time.process_time() - started) * 1000 / max(len(rows), 1), 2)
    for row, found in zip(rows, found_in, strict=True):
        if row["verdict"] == "clean":
            result.clean += 1
            result.alarms += bool(found)
            continue
        result.must += 1
        result.flagged += bool(found)
        fields[row["field"]] += 1
        hit_fields[row["field"]] += bool(found)
        if not found:
            result.leaked.append(row["id"])
        for want in row["expect"]:
            start = row["text"].find(want["span"])
            same = [f for f in found if f[0] == want["kind"] and f[1] < start + len(want["span"]) and start < f[2]]
            kinds[want["kind"]] += 1
            hit_kinds[want["kind"]] += bool(same)
            if want["kind"] == Kind.PUPIL_NAME:
                result.pupil_spans += 1
                result.right_pupil += any(f[3] and f[3][0] in want.get("pupil", "").split("|") for f in same)
            elif want["kind"] != Kind.PERSON_NAME:
                result.detail_spans += 1
                result.right_detail += bool(same)
    result.by_kind = {kind: (hit_kinds[kind], count) for kind, count in kinds.most_common()}
    result.by_field = {name: (hit_fields[name], count) for name, count in fields.most_common()}
    return result


def enlarged(people: Sequence[RegisteredName], size: int) -> list[RegisteredName]:
    """The register with made-up pupils added up to a size, for the time a large school takes."""
    sounds = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wi", "da", "fe", "go", "hu", "ja")
    more = []
    for i in range(max(0, size - len(people))):
        digits = [sounds[(i // 15**place) % 15] for place in range(4)]
        given, family = "".join(digits).capitalize(), "".join(reversed(digits)).capitalize() + "son"
        more.append(RegisteredName(f"extra {i}", given, family))
    return [*people, *more]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lines = (arguments.directory / "dev_captions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    school, staff = read_school(arguments.directory / "dev_school.json")
    people = [*read_register(arguments.directory / "dev_register.csv"), *staff]
    finders = {
        "exact full names": exact_full_names(people),
        "given names": given_names(people),
        "gatepost": gatepost(people, school),
        "gatepost, 2,000 pupils": gatepost(enlarged(people, 2000), school),
    }
    for find in finders.values():
        find(FieldName.CAPTION, "warm up: www.example.org")
    scores = [score(name, rows, find) for name, find in finders.items()]
    if arguments.json:
        print(json.dumps([asdict(item) for item in scores], indent=1))
        return
    print(f"{'':24}{'flagged':>10}{'right pupil':>13}{'false alarms':>14}{'details':>10}{'CPU ms':>8}")
    for item in scores:
        print(
            f"{item.name:24}{item.flagged:>6}/{item.must}{item.right_pupil:>9}/{item.pupil_spans}"
            f"{item.alarms:>10}/{item.clean}{item.right_detail:>7}/{item.detail_spans}{item.cpu_ms:>8.2f}"
        )
    for title, table in (("kind", scores[2].by_kind), ("field", scores[2].by_field)):
        print(f"\ngatepost by {title}: " + ", ".join(f"{name} {hit}/{count}" for name, (hit, count) in table.items()))
    if scores[2].leaked:
        print("not flagged: " + ", ".join(scores[2].leaked))


if __name__ == "__main__":
    main()
