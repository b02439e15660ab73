"""Opening the data folder from the command line."""

from __future__ import annotations

import typer

from app.config import Settings
from app.db import migrate


def open_data(settings: Settings) -> None:
    """Bring the data folder up to date; where a key was made for it, say where it lies and to keep a copy."""
    if migrate(settings):
        typer.echo(
            f"A key was made: {settings.key_path}. Keep a copy of it, apart from every copy of {settings.data}: "
            "without it nothing can be opened.",
            err=True,
        )
