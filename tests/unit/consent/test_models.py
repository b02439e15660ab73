"""The tables: random ids, one school per row, and a version that no change can miss."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from consent.facts import Role, Scope
from consent.models import Channel, Enrolment, Guardian, Person, PublicationConsent, RecognitionConsent, School, new_id
from consent.register import Register, create_school

DAY = date(2026, 11, 20)


@pytest.fixture
def ben(register, session):
    person = Person(school_id=register.school_id, given="Ben", family="Adeyemi")
    session.add(person)
    session.flush()
    return person


def test_ids_are_random_and_long():
    assert len({new_id() for _ in range(100)}) == 100
    assert len(new_id()) == 32


def test_enumerations_are_stored_as_their_words(register, session, ben):
    session.add(Channel(school_id=register.school_id, name="Site", scope=Scope.WEBSITE))
    session.flush()
    assert session.connection().execute(text("select role from person")).scalar_one() == "pupil"
    assert session.connection().execute(text("select scope from channel")).scalar_one() == "website"
    session.expire_all()
    assert session.get(Person, ben.id).role is Role.PUPIL


def test_a_word_that_is_not_on_the_list_is_an_error(register, session):
    session.add(Channel(school_id=register.school_id, name="Site", scope=cast(Scope, "billboard")))
    with pytest.raises(StatementError, match="billboard"):
        session.flush()


def test_a_damaged_word_is_an_error_when_read(register, session):
    session.add(Channel(school_id=register.school_id, name="Site", scope=Scope.WEBSITE))
    session.flush()
    session.connection().execute(text("update channel set scope = 'billboard'"))
    session.expire_all()
    with pytest.raises(ValueError, match="billboard"):
        session.exec(select(Channel)).all()


def test_moments_keep_their_zone(register, session, ben):
    moment = datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    session.add(
        Enrolment(
            school_id=register.school_id,
            person_id=ben.id,
            template=b"\0" * 4,
            model_id="m",
            quality=1.0,
            taken_on=DAY,
            enrolled_at=moment,
        )
    )
    session.flush()
    session.expire_all()
    assert session.exec(select(Enrolment.enrolled_at)).one() == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(register, session, ben):
    row = a_consent(ben)
    row.recorded_at = datetime(2026, 7, 1)
    session.add(row)
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def a_consent(person, **more):
    values: dict[str, Any] = {"granted": True, "decided_on": DAY, "starts_on": DAY, "scope": Scope.WEBSITE} | more
    return PublicationConsent(school_id=person.school_id, person_id=person.id, **values)


@pytest.mark.parametrize("table", [Guardian, PublicationConsent, RecognitionConsent, Enrolment])
def test_a_row_cannot_refer_to_another_schools_person(session, ben, table):
    other = create_school(session, "Elmfield Primary")
    values: dict[type, dict[str, Any]] = {
        Guardian: {"name": "Grace"},
        PublicationConsent: {"granted": True, "decided_on": DAY, "starts_on": DAY, "scope": Scope.WEBSITE},
        RecognitionConsent: {"granted": True, "decided_on": DAY, "starts_on": DAY},
        Enrolment: {"template": b"\0" * 4, "model_id": "m", "quality": 1.0, "taken_on": DAY},
    }
    session.add(table(school_id=other.id, person_id=ben.id, **values[table]))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_answer_cannot_be_given_by_another_persons_guardian(register, session, ben):
    zoe = Person(school_id=register.school_id, given="Zoë", family="Lin")
    session.add(zoe)
    session.flush()
    mother = Guardian(school_id=register.school_id, person_id=zoe.id, name="May Lin")
    session.add(mother)
    session.flush()
    session.add(a_consent(ben, guardian_id=mother.id))
    with pytest.raises(IntegrityError):
        session.flush()


# --- the version -----------------------------------------------------------------------------------------------


def test_adding_changing_and_deleting_rows_each_raise_the_version(register, session, ben):
    before = register.version()
    consent = a_consent(ben)
    session.add(consent)
    session.flush()
    consent.withdrawn_on = DAY
    session.flush()
    session.delete(consent)
    session.flush()
    assert register.version() == before + 3


def test_a_change_that_changes_nothing_leaves_the_version(register, session, ben):
    before = register.version()
    ben.given = "Benjamin"
    ben.given = "Ben"
    session.flush()
    assert register.version() == before


def test_the_schools_own_details_are_part_of_the_register(register, session):
    before = register.version()
    register.school().name = "Elmfield"
    session.flush()
    assert register.version() == before + 1


def test_the_loaded_school_knows_its_new_version(register, session, ben):
    assert register.school().register_version == register.version() > 0


def test_a_change_that_is_rolled_back_leaves_the_version(register, session, ben):
    session.commit()
    before = register.version()
    ben.given = "Benjamin"
    session.flush()
    assert register.version() == before + 1
    session.rollback()
    assert register.version() == before


def test_other_schools_versions_stay(register, session, ben):
    other = Register(session, create_school(session, "Elmfield Primary").id)
    before = other.version()
    ben.given = "Benjamin"
    session.flush()
    assert other.version() == before


def test_a_plain_session_raises_it_too(session, register, ben):
    session.commit()
    with Session(session.get_bind()) as another:
        before = Register(another, register.school_id).version()
        another.get_one(Person, ben.id).never_publish = True
        another.commit()
        assert Register(another, register.school_id).version() == before + 1
        assert another.get_one(School, register.school_id).register_version == before + 1
