"""The whole way, page by page: invited, signed in, linked, confirmed; and everybody who is not let in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from app.accounts import invitations, sessions
from app.accounts.oidc import PLAIN_COOKIE, SECURE_COOKIE, Providers
from app.accounts.tables import Account, Invitation, PendingSignIn, WebSession
from app.actors import Role
from app.config import Settings
from app.db import reading, writing
from app.models import AuditEvent, AuditTag
from consent.models import now
from tests.accounts import SECRET, sign_in
from tests.e2e.conftest import Site
from tests.oidc.conftest import Browser
from tests.oidc.real import RealProvider

HTML = {"Accept": "text/html"}
SCHOOL = "The school&#39;s sign-in"


class School:
    """A site whose people sign in at the real provider."""

    def __init__(self, real: RealProvider, data: Path, **settings: Any) -> None:
        self.real = real
        self.site = Site(Settings(data=data, **settings))
        self.use(real.provider())

    def use(self, *providers: Any) -> None:
        self.site.app.state.providers = Providers(self.site.service.engine, {each.key: each for each in providers})

    def person(self) -> TestClient:
        """A browser in which nobody is signed in."""
        client = self.site.anonymous()
        client.headers.update(HTML)
        client.follow_redirects = False
        return client

    def invite(self, *roles: Role, email: str = "ann@wren.sch.uk") -> str:
        with writing(self.site.service.engine) as session:
            school_id = self.site.service.school_id
            return invitations.invite(session, school_id, "cli", roles or [Role.TEACHER], email=email, name="A. Field")[
                1
            ]

    def known(self, *roles: Role, **fields: Any) -> Account:
        """An account that belongs to Ann at the provider."""
        account = Account(
            school_id=self.site.service.school_id,
            **{
                "email": "ann@wren.sch.uk",
                "name": "A. Field",
                "roles": [role.value for role in roles or (Role.TEACHER,)],
                "issuer": self.real.issuer,
                "subject": "ann",
                **fields,
            },
        )
        with writing(self.site.service.engine) as session:
            session.add(account)
        return account

    def accounts(self) -> list[Account]:
        """All but the one that every test's site has."""
        with reading(self.site.service.engine) as session:
            found = session.exec(select(Account)).all()
        return [each for each in found if each.id != self.site.me.account.id]

    def audited(self) -> list[AuditEvent]:
        with reading(self.site.service.engine) as session:
            return list(session.exec(select(AuditEvent)).all())

    def tags(self) -> list[str]:
        return [each.tag for each in self.audited()]


@pytest.fixture
def school(real: RealProvider, tmp_path: Path) -> Iterator[School]:
    made = School(real, tmp_path / "data")
    yield made
    made.site.service.engine.dispose()


def go(client: TestClient, browser: Browser, path: str) -> Response:
    """Begin at this path, walk through the provider, and come back."""
    begun = client.get(path)
    assert begun.status_code == 303, begun.text
    return client.get(browser.walk(begun.headers["location"]))


def link_on(page: Response, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'href="([^"]+)">{words}', page.text)
    assert found, page.text
    return unescape(found[1])


def opens(client: TestClient, path: str = "/") -> bool:
    return client.get(path).status_code == 200


# -- the first time ------------------------------------------------------------------------------------------------


def test_an_invitation_is_accepted_at_the_provider_and_signs_in_from_then_on(school: School, browser: Browser) -> None:
    client = school.person()
    welcome = client.get(f"/welcome/{school.invite()}")
    answer = go(client, browser, link_on(welcome, f"Continue with {SCHOOL}"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert opens(client)
    (made,) = school.accounts()
    assert (made.issuer, made.subject, made.email) == (school.real.issuer, "ann", "ann@wren.sch.uk")
    assert (made.name, made.roles, made.password_hash) == ("A. Field", ["teacher"], None)
    assert welcome.request.url.path not in [each.url.path for each in answer.history]

    later = school.person()
    answer = go(later, browser, link_on(later.get("/sign-in?next=/help"), f"Continue with {SCHOOL}"))
    assert answer.headers["location"] == "/help"
    assert opens(later, "/help")
    assert len(school.accounts()) == 1
    assert school.tags() == [
        AuditTag.INVITATION_ACCEPTED,
        AuditTag.PROVIDER_LINKED,
        AuditTag.SIGNED_IN,
        AuditTag.SIGNED_IN,
    ]


@pytest.mark.parametrize(
    ("email", "changes", "words"),
    [
        pytest.param("bob@wren.sch.uk", {}, "This link is for bob@wren.sch.uk", id="another-person"),
        pytest.param("ann@wren.sch.uk", {"email_verified": False}, "has not verified", id="unverified"),
        pytest.param("", {"email_verified": False}, "has not verified", id="unverified-and-open"),
        pytest.param("", {"email": None}, "has not verified", id="no-address"),
    ],
)
def test_an_invitation_is_for_the_address_that_the_provider_verified(
    email: str, changes: dict[str, Any], words: str, school: School, browser: Browser
) -> None:
    school.real.misbehave(claims=changes)
    client = school.person()
    answer = go(client, browser, f"/welcome/{school.invite(email=email)}/with/school")
    assert answer.status_code == 403
    assert words in answer.text
    assert school.accounts() == []
    with reading(school.site.service.engine) as session:
        assert session.exec(select(Invitation.used_at)).all() == [None]
    assert not opens(client)


def test_the_first_administrators_link_takes_the_verified_address(school: School, browser: Browser) -> None:
    client = school.person()
    go(client, browser, f"/welcome/{school.invite(Role.ADMINISTRATOR, email='')}/with/school")
    (made,) = school.accounts()
    assert (made.email, made.roles) == ("ann@wren.sch.uk", ["administrator"])


@pytest.mark.parametrize(("email", "status"), [("bob@wren.sch.uk", 303), ("", 422)])
def test_microsofts_word_on_addresses_counts_for_nothing(
    email: str, status: int, school: School, browser: Browser
) -> None:
    """Whoever holds the link is the person invited; the address stays the invitation's, whatever the claims say."""
    school.use(school.real.provider("microsoft", pinned={"tid": "tenant"}, trusts_email=False))
    client = school.person()
    answer = go(client, browser, f"/welcome/{school.invite(email=email)}/with/microsoft")
    assert answer.status_code == status
    assert [(each.email, each.subject) for each in school.accounts()] == ([(email, "ann")] if email else [])


@pytest.mark.parametrize("how", ["withdrawn", "used", "too-old"])
def test_a_link_that_ended_on_the_way_makes_no_account(how: str, school: School, browser: Browser) -> None:
    client, token = school.person(), school.invite()
    back = browser.walk(client.get(f"/welcome/{token}/with/school").headers["location"])
    with writing(school.site.service.engine) as session:
        row = invitations.find(session, token)
        row.withdrawn_at = now() if how == "withdrawn" else None
        row.used_at = now() if how == "used" else None
        row.expires_at = now() if how == "too-old" else row.expires_at
    assert client.get(back).status_code == 404
    assert school.accounts() == []


def test_a_link_for_a_new_password_links_nothing(school: School, browser: Browser) -> None:
    account = school.known(issuer=None, subject=None)
    with writing(school.site.service.engine) as session:
        token = invitations.invite_again(session, session.merge(account), "cli")[1]
    client = school.person()
    assert "Continue with" not in client.get(f"/welcome/{token}").text
    assert go(client, browser, f"/welcome/{token}/with/school").status_code == 422
    assert [each.issuer for each in school.accounts()] == [None]


def test_one_person_at_the_provider_has_one_account(school: School, browser: Browser) -> None:
    school.known(email="earlier@wren.sch.uk")
    client = school.person()
    assert go(client, browser, f"/welcome/{school.invite()}/with/school").status_code == 409
    assert len(school.accounts()) == 1


# -- who is not let in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(None, id="nobody"),
        pytest.param({"issuer": None, "subject": None}, id="same-address-and-a-password"),
        pytest.param({"subject": "somebody"}, id="same-address-another-subject"),
        pytest.param({"issuer": "https://elsewhere.example"}, id="same-subject-another-issuer"),
        pytest.param({"suspended_at": now()}, id="suspended"),
    ],
)
def test_an_address_alone_opens_no_account(account: dict[str, Any] | None, school: School, browser: Browser) -> None:
    if account is not None:
        school.known(**account)
    before = [each.model_dump() for each in school.accounts()]
    client = school.person()
    answer = go(client, browser, "/sign-in/with/school")
    assert answer.status_code == 403
    assert "ask the administrator of Gatepost" in answer.text
    assert sessions.PLAIN_COOKIE not in client.cookies
    assert [each.model_dump() for each in school.accounts()] == before
    assert school.tags() == [AuditTag.SIGN_IN_REFUSED]


def test_whoever_is_refused_sees_why_and_another_way(school: School, browser: Browser) -> None:
    client = school.person()
    begun = client.get("/sign-in/with/school")
    answer = client.get(browser.walk(begun.headers["location"], stop=True))
    assert answer.status_code == 403
    assert "was stopped there" in answer.text
    assert 'action="/sign-in"' in answer.text


def test_while_the_provider_is_silent_the_password_still_signs_in(school: School) -> None:
    school.real.misbehave(discovery={"issuer": "https://elsewhere.example"})
    answer = school.person().get("/sign-in/with/school?next=/help")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "does not answer as it should" in answer.text
    assert 'name="next" value="/help"' in answer.text


def test_a_browser_that_did_not_begin_is_not_signed_in(school: School, browser: Browser) -> None:
    """An attacker who sends their own answer to somebody signs nobody in as them."""
    school.known()
    back = browser.walk(school.person().get("/sign-in/with/school").headers["location"])
    victim = school.person()
    assert victim.get(back).status_code == 400
    assert sessions.PLAIN_COOKIE not in victim.cookies


@pytest.mark.parametrize("name", ["code", "state", "iss"])
def test_an_answer_that_says_something_twice_is_refused(name: str, school: School, browser: Browser) -> None:
    school.known()
    client = school.person()
    back = browser.walk(client.get("/sign-in/with/school").headers["location"])
    assert client.get(f"{back}&{name}=another").status_code == 422
    assert client.get(back).status_code == 303


def test_another_sites_page_begins_nothing(school: School) -> None:
    client = school.person()
    client.headers["Sec-Fetch-Site"] = "cross-site"
    answer = client.get("/sign-in/with/school?next=/help")
    assert answer.headers["location"] == "/sign-in?next=%2Fhelp"
    with reading(school.site.service.engine) as session:
        assert session.exec(select(PendingSignIn)).all() == []


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-in"])
def test_no_other_site_is_gone_on_to(wanted: str, school: School, browser: Browser) -> None:
    school.known()
    client = school.person()
    begun = client.get("/sign-in/with/school", params={"next": wanted})
    assert client.get(browser.walk(begun.headers["location"])).headers["location"] == "/"


def test_beginning_without_end_is_slowed_down(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pages.sign_in_with.MOST_BEGUN", 3)
    answers = [school.person().get("/sign-in/with/school").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]


# -- the second factor ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "trusted", "amr", "first_page"),
    [
        pytest.param(Role.TEACHER, False, None, 200, id="a-teacher-needs-none"),
        pytest.param(Role.OFFICE, False, None, "/account/second-factor", id="the-office-must-set-one-up"),
        pytest.param(Role.OFFICE, False, ["mfa"], "/account/second-factor", id="the-provider-is-not-relied-on"),
        pytest.param(Role.OFFICE, True, ["pwd"], "/account/second-factor", id="the-provider-took-none"),
        pytest.param(Role.OFFICE, True, ["pwd", "mfa"], 200, id="the-provider-is-relied-on"),
    ],
)
def test_the_second_factor_is_still_needed(
    role: Role,
    trusted: bool,
    amr: list[str] | None,
    first_page: Any,
    real: RealProvider,
    tmp_path: Path,
    browser: Browser,
) -> None:
    school = School(real, tmp_path / "data", oidc_provider_mfa=trusted)
    school.known(role)
    real.misbehave(claims={"amr": amr})
    client = school.person()
    go(client, browser, "/sign-in/with/school")
    page = client.get("/")
    assert page.headers.get("location", page.status_code) == first_page


@pytest.mark.parametrize("trusted", [False, True])
def test_an_account_with_a_second_factor_is_asked_for_it(
    trusted: bool, real: RealProvider, tmp_path: Path, browser: Browser
) -> None:
    school = School(real, tmp_path / "data", oidc_provider_mfa=trusted)
    school.known(Role.OFFICE, totp_secret=SECRET)
    client = school.person()
    answer = go(client, browser, "/sign-in/with/school?next=/register")
    assert answer.headers["location"] == "/sign-in/code?next=%2Fregister"
    assert not opens(client, "/register")
    client.post("/sign-in/code", data={"code": pyotp.TOTP(SECRET).now(), "next": "/register"})
    assert opens(client, "/register")


# -- for somebody signed in ----------------------------------------------------------------------------------------


def signed_in(school: School, **kept: Any) -> tuple[TestClient, Any]:
    who = sign_in(school.site.service, Role.TEACHER)
    client = school.site.client_of(who)
    client.headers.update(HTML)
    client.follow_redirects = False
    with writing(school.site.service.engine) as session:
        for name, value in kept.items():
            setattr(session.merge(who.account), name, value)
    return client, who


def link(client: TestClient, browser: Browser) -> Response:
    leaving = client.post("/account/link/school")
    assert leaving.status_code == 200, leaving.text
    return client.get(browser.walk(link_on(leaving, f"Go on to {SCHOOL}")))


def test_somebody_signed_in_adds_the_provider(school: School, browser: Browser) -> None:
    client, who = signed_in(school)
    assert f"Add {SCHOOL}" in client.get("/account").text
    assert link(client, browser).headers["location"] == "/account"
    assert f"You can sign in with <bdi>{SCHOOL}</bdi>" in client.get("/account").text
    later = school.person()
    go(later, browser, "/sign-in/with/school")
    later.post("/sign-in/code", data={"code": pyotp.TOTP(SECRET).now()})
    assert who.account.name in later.get("/account").text


def test_adding_a_provider_asks_for_the_password_first(school: School) -> None:
    client, who = signed_in(school)
    with writing(school.site.service.engine) as session:
        session.get_one(WebSession, who.actor.session_id).confirmed_at = now() - timedelta(minutes=6)
    assert client.post("/account/link/school").headers["location"].startswith("/confirm?next=")


def test_a_provider_account_of_somebody_else_is_not_added(school: School, browser: Browser) -> None:
    school.known()
    client, who = signed_in(school)
    assert link(client, browser).status_code == 409
    assert [each.issuer for each in school.accounts() if each.id == who.account.id] == [None]


def test_a_link_that_one_person_began_is_not_finished_for_another(school: School, browser: Browser) -> None:
    """Even in the same browser: whoever is signed in when the answer comes must be the one who asked."""
    client, _ = signed_in(school)
    leaving = client.post("/account/link/school")
    back = browser.walk(link_on(leaving, f"Go on to {SCHOOL}"))
    other, _ = signed_in(school)
    other.cookies.set(PLAIN_COOKIE, client.cookies[PLAIN_COOKIE])
    assert other.get(back).status_code == 403
    assert {each.issuer for each in school.accounts()} == {None}


def test_a_provider_is_taken_away_where_there_is_a_password(school: School) -> None:
    client, who = signed_in(school, issuer=school.real.issuer, subject="ann")
    assert client.post("/account/unlink").status_code == 422
    with writing(school.site.service.engine) as session:
        session.merge(who.account).password_hash = "a hash"
    assert client.post("/account/unlink").status_code == 303
    assert [each.subject for each in school.accounts()] == [None]
    assert school.tags()[-1] == AuditTag.PROVIDER_UNLINKED


def confirming(school: School) -> tuple[TestClient, str]:
    """Ann, signed in a while ago without a password or a code; and where a grave page sends her."""
    school.known()
    client, browser = school.person(), Browser()
    go(client, browser, "/sign-in/with/school")
    browser.close()
    with writing(school.site.service.engine) as session:
        row = session.exec(select(WebSession).where(WebSession.account_id != school.site.me.account.id)).one()
        row.confirmed_at = now() - timedelta(minutes=6)
    return client, client.get("/account/second-factor").headers["location"]


def test_somebody_without_a_password_confirms_at_the_provider(school: School, browser: Browser) -> None:
    client, confirm = confirming(school)
    before = client.cookies[sessions.PLAIN_COOKIE]
    page = client.get(confirm)
    assert 'type="password"' not in page.text
    answer = go(client, browser, link_on(page, f"Sign in to {SCHOOL} again"))
    assert answer.headers["location"] == "/account/second-factor"
    assert opens(client, "/account/second-factor")
    assert client.cookies[sessions.PLAIN_COOKIE] != before
    assert school.tags()[-1] == AuditTag.CONFIRMED


@pytest.mark.parametrize(
    ("who", "changes", "words"),
    [
        pytest.param("bob", {}, "another The school", id="somebody-else"),
        pytest.param("ann", {"auth_time": None}, "signed in again", id="time-not-said"),
        pytest.param("ann", {"auth_time": 1_700_000_000}, "signed in again", id="not-asked-again"),
    ],
)
def test_a_confirmation_that_proves_nothing_opens_nothing(
    who: str, changes: dict[str, Any], words: str, school: School
) -> None:
    client, confirm = confirming(school)
    school.real.misbehave(claims=changes)
    browser = Browser(who)
    answer = go(client, browser, confirm.replace("/confirm?", "/confirm/with/school?"))
    browser.close()
    assert answer.status_code == 403
    assert words in answer.text
    assert not opens(client, "/account/second-factor")


# -- what is kept, and what is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "name"), [("http", PLAIN_COOKIE), ("https", SECURE_COOKIE)])
def test_the_cookie_is_for_this_site_alone_and_for_no_script(scheme: str, name: str, school: School) -> None:
    client = TestClient(school.site.app, base_url=f"{scheme}://127.0.0.1", follow_redirects=False)
    begun = client.get("/sign-in/with/school")
    set_cookie = begun.headers["set-cookie"].lower()
    assert begun.headers["set-cookie"].startswith(f"{name}=")
    assert "httponly" in set_cookie
    assert "samesite=lax" in set_cookie
    assert "domain" not in set_cookie
    assert "path=/;" in set_cookie
    assert ("secure" in set_cookie) == (scheme == "https")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{scheme}://127.0.0.1/sign-in/back/school"]


def test_a_name_from_the_provider_stays_text(school: School, browser: Browser) -> None:
    school.real.misbehave(claims={"name": "<script>alert(1)</script>"})
    with writing(school.site.service.engine) as session:
        token = invitations.invite(session, school.site.service.school_id, "cli", [Role.TEACHER])[1]
    client = school.person()
    go(client, browser, f"/welcome/{token}/with/school")
    assert "<script>alert" not in client.get("/account").text
    assert "&lt;script&gt;alert" in client.get("/account").text


def test_the_audit_trail_names_no_person(school: School, browser: Browser) -> None:
    client = school.person()
    go(client, browser, "/sign-in/with/school")
    go(client, browser, f"/welcome/{school.invite()}/with/school")
    told = json.dumps([each.model_dump(mode="json") for each in school.audited()])
    assert len(school.audited()) == 4
    for word in ("ann@", "wren", "field", school.real.issuer):
        assert word not in told.lower()


def test_without_a_provider_no_page_speaks_of_one(school: School) -> None:
    school.use()
    client = school.person()
    assert "Continue with" not in client.get("/sign-in").text
    assert client.get("/sign-in/with/google").status_code == 404
