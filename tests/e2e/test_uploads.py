"""No address gives back a file as it was sent."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import iter_route_contexts

from app.access import ACCESS
from tests.e2e.conftest import Site

SENT = b"picture of ben, stranger says HELLO credits Canary Marsh hides Ben gps"


def addresses(site: Site, draft_id: str) -> list[str]:
    """Every address that can be read, filled in with the draft and its picture; other names with the draft's id."""
    served = {route.path or "" for route in iter_route_contexts(site.app.routes) if "GET" in (route.methods or ())}
    assert served >= {path for method, path in ACCESS if method == "GET"}
    filled = [re.sub("{[^}]+}", draft_id, path.replace("{number}", "1")) for path in sorted(served)]
    return [*filled, f"/static/{draft_id}/1-original", f"/static/../pictures/{draft_id}/1-original"]


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(SENT, id="blocked"),
        pytest.param(b"picture of ben says FINE " + b"x" * 50, id="cleared"),
        pytest.param(b"broken " + SENT, id="unreadable"),
        pytest.param(b"picture fails " + SENT, id="failed"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", id="svg"),
        pytest.param(b"<html><script>x()</script></html>", id="html"),
    ],
)
def test_no_address_gives_the_sent_bytes_back(site: Site, picture: bytes) -> None:
    draft = site.send(picture)
    site.work(3)
    paths = addresses(site, draft["id"])
    assert len(paths) > 12
    shown = 0
    for path in paths:
        for accept in ("text/html", "image/*", "*/*"):
            for extra in ({}, {"Range": "bytes=0-99"}):
                answer = site.client.get(path, headers={"Accept": accept, **extra})
                assert answer.content != picture, path
                assert not answer.content.startswith(picture[:40]), path
                if answer.headers.get("content-type", "").startswith("image/") and not path.startswith("/static"):
                    assert answer.content.startswith(b"safe "), path  # what the inspector made from the pixels
                    shown += 1
    stored = (site.settings.pictures / draft["id"]).rglob("*")
    assert all(picture not in each.read_bytes() for each in stored if each.is_file())
    assert shown or picture != SENT
