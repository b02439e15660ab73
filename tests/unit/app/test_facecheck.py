"""The school's own references put to the test: who is missing, who is old, who may not be kept."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

from app.cli.doctor import older_references
from app.facecheck import OLD_AFTER, check_faces
from consent.facts import Role
from consent.models import Enrolment, Person
from consent.register import MODEL_ID, NewAnswer, Register, create_school
from consent.snapshots import pack_template
from tests.schools import allow_recognition
from tests.vaults import with_vault

DAY = date(2026, 11, 20)


def towards(axis: int, aside: float = 0.0) -> tuple[float, ...]:
    """Along one axis, turned aside by so much (chord distance)."""
    angle = 2 * math.asin(aside / 2)
    values = [0.0] * 128
    values[axis], values[127] = math.cos(angle), math.sin(angle)
    return tuple(values)


@pytest.fixture
def register():
    engine = create_engine("sqlite://", poolclass=StaticPool, execution_options=with_vault())
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield allow_recognition(Register(session, create_school(session, "Wrenhollow").id))


def a_member(register, name, *templates, consented=True, taken_on=DAY, model_id=MODEL_ID):
    """Somebody of the staff with these references, whatever consent says: rows may be older than the rules."""
    person = register.add_person(Person(school_id=register.school_id, role=Role.STAFF, given=name, family="Marsh"))
    if consented:
        register.record_recognition(person.id, NewAnswer(granted=True, decided_on=date(2026, 9, 1)))
    for template in templates:
        row = Enrolment(
            school_id=register.school_id,
            person_id=person.id,
            template=pack_template(template),
            model_id=model_id,
            quality=1.0,
            taken_on=taken_on,
        )
        register.session.add(row)
    register.session.flush()
    return person


def names(rows):
    return [row.person.given for row in rows]


def test_a_gallery_in_order_has_nothing_to_say(register):
    for axis, name in enumerate(["Ann", "Ben"]):
        a_member(register, name, towards(axis), towards(axis, 0.02), towards(axis, 0.04))
    found = check_faces(register, DAY)
    assert found.ok
    assert (found.enrolled, found.references, found.test.found, found.test.tried) == (2, 6, 6, 6)
    assert [found.none, found.few, found.old, found.other_model, found.not_allowed] == [()] * 5


@pytest.mark.parametrize(
    ("templates", "changes", "table"),
    [
        pytest.param([], {}, "none", id="consented, and no reference"),
        pytest.param([towards(0)] * 2, {}, "few", id="two references"),
        pytest.param([towards(0)] * 3, {"taken_on": DAY - OLD_AFTER - timedelta(days=1)}, "old", id="a year and a day"),
        pytest.param([towards(0)] * 3, {"model_id": "older@1"}, "other_model", id="made by an older model"),
        pytest.param([towards(0)] * 3, {"consented": False}, "not_allowed", id="kept without consent"),
    ],
)
def test_what_is_amiss_is_told_of_the_person(register, templates, changes, table):
    a_member(register, "Ann", *templates, **changes)
    assert names(getattr(check_faces(register, DAY), table)) == ["Ann"]


def test_references_of_a_year_to_the_day_are_not_old(register):
    a_member(register, "Ann", *[towards(0)] * 3, taken_on=DAY - OLD_AFTER)
    assert check_faces(register, DAY).old == ()


def test_templates_without_consent_and_of_older_models_are_not_compared(register):
    a_member(register, "Ann", towards(0), towards(0), consented=False)
    a_member(register, "Ben", towards(1), towards(1), model_id="older@1")
    found = check_faces(register, DAY)
    assert (found.enrolled, found.test.tried) == (0, 0)
    assert not found.ok  # a template without consent must go
    assert names(found.none) == ["Ben"]  # to be enrolled anew


def test_a_photo_of_somebody_else_is_a_fault(register):
    a_member(register, "Ann", towards(0), towards(0), towards(1))
    a_member(register, "Ben", towards(1), towards(1), towards(1))
    found = check_faces(register, DAY)
    body = found.as_json()
    assert not found.ok
    assert body["ok"] is False
    assert {"name": "Ann Marsh", "taken_for": "Ben Marsh"}.items() <= next(
        row.items() for row in body["leave_one_out"]["missed"] if row["taken_for"]
    )


def test_look_alikes_are_told(register):
    a_member(register, "Ann", *[towards(0)] * 3)
    a_member(register, "Ben", *[towards(0, 0.1)] * 3)
    (pair,) = check_faces(register, DAY).as_json()["confusable"]
    assert sorted(pair["names"]) == ["Ann Marsh", "Ben Marsh"]
    assert pair["distance"] == pytest.approx(0.1)


def test_doctor_counts_what_an_older_model_made(register):
    a_member(register, "Ann", towards(0), towards(0), model_id="older@1")
    a_member(register, "Ben", towards(1))
    (row,) = older_references(register)
    assert row.ok is False
    assert row.says.startswith("2 were made by an older model")
