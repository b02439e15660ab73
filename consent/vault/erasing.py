"""Erasing what a data key sealed. The key goes with the rows, so that copies of them can never be opened again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from consent.models import Enrolment
from consent.vault.envelope import OwnerKind
from consent.vault.tables import FileKind, PersonFile
from consent.vault.vault import vault_of


def erase_face(session: Session, school_id: str, person_id: str) -> int:
    """Erase a person's templates and reference photos and the key of both; how many templates there were.

    The photos' files are left to the sweep: nobody can open them any more.
    """
    _erase_files(session, school_id, person_id, (FileKind.REFERENCE,))
    mine = select(Enrolment).where(col(Enrolment.school_id) == school_id, col(Enrolment.person_id) == person_id)
    templates = session.scalars(mine).all()
    for template in templates:
        session.delete(template)
    session.flush()
    vault_of(session).destroy(session.connection(), OwnerKind.FACE, person_id)
    return len(templates)


def erase_scans(session: Session, school_id: str, person_id: str) -> int:
    """Erase the scans of a person's written answers and their key; how many there were."""
    count = _erase_files(session, school_id, person_id, (FileKind.EVIDENCE,))
    vault_of(session).destroy(session.connection(), OwnerKind.PERSON, person_id)
    return count


def _erase_files(session: Session, school_id: str, person_id: str, kinds: Collection[FileKind]) -> int:
    mine = select(PersonFile).where(col(PersonFile.school_id) == school_id, col(PersonFile.person_id) == person_id)
    files = session.scalars(mine.where(col(PersonFile.kind).in_([kind.value for kind in kinds]))).all()
    for file in files:
        session.delete(file)
    session.flush()
    return len(files)
