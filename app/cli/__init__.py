"""The command line: one module per kind of work, put together here."""

from __future__ import annotations

import typer

from app.cli import audit, encryption, erase
from app.cli.accounts import app as accounts_app
from app.cli.demo import demo_command
from app.cli.doctor import doctor_command
from app.cli.keys import app as keys_app
from app.cli.looking import check_command, inspect_command
from app.cli.models import models_command
from app.cli.recognition import recognition_command
from app.cli.register import enrol_command, import_command
from app.cli.school import school_command
from app.cli.serving import serve_command, work_command
from app.cli.words import captions_command
from consent.vault.errors import VaultError

app = typer.Typer(
    name="gatepost",
    help="The check between a school's draft post and the public.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo_command)
app.command("serve")(serve_command)
app.command("work")(work_command)
app.command("check")(check_command)
app.command("inspect")(inspect_command)
app.command("captions")(captions_command)
app.command("import")(import_command)
app.command("enrol")(enrol_command)
app.command("school")(school_command)
app.command("recognition")(recognition_command)
app.command("models")(models_command)
app.command("doctor")(doctor_command)
app.add_typer(encryption.app, name="encryption")
app.add_typer(erase.app, name="erase")
app.add_typer(audit.app, name="audit")
app.add_typer(keys_app, name="keys")
app.add_typer(accounts_app, name="accounts")


def main() -> None:
    try:
        app()
    except VaultError as error:
        typer.echo(f"gatepost: {error}", err=True)
        raise SystemExit(2) from None
