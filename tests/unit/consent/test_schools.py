"""The school's own settings: face recognition is not switched on before the three days are on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from consent.errors import RecognitionNotAllowed, RegisterConflict, RegisterError
from consent.facts import NamingRule, RecognitionMode, Role
from consent.models import Person
from consent.register import NewAnswer, Register, create_school
from vision.release import LONG_SIDE

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
DAYS = {"dpia_on": date(2026, 9, 1), "dpo_advice_on": date(2026, 9, 8), "consulted_on": TODAY}
OFF, ROSTERS, ON = RecognitionMode.OFF, RecognitionMode.ROSTERS, RecognitionMode.ON
TEMPLATE = (1.0, *([0.0] * 127))


@pytest.fixture
def fresh(session: Session) -> Register:
    return Register(session, create_school(session, "Elmfield").id)


def test_a_new_school_recognises_nobody(fresh: Register) -> None:
    assert fresh.recognition_setting().mode is OFF
    assert not fresh.recognises((), TODAY)


@pytest.mark.parametrize("mode", [ROSTERS, ON])
def test_with_all_three_days_it_is_switched_on(fresh: Register, mode: RecognitionMode) -> None:
    before = fresh.version()
    fresh.set_recognition(mode, today=TODAY, **DAYS)
    assert fresh.recognition_setting().as_json() == {
        "mode": mode.value,
        "dpia_on": "2026-09-01",
        "dpo_advice_on": "2026-09-08",
        "consulted_on": "2026-11-20",
    }
    assert fresh.version() > before


@pytest.mark.parametrize("mode", [ROSTERS, ON])
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("wrong", [None, TOMORROW], ids=["missing", "in the future"])
def test_without_one_of_them_it_stays_off_and_the_refusal_names_it(
    fresh: Register, mode: RecognitionMode, day: str, wrong: date | None
) -> None:
    with pytest.raises(RecognitionNotAllowed, match=rf"cannot be {mode.value}\..*\({day}\)"):
        fresh.set_recognition(mode, today=TODAY, **{**DAYS, day: wrong})
    assert fresh.recognition_setting().mode is OFF


def test_every_missing_day_is_named(fresh: Register) -> None:
    with pytest.raises(RecognitionNotAllowed) as refused:
        fresh.set_recognition(ON, today=TODAY)
    assert [name in str(refused.value) for name in DAYS] == [True] * 3


def test_days_can_be_recorded_one_after_the_other(fresh: Register) -> None:
    for name, day in DAYS.items():
        fresh.set_recognition(today=TODAY, **{name: day})
    assert fresh.set_recognition(ON, today=TODAY).mode is ON


@pytest.mark.parametrize("wrong", [None, TOMORROW], ids=["taken away", "put off"])
def test_no_day_is_taken_away_while_it_is_on(fresh: Register, wrong: date | None) -> None:
    fresh.set_recognition(ON, today=TODAY, **DAYS)
    with pytest.raises(RecognitionNotAllowed, match="dpia_on"):
        fresh.set_recognition(today=TODAY, dpia_on=wrong)
    assert fresh.recognition_setting().dpia_on == DAYS["dpia_on"]


def test_switching_off_always_works(fresh: Register) -> None:
    fresh.set_recognition(ON, today=TODAY, **DAYS)
    fresh.set_recognition(OFF, today=TODAY, dpia_on=None, consulted_on=TOMORROW)
    assert fresh.recognition_setting().mode is OFF
    assert fresh.recognition_setting().dpia_on is None


def test_an_unknown_day_is_refused(fresh: Register) -> None:
    with pytest.raises(RegisterError, match="approved_on is none of the days"):
        fresh.set_recognition(today=TODAY, approved_on=TODAY)


def test_nothing_changes_where_nothing_is_new(fresh: Register) -> None:
    fresh.set_recognition(ON, today=TODAY, **DAYS)
    before = fresh.version()
    fresh.set_recognition(ON, today=TODAY, **DAYS)
    assert fresh.version() == before


def test_a_mode_written_past_the_rule_counts_as_off(fresh: Register) -> None:
    fresh.school().recognition = ON
    fresh.session.flush()
    assert not fresh.recognises((), TODAY)


def a_teacher(register: Register) -> Person:
    made = Person(school_id=register.school_id, given="Lorraine", family="Okell", role=Role.STAFF)
    person = register.add_person(made)
    register.record_recognition(person.id, NewAnswer(granted=True, decided_on=TODAY))
    return person


def test_no_template_is_kept_while_it_is_off(fresh: Register) -> None:
    person = a_teacher(fresh)
    with pytest.raises(RegisterConflict, match="Face recognition is off"):
        fresh.add_reference(person.id, TEMPLATE, quality=0.9, taken_on=TODAY, day=TODAY)
    assert fresh.references() == []


@pytest.mark.parametrize(("mode", "people"), [(OFF, None), (ROSTERS, None), (ON, 1)])
def test_templates_are_read_only_where_they_may_be_compared(
    fresh: Register, mode: RecognitionMode, people: int | None
) -> None:
    person = a_teacher(fresh)
    fresh.set_recognition(ON, today=TODAY, **DAYS)
    fresh.add_reference(person.id, TEMPLATE, quality=0.9, taken_on=TODAY, day=TODAY)
    fresh.set_recognition(mode, today=TODAY)
    snapshot = fresh.snapshot("School website", TODAY)
    gallery = snapshot.gallery_for(())
    assert (None if gallery is None else len(gallery)) == people
    assert len(snapshot.references) == (mode is not OFF)


def test_the_classes_of_the_register(fresh: Register) -> None:
    for at, name in enumerate(("5 Elm", "4  Oak", "4 oak", "")):
        fresh.add_person(Person(school_id=fresh.school_id, given=f"P{at}", family=f"P{at}", class_name=name))
    a_teacher(fresh).class_name = "Staff room"
    assert fresh.classes(TODAY) == ["4 Oak", "5 Elm"]


@pytest.mark.parametrize("mode", RecognitionMode)
@pytest.mark.parametrize("consented", [True, False])
def test_what_is_asked_before_looking_is_what_is_judged_by(
    fresh: Register, mode: RecognitionMode, consented: bool
) -> None:
    made = Person(school_id=fresh.school_id, given="Ben", family="Adeyemi", class_name="4 Oak")
    mother = fresh.add_guardian(fresh.add_person(made).id, "Grace", parental_responsibility=True)
    fresh.record_recognition(made.id, NewAnswer(granted=consented, decided_on=TODAY, guardian_id=mother.id))
    fresh.set_recognition(mode, today=TODAY, **DAYS)
    for classes in ([], ["4 oak"], ["5 Elm"], ["4 Oak", "5 Elm"]):
        judged_by = fresh.snapshot("School website", TODAY).gallery_for(classes)
        assert fresh.recognises(classes, TODAY) is (judged_by is not None)


# -- naming --------------------------------------------------------------------------------------------------------


def test_a_new_school_names_no_pupil(fresh: Register) -> None:
    assert fresh.naming() is NamingRule.NEVER


def test_the_naming_rule_is_kept_and_what_was_decided_before_it_is_old(fresh: Register) -> None:
    before = fresh.version()
    fresh.set_naming(NamingRule.WITH_CONSENT)
    fresh.session.expire_all()
    assert fresh.naming() is NamingRule.WITH_CONSENT
    assert fresh.version() > before


def test_the_snapshot_holds_the_naming_rule(fresh: Register) -> None:
    fresh.add_person(Person(school_id=fresh.school_id, given="Ada", family="Finch"))
    fresh.set_naming(NamingRule.WITH_CONSENT)
    assert fresh.snapshot("School website", TODAY).naming is NamingRule.WITH_CONSENT


# -- released pictures ---------------------------------------------------------------------------------------------


def test_a_new_school_releases_pictures_as_large_as_a_release_is_without_a_setting(fresh: Register) -> None:
    assert fresh.released_side() == LONG_SIDE


@pytest.mark.parametrize("pixels", [320, 8192])
def test_the_size_of_released_pictures_is_kept(fresh: Register, pixels: int) -> None:
    fresh.set_released_side(pixels)
    fresh.session.expire_all()
    assert fresh.released_side() == pixels


@pytest.mark.parametrize("pixels", [319, 8193, 0, -1])
def test_no_other_size_is_kept(fresh: Register, pixels: int) -> None:
    with pytest.raises(RegisterError, match="320 to 8192"):
        fresh.set_released_side(pixels)
    assert fresh.released_side() == LONG_SIDE


def test_any_other_word_is_no_naming_rule(fresh: Register) -> None:
    with pytest.raises(ValueError, match="always"):
        fresh.set_naming("always")  # type: ignore[arg-type]
