"""Erasure by destroying the data key: of one draft, and of what is kept of one person's face and answers."""

from __future__ import annotations

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from app import audit
from app.blobs import PictureStore
from app.db import writing
from app.errors import NotFound
from app.models import AuditTag, DecisionRecord, Draft, DraftPicture, Job
from app.person_files import PersonFiles
from app.sealing import empty_log
from consent.register import Register
from consent.vault.envelope import OwnerKind
from consent.vault.erasing import erase_face, erase_scans
from consent.vault.vault import vault_of


def revisions_of(session: Session, school_id: str, draft_id: str) -> list[str]:
    """Every other draft that was made from this one or that it was made from: they hold much the same."""
    pairs = session.exec(select(Draft.id, Draft.revision_of).where(Draft.school_id == school_id)).all()
    linked = [pair for pair in pairs if pair[1] is not None]
    found = {draft_id}
    while more := {end for pair in linked if found.intersection(pair) for end in pair if end} - found:
        found |= more
    return [each for each, _ in pairs if each in found and each != draft_id]


def erase_draft(engine: Engine, store: PictureStore, school_id: str, draft_id: str, *, actor: str) -> None:
    """Erase a draft: its texts, findings, decision and pictures, and the key of them all. A check of it ends.

    Drafts made from it stay. Raises NotFound.
    """
    with writing(engine) as session:
        draft = session.get(Draft, draft_id)
        if draft is None or draft.school_id != school_id:
            raise NotFound("There is no such draft. It may have been removed, or the address is mistyped.")
        mine = select(DraftPicture).where(DraftPicture.draft_id == draft_id)
        pictures = session.exec(mine).all()
        session.execute(update(Draft).where(col(Draft.revision_of) == draft_id).values(revision_of=None))
        for table in (Job, DecisionRecord):
            for row in session.exec(select(table).where(table.draft_id == draft_id)):
                session.delete(row)
        for picture in pictures:
            session.delete(picture)
        session.flush()
        session.delete(draft)
        session.flush()
        vault_of(session).destroy(session.connection(), OwnerKind.DRAFT, draft_id)
        audit.record(session, school_id, AuditTag.DRAFT_ERASED, draft_id, actor=actor, pictures=len(pictures))
    store.remove(draft_id)
    empty_log(engine)


def erase_face_data(engine: Engine, files: PersonFiles, school_id: str, person_id: str, *, actor: str) -> int:
    """Erase a person's templates and reference photos; how many templates there were. Raises NotInRegister."""
    with writing(engine) as session:
        Register(session, school_id).person(person_id)
        count = erase_face(session, school_id, person_id)
        audit.record(session, school_id, AuditTag.FACE_ERASED, person_id, actor=actor, templates=count)
    _sweep(engine, files)
    return count


def erase_person_data(engine: Engine, files: PersonFiles, school_id: str, person_id: str, *, actor: str) -> int:
    """Erase all that is sealed of a person, scans of their answers included; how many templates there were.

    The person and their answers stay in the register: whoever removes them does that first or afterwards.
    """
    with writing(engine) as session:
        Register(session, school_id).person(person_id)
        count = erase_face(session, school_id, person_id)
        scans = erase_scans(session, school_id, person_id)
        audit.record(session, school_id, AuditTag.PERSON_ERASED, person_id, actor=actor, templates=count, scans=scans)
    _sweep(engine, files)
    return count


def _sweep(engine: Engine, files: PersonFiles) -> None:
    """Files that lost their rows go at once."""
    with writing(engine) as session:
        files.sweep(session)
    empty_log(engine)
