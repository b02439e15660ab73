"""A QR code in a picture over HTTP: it blocks, is covered, and the covered picture is read again."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.drawn_codes import a_code, on_a_wall
from tests.e2e.conftest import Site
from vision.testing import fake_eyes


@pytest.fixture
def site(site: Site) -> Site:
    """Everything real but the models: no face and no text is found in any picture."""
    site.inspector = fake_eyes()  # type: ignore[assignment]
    return site


def a_poster(code: NDArray[np.uint8], turned: float = 0) -> bytes:
    out = io.BytesIO()
    Image.fromarray(on_a_wall(code, turned=turned)).save(out, "JPEG", quality=90)
    return out.getvalue()


def torn(code: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = code.shape
    code[int(height * 0.52) :, int(width * 0.52) :] = 255
    return code


def found_in(draft: dict[str, Any]) -> list[dict[str, Any]]:
    codes: list[dict[str, Any]] = draft["pictures"][0]["findings"]["codes"]
    return codes


def revised(site: Site, draft: dict[str, Any], **body: Any) -> dict[str, Any]:
    sent = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert sent.status_code == 202, sent.text
    site.work()
    read: dict[str, Any] = site.client.get(sent.headers["location"]).json()
    return read


BLOCKING = [
    pytest.param(a_code("https://club.example/join"), "link-needs-care", "https://club.example/join", id="a link"),
    pytest.param(a_code("Ben Marsh"), "name-in-picture", "Ben Marsh", id="a pupil's name"),
    pytest.param(a_code("WIFI:S:Staff;T:WPA;P:otter-41;;"), "detail-in-picture", "password", id="a password"),
    pytest.param(a_code("LIB004711", "Code 39", 2), "detail-in-picture", "child's card", id="a library card"),
    pytest.param(torn(a_code("https://club.example/join", module=6)), "detail-in-picture", "read", id="unreadable"),
]


@pytest.mark.parametrize("turned", [0, 30])
@pytest.mark.parametrize(("code", "reason_code", "says"), BLOCKING)
def test_a_code_blocks_until_it_is_covered(
    site: Site, code: NDArray[np.uint8], reason_code: str, says: str, turned: float
) -> None:
    draft = site.decided(a_poster(code, turned))
    (reason,) = draft["decision"]["reasons"]
    (found,) = found_in(draft)
    assert reason["code"] == reason_code
    assert says in reason["because"] or says == found["text"]
    assert reason["remedies"] == ["cover", "leave-out"]
    assert (reason["where"]["field"], reason["where"]["box"]) == ("barcode", found["box"])
    second = revised(site, draft, cover=[{"picture": 1, "box": found["box"]}])
    assert (second["decision"]["outcome"], found_in(second)) == ("publish", [])


@pytest.mark.parametrize(
    ("code", "symbology"),
    [
        pytest.param(a_code("https://www.gov.uk/school-meals"), "QR Code", id="government"),
        pytest.param(a_code("5012345678900", "EAN-13"), "EAN-13", id="goods"),
        pytest.param(a_code("The next clue is behind the library door"), "QR Code", id="words"),
    ],
)
def test_a_code_that_harms_nobody_passes_and_is_told(site: Site, code: NDArray[np.uint8], symbology: str) -> None:
    draft = site.decided(a_poster(code))
    assert draft["decision"]["outcome"] == "publish"
    assert [each["symbology"] for each in found_in(draft)] == [symbology]


def test_the_page_shows_the_code_and_covers_it_with_one_tick(site: Site) -> None:
    draft = site.decided(a_poster(a_code("https://club.example/join")))
    (found,) = found_in(draft)
    box = ",".join(map(str, found["box"]))
    page = site.client.get(f"/drafts/{draft['id']}").text
    assert 'id="box-1-c1"' in page
    assert "https://club.example/join" in page
    assert f'name="cover_box" value="1:{box}"' in page
    sent = site.client.post(f"/drafts/{draft['id']}/revisions", data={"cover_box": f"1:{box}"}, follow_redirects=False)
    assert sent.status_code == 303
    site.work()
    second = site.read(sent.headers["location"])
    assert (second["decision"]["outcome"], found_in(second)) == ("publish", [])
