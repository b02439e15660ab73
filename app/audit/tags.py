"""What can stand in the audit trail: the tags, and for each the details it may carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

# Ids, codes, versions, days, digests: no spaces, so no sentence and no full name can stand in one.
PLAIN = re.compile(r"[A-Za-z0-9:_.,/+#-]{0,128}", re.ASCII)


class AuditTag(StrEnum):
    DRAFT_RECEIVED = "draft:received"
    DRAFT_DECIDED = "draft:decided"
    DRAFT_FAILED = "draft:failed"
    DRAFT_VIEWED = "draft:viewed"  # by somebody whose draft it is not
    DRAFT_ERASED = "draft:erased"
    PICTURE_RELEASED = "picture:released"
    FACE_ANSWERED = "face:answered"
    WORD_ANSWERED = "word:answered"
    RECOGNITION_CHANGED = "recognition:changed"
    NAMING_CHANGED = "naming:changed"
    RELEASED_SIDE_CHANGED = "released-side:changed"
    REGISTER_VIEWED = "register:viewed"
    REGISTER_EXPORTED = "register:exported"
    RECORD_VIEWED = "record:viewed"
    PERSON_ADDED = "person:added"
    PERSON_CHANGED = "person:changed"
    PERSON_ERASED = "person:erased"
    FACE_ERASED = "face:erased"
    GUARDIAN_CHANGED = "guardian:changed"
    CONSENT_RECORDED = "consent:recorded"
    CONSENT_CHANGED = "consent:changed"
    CONSENT_WITHDRAWN = "consent:withdrawn"
    REFERENCE_ADDED = "reference:added"
    REFERENCE_REMOVED = "reference:removed"
    CHANNEL_CHANGED = "channel:changed"
    ROW_REMOVED = "row:removed"
    SIGNED_IN = "sign-in:done"
    SIGN_IN_REFUSED = "sign-in:refused"
    ACCOUNT_LOCKED = "account:locked"
    SIGNED_OUT = "session:ended"
    SESSIONS_ENDED = "sessions:ended"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105
    CONFIRMED = "password:confirmed"
    SECOND_FACTOR_SET = "second-factor:set"
    SECOND_FACTOR_RESET = "second-factor:reset"
    RECOVERY_CODES_MADE = "recovery-codes:made"
    PROVIDER_LINKED = "provider:linked"
    INVITED = "invitation:made"
    INVITATION_ACCEPTED = "invitation:accepted"
    INVITATION_WITHDRAWN = "invitation:withdrawn"
    ROLES_CHANGED = "account:roles"
    ACCOUNT_SUSPENDED = "account:suspended"
    ACCOUNT_RESUMED = "account:resumed"
    KEY_MADE = "key:made"
    KEY_ROTATED = "key:rotated"
    KEY_REVOKED = "key:revoked"
    ENCRYPTION_KEY_ROTATED = "encryption-key:rotated"
    ALERT_RAISED = "alert:raised"
    ALERT_SEEN = "alert:seen"
    AUDIT_EXPORTED = "audit:exported"
    CHECKPOINT_MADE = "checkpoint:made"


# The details of each tag by name; a tag that is not here carries none.
DETAILS: Mapping[AuditTag, frozenset[str]] = MappingProxyType(
    {
        AuditTag.DRAFT_RECEIVED: frozenset({"pictures"}),
        AuditTag.DRAFT_DECIDED: frozenset({"outcome", "codes", "policy_version", "register_version", "attempts"}),
        AuditTag.DRAFT_FAILED: frozenset({"attempts"}),
        AuditTag.DRAFT_ERASED: frozenset({"pictures"}),
        AuditTag.PICTURE_RELEASED: frozenset({"picture", "sha256"}),
        AuditTag.FACE_ANSWERED: frozenset({"picture", "kind", "person_id"}),
        AuditTag.WORD_ANSWERED: frozenset({"field", "picture", "kind"}),
        AuditTag.RECOGNITION_CHANGED: frozenset({"before", "after"}),
        AuditTag.NAMING_CHANGED: frozenset({"before", "after"}),
        AuditTag.RELEASED_SIDE_CHANGED: frozenset({"before", "after"}),
        AuditTag.REGISTER_EXPORTED: frozenset({"people"}),
        AuditTag.PERSON_CHANGED: frozenset({"changed", "never_publish"}),
        AuditTag.PERSON_ERASED: frozenset({"templates", "scans"}),
        AuditTag.FACE_ERASED: frozenset({"templates"}),
        AuditTag.GUARDIAN_CHANGED: frozenset({"guardian_id", "parental_responsibility"}),
        AuditTag.CONSENT_RECORDED: frozenset({"consent_id", "about", "granted", "named_ok", "guardian_id"}),
        AuditTag.CONSENT_CHANGED: frozenset({"consent_id", "about", "changed"}),
        AuditTag.CONSENT_WITHDRAWN: frozenset({"consent_id", "about", "on"}),
        AuditTag.REFERENCE_ADDED: frozenset({"reference_id"}),
        AuditTag.REFERENCE_REMOVED: frozenset({"reference_id"}),
        AuditTag.CHANNEL_CHANGED: frozenset({"changed", "suspended"}),
        AuditTag.ROW_REMOVED: frozenset({"table"}),
        AuditTag.SIGN_IN_REFUSED: frozenset({"step"}),
        AuditTag.SIGNED_IN: frozenset({"provider"}),
        AuditTag.PROVIDER_LINKED: frozenset({"provider"}),
        AuditTag.INVITED: frozenset({"roles"}),
        AuditTag.ROLES_CHANGED: frozenset({"before", "after"}),
        AuditTag.KEY_MADE: frozenset({"scopes", "expires"}),
        AuditTag.KEY_ROTATED: frozenset({"successor", "overlap_days"}),
        AuditTag.ENCRYPTION_KEY_ROTATED: frozenset({"newest", "dropped", "rewrapped"}),
        AuditTag.ALERT_RAISED: frozenset({"kind", "about", "counted"}),
        AuditTag.AUDIT_EXPORTED: frozenset({"entries", "first", "last"}),
        AuditTag.CHECKPOINT_MADE: frozenset({"size", "root"}),
    }
)


class NotForTheTrail(ValueError):
    """An entry was to hold what may not stand in the audit trail."""


def checked(tag: AuditTag, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details as they may be kept; NotForTheTrail where one is unknown or may be a name or a sentence."""
    unknown = sorted(set(details) - DETAILS.get(tag, frozenset()))
    if unknown:
        raise NotForTheTrail(f"{tag} carries no detail {unknown[0]}")
    return {name: _plain(tag, name, value) for name, value in details.items()}


def _plain(tag: AuditTag, name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and PLAIN.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(tag, name, each) for each in value]
    if isinstance(value, dict) and all(isinstance(key, str) and PLAIN.fullmatch(key) for key in value):
        return {str(key): _plain(tag, name, each) for key, each in sorted(value.items())}
    raise NotForTheTrail(f"the detail {name} of {tag} may be no {type(value).__name__} like this")
