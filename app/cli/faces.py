"""`gatepost doctor --faces`: the school's own references put to the test, as tables or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table

from app.config import Settings
from app.db import open_engine, reading
from app.facecheck import FEW_REFERENCES, OLD_AFTER, FaceCheck, PersonReferences, check_faces
from consent.facts import RecognitionMode, today
from consent.register import Register, the_school
from vision.matching import Outcome

OUTCOMES = {Outcome.UNKNOWN: "not recognised", Outcome.AMBIGUOUS: "more than one person could be meant"}


def faces_command(settings: Settings, *, as_json: bool) -> int:
    """Print the test of the school's references; the exit code: 0 nothing is wrong, 2 something is."""
    if not settings.database.exists():
        typer.echo(f"{settings.data} has no register yet: run `gatepost import FILE.csv --apply`.", err=True)
        return 2
    with reading(open_engine(settings)) as session:
        school = the_school(session)
        if school is None:
            typer.echo("The register is empty: run `gatepost import FILE.csv --apply`.", err=True)
            return 2
        found = check_faces(Register(session, school.id), today())
        if as_json:
            typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            _show(found, Console())
        return 0 if found.ok else 2


def _show(found: FaceCheck, console: Console) -> None:
    test = found.test
    console.print(
        f"Recognition is {found.mode}. {found.enrolled} people enrolled with {found.references} references; "
        f"operating point {found.threshold}."
    )
    if found.mode == RecognitionMode.OFF and found.references:
        console.print("The references are not used while recognition is off: remove them if it stays so.")
    if test.tried:
        console.print(
            f"Each reference sought among the others: {test.found} of {test.tried} found. These are photos taken for "
            "the purpose: pictures of an afternoon are harder."
        )
    else:
        console.print("Nobody has two references, so none could be sought among the others.")
    _table(
        console,
        "Not found by one of their own references: take a new photo, or ask whom it shows",
        ("Person", "Reference", "What was found"),
        [
            (
                found.people[each.subject_id].full_name,
                str(each.number),
                f"taken for {found.people[each.taken_for].full_name}" if each.taken_for else OUTCOMES[each.outcome],
            )
            for each in test.missed
        ],
    )
    _table(
        console,
        "Hard to tell apart: a second person checks their pictures",
        ("Person", "Person", "Distance"),
        [
            (found.people[pair.one].full_name, found.people[pair.other].full_name, f"{pair.distance:.3f}")
            for pair in test.pairs
        ],
    )
    _people(console, "Consent to face recognition, and no reference: enrol them", found.none)
    _people(console, f"Fewer than {FEW_REFERENCES} references: enrol more photos", found.few)
    _people(console, f"References older than {OLD_AFTER.days} days: take new photos", found.old)
    _people(console, "References of an older model, which are not compared: enrol again", found.other_model)
    _people(console, "References of people without consent to face recognition: remove them", found.not_allowed)


def _people(console: Console, title: str, people: Sequence[PersonReferences]) -> None:
    _table(
        console,
        title,
        ("Person", "Class", "References", "Oldest taken on"),
        [(row.person.full_name, row.person.class_name, str(row.count), str(row.oldest_on or "")) for row in people],
    )


def _table(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = Table(title=f"{title} ({len(rows)})", title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    console.print(table)
