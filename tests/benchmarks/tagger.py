"""How well the trained tagger finds people who are not on the register, and what its false alarms would cost.

    python -m tests.benchmarks.tagger DIR [--json]

DIR holds the public sets (*.bio) and dev_captions.jsonl with dev_register.csv and dev_school.json. Prints strict person
F1 on the unseen test files, recall by origin of name, captions flagged by the tagger alone and through the inspection
that knows register, staff and well-known figures, and the processor time of a caption.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.cli.words import read_register, read_school
from captions.findings import FieldName, Kind, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames
from captions.tagger import PersonTagger
from captions.tagging import load_tagger
from captions.training.measuring import figures
from vision.runtime import open_session

Row = dict[str, Any]
Span = tuple[int, int]


def alarms(rows: Sequence[Row], find: Callable[[Row], list[Span]]) -> dict[str, Any]:
    """Clean captions with a finding, and people off the register (`person_name`) that were found."""
    clean = [row for row in rows if row["verdict"] == "clean"]
    must = [row for row in rows if row["verdict"] != "clean"]
    false = {row["id"]: [row["text"][start:end] for start, end in found] for row in clean if (found := find(row))}
    people = [
        (row, row["text"].find(want["span"]), len(want["span"]))
        for row in must
        for want in row["expect"]
        if want["kind"] == Kind.PERSON_NAME
    ]
    hit = sum(any(a < at + size and at < b for a, b in find(row)) for row, at, size in people)
    return {
        "clean captions flagged": f"{len(false)}/{len(clean)}",
        "people off the register found": f"{hit}/{len(people)}",
        "captions that must be flagged, flagged": f"{sum(bool(find(row)) for row in must)}/{len(must)}",
        "flagged for": false,
    }


def captions(tagger: PersonTagger, directory: Path) -> dict[str, Any]:
    lines = (directory / "dev_captions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    school, staff = read_school(directory / "dev_school.json")
    register = RegisterNames.build([*read_register(directory / "dev_register.csv"), *staff])

    def alone(row: Row) -> list[Span]:
        return [(span.start, span.end) for span in tagger.tag(row["text"])]

    def inspected(row: Row, with_tagger: PersonTagger | None) -> list[Span]:
        fields = [TextField(FieldName(row["field"]), row["text"])]
        return [(found.start, found.end) for found in inspect(fields, register, school, with_tagger).findings]

    began = time.process_time()
    for row in rows:
        tagger.tag(row["text"])
    spent = (time.process_time() - began) * 1000 / len(rows)
    return {
        "tagger alone": alarms(rows, alone),
        "inspection with the tagger": alarms(rows, lambda row: inspected(row, tagger)),
        "inspection without it": alarms(rows, lambda row: inspected(row, None)),
        "processor time of a caption, ms": round(spent, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    tagger = load_tagger(open_session)
    found = figures(tagger, options.directory) | captions(tagger, options.directory)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for title, table in found.items():
        print(f"\n{title}")
        for name, value in table.items() if isinstance(table, dict) else [("", table)]:
            print(f"  {name:40s} {value}")


if __name__ == "__main__":
    main()
