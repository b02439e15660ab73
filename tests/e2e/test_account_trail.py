"""What happens to an account stands in the audit trail: what, by whom, about whom; and never a name or an address."""

from __future__ import annotations

import re

from sqlmodel import col, select

from app.accounts.signing_in import MOST_CODES, MOST_OF_ACCOUNT
from app.accounts.tables import Account
from app.actors import Role
from app.audit.tables import AuditEvent
from app.db import reading
from tests.accounts import sign_in
from tests.e2e.conftest import Site
from tests.e2e.test_signing_in import COOKIE, HTML, PASSWORD, browser, code, enter, has_account, quick_hashes, send

__all__ = ["quick_hashes"]  # a fixture, in force here too

NEW = "seven owls in a teapot"
Entry = tuple[str, str, str]


def entries(site: Site, after: int = 0) -> list[Entry]:
    """Tag, actor and subject of each entry after so many."""
    with reading(site.service.engine) as session:
        events = session.exec(select(AuditEvent).order_by(col(AuditEvent.sequence))).all()
    return [(event.tag, event.actor, event.subject) for event in events[after:]]


def link_in(text: str) -> str:
    found = re.search(r'value="http://127.0.0.1(/welcome/[\w-]{43})"', text)
    assert found
    return found[1]


def test_what_somebody_does_with_their_own_account_is_theirs_in_the_trail(site: Site) -> None:
    account = has_account(site, Role.LEAD, factor=True)
    me, before = f"account:{account.id}", len(entries(site))
    client = browser(site)
    enter(client, "not the password")
    enter(client)
    send(client, "/sign-in/code", code="000000")
    send(client, "/sign-in/code", code=code())
    send(client, "/confirm", password=PASSWORD)
    send(client, "/account/recovery-codes")
    send(client, "/account/sessions")
    send(client, "/account/password", current=PASSWORD, password=NEW, again=NEW)
    send(client, "/sign-out")
    assert entries(site, before) == [
        ("sign-in:refused", "system", account.id),
        ("sign-in:refused", "system", account.id),
        ("sign-in:done", me, account.id),
        ("password:confirmed", me, account.id),
        ("recovery-codes:made", me, account.id),
        ("sessions:ended", me, account.id),
        ("password:confirmed", me, account.id),
        ("password:changed", me, account.id),
        ("session:ended", me, account.id),
    ]


def test_what_the_administrator_does_is_theirs_and_about_the_account(site: Site) -> None:
    administrator = sign_in(site.service, Role.ADMINISTRATOR)
    client, me = site.client_of(administrator), administrator.actor.ref
    before = len(entries(site))
    form = {"name": "Anna Reed", "email": "a.reed@wren.sch.uk", "roles": "teacher"}
    link = link_in(client.post("/people", data=form, headers=HTML).text)
    assert send(browser(site), link, password=PASSWORD, again=PASSWORD).status_code == 303
    with reading(site.service.engine) as session:
        anna = session.exec(select(Account.id).where(Account.email == form["email"])).one()
    changes = ("roles", "details", "second-factor", "sessions", "suspend", "resume")
    for do in changes:
        said = {"do": do, "roles": "office", "name": "Anna Hill", "email": "a.hill@wren.sch.uk"}
        assert client.post(f"/people/{anna}", data=said, headers=HTML).status_code == 200
    invited, *since = entries(site, before)
    assert invited[:2] == ("invitation:made", me)
    assert since == [
        ("password:changed", f"account:{anna}", anna),
        ("sign-in:done", f"account:{anna}", anna),
        ("invitation:accepted", f"account:{anna}", anna),
        ("account:roles", me, anna),
        ("account:details", me, anna),
        ("second-factor:reset", me, anna),
        ("sessions:ended", me, anna),
        ("account:suspended", me, anna),
        ("account:resumed", me, anna),
    ]
    with reading(site.service.engine) as session:
        kept = " ".join(event.model_dump_json() for event in session.exec(select(AuditEvent)))
    for word in ("Anna", "Reed", "Hill", "wren.sch.uk", "Patel", PASSWORD, link.rpartition("/")[2]):
        assert word not in kept


def test_an_invitation_withdrawn_stands_in_the_trail_and_opens_nothing(site: Site) -> None:
    administrator = sign_in(site.service, Role.ADMINISTRATOR)
    client = site.client_of(administrator)
    form = {"name": "Anna Reed", "email": "a.reed@wren.sch.uk", "roles": "teacher"}
    link = link_in(client.post("/people", data=form, headers=HTML).text)
    tag, actor, invitation = entries(site)[-1]
    assert (tag, actor) == ("invitation:made", administrator.actor.ref)
    client.post(f"/people/invitations/{invitation}", headers=HTML)
    assert entries(site)[-1] == ("invitation:withdrawn", administrator.actor.ref, invitation)
    assert send(browser(site), link, password=PASSWORD, again=PASSWORD).status_code == 404


def test_guessing_a_password_until_it_is_stopped_stands_in_the_trail(site: Site) -> None:
    account, client = has_account(site, Role.TEACHER), browser(site)
    for _ in range(MOST_OF_ACCOUNT + 2):
        enter(client, "not the password")
    assert entries(site).count(("account:locked", "system", account.id)) == 1


def test_guessing_codes_until_it_is_stopped_stands_in_the_trail_too(site: Site) -> None:
    """Whoever guesses codes knows the password."""
    account, client = has_account(site, Role.LEAD, factor=True), browser(site)
    enter(client)
    for _ in range(MOST_CODES + 2):
        send(client, "/sign-in/code", code="000000")
    assert entries(site).count(("account:locked", "system", account.id)) == 1


def test_somebody_suspended_is_given_no_link_for_a_new_password(site: Site) -> None:
    account = has_account(site, Role.TEACHER)
    client = site.signed_in(Role.ADMINISTRATOR)
    button = 'Make a link for a new password<span class="visually-hidden">: Anna Reed'
    assert button in client.get("/people", headers=HTML).text
    client.post(f"/people/{account.id}", data={"do": "suspend"}, headers=HTML)
    before = len(entries(site))
    assert button not in client.get("/people", headers=HTML).text
    answer = client.post(f"/people/{account.id}", data={"do": "link"}, headers=HTML)
    assert (answer.status_code, "is suspended" in answer.text, "/welcome/" in answer.text) == (422, True, False)
    assert entries(site, before) == []
    assert COOKIE not in enter(browser(site)).cookies
