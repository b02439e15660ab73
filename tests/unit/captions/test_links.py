"""Links: the school's own, government and approved sites pass; each other kind has its own sentence."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind
from captions.links import doubt_about, links_in
from tests.unit.captions.school import SCHOOL, findings, shown


@pytest.mark.parametrize(
    "text",
    [
        "www.beckside.otterby.sch.uk/term-dates",
        "https://beckside.otterby.sch.uk",
        "https://learn.beckside.otterby.sch.uk/x",
        "https://www.gov.uk/apply-for-primary-school-place",
        "https://otterby.gov.uk/schools",
        "https://charity.example.org/fun-run",
    ],
)
def test_known_site_passes(text: str) -> None:
    assert shown(f"See {text} for more") == []


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        pytest.param("https://bit.ly/wren-25", "hides where it leads", id="shortener"),
        pytest.param("bit.ly/wren-25", "hides where it leads", id="without a scheme"),
        pytest.param("http://192.168.0.4/clip", "IP address", id="IP address"),
        pytest.param("http://3232235524/clip", "IP address", id="IP address as one number"),
        pytest.param("https://xn--bcksde-9ve.example.com", "another alphabet", id="punycode"),
        pytest.param("https://beckside.otterby.sch.uk@evil.example.com/", "@ sign", id="user info"),
        pytest.param("http://beckside.otterby.sch.uk/news", "not encrypted", id="plain http"),
        pytest.param("https://chat.whatsapp.com/AbC123", "WhatsApp", id="group invitation"),
        pytest.param("https://forms.gle/abcd", "a form", id="form"),
        pytest.param("https://docs.google.com/forms/d/e/1", "a form", id="form in a suite"),
        pytest.param("https://photos.app.goo.gl/abcd", "photo album", id="album"),
        pytest.param("https://beckside-otterby-sch.uk.com", "looks like the school's own", id="name in another site"),
        pytest.param("https://becksid.otterby.sch.uk", "looks like the school's own", id="a letter left out"),
        pytest.param("forms.example.com/r/8hTq2", "has not approved", id="unknown site"),
        pytest.param("ftp://files.example.com/x", "unusual kind", id="another scheme"),
    ],
)
def test_link_that_needs_care_says_why(link: str, sentence: str) -> None:
    text = f"Look: {link} today"
    (found,) = [finding for finding in findings(text) if finding.kind is Kind.LINK]
    assert text[found.start : found.end] == link
    assert sentence in found.why


def test_mixed_scripts_in_a_host_need_care() -> None:
    assert "another alphabet" in doubt_about("https://beckѕide.otterby.sch.uk/", SCHOOL)


@pytest.mark.parametrize(
    "text", ["at 8.45am", "the e.g. of it", "photo.jpg and plan.zip", "See you Monday.Bring a hat", ""]
)
def test_what_is_no_link_passes(text: str) -> None:
    assert shown(text) == []


def test_file_names_hold_no_links() -> None:
    assert shown("poster.final.co.png", FieldName.FILENAME) == []


def test_offsets_hold_beside_what_cannot_be_encoded() -> None:
    text = "\ud800\x00 https://bit.ly/x"
    (link,) = links_in(text)
    assert text[link.start : link.end] == "https://bit.ly/x"
