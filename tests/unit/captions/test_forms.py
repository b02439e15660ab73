"""Every usual form of a registered name leads to that pupil."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile, TextField, TextFinding
from captions.inspection import inspect

SCHOOL = SchoolProfile("Larkfield Primary School")


def _found(text: str, *names: str, field: FieldName = FieldName.CAPTION) -> list[TextFinding]:
    halves = [(name, *name.replace("+", " ").rsplit(" ", 1)) for name in names]
    people = [RegisteredName(name, given, family) for name, given, family in halves]
    return [f for f in inspect([TextField(field, text)], people, SCHOOL).findings if f.kind is Kind.PUPIL_NAME]


@pytest.mark.parametrize(
    ("given", "short"),
    [
        *[("Isabella", short) for short in ("Izzy", "Issy", "Bella", "Belle")],
        *[("Mohammed", short) for short in ("Mo", "Muhammad", "Mohamed", "Moh")],
        *[("Gurpreet", short) for short in ("Gurps", "Preet")],
        *[("Oluwadamilola", short) for short in ("Dami", "Damilola")],
        *[("Chidera", short) for short in ("Dera",)],
        *[("Temitope", short) for short in ("Temi", "Tope")],
        *[("Abdulrahman", short) for short in ("Abdul", "Rahman")],
        *[("Khadija", short) for short in ("Khadijah", "Khadi")],
        *[("Zuzanna", short) for short in ("Zuzia",)],
        *[("Małgorzata", short) for short in ("Gosia", "Małgosia")],
        *[("Krzysztof", short) for short in ("Krzys", "Krzyś")],
        *[("Cătălina", short) for short in ("Cata",)],
        *[("Ionuț", short) for short in ("Ionel",)],
        *[("Gruffydd", short) for short in ("Griff", "Guto")],
        *[("Gwenllian", short) for short in ("Gwen", "Llio")],
        *[("Aoibheann", short) for short in ("Aoibh",)],
        *[("Ruairí", short) for short in ("Rory",)],
        *[("João", short) for short in ("Joãozinho",)],
        *[("Francisco", short) for short in ("Chico", "Paco", "Kiko")],
        *[("Mehmet", short) for short in ("Memo",)],
        *[("Oleksandra", short) for short in ("Lesya", "Sasha")],
        *[("Siddharth", short) for short in ("Sid", "Siddhu")],
        *[("Tallulah", short) for short in ("Lula",)],
        *[("Theodore", short) for short in ("Theo", "Teddy", "Ted")],
        *[("Amelia-Rose", short) for short in ("Millie", "Amelia", "Mimi")],
        *[("Jaheim", short) for short in ("Jah",)],
    ],
)
def test_short_form_or_other_spelling_is_the_pupil(given, short) -> None:
    (found,) = _found(f"The prize went to {short} again, well done {short}.", f"{given} Quillfeather")[:1]
    assert found.pupils == (f"{given} Quillfeather",)


def test_short_form_of_two_pupils_is_either_of_them() -> None:
    (found,) = _found("Lovely reading from Ali today", "Alison Wray", "Alistair Boothby", "Megan Price")
    assert set(found.pupils) == {"Alison Wray", "Alistair Boothby"}


def test_name_itself_goes_before_a_short_form() -> None:
    (found,) = _found("Lovely reading from Ellie today", "Eleanor Wray", "Ellie Boothby")
    assert found.pupils == ("Ellie Boothby", "Eleanor Wray")


def test_surname_goes_before_the_short_form_of_another() -> None:
    (found,) = _found("A goal for Jonty and one for Wills", "William Oakes", "Sanaya Wills")
    assert found.pupils == ("Sanaya Wills", "William Oakes")


def test_short_form_works_one_way_only() -> None:
    assert _found("A story about Tamara", "Mara Wray") == []


@pytest.mark.parametrize(
    ("written", "given"),
    [
        pytest.param("Oliva", "Olivia", id="a letter dropped"),
        pytest.param("Naimh", "Niamh", id="two letters swapped"),
        pytest.param("Noha", "Noah", id="two of four swapped"),
        pytest.param("Chlloe", "Chloe", id="a letter doubled"),
        pytest.param("Jasmime", "Jasmine", id="a letter changed in a long name"),
        pytest.param("Zainnab", "Zainab", id="a letter too many"),
    ],
)
def test_slip_of_the_pen_is_asked_about(written, given) -> None:
    (found,) = _found(f"Bravo {written} for the solo", f"{given} Quillfeather")
    assert found.doubtful


@pytest.mark.parametrize(
    ("written", "given"),
    [
        pytest.param("Daisy", "Maisy", id="another first letter"),
        pytest.param("Anton", "Anwen", id="two changes"),
        pytest.param("Ethan", "Evhan", id="a letter changed in a short name"),
        pytest.param("Aiden", "Aided", id="another known name"),
    ],
)
def test_another_name_close_by_is_nobody_on_the_register(written, given) -> None:
    assert _found(f"Bravo {written} for the solo", f"{given} Quillfeather") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Bravo Nia Okonjo-Bell!", "Nia Okonjo-Bell", id="full"),
        pytest.param("Okonjo-Bell, Nia: present", "Okonjo-Bell, Nia", id="reversed"),
        pytest.param("Bravo Nia Bell!", "Nia Bell", id="double-barrelled in part"),
        pytest.param("Bravo Nia O!", "Nia O", id="with initial"),
        pytest.param("Bravo N. Okonjo-Bell!", "N. Okonjo-Bell", id="initial and surname"),
        pytest.param("Thank you to the Okonjo-Bells", "Okonjo-Bells", id="plural"),
        pytest.param("Thank you to the Okonjo-Bell family", "Okonjo-Bell", id="family"),
        pytest.param("We met Okonjo-Bell's team", "Okonjo-Bell", id="possessive"),
        pytest.param("Follow @nia.okonjobell09", "nia.okonjobell", id="handle"),
        pytest.param("Bravo #NiaOkonjoBell", "NiaOkonjoBell", id="hashtag"),
        pytest.param("Surname Okonjo-Bell", "Okonjo-Bell", id="label of a form"),
    ],
)
def test_form_of_the_whole_name_is_found_at_its_own_characters(text, shown) -> None:
    found = _found(text, "Nia Okonjo-Bell")
    assert [text[f.start : f.end] for f in found] == [shown]


@pytest.mark.parametrize("written", ["Xin Yi", "Xinyi", "XinYi", "Xin-Yi", "Xin Yi Tan", "Tan Xin Yi", "Xin Tan"])
def test_given_name_of_two_parts_is_found(written) -> None:
    assert _found(f"Bravo {written} for the solo", "Xin+Yi Tan")


def test_name_misread_as_a_whole_stays_whole() -> None:
    text = "lmogen Wray\nI can tie my laces"
    (found,) = _found(text, "Imogen Wray", field=FieldName.OCR)
    assert text[found.start : found.end] == "lmogen Wray"
