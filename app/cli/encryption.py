"""`gatepost encryption`: the key that everything is sealed under."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine
from app.rotating import key_states, rotate

app = typer.Typer(help="The key that everything is sealed under.", no_args_is_help=True)


@app.command("status")
def status_command() -> None:
    """Say which keys there are, and how many data keys are wrapped under each. Exit code 2 where one is missing."""
    settings = Settings()
    open_data(settings)
    states = key_states(open_engine(settings))
    typer.echo("The key comes from GATEPOST_KEY." if settings.key else f"Key file: {settings.key_path}")
    for state in states:
        what = "newest" if state.newest else ("older" if state.at_hand else "MISSING")
        typer.echo(f"  {state.id}  {what}: {state.data_keys} data keys are wrapped under it")
    raise typer.Exit(0 if all(state.at_hand for state in states) else 2)


@app.command("rotate")
def rotate_command(
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Exchange the key: wrap every data key under a new one, then drop the old one. May run while Gatepost does.

    Broken off, it goes on where it stopped when it is called again.
    """
    settings = Settings()
    open_data(settings)
    engine = open_engine(settings)
    if settings.key is not None:
        _rotate_in_environment(settings)
    elif not yes:
        typer.echo(
            f"Copies of the database from before can only be opened with the key as it is now. If you may need them, "
            f"keep a copy of {settings.key_path} first, apart from them."
        )
        typer.confirm("Exchange the key now?", abort=True)
    done = rotate(engine)
    typer.echo(f"{'Went on with a rotation. ' if done.resumed else ''}{done.rewrapped} data keys wrapped anew.")
    typer.echo(f"The key is now {done.key_id}.")
    for dropped in done.dropped:
        typer.echo(f"Dropped: {dropped}.")
    if settings.key is not None:
        typer.echo("Take the older keys out of GATEPOST_KEY, and start every Gatepost that uses it again.")


def _rotate_in_environment(settings: Settings) -> None:
    """With one key there is nothing to exchange it for: say what to do."""
    if settings.key is not None and "," not in settings.key.get_secret_value():
        typer.echo(
            "The key comes from GATEPOST_KEY, which Gatepost cannot change. Make a new one (`openssl rand -base64 32`),"
            " set GATEPOST_KEY to the new one, a comma and the old one, start every Gatepost that uses it again, and"
            " call this once more.",
            err=True,
        )
        raise typer.Exit(2)
