"""A name that is also a word: context decides, and what points to a child is never passed in silence."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.school import findings, shown

CAPTION, ALT, TAGS, FILE, OCR = FieldName.CAPTION, FieldName.ALT, FieldName.HASHTAGS, FieldName.FILENAME, FieldName.OCR

CHILD = [
    (CAPTION, "Hope was thrilled with her prize", ["Hope"]),
    (CAPTION, "Well done Hope!", ["Hope"]),
    (CAPTION, "WELL DONE HOPE AND GRACE", ["HOPE", "GRACE"]),
    (CAPTION, "This morning April showed us how to fold a crane", ["April"]),
    (CAPTION, "Thank you to April for lending us her guinea pigs", ["April"]),
    (CAPTION, "It was Summer's turn to raise the flag", ["Summer"]),
    (CAPTION, "Jordan walks the dog and has made a poster", ["Jordan"]),
    (CAPTION, "Will and Kai built it out of boxes", ["Will", "Kai"]),
    (CAPTION, "hope and grace were our door monitors today", ["hope", "grace"]),
    (CAPTION, "Art has been picked for the chess final", ["Art"]),
    (CAPTION, "Om taught everyone a song", ["Om"]),
    (CAPTION, "Rose had a brilliant idea", ["Rose"]),
    (CAPTION, "Ruby, you were a star on that stage", ["Ruby"]),
    (CAPTION, "Robin (Swifts) is this week's champion", ["Robin"]),
    (CAPTION, "Our winner is Poppy, who never gave up", ["Poppy"]),
    (CAPTION, "Everyone cheered as Summer crossed the line", ["Summer"]),
    (CAPTION, "Jack Frost read his own story", ["Jack Frost"]),
    (CAPTION, "Poppy Field, well done", ["Poppy Field"]),
    (CAPTION, "Happy birthday Summer", ["Summer"]),
    (CAPTION, "The winner? Rose!", ["Rose"]),
    (ALT, "Robin holding a trophy", ["Robin"]),
    (FILE, "grace.jpg", ["grace"]),
    (FILE, "hope_certificate.png", ["hope"]),
    (TAGS, "#WellDoneHope", ["Hope"]),
    (TAGS, "#welldonehope", ["hope"]),
    (OCR, "awarded to\nHope\nfor kindness", ["Hope"]),
    (OCR, "HAPPY BIRTHDAY\nROSE", ["ROSE"]),
    (OCR, "My name is Summer", ["Summer"]),
]
WORD = [
    (CAPTION, "Hope to see you all on Friday"),
    (CAPTION, "Hope it's sunny!"),
    (CAPTION, "We hope you have a restful break"),
    (CAPTION, "Will you be able to help?"),
    (CAPTION, "The school will be closed"),
    (CAPTION, "Summer term starts with Poppy Day"),
    (CAPTION, "April showers did not stop us"),
    (CAPTION, "See you in April"),
    (CAPTION, "Grace before lunch was sung in Welsh"),
    (CAPTION, "Rose petals and lavender went into our potion"),
    (CAPTION, "A poppy field of hand prints covers the wall"),
    (CAPTION, "Faith, hope and love are on our window"),
    (CAPTION, "Postcards came from Jordan, Georgia and Florence"),
    (CAPTION, "Ruby and sapphire are two words from our gemstone topic"),
    (CAPTION, "Robin alert! One has nested in the shed"),
    (CAPTION, "Art club made lino prints"),
    (CAPTION, "Art was wonderful this week"),
    (CAPTION, "Om is a sound used in prayer"),
    (CAPTION, "Robins class have made clay owls"),
    (CAPTION, "Jack Frost has been busy, so take care on the icy slope"),
    (CAPTION, "Rose-tinted glasses for the play"),
    (ALT, "A robin on a fence post"),
    (ALT, "A rose bush in a raised bed"),
    (FILE, "poppy_appeal_display.jpg"),
    (FILE, "summer_fair_poster.png"),
    (FILE, "art-week-lino.jpeg"),
    (TAGS, "#SummerTerm #ArtWeek #PoppyAppeal"),
    (TAGS, "#ChooseHope #RobinHood"),
    (OCR, "OUR VALUES\nFaith\nHope\nRespect"),
    (OCR, "SUMMER FAIR\nSaturday 21 June"),
]


@pytest.mark.parametrize(("field", "text", "names"), [pytest.param(*row, id=row[1][:40]) for row in CHILD])
def test_child_is_found(field: FieldName, text: str, names: list[str]) -> None:
    assert [words for kind, words in shown(text, field) if kind == "pupil_name"] == names


@pytest.mark.parametrize(("field", "text"), [pytest.param(*row, id=row[1][:40]) for row in WORD])
def test_word_passes(field: FieldName, text: str) -> None:
    assert shown(text, field) == []


def test_doubt_is_put_as_a_question() -> None:
    (found,) = findings("Summer crossed the line")
    assert found.why.endswith("which is it?")
    assert "Summer R." in found.why
    assert "Year 5" in found.why


@pytest.mark.parametrize(
    ("text", "field", "name"),
    [
        pytest.param("Hope, you were a magnificent Scrooge", CAPTION, "Hope", id="spoken to"),
        pytest.param("Poppy, we are still finding bits of your beard", CAPTION, "Poppy", id="spoken to by us"),
        pytest.param("Will will be our Scrooge", CAPTION, "Will", id="the word twice"),
        pytest.param("Robin, Year 4, drove off with the cup", CAPTION, "Robin", id="the year after a comma"),
        pytest.param("LEADER  Olivia\nLIGHTS  Summer", FieldName.OCR, "Summer", id="a rota"),
        pytest.param("coat pegs\nNiamh   Hope   Ada", FieldName.OCR, "Hope", id="coat pegs"),
    ],
)
def test_new_ground_makes_a_word_a_name(text: str, field: FieldName, name: str) -> None:
    assert ("pupil_name", name) in shown(text, field)


def test_a_shop_is_not_the_family() -> None:
    assert shown("Raffle prizes from Hussain's Deli and Wójcik's Bakery") == []


def test_a_pupil_beside_a_baby_is_not_the_one_of_the_bible() -> None:
    assert ("pupil_name", "Mary") in shown("Mary is a big sister to a baby girl")


def test_question_names_every_candidate() -> None:
    from captions.findings import RegisteredName, TextField
    from captions.inspection import inspect
    from tests.unit.captions.school import SCHOOL

    people = [RegisteredName(f"p{i}", "Rose", family, year="Year 2") for i, family in enumerate(("Bell", "Okoro"))]
    (found,) = inspect([TextField(CAPTION, "Rose ran home")], people, SCHOOL).findings
    assert "Rose B. in Year 2 or Rose O. in Year 2" in found.why
    assert found.pupils == ("p0", "p1")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Every gill was sketched in Science", id="gill"),
        pytest.param("A new era begins for Beckside", id="era"),
    ],
)
def test_word_in_lower_case_is_the_word_though_a_pupil_is_called_so(text: str) -> None:
    from captions.findings import TextField
    from captions.inspection import inspect
    from tests.unit.captions.school import SCHOOL, pupil

    people = [pupil("g", "Gill", "Era"), pupil("e", "Era", "Gill")]
    assert inspect([TextField(CAPTION, text)], people, SCHOOL).findings == ()
    assert inspect([TextField(CAPTION, text.title())], people, SCHOOL).findings


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Art's art is on the wall", "Art", id="possessive, and the word itself"),
        pytest.param("Kai goes first, then it's Hope, in a cape", "Hope", id="it says who it is"),
        pytest.param("Hope with the winner in extra time!", "Hope", id="a goal"),
        pytest.param("Robin in his first match", "Robin", id="his"),
        pytest.param("The welly goes to\u2026 Hope! Deepest puddle", "Hope", id="goes to, three dots"),
        pytest.param("Thank you, Summer, for your grandad's accordion", "Summer", id="thanked between commas"),
    ],
)
def test_name_in_a_schools_own_phrases_is_found(text: str, name: str) -> None:
    assert ("pupil_name", name) in shown(text)


@pytest.mark.parametrize(
    ("text", "field", "name"),
    [
        pytest.param("Ruby was ever so brave at the fire station", CAPTION, "Ruby", id="ever so brave"),
        pytest.param("CAST\nJoseph ..... Robin\nInnkeeper .. Niamh", OCR, "Robin", id="a cast with dots"),
    ],
)
def test_child_in_praise_and_casts_is_found(text: str, field: FieldName, name: str) -> None:
    assert ("pupil_name", name) in shown(text, field)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("OUR VALUES\nHope Grace\nLet your light shine", OCR, id="values on a wall"),
        pytest.param("#YouveGotThis #Sats", TAGS, id="a word that ends like a possessive"),
        pytest.param("WHOOPS-A-DAISY ANGEL\nTickets at the door", OCR, id="no postcode in a word"),
    ],
)
def test_words_on_walls_and_in_tags_are_words(text: str, field: FieldName) -> None:
    assert shown(text, field) == []
