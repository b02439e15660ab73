"""`gatepost import` and `gatepost enrol`: the register from the command line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine
from sqlmodel import Session

from app import audit
from app.actors import ActorKind
from app.audit.tags import AuditTag
from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine, reading, writing
from app.enrolling import EnrolmentReport, keep, look, not_allowed
from app.looking import open_looker
from app.person_files import PersonFiles
from consent.csvfile import MAX_BYTES
from consent.errors import RegisterError
from consent.facts import today
from consent.importing import import_csv
from consent.importreport import ImportReport, LineStatus
from consent.models import Person, School
from consent.register import DEFAULT_SCHOOL, Register, create_school, the_school
from vision.errors import VisionError
from vision.findings import PictureFindings, ProblemCode
from vision.inspection import Inspector

FAILURE = 2
NO_PHOTOS = frozenset({"thumbs.db", "desktop.ini"})  # what file managers leave in folders
COUNTED = re.compile(r"(?P<number>.+?)[-_ .]+\(?\d{1,2}\)?")  # 0042-1.jpg, 0042 (2).jpg: photos of 0042

AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


def import_command(
    file: Annotated[Path, typer.Argument(help="a CSV file with one answer in each row")],
    apply: Annotated[bool, typer.Option("--apply", help="record it; without it the file is only tried")] = False,
    school: Annotated[str, typer.Option(help="the school's name, the first time the data folder is used")] = "",
    as_json: AsJson = False,
) -> None:
    """Read people and consents from a CSV file: a dry run, line by line, and with --apply all of it or nothing.

    Exit code 2 where the file cannot be read or a line has an error.
    """
    settings = Settings()
    try:
        if file.stat().st_size > MAX_BYTES:
            raise RegisterError(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it into parts.")
        content = file.read_bytes()
        open_data(settings)
        with Console(stderr=True).status("Reading the file"):
            report = _imported(open_engine(settings), content, school, apply=apply)
    except (OSError, RegisterError) as error:
        _fail("import", error)
    if as_json:
        typer.echo(json.dumps({"file": str(file), **report.as_json()}, ensure_ascii=False))
    else:
        _print_import(report, apply=apply)
    raise typer.Exit(0 if report.ok else FAILURE)


def _imported(engine: Engine, content: bytes, name: str, *, apply: bool) -> ImportReport:
    if not apply:
        with reading(engine) as session:
            if school := _named_school(session, name):
                return import_csv(Register(session, school.id), content, day=today())
    with writing(engine) as session:
        school = _named_school(session, name) or create_school(session, name or DEFAULT_SCHOOL)
        audit.acting(session, ActorKind.CLI)
        report = import_csv(Register(session, school.id), content, day=today(), apply=apply, recorded_by="import")
        if not report.applied:
            session.rollback()
        else:
            told: dict[str, Any] = {"lines": len(report.lines), "sha256": hashlib.sha256(content).hexdigest()}
            audit.record(session, school.id, AuditTag.IMPORT_APPLIED, school.id, **told)
    return report


def _named_school(session: Session, name: str) -> School | None:
    school = the_school(session)
    if school and name and school.name != name:
        raise RegisterError(f"This data folder is of {school.name}, not of {name}.")
    return school


def _print_import(report: ImportReport, *, apply: bool) -> None:
    for line in report.lines:
        if line.status is not LineStatus.UNCHANGED or line.notes:
            typer.echo(f"line {line.line:>5}  {line.status:<9}  {line.who}  {line.what}".rstrip())
            for note in line.notes:
                typer.echo(f"            {note}")
    typer.echo(", ".join(f"{count} {status}" for status, count in report.counts.items()) + f" ({report.encoding})")
    if report.untouched:
        typer.echo(f"{report.untouched} people of the register are not in this file; they stay as they are.")
    if not report.ok:
        typer.echo("Nothing was changed. Mend the lines with errors and import the file again.")
    elif apply:
        typer.echo("Recorded." if report.changes_something else "The register holds all of this already.")
    elif report.changes_something:
        typer.echo("This was a dry run: nothing was changed. Add --apply to record it.")
    else:
        typer.echo("There is nothing to change.")


# -- enrol -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """One person's photos; `person` is None where the name of the folder or file is nobody's."""

    label: str
    person: Person | None
    photos: tuple[Path, ...]
    problem: str = ""


def enrol_command(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="PERSON PHOTO... | FOLDER",
            help="somebody's name, UPN or admission number and their photos (files, or a folder of them); or one "
            "folder whose sub-folders or files are named by UPN or admission number",
        ),
    ],
    checked_by: Annotated[
        str, typer.Option(help="the second person who made sure that the photos show nobody who looks alike")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Take reference photos of people who have consented to face recognition. Exit code 2 on any refusal."""
    settings = Settings()
    try:
        open_data(settings)
        engine = open_engine(settings)
        with reading(engine) as session:
            register = _register(session)
            tasks = _tasks(register, targets)
        reports = _enrolled(settings, engine, tasks, checked_by)
    except (OSError, RegisterError, VisionError) as error:
        _fail("enrol", error)
    if as_json:
        typer.echo(json.dumps(reports, ensure_ascii=False))
    else:
        for report in reports:
            _print_enrolment(report)
    raise typer.Exit(0 if reports and all(report["ok"] for report in reports) else FAILURE)


def _register(session: Session) -> Register:
    school = the_school(session)
    if school is None:
        raise RegisterError("The register is empty: import it first with gatepost import FILE.csv --apply.")
    return Register(session, school.id)


def _tasks(register: Register, targets: list[str]) -> list[_Task]:
    if len(targets) == 1:
        folder = Path(targets[0])
        if not folder.is_dir():
            raise RegisterError(f"{targets[0]} is not a folder. Give a person and their photos, or one folder.")
        return list(_folder_tasks(register, folder))
    person = register.find_person(targets[0])
    photos: list[Path] = []
    for target in map(Path, targets[1:]):
        photos += _photos_in(target) if target.is_dir() else [target]
    return [_Task(targets[0], person, tuple(photos))]


def _folder_tasks(register: Register, folder: Path) -> Iterator[_Task]:
    """One task for each sub-folder and for each number that files are named by."""
    people = register.by_number()
    photos: dict[str, list[Path]] = {}
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.name.startswith("."):
            photos[entry.name] = _photos_in(entry)
    for photo in _photos_in(folder):
        counted = COUNTED.fullmatch(photo.stem)
        number = counted["number"] if counted and photo.stem.upper() not in people else photo.stem
        photos.setdefault(number, []).append(photo)
    for number, files in photos.items():
        person = people.get(number.upper())
        yield _Task(number, person, tuple(files), "" if person else _nobody(number))


def _nobody(number: str) -> str:
    return f"Nobody in the register has the UPN or admission number {number}. Rename it, or add the person first."


def _photos_in(folder: Path) -> list[Path]:
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_file() and not entry.name.startswith(".") and entry.name.casefold() not in NO_PHOTOS
    )


def _enrolled(settings: Settings, engine: Engine, tasks: list[_Task], checked_by: str) -> list[dict[str, Any]]:
    """Enrol one person after the other. The write lock is never held while a photo is looked at."""
    if not tasks:
        raise RegisterError("There is no photo and no sub-folder in this folder.")
    total = sum(len(task.photos) for task in tasks)
    reports = []
    with (
        open_looker(settings) as looker,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        bar = progress.add_task("Looking at the photos", total=total)
        for task in tasks:
            report = _enrol_one(settings, engine, looker.pictures, task, checked_by, lambda: progress.advance(bar))
            reports.append({"given": task.label, **report.as_json()})
    return reports


def _enrol_one(
    settings: Settings,
    engine: Engine,
    inspector: Inspector,
    task: _Task,
    checked_by: str,
    looked: Callable[[], None],
) -> EnrolmentReport:
    person, day = task.person, today()
    if person is None:
        return EnrolmentReport("", task.label, problem=task.problem)
    with reading(engine) as session:
        if problem := not_allowed(_register(session), person, day):
            return EnrolmentReport(person.id, person.full_name, problem=problem)
    seen = []
    for photo in task.photos:
        seen.append((photo.name, _looked_at(inspector, photo, settings.max_picture_bytes)))
        looked()
    with writing(engine) as session:
        audit.acting(session, ActorKind.CLI)
        register = _register(session)
        encoder = inspector.versions().get("encoder", "")
        files = PersonFiles(settings.people)
        return keep(register, register.person(person.id), seen, encoder, day, checked_by=checked_by, files=files)


def _looked_at(inspector: Inspector, photo: Path, most: int) -> PictureFindings:
    try:
        if photo.stat().st_size > most:
            raise OSError(f"The file is larger than {most // 1_000_000} MB. Use a smaller one.")
        content = photo.read_bytes()
    except OSError as error:
        return PictureFindings.not_looked_at(ProblemCode.UNREADABLE, error.strerror or str(error))
    return look(inspector, content)


def _print_enrolment(report: dict[str, Any]) -> None:
    if report["problem"]:
        typer.echo(f"{report['given']}: refused. {report['problem']}")
        return
    typer.echo(f"{report['given']}: {report['name']}, {report['references']} reference photos on record.")
    for photo in report["photos"]:
        typer.echo(f"  {photo['file']}: {'kept' if photo['kept'] else 'refused'}. {photo['because']}".rstrip())


def _fail(command: str, error: Exception) -> NoReturn:
    words = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
    typer.echo(f"gatepost {command}: {words}", err=True)
    raise typer.Exit(FAILURE) from None
