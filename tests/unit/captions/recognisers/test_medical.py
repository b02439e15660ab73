"""Health, needs and care, said of a child; notices, causes and lessons pass."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.recognisers.cases import CAPTION, FILE, OCR, words


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        pytest.param(CAPTION, "Kai has severe asthma", "asthma", id="asthma"),
        pytest.param(CAPTION, "Kai is allergic to nuts and eggs", "allergic to nuts and eggs", id="allergic"),
        pytest.param(CAPTION, "Hurray for Kai. His hearing aids came today.", "hearing aids", id="pronoun"),
        pytest.param(OCR, "UPN on file\nFSM: Yes\nSign here", "FSM: Yes", id="a line of a record"),
        pytest.param(CAPTION, "Kai sat his tests after breaking his wrist", "breaking his wrist", id="injury"),
        pytest.param(CAPTION, "Kai is on the SEN register", "SEN register", id="register"),
        pytest.param(CAPTION, "Kai's 1:1 helped", "1:1", id="one-to-one"),
        pytest.param(CAPTION, "Kai's SALT sessions", "SALT sessions", id="SALT"),
        pytest.param(CAPTION, "Kai is back after his operation", "his operation", id="operation"),
        pytest.param(CAPTION, "Kai was adopted in May", "adopted", id="adopted"),
        pytest.param(CAPTION, "Kai, who is looked after, sang", "looked after", id="looked-after"),
        pytest.param(CAPTION, "Kai gets free school meals", "free school meals", id="free-meals"),
        pytest.param(CAPTION, "Kai is pupil premium", "pupil premium", id="pupil-premium"),
        pytest.param(CAPTION, "Kai met his social worker", "social worker", id="social-worker"),
        pytest.param(CAPTION, "Kai is a young carer", "young carer", id="young-carer"),
        pytest.param(CAPTION, "Kai came with his foster carers", "foster carers", id="foster"),
        pytest.param(CAPTION, "Kai lost his mum last year", "lost his mum", id="bereaved"),
        pytest.param(CAPTION, "Kai uses ear defenders", "ear defenders", id="ear-defenders"),
        pytest.param(CAPTION, "One of our Year 4 girls, who has ADHD, won", "ADHD", id="one-of-our-girls"),
        pytest.param(CAPTION, "The boy with the broken wrist bowled", "broken wrist", id="one-boy"),
        pytest.param(CAPTION, "Kai raised £90 for asthma research after his asthma attack", "asthma", id="own-illness"),
        pytest.param(OCR, "Kai Campbell - insulin 12.00", "insulin", id="list"),
        pytest.param(FILE, "kaiCampbellCareplan.docx", "Careplan", id="file"),
        pytest.param(FILE, "campbell_k_inhaler_plan.docx", "inhaler", id="file-underscores"),
    ],
)
def test_care_of_a_child_is_found(field: FieldName, text: str, said: str) -> None:
    found = words("medical", text, field)
    assert found
    assert any(said in each for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "World Diabetes Day is on Friday",
        "EpiPen training for all staff on Monday",
        "Apply for free school meals on our website",
        "Any child with asthma should bring an inhaler",
        "We are a nut-free school because of allergies",
        "Kai adopted a snow leopard",
        "Kai had us in stitches",
        "Kai and the four operations",
        "Kai transplanted the seedlings",
        "Kai gave a talk about diabetes",
        "Kai ran a mile for cancer research",
        "Kai met the therapy dog",
        "Kai donated tins to the food bank",
        "We drew 1-1 and Kai scored",
        "A child in every class read to the therapy dog",
        "Our SENCO, Ms Rahman, runs a coffee morning on autism",
    ],
)
def test_what_is_said_of_nobodys_health_passes(text: str) -> None:
    assert words("medical", text) == []
