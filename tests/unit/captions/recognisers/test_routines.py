"""Regular times and places of children, and where they are at this moment; school's own day passes."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.recognisers.cases import CAPTION, OCR, words


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param(CAPTION, "Swim squad: Thursdays 5.30pm, side door of Otterby Baths", id="without a verb"),
        pytest.param(CAPTION, "Fire cadets? Mondays 6 till 7.30, Hut 4 on Quay Street", id="without a verb, cadets"),
        pytest.param(CAPTION, "Cubs meet every Friday at 6pm in the scout hut", id="cubs"),
        pytest.param(CAPTION, "Kai waits at the bus stop every morning", id="bus stop"),
        pytest.param(CAPTION, "Kai trains with Otterby Juniors on Tuesdays", id="club"),
        pytest.param(CAPTION, "Kai's childminder collects him from the side gate at 3.15 each day", id="fetched"),
        pytest.param(CAPTION, "Bell ringing for juniors, St Oswald's tower, Thursdays 6.30 to 7.30", id="tower"),
        pytest.param(CAPTION, "Kai does ballet at the Wesley Hall on Thursdays at 5", id="ballet"),
        pytest.param(CAPTION, "Wild Tots: Monday and Friday mornings, 9.30, at the pond in Abbey Woods", id="mornings"),
        pytest.param(CAPTION, "Kai is home alone after school most days", id="alone"),
        pytest.param(CAPTION, "Football training is Mon & Weds, 5pm, Abbey Park", id="short days"),
        pytest.param(OCR, "U9 FOOTBALL\nTuesdays 5.30pm\nAbbey Park pitch 2", id="poster"),
    ],
)
def test_routine_is_found(field: FieldName, text: str) -> None:
    assert len(words("routine", text, field)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Chess club every Tuesday at 3.30 in the library",
        "Every Friday at 2pm we celebrate in the hall",
        "Scratch club: 12.30 on Mondays in the ICT suite",
        "Breakfast club runs daily from 7.45 in the hall",
        "Coffee morning every Wednesday at 10am in St Mary's",
        "Reading is fun every day at Beckside",
        "We run a mile every day",
    ],
)
def test_school_day_passes(text: str) -> None:
    assert words("routine", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Right now Year 4 are at the science museum!",
        "We are at Otterby Baths until 3pm",
        "The children are currently at Otterby Castle",
        "Kai is waiting at the bus stop right now",
        "We have just arrived at Hawkrigg Hostel",
        "Live from Abbey Park: our choir is singing",
    ],
)
def test_live_whereabouts_are_found(text: str) -> None:
    assert len(words("location", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "We were at the museum until 3pm",
        "We are currently reading Skellig in Year 6",
        "The new books have just arrived in the library",
        "Last week we visited Otterby Castle",
        "Year 2 are busy in the hall right now",
        "The office is currently closed",
        "Tickets are available at the door until 3pm",
    ],
)
def test_past_and_school_itself_pass(text: str) -> None:
    assert words("location", text) == []
