"""What can happen, one tag for each kind of event, and in one table which details its entry may carry."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.actors import KeyScope, Role
from app.audit.fields import (
    Field,
    group_of,
    is_actor,
    is_code,
    is_count,
    is_day,
    is_digest,
    is_flag,
    is_id,
    is_version,
    list_of,
    misfits,
    one_of,
)
from consent.facts import NamingRule, RecognitionMode, Scope


class AuditTag(StrEnum):
    DRAFT_RECEIVED = "draft:received"
    DRAFT_DECIDED = "draft:decided"
    DRAFT_FAILED = "draft:failed"
    DRAFT_VIEWED = "draft:viewed"
    DRAFT_ERASED = "draft:erased"
    PICTURE_RELEASED = "picture:released"
    FACE_ANSWERED = "face:answered"
    WORD_ANSWERED = "word:answered"

    SIGNED_IN = "sign-in:done"
    SIGN_IN_REFUSED = "sign-in:refused"
    ACCOUNT_LOCKED = "account:locked"
    SIGNED_OUT = "session:ended"
    SESSIONS_ENDED = "sessions:ended"
    CONFIRMED = "password:confirmed"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105
    SECOND_FACTOR_SET = "second-factor:set"
    SECOND_FACTOR_RESET = "second-factor:reset"
    RECOVERY_CODES_MADE = "recovery-codes:made"
    PROVIDER_LINKED = "provider:linked"
    PROVIDER_UNLINKED = "provider:unlinked"
    INVITED = "invitation:made"
    INVITATION_ACCEPTED = "invitation:accepted"
    INVITATION_WITHDRAWN = "invitation:withdrawn"
    ROLES_CHANGED = "account:roles"
    ACCOUNT_DETAILS_CHANGED = "account:details"
    ACCOUNT_SUSPENDED = "account:suspended"
    ACCOUNT_RESUMED = "account:resumed"

    KEY_MADE = "key:made"
    KEY_ROTATED = "key:rotated"
    KEY_REVOKED = "key:revoked"
    ALERT_RAISED = "alert:raised"
    ALERT_SEEN = "alert:seen"

    REGISTER_VIEWED = "register:viewed"
    RECORD_VIEWED = "record:viewed"
    REGISTER_EXPORTED = "register:exported"
    IMPORT_APPLIED = "register:imported"
    CONSENT_RECORDED = "consent:recorded"
    CONSENT_WITHDRAWN = "consent:withdrawn"
    CONSENT_CHANGED = "consent:changed"
    CONSENT_REMOVED = "consent:removed"
    NEVER_PUBLISH_SET = "never-publish:set"
    GUARDIAN_CHANGED = "guardian:changed"
    ENROLLED = "face:enrolled"
    FACE_ERASED = "face:erased"
    PERSON_ERASED = "person:erased"

    RECOGNITION_CHANGED = "recognition:changed"
    NAMING_CHANGED = "naming:changed"
    RELEASED_SIDE_CHANGED = "released-side:changed"
    CHANNEL_CHANGED = "channel:changed"
    ENCRYPTION_KEY_ROTATED = "encryption-key:rotated"

    CHECKPOINT_MADE = "checkpoint:made"
    AUDIT_EXPORTED = "audit:exported"


# By the first part of a tag: what somebody who looks for an entry would call it.
GROUPS: Mapping[str, tuple[AuditTag, ...]] = MappingProxyType(
    {
        "drafts": (
            AuditTag.DRAFT_RECEIVED,
            AuditTag.DRAFT_DECIDED,
            AuditTag.DRAFT_FAILED,
            AuditTag.DRAFT_VIEWED,
            AuditTag.DRAFT_ERASED,
            AuditTag.PICTURE_RELEASED,
            AuditTag.FACE_ANSWERED,
            AuditTag.WORD_ANSWERED,
        ),
        "accounts": (
            AuditTag.SIGNED_IN,
            AuditTag.SIGN_IN_REFUSED,
            AuditTag.ACCOUNT_LOCKED,
            AuditTag.SIGNED_OUT,
            AuditTag.SESSIONS_ENDED,
            AuditTag.CONFIRMED,
            AuditTag.PASSWORD_CHANGED,
            AuditTag.SECOND_FACTOR_SET,
            AuditTag.SECOND_FACTOR_RESET,
            AuditTag.RECOVERY_CODES_MADE,
            AuditTag.PROVIDER_LINKED,
            AuditTag.PROVIDER_UNLINKED,
            AuditTag.INVITED,
            AuditTag.INVITATION_ACCEPTED,
            AuditTag.INVITATION_WITHDRAWN,
            AuditTag.ROLES_CHANGED,
            AuditTag.ACCOUNT_DETAILS_CHANGED,
            AuditTag.ACCOUNT_SUSPENDED,
            AuditTag.ACCOUNT_RESUMED,
        ),
        "keys": (
            AuditTag.KEY_MADE,
            AuditTag.KEY_ROTATED,
            AuditTag.KEY_REVOKED,
            AuditTag.ALERT_RAISED,
            AuditTag.ALERT_SEEN,
        ),
        "register": (
            AuditTag.REGISTER_VIEWED,
            AuditTag.RECORD_VIEWED,
            AuditTag.REGISTER_EXPORTED,
            AuditTag.IMPORT_APPLIED,
            AuditTag.CONSENT_RECORDED,
            AuditTag.CONSENT_WITHDRAWN,
            AuditTag.CONSENT_CHANGED,
            AuditTag.CONSENT_REMOVED,
            AuditTag.NEVER_PUBLISH_SET,
            AuditTag.GUARDIAN_CHANGED,
            AuditTag.ENROLLED,
            AuditTag.FACE_ERASED,
            AuditTag.PERSON_ERASED,
        ),
        "settings": (
            AuditTag.RECOGNITION_CHANGED,
            AuditTag.NAMING_CHANGED,
            AuditTag.RELEASED_SIDE_CHANGED,
            AuditTag.CHANNEL_CHANGED,
            AuditTag.ENCRYPTION_KEY_ROTATED,
        ),
        "trail": (AuditTag.CHECKPOINT_MADE, AuditTag.AUDIT_EXPORTED),
    }
)

_SETTING = group_of(mode=one_of(RecognitionMode), dpia_on=is_day, dpo_advice_on=is_day, consulted_on=is_day)
_CONSENT: dict[str, Field] = {"consent": is_id, "scope": one_of([*Scope, "recognition"]), "granted": is_flag}
_NOTHING: dict[str, Field] = {}

_OF_SOME: dict[AuditTag, Mapping[str, Field]] = {
    AuditTag.DRAFT_RECEIVED: {"pictures": is_count},
    AuditTag.DRAFT_DECIDED: {
        "outcome": one_of(["publish", "block"]),
        "codes": list_of(is_code),
        "policy_version": is_version,
        "register_version": is_count,
        "attempts": is_count,
    },
    AuditTag.DRAFT_FAILED: {"attempts": is_count},
    AuditTag.DRAFT_VIEWED: {"people": list_of(is_id)},
    AuditTag.DRAFT_ERASED: {"pictures": is_count},
    AuditTag.PICTURE_RELEASED: {"picture": is_count, "sha256": is_digest},
    AuditTag.FACE_ANSWERED: {"picture": is_count, "kind": is_code, "person_id": is_id},
    AuditTag.WORD_ANSWERED: {"picture": is_count, "field": is_code, "kind": is_code},
    AuditTag.SIGNED_IN: {"step": one_of(["password", "code", "provider"])},  # the last of its factors
    AuditTag.SIGN_IN_REFUSED: {
        "step": one_of(["password", "code", "confirm", "no-account", "suspended"]),
        "provider": is_code,
    },
    AuditTag.CONFIRMED: {"provider": is_code},
    AuditTag.PROVIDER_LINKED: {"provider": is_code},
    AuditTag.INVITED: {"roles": list_of(one_of(Role))},
    AuditTag.ROLES_CHANGED: {"before": list_of(one_of(Role)), "after": list_of(one_of(Role))},
    AuditTag.KEY_MADE: {"scopes": list_of(one_of(KeyScope)), "expires": is_day},
    AuditTag.KEY_ROTATED: {"successor": is_id, "overlap_days": is_count},
    AuditTag.ALERT_RAISED: {
        "kind": is_code,
        "about": is_actor,
        "counted": group_of(count=is_count, day=is_day, draft=is_id, quota=is_code),
    },
    AuditTag.REGISTER_EXPORTED: {"rows": is_count},
    AuditTag.IMPORT_APPLIED: {"lines": is_count, "sha256": is_digest},
    AuditTag.CONSENT_RECORDED: _CONSENT,
    AuditTag.CONSENT_WITHDRAWN: {**_CONSENT, "on": is_day},
    AuditTag.CONSENT_CHANGED: {**_CONSENT, "changed": list_of(is_code)},
    AuditTag.CONSENT_REMOVED: _CONSENT,
    AuditTag.NEVER_PUBLISH_SET: {"after": is_flag},
    AuditTag.GUARDIAN_CHANGED: {"guardian": is_id, "parental_responsibility": is_flag, "removed": is_flag},
    AuditTag.ENROLLED: {"enrolment": is_id},
    AuditTag.FACE_ERASED: {"templates": is_count},
    AuditTag.PERSON_ERASED: {"templates": is_count, "scans": is_count},
    AuditTag.RECOGNITION_CHANGED: {"before": _SETTING, "after": _SETTING},
    AuditTag.NAMING_CHANGED: {"before": one_of(NamingRule), "after": one_of(NamingRule)},
    AuditTag.RELEASED_SIDE_CHANGED: {"before": is_count, "after": is_count},
    AuditTag.CHANNEL_CHANGED: {"changed": list_of(is_code), "scope": one_of(Scope), "removed": is_flag},
    AuditTag.ENCRYPTION_KEY_ROTATED: {"newest": is_id, "dropped": list_of(is_id), "rewrapped": is_count},
    AuditTag.CHECKPOINT_MADE: {"size": is_count, "root": is_digest},
    AuditTag.AUDIT_EXPORTED: {
        "rows": is_count,
        "first_day": is_day,
        "last_day": is_day,
        "group": one_of(GROUPS),
        "only": one_of(AuditTag),
    },
}

DETAILS: Mapping[AuditTag, Mapping[str, Field]] = MappingProxyType(
    {tag: _OF_SOME.get(tag, _NOTHING) for tag in AuditTag}
)


class NotForTheTrail(ValueError):
    """An entry would hold what the audit trail may not hold; it is not written, and nor is what it was about."""


def checked(tag: AuditTag, subject: str, actor: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details as they are written; raises NotForTheTrail, which names the fields and never their values."""
    wrong = misfits(DETAILS[tag], details)
    if not is_id(subject):
        wrong.append("subject")
    if not is_actor(actor):
        wrong.append("actor")
    if wrong:
        raise NotForTheTrail(f"An entry {tag.value} cannot hold what it was given as: {', '.join(wrong)}.")
    return dict(details)


def stripped(tag: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """What of an older entry's details may stay."""
    fields = DETAILS[AuditTag(tag)] if tag in set(AuditTag) else _NOTHING
    wrong = set(misfits(fields, details))
    return {name: value for name, value in details.items() if name not in wrong}
