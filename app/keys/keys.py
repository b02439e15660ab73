"""API keys: made, found by what a request brings, exchanged, revoked. A key belongs to one school."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from app import audit
from app.actors import Actor, ActorKind, KeyScope
from app.errors import BadForm, NotFound
from app.keys.errors import KeyNotInForce
from app.keys.secrets import NO_KEY, fits, new_secret, prefix_of
from app.keys.tables import ApiKey
from app.models import AuditTag
from consent.models import now

LIFE = timedelta(days=365)  # where nothing else is said
LONGEST_LIFE = timedelta(days=731)
OVERLAP_DAYS, LONGEST_OVERLAP_DAYS = 7, 30  # how long an exchanged key goes on beside its successor
USED_EVERY = timedelta(minutes=1)  # how exactly the last use is kept: not every request writes
NAME_LENGTH = 100


class KeyState(StrEnum):
    IN_FORCE = "in force"
    EXCHANGED = "exchanged"  # in force until its overlap ends
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made; `text` is shown once and kept nowhere."""

    key: ApiKey
    text: str


def create(
    session: Session,
    school_id: str,
    name: str,
    scopes: Collection[KeyScope],
    made_by: str,
    at: datetime | None = None,
    *,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The row of a new key, and its text; asks nothing and audits nothing: see `make`."""
    secret, moment = new_secret(), at or now()
    key = ApiKey(
        school_id=school_id,
        name=name,
        prefix=secret.prefix,
        secret_sha256=secret.digest,
        scopes=sorted(scope.value for scope in set(scopes)),
        made_by=made_by,
        made_at=moment,
        expires_at=expires_at or moment + LIFE,
    )
    session.add(key)
    session.flush()
    return key, secret.text


def make(
    session: Session,
    actor: Actor,
    name: str,
    scopes: Collection[KeyScope],
    *,
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> MadeKey:
    """A new key of the actor's school, audited; BadForm where it lacks a name, a scope or a day in reach."""
    moment, called = at or now(), " ".join(name.split())
    if not called:
        raise BadForm("Give the key a name that says what uses it, such as 'Website workflow'.")
    if len(called) > NAME_LENGTH:
        raise BadForm(f"The name of the key is longer than {NAME_LENGTH} characters. Shorten it.")
    if not scopes:
        raise BadForm("Choose at least one thing that the key may do.")
    until = expires_at or moment + LIFE
    if not moment < until <= moment + LONGEST_LIFE:
        raise BadForm("A key ends on a day from tomorrow on, at most two years from now. Choose another day.")
    key, text = create(session, actor.school_id, called, scopes, actor.ref, moment, expires_at=until)
    details = {"scopes": key.scopes, "expires": until.date().isoformat()}
    audit.record(session, actor.school_id, AuditTag.KEY_MADE, key.id, actor=actor.ref, **details)
    return MadeKey(key, text)


def resolve(session: Session, text: str, at: datetime | None = None) -> Actor | None:
    """Whose key this is; None where it is unknown, expired or revoked."""
    prefix = prefix_of(text)
    key = session.exec(select(ApiKey).where(ApiKey.prefix == prefix)).first() if prefix else None
    if not fits(text, key.secret_sha256 if key else NO_KEY) or key is None or not in_force(key, at or now()):
        return None
    scopes = frozenset(KeyScope(scope) for scope in key.scopes)
    return Actor(ActorKind.KEY, key.school_id, key.id, key.name, scopes=scopes)


def in_force(key: ApiKey, at: datetime) -> bool:
    return key.revoked_at is None and at < key.expires_at


def state_of(key: ApiKey, at: datetime) -> KeyState:
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if at >= key.expires_at:
        return KeyState.EXPIRED
    return KeyState.EXCHANGED if key.successor_id else KeyState.IN_FORCE


def stale(session: Session, key_id: str, at: datetime | None = None) -> bool:
    """Whether the last use of the key is to be written anew."""
    used = session.get_one(ApiKey, key_id).last_used_at
    return used is None or (at or now()) - used >= USED_EVERY


def touch(session: Session, key_id: str, at: datetime | None = None) -> None:
    """Keep the moment of the last use; it never goes back."""
    key, moment = session.get_one(ApiKey, key_id), at or now()
    if key.last_used_at is None or key.last_used_at < moment:
        key.last_used_at = moment


def listing(session: Session, school_id: str) -> list[ApiKey]:
    """All keys of the school, the newest first."""
    wanted = select(ApiKey).where(ApiKey.school_id == school_id)
    return list(session.exec(wanted.order_by(col(ApiKey.made_at).desc(), col(ApiKey.id))))


def find(session: Session, school_id: str, key_id: str) -> ApiKey:
    """The school's key with this id; NotFound for anybody else's."""
    key = session.get(ApiKey, key_id)
    if key is None or key.school_id != school_id:
        raise NotFound("There is no such key. Look at the list of keys again.")
    return key


def rotate(
    session: Session, actor: Actor, key_id: str, *, overlap_days: int = OVERLAP_DAYS, at: datetime | None = None
) -> MadeKey:
    """A successor with the same name, scopes and length of life; the old key goes on for so many days, 0 for none."""
    moment, old = at or now(), find(session, actor.school_id, key_id)
    if not 0 <= overlap_days <= LONGEST_OVERLAP_DAYS:
        raise BadForm(f"The old key can go on for 0 to {LONGEST_OVERLAP_DAYS} days.")
    if state_of(old, moment) is not KeyState.IN_FORCE:
        raise KeyNotInForce(f"This key is {state_of(old, moment)} already. Make a new one instead.")
    life = min(old.expires_at - old.made_at, LONGEST_LIFE)
    scopes = [KeyScope(scope) for scope in old.scopes]
    new, text = create(session, actor.school_id, old.name, scopes, actor.ref, moment, expires_at=moment + life)
    old.successor_id = new.id
    old.expires_at = min(old.expires_at, moment + timedelta(days=overlap_days))
    details = {"successor": new.id, "overlap_days": overlap_days}
    audit.record(session, actor.school_id, AuditTag.KEY_ROTATED, old.id, actor=actor.ref, **details)
    return MadeKey(new, text)


def revoke(session: Session, actor: Actor, key_id: str, *, at: datetime | None = None) -> ApiKey:
    """End the key at once: the next request that brings it is refused. What was revoked stays so."""
    key = find(session, actor.school_id, key_id)
    if key.revoked_at is None:
        key.revoked_at = at or now()
        audit.record(session, actor.school_id, AuditTag.KEY_REVOKED, key.id, actor=actor.ref)
    return key
