"""One-time links: used once, withdrawn, too old; the first administrator; the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.accounts import invitations, people
from app.actors import Role
from app.errors import BadForm, NotFound
from tests.accounts import made_account
from tests.unit.app.accounts.conftest import AT


def made(session: Session, school: str, **said) -> tuple[str, str]:
    invitation, token = invitations.invite(session, school, "cli", [Role.TEACHER], at=AT, **said)
    return invitation.id, token


def test_a_link_makes_one_account_once(session: Session, school: str) -> None:
    _, token = made(session, school, email="A.Reed@Wren.sch.uk", name=" Anna  Reed ")
    invitation = invitations.find(session, token, AT)
    account = invitations.accept(session, invitation, "", "", AT)
    assert (account.email, account.name, account.roles) == ("a.reed@wren.sch.uk", "Anna Reed", ["teacher"])
    with pytest.raises(NotFound, match="used, withdrawn, or is too old"):
        invitations.find(session, token, AT)


def test_only_the_hash_of_a_link_is_kept(session: Session, school: str) -> None:
    _, token = made(session, school)
    assert token not in invitations.find(session, token, AT).model_dump_json()


@pytest.mark.parametrize(("days", "holds"), [(6.99, True), (7, False), (70, False)])
def test_a_link_holds_for_a_week(session: Session, school: str, days: float, holds: bool) -> None:
    _, token = made(session, school)
    if holds:
        assert invitations.find(session, token, AT + timedelta(days=days))
    else:
        with pytest.raises(NotFound):
            invitations.find(session, token, AT + timedelta(days=days))


def test_a_link_that_was_withdrawn_opens_nothing(session: Session, school: str) -> None:
    _, token = made(session, school)
    invitations.withdraw(invitations.find(session, token, AT), AT)
    with pytest.raises(NotFound):
        invitations.find(session, token, AT)
    assert invitations.open_ones(session, school, AT) == []


@pytest.mark.parametrize("token", ["", "nothing", "x" * 43, "'; drop table invitation; --"])
def test_an_invented_link_opens_nothing(session: Session, school: str, token: str) -> None:
    made(session, school)
    with pytest.raises(NotFound):
        invitations.find(session, token, AT)


NO_ADDRESSES = (
    "nobody",
    "@wren.sch.uk",
    "a@",
    "a@b",
    "a b@wren.sch.uk",
    "a@wren.sch.uk\tb",
    "a@.uk",
    f"a@{'w' * 300}.uk",
)


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_refused(session: Session, school: str, email: str) -> None:
    with pytest.raises(BadForm, match="no e-mail address"):
        made(session, school, email=email)


def test_an_address_that_has_an_account_is_not_invited_again(session: Session, school: str) -> None:
    account = made_account(session, school, Role.TEACHER)
    with pytest.raises(people.EmailTaken, match="an account with"):
        made(session, school, email=account.email.upper())


def test_an_invitation_without_roles_is_refused(session: Session, school: str) -> None:
    with pytest.raises(BadForm, match="at least one role"):
        invitations.invite(session, school, "cli", [], email="a@wren.sch.uk")


def test_there_is_a_link_for_the_first_administrator_until_there_is_one(session: Session, school: str) -> None:
    first = invitations.first_administrator(session, school, AT)
    second = invitations.first_administrator(session, school, AT)
    assert first
    assert second
    with pytest.raises(NotFound):
        invitations.find(session, first, AT)
    invitation = invitations.find(session, second, AT)
    assert invitation.expires_at == AT + timedelta(hours=24)
    account = invitations.accept(session, invitation, "head@wren.sch.uk", "J. Whitfield", AT)
    assert invitations.first_administrator(session, school, AT) is None
    account.suspended_at = AT
    assert invitations.first_administrator(session, school, AT) is not None


def test_the_last_administrator_stays(session: Session, school: str) -> None:
    only = made_account(session, school, Role.ADMINISTRATOR, Role.LEAD)
    with pytest.raises(people.LastAdministrator):
        people.suspend(session, only, AT)
    with pytest.raises(people.LastAdministrator):
        people.set_roles(session, only, [Role.LEAD], AT)
    other = made_account(session, school, Role.ADMINISTRATOR)
    people.set_roles(session, only, [Role.LEAD], AT)
    with pytest.raises(people.LastAdministrator):
        people.suspend(session, other, AT)


def test_another_link_for_the_same_account_ends_the_first(session: Session, school: str) -> None:
    account = made_account(session, school, Role.TEACHER)
    _, first = invitations.invite_again(session, account, "cli", AT)
    _, second = invitations.invite_again(session, account, "cli", AT)
    with pytest.raises(NotFound):
        invitations.find(session, first, AT)
    assert invitations.accept(session, invitations.find(session, second, AT), "x@y.z", "Other", AT).id == account.id


def test_another_schools_account_does_not_exist(session: Session, school: str) -> None:
    account = made_account(session, school, Role.TEACHER)
    with pytest.raises(NotFound):
        people.account_of(session, "elsewhere", account.id)
