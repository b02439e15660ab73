"""What a file carries beside its picture: told, never published, and never more than text on a page."""

from __future__ import annotations

import io
import logging
import struct
from typing import Any

import pytest
from PIL import Image

from captions.inspection import MAX_DRAFT
from consent.facts import Role
from consent.models import Person
from tests.browser.audit import Page
from tests.e2e.conftest import Site
from vision.findings import Box, HiddenKind, HiddenPicture, PictureText
from vision.testing import FakeInspector, findings_for

HTML = {"Accept": "text/html"}
LEFT_OUT = "it is left out of the safe file."

TAG, SCRIPT, ATTRIBUTE = "<img src=x onerror=alert(1)>", "</p><script>alert(2)</script>", "\" onclick='alert(3)'"
TEMPLATE, FORGED, TURNED = "{{7*7}} {% raw %} %s%n", "day\r\nERROR forged", "gnp.\u202egpj"


def codes(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["code"] for entry in entries]


def told(draft: dict[str, Any]) -> dict[str, str]:
    return {notice["code"]: notice["because"] for notice in draft["decision"]["notices"]}


# -- names and pictures in the file --------------------------------------------------------------------------------


def test_a_pupils_name_in_a_hidden_picture_is_told_and_blocks_nothing(site: Site) -> None:
    draft = site.decided(b"picture of ben hides Amara Okafor")
    assert draft["decision"]["outcome"] == "publish"
    assert told(draft) == {
        "hidden-pupil-named": f"A picture hidden in the file names a pupil; {LEFT_OUT}",
        "hidden-thumbnail": f"A small preview inside the file shows 1 face and the words ‘Amara Okafor’; {LEFT_OUT}",
    }
    answer = site.client.get(f"/drafts/{draft['id']}", headers=HTML)
    assert "A picture hidden in the file names a pupil" in Page(answer.text).words


def test_words_in_a_hidden_picture_that_name_nobody_are_only_told(site: Site) -> None:
    assert list(told(site.decided(b"picture of ben hides SPORTS HALL"))) == ["hidden-thumbnail"]


def test_a_hidden_picture_that_could_not_be_opened_is_told(site: Site) -> None:
    draft = site.decided(b"picture of ben locked")
    assert told(draft) == {
        "hidden-trailing": f"A picture behind the end of the picture could not be opened; {LEFT_OUT}"
    }
    assert draft["pictures"][0]["findings"]["hidden"] == [
        {"kind": "trailing", "where": "behind the picture", "faces": 0, "texts": [], "looked_at": False}
    ]


def test_words_hidden_in_one_file_take_no_room_from_words_that_are_published(site: Site) -> None:
    """A draft's texts are read up to a limit; what is published comes first."""
    flood = b"picture hides " + b"word " * (MAX_DRAFT // 5)
    draft = site.decided(flood, b"picture of ben says Ben Marsh")
    assert codes(draft["decision"]["reasons"]) == ["name-in-picture"]


def test_a_long_text_in_the_file_that_is_not_read_to_its_end_blocks_nothing(site: Site) -> None:
    draft = site.decided(b"picture of ben hides " + b"word " * 5_000)
    assert draft["decision"]["outcome"] == "publish"
    assert told(draft)["file-words-unread"].startswith("Not all words that the file carries could be read")


# -- rights --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Press Pictures Ltd", ["third-party-copyright"]),
        ("(c) 2026", []),
        ("R. Patel", []),
        ("Press Pictures Ltd and R. Patel", ["third-party-copyright"]),
    ],
)
def test_somebody_elses_rights_block_and_a_member_of_staffs_do_not(site: Site, line: str, code: list[str]) -> None:
    with site.register() as register:
        staff = Person(school_id=register.school_id, given="Rani", family="Patel", role=Role.STAFF)
        register.add_person(staff)
    draft = site.decided(f"picture of ben credits {line}".encode())
    assert codes(draft["decision"]["reasons"]) == code
    assert line in told(draft)["metadata-copyright"]


# -- what is hostile -----------------------------------------------------------------------------------------------


def iptc(number: int, text: str) -> bytes:
    """A JPEG segment with one IPTC record (IIM 4.2, record 2)."""
    value = text.encode()
    record = struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record + b"\x00" * (len(record) % 2)
    payload = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload


def a_hostile_file() -> bytes:
    exif = Image.Exif()
    exif.update({0x013B: TAG, 0x010E: FORGED, 0x8298: SCRIPT, 0x9C9E: TURNED.encode("utf-16-le")})
    escaped = ATTRIBUTE.replace('"', "&quot;")
    packet = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/' xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns:d='http://purl.org/dc/elements/1.1/'><r:RDF><r:Description>"
        f"<d:creator>{escaped}</d:creator></r:Description></r:RDF></x:xmpmeta>"
    )
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG", exif=exif, xmp=packet.encode())
    plain = out.getvalue()
    return plain[:2] + iptc(120, TEMPLATE) + plain[2:]


@pytest.fixture
def hostile(site: Site) -> dict[str, Any]:
    """A decided draft in which everything that can hold words holds some that mean harm."""
    content = a_hostile_file()
    findings = findings_for(
        content,
        texts=[PictureText(Box(0, 0, 40, 10), f"Ben Marsh {SCRIPT}", 0.9, (f"Ben Marsh {TAG}",))],
        hidden=[HiddenPicture(HiddenKind.THUMBNAIL, TAG, 1, (SCRIPT, f"Ben {TURNED}"))],
    )
    site.inspector = FakeInspector({content: findings})  # type: ignore[assignment]
    files = [("pictures", ("<svg onload=alert(4)>.jpg", content, "image/jpeg"))]
    data = {"channel": "School website", "caption": f"A day {TAG}", "alt_texts": ATTRIBUTE}
    sent = site.client.post("/api/v1/drafts", data=data, files=files)
    site.work()
    draft: dict[str, Any] = site.client.get(sent.headers["location"]).json()
    return draft


def test_words_that_mean_harm_stay_words_on_the_page(site: Site, hostile: dict[str, Any]) -> None:
    answer = site.client.get(f"/drafts/{hostile['id']}", headers=HTML)
    page = Page(answer.text)
    assert page.faults == []
    assert all(image.get("src") != "x" for image in page.images)
    assert all(script.startswith("/static/") for script in page.scripts)
    for word in (TAG, SCRIPT, ATTRIBUTE, TEMPLATE, "<svg onload=alert(4)>.jpg"):
        assert word in page.words
    assert "‘day ERROR forged’" in page.words
    assert "\u202e" not in answer.text
    assert "49 " not in page.words


def test_the_api_tells_the_same_words_as_data(site: Site, hostile: dict[str, Any]) -> None:
    answer = site.client.get(f"/api/v1/drafts/{hostile['id']}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    items = hostile["pictures"][0]["findings"]["metadata"]
    assert {TAG, SCRIPT, ATTRIBUTE, TEMPLATE} <= {item["text"] for item in items}


def test_nothing_of_it_is_in_the_logs(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    logging.getLogger("gatepost").addHandler(caplog.handler)
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "gatepost")
    draft = request.getfixturevalue("hostile")
    site.client.get(f"/drafts/{draft['id']}", headers=HTML)
    logging.getLogger("gatepost").removeHandler(caplog.handler)
    written = "\n".join([caplog.text, *capfd.readouterr()])
    assert draft["decision"]["outcome"] == "block"
    for word in ("onerror", "alert(", "forged", "{{7*7}}", "gnp.", "Ben", "Marsh"):
        assert word not in written
