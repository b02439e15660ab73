"""Name and address of an account: changed by the administrator, checked as when it was made."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from app.accounts import people, sessions
from app.actors import Role
from app.errors import BadForm
from tests.accounts import made_account
from tests.unit.app.accounts.conftest import AT


@pytest.mark.parametrize(
    ("email", "goes_on"),
    [pytest.param("A.Reed@Wren.sch.uk ", True, id="same"), pytest.param("a.hill@wren.sch.uk", False, id="another")],
)
def test_only_another_address_ends_the_sessions(session: Session, school: str, email: str, goes_on: bool) -> None:
    account = made_account(session, school, Role.TEACHER)
    account.email = "a.reed@wren.sch.uk"
    token = sessions.start(session, account, AT)
    people.set_details(session, account, " Anna  Hill ", email, AT)
    session.flush()
    assert (account.name, account.email) == ("Anna Hill", people.folded_email(email))
    assert (sessions.resolve(session, token, AT) is not None) == goes_on


@pytest.mark.parametrize(
    ("name", "email", "says"),
    [
        pytest.param(" ", "a.hill@wren.sch.uk", "Give the name", id="no-name"),
        pytest.param("A" * 101, "a.hill@wren.sch.uk", "at most 100", id="long-name"),
        pytest.param("Anna Hill", "a.hill", "no e-mail address", id="no-address"),
        pytest.param("Anna Hill", "TAKEN@wren.sch.uk", "an account with", id="taken"),
    ],
)
def test_details_that_cannot_be_are_refused_and_nothing_changes(
    session: Session, school: str, name: str, email: str, says: str
) -> None:
    made_account(session, school, Role.TEACHER).email = "taken@wren.sch.uk"
    account = made_account(session, school, Role.TEACHER, name="Anna Reed")
    before = account.email
    session.flush()
    with pytest.raises(BadForm, match=says):
        people.set_details(session, account, name, email, AT)
    assert (account.name, account.email) == ("Anna Reed", before)


def test_who_is_suspended_gives_no_rights(session: Session, school: str) -> None:
    account = made_account(session, school, Role.ADMINISTRATOR)
    assert people.has_administrator(session, school)
    assert not people.has_administrator(session, school, beside=account.id)
    account.suspended_at = AT
    session.flush()
    assert not people.has_administrator(session, school)
