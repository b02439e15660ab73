"""A register on which every pupil's name is a word: sentences of a school year, the names in brackets."""

from __future__ import annotations

import re

import pytest

from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames

NAMES = """
Amber Angel Angus Archer Art Autumn Basil Bay Bear Blessing Blue Buddy Charity Chase Chelsea Cherry Christian
Cliff Coral Crystal Dale Dawn Duke Eden Eve Faith Forest Gift Grace Heath Hope Hunter India Jade Jordan Joy
June Justice Kerry Kit Lord Mark Mason May Miles Noel Olive Paris Pat Patience Pearl Penny Poppy Precious Prince
Rainbow Reef Rex River Robin Rocky Roman Rose Rowan Sage Scarlet Skye Star Storm Summer Treasure Victor Will Wolf
"""
REGISTER = RegisterNames.build(
    [RegisteredName(name, name, ("Whitcombe", "Okonjo")[len(name) % 2], year="Year 2") for name in NAMES.split()]
)
SCHOOL = SchoolProfile("Millbrook Primary School")

CHILD = """
[Amber] kept goal for the first time.
[Crystal] hung the bunting.
[Miles] did a handstand.
[Pat] kept the score.
[Cliff] dug the pond.
[June] fed the lambs.
[Star] tied the ribbons.
[Rex] hid the keys.
[Penny] is 8 today.
[Art] shook hands with the mayor.
[Reef] counted to a hundred in fives.
[Bay] passed the ball to [River].
[Wolf] chewed his pencil.
[India] has grown the tallest bean.
[Justice] drew a map of the park.
[Lord] came third.
[Eden] wrote a play.
[Rainbow] hugged the puppy.
[Victor] swept the stage.
Well done [Kerry]!
"""
WORD = """
The Great Barrier Reef in felt.
Rocky shores and sandy beaches: our coast topic.
A rocky start, then a fine second half.
River Severn, River Wye, River Usk.
A walk along the River Eden.
The Eden Project is booked.
Red, Amber, Green: our worry traffic light.
A clementine and a pearl of wisdom.
Fairness and Justice: our debate.
Major works begin on the roof.
King Alfred burnt the cakes.
The Little Prince in French.
Big Bad Wolf on trial.
Chelsea beat Arsenal.
Scarlet fever letter.
The First Noel was our last carol.
Angus cattle and a T. Rex.
The Lord's Prayer.
Robin Hood's Bay trip.
Nottingham Forest shirts.
Hampstead Heath cross country.
A postcard from Skye and tea from India.
Please bring PE kit on Tuesdays.
Teddy and Buddy Bench time.
Stone Age hunter gatherers.
Mason bees love our hotel.
Roman soldiers marched past a rose bush.
Storm Babet closed the school.
Will the bean grow?
Mark your diaries!
To the victor, the spoils.
We walked the Ring of Kerry.
Patience is a virtue.
Faith, hope and charity.
Gift Aid forms and Christian Aid week.
Treasure Island in the hall.
"""


def rows(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("row", [pytest.param(row, id=row[:40]) for row in rows(CHILD) + rows(WORD)])
def test_only_children_are_found(row: str) -> None:
    text = re.sub(r"[\[\]]", "", row)
    everything = inspect([TextField(FieldName.CAPTION, text)], REGISTER, SCHOOL).findings
    found = [each for each in everything if each.kind in (Kind.PUPIL_NAME, Kind.PERSON_NAME)]
    assert [text[each.start : each.end] for each in found] == re.findall(r"\[(\w+)\]", row)
    assert all(each.doubtful and each.why.endswith("?") for each in found)
