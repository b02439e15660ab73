"""Swearing and disparaging words are found; what a school really writes is left alone."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind, SchoolProfile, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames

NOBODY = RegisterNames.build(())
SCHOOL = SchoolProfile(name="Wren Primary")


def unfit(text: str) -> list[str]:
    found = inspect([TextField(FieldName.CAPTION, text)], NOBODY, SCHOOL).findings
    return [text[each.start : each.end] for each in found if each.kind is Kind.LANGUAGE]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("What a bloody mess the hall was!", ["bloody"], id="swearing"),
        pytest.param("WTF happened to the bins", ["WTF"], id="shouted"),
        pytest.param("Sh1t weather for sports day", ["Sh1t"], id="digit-for-letter"),
        pytest.param("f**k off", ["f**k"], id="starred-out"),
        pytest.param("The other team are losers, stupid too.", ["losers", "stupid"], id="disparaging"),
        pytest.param("Tell them to piss off", ["piss off"], id="phrase"),
        pytest.param("Shiiiit, it rained", ["Shiiiit"], id="drawn-out"),
        pytest.param("what a load of $hit", ["$hit"], id="sign-for-letter"),
        pytest.param("c r a p weather", ["c r a p"], id="spaced-out"),
        pytest.param("s.h.i.t happens", ["s.h.i.t"], id="dotted"),
        pytest.param("#ShitWeather", ["Shit"], id="hashtag"),
        pytest.param("ſhit and ｃｒａｐ", ["ſhit", "ｃｒａｐ"], id="look-alikes"),
        pytest.param("What the hell was that?", ["What the hell"], id="hell-in-a-phrase"),
        pytest.param("Lazy parents never read our letters", ["Lazy parents"], id="parents"),
        pytest.param("our naughtiest class yet", ["naughtiest class"], id="pupils"),
        pytest.param("Otterby is a failing school", ["failing school"], id="another-school"),
        pytest.param("Vote Labour on Thursday", ["Vote Labour"], id="politics"),
    ],
)
def test_unfit_wording_is_found_where_it_stands(text: str, words: list[str]) -> None:
    assert unfit(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Cock-a-doodle-doo, sang Reception at the farm.",
        "A trip to Scunthorpe, and another to Essex and Penistone.",
        "Great tits and blue tits visit our bird table.",
        "Dick Whittington is this year's pantomime.",
        "Year 5 learned about Bloody Mary, and Year 6 about the Bloody Assizes.",
        "The Ugly Duckling and Cinderella's ugly sisters were on stage.",
        "There were no winners or losers today.",
        "The class assessed a classic assignment on Sussex.",
        "Our shiitake mushrooms are growing.",
        "The donkey is an ass in Bottom's dream.",
        "Sleeping Beauty pricks her finger in Act 2.",
        "A dunce's cap from our Victorian classroom.",
        "Lady Macbeth's bloody hands were made of paint.",
        "Poets use the pathetic fallacy.",
        "Pussy willow, shuttlecocks and cockerels.",
        "The poster was stuck up in the hall.",
        "The Twits by Roald Dahl.",
        "Snowflakes, gammon and swede for Christmas lunch.",
        "Our school council voted. Vote for your favourite book!",
        "Pancake tossers at the ready!",
        "Damned souls in medieval paintings.",
    ],
)
def test_what_a_school_writes_is_left_alone(text: str) -> None:
    assert unfit(text) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("crap", "'crap' is swearing, which does not belong on a school's account."),
        ("morons", "'morons' runs somebody down, which does not belong on a school's account."),
        ("tory scum", "'tory scum' takes sides in politics, which does not belong on a school's account."),
    ],
)
def test_each_kind_has_its_sentence(text: str, sentence: str) -> None:
    (found,) = inspect([TextField(FieldName.CAPTION, text)], NOBODY, SCHOOL).findings
    assert found.why == sentence
