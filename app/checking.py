"""The flow of one draft, where the packages meet: gather, look, decide, record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlmodel import Session

from app import audit, faults, jobs
from app.actors import system
from app.blobs import PictureStore
from app.db import reading, writing
from app.drafts import DraftView, find, original_name, released_name
from app.judging import Judged, findings_to_json, judge_draft
from app.keys import watching
from app.models import AuditTag, DecisionRecord, Draft, DraftStatus
from app.notices import faces_only_counted, looked_for_words
from app.policy import POLICY_VERSION
from app.reasons import Decision, reason_to_json
from app.recognition import RecognitionAllowed
from captions.tagger import PersonTagger
from consent.facts import today
from consent.recognition import Ruling
from consent.register import Register, Snapshot
from vision.findings import Box, PictureFindings
from vision.inspection import InspectionRequest, Inspector

ROUNDS = 3  # how often a decision is made anew because the register changed under it, before it holds the lock


class RegisterMoved(Exception):
    """The register or the day changed since the snapshot: what was decided on it is void."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Everything that looks; made once per worker."""

    pictures: Inspector
    tagger: PersonTagger | None = None
    tagger_version: str = ""

    def versions(self) -> dict[str, str]:
        """What each decision names as having looked; `names` only where a tagger did."""
        return self.pictures.versions() | ({"names": self.tagger_version} if self.tagger is not None else {})


def check(
    engine: Engine, store: PictureStore, looker: Looker, claimed: jobs.Claim, still_wanted: Callable[[], None]
) -> Decision:
    """Check one claimed draft and record its one decision; `still_wanted` is called between pictures and may raise."""
    with reading(engine) as session:
        draft = session.get_one(Draft, claimed.draft_id)
        view = find(session, system(draft.school_id), draft.id)
    looked, with_templates = _look(engine, store, looker, claimed, view, still_wanted)
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
                ruling = snapshot.recognition.ruling(draft.taken_of)
                ran = ruling if with_templates else ruling.seen_without()
                _record(session, view, judged, snapshot, looker.versions(), looked, ran, looker.tagger)
                watching.watch(session, draft, view.pictures, judged.pictures, judged.decision)
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
) -> tuple[list[PictureFindings], bool]:
    """What is in each picture, and whether templates were made for all of them; else there is none for any.

    Whether faces may be recognised is asked before each picture: once they may not, no further template is made.
    """
    looked: list[PictureFindings] = []
    allowed = RecognitionAllowed(engine, view.draft)
    side = _released_side(engine, view.draft.school_id)
    templates = True
    for picture in view.pictures:
        still_wanted()
        content = store.get(view.draft.id, original_name(picture.number))
        templates = templates and allowed()
        covers = tuple(Box(*cover) for cover in picture.covers)
        request = InspectionRequest(covers, templates=templates, release_side=side)
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
    return looked if templates else [_without_templates(findings) for findings in looked], templates


def _released_side(engine: Engine, school_id: str) -> int:
    """Read once for a draft, so that all its pictures are released alike."""
    with reading(engine) as session:
        return Register(session, school_id).released_side()


def _without_templates(findings: PictureFindings) -> PictureFindings:
    return replace(findings, faces=tuple(replace(face, template=None) for face in findings.faces))


def _record(
    session: Session,
    view: DraftView,
    judged: Judged,
    snapshot: Snapshot,
    versions: dict[str, str],
    looked: Sequence[PictureFindings],
    ran: Ruling,
    tagger: PersonTagger | None,
) -> None:
    counted = [
        notice
        for picture, findings in zip(view.pictures, looked, strict=True)
        for notice in faces_only_counted(picture.number, findings, ran)
    ]
    session.add(
        DecisionRecord(
            draft_id=view.draft.id,
            outcome=judged.decision.outcome,
            reasons=[reason_to_json(reason) for reason in judged.decision.reasons],
            notices=judged.notices + counted,
            people=judged.people,
            named=judged.named,
            rewritten=judged.rewritten,
            looked_for=looked_for_words(tagger),
            versions={**versions, "threshold": judged.threshold, "recognition": ran.in_words()},
            policy_version=POLICY_VERSION,
            register_version=snapshot.register_version,
            decided_for=snapshot.day.isoformat(),
        )
    )
    session.get_one(Draft, view.draft.id).status = DraftStatus.DECIDED.value
    session.flush()
