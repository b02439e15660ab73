"""`gatepost school`: the school's own details and the accounts it posts to, from one JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app import audit
from app.actors import ActorKind
from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine, writing
from app.school import SchoolFile, SchoolFileError, apply_school, read_school
from consent.errors import RegisterError


def school_command(
    file: Annotated[Path, typer.Argument(help="a JSON file in the form of fixtures/school.json")],
    apply: Annotated[bool, typer.Option("--apply", help="make the changes; without it they are only listed")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Set the school's details (name, address, classes, ...), its accounts, and how it checks and releases.

    Accounts not named stay as they are, and so do recognition, naming and released_side where the file has none.
    Exit code 2 on any refusal.
    """
    settings = Settings()
    try:
        wanted = read_school(file.read_bytes())
    except (OSError, SchoolFileError) as error:
        typer.echo(f"gatepost school: {file}: {error}", err=True)
        raise typer.Exit(2) from None
    open_data(settings)
    with writing(open_engine(settings)) as session:
        audit.acting(session, ActorKind.CLI)
        changes = _changes(session, wanted)
        if not apply:
            session.rollback()
    if as_json:
        typer.echo(json.dumps({"applied": apply, "changes": changes}, ensure_ascii=False))
        return
    for change in changes or ["Nothing to change."]:
        typer.echo(change)
    if changes and not apply:
        typer.echo("This was a dry run: nothing was changed. Add --apply to make the changes.")


def _changes(session: Session, wanted: SchoolFile) -> list[str]:
    try:
        return apply_school(session, wanted)
    except RegisterError as error:
        typer.echo(f"gatepost school: {error} Nothing was changed.", err=True)
        raise typer.Exit(2) from None
