"""The committed demo school holds together, and the real models see in its pictures what was drawn."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlmodel import Session, SQLModel, create_engine

import fixtures
from app.reasons import Code
from app.school import apply_school, read_school
from consent.facts import Scope, Standing, judge
from consent.importing import import_csv
from consent.register import Register, the_school
from consent.rows import OPTIONAL, REQUIRED
from fixtures.make import REFERENCE_QUALITY, REFERENCE_SIZE, REFERENCE_VIEWS, jpeg
from fixtures.people import PEOPLE, VISITORS, Story, identity_of
from fixtures.pictures import LABELLED, SCENES, TRUNCATED
from fixtures.portraits import draw_portrait
from fixtures.register import register_csv
from fixtures.scenes import spots
from tests.vaults import with_vault

FOLDER = fixtures.FOLDER
TODAY = date(2026, 11, 2)
DRAFTS = fixtures.drafts()
PICTURES = sorted((FOLDER / "pictures").iterdir())
REFERENCES = sorted((FOLDER / "references").glob("*/*.jpg"))


# -- the files -----------------------------------------------------------------------------------------------------


def test_the_register_file_is_what_the_code_writes_under_the_canonical_header():
    content = (FOLDER / "register.csv").read_bytes()
    assert content == register_csv()
    assert next(csv.reader(io.StringIO(content.decode()))) == [*REQUIRED, *OPTIONAL]


def test_every_picture_of_a_draft_is_there_and_no_picture_is_left_over():
    wanted = {path.name for draft in DRAFTS for path in draft.pictures}
    assert wanted == {path.name for path in PICTURES} == {f"{scene.name}.jpg" for scene in SCENES}


def test_the_files_stay_small():
    files = [*PICTURES, *REFERENCES]
    assert [path.name for path in files if path.stat().st_size > 400_000] == []
    assert sum(path.stat().st_size for path in files) < 6_000_000


def test_everybody_who_is_enrolled_has_three_reference_portraits_and_nobody_else_has_any():
    folders = {path.name: len(list(path.iterdir())) for path in (FOLDER / "references").iterdir()}
    assert folders == {person.folder: len(REFERENCE_VIEWS) for person in PEOPLE if person.enrolled}


def test_everybody_in_a_picture_is_in_the_register_or_a_named_visitor():
    known = {person.key for person in PEOPLE} | {visitor.key for visitor in VISITORS}
    assert {key for scene in SCENES for key in scene.people} <= known


@pytest.mark.parametrize("path", [*PICTURES, *REFERENCES[::40]], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_picture_but_the_labelled_one_carries_metadata(path):
    with Image.open(path) as opened:
        spoken = set(opened.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert bool(spoken) is (path.stem == LABELLED)


def test_a_reference_portrait_is_what_the_code_draws():
    person = PEOPLE[0]
    drawn = draw_portrait(identity_of(person.key), REFERENCE_VIEWS[0], REFERENCE_SIZE)
    with Image.open(FOLDER / "references" / person.folder / "1.jpg") as committed:
        again = Image.open(io.BytesIO(jpeg(drawn, REFERENCE_QUALITY)))
        off = np.abs(np.asarray(committed, np.int16) - np.asarray(again, np.int16))
    assert off.mean() < 1  # another machine may round differently


# -- the drafts ----------------------------------------------------------------------------------------------------


def test_the_drafts_tell_apart_at_least_fourteen_cases_and_hold_every_kind_of_block():
    assert len(DRAFTS) >= 14
    assert len({draft.id for draft in DRAFTS}) == len({draft.title for draft in DRAFTS}) == len(DRAFTS)
    shown = {code for draft in DRAFTS for code in draft.codes}
    assert shown == {
        *(Code.FACE_NOT_IDENTIFIED, Code.NO_CONSENT, Code.CONSENT_LAPSED, Code.CONSENT_WITHDRAWN),
        *(Code.CONSENT_REFUSED, Code.NOT_FOR_THIS_CHANNEL, Code.NEVER_PUBLISH, Code.PUPIL_NAMED, Code.PERSONAL_DETAIL),
        *(Code.NAME_IN_PICTURE, Code.LINK_NEEDS_CARE, Code.CHANNEL_NOT_APPROVED, Code.PICTURE_UNREADABLE),
    }


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.id)
def test_a_draft_is_whole_and_blocked_exactly_where_it_has_reasons(draft):
    channels = {channel["name"] for channel in json.loads((FOLDER / "school.json").read_text("utf-8"))["channels"]}
    assert draft.channel in channels
    assert len(draft.alt_texts) == len(draft.pictures) >= 1
    assert draft.outcome == ("block" if draft.codes else "publish")
    assert list(draft.codes) == sorted(draft.codes)
    assert draft.caption
    assert draft.note


@cache
def _standings(scope: Scope) -> dict[str, Standing]:
    """How everybody stands after the school and its register were read in, by admission number."""
    engine = create_engine("sqlite://", execution_options=with_vault())
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        apply_school(session, read_school((FOLDER / "school.json").read_bytes()))
        school = the_school(session)
        assert school is not None
        register = Register(session, school.id)
        report = import_csv(register, (FOLDER / "register.csv").read_bytes(), day=TODAY, apply=True)
        assert report.applied
        return {
            str(person.admission_number): judge(register.facts_of(person.id), scope, TODAY)
            for person in register.people()
        }


STANDING = {
    Story.REFUSED_BY_ONE: Standing.REFUSED,
    Story.REFUSED: Standing.REFUSED,
    Story.CHILD_REFUSED: Standing.REFUSED,
    Story.WITHDRAWN: Standing.WITHDRAWN,
    Story.LAPSED: Standing.LAPSED,
    Story.BLANK: Standing.NONE,
    Story.NO_ANSWER: Standing.NONE,
    Story.NEVER: Standing.NEVER,
    Story.LEAVER: Standing.LEFT,
    Story.NEWSLETTER_ONLY: Standing.OTHER_CHANNEL,
}


def test_everybody_stands_to_the_website_as_their_story_says():
    expected = {person.key: STANDING.get(person.story, Standing.GIVEN) for person in PEOPLE}
    assert _standings(Scope.WEBSITE) == expected


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.id)
def test_each_draft_isolates_its_case(draft):
    """Whoever stands in the pictures of a draft without a reason about faces is cleared for its account."""
    scopes = {c["name"]: Scope(c["scope"]) for c in json.loads((FOLDER / "school.json").read_text("utf-8"))["channels"]}
    standings, scenes = _standings(scopes[draft.channel]), {scene.name: scene for scene in SCENES}
    enrolled = {person.key for person in PEOPLE if person.enrolled}
    shown = [key for path in draft.pictures if path.stem != TRUNCATED for key in scenes[path.stem].people]
    doubtful = [key for key in shown if key not in enrolled or standings[key] is not Standing.GIVEN]
    about_faces = {"face-not-identified", "no-consent", "not-for-this-channel", "never-publish"}
    reasons = [code for code in draft.codes if code in about_faces or code.startswith("consent-")]
    assert len(doubtful) == len(reasons)


# -- what the real models see ----------------------------------------------------------------------------------------


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


@pytest.fixture(scope="module")
def detector():
    from vision.detection import load_detector

    return load_detector()


@pytest.fixture(scope="module")
def encoder():
    from vision.embedding import load_encoder

    return load_encoder()


@pytest.fixture(scope="module")
def templates(detector, encoder):
    """Of everybody enrolled, from their first reference portrait, which must show one face fit to be a reference."""
    from vision.measuring import quality

    found = {}
    for path in (path for path in REFERENCES if path.name == "1.jpg"):
        pixels = _pixels(path)
        (face,) = detector.detect(pixels)
        assert quality(pixels, face).shortcomings == (), path
        (found[path.parent.name],) = encoder.encode(pixels, (face,))
    return found


@pytest.fixture(scope="module")
def gallery(templates):
    from vision.matching import Gallery, Reference

    counted = len(REFERENCE_VIEWS)  # the demo enrols so many, and the operating point depends on it
    return Gallery.build(Reference(own, template) for own, template in templates.items() for _ in range(counted))


@pytest.mark.models
def test_everybody_enrolled_lies_apart_from_everybody_else(templates, gallery):
    """Chord distances of templates; two views of one person lie .05 to .18 apart."""
    nearest = {own: float(np.sort(gallery.distances(np.asarray(one)))[1]) for own, one in templates.items()}
    assert {own: distance for own, distance in nearest.items() if distance < 0.28} == {}


LOOKED_AT = ("picture-02", "picture-03", "picture-16")  # staff, a visitor, somebody without references


@pytest.mark.models
@pytest.mark.parametrize("scene", [s for s in SCENES if s.name in LOOKED_AT], ids=lambda scene: scene.name)
def test_the_faces_of_a_picture_are_found_and_known(scene, detector, encoder, gallery):
    from vision.matching import Outcome, identify

    pixels = _pixels(FOLDER / "pictures" / f"{scene.name}.jpg")
    faces = detector.detect(pixels)
    folders = {person.key: person.folder for person in PEOPLE if person.enrolled}
    seen = {}
    for face, template in zip(faces, encoder.encode(pixels, faces), strict=True):
        middle = ((face.box.left + face.box.right) / 2, (face.box.top + face.box.bottom) / 2)
        nearest = min(spots(scene), key=lambda spot: np.hypot(spot.x - middle[0], spot.y - middle[1]))
        assert nearest.key not in seen, "one face was found twice"
        answer = identify(template, gallery)
        seen[nearest.key] = answer.candidates[0].subject_id if answer.outcome is Outcome.IDENTIFIED else None
    assert seen == {key: folders.get(key) for key in scene.people}


def test_the_truncated_picture_is_half_of_a_picture():
    content = (FOLDER / "pictures" / f"{TRUNCATED}.jpg").read_bytes()
    assert content[:2] == b"\xff\xd8"
    assert not content.endswith(b"\xff\xd9")
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(content)).load()
