"""`gatepost keys`: the school's API keys from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from app.actors import Actor, KeyScope, command_line
from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine, writing
from app.errors import ServiceError
from app.keys import keys
from app.keys.keys import MadeKey
from app.keys.pages import end_of
from app.keys.tables import ApiKey
from consent.models import now
from consent.register import create_school, the_school

FAILURE = 2
DAY = ["%Y-%m-%d"]
app = typer.Typer(help="API keys: what programs of the school send with each request.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
WhichKey = Annotated[str, typer.Argument(help="the key's id, as `gatepost keys list` prints it")]


@app.command("create")
def create_command(
    name: Annotated[str, typer.Option(help="what uses the key, such as 'Website workflow'")],
    scope: Annotated[list[KeyScope], typer.Option(help="what the key may do; may be given several times")],
    expires: Annotated[
        datetime | None, typer.Option(formats=DAY, help="its last day; a year from now where nothing is said")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: it is kept nowhere. Exit code 2 where it is refused."""
    with _school("create") as (session, actor):
        until = end_of(expires.date().isoformat()) if expires else None
        made = keys.make(session, actor, name, scope, expires_at=until)
    _print_made(made, as_json)


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Every key with its state; never the keys themselves."""
    with _school("list") as (session, actor):
        rows = [_as_json(key) for key in keys.listing(session, actor.school_id)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['shown']}  {row['state']}  {row['name']}")
        typer.echo(
            f"    {', '.join(row['scopes'])}; ends {row['expires_at']}; last used {row['last_used_at'] or 'never'}"
        )
    if not rows:
        typer.echo("There is no key.")


@app.command("rotate")
def rotate_command(
    key: WhichKey,
    overlap_days: Annotated[int, typer.Option(help="days for which the old key goes on beside the new one")] = (
        keys.OVERLAP_DAYS
    ),
    as_json: AsJson = False,
) -> None:
    """Exchange a key for one with the same name and scopes, and print that, once."""
    with _school("rotate") as (session, actor):
        made = keys.rotate(session, actor, key, overlap_days=overlap_days)
    _print_made(made, as_json)


@app.command("revoke")
def revoke_command(key: WhichKey, as_json: AsJson = False) -> None:
    """End a key at once."""
    with _school("revoke") as (session, actor):
        row = _as_json(keys.revoke(session, actor, key))
    typer.echo(json.dumps(row, ensure_ascii=False) if as_json else f"Revoked: {row['shown']} {row['name']}")


@contextmanager
def _school(command: str) -> Iterator[tuple[Session, Actor]]:
    """A session of the data folder's school, and the command line as who acts."""
    settings = Settings()
    open_data(settings)
    try:
        with writing(open_engine(settings)) as session:
            school = the_school(session) or create_school(session)
            yield session, command_line(school.id)
    except ServiceError as error:
        typer.echo(f"gatepost keys {command}: {error.detail}", err=True)
        raise typer.Exit(FAILURE) from None


def _print_made(made: MadeKey, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**_as_json(made.key), "key": made.text}, ensure_ascii=False))
        return
    typer.echo(made.text)
    ends = f"{made.key.expires_at:%Y-%m-%d}"
    typer.echo(f"This is the only time it is shown. It may: {', '.join(made.key.scopes)}. It ends {ends}.", err=True)


def _as_json(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "shown": f"gp_{key.prefix}_...",
        "scopes": key.scopes,
        "state": keys.state_of(key, now()).value,
        "made_at": key.made_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "successor": key.successor_id,
    }
