"""Whose signature counts on a checkpoint: a key kept outside, or the school's own, as only the vault can give it."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, select

from app.audit.checkpoints import public_hex
from app.audit.tables import AuditKey
from consent.vault.errors import Erased, KeyUnavailable, SealBroken


@dataclass(frozen=True, slots=True)
class Signer:
    """The public key that counts. `problem`: the school's key is not what it was; `unchecked`: it cannot be told."""

    public_key: str | None = None
    problem: str = ""
    unchecked: str = ""


def signer_of(session: Session, school_id: str, given: str | None = None) -> Signer:
    """The key in the row alone proves nothing: whoever has the database can write another. Its sealed half does."""
    if given is not None:
        return Signer(given.lower())
    try:
        row = session.exec(select(AuditKey).where(AuditKey.school_id == school_id)).first()
        if row is None:
            return Signer(unchecked="There is no signing key in the database: whose signatures count cannot be told.")
        public = public_hex(Ed25519PrivateKey.from_private_bytes(row.private_key))
    except KeyUnavailable as error:
        return Signer(unchecked=f"{error} Without it give the public key with --public-key.")
    except (SealBroken, Erased, ValueError, TypeError):
        return Signer(problem="The signing key in the database was exchanged or damaged.")
    if public != row.public_key:
        return Signer(public, problem="The public key in the database is not that of the sealed signing key.")
    return Signer(public)
