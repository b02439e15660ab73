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
        "beckside.otterby.sch.uk/news",
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
        pytest.param("http://www.beckside.otterby.sch.uk", "not encrypted", id="plain http, front page"),
        pytest.param("https://chat.whatsapp.com/AbC123", "WhatsApp", id="group invitation"),
        pytest.param("https://forms.gle/abcd", "a form", id="form"),
        pytest.param("https://docs.google.com/forms/d/e/1", "a form", id="form in a suite"),
        pytest.param("https://photos.app.goo.gl/abcd", "photo album", id="album"),
        pytest.param("https://beckside-otterby-sch.uk.com", "looks like the school's own", id="name in another site"),
        pytest.param("https://becksid.otterby.sch.uk", "looks like the school's own", id="a letter left out"),
        pytest.param("forms.example.com/r/8hTq2", "has not approved", id="unknown site"),
        pytest.param("ftp://files.example.com/x", "unusual kind", id="another scheme"),
        pytest.param("javascript:alert(1)", "unusual kind", id="script"),
        pytest.param("data:text/html;base64,PGI+", "unusual kind", id="data"),
        pytest.param("whatsapp://send?text=hi", "unusual kind", id="app"),
        pytest.param("http://0xC0A80004/clip", "IP address", id="IP address in hexadecimal"),
        pytest.param("http://0300.0250.0.4/clip", "IP address", id="IP address in octal"),
        pytest.param("http://[2001:db8::4]/clip", "IP address", id="IPv6"),
        pytest.param("https://beckside.otterby.sch.uk:8443/x", "port 8443", id="port"),
        pytest.param("https://beckside.otterby.sch.uk.example.net", "looks like the school's own", id="as a subdomain"),
        pytest.param("https://beckside-login.example.net", "looks like the school's own", id="an added word"),
        pytest.param("https://becks1de.otterby.sch.uk", "looks like the school's own", id="1 for i"),
        pytest.param("https://beckside.com", "looks like the school's own", id="another ending"),
        pytest.param("https://t.me/+AbCd", "Telegram", id="Telegram"),
        pytest.param("https://discord.gg/AbCd", "Discord", id="Discord"),
        pytest.param("https://www.facebook.com/groups/otterby", "Facebook group", id="Facebook group"),
        pytest.param("https://otterby.sharepoint.com/x", "shared drive", id="SharePoint"),
        pytest.param("https://we.tl/t-AbCd", "file transfer", id="file transfer"),
        pytest.param("https://us02web.zoom.us/j/1", "video meeting", id="meeting"),
        pytest.param("https://www.surveymonkey.co.uk/r/x", "a survey", id="survey"),
        pytest.param("https://forms.office.com/e/x", "a form", id="office form"),
        pytest.param("https://www.eventbrite.co.uk/e/1", "an event", id="event"),
        pytest.param("https://app.parentpay.com/login", "log in", id="payments"),
        pytest.param("example dot com", "has not approved", id="spelt out"),
        pytest.param("clips dot example dot co dot uk slash fair", "has not approved", id="spelt out with a path"),
        pytest.param("hxxps://clips[.]example[.]com/x", "has not approved", id="defused"),
        pytest.param("clips(dot)example(dot)org", "has not approved", id="dots in brackets"),
        pytest.param("clips．example．com", "has not approved", id="full-width dots"),
        pytest.param("https://exa\u200bmple.com/x", "has not approved", id="an invisible character"),
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
    "text",
    [
        "end of term.In the hall",
        "See you at ten.it will be fun",
        "Ms.Rahman.It was fun",
        "version 1.2 of plan.docx",
        "join the dot to dot club",
        "Data: see the chart; about: us",
        "beckside dot otterby dot sch dot uk",
        "write to kitbox at beckside dot otterby dot sch dot uk",
        "at 8.45am",
        "the e.g. of it",
        "photo.jpg and plan.zip",
        "See you Monday.Bring a hat",
        "",
    ],
)
def test_what_is_no_link_passes(text: str) -> None:
    assert shown(text) == []


def test_file_names_hold_no_links() -> None:
    assert shown("poster.final.co.png", FieldName.FILENAME) == []


def test_offsets_hold_beside_what_cannot_be_encoded() -> None:
    text = "\ud800\x00 https://bit.ly/x"
    (link,) = links_in(text)
    assert text[link.start : link.end] == "https://bit.ly/x"
