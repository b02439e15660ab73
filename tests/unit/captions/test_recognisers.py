"""Identifying details: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from captions.recognisers.nhs_numbers import is_nhs_number
from captions.recognisers.phones import national
from captions.recognisers.upns import check_letter
from tests.unit.captions.school import findings, shown

CAPTION, ALT, TAGS, FILE, OCR = FieldName.CAPTION, FieldName.ALT, FieldName.HASHTAGS, FieldName.FILENAME, FieldName.OCR

DETAILS = [
    ("phone", CAPTION, "Text 07700 900341 to book", "07700 900341"),
    ("phone", CAPTION, "call (01632) 960-733 today", "(01632) 960-733"),
    ("phone", CAPTION, "WhatsApp +44 (0)7700 900 872", "+44 (0)7700 900 872"),
    ("phone", CAPTION, "ring 02079460127 tonight", "02079460127"),
    ("phone", CAPTION, "0 7 7 0 0 9 0 0 1 2 6", "0 7 7 0 0 9 0 0 1 2 6"),
    ("phone", OCR, "ring O77OO 9OO 518", "O77OO 9OO 518"),
    ("phone", CAPTION, "ring 960733 after six", "960733"),
    (
        "phone",
        CAPTION,
        "it is oh seven seven double oh nine double oh one two three",
        "oh seven seven double oh nine double oh one two three",
    ),
    ("email", CAPTION, "write to jo.bloggs@example.com now", "jo.bloggs@example.com"),
    ("email", CAPTION, "to singingmums at example dot org please", "singingmums at example dot org"),
    ("email", CAPTION, "swapshop [at] example [dot] net", "swapshop [at] example [dot] net"),
    ("postcode", CAPTION, "come to YO97 2BD at noon", "YO97 2BD"),
    ("postcode", OCR, "northmoor yo99 5hj", "yo99 5hj"),
    ("address", CAPTION, "at 27 Larkspur Close from 3pm", "27 Larkspur Close"),
    ("address", OCR, "Flat 3, 112 Tannery Row", "Flat 3, 112 Tannery Row"),
    ("address", CAPTION, "at number 8 Glebe Cottages", "8 Glebe Cottages"),
    ("address", CAPTION, "Olivia lives on Cherry Tree Lane", "Cherry Tree Lane"),
    ("dob", OCR, "D.O.B. 03/11/2014", "03/11/2014"),
    ("dob", CAPTION, "Olivia was born on 14 March 2021", "14 March 2021"),
    ("dob", CAPTION, "Olivia's birthday is on 14 March", "14 March"),
    ("age", CAPTION, "Kai turns seven today", "seven"),
    ("age", CAPTION, "At 9 years old, Olivia climbed it", "9 years old"),
    ("age", CAPTION, "Olivia (7) won", "7"),
    ("age", CAPTION, "Olivia, 10, is off to nationals", "10"),
    ("age", CAPTION, "Happy 8th birthday Olivia", "8th birthday"),
    ("age", OCR, "by Olivia age 6", "age 6"),
    ("upn", FILE, "SATs_J998201719037.csv", "J998201719037"),
    ("upn", OCR, "UPN: N 998201 722015", "N 998201 722015"),
    ("nhs", OCR, "NHS No 999 417 2069", "999 417 2069"),
    ("nhs", ALT, "the nurse's form shows 9990231583", "9990231583"),
    ("vehicle", CAPTION, "silver estate YK98 XRT, please move", "YK98 XRT"),
    ("vehicle", ALT, "the number plate yo97tbz is visible", "yo97tbz"),
    ("handle", CAPTION, "photo by @hargreave_dad_snaps", "@hargreave_dad_snaps"),
    ("handle", CAPTION, "she is on Insta as crumbs.by.tess", "crumbs.by.tess"),
    ("handle", CAPTION, "his Roblox name is kaifish_2016", "kaifish_2016"),
    ("medical", CAPTION, "Kai has his hearing aids now", "has his hearing aids"),
    ("medical", CAPTION, "Kai's EHCP has come through", "EHCP"),
    ("medical", CAPTION, "One little boy, who is autistic and does not speak, sang", "autistic and does not speak"),
    ("medical", FILE, "careplan_KaiCampbell.docx", "careplan"),
    ("medical", CAPTION, "A girl in foster care wrote this", "foster"),
    ("class_detail", CAPTION, "Kai (Owls) won", "Owls"),
    ("class_detail", CAPTION, "Kai in Year 2 won", "Year 2"),
    ("class_detail", TAGS, "#KaiCampbell #Yr2", "Yr2"),
    ("class_detail", OCR, "Kai Campbell\nOwls class tray", "Owls class"),
    (
        "routine",
        CAPTION,
        "Running club meets every Tuesday from 4.15 by the bandstand in Abbey Park",
        "meets every Tuesday from 4.15 by the bandstand",
    ),
    (
        "routine",
        CAPTION,
        "Kai walks home alone along the canal path every day",
        "walks home alone along the canal path every day",
    ),
    (
        "routine",
        CAPTION,
        "Our walking bus leaves the Co-op on Station Road at 8.05 every morning",
        "leaves the Co-op on Station Road at 8.05 every morning",
    ),
]


@pytest.mark.parametrize(
    ("kind", "field", "text", "span"), [pytest.param(*row, id=f"{row[0]}: {row[3][:30]}") for row in DETAILS]
)
def test_detail_is_found(kind: str, field: FieldName, text: str, span: str) -> None:
    found = [words for found_kind, words in shown(text, field) if found_kind == kind]
    assert len(found) == 1
    assert found[0] == span or (kind in ("routine", "medical") and span in found[0])


HARMLESS = [
    ("the school's telephone", CAPTION, "Call the office on 01632 960111"),
    ("a helpline", CAPTION, "Childline is 0800 1111, the NSPCC 0808 800 5000"),
    ("a short service number", CAPTION, "Samaritans: 116 123"),
    ("an ISBN and a charity number", OCR, "ISBN 9780141365466\nCharity no. 1998417"),
    ("a camera's file name", FILE, "IMG_20250614_112233.jpg"),
    ("the school's address", CAPTION, "Find us at Station Lane, Otterby, YO98 9ZZ"),
    ("the school's e-mail", CAPTION, "office@beckside.otterby.sch.uk"),
    ("the school's account", CAPTION, "Follow @BecksidePri"),
    ("a key stage is no postcode", CAPTION, "KS2 1st in the relay"),
    ("ordinals are no postcode", CAPTION, "Row B12 4th seat, S2 1st floor"),
    ("ages of groups", CAPTION, "for children aged 4 to 11, a 7-year-old could do it"),
    ("a year group is no age", CAPTION, "Year 2 today"),
    ("a score", CAPTION, "Beckside 4, Stonegate 2 on 07/02/2025"),
    ("scorers are no ages", CAPTION, "Goals: 12-10 against Otterby"),
    ("history's birthdays", CAPTION, "Queen Victoria was born on 24 May 1819"),
    ("a stock number with a wrong check letter", OCR, "Stock ref A804213765092"),
    ("ten digits that are an order", CAPTION, "Order number 4085512763"),
    ("an awareness week", CAPTION, "World Autism Acceptance Week starts on Monday"),
    ("a request to all", CAPTION, "Please keep lunchboxes nut free, some of us have allergies"),
    ("a good cause", CAPTION, "We raised £300 for Cancer Research"),
    ("the SENCO", CAPTION, "Speak to Ms Rahman, our SENCO, about learning support"),
    ("classes alone", CAPTION, "Owls and Swifts swapped reading corners; Year 3 drew mosaics"),
    ("a club in school", CAPTION, "Choir meets every Tuesday at 3.30 in the music room"),
    ("breakfast club", CAPTION, "Breakfast club opens at 7.45 every morning in the hall"),
    ("opening times", CAPTION, "The office is open from 8.30 every day"),
]


@pytest.mark.parametrize(("field", "text"), [pytest.param(field, text, id=name) for name, field, text in HARMLESS])
def test_what_only_looks_like_a_detail_passes(field: FieldName, text: str) -> None:
    assert shown(text, field) == []


@pytest.mark.parametrize(
    ("rest", "letter"),
    [
        pytest.param("998201719037", "J", id="permanent"),
        pytest.param("998201721004", "A", id="another"),
        pytest.param("80420001234A", "Q", id="temporary"),
        pytest.param("80420001234I", "", id="no such letter"),
    ],
)
def test_upn_check_letter(rest: str, letter: str) -> None:
    assert check_letter(rest) == letter


@pytest.mark.parametrize(
    ("digits", "valid"), [("9434765919", True), ("9434765918", False), ("9990231583", True), ("1234567890", False)]
)
def test_nhs_check_digit(digits: str, valid: bool) -> None:
    assert is_nhs_number(digits) is valid


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("07700 900341", "447700900341"),
        ("+44 (0)7700 900341", "447700900341"),
        ("0044 7700 900341", "447700900341"),
        ("0808 800 5000", ""),
        ("0300 123 1234", ""),
        ("12345678901", ""),
        ("0123", ""),
    ],
)
def test_numbers_are_brought_to_one_form(written: str, number: str) -> None:
    assert national(written) == number


def test_details_of_a_named_child_need_the_name() -> None:
    assert shown("Somebody in Year 2 turns seven today") == []


def test_detail_explains_itself() -> None:
    (found,) = findings("Text 07700 900341")
    assert "telephone number" in found.why
    assert found.replacement == "the school office"
