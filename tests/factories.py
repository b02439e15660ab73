"""Test data that says only what matters: `a_draft(a_picture(a_face("ben")))`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.answers import Answer, AnswerKind
from app.rights import OwnRights
from app.seen import DraftSeen, Facts, PictureSeen
from app.word_answers import WordAnswer
from captions.findings import FieldName, Kind, TextField, TextFinding, TextFindings, TextProblem
from consent.facts import ChannelFacts, ConsentFact, NamingRule, PersonFacts, Role, Scope
from vision.findings import (
    Box,
    Face,
    MetadataItem,
    PictureFindings,
    PictureText,
    Problem,
    Released,
)
from vision.matching import Candidate, Identification, Outcome
from vision.quality import FaceQuality
from vision.thresholds import for_gallery

TODAY = date(2026, 11, 22)
BEFORE = date(2026, 9, 1)
A_TEMPLATE = (1.0, *([0.0] * 127))
SAFE_FILE = Released(content=b"safe", media_type="image/jpeg", width=64, height=48, sha256="ab" * 32)


def a_box(left: int = 10, top: int = 10, size: int = 20) -> Box:
    return Box(left, top, left + size, top + size)


def a_face(
    *who: str, template: bool = True, doubtful: bool = False, box: Box | None = None, quality: FaceQuality | None = None
) -> tuple[Face, Identification | None]:
    """A face that is nobody's ("who" empty), one person's, or could be several people's."""
    face = Face(box or a_box(), 0.9, A_TEMPLATE if template else None, quality, doubtful)
    outcome = [Outcome.UNKNOWN, Outcome.IDENTIFIED, Outcome.AMBIGUOUS][min(len(who), 2)]
    candidates = tuple(Candidate(each, 0.05) for each in who)
    threshold = for_gallery(30, 3)
    return face, Identification(outcome, candidates, threshold) if template else None


def an_answer(kind: AnswerKind, person_id: str | None = None, *, box: Box | None = None, drawn: bool = False) -> Answer:
    return Answer(box or a_box(), kind, "R. Patel", person_id, drawn)


def said_to_be(person_id: str, *, box: Box | None = None, drawn: bool = False) -> Answer:
    return an_answer(AnswerKind.PERSON, person_id, box=box, drawn=drawn)


def a_picture(
    *faces: tuple[Face, Identification | None],
    number: int = 1,
    texts: Iterable[str] = (),
    metadata: Iterable[MetadataItem] = (),
    problems: Iterable[Problem] = (),
    released: Released | None = SAFE_FILE,
    answers: Iterable[Answer] = (),
    covers: Iterable[Box] = (),
    compared: bool = True,
) -> PictureSeen:
    problems = tuple(problems)
    findings = PictureFindings(
        width=64,
        height=48,
        format="JPEG",
        faces=tuple(face for face, _ in faces),
        texts=tuple(PictureText(a_box(), text, 0.9) for text in texts),
        metadata=tuple(metadata),
        problems=problems,
        released=None if problems else released,
    )
    matches = tuple(match for _, match in faces)
    return PictureSeen(number, findings, matches, tuple(answers), tuple(covers), compared)


def a_draft(
    *pictures: PictureSeen,
    fields: Iterable[TextField] = (),
    found: Iterable[TextFinding] = (),
    problems: Iterable[TextProblem] = (),
    picture_count: int | None = None,
    channel: str = "School website",
    word_answers: Iterable[WordAnswer] = (),
) -> DraftSeen:
    return DraftSeen(
        channel=channel,
        picture_count=len(pictures) if picture_count is None else picture_count,
        pictures=pictures,
        fields=tuple(fields),
        text=TextFindings(tuple(found), tuple(problems)),
        word_answers=tuple(word_answers),
    )


def a_field(name: FieldName = FieldName.CAPTION, picture: int | None = None, part: int | None = None) -> TextField:
    return TextField(name, "Well done Ben", picture, part)


def a_finding(kind: Kind = Kind.PUPIL_NAME, field_index: int = 0) -> TextFinding:
    return TextFinding(field_index, kind, 10, 13, 0.9, "'Ben' is a pupil's name.", ("ben",), "a pupil")


def a_consent(granted: bool = True, **changes: object) -> ConsentFact:
    standard: dict[str, object] = {
        "scope": Scope.WEBSITE,
        "giver": "guardian",
        "granted": granted,
        "decided_on": BEFORE,
        "starts_on": BEFORE,
    }
    return ConsentFact(**{**standard, **changes})  # type: ignore[arg-type]


def a_person(person_id: str = "ben", *answers: ConsentFact, **changes: object) -> PersonFacts:
    """A pupil with one consent to the website, unless told otherwise."""
    standard: dict[str, object] = {"person_id": person_id, "role": Role.PUPIL, "answers": answers or (a_consent(),)}
    return PersonFacts(**{**standard, **changes})  # type: ignore[arg-type]


WEBSITE = ChannelFacts("School website", Scope.WEBSITE)


def the_facts(
    *people: PersonFacts,
    channel: ChannelFacts | None = WEBSITE,
    day: date = TODAY,
    own: tuple[str, ...] = (),
    naming: NamingRule = NamingRule.NEVER,
) -> Facts:
    known = {person.person_id: person for person in people or (a_person(),)}
    return Facts(day, channel, known, OwnRights(own), naming)
