"""The flow of one draft, where the packages meet: gather, look, decide, record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app import audit, faults, jobs
from app.blobs import PictureStore
from app.db import reading, writing
from app.drafts import DraftView, find, original_name, released_name
from app.models import AuditTag, DecisionRecord, Draft, DraftStatus
from app.notices import names_in_metadata, notices_of
from app.policy import POLICY_VERSION, DraftSeen, Facts, PictureSeen, decide
from app.reasons import Decision, reason_to_json
from captions.findings import FieldName, RegisteredName, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames
from captions.tagger import PersonTagger
from consent.facts import today
from consent.register import Register, Snapshot
from vision.findings import Box, MetadataItem, MetadataKind, PictureFindings
from vision.inspection import InspectionRequest, Inspector
from vision.matching import Gallery, Identification, Outcome, identify

READ_METADATA = frozenset({MetadataKind.NAME, MetadataKind.CAPTION, MetadataKind.COPYRIGHT})
METADATA_FIELDS = 50
ROUNDS = 3  # how often a decision is made anew because the register changed under it, before it holds the lock


class RegisterMoved(Exception):
    """The register or the day changed since the snapshot: what was decided on it is void."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Everything that looks; made once per worker."""

    pictures: Inspector
    tagger: PersonTagger | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision and all that is stored with it."""

    decision: Decision
    notices: list[dict[str, Any]]
    people: list[str]
    threshold: str


def check(
    engine: Engine, store: PictureStore, looker: Looker, claimed: jobs.Claim, still_wanted: Callable[[], None]
) -> Decision:
    """Check one claimed draft and record its one decision; `still_wanted` is called between pictures and may raise."""
    with reading(engine) as session:
        draft = session.get_one(Draft, claimed.draft_id)
        view = find(session, draft.school_id, draft.id)
    looked = _look(engine, store, looker, claimed, view, still_wanted)
    faults.point("looked")
    for left in reversed(range(ROUNDS)):
        with reading(engine) as session:
            snapshot = Register(session, draft.school_id).snapshot(draft.channel, today())
        judged = judge_draft(view, looked, snapshot, looker.tagger)
        faults.point("decided")
        try:
            with writing(engine) as session:
                job_still_ours = jobs.held(session, claimed)
                if not _unmoved(session, draft.school_id, snapshot):
                    if left:
                        raise RegisterMoved
                    snapshot = Register(session, draft.school_id).snapshot(draft.channel, today())
                    judged = judge_draft(view, looked, snapshot, looker.tagger)
                _record(session, view, judged, snapshot, looker.pictures.versions())
                jobs.finish(session, claimed)
                attempts = job_still_ours.attempts
                audit.record(
                    session,
                    draft.school_id,
                    AuditTag.DRAFT_DECIDED,
                    draft.id,
                    outcome=judged.decision.outcome,
                    codes=sorted({reason.code.value for reason in judged.decision.reasons}),
                    policy_version=POLICY_VERSION,
                    register_version=snapshot.register_version,
                    attempts=attempts,
                )
        except RegisterMoved:
            continue
        faults.point("recorded")
        return judged.decision
    raise AssertionError("the last round decides under the lock")


def _unmoved(session: Session, school_id: str, snapshot: Snapshot) -> bool:
    return Register(session, school_id).version() == snapshot.register_version and today() == snapshot.day


def _look(
    engine: Engine,
    store: PictureStore,
    looker: Looker,
    claimed: jobs.Claim,
    view: DraftView,
    still_wanted: Callable[[], None],
) -> list[PictureFindings]:
    looked: list[PictureFindings] = []
    for picture in view.pictures:
        still_wanted()
        content = store.get(view.draft.id, original_name(picture.number))
        request = InspectionRequest(covers=tuple(Box(*cover) for cover in picture.covers))
        findings = looker.pictures.inspect(content, request)
        looked.append(findings)
        if findings.released is not None:
            store.put(view.draft.id, released_name(picture.number), findings.released.content)
        with writing(engine) as session:
            jobs.held(session, claimed)
            kept = session.merge(picture)
            kept.findings = findings_to_json(findings)
            kept.released_sha256 = findings.released.sha256 if findings.released else None
            kept.released_media_type = findings.released.media_type if findings.released else None
            session.get_one(Draft, view.draft.id).pictures_done = len(looked)
    return looked


def judge_draft(
    view: DraftView, looked: Sequence[PictureFindings], snapshot: Snapshot, tagger: PersonTagger | None
) -> Judged:
    """The decision on what was seen, by the register as the snapshot holds it. No database, no pixels."""
    pictures = tuple(
        PictureSeen(number, findings, identify_faces(findings, snapshot.gallery))
        for number, findings in enumerate(looked, start=1)
    )
    fields = text_fields(view, looked)
    text = inspect(fields, index_of(snapshot.names), snapshot.profile, tagger)
    seen = DraftSeen(view.draft.channel, len(view.pictures), pictures, fields, text)
    notices = [notice for picture in pictures for notice in notices_of(picture.number, picture.findings)]
    matches = [match for picture in pictures for match in picture.identifications if match is not None]
    people = {match.candidates[0].subject_id for match in matches if match.outcome is Outcome.IDENTIFIED}
    thresholds = sorted({str(match.threshold.value) for match in matches})
    return Judged(
        decision=decide(seen, facts_of(snapshot)),
        notices=notices + names_in_metadata(fields, text),
        people=sorted(people),
        threshold=", ".join(thresholds),
    )


def facts_of(snapshot: Snapshot) -> Facts:
    """What the policy needs of the register."""
    staff = [name for name in snapshot.names if not name.pupil]
    credits = [f"{name.given} {name.family}" for name in staff]
    credits += [f"{name.title} {name.family}" for name in staff if name.title]
    credits += [snapshot.profile.name, *snapshot.profile.short_names]
    return Facts(snapshot.day, snapshot.channel, snapshot.people, tuple(credits))


def identify_faces(findings: PictureFindings, gallery: Gallery) -> tuple[Identification | None, ...]:
    """Each face compared with the gallery; None for a face without a template."""
    return tuple(None if face.template is None else identify(face.template, gallery) for face in findings.faces)


@lru_cache(maxsize=4)
def index_of(names: tuple[RegisteredName, ...]) -> RegisterNames:
    """The register's names made ready for matching; kept while the register stays as it is."""
    return RegisterNames.build(names)


def text_fields(view: DraftView, looked: Sequence[PictureFindings]) -> tuple[TextField, ...]:
    """Every piece of text in the draft: what was written, file names, what pictures and their metadata say."""
    fields = [TextField(FieldName.CAPTION, view.draft.caption), TextField(FieldName.HASHTAGS, view.draft.hashtags)]
    for picture, findings in zip(view.pictures, looked, strict=True):
        number = picture.number
        fields.append(TextField(FieldName.ALT, picture.alt_text, number))
        fields.append(TextField(FieldName.FILENAME, picture.file_name, number))
        fields += [TextField(FieldName.OCR, each.text, number, part) for part, each in enumerate(findings.texts)]
        fields += [TextField(FieldName.METADATA, item.text, number, part) for part, item in _readable(findings)]
    return tuple(field for field in fields if field.text)


def _readable(findings: PictureFindings) -> list[tuple[int, MetadataItem]]:
    items = [(part, item) for part, item in enumerate(findings.metadata) if item.kind in READ_METADATA]
    return items[:METADATA_FIELDS]


def _record(session: Session, view: DraftView, judged: Judged, snapshot: Snapshot, versions: dict[str, str]) -> None:
    session.add(
        DecisionRecord(
            draft_id=view.draft.id,
            outcome=judged.decision.outcome,
            reasons=[reason_to_json(reason) for reason in judged.decision.reasons],
            notices=judged.notices,
            people=judged.people,
            versions={**versions, "threshold": judged.threshold},
            policy_version=POLICY_VERSION,
            register_version=snapshot.register_version,
            decided_for=snapshot.day.isoformat(),
        )
    )
    session.get_one(Draft, view.draft.id).status = DraftStatus.DECIDED.value
    session.flush()


def findings_to_json(findings: PictureFindings) -> dict[str, Any]:
    """What was found in one picture as callers see it (`gatepost inspect --json`): no template, no pixels."""
    return {
        "width": findings.width,
        "height": findings.height,
        "format": findings.format,
        "faces": [
            {"box": face.box.as_list(), "detection_score": round(face.detection_score, 4)} for face in findings.faces
        ],
        "texts": [
            {"box": text.box.as_list(), "text": text.text, "score": round(text.score, 4)} for text in findings.texts
        ],
        "metadata": [{"kind": item.kind.value, "where": item.where, "text": item.text} for item in findings.metadata],
        "problems": [{"code": problem.code.value, "because": problem.because} for problem in findings.problems],
    }
