"""Checkpoints: a school's first n entries as one number, signed, to be kept where nobody of the school can change it.

What is signed (Ed25519) is `gatepost audit checkpoint v1`, a zero byte, and then, each with its length before it as in
app.audit.chain: the school's id, the size in decimal digits, the root in hexadecimal digits, the moment, and the
public key in hexadecimal digits.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.audit.chain import moment_text, with_lengths
from app.audit.fields import is_count, is_digest, is_id
from app.audit.merkle import root_of
from app.audit.recording import TABLE, record
from app.audit.tables import AuditCheckpoint, AuditKey
from app.audit.tags import AuditTag
from consent.models import now

DOMAIN = b"gatepost audit checkpoint v1\0"
FORMAT = "gatepost-checkpoint-1"
MOST_BYTES = 10_000  # of a checkpoint's file


class NoCheckpoint(ValueError):
    """A file is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`made_at` is text as in app.audit.chain; root, key and signature are hexadecimal digits."""

    school_id: str
    size: int
    root: str
    made_at: str
    public_key: str
    signature: str

    @property
    def signed(self) -> bytes:
        parts = (self.school_id, str(self.size), self.root, self.made_at, self.public_key)
        return DOMAIN + with_lengths(parts)

    @property
    def is_signed(self) -> bool:
        """Whether the signature is by the key that the checkpoint itself names."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def file_name(self) -> str:
        return f"gatepost-checkpoint-{self.school_id}-{self.size:09}.json"

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


def as_text(checkpoint: Checkpoint) -> str:
    return json.dumps(checkpoint.as_json(), indent=2) + "\n"


def from_text(text: str) -> Checkpoint:
    """The checkpoint of a file; raises NoCheckpoint. Whether it is signed is another question."""
    try:
        told = json.loads(text)
        if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
            raise NoCheckpoint("This is no checkpoint of Gatepost.")
        read = Checkpoint(**told)
        fits = is_id(read.school_id) and is_count(read.size) and is_digest(read.root)
        texts = all(isinstance(each, str) for each in (read.made_at, read.public_key, read.signature))
    except (ValueError, TypeError, RecursionError):
        fits = texts = False
    if not (fits and texts):
        raise NoCheckpoint("This is no checkpoint of Gatepost, or a part of it is missing.")
    return read


def read_file(path: Path) -> Checkpoint:
    """Raises NoCheckpoint and OSError."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NoCheckpoint("This file is too long for a checkpoint.")
    try:
        return from_text(content.decode())
    except UnicodeDecodeError:
        raise NoCheckpoint("This is no checkpoint of Gatepost.") from None


def of_row(row: AuditCheckpoint) -> Checkpoint:
    return Checkpoint(row.school_id, row.size, row.root, moment_text(row.made_at), row.public_key, row.signature)


def newest(session: Session, school_id: str) -> Checkpoint | None:
    row = session.exec(_mine(school_id).order_by(col(AuditCheckpoint.size).desc()).limit(1)).first()
    return of_row(row) if row else None


def all_of(session: Session, school_id: str) -> list[Checkpoint]:
    """Every checkpoint of the school, the smallest first."""
    return [of_row(row) for row in session.exec(_mine(school_id).order_by(col(AuditCheckpoint.size)))]


def _mine(school_id: str) -> Any:
    return select(AuditCheckpoint).where(AuditCheckpoint.school_id == school_id)


def make(
    session: Session, school_id: str, *, actor: str | None = None, at: datetime | None = None
) -> Checkpoint | None:
    """Sign the entries so far, in the caller's transaction, with an entry that says so; None: nothing was added since.

    An entry that tells of a checkpoint is not counted as something added.
    """
    last = newest(session, school_id)
    if not has_grown(session, school_id, last.size if last else 0):
        return None
    hashes = session.connection().execute(
        select_columns(TABLE.c.hash).where(TABLE.c.school_id == school_id).order_by(TABLE.c.sequence)
    )
    leaves = [bytes.fromhex(each) for each in hashes.scalars()]
    key, moment = signing_key(session, school_id), at or now()
    public = public_hex(key)
    unsigned = Checkpoint(school_id, len(leaves), root_of(leaves).hex(), moment_text(moment), public, "")
    row = AuditCheckpoint(
        school_id=school_id,
        size=unsigned.size,
        root=unsigned.root,
        made_at=moment,
        public_key=public,
        signature=key.sign(unsigned.signed).hex(),
    )
    session.add(row)
    told = {"size": row.size, "root": row.root}
    record(session, school_id, AuditTag.CHECKPOINT_MADE, school_id, actor=actor, **told)
    return of_row(row)


def has_grown(session: Session, school_id: str, size: int) -> bool:
    """Whether the trail has entries beyond the first `size` that tell of more than a checkpoint."""
    more = select_columns(TABLE.c.sequence).where(
        TABLE.c.school_id == school_id, TABLE.c.sequence > size, TABLE.c.tag != AuditTag.CHECKPOINT_MADE.value
    )
    return session.connection().execute(more.limit(1)).first() is not None


def signing_key(session: Session, school_id: str) -> Ed25519PrivateKey:
    """The school's key, made where there is none."""
    row = session.exec(select(AuditKey).where(AuditKey.school_id == school_id)).first()
    if row is not None:
        return Ed25519PrivateKey.from_private_bytes(row.private_key)
    key = Ed25519PrivateKey.generate()
    session.add(AuditKey(school_id=school_id, public_key=public_hex(key), private_key=key.private_bytes_raw()))
    session.flush()
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def write_file(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write the checkpoint's file, whole or not at all, unless it is there; raises OSError."""
    path = folder / checkpoint.file_name
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".checkpoint-", delete=False, encoding="utf-8") as file:
        file.write(as_text(checkpoint))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)
    return path
