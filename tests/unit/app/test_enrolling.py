"""Enrolling: what makes a photo a reference, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

from app.enrolling import NOT_ONE_PERSON, SMALLEST_SCORE, enrol
from consent.facts import Role
from consent.models import Person
from consent.register import MODEL_ID, NewAnswer, Register, create_school
from tests.schools import allow_recognition
from tests.vaults import with_vault
from vision.findings import Box, Face, PictureFindings, ProblemCode
from vision.quality import FaceQuality
from vision.thresholds import CONFUSABLE, REFERENCE

DAY = date(2026, 11, 20)
BIG = REFERENCE.height_px


class FakeInspector:
    """Finds in a picture what the test wrote into it."""

    def __init__(self, *found, encoder=MODEL_ID):
        self.found = dict(enumerate(found))
        self.encoder = encoder
        self.asked = []

    def inspect(self, content, request=None):
        self.asked.append(request)
        return self.found[int(content)]

    def versions(self):
        return {"detector": "fake", "encoder": self.encoder, "reader": "fake"}


def pointing(degrees, axis=1):
    """A template that many degrees from the first axis; the chord between two is 2 sin(angle / 2)."""
    values = [0.0] * 128
    values[0], values[axis] = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tuple(values)


def degrees_for(chord):
    return math.degrees(2 * math.asin(chord / 2))


def a_face(template=pointing(0), *, height=BIG, score=0.9, sharpness=1.0):  # noqa: B008
    quality = FaceQuality(height, sharpness, yaw=0.0, roll=0.0)
    return Face(Box(10, 10, 10 + height, 10 + height), score, template, quality)


def a_photo(*faces, **more):
    return PictureFindings(width=600, height=800, format="JPEG", faces=faces, **more)


@pytest.fixture
def register():
    engine = create_engine("sqlite://", poolclass=StaticPool, execution_options=with_vault())
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield allow_recognition(Register(session, create_school(session).id))
    engine.dispose()


def a_teacher(register, family="Okell", *, consented=True):
    person = register.add_person(Person(school_id=register.school_id, given="Lorraine", family=family, role=Role.STAFF))
    if consented:
        register.record_recognition(person.id, NewAnswer(granted=True, decided_on=DAY))
    return person


@pytest.fixture
def okell(register):
    return a_teacher(register)


def run(register, person, *found, inspector=None, **more):
    inspector = inspector or FakeInspector(*found)
    photos = [(f"{n}.jpg", str(n).encode()) for n in range(len(inspector.found))]
    return enrol(register, inspector, photos, person, day=DAY, **more)


def test_a_good_photo_becomes_a_reference(register, okell):
    report = run(register, okell, a_photo(a_face()), taken_on=date(2026, 9, 1))
    (reference,) = register.references(okell.id)
    assert report.ok
    assert [(photo.file_name, photo.kept, photo.because) for photo in report.photos] == [("0.jpg", True, "")]
    assert (reference.model_id, reference.quality, reference.taken_on) == (MODEL_ID, 0.9, date(2026, 9, 1))
    assert register.gallery(DAY).subject_ids == (okell.id,)


def test_text_is_not_read_in_reference_photos(register, okell):
    inspector = FakeInspector(a_photo(a_face()))
    run(register, okell, inspector=inspector)
    assert [(request.texts, request.templates) for request in inspector.asked] == [(False, True)]


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        pytest.param(a_photo(), "There is no face", id="no face"),
        pytest.param(a_photo(a_face(), a_face()), "There are 2 faces", id="two faces"),
        pytest.param(a_photo(a_face(height=BIG - 1)), f"only {BIG - 1} pixels high and must be {BIG}", id="too small"),
        pytest.param(a_photo(a_face(sharpness=0.01)), "hold the camera still", id="blurred"),
        pytest.param(a_photo(replace(a_face(), quality=None)), "could not be measured", id="not measured"),
        pytest.param(a_photo(a_face(score=SMALLEST_SCORE - 0.01)), "can hardly be made out", id="hardly a face"),
        pytest.param(a_photo(a_face(None)), "too blurred to be recognised", id="no template"),
        pytest.param(
            PictureFindings.not_looked_at(ProblemCode.UNREADABLE, "This file is empty."),
            "This file is empty.",
            id="unreadable",
        ),
    ],
)
def test_a_photo_that_is_not_good_enough_is_refused(register, okell, photo, says):
    report = run(register, okell, photo)
    assert not report.ok
    assert says in report.photos[0].because
    assert register.references() == []


def a_spot(height, *, doubtful):
    return replace(a_face(None, height=height, score=0.2), doubtful=doubtful)


@pytest.mark.parametrize(
    ("spot", "kept"),
    [
        pytest.param(a_spot(BIG // 4, doubtful=True), True, id="a small spot that may be a face"),
        pytest.param(a_spot(BIG // 4, doubtful=False), False, id="a small face for certain"),
        pytest.param(a_spot(BIG // 2, doubtful=True), False, id="a large one that may be a face"),
    ],
)
def test_only_a_small_doubtful_spot_may_be_beside_the_face(register, okell, spot, kept):
    report = run(register, okell, a_photo(a_face(), spot))
    assert report.photos[0].kept is kept


def test_the_good_photos_of_a_person_are_kept_beside_a_bad_one(register, okell):
    report = run(register, okell, a_photo(a_face(pointing(1))), a_photo(), a_photo(a_face(pointing(2))))
    assert [photo.kept for photo in report.photos] == [True, False, True]
    assert not report.ok
    assert report.references == len(register.references(okell.id)) == 2


def consent(register, person, answer):
    if answer == "refused":
        register.record_recognition(person.id, NewAnswer(granted=False, decided_on=DAY))
    elif answer == "withdrawn":
        given = register.record_recognition(person.id, NewAnswer(granted=True, decided_on=DAY))
        register.withdraw_recognition(given.id, DAY)
    elif answer == "lapsed":
        before = DAY - timedelta(days=2)
        register.record_recognition(person.id, NewAnswer(granted=True, decided_on=before, until=before))
    elif answer == "left":
        register.record_recognition(person.id, NewAnswer(granted=True, decided_on=DAY))
        register.update_person(person.id, leaving_date=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("none", "no recorded consent to face recognition"),
        ("refused", "was refused"),
        ("withdrawn", "was withdrawn"),
        ("lapsed", "has lapsed"),
        ("left", "left the school"),
    ],
)
def test_without_consent_to_recognition_no_photo_is_even_looked_at(register, answer, says):
    person = a_teacher(register, consented=False)
    consent(register, person, answer)
    inspector = FakeInspector(a_photo(a_face()))
    report = run(register, person, inspector=inspector)
    assert not report.ok
    assert says in report.problem
    assert "Record a written consent to face recognition first" in report.problem
    assert inspector.asked == []
    assert register.references() == []


def test_no_photo_is_no_enrolment(register, okell):
    assert "There is no photo" in run(register, okell).problem


@pytest.mark.parametrize("encoder", ["another@1", "none", ""])
def test_templates_that_the_register_cannot_compare_are_refused(register, okell, encoder):
    report = run(register, okell, inspector=FakeInspector(a_photo(a_face()), encoder=encoder))
    assert "gatepost doctor" in report.problem
    assert register.references() == []


def test_the_same_photo_again_changes_nothing(register, okell):
    run(register, okell, a_photo(a_face()))
    version = register.version()
    report = run(register, okell, a_photo(a_face()), a_photo(a_face()))
    assert report.ok
    assert {photo.because for photo in report.photos} == {"This photo is on record already."}
    assert register.version() == version


def test_a_face_like_another_persons_is_held(register, okell):
    run(register, a_teacher(register, "Tudor"), a_photo(a_face(pointing(0))))
    near = degrees_for(CONFUSABLE) - 1
    report = run(register, okell, a_photo(a_face(pointing(near))), a_photo(a_face(pointing(near + 90))))
    assert [photo.kept for photo in report.photos] == [False, False]
    assert "Held: this face is so like another person's" in report.photos[0].because
    assert "Tudor" not in report.photos[0].because
    assert register.references(okell.id) == []


def test_a_look_alike_is_kept_when_a_second_person_has_checked(register, okell):
    run(register, a_teacher(register, "Tudor"), a_photo(a_face(pointing(0))))
    assert run(register, okell, a_photo(a_face(pointing(1))), checked_by="Mr Pryce").ok
    assert register.references(okell.id)[0].checked_by == "Mr Pryce"


def test_a_face_unlike_all_others_is_kept(register, okell):
    run(register, a_teacher(register, "Tudor"), a_photo(a_face(pointing(0))))
    assert run(register, okell, a_photo(a_face(pointing(degrees_for(CONFUSABLE) + 1)))).ok


@pytest.mark.parametrize("earlier", [True, False], ids=["on another day", "at once"])
def test_photos_of_two_people_are_held(register, okell, earlier):
    apart = degrees_for(NOT_ONE_PERSON) + 1
    if earlier:
        run(register, okell, a_photo(a_face(pointing(0))))
        report = run(register, okell, a_photo(a_face(pointing(apart))))
    else:
        report = run(register, okell, a_photo(a_face(pointing(0))), a_photo(a_face(pointing(apart))))
    assert "the photos do not all show one person" in report.photos[-1].because
    assert len(register.references(okell.id)) == earlier


def test_photos_of_one_person_differ_a_little(register, okell):
    near = degrees_for(NOT_ONE_PERSON) - 1
    assert run(register, okell, a_photo(a_face(pointing(0))), a_photo(a_face(pointing(near)))).ok


def test_the_report_as_json(register, okell):
    found = run(register, okell, a_photo()).as_json()
    assert (found["name"], found["ok"], found["references"]) == ("Lorraine Okell", False, 0)
    assert found["photos"][0]["file"] == "0.jpg"
    assert "template" not in str(found)
