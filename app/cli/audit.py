"""`gatepost audit`: sign the trail, check it, and write it out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from app import audit
from app.audit import checkpoints, exporting, trail
from app.audit.checkpoints import Checkpoint, NoCheckpoint
from app.audit.fields import is_digest
from app.audit.tags import AuditTag
from app.audit.verifying import Report, verify
from app.cli.opening import open_data
from app.config import Settings
from app.db import newest_migration, open_engine, reading, writing
from consent.models import School
from consent.register import the_school
from consent.vault.errors import VaultError

FAILURE = 2
DAY = ["%Y-%m-%d"]
app = typer.Typer(help="The audit trail: sign it, check it, write it out.", no_args_is_help=True)
Out = Annotated[Path | None, typer.Option("--out", help="the file to write; without it, it is printed")]


@app.command("checkpoint")
def checkpoint_command(out: Out = None) -> None:
    """Sign the trail as it stands, and write the checkpoint: keep it where nobody of the school can change it.

    Where nothing was added since the last one, that one is written again. Exit code 2 where the trail is empty.
    """
    settings = Settings()
    open_data(settings)
    with writing(open_engine(settings)) as session:
        school_id = _school_id(session)
        made = checkpoints.make(session, school_id, actor="cli") or checkpoints.newest(session, school_id)
    if made is None:
        _fail("There is nothing in the trail yet.")
    try:
        if settings.checkpoints is not None:
            checkpoints.write_file(settings.checkpoints, made)
        _put(out, checkpoints.as_text(made))
    except OSError as error:
        _fail(f"The checkpoint was made, and could not be written: {error.strerror}.")


@app.command("verify")
def verify_command(
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="a checkpoint kept outside; may be given several times")
    ] = None,
    public_key: Annotated[
        str | None, typer.Option("--public-key", help="the signing key as you kept it: 64 hexadecimal digits")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Find a changed, removed, exchanged, added or cut entry, and a database put back. Changes nothing.

    The files in GATEPOST_CHECKPOINTS are checked against, too. Exit code 0: all is as it was written; 1: it is not;
    2: it could not be checked.
    """
    settings = Settings()
    if public_key is not None and not is_digest(public_key.lower()):
        _fail("The public key is 64 hexadecimal digits. Look at `public_key` in a checkpoint that you kept.")
    outside = _outside(settings, against or [])
    with _opened(settings) as session:
        schools = list(session.exec(select(School.id).order_by(School.id)))
        if strange := sorted({each.school_id for each in outside} - set(schools)):
            _fail(f"A checkpoint is of the school {strange[0]}, which is not in this database.")
        reports = [
            verify(session, school, [each for each in outside if each.school_id == school], public_key)
            for school in schools
        ]
    if not reports:
        _fail("There is no school in this database, so there is no trail.")
    _print(reports, as_json)
    codes = {report.code for report in reports}
    raise typer.Exit(1 if 1 in codes else max(codes))


@app.command("export")
def export_command(
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="the first day")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="the last day")] = None,
    tag: Annotated[AuditTag | None, typer.Option("--tag", help="entries of this kind alone")] = None,
    out: Out = None,
) -> None:
    """Write the trail as CSV. That it was written out is an entry itself."""
    settings = Settings()
    open_data(settings)
    filters = trail.Filters(
        tag=tag.value if tag else "",
        first_day=first.date() if first else None,
        last_day=last.date() if last else None,
    )
    with writing(open_engine(settings)) as session:
        school_id = _school_id(session)
        text, rows = exporting.export(session, school_id, filters, actor="cli")
        try:
            _put(out, text)
        except OSError as error:
            session.rollback()
            _fail(f"{out}: {error.strerror}.")
    typer.echo(f"{rows} entries.", err=True)


def _put(out: Path | None, text: str) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    typer.echo(f"Written: {out}", err=True)


def _school_id(session: Session) -> str:
    school = the_school(session)
    if school is None:
        _fail("There is no school in this data folder yet, so there is no trail.")
    audit.acting(session, "cli")
    return school.id


def _outside(settings: Settings, files: Sequence[Path]) -> list[Checkpoint]:
    """The checkpoints from outside; one that cannot be read is never passed over."""
    folder = settings.checkpoints
    paths = [*files, *(sorted(folder.glob("*.json")) if folder else [])]
    read = []
    for path in paths:
        try:
            read.append(checkpoints.read_file(path))
        except (OSError, NoCheckpoint) as error:
            _fail(f"{path}: {error.strerror if isinstance(error, OSError) else error}")
    return read


@contextmanager
def _opened(settings: Settings) -> Iterator[Session]:
    """The database as it lies there: it is neither made nor brought up to date."""
    if not settings.database.exists():
        _fail(f"There is no database at {settings.database}.")
    try:
        with reading(open_engine(settings)) as session:
            found, newest = newest_migration(session)
            if found != newest:
                _fail("The database is of another version. Start Gatepost once, and check again.")
            yield session
    except DatabaseError as error:
        _fail(f"The database cannot be read ({type(error.orig).__name__}). Restore it, then check again.")
    except VaultError as error:
        _fail(str(error))


def _print(reports: Sequence[Report], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([{**asdict(report), "code": report.code} for report in reports], ensure_ascii=False))
        return
    for report in reports:
        typer.echo(
            f"School {report.school_id}: {report.entries} entries, {report.checkpoints} checkpoints, "
            f"{report.outside} from outside."
        )
        for finding in report.findings:
            typer.echo(f"TAMPERING: {finding.words}")
        for words in report.unchecked:
            typer.echo(f"NOT CHECKED: {words}")
        for words in report.notes:
            typer.echo(f"Note: {words}")
        if report.code == 0:
            typer.echo("Every entry is as it was written.")


def _fail(words: str) -> NoReturn:
    typer.echo(f"gatepost audit: {words}", err=True)
    raise typer.Exit(FAILURE)
