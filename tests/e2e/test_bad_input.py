"""What is handed in wrongly gets a clear answer, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.config import Settings
from app.db import writing
from tests.e2e.conftest import Site, fill_register

PICTURE = ("pictures", ("a.jpg", b"picture of ben", "image/jpeg"))


def post(site: Site, data: dict[str, Any], files: Any = None) -> tuple[int, dict[str, Any]]:
    answer = site.client.post("/api/v1/drafts", data=data, files=files)
    if answer.status_code != 202:
        assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("data", "files", "status", "type_", "says"),
    [
        pytest.param({"channel": "School website"}, None, 422, "empty-draft", "Add a picture", id="empty"),
        pytest.param(
            {"channel": "School website", "caption": " \n "},
            None,
            422,
            "empty-draft",
            "Add a picture",
            id="blank-caption",
        ),
        pytest.param({"caption": "Hello"}, None, 422, "bad-form", "account to post to is missing", id="no-channel"),
        pytest.param(
            {"channel": "c" * 300, "caption": "Hello"}, None, 422, "text-too-long", "200 characters", id="long-channel"
        ),
        pytest.param(
            {"channel": "School website", "caption": "x" * 1_000_000},
            None,
            422,
            "text-too-long",
            "1,000,000 characters; 10,000 are allowed",
            id="caption-of-1-MB",
        ),
        pytest.param(
            {"channel": "School website", "alt_texts": ["one", "two"]},
            [PICTURE],
            422,
            "bad-form",
            "one for each picture",
            id="more-alt-texts-than-pictures",
        ),
        pytest.param(
            {"channel": "School website", "alt_texts": "x" * 10_001},
            [PICTURE],
            422,
            "text-too-long",
            "alt text of picture 1",
            id="long-alt-text",
        ),
        pytest.param(
            {"channel": "School website"},
            [PICTURE] * 200,
            422,
            "too-many-pictures",
            "has 200 pictures",
            id="200-pictures",
        ),
        pytest.param(
            {"channel": "School website", "colour": "red", "caption": "Hello"},
            None,
            422,
            "bad-form",
            "colour",
            id="unknown-field",
        ),
        pytest.param(
            {"channel": "School website", "pictures": "text"},
            None,
            422,
            "bad-form",
            "as a file",
            id="a-picture-that-is-text",
        ),
    ],
)
def test_a_wrong_draft_is_told_what_is_wrong(
    site: Site, data: dict[str, Any], files: Any, status: int, type_: str, says: str
) -> None:
    got, body = post(site, data, files)
    assert (got, body["type"]) == (status, type_)
    assert says in body["detail"]
    assert not any(site.settings.pictures.rglob("*-original"))


def test_a_body_that_is_no_form_is_told_so(site: Site) -> None:
    answer = site.client.post("/api/v1/drafts", json={"caption": "Hello"})
    assert (answer.status_code, answer.json()["type"]) == (422, "bad-form")


def test_a_form_that_is_cut_short_is_told_so(site: Site) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = site.client.post("/api/v1/drafts", content=b"--b\r\nContent-Disposition: form-data", headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture
def small_site(settings: Settings) -> Site:
    made = Site(settings.model_copy(update={"max_picture_bytes": 1000, "max_request_bytes": 5000}))
    with writing(made.service.engine) as session:
        fill_register(session)
    return made


def test_a_picture_that_is_too_large_is_named(small_site: Site) -> None:
    files = [PICTURE, ("pictures", ("b.jpg", b"x" * 1001, "image/jpeg"))]
    status, body = post(small_site, {"channel": "School website"}, files)
    assert (status, body["type"]) == (413, "too-large")
    assert "Picture 2" in body["detail"]
    assert not any(small_site.settings.pictures.rglob("*-original"))


def test_a_request_that_is_too_large_is_refused_by_its_length(small_site: Site) -> None:
    status, body = post(small_site, {"channel": "School website", "caption": "x" * 6000})
    assert (status, body["type"]) == (413, "too-large")


def test_a_request_that_hides_its_length_is_refused_while_it_arrives(small_site: Site) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n'
        for _ in range(100):
            yield b"x" * 1000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = small_site.client.post("/api/v1/drafts", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "too-large")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="foreign-origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="cross-site"),
        pytest.param({"Origin": "null"}, id="null-origin"),
        pytest.param({"Host": "evil.example"}, id="rebound-host"),
    ],
)
def test_other_sites_cannot_post(site: Site, headers: dict[str, str]) -> None:
    answer = site.client.post("/api/v1/drafts", data={"channel": "x", "caption": "y"}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "foreign-origin")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, id="our-page-under-our-referrer-policy"),
        pytest.param({"Origin": "http://127.0.0.1"}, id="our-page-in-an-old-browser"),
        pytest.param({}, id="no-browser"),
    ],
)
def test_our_own_pages_and_programs_can_post(site: Site, headers: dict[str, str]) -> None:
    data = {"channel": "School website", "caption": "Hello"}
    assert site.client.post("/api/v1/drafts", data=data, headers=headers).status_code == 202


def test_a_browser_that_is_refused_sees_a_page(site: Site) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Accept": "text/html"}
    answer = site.client.post("/drafts", data={"channel": "x"}, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "own pages only" in answer.text


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    for url in ("/healthz", "/api/v1/drafts/none", "/nothing-here"):
        headers = site.client.get(url).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


def test_a_full_disk_loses_nothing_and_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("app.blobs.os.fsync", full)
    status, body = post(site, {"channel": "School website"}, [PICTURE])
    assert (status, body["type"]) == (507, "storage-full")
    assert not any(site.settings.pictures.rglob("*-original"))


def test_a_locked_database_asks_to_try_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.BUSY_SECONDS", 0.1)
    locked = Site(site.settings)
    with site.register() as register:
        register.update_person("ben", other_names="x")  # holds the write lock
        answer = locked.client.post("/api/v1/drafts", data={"channel": "School website", "caption": "Hello"})
    assert (answer.status_code, answer.json()["type"]) == (503, "try-later")
    assert answer.headers["retry-after"] == "5"
