"""API keys: made, found by what a request brings, revoked."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, select

from app.actors import Actor, ActorKind, KeyScope
from app.keys.tables import ApiKey
from consent.models import now

PREFIX_LENGTH = 12
SHAPE = re.compile(rf"gp_([a-z0-9]{{{PREFIX_LENGTH}}})_([A-Za-z0-9_-]{{43}})", re.ASCII)
LIFE = timedelta(days=365)


def create(
    session: Session,
    school_id: str,
    name: str,
    scopes: Collection[KeyScope],
    made_by: str,
    at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown once and kept nowhere."""
    prefix = "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(PREFIX_LENGTH))
    text = f"gp_{prefix}_{secrets.token_urlsafe(32)}"
    moment = at or now()
    key = ApiKey(
        school_id=school_id,
        name=name,
        prefix=prefix,
        secret_sha256=_hashed(text),
        scopes=sorted(scope.value for scope in scopes),
        made_by=made_by,
        made_at=moment,
        expires_at=moment + LIFE,
    )
    session.add(key)
    return key, text


def resolve(session: Session, text: str, at: datetime | None = None) -> Actor | None:
    """Whose key this is; None where it is unknown, expired or revoked."""
    found = SHAPE.fullmatch(text)
    key = session.exec(select(ApiKey).where(ApiKey.prefix == found[1])).first() if found else None
    if key is None or not hmac.compare_digest(key.secret_sha256, _hashed(text)):
        return None
    if key.revoked_at is not None or key.expires_at <= (at or now()):
        return None
    scopes = frozenset(KeyScope(scope) for scope in key.scopes)
    return Actor(ActorKind.KEY, key.school_id, key.id, key.name, scopes=scopes)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
