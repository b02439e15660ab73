"""The command line: one module per kind of work, put together here."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="gatepost",
    help="The check between a school's draft post and the public.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    app()
