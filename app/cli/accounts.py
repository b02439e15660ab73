"""`gatepost accounts`: who may sign in, for somebody at the machine itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from sqlmodel import Session

from app import audit
from app.accounts import invitations, people
from app.accounts.tables import Account, Invitation
from app.actors import Actor, Role, command_line
from app.cli.opening import open_data
from app.cli.serving import address_of
from app.config import Settings
from app.db import open_engine, writing
from app.errors import ServiceError
from app.models import AuditTag
from consent.register import create_school, the_school

FAILURE = 2
app = typer.Typer(help="Who may sign in: invite, list, suspend, help back in.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
Email = Annotated[str, typer.Argument(help="the e-mail address that the account signs in with")]


@app.command("invite")
def invite(
    role: Annotated[list[Role], typer.Option("--role", help="what they do at the school; several times for several")],
    email: Annotated[str, typer.Option(help="their e-mail address; without it whoever has the link says it")] = "",
    name: Annotated[str, typer.Option(help="their name, as the school writes it")] = "",
    as_json: AsJson = False,
) -> None:
    """Print a link by which somebody makes their account: once, within 7 days."""
    settings = Settings()
    with _changing(settings) as (session, actor):
        invitation, token = invitations.invite(session, actor.school_id, actor.ref, role, email=email, name=name)
        _audit_invited(session, actor, invitation)
        _print_link(settings, invitation, token, as_json)


@app.command("list")
def list_accounts(as_json: AsJson = False) -> None:
    """Everybody who may sign in."""
    with _changing(Settings()) as (session, actor):
        rows: list[dict[str, Any]] = [
            {
                "email": each.email,
                "name": each.name,
                "roles": each.roles,
                "second_factor": each.totp_secret is not None,
                "suspended": each.suspended_at is not None,
            }
            for each in people.everybody(session, actor.school_id)
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "suspended" if row["suspended"] else "second factor" if row["second_factor"] else "password alone"
        typer.echo(f"{row['email']:<40} {row['name']:<30} {', '.join(row['roles']):<30} {state}")
    if not rows:
        typer.echo("Nobody yet: gatepost accounts invite --role administrator")


@app.command("suspend")
def suspend(email: Email, as_json: AsJson = False) -> None:
    """Let nobody sign in with this account any more; wherever it is signed in, it is signed out."""
    with _changing(Settings()) as (session, actor):
        account = _account(session, actor, email)
        people.suspend(session, account)
        audit.record(session, actor.school_id, AuditTag.ACCOUNT_SUSPENDED, account.id, actor=actor.ref)
        address = account.email
    typer.echo(json.dumps({"email": address, "suspended": True}) if as_json else f"{address} is suspended.")


@app.command("link")
def link(
    email: Email,
    forget_second_factor: Annotated[
        bool, typer.Option("--forget-second-factor", help="for a phone that is lost, recovery codes too")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a link by which somebody who is locked out chooses a new password: once, within a day."""
    settings = Settings()
    with _changing(settings) as (session, actor):
        account = _account(session, actor, email)
        if forget_second_factor:
            people.reset_second_factor(session, account)
            audit.record(session, actor.school_id, AuditTag.SECOND_FACTOR_RESET, account.id, actor=actor.ref)
        invitation, token = invitations.invite_again(session, account, actor.ref)
        _audit_invited(session, actor, invitation)
        _print_link(settings, invitation, token, as_json)


@contextmanager
def _changing(settings: Settings) -> Iterator[tuple[Session, Actor]]:
    """The school's accounts, changed by whoever is at the machine; what is wrong ends the command with 2."""
    open_data(settings)
    try:
        with writing(open_engine(settings)) as session:
            school = the_school(session) or create_school(session)
            yield session, command_line(school.id)
    except ServiceError as error:
        _fail(error.detail)


def _account(session: Session, actor: Actor, email: str) -> Account:
    account = people.by_email(session, email)
    if account is None or account.school_id != actor.school_id:
        _fail(f"Nobody signs in with {email}. See gatepost accounts list.")
    return account


def _audit_invited(session: Session, actor: Actor, invitation: Invitation) -> None:
    said = {"roles": list(invitation.roles)}
    audit.record(session, actor.school_id, AuditTag.INVITED, invitation.id, actor=actor.ref, **said)


def _print_link(settings: Settings, invitation: Invitation, token: str, as_json: bool) -> None:
    address = f"{address_of(settings)}/welcome/{token}"
    if as_json:
        until = invitation.expires_at.isoformat()
        typer.echo(json.dumps({"link": address, "roles": invitation.roles, "expires_at": until}))
    else:
        typer.echo(f"Give this link to nobody but whom it is for; it works once:\n  {address}")


def _fail(words: str) -> NoReturn:
    typer.echo(f"gatepost accounts: {words}", err=True)
    raise typer.Exit(FAILURE)
