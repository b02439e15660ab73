"""Every form a pupil's name is written in is found, with the right pupil."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind
from tests.unit.captions.school import findings, shown

CAPTION, ALT, TAGS, FILE, OCR = FieldName.CAPTION, FieldName.ALT, FieldName.HASHTAGS, FieldName.FILENAME, FieldName.OCR

FORMS = [
    (CAPTION, "Well done Olivia Smith!", "Olivia Smith", "olivia", "full"),
    (CAPTION, "Well done Olivia Jane Smith!", "Olivia Jane Smith", "olivia", "full with a middle name"),
    (CAPTION, "To collect: Smith, Olivia", "Smith, Olivia", "olivia", "reversed"),
    (OCR, "SMITH Olivia", "SMITH Olivia", "olivia", "surname first in capitals"),
    (CAPTION, "olivia made a den", "olivia", "olivia", "given name in lower case"),
    (CAPTION, "Emeka made a den", "Emeka", "emeka", "known-as"),
    (CAPTION, "Livvy made a den", "Livvy", "olivia", "diminutive"),
    (CAPTION, "Izzy made a den", "Izzy", "izzy", "diminutive far from the name"),
    (CAPTION, "Tilda made a den", "Tilda", "matilda", "diminutive that is not the known-as"),
    (CAPTION, "Neeve made a den", "Neeve", "niamh", "spelt by ear"),
    (CAPTION, "Olivia S came first", "Olivia S", "olivia", "given name and initial"),
    (CAPTION, "Florence Pem came first", "Florence Pem", "florence", "given name and start of surname"),
    (CAPTION, "O. Smith 12 runs", "O. Smith", "olivia", "initial and surname"),
    (CAPTION, "Kavanagh, S. 12 runs", "Kavanagh, S", "siobhan", "surname and initial"),
    (CAPTION, "Congratulations to N.O. in Herons", "N.O.", "niamh", "bare initials with a class"),
    (CAPTION, "Niamh’s poster", "Niamh", "niamh", "possessive"),
    (CAPTION, "Thank you to the Kavanaghs", "Kavanaghs", "siobhan", "family"),
    (FILE, "patel twins first day.heic", "patel", "twin1", "surname in a file name"),
    (CAPTION, "Ella van der Berg won", "Ella van der Berg", "ella", "particles"),
    (CAPTION, "Zoe Fox won", "Zoe Fox", "zoe", "half of a double-barrelled name"),
    (CAPTION, "Xin Yi won", "Xin Yi", "xinyi", "two-word given name"),
    (CAPTION, "Lukasz Wojcik won", "Lukasz Wojcik", "lukasz", "without diacritics"),
    (CAPTION, "Olivia Smyth won", "Olivia Smyth", "olivia", "misspelt surname"),
    (CAPTION, "Siobahn Kavanagh won", "Siobahn Kavanagh", "siobhan", "misspelt given name"),
    (CAPTION, "Florance won", "Florance", "florence", "long given name misspelt"),
    (OCR, "0livia 5mith", "0livia 5mith", "olivia", "digits for letters"),
    (OCR, "Mati1da", "Mati1da", "matilda", "1 for l"),
    (OCR, "F1orence Pernberton", "F1orence Pernberton", "florence", "rn for m"),
    (OCR, "OLIVIA\nSMITH", "OLIVIA\nSMITH", "olivia", "over two lines"),
    (OCR, "My name is Floren-\nce", "Floren-\nce", "florence", "broken at the end of a line"),
    (CAPTION, "O l i v i a won", "O l i v i a", "olivia", "spaced out"),
    (CAPTION, "O.l.i.v.i.a won", "O.l.i.v.i.a", "olivia", "dotted"),
    (CAPTION, "Oliviaaaa!", "Oliviaaaa", "olivia", "stretched"),
    (CAPTION, "oLiViA won", "oLiViA", "olivia", "mixed case"),
    (TAGS, "#WellDoneEmeka", "Emeka", "emeka", "in a camel-case hashtag"),
    (TAGS, "#OliviaSmith", "OliviaSmith", "olivia", "hashtag"),
    (TAGS, "#goolivia", "olivia", "olivia", "in a lower-case hashtag"),
    (TAGS, "#KaisBirthday", "Kais", "kai", "possessive in a hashtag"),
    (CAPTION, "ask @oliviasmith", "oliviasmith", "olivia", "handle"),
    (FILE, "olivia_smith_03.jpg", "olivia_smith", "olivia", "file name"),
    (FILE, "oliviasmith2.jpg", "oliviasmith", "olivia", "file name run together"),
    (FILE, "sportsday2025KaiCampbell02.jpeg", "KaiCampbell", "kai", "camel case with digits"),
    (FILE, "smith-olivia.jpg", "smith-olivia", "olivia", "file name reversed"),
    (FILE, "OSmith.png", "OSmith", "olivia", "initial and surname run together"),
    (FILE, "ella%20van%20der%20berg.jpg", "ella%20van%20der%20berg", "ella", "percent-encoded"),
]


@pytest.mark.parametrize(
    ("field", "text", "span", "who"), [pytest.param(f, t, s, w, id=name) for f, t, s, w, name in FORMS]
)
def test_form_of_a_name_is_found(field: FieldName, text: str, span: str, who: str) -> None:
    names = [finding for finding in findings(text, field) if finding.kind is Kind.PUPIL_NAME]
    assert [(text[f.start : f.end], f.pupils[0]) for f in names] == [(span, who)]
    assert names[0].why


def test_two_pupils_of_one_name_are_both_candidates() -> None:
    (found,) = findings("Star reader: Mohammed Hussain")
    assert set(found.pupils) == {"mo1", "mo2"}


def test_class_in_the_sentence_puts_its_pupil_first() -> None:
    found = findings("Mohammed Hussain in Herons won")[0]
    assert found.pupils[0] == "mo2"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Mrs Ashworth retires today", id="titled adult with a pupil's surname"),
        pytest.param("Mr and Mrs Patel brought samosas", id="two titled adults"),
        pytest.param("Dr. A. Patel from the clinic", id="title and initial"),
        pytest.param("Miss Rose Calloway ran the marathon", id="staff with title"),
        pytest.param("Rose Calloway ran the marathon", id="staff by full name"),
        pytest.param("Signed: H. Ashworth", id="staff by initial"),
        pytest.param("Idris Wynne-Parry coached us", id="staff with a double name"),
        pytest.param("Florence Nightingale came to life", id="historical figure"),
        pytest.param("Ada Lovelace wrote a program", id="another historical figure"),
        pytest.param("Harry Potter night is on Friday", id="character, near to a pupil's name"),
        pytest.param("Harry Potter, Matilda and the Gruffalo came", id="character beside a character"),
        pytest.param(
            "In worship we heard how Mary and Martha argued", id="a story retold, of one who is no pupil, too"
        ),
        pytest.param("Prophets we know: Noah, Mary, Elijah", id="prophets"),
        pytest.param("The donkey carried Mary and Joseph to Bethlehem", id="nativity"),
        pytest.param("St George's Day", id="saint"),
        pytest.param("Queen Mary opened the bridge", id="royal"),
        pytest.param("George's Marvellous Medicine is our book", id="title of a book"),
        pytest.param("Don't forget your coats", id="contraction"),
        pytest.param("We meet at 5am", id="a time is no name"),
    ],
)
def test_other_people_are_let_through(text: str) -> None:
    assert shown(text) == []


def test_staff_and_pupil_of_one_full_name_is_asked() -> None:
    from captions.findings import RegisteredName, TextField
    from captions.inspection import inspect
    from tests.unit.captions.school import SCHOOL, pupil

    people = [pupil("p", "Rose", "Bell"), RegisteredName("s", "Rose", "Bell", pupil=False)]
    (found,) = inspect([TextField(CAPTION, "Rose Bell won")], people, SCHOOL).findings
    assert found.pupils == ("p",)
    assert "member of staff" in found.why


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("Thank you to Karen Abernethy for baking", "Karen Abernethy", id="pupil's surname"),
        pytest.param("Florence Tunstall took the title", "Florence Tunstall", id="pupil's given name"),
        pytest.param("with her big sister Hania", "Hania", id="introduced as a relation"),
        pytest.param("our visitor Derek Thistlethwaite came", "Derek Thistlethwaite", id="private visitor"),
        pytest.param("Leo Marchbank of Stonegate Primary won", "Leo Marchbank", id="child of another school"),
        pytest.param("please ring Bev on 07700 900341", "Bev", id="reached by telephone"),
        pytest.param("Ring Yemi on 07700 900341 after six", "Yemi", id="reached, first in the sentence"),
        pytest.param("Please call Dev \u2013 +44 7700 900341", "Dev", id="reached, behind a dash"),
        pytest.param("with her mum Gemma", "Gemma", id="a mum whose name is a word elsewhere"),
    ],
)
def test_people_beside_the_register_are_found_without_a_tagger(text: str, span: str) -> None:
    assert ("person_name", span) in shown(text)


def test_own_class_of_a_named_pupil_is_a_detail_however_it_is_said() -> None:
    assert ("class_detail", "Herons") in shown("Niamh O'Hara broke the Herons record")
    assert shown("We broke the Herons record") == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("9 Matildas and 6 Harrys came to World Book Day", CAPTION, id="more than there are pupils"),
        pytest.param("A child in a Matilda costume", CAPTION, id="a costume"),
        pytest.param("dressed up as Matilda", CAPTION, id="dressed as"),
        pytest.param("She told us how Mary rode the donkey", CAPTION, id="a story told"),
        pytest.param("Mary, Joseph and a very small donkey", CAPTION, id="two of one story"),
    ],
)
def test_costumes_and_stories_are_let_through(text: str, field: FieldName) -> None:
    assert shown(text, field) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Good luck to our Matilda", "Matilda", id="one"),
        pytest.param("Mary played the innkeeper in the nativity", "Mary", id="who plays is a pupil"),
        pytest.param("Guess who beat the head at chess? Robin!", "Robin", id="the answer to a question"),
        pytest.param("Summer and Poppy were our officers", "Summer", id="two words side by side"),
        pytest.param("\u041d\u043ep\u0435 is the one to watch", "\u041d\u043ep\u0435", id="a word in disguise"),
    ],
)
def test_child_is_found_all_the_same(text: str, name: str) -> None:
    assert ("pupil_name", name) in shown(text)


def test_class_called_like_a_pupil_is_a_class_where_it_stands_alone() -> None:
    from captions.findings import SchoolProfile, TextField
    from captions.inspection import inspect
    from tests.unit.captions.school import pupil

    people = [pupil("p", "Merryn", "Stott", class_name="Limpet")]
    school = SchoolProfile("Beckside", classes={"Merryn": "Year 2"})

    def found(text: str) -> bool:
        return bool(inspect([TextField(CAPTION, text)], people, school).findings)

    assert not found("Merryn class wrote letters")
    assert not found("Merryn have PE on Mondays")
    assert found("Well done Merryn!")
    assert found("so proud of merryn today")
    assert found("Merryn won the cup")


def test_surname_and_initial_in_a_file_name_is_found() -> None:
    assert ("pupil_name", "hussain_m") in shown("sack-race-hussain_m.mp4", FieldName.FILENAME)


def test_real_word_is_no_slip_for_a_name() -> None:
    from captions.findings import TextField
    from captions.inspection import inspect
    from tests.unit.captions.school import SCHOOL, pupil

    people = [pupil("h", "Harper", "Stott"), pupil("m", "Martin", "Stott")]

    def found(text: str) -> bool:
        return bool(inspect([TextField(CAPTION, text)], people, SCHOOL).findings)

    assert not found("Win a Hamper at the fair")
    assert found("Well done Harpper!")


def test_two_children_called_like_a_pair_of_a_story_are_found() -> None:
    from captions.findings import TextField
    from captions.inspection import inspect
    from tests.unit.captions.school import SCHOOL, pupil

    people = [pupil("c", "Charlie", "Stott"), pupil("l", "Lola", "Eze")]

    def found(text: str) -> bool:
        return bool(inspect([TextField(CAPTION, text)], people, SCHOOL).findings)

    assert found("Charlie and Lola won the relay")
    assert not found("We read a Charlie and Lola book")
