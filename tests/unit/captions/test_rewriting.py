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
        ("Well done Olivia Smith!", "Well done a Year 3 pupil!"),
        ("Our Olivia won", "Our Year 3 pupil won"),
        ("Niamh’s poster", "A Year 5 pupil’s poster"),
        ("Mohammed Hussain won", "A pupil won"),
        ("Text 07700 900341 to book", "Text the school office to book"),
        ("Photos: https://bit.ly/x", "Photos: the school website"),
        ("Nothing to change  here", "Nothing to change  here"),
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
    ],
)
def test_tags_and_file_names_lose_the_name(text: str, field: FieldName, rewritten: str) -> None:
    assert safe(text, field) == rewritten


SENTENCES = (
    "{0} and {1} built a den in the woods.",
    "Well done {0}!",
    "Star of the week: {0} ({1} came second)",
    "{0}'s poster, with thanks to {1}",
    "{0} turns seven today, ring 07700 900341 or see https://bit.ly/x",
    "{0} in Year 3 lives at 27 Larkspur Close, YO97 2BD, and has asthma.",
    "#WellDone{0} #Go{1}",
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(SENTENCES),
    st.sampled_from(PUPILS),
    st.sampled_from(PUPILS),
    st.sampled_from(["{g} {f}", "{g}", "{f}, {g}", "{g} {i}"]),
)
def test_rewritten_text_is_clean_and_stays_so(sentence, first, second, form) -> None:
    names = [form.format(g=p.given, f=p.family, i=p.family[0]) for p in (first, second)]
    rewritten = safe(sentence.format(*names))
    assert findings(rewritten) == (), rewritten
    assert safe(rewritten) == rewritten
