"""Every answer carries every header, errors, faults and static files as well; pages hold no inline code."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.access import ACCESS
from app.guard import CACHED, HEADERS, HSTS
from app.limits import body_limit
from tests.e2e.conftest import Site

PAGES = Path(__file__).parents[2] / "app" / "pages"
ACCEPT = {"page": {"Accept": "text/html"}, "program": {"Accept": "application/json"}}
ROUTES = sorted(ACCESS)


def complete(answer: object, *, secure: bool = False) -> None:
    headers = answer.headers  # type: ignore[attr-defined]
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert "server" not in headers
    assert headers.get("strict-transport-security") == (HSTS if secure else None)


@pytest.mark.parametrize("accept", ACCEPT)
@pytest.mark.parametrize("who", ["anonymous", "signed in"])
def test_every_route(site: Site, who: str, accept: str) -> None:
    client = site.client if who == "signed in" else site.anonymous()
    for method, path in ROUTES:
        answer = client.request(method, re.sub("{[^}]+}", "1", path), headers=ACCEPT[accept], follow_redirects=False)
        complete(answer)
        assert answer.status_code < 500 or path == "/readyz", (method, path)


def test_errors_and_methods_that_no_route_has(site: Site) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        for path in ("/", "/nothing", "/static/nothing.css", "/static/../../etc/passwd", "/healthz", "/api/v1/drafts"):
            complete(site.client.request(method, path, follow_redirects=False))


@pytest.mark.parametrize("accept", ACCEPT)
def test_a_fault_has_them_too_and_says_nothing_of_its_message(
    site: Site, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Olivia Smith")

    monkeypatch.setattr("app.drafts.find", broken)
    answer = site.client.get("/drafts/1", headers=ACCEPT[accept])
    assert answer.status_code == 500
    complete(answer)
    assert "Olivia" not in answer.text
    assert answer.headers["x-request-id"] in answer.text  # what to say when asking for help


def test_every_problem_says_its_request(site: Site) -> None:
    answer = site.client.get("/api/v1/drafts/nothing")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_static_files_are_asked_about_each_time(site: Site) -> None:
    answer = site.client.get("/static/style.css")
    assert answer.headers["cache-control"] == CACHED
    again = site.client.get("/static/style.css", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for name in HEADERS.keys() - {"Cache-Control"}:
        assert again.headers[name] == HEADERS[name]


def test_what_is_sent_says_what_it_is(site: Site) -> None:
    paths = ["/", "/register", "/nothing", "/healthz", "/openapi.json", "/api/v1/drafts", "/static/style.css"]
    for path in [*paths, "/static/result.mjs"]:
        for accept in ACCEPT.values():
            kind, _, charset = site.client.get(path, headers=accept).headers["content-type"].partition("; charset=")
            assert kind in {"text/html", "text/css", "text/javascript", "application/json", "application/problem+json"}
            assert charset == ("utf-8" if kind.startswith("text/") else "")


def test_no_folder_is_listed_and_no_request_is_sent_back(site: Site) -> None:
    assert site.client.get("/static/").status_code == site.client.get("/static").status_code == 404
    for path in ("/healthz", "/sign-in", "/static/style.css"):
        assert site.client.request("TRACE", path, headers={"X-Secret": "olivia"}).status_code == 405


def test_over_tls_browsers_are_told_to_stay_with_it(site: Site) -> None:
    complete(TestClient(site.app, base_url="https://127.0.0.1").get("/sign-in"), secure=True)


def test_the_table_says_how_large_a_body_may_be() -> None:
    assert body_limit("POST", "/drafts") is None
    assert body_limit("POST", "/drafts/0a/revisions") == ACCESS["POST", "/drafts/{draft_id}/revisions"].body
    assert body_limit("POST", "/drafts/0a/b/revisions") == body_limit("POST", "/nothing") == 1_000_000


@pytest.mark.parametrize(
    ("path", "most"), [("/sign-in", 1_000_000), ("/nothing", 1_000_000), ("/api/v1/drafts/1/revisions", 8_000_000)]
)
@pytest.mark.parametrize("told", [True, False], ids=["by-its-length", "while-it-arrives"])
def test_a_body_is_held_to_the_limit_of_its_route(site: Site, path: str, most: int, told: bool) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"a" * (most + 1)
    answer = site.client.post(path, content=body if told else iter([body[:most], body[most:]]), headers=form)
    assert answer.status_code == (413 if told or path != "/nothing" else 404)  # what no route reads is never kept


# -- what is sent holds no code where code may not be ------------------------------------------------------------------

OUTSIDE = re.compile(r"""(?i:(?:https?:)?//[a-z0-9]|@import|data:text|javascript:)|url\(\s*['"]?(?!/static/|#)""")
SVG_NAMESPACE = re.compile(r'xmlns(:xlink)?="http://www\.w3\.org/[^"]+"|"http://www\.w3\.org/2000/svg"')


class Inline(HTMLParser):
    """What the content policy forbids, and addresses outside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(re.sub(r"{[{%#].*?[}%#]}", "", text, flags=re.S))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("style", "iframe", "object", "embed", "base", "frame"):
            self.found.append(f"<{tag}>")
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.found.append("<script> without a file of ours")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or name == "srcdoc":
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction", "poster", "xlink:href") and OUTSIDE.match(value or ""):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize(
    "bad",
    [
        "<p onclick='x()'>",
        "<p style='color:red'>",
        "<script>x()</script>",
        "<style>p{}</style>",
        "<a href='//evil.example'>",
        "<a href='javascript:x()'>",
        "<script src='https://cdn.example/x.js'></script>",
    ],
)
def test_the_search_finds_what_it_looks_for(bad: str) -> None:
    assert Inline(bad).found


def test_templates_hold_no_inline_code_and_no_address_outside() -> None:
    found = {path.name: Inline(path.read_text("utf-8")).found for path in (PAGES / "templates").glob("*.html")}
    assert {name: each for name, each in found.items() if each} == {}


def test_templates_escape_everything() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (PAGES / "templates").glob("*.html")}
    assert [name for name, text in texts.items() if re.search(r"\|\s*safe\b|autoescape\s+false", text)] == []


UNSAFE = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function|setHTMLUnsafe)\b")


def test_static_files_write_no_markup_and_ask_nobody_outside() -> None:
    found = {}
    for path in (PAGES / "static").iterdir():
        text = SVG_NAMESPACE.sub("", path.read_text("utf-8"))
        code = re.sub(r"//\s.*", "", text)
        hits = OUTSIDE.findall(code) + (UNSAFE.findall(code) if path.suffix == ".mjs" else [])
        if path.suffix == ".svg":
            hits += Inline(text).found
        if hits:
            found[path.name] = hits
    assert found == {}
