"""The proposed wording is natural, and clean when it is read again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.findings import FieldName
from captions.rewriting import rewrite
from tests.unit.captions.school import PUPILS, findings


def safe(text: str, field: FieldName = FieldName.CAPTION) -> str:
    return rewrite(text, findings(text, field))


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("Olivia Smith and her sunflower", "A Year 3 pupil and her sunflower"),
        ("Well done Olivia Smith!", "Well done to a Year 3 pupil!"),
        ("Well done, Olivia!", "Well done to a Year 3 pupil!"),
        ("Well done to Olivia!", "Well done to a Year 3 pupil!"),
        ("Olivia Smith and Matilda Crossland built a den", "Two Year 3 pupils built a den"),
        ("Well done Olivia, Niamh and Harry!", "Well done to three of our pupils!"),
        ("Olivia, Matilda & Ada's den", "Three Year 3 pupils' den"),
        ("Olivia sowed it. Olivia watered it.", "A Year 3 pupil sowed it. The Year 3 pupil watered it."),
        ("We read. Olivia's turn!", "We read. A Year 3 pupil's turn!"),
        ("See 'Olivia' by the wall", "See 'a Year 3 pupil' by the wall"),
        ("Our Olivia won", "Our Year 3 pupil won"),
        ("Niamh’s poster", "A Year 5 pupil’s poster"),
        ("Mohammed Hussain won", "A pupil won"),
        ("Text 07700 900341 to book", "Text the school office to book"),
        ("Photos: https://bit.ly/x", "Photos: the school website"),
        ("Nothing to change  here", "Nothing to change  here"),
        ("Ring Olivia's mum on 07700 900341", "Ring a Year 3 pupil's mum through the school office"),
        ("Bravo to our soloist Olivia Smith, who sang", "Bravo to our soloist, who sang"),
        ("Star baker: Olivia.", "Star baker: a Year 3 pupil."),
        ("A medal for brave Ada Patterson's dog", "A medal for brave someone's dog"),
        ("Stars: Olivia; Niamh", "Stars: a Year 3 pupil; a Year 5 pupil"),
        ("Award for Olivia S. for maths", "Award for a Year 3 pupil for maths"),
        ("Year 3's Olivia Smith won", "Year 3's pupil won"),
        (
            "Happy birthday Olivia, born on 14 March 2019 and full of fun!",
            "Happy birthday to a Year 3 pupil and full of fun!",
        ),
    ],
)
def test_sentence_stays_natural(text: str, rewritten: str) -> None:
    assert safe(text) == rewritten


@pytest.mark.parametrize(
    ("text", "field", "rewritten"),
    [
        ("#WellDoneEmeka #TeamBeckside", FieldName.HASHTAGS, "#WellDone #TeamBeckside"),
        ("#OliviaSmith #Year3", FieldName.HASHTAGS, "#Year3"),
        ("olivia_smith_03.jpg", FieldName.FILENAME, "pupil_03.jpg"),
        ("#GoOliviaGo #Mud", FieldName.HASHTAGS, "#Mud"),
        ("#teamolivia", FieldName.HASHTAGS, ""),
    ],
)
def test_tags_and_file_names_lose_the_name(text: str, field: FieldName, rewritten: str) -> None:
    assert safe(text, field) == rewritten


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        pytest.param(
            "We baked. Olivia has asthma and sat out. It rose!", "We baked. It rose!", id="the sentence goes with it"
        ),
        pytest.param(
            "Our class is nut free, as Olivia carries an EpiPen.", "Our class is nut free", id="or only its clause"
        ),
        pytest.param("Olivia has asthma and needs her inhaler.", "", id="or everything, where nothing can stay"),
    ],
)
def test_what_gives_a_child_away_takes_its_sentence_along(text: str, rewritten: str) -> None:
    assert safe(text) == rewritten


CLAUSES = (
    "{0} and {1} built a den in the woods.",
    "Well done {0}!",
    "Well done, {0}, {1} and {2}!",
    "Star of the week: {0} ({1} came second)",
    "{0}'s poster, with thanks to {1}.",
    "{0} turns seven today, ring 07700 900341 or see https://bit.ly/x",
    "{0} in Year 3 lives at 27 Larkspur Close, YO97 2BD, and has asthma.",
    "#WellDone{0} #Go{1}",
    "Our little {0} read to {1}'s gran.",
    "Happy birthday {0}, born on 14 March 2019!",
    "Lost: a car, YK98 XRT, by {0} and by @cakes.by.tess",
    "We sang all day.",
    "Mail {1}'s mum at tess at example dot org, NHS No 999 417 2069",
)
FORMS = ("{g} {f}", "{g}", "{f}, {g}", "{g} {i}", "{g}_{f}", "{g}{f}", "{i}. {f}")
JOINTS = (" ", "\n", " \U0001f389 ", " - ")
named = st.builds(
    lambda pupil, form: form.format(
        g=pupil.given, f=pupil.family, i=pupil.given[0] if "." in form else pupil.family[0]
    ),
    st.sampled_from(PUPILS),
    st.sampled_from(FORMS),
)
clause = st.builds(lambda words, names: words.format(*names), st.sampled_from(CLAUSES), st.tuples(named, named, named))
drafts = st.builds(
    lambda clauses, joint: joint.join(clauses), st.lists(clause, min_size=1, max_size=3), st.sampled_from(JOINTS)
)


@settings(max_examples=300, deadline=None)
@given(drafts, st.sampled_from([FieldName.CAPTION, FieldName.ALT, FieldName.HASHTAGS]))
def test_rewritten_text_is_clean_and_stays_so(text: str, field: FieldName) -> None:
    rewritten = safe(text, field)
    assert findings(rewritten, field) == (), rewritten
    assert safe(rewritten, field) == rewritten
