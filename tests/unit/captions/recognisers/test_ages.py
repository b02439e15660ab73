"""Ages of a named child; of groups, scores and years they pass."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.recognisers.cases import ALT, CAPTION, FILE, OCR, TAGS, words


@pytest.mark.parametrize(
    ("field", "text", "ages"),
    [
        pytest.param(CAPTION, "Well done Kai, aged 7", ["aged 7"], id="aged"),
        pytest.param(CAPTION, "our seven year old Kai", ["seven year old"], id="year-old"),
        pytest.param(CAPTION, "Kai, our 7yo chef", ["7yo"], id="yo"),
        pytest.param(CAPTION, "Kai is six and a half years old", ["six and a half years old"], id="half"),
        pytest.param(CAPTION, "Kai is 7!", ["7"], id="is"),
        pytest.param(CAPTION, "Kai, who is nearly 8, baked", ["8"], id="nearly"),
        pytest.param(CAPTION, "Hurray for Kai. He is 8 on Friday!", ["8"], id="pronoun"),
        pytest.param(CAPTION, "Kai turned seven on Saturday", ["seven"], id="turned"),
        pytest.param(CAPTION, "Kai hits the big 1-0", ["the big 1-0"], id="big one-oh"),
        pytest.param(CAPTION, "Kai reaches double figures today", ["reaches double figures"], id="double figures"),
        pytest.param(CAPTION, "Happy 8th Kai", ["Happy 8th"], id="happy-8th"),
        pytest.param(CAPTION, "Kai's sixth birthday", ["sixth birthday"], id="birthday"),
        pytest.param(CAPTION, "At just six, Kai swam a mile", ["six"], id="at"),
        pytest.param(CAPTION, "Kai, 7, and Olivia, 8.", ["7", "8"], id="commas"),
        pytest.param(CAPTION, "Eight today! Happy birthday, Kai.", ["Eight"], id="next-sentence"),
        pytest.param(CAPTION, "Kai celebrated his 8th at the zoo", ["celebrated his 8th"], id="his-8th"),
        pytest.param(CAPTION, "Kai holds up six fingers", ["six"], id="fingers"),
        pytest.param(ALT, "Kai's badge shows a big 7", ["big 7"], id="badge-shows"),
        pytest.param(CAPTION, "Kai is eight years of age", ["eight years of age"], id="years-of-age"),
        pytest.param(ALT, "Kai's badge reads I am 7", ["7"], id="badge"),
        pytest.param(FILE, "kai_campbell_age7.jpg", ["age7"], id="file"),
        pytest.param(FILE, "KaiTurns7.png", ["7"], id="humps"),
        pytest.param(TAGS, "#happybirthdaykai #sixtoday", ["six"], id="run-together"),
        pytest.param(OCR, "Kai Campbell 7yrs", ["7"], id="drawing"),
    ],
)
def test_age_is_found(field: FieldName, text: str, ages: list[str]) -> None:
    assert words("age", text, field) == ages


@pytest.mark.parametrize(
    "text",
    [
        "Kai read to children aged 4 to 11",
        "For ages 5 and over, says Kai",
        "Kai scored 7",
        "Goals: Kai 3, Olivia 2",
        "The answer is seven, says Kai.",
        "Kai in Year 2 today",
        "Kai and the under 9s",
        "Kai turns to page 7",
        "Kai won 7 stickers on day 3",
        "Kai's school is 120 years old",
        "Happy 50th birthday to the school from Kai",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert words("age", text) == []
