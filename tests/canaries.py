"""Looking for what must not be there: a text, a template or bytes, in every form in which they could be stored."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import numpy as np
from sqlalchemy import inspect
from sqlmodel import select

from app.blobs import PictureStore
from app.config import Settings
from app.db import open_engine, reading
from app.models import DecisionRecord, Draft, DraftPicture
from app.person_files import PersonFiles
from consent.models import Enrolment
from consent.vault.columns import Sealed
from consent.vault.tables import PersonFile

WINDOW = 24  # bytes of a template or a picture that count as found


def forms_of_text(text: str) -> list[bytes]:
    """The text in UTF-8, UTF-16, JSON, base64 at each of its three alignments, hexadecimal, and a URL."""
    plain = text.encode()
    forms = [plain, text.encode("utf-16-le"), text.encode("utf-16-be"), json.dumps(text)[1:-1].encode()]
    return [*forms, quote(text).encode(), plain.hex().encode(), *_base64(plain)]


def forms_of_bytes(content: bytes) -> list[bytes]:
    """Pieces from all over the bytes, as they are, in base64 and hexadecimal."""
    starts = range(0, max(1, len(content) - WINDOW), max(WINDOW, len(content) // 40))
    pieces = [content[at : at + WINDOW] for at in starts]
    pieces = [piece for piece in pieces if len(set(piece)) > WINDOW // 4]  # runs of zeros are everywhere
    return [form for piece in pieces for form in (piece, piece.hex().encode(), *_base64(piece))]


def forms_of_template(template: Sequence[float]) -> list[bytes]:
    """Pieces of the numbers as floats of 4 and 8 bytes, either way round, and as decimal text."""
    forms = []
    for kind in ("<f4", ">f4", "<f8", ">f8"):
        forms += forms_of_bytes(np.asarray(template, dtype=kind).tobytes())
    values = [float(np.float32(value)) for value in template]
    listed = [json.dumps(each)[1:-1].encode() for each in (values[:3], [float(value) for value in template][:3])]
    return [*forms, *listed]


def _base64(content: bytes) -> list[bytes]:
    """The middle of the base64 of the bytes wherever they begin within a longer whole."""
    found = []
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + content)
        found.append(encoded[4:-4] if before else encoded[:-4])
    return [each for each in found if len(each) >= 8]


def found_in(folders: Iterable[Path], canaries: Mapping[str, Iterable[bytes]]) -> dict[str, list[str]]:
    """In which files each canary is found, in any of its forms; canaries that are nowhere are left out."""
    contents = {
        str(path.relative_to(folder)): path.read_bytes() + path.name.encode()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    found = {
        name: [file for file, content in contents.items() if any(form in content for form in forms)]
        for name, forms in canaries.items()
    }
    return {name: files for name, files in found.items() if files}


def copied(settings: Settings, to: Path) -> Path:
    """What a thief or a backup gets: database, its log, pictures, files of people; not the key."""
    shutil.copytree(settings.data, to)
    return to


def unsealed_copy(settings: Settings, to: Path) -> Path:
    """The same with everything opened and written in the clear, to prove that what is looked for would be found."""
    shutil.copytree(settings.data, to, ignore=shutil.ignore_patterns("*.db-*"))
    engine = open_engine(settings)
    store, files = PictureStore(settings.pictures, engine), PersonFiles(settings.people)
    values: list[tuple[str, str, str, bytes | None]] = []
    with reading(engine) as session:
        for table in (Draft, DraftPicture, DecisionRecord, Enrolment):
            stored = inspect(table).local_table
            sealed = {column.name: column.type for column in stored.columns if isinstance(column.type, Sealed)}
            for row in session.exec(select(table)):
                row_id = str(inspect(row).identity[0])
                for name, kind in sealed.items():
                    value = getattr(row, name)
                    plain = None if value is None else kind.to_bytes(value)
                    values.append((str(stored), name, row_id, plain))
        for path in settings.pictures.rglob("*-*"):
            (to / "pictures" / path.parent.name / path.name).write_bytes(store.get(path.parent.name, path.name))
        for file in session.exec(select(PersonFile)):
            content = files.get(session, file.school_id, file.id)[1]
            (to / "people" / file.person_id / file.id).write_bytes(content)
    engine.dispose()
    with closing(sqlite3.connect(settings.database)) as source, closing(sqlite3.connect(to / "gatepost.db")) as target:
        source.backup(target)
        for table_name, column, row_id, plain in values:
            target.execute(f"update {table_name} set {column} = ? where id = ?", (plain, row_id))  # noqa: S608
        target.commit()
    return to
