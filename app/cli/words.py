"""`gatepost captions`: read rows of text against a register and say what names or gives away a child."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from app.looking import open_tagger
from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile, TextField, TextFinding
from captions.inspection import inspect
from captions.register_names import RegisterNames
from captions.rewriting import rewrite
from captions.tagger import PersonTagger
from vision.errors import ModelError

_SHORT_COLUMNS = frozenset({"given", "surname"})
_REGISTER_COLUMNS = frozenset({"legal_forename", "legal_surname"})


class WordsError(Exception):
    """The register, the school's profile or a row cannot be read; the message says which and what to do."""


def captions_command(
    register: Annotated[
        Path, typer.Option(help="CSV of pupils: id, given, known_as, surname, year, class; or the import's columns")
    ],
    school: Annotated[Path, typer.Option(help="JSON with the school's own name, address, phone, domain, staff")],
) -> None:
    """Find pupils' names and identifying details in rows of text.

    Reads JSON lines {"id", "field", "text"} from standard input and writes one line per row:
    {"id", "findings": [{"kind", "start", "end", "pupil", "pupils", "score", "why", "recogniser", "evidence",
    "doubtful", "replacement"}], "rewritten"}, offsets into the text; "rewritten" is the safe wording.
    """
    try:
        profile, staff = read_school(school)
        names = RegisterNames.build([*read_register(register), *staff])
        tagger = open_tagger()
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        for line in answers(sys.stdin, names, profile, tagger):
            typer.echo(line)
    except (WordsError, ModelError) as error:
        typer.echo(f"gatepost captions: {error}", err=True)
        raise typer.Exit(2) from None


def answers(
    rows: Iterable[str], names: RegisterNames, profile: SchoolProfile, tagger: PersonTagger | None
) -> Iterator[str]:
    """One JSON line for each row; raises WordsError naming the line that cannot be read."""
    for number, line in enumerate(rows, start=1):
        if line.strip():
            row_id, field = _row(line, number)
            result = inspect([field], names, profile, tagger)
            answer: dict[str, Any] = {"id": row_id, "findings": [_finding(finding) for finding in result.findings]}
            if result.findings:
                answer["rewritten"] = rewrite(field.text, result.findings)
            if result.problems:
                answer["problems"] = [problem.because for problem in result.problems]
            yield json.dumps(answer, ensure_ascii=False)


def _row(line: str, number: int) -> tuple[Any, TextField]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WordsError(f"line {number} is not JSON ({error}); each line is one object.") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise WordsError(f'line {number} needs "id" and "text" (a string), and may have "field".')
    try:
        return row["id"], TextField(FieldName(row.get("field", "caption")), row["text"])
    except ValueError:
        known = ", ".join(FieldName)
        raise WordsError(f"line {number}: the field {row.get('field')!r} is unknown; it is one of {known}.") from None


def _finding(finding: TextFinding) -> dict[str, Any]:
    """A finding as the row format has it: an NHS number counts as medical there."""
    kind = Kind.MEDICAL if finding.kind is Kind.NHS else finding.kind
    answer: dict[str, Any] = {"kind": str(kind), "start": finding.start, "end": finding.end}
    if finding.pupils:
        answer |= {"pupil": finding.pupils[0], "pupils": list(finding.pupils)}
    answer |= {"score": finding.score, "why": finding.why, "recogniser": finding.recogniser}
    answer |= {"evidence": list(finding.evidence), "doubtful": finding.doubtful}
    return answer | ({} if finding.replacement is None else {"replacement": finding.replacement})


def read_register(path: Path) -> list[RegisteredName]:
    """People of a CSV file, each once (staff where a column "role" says so); raises WordsError."""
    rows = csv.DictReader(io.StringIO(_text(path), newline=""))
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    if not (columns.keys() >= _SHORT_COLUMNS or columns.keys() >= _REGISTER_COLUMNS):
        raise WordsError(
            f"{path.name} needs the columns given and surname (or legal_forename and legal_surname); "
            f"it has {', '.join(columns) or 'none'}."
        )
    people: dict[str, RegisteredName] = {}
    for number, raw in enumerate(rows, start=2):
        row = {name: (raw.get(column) or "").strip() for name, column in columns.items()}
        given, family = (
            row.get("given") or row.get("legal_forename", ""),
            row.get("surname") or row.get("legal_surname", ""),
        )
        if not given and not family:
            continue
        person_id = row.get("id") or row.get("upn") or row.get("admission_number") or f"line {number}"
        known_as = row.get("known_as") or row.get("preferred_forename", "")
        year, class_name = row.get("year", ""), row.get("class", "")
        people[person_id] = RegisteredName(
            person_id,
            given,
            family,
            known_as,
            other_names=row.get("other_names", ""),
            title=row.get("title", ""),
            year=f"Year {year}" if year.isdigit() else year,
            class_name=class_name,
            pupil=row.get("role", "").lower() != "staff",
        )
    return list(people.values())


def read_school(path: Path) -> tuple[SchoolProfile, list[RegisteredName]]:
    """The school's profile and its staff; raises WordsError."""
    try:
        data = json.loads(_text(path))
    except ValueError as error:
        raise WordsError(f"{path.name} is not JSON: {error}.") from None
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        raise WordsError(f'{path.name} needs at least "name", the school\'s name.')
    phones = data.get("phones", []) + ([data["phone"]] if data.get("phone") else [])
    profile = SchoolProfile(
        name=data["name"],
        short_names=tuple(data.get("short_names", ())),
        address=data.get("address", ""),
        postcode=data.get("postcode", ""),
        phones=tuple(phones),
        domain=data.get("domain", ""),
        emails=tuple(data.get("emails", ())),
        handles=tuple(data.get("handles", ())),
        hashtags=tuple(data.get("hashtags", ())),
        classes=dict(data.get("classes", {})),
        approved_domains=tuple(data.get("approved_domains", ())),
    )
    staff = [
        RegisteredName(
            f"staff {i}", who.get("given", ""), who.get("surname", ""), title=who.get("title", ""), pupil=False
        )
        for i, who in enumerate(data.get("staff", ()), start=1)
    ]
    return profile, staff


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WordsError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
