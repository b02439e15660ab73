"""What a QR code or a barcode says is judged like any text, and a code that nobody understands is asked about."""

from __future__ import annotations

import pytest

from captions.codes import is_of_goods
from captions.findings import FieldName, Kind, TextField, TextFinding
from captions.inspection import inspect
from captions.testing import FakePersonTagger
from tests.unit.captions.school import REGISTER, SCHOOL


def found(text: str, symbology: str = "QR Code") -> list[TextFinding]:
    field = TextField(FieldName.BARCODE, text, 1, 0, symbology=symbology)
    read = inspect([field], REGISTER, SCHOOL, FakePersonTagger(()))
    assert read.problems == ()
    return list(read.findings)


def kinds(text: str, symbology: str = "QR Code") -> list[Kind]:
    return sorted({finding.kind for finding in found(text, symbology)})


OWN = f"https://{SCHOOL.domain}"
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:{family};{given};;;\r\nFN:{given} {family}\r\nTEL;TYPE=CELL:{phone}\r\nEND:VCARD"
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{OWN}/fair", id="the school's own site"),
        pytest.param("https://www.gov.uk/school-meals", id="government"),
        pytest.param("Find the next clue behind the library door", id="words"),
        pytest.param("WIFI:T:nopass;S:Library;;", id="an open network"),
        pytest.param(f"tel:{SCHOOL.phones[0]}", id="the school's telephone"),
        pytest.param(f"mailto:{SCHOOL.emails[0]}", id="the school's e-mail"),
        pytest.param(f"MECARD:N:{SCHOOL.name};TEL:{SCHOOL.phones[0]};;", id="the school's own card"),
        pytest.param("BEGIN:VEVENT\nSUMMARY:Summer Fair\nDTSTART:20270619T110000\nEND:VEVENT", id="an event"),
    ],
)
def test_what_the_school_may_show_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("https://club.example/join", Kind.LINK, id="a site that is not approved"),
        pytest.param("HTTPS://CLUB.EXAMPLE/JOIN", Kind.LINK, id="in capitals, which make small codes"),
        pytest.param("https://localhost:8080/x", Kind.LINK, id="a site without an ending"),
        pytest.param("club-night.co.uk/join", Kind.LINK, id="without a scheme"),
        pytest.param("https://bit.ly/3xYz", Kind.LINK, id="a shortener"),
        pytest.param(f"https://{SCHOOL.domain}@evil.example/", Kind.LINK, id="disguised"),
        pytest.param("https://chat.whatsapp.com/AbCdEf", Kind.LINK, id="an invitation"),
        pytest.param("URLTO:https://club.example/join", Kind.LINK, id="urlto"),
        pytest.param("MEBKM:TITLE:Club;URL:https\\://club.example;;", Kind.LINK, id="a bookmark"),
        pytest.param("bitcoin:175tWpb8K1S7NmH4Zx6rewF9WQrcZv245W", Kind.LINK, id="an unusual scheme"),
        pytest.param("intent://join#Intent;scheme=zoom;end", Kind.LINK, id="an app"),
        pytest.param("WIFI:S:Beckside Staff;T:WPA;P:otter-bridge-41;;", Kind.CODE, id="a password"),
        pytest.param("wifi:P:x;T:WPA;S:y;;", Kind.CODE, id="a password first"),
        pytest.param("otpauth://totp/School?secret=JBSWY3DPEHPK3PXP", Kind.CODE, id="a secret"),
        pytest.param("tel:+447700900123", Kind.PHONE, id="a telephone"),
        pytest.param("SMSTO:07700900123:hello", Kind.PHONE, id="a message"),
        pytest.param("mailto:jo.bloggs@mail.example", Kind.EMAIL, id="an e-mail"),
        pytest.param("MATMSG:TO:jo.bloggs@mail.example;SUB:Hi;BODY:Hi;;", Kind.EMAIL, id="a written e-mail"),
        pytest.param("geo:53.7960,-1.5478", Kind.LOCATION, id="a place"),
        pytest.param(CARD.format(family="Smith", given="Olivia", phone=""), Kind.PUPIL_NAME, id="a pupil's card"),
        pytest.param(CARD.format(family="Quist", given="Orla", phone=""), Kind.PERSON_NAME, id="somebody's card"),
        pytest.param(CARD.format(family="Q", given="O", phone="07700900123"), Kind.PHONE, id="a card's telephone"),
        pytest.param("MECARD:N:Quist,Orla;TEL:07700900123;;", Kind.PERSON_NAME, id="a short card"),
        pytest.param("Olivia Smith, Robins", Kind.PUPIL_NAME, id="a pupil"),
        pytest.param("OLIVIA.SMITH", Kind.PUPIL_NAME, id="a pupil's account"),
        pytest.param("7K2M-Q9", Kind.CODE, id="letters and digits"),
        pytest.param("004711", Kind.CODE, id="a number"),
        pytest.param("\x00\x01\x9f", Kind.CODE, id="bytes"),
    ],
)
def test_what_needs_care_is_found(text: str, kind: Kind) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize("symbology", ["Code 128", "Code 39", "Codabar", "ITF", "PDF417", "Data Matrix", "Aztec"])
@pytest.mark.parametrize("text", ["LIB004711", "29876000123456", "5012345678900"])
def test_a_number_that_may_be_on_a_childs_card_is_asked_about(symbology: str, text: str) -> None:
    assert Kind.CODE in kinds(text, symbology)


@pytest.mark.parametrize(
    ("text", "symbology", "of_goods"),
    [
        pytest.param("5012345678900", "EAN-13", True, id="ean-13"),
        pytest.param("9780306406157", "EAN-13", True, id="a book"),
        pytest.param("96385074", "EAN-8", True, id="ean-8"),
        pytest.param("036000291452", "UPC-A", True, id="upc-a"),
        pytest.param("01234565", "UPC-E", True, id="upc-e"),
        pytest.param("5012345678901", "EAN-13", False, id="a wrong check digit"),
        pytest.param("96385074", "Code 128", False, id="the digits of goods in another kind of code"),
        pytest.param("501234567890", "EAN-13", False, id="too short"),
        pytest.param("50123456789OO", "EAN-13", False, id="letters"),
    ],
)
def test_goods_are_known_by_their_kind_of_code_and_their_check_digit(text: str, symbology: str, of_goods: bool) -> None:
    assert is_of_goods(TextField(FieldName.BARCODE, text, 1, 0, symbology=symbology)) is of_goods
    assert (found(text, symbology) == []) is of_goods


def test_digits_in_a_caption_are_never_goods() -> None:
    assert not is_of_goods(TextField(FieldName.CAPTION, "5012345678900", symbology="EAN-13"))


def test_a_sentence_about_a_code_stays_short_and_on_one_line() -> None:
    (finding,) = found("A1B2\n" * 200)
    assert finding.kind is Kind.CODE
    assert "\n" not in finding.why
    assert len(finding.why) < 150


def test_the_same_words_in_a_caption_are_no_code() -> None:
    read = inspect([TextField(FieldName.CAPTION, "LIB004711")], REGISTER, SCHOOL, FakePersonTagger(()))
    assert Kind.CODE not in {finding.kind for finding in read.findings}
