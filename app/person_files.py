"""Files of people: the photo that each reference was made from, and scans of written answers. Sealed on the disk.

A row says that a file is there; it is written in the transaction that puts the file on the disk. A file without a row
is nobody's and is swept away.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Session, col, select

from app.blobs import sync_folder, write_for_good
from app.errors import NotFound
from consent.models import Person
from consent.vault.envelope import Owner, Place, seal
from consent.vault.errors import Erased
from consent.vault.tables import FileKind, PersonFile
from consent.vault.vault import vault_of

PLACE = "people"


class PersonFiles:
    """Bytes by person and file. Every method works in the caller's transaction."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(
        self,
        session: Session,
        person: Person,
        kind: FileKind,
        content: bytes,
        media_type: str,
        enrolment_id: str | None = None,
    ) -> PersonFile:
        """Keep the bytes, sealed under the person's key for this kind of file."""
        row = PersonFile(
            school_id=person.school_id,
            person_id=person.id,
            kind=kind.value,
            media_type=media_type,
            size=len(content),
            enrolment_id=enrolment_id,
        )
        vault = vault_of(session)
        key = vault.ensure(session.connection(), Owner(kind.owner_kind, person.school_id, person.id))
        path = self._path(row)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_for_good(path, seal(key, Place(PLACE, row.id), content))
        sync_folder(self._folder)
        session.add(row)
        session.flush()
        return row

    def get(self, session: Session, school_id: str, file_id: str) -> tuple[PersonFile, bytes]:
        """One file; another school's does not exist. Raises NotFound, SealBroken."""
        row = self._row(session, school_id, file_id)
        try:
            sealed = self._path(row).read_bytes()
            owner = Owner(FileKind(row.kind).owner_kind, row.school_id, row.person_id)
            return row, vault_of(session).open(session, owner, Place(PLACE, row.id), sealed)
        except (FileNotFoundError, Erased):
            raise NotFound("This file was erased.") from None

    def list(
        self, session: Session, school_id: str, person_id: str, kind: FileKind | None = None
    ) -> Sequence[PersonFile]:
        """The person's files, oldest first."""
        mine = select(PersonFile).where(PersonFile.school_id == school_id, PersonFile.person_id == person_id)
        if kind is not None:
            mine = mine.where(PersonFile.kind == kind.value)
        return session.exec(mine.order_by(col(PersonFile.added_at), col(PersonFile.id))).all()

    def remove(self, session: Session, school_id: str, file_id: str) -> None:
        """Remove one file: its row now, its bytes once that is committed."""
        row = self._row(session, school_id, file_id)
        path = self._path(row)
        session.delete(row)
        session.flush()
        event.listen(session, "after_commit", lambda _: path.unlink(missing_ok=True), once=True)

    def sweep(self, session: Session) -> int:
        """Remove files that have no row, and what half a write left behind; returns how many.

        The session holds the write lock, so no row can be on its way.
        """
        if not self._folder.is_dir():
            return 0
        known = {(row.person_id, row.id) for row in session.exec(select(PersonFile))}
        removed = 0
        for folder in self._folder.iterdir():
            for path in folder.iterdir():
                if (folder.name, path.name) not in known:
                    path.unlink(missing_ok=True)
                    removed += 1
            if not any(folder.iterdir()):
                folder.rmdir()
        return removed

    def _row(self, session: Session, school_id: str, file_id: str) -> PersonFile:
        row = session.get(PersonFile, file_id)
        if row is None or row.school_id != school_id:
            raise NotFound("There is no such file. It may have been removed.")
        return row

    def _path(self, row: PersonFile) -> Path:
        return self._folder / row.person_id / row.id
