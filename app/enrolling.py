"""Enrolling: reference photos of one person become templates in the register, or a clear refusal says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from app.person_files import PersonFiles
from consent.facts import RecognitionMode, Standing, judge_recognition, today
from consent.models import Person
from consent.register import MODEL_ID, Register
from consent.snapshots import pack_template, unpack_template
from consent.vault.tables import FileKind
from vision.findings import Face, PictureFindings
from vision.inspection import InspectionRequest, Inspector
from vision.matching import Reference, checked, confusable

# detection_score of a reference: none of 250 photos of adults scores less than 0.76, none of 129 drawn portraits less
# than 0.23.
SMALLEST_SCORE = 0.2
# Chord distance of two templates: 3 of 4,804 pairs of photos of one adult lie further apart, 95 % of 200,000 pairs of
# two adults do. Children were not measured.
NOT_ONE_PERSON = 0.46

SMALL_BESIDE = 3  # a doubtful box this many times smaller than the photo's largest face is left out of account

Photo = tuple[str, bytes]  # file name, content


@dataclass(frozen=True, slots=True)
class PhotoReport:
    """What became of one photo; `because` is "" where it was kept without more ado."""

    file_name: str
    kept: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """What became of one person's photos. `problem` says why none was even considered; `references`: how many are on
    record now."""

    person_id: str
    name: str
    photos: tuple[PhotoReport, ...] = ()
    problem: str = ""
    references: int = 0

    @property
    def ok(self) -> bool:
        return not self.problem and all(photo.kept for photo in self.photos)

    def as_json(self) -> dict[str, Any]:
        return {
            "person_id": self.person_id,
            "name": self.name,
            "ok": self.ok,
            "problem": self.problem,
            "references": self.references,
            "photos": [
                {"file": photo.file_name, "kept": photo.kept, "because": photo.because} for photo in self.photos
            ],
        }


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A photo with one good face."""

    file_name: str
    template: tuple[float, ...]
    quality: float


def enrol(
    register: Register,
    inspector: Inspector,
    photos: Sequence[Photo],
    person: Person,
    *,
    day: date | None = None,
    taken_on: date | None = None,
    checked_by: str = "",
    files: PersonFiles | None = None,
) -> EnrolmentReport:
    """Keep a template of every good photo, and in `files` the photo itself, made anew from its pixels.

    No template is computed where recognition is off or consent to it does not stand. `checked_by` is the second person
    who made sure that the photos show this person and nobody who looks alike; without one, look-alikes are held. Only
    the edge commits. Raises what the inspector raises where it cannot look at all.
    """
    day = day or today()
    if problem := not_allowed(register, person, day):
        return EnrolmentReport(person.id, person.full_name, problem=problem)
    seen = [(name, look(inspector, content)) for name, content in photos]
    encoder = inspector.versions().get("encoder", "")
    return keep(register, person, seen, encoder, day, taken_on=taken_on, checked_by=checked_by, files=files)


def not_allowed(register: Register, person: Person, day: date) -> str:
    """Why no template of this person may be made on this day, and what to do; "" where it may."""
    if register.recognition_setting().in_force(day) is RecognitionMode.OFF:
        return (
            f"{person.full_name} is not enrolled: face recognition is off at this school, so no reference photos are "
            f"needed. Pictures are checked without them, by naming people by hand. See gatepost recognition."
        )
    standing = judge_recognition(register.recognition_of(person.id), day)
    if standing is Standing.GIVEN:
        return ""
    why = {
        Standing.NONE: "there is no recorded consent to face recognition",
        Standing.REFUSED: "face recognition was refused",
        Standing.WITHDRAWN: "consent to face recognition was withdrawn",
        Standing.LAPSED: "consent to face recognition has lapsed",
        Standing.LEFT: "they have left the school",
    }[standing]
    return (
        f"{person.full_name} is not enrolled: {why}. Consent to photographs is not enough. Record a written consent "
        f"to face recognition first; without it everything works by naming people by hand."
    )


def look(inspector: Inspector, content: bytes) -> PictureFindings:
    """What is in the photo; the text in it does not matter here."""
    return inspector.inspect(content, InspectionRequest(texts=False))


def keep(
    register: Register,
    person: Person,
    seen: Sequence[tuple[str, PictureFindings]],
    model_id: str,
    day: date,
    *,
    taken_on: date | None = None,
    checked_by: str = "",
    files: PersonFiles | None = None,
) -> EnrolmentReport:
    """Keep what was seen, where every rule allows it; consent is asked for again."""
    problem = not_allowed(register, person, day)
    if not problem and not seen:
        problem = "There is no photo. Give at least one, better three from different sides."
    if not problem and model_id != MODEL_ID:
        problem = f"The encoder is {model_id or 'missing'} and the register compares {MODEL_ID}: see gatepost doctor."
    if problem:
        return EnrolmentReport(person.id, person.full_name, problem=problem)
    refused: dict[int, str] = {}
    good: dict[int, _Candidate] = {}
    for at, (name, findings) in enumerate(seen):
        judged = _judge(name, findings)
        if isinstance(judged, str):
            refused[at] = judged
        else:
            good[at] = judged
    if held := _identity_problem(register, person, list(good.values()), day, look_alikes_checked=bool(checked_by)):
        refused |= dict.fromkeys(good, held)
        good = {}
    before = {reference.template for reference in register.references(person.id) if reference.model_id == MODEL_ID}
    reports = []
    for at, (name, findings) in enumerate(seen):
        if at in refused:
            reports.append(PhotoReport(name, kept=False, because=refused[at]))
        elif (packed := pack_template(good[at].template)) in before:
            reports.append(PhotoReport(name, kept=True, because="This photo is on record already."))
        else:
            before.add(packed)
            reference = register.add_reference(
                person.id,
                good[at].template,
                quality=good[at].quality,
                taken_on=taken_on or day,
                day=day,
                checked_by=checked_by,
            )
            if files is not None and (photo := findings.released) is not None:
                kind = FileKind.REFERENCE
                files.put(register.session, person, kind, photo.content, photo.media_type, reference.id)
            reports.append(PhotoReport(name, kept=True))
    return EnrolmentReport(person.id, person.full_name, tuple(reports), references=len(before))


def _judge(name: str, findings: PictureFindings) -> _Candidate | str:
    """The photo's one good face, or what is wrong and what to do."""
    if findings.problems:
        return findings.problems[0].because
    faces = _faces_that_count(findings)
    if not faces:
        return "There is no face in this photo. Take one from nearer, in good light, facing the camera."
    if len(faces) > 1:
        return f"There are {len(faces)} faces in this photo. Use one that shows this person alone."
    (face,) = faces
    problem = _quality_problem(face)
    if problem or face.template is None:
        return problem or "This face is too blurred to be recognised. Take a sharper photo, in good light."
    return _Candidate(name, face.template, face.detection_score)


def _faces_that_count(findings: PictureFindings) -> list[Face]:
    """All faces, but for what may be none and is small beside the largest: a spot in the background."""
    largest = max((face.box.height for face in findings.faces), default=0)
    return [face for face in findings.faces if not (face.doubtful and SMALL_BESIDE * face.box.height < largest)]


def _quality_problem(face: Face) -> str:
    if face.quality is None:
        return "How good this face is could not be measured, so the photo is not kept. Try again."
    if face.quality.shortcomings:
        return " ".join(face.quality.shortcomings)
    if face.detection_score < SMALLEST_SCORE:
        return "The face can hardly be made out. Take a photo in good light, facing the camera, with nothing before it."
    return ""


def _identity_problem(
    register: Register, person: Person, candidates: Sequence[_Candidate], day: date, *, look_alikes_checked: bool
) -> str:
    """Whether the photos may show somebody else: then none of them is kept before a second person has looked."""
    gallery = register.gallery(day)
    for candidate in candidates:
        if not look_alikes_checked and confusable(Reference(person.id, candidate.template), gallery):
            return (
                "Held: this face is so like another person's in the register that one may be taken for the other. Ask "
                "a second person to check who is in the photo, and enrol it again saying who has checked it."
            )
    known = [
        unpack_template(reference.template)
        for reference in register.references(person.id)
        if reference.model_id == MODEL_ID
    ]
    templates = [checked(template) for template in [*known, *(candidate.template for candidate in candidates)]]
    for at in range(len(known), len(templates)):
        if any(float(np.linalg.norm(templates[at] - other)) > NOT_ONE_PERSON for other in templates[:at]):
            return (
                f"Held: the photos do not all show one person. Check that each shows {person.full_name}, and that the "
                "references on record do."
            )
    return ""
