"""Every pupil whose name is a word is found in each of the sentences in which schools name a child."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind
from captions.vocabulary import is_word
from tests.unit.captions.school import PUPILS, findings

SENTENCES = (
    "{0} was first over the line at sports day.",
    "Thank you {0} for tidying the book corner.",
    "Huge well done to {0} and the rest of the choir.",
    "Have you seen {0}'s model volcano?",
    "{0} showed us how to make a paper crane.",
    "Meet our new school councillors: {0}, and two more to come.",
    "Today {0} brought her guinea pig to school.",
    "Look at {0} go on the zip wire!",
    "Our photo shows {0} planting bulbs.",
    "It was {0} who found the fossil.",
    "Goals from {0} and a late winner.",
    "{0} is reading to the guinea pigs.",
    "This week {0} has been so kind to a new friend.",
    "A poem by {0}",
    "The prize went to {0} for her long jump.",
    "When {0} fell over, everyone helped.",
    "Only {0} could make a robot out of that!",
)
WORD_NAMES = sorted({name for pupil in PUPILS if is_word((name := pupil.known_as or pupil.given).lower())})


def test_there_are_word_names_to_look_for() -> None:
    assert len(WORD_NAMES) > 10


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("name", WORD_NAMES)
def test_child_whose_name_is_a_word_is_found(name: str, sentence: str) -> None:
    text = sentence.format(name)
    found = [f for f in findings(text, FieldName.CAPTION) if f.kind is Kind.PUPIL_NAME]
    assert text.index(name) in [f.start for f in found]
