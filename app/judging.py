"""What was seen, judged by the register: people are put to faces, words are read, and the policy decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.answers import answers_of
from app.drafts import DraftView
from app.notices import notices_of
from app.policy import decide, people_in
from app.reasons import Decision
from app.rights import OwnRights, StaffName
from app.seen import DraftSeen, Facts, PictureSeen
from app.word_answers import word_answers_of
from app.word_rules import read_words, safe_wording
from captions.findings import FieldName, RegisteredName, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames
from captions.tagger import PersonTagger
from consent.register import Snapshot
from vision.findings import (
    Box,
    Face,
    HiddenPicture,
    MetadataItem,
    MetadataKind,
    PictureFindings,
    PictureText,
    TextReading,
)
from vision.matching import Gallery, Identification, identify

# In this order, as only so many are read: what cameras and programs say of themselves comes last.
READ_METADATA = (MetadataKind.NAME, MetadataKind.CAPTION, MetadataKind.COPYRIGHT, MetadataKind.OTHER)
METADATA_FIELDS, HIDDEN_FIELDS = 50, 200  # of one picture


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision and all that is stored with it.

    `people` are those whose face was identified or named by hand, `named` those whom the words name by consent;
    `rewritten` is the safe wording of what was typed; `pictures` is what was seen, of which nothing is stored.
    """

    decision: Decision
    notices: list[dict[str, Any]]
    people: list[str]
    named: list[str]
    rewritten: dict[str, Any]
    threshold: str
    pictures: tuple[PictureSeen, ...]


def judge_draft(
    view: DraftView, looked: Sequence[PictureFindings], snapshot: Snapshot, tagger: PersonTagger | None
) -> Judged:
    """The decision on what was seen, by the register as the snapshot holds it. No database, no pixels."""
    gallery = snapshot.gallery_for(view.draft.taken_of)
    pictures = tuple(
        PictureSeen(
            picture.number,
            findings,
            identify_faces(findings, gallery),
            answers_of(picture.answers),
            tuple(Box(*cover) for cover in picture.covers),
            compared=gallery is not None,
        )
        for picture, findings in zip(view.pictures, looked, strict=True)
    )
    fields = text_fields(view, looked)
    text = inspect(fields, index_of(snapshot.names), snapshot.profile, tagger)
    answers = word_answers_of(view.draft.word_answers)
    seen = DraftSeen(view.draft.channel, len(view.pictures), pictures, fields, text, answers)
    facts = facts_of(snapshot)
    notices = [
        notice
        for picture in pictures
        for notice in notices_of(picture.number, picture.findings, fields, text, facts.rights)
    ]
    matches = [match for picture in pictures for match in picture.identifications if match is not None]
    thresholds = sorted({match.threshold.name for match in matches})
    return Judged(
        decision=decide(seen, facts),
        notices=notices,
        people=sorted(people_in(seen)),
        named=sorted(read_words(seen, facts).named),
        rewritten=safe_wording(seen, facts).as_json(),
        threshold=", ".join(thresholds),
        pictures=pictures,
    )


def facts_of(snapshot: Snapshot) -> Facts:
    """What the policy needs of the register."""
    return Facts(snapshot.day, snapshot.channel, snapshot.people, _rights(snapshot), snapshot.naming)


def _rights(snapshot: Snapshot) -> OwnRights:
    school = snapshot.profile
    return OwnRights(
        schools=tuple(filter(None, (school.name, *school.short_names, school.domain, *school.emails, *school.handles))),
        staff=tuple(
            StaffName(tuple(filter(None, (name.given, name.known_as))), name.family, name.title)
            for name in snapshot.names
            if not name.pupil
        ),
        details=(school.address, school.postcode, *school.classes),
    )


def identify_faces(findings: PictureFindings, gallery: Gallery | None) -> tuple[Identification | None, ...]:
    """Each face compared with the gallery; None for a face without a template, and where nobody may be recognised."""
    if gallery is None:
        return (None,) * len(findings.faces)
    return tuple(None if face.template is None else identify(face.template, gallery) for face in findings.faces)


@lru_cache(maxsize=4)
def index_of(names: tuple[RegisteredName, ...]) -> RegisterNames:
    """The register's names made ready for matching; kept while the register stays as it is."""
    return RegisterNames.build(names)


def text_fields(view: DraftView, looked: Sequence[PictureFindings]) -> tuple[TextField, ...]:
    """Every piece of text in the draft: what was written, file names, what pictures say and what their files carry."""
    fields = [TextField(FieldName.CAPTION, view.draft.caption), TextField(FieldName.HASHTAGS, view.draft.hashtags)]
    for picture, findings in zip(view.pictures, looked, strict=True):
        number = picture.number
        fields.append(TextField(FieldName.ALT, picture.alt_text, number))
        fields.append(TextField(FieldName.FILENAME, picture.file_name, number))
        fields += _lines(number, findings)
        fields += _codes(number, findings)
    for picture, findings in zip(view.pictures, looked, strict=True):  # last: what is published is read before it
        number = picture.number
        fields += [TextField(FieldName.METADATA, item.text, number, part) for part, item in _readable(findings)]
        hidden = [(part, text) for part, found in enumerate(findings.hidden) for text in found.texts]
        fields += [TextField(FieldName.HIDDEN, text, number, part) for part, text in hidden[:HIDDEN_FIELDS]]
    return tuple(field for field in fields if field.text)


def _lines(number: int, findings: PictureFindings) -> Iterator[TextField]:
    for part, line in enumerate(findings.texts):
        corners = (line.box.left, line.box.top, line.box.right, line.box.bottom)
        yield TextField(FieldName.OCR, line.text, number, part, corners)
        for other in line.others:
            yield TextField(FieldName.OCR, other, number, part, corners, another=True)


def _codes(number: int, findings: PictureFindings) -> Iterator[TextField]:
    for part, code in enumerate(findings.barcodes):
        corners = (code.box.left, code.box.top, code.box.right, code.box.bottom)
        yield TextField(FieldName.BARCODE, code.text or "", number, part, corners, symbology=code.symbology)


def _readable(findings: PictureFindings) -> list[tuple[int, MetadataItem]]:
    items = [(part, item) for part, item in enumerate(findings.metadata) if item.kind in READ_METADATA]
    return sorted(items, key=lambda each: READ_METADATA.index(each[1].kind))[:METADATA_FIELDS]


def findings_to_json(findings: PictureFindings) -> dict[str, Any]:
    """What was found in one picture as callers see it (`gatepost inspect --json`): no template, no pixels."""
    return {
        "width": findings.width,
        "height": findings.height,
        "format": findings.format,
        "faces": [_face_to_json(face) for face in findings.faces],
        "texts": [_text_to_json(text) for text in findings.texts],
        "codes": [
            {"box": code.box.as_list(), "symbology": code.symbology, "text": code.text} for code in findings.barcodes
        ],
        "text_search": _search_to_json(findings.text_search),
        "metadata": [{"kind": item.kind.value, "where": item.where, "text": item.text} for item in findings.metadata],
        "hidden": [_hidden_to_json(picture) for picture in findings.hidden],
        "problems": [{"code": problem.code.value, "because": problem.because} for problem in findings.problems],
    }


def _text_to_json(text: PictureText) -> dict[str, Any]:
    """`others`, further readings of the line, only where there are any."""
    told = {"box": text.box.as_list(), "text": text.text, "score": round(text.score, 4)}
    return told | ({"others": list(text.others)} if text.others else {})


def _search_to_json(search: TextReading | None) -> dict[str, Any] | None:
    """What was tried to read text; None where text was not looked for."""
    if search is None:
        return None
    unread = [box.as_list() for box in search.unread]
    return {"readers": list(search.readers), "closer": search.closer, "again": search.again, "unread": unread}


def _hidden_to_json(picture: HiddenPicture) -> dict[str, Any]:
    return {
        "kind": picture.kind.value,
        "where": picture.where,
        "faces": picture.faces,
        "texts": list(picture.texts),
        "looked_at": picture.looked_at,
    }


def _face_to_json(face: Face) -> dict[str, Any]:
    """`doubtful`: it may be no face. `quality`: height in pixels, sharpness, turn aside and tilt (degrees), or null."""
    quality = face.quality
    return {
        "box": face.box.as_list(),
        "detection_score": round(face.detection_score, 4),
        "doubtful": face.doubtful,
        "quality": None
        if quality is None
        else {
            "height_px": quality.height_px,
            "sharpness": round(quality.sharpness, 4),
            "yaw": round(quality.yaw, 3),
            "roll": round(quality.roll, 1),
        },
    }
