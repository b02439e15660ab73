"""Whether faces may be recognised: the days that allow it, and the rosters of the classes that a draft names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.findings import SchoolProfile
from consent.facts import (
    NamingRule,
    RecognitionFact,
    RecognitionFacts,
    RecognitionMode,
    Role,
    Standing,
    judge_recognition,
)
from consent.recognition import (
    Recognition,
    RecognitionSetting,
    Ruling,
    WhyNot,
    folded_class,
    recognition_on,
    rosters_of,
    unplaced,
)
from consent.snapshots import Snapshot
from vision.matching import Reference

DAY = date(2026, 11, 20)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
OFF, ROSTERS, ON = RecognitionMode.OFF, RecognitionMode.ROSTERS, RecognitionMode.ON
ALLOWED = RecognitionSetting(ON, dpia_on=YESTERDAY, dpo_advice_on=YESTERDAY, consulted_on=DAY)


# --- the setting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        pytest.param({}, [], id="all-recorded"),
        pytest.param({"dpia_on": None}, ["dpia_on"], id="no-dpia"),
        pytest.param({"dpo_advice_on": None}, ["dpo_advice_on"], id="no-advice"),
        pytest.param({"consulted_on": TOMORROW}, ["consulted_on"], id="consultation-not-over"),
        pytest.param({"dpia_on": None, "consulted_on": None}, ["dpia_on", "consulted_on"], id="two"),
    ],
)
@pytest.mark.parametrize("mode", [ROSTERS, ON])
def test_a_mode_counts_only_with_all_three_days(
    changes: dict[str, date | None], missing: list[str], mode: RecognitionMode
) -> None:
    setting = replace(ALLOWED, mode=mode, **changes)
    assert list(setting.missing(DAY)) == missing
    assert setting.in_force(DAY) is (OFF if missing else mode)


def test_what_is_missing_says_what_to_do() -> None:
    told = replace(ALLOWED, dpia_on=None, consulted_on=TOMORROW).missing(DAY)
    assert "No day is recorded for the data protection impact assessment (DPIA): carry it out" in told["dpia_on"]
    assert "2026-11-21, lies in the future" in told["consulted_on"]


def test_a_school_that_has_recorded_nothing_is_off() -> None:
    assert RecognitionSetting().in_force(DAY) is OFF
    assert len(RecognitionSetting().missing(DAY)) == 3


def test_the_setting_as_json() -> None:
    assert replace(ALLOWED, dpia_on=None).as_json() == {
        "mode": "on",
        "dpia_on": None,
        "dpo_advice_on": "2026-11-19",
        "consulted_on": "2026-11-20",
    }


# --- rosters ---------------------------------------------------------------------------------------------------


@dataclass
class Somebody:
    """As a row of the register, without a database."""

    id: str
    class_name: str = "4 Oak"
    role: Role = Role.PUPIL
    leaving_date: date | None = None
    says: bool | None = True  # yes, no, nothing

    def facts(self) -> RecognitionFacts:
        giver = self.id if self.role is Role.STAFF else f"mother of {self.id}"
        answers = () if self.says is None else (RecognitionFact(giver, self.says, YESTERDAY, YESTERDAY),)
        return RecognitionFacts(self.id, self.role, answers, self.leaving_date)


BEN, AMARA, ZOSIA = Somebody("ben"), Somebody("amara", " 4  oak "), Somebody("zosia", "5 Elm")
OKELL = Somebody("okell", "", role=Role.STAFF)
PRYCE = Somebody("pryce", "", role=Role.STAFF, says=None)
HERE = (BEN, AMARA, ZOSIA, OKELL, PRYCE)


def recognition(*people: Somebody, mode: RecognitionMode = ROSTERS) -> Recognition:
    return recognition_on(mode, people, {each.id: each.facts() for each in people}, DAY)


def ruled(people: Sequence[Somebody], classes: Sequence[str], mode: RecognitionMode = ROSTERS) -> Ruling:
    return recognition(*people, mode=mode).ruling(classes)


@pytest.mark.parametrize(
    ("classes", "people"),
    [
        pytest.param(["4 Oak"], {"ben", "amara", "okell"}, id="one-class"),
        pytest.param(["4OAK "], {"ben", "amara", "okell"}, id="spelt-otherwise"),
        pytest.param(["4 Oak", "5 Elm"], {"ben", "amara", "zosia", "okell"}, id="two-classes"),
        pytest.param(["5 elm", "5 Elm"], {"zosia", "okell"}, id="one-class-twice"),
    ],
)
def test_where_everybody_has_consented_the_classes_and_staff_may_be_recognised(
    classes: list[str], people: set[str]
) -> None:
    assert ruled(HERE, classes) == Ruling(ROSTERS, frozenset(people))


REFUSED, SILENT = replace(AMARA, says=False), replace(AMARA, says=None)


@pytest.mark.parametrize(
    ("people", "classes", "why_not", "lacking"),
    [
        pytest.param(HERE, [], WhyNot.NO_CLASS, (), id="no-class-named"),
        pytest.param(HERE, ["6 Ash"], WhyNot.UNKNOWN_CLASS, (), id="unknown-class"),
        pytest.param(HERE, ["4 Oak", "6 Ash"], WhyNot.UNKNOWN_CLASS, (), id="one-of-two-unknown"),
        pytest.param(HERE, [" "], WhyNot.UNKNOWN_CLASS, (), id="blank"),
        pytest.param((BEN, REFUSED), ["4 Oak"], WhyNot.NOT_ALL_CONSENT, ("4 Oak",), id="refused"),
        pytest.param((BEN, SILENT), ["4 Oak"], WhyNot.NOT_ALL_CONSENT, ("4 Oak",), id="no-answer"),
        pytest.param((ZOSIA, BEN, REFUSED), ["5 Elm", "4 Oak"], WhyNot.NOT_ALL_CONSENT, ("4 Oak",), id="one-of-two"),
        pytest.param((replace(BEN, leaving_date=YESTERDAY),), ["4 Oak"], WhyNot.UNKNOWN_CLASS, (), id="all-have-left"),
        pytest.param((OKELL, replace(OKELL, id="x", class_name="6 Ash")), ["6 Ash"], WhyNot.UNKNOWN_CLASS, (), id="no"),
    ],
)
def test_otherwise_nobody_is_recognised_and_it_says_why(
    people: Sequence[Somebody], classes: list[str], why_not: WhyNot, lacking: tuple[str, ...]
) -> None:
    assert ruled(people, classes) == Ruling(ROSTERS, None, why_not, lacking)


@pytest.mark.parametrize(
    ("leaving_date", "allowed"),
    [(YESTERDAY, True), (DAY, False), (TOMORROW, False)],
    ids=["left", "last day", "leaves tomorrow"],
)
def test_whoever_has_left_is_on_no_roster(leaving_date: date, allowed: bool) -> None:
    assert ruled((BEN, replace(REFUSED, leaving_date=leaving_date)), ["4 Oak"]).allowed is allowed


@pytest.mark.parametrize("classes", [[], ["4 Oak"], ["nowhere"]])
def test_off_recognises_nobody_and_on_everybody_who_consented(classes: list[str]) -> None:
    assert ruled(HERE, classes, OFF) == Ruling(OFF, None, WhyNot.OFF)
    assert ruled((*HERE, replace(SILENT, id="x")), classes, ON).people == frozenset({"ben", "amara", "zosia", "okell"})


def test_pupils_without_a_class_are_counted() -> None:
    nowhere = Somebody("nowhere", " ")
    assert unplaced((*HERE, nowhere, replace(nowhere, leaving_date=YESTERDAY)), DAY) == 1
    assert [roster.name for roster in rosters_of((*HERE, nowhere), DAY).values()] == ["4 Oak", "5 Elm"]


@pytest.mark.parametrize(
    ("ruling", "words"),
    [
        (Ruling(ON, frozenset()), "on"),
        (Ruling(ROSTERS, frozenset()), "rosters"),
        (Ruling(OFF, None, WhyNot.OFF), "off"),
        (Ruling(ROSTERS, None, WhyNot.NO_CLASS), "off: no class was named"),
        (Ruling(ROSTERS, None, WhyNot.UNKNOWN_CLASS), "off: a class was named that the register does not know"),
        (
            Ruling(ROSTERS, None, WhyNot.NOT_ALL_CONSENT, ("A", "B")),
            "off: not every pupil of A, B has consented",
        ),
        (Ruling(ON, frozenset()).seen_without(), "off: not allowed yet when the pictures were looked at"),
        (Ruling(OFF, None, WhyNot.OFF).seen_without(), "off"),
    ],
)
def test_a_ruling_in_words(ruling: Ruling, words: str) -> None:
    assert ruling.in_words() == words


def test_classes_stand_in_the_order_of_their_numbers() -> None:
    names = ("10B", "9A", "Acorns", "9 B", "Year 12", "Year 7")
    pupils = [Somebody(name, name) for name in names]
    assert [roster.name for roster in rosters_of(pupils, DAY).values()] == [
        "Acorns",
        "Year 7",
        "Year 12",
        "9A",
        "9 B",
        "10B",
    ]


def test_classes_that_look_alike_are_one() -> None:
    assert folded_class("4\u00a0Oak") == folded_class("\uff14 OAK") == "4oak"


# --- properties ------------------------------------------------------------------------------------------------

CLASSES = ("4 Oak", "5 Elm", "6 Ash")
somebody = st.builds(
    Somebody,
    id=st.uuids().map(str),
    class_name=st.sampled_from((*CLASSES, "4oak", "")),
    role=st.sampled_from(Role),
    leaving_date=st.sampled_from((None, YESTERDAY, DAY, TOMORROW)),
    says=st.sampled_from((True, True, True, False, None)),
)


def a_snapshot(people: Sequence[Somebody], mode: RecognitionMode) -> Snapshot:
    """With a reference of everybody, of those too who never consented."""
    return Snapshot(
        school_id="school",
        register_version=1,
        day=DAY,
        channel=None,
        scope=None,
        people=MappingProxyType({}),
        recognition=recognition(*people, mode=mode),
        references=tuple(Reference(each.id, (1.0, *([0.0] * 127))) for each in people),
        names=(),
        profile=SchoolProfile("Wrenhollow"),
        naming=NamingRule.NEVER,
    )


@given(st.lists(somebody, max_size=8), st.lists(st.sampled_from((*CLASSES, "7 Fir")), max_size=3))
def test_by_rosters_nobody_is_compared_without_consent_and_nobody_at_all_where_one_pupil_lacks_it(
    people: list[Somebody], named: list[str]
) -> None:
    gallery = a_snapshot(people, ROSTERS).gallery_for(named)
    consenting = {each.id for each in people if judge_recognition(each.facts(), DAY) is Standing.GIVEN}
    keys = {folded_class(name) for name in named}
    present = [
        each for each in people if each.role is Role.PUPIL and (each.leaving_date is None or each.leaving_date >= DAY)
    ]
    rosters = {key: {each.id for each in present if folded_class(each.class_name) == key} for key in keys}
    if gallery is None:
        assert not keys or not all(rosters.values()) or not set().union(*rosters.values()) <= consenting
        return
    expected = set().union(*rosters.values())
    assert keys
    assert all(rosters.values())
    assert expected <= consenting
    staff = {each.id for each in people if each.role is Role.STAFF}
    assert set(gallery.subject_ids) == expected | (staff & consenting)


@given(st.lists(somebody, max_size=6), st.lists(st.sampled_from(CLASSES), max_size=2))
def test_off_compares_with_nobody_whatever_the_register_holds(people: list[Somebody], named: list[str]) -> None:
    assert a_snapshot(people, OFF).gallery_for(named) is None


@given(st.lists(somebody, max_size=6), st.lists(st.sampled_from(CLASSES), min_size=1, max_size=2), st.data())
def test_taking_consent_away_never_lets_anybody_more_be_recognised(
    people: list[Somebody], named: list[str], data: st.DataObject
) -> None:
    before = ruled(people, named).people or frozenset()
    silenced = data.draw(st.sets(st.sampled_from([each.id for each in people]))) if people else set()
    after = ruled([replace(each, says=None) if each.id in silenced else each for each in people], named).people
    assert (after or frozenset()) <= before
