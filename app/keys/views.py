"""The pages of keys and alerts as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.actors import KeyScope
from app.keys import keys
from app.keys.alerts import AlertKind
from app.keys.keys import KeyState
from app.keys.quotas import Quota
from app.keys.tables import Alert, ApiKey
from app.pages.words import Verbatim, count, day_words, moment_words
from consent.facts import LONDON

SCOPES: Mapping[KeyScope, str] = {
    KeyScope.DRAFTS_WRITE: "Hand in drafts, and change them",
    KeyScope.DRAFTS_READ: "Read the decisions on drafts that came in with a key, and fetch their safe files",
    KeyScope.REGISTER_READ: "Read the register, and exactly why a face is not cleared",
    KeyScope.REGISTER_WRITE: "Change the register",
    KeyScope.PUBLICATIONS_WRITE: "Record what was published",
    KeyScope.AUDIT_READ: "Read the audit trail",
}
TONES = {KeyState.IN_FORCE: "clear", KeyState.EXCHANGED: "wait", KeyState.EXPIRED: "none", KeyState.REVOKED: "stop"}
ALERTS: Mapping[AlertKind, tuple[str, str]] = {
    AlertKind.GUESSING: (
        "Many answers about faces did not fit what was recognised",
        "{count} times in a day. Somebody may be trying names on a face. Ask them what they were doing.",
    ),
    AlertKind.REASKING: (
        "Answers about the faces of one draft were changed again and again",
        "{count} times in a day. Somebody may be trying one name after another. Ask them what they were doing.",
    ),
    AlertKind.LONE_FACES: (
        "Many drafts with one face each, and hardly anything fetched to be published",
        "{count} drafts in a day. Somebody may be asking who may be shown, and not posting. Ask them what these were.",
    ),
    AlertKind.SAME_PICTURE: (
        "One picture was handed in again and again",
        "{count} times in a day. Look at what was changed between them.",
    ),
    AlertKind.USED_UP: (
        "A limit was reached",
        "{count} {what}. What came after it was refused. If the work is honest, ask IT to raise the limit.",
    ),
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    id: str
    name: str
    shown: str  # the part of the key that may be shown
    state: str
    tone: str
    scopes: tuple[str, ...]
    facts: tuple[str, ...]
    rotatable: bool
    revocable: bool


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class NewKeyView:
    name: Verbatim
    scopes: tuple[ScopeChoice, ...]
    expires: str  # ISO, for the field
    first: str
    last: str
    error: str


@dataclass(frozen=True, slots=True)
class AlertView:
    id: str
    title: str
    words: str
    who: str
    raised: str
    seen: str  # "" until somebody has looked at it
    draft: str


def key_line(key: ApiKey, at: datetime, today: date) -> KeyLine:
    state = keys.state_of(key, at)
    ends = day_words((key.expires_at - timedelta(seconds=1)).astimezone(LONDON).date())
    words = {
        KeyState.IN_FORCE: f"In force until {ends}",
        KeyState.EXCHANGED: f"Exchanged for a new key; this one goes on until {ends}",
        KeyState.EXPIRED: f"Ended on {ends}",
        KeyState.REVOKED: "Revoked",
    }
    used = f"Last used {moment_words(key.last_used_at, today)}" if key.last_used_at else "Never used"
    return KeyLine(
        id=key.id,
        name=key.name,
        shown=f"gp_{key.prefix}_…",
        state=words[state],
        tone=TONES[state],
        scopes=tuple(SCOPES[KeyScope(scope)] for scope in key.scopes),
        facts=(f"Made {moment_words(key.made_at, today)}", used),
        rotatable=state is KeyState.IN_FORCE,
        revocable=state in (KeyState.IN_FORCE, KeyState.EXCHANGED),
    )


def new_key_view(
    today: date, name: str = "", scopes: Sequence[str] = (), expires: str = "", error: str = ""
) -> NewKeyView:
    """The form for a new key; what was typed before stands in it again."""
    return NewKeyView(
        name=Verbatim(name),
        scopes=tuple(ScopeChoice(scope.value, words, scope.value in scopes) for scope, words in SCOPES.items()),
        expires=expires or (today + keys.LIFE).isoformat(),
        first=(today + timedelta(days=1)).isoformat(),
        last=(today + keys.LONGEST_LIFE - timedelta(days=1)).isoformat(),
        error=error,
    )


def alert_view(alert: Alert, names: Mapping[str, str], quotas: Sequence[Quota], today: date) -> AlertView:
    """`names` are those of people and keys by Actor.ref."""
    title, words = ALERTS[AlertKind(alert.kind)]
    what = next((quota.what for quota in quotas if quota.name == alert.details.get("quota")), "in a day")
    return AlertView(
        id=alert.id,
        title=title,
        words=words.format(count=f"{int(alert.details.get('count', 0)):,}", what=what),
        who=names.get(alert.about, "Somebody who is no longer here"),
        raised=moment_words(alert.raised_at, today),
        seen=f"Seen by {names.get(alert.seen_by or '', 'somebody')}, {moment_words(alert.seen_at, today)}"
        if alert.seen_at
        else "",
        draft=str(alert.details.get("draft", "")),
    )


def waiting_words(alerts: Sequence[AlertView]) -> str:
    waiting = sum(not alert.seen for alert in alerts)
    return f"{count(waiting, 'alert')} nobody has looked at yet." if waiting else "Nothing waits to be looked at."
