"""The trail in words: what each entry says to somebody who does not know the codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.audit.tags import AuditTag
from app.pages.words import ROLE_WORDS, SCOPES, count, joined
from consent.facts import Scope

# {who} did it, {about} is what it is about; a second sentence may come from the details.
WORDS: Mapping[AuditTag, str] = {
    AuditTag.DRAFT_RECEIVED: "{who} handed in a draft",
    AuditTag.DRAFT_DECIDED: "A draft was decided",
    AuditTag.DRAFT_FAILED: "The check of a draft failed, and it stays blocked",
    AuditTag.DRAFT_VIEWED: "{who} opened a draft of somebody else",
    AuditTag.DRAFT_ERASED: "{who} erased a draft",
    AuditTag.PICTURE_RELEASED: "{who} fetched a safe file",
    AuditTag.FACE_ANSWERED: "{who} answered about a face",
    AuditTag.WORD_ANSWERED: "{who} answered about a word",
    AuditTag.SIGNED_IN: "{about} signed in",
    AuditTag.SIGN_IN_REFUSED: "Somebody tried to sign in as {about}, and was refused",
    AuditTag.ACCOUNT_LOCKED: "Signing in as {about} was stopped for a while",
    AuditTag.SIGNED_OUT: "{about} signed out",
    AuditTag.SESSIONS_ENDED: "{who} ended the sessions of {about}",
    AuditTag.CONFIRMED: "{about} gave the password again",
    AuditTag.PASSWORD_CHANGED: "{about} got a new password",
    AuditTag.SECOND_FACTOR_SET: "{about} set up a second factor",
    AuditTag.SECOND_FACTOR_RESET: "{who} took away the second factor of {about}",
    AuditTag.RECOVERY_CODES_MADE: "{about} got new recovery codes",
    AuditTag.PROVIDER_LINKED: "{about} linked an account elsewhere for signing in",
    AuditTag.PROVIDER_UNLINKED: "{about} took the account elsewhere off again",
    AuditTag.INVITED: "{who} invited somebody",
    AuditTag.INVITATION_ACCEPTED: "{about} accepted an invitation",
    AuditTag.INVITATION_WITHDRAWN: "{who} withdrew an invitation",
    AuditTag.ROLES_CHANGED: "{who} changed the roles of {about}",
    AuditTag.ACCOUNT_DETAILS_CHANGED: "{who} changed the name or e-mail address of {about}",
    AuditTag.ACCOUNT_SUSPENDED: "{who} suspended {about}",
    AuditTag.ACCOUNT_RESUMED: "{who} let {about} sign in again",
    AuditTag.KEY_MADE: "{who} made {about}",
    AuditTag.KEY_ROTATED: "{who} exchanged {about}",
    AuditTag.KEY_REVOKED: "{who} revoked {about}",
    AuditTag.ALERT_RAISED: "Gatepost raised an alert",
    AuditTag.ALERT_SEEN: "{who} looked at an alert",
    AuditTag.REGISTER_VIEWED: "{who} opened the register",
    AuditTag.RECORD_VIEWED: "{who} opened the record of {about}",
    AuditTag.REGISTER_EXPORTED: "{who} wrote out the register",
    AuditTag.IMPORT_APPLIED: "{who} imported answers from a file",
    AuditTag.CONSENT_RECORDED: "{who} recorded an answer for {about}",
    AuditTag.CONSENT_WITHDRAWN: "{who} recorded that an answer for {about} was taken back",
    AuditTag.CONSENT_CHANGED: "{who} changed an answer for {about}",
    AuditTag.CONSENT_REMOVED: "{who} removed an answer for {about}",
    AuditTag.NEVER_PUBLISH_SET: "{who} changed whether {about} may be published at all",
    AuditTag.GUARDIAN_CHANGED: "{who} changed who answers for {about}",
    AuditTag.ENROLLED: "{who} took a reference photo of {about}",
    AuditTag.FACE_ERASED: "{who} erased the face data of {about}",
    AuditTag.PERSON_ERASED: "{who} erased the data of {about}",
    AuditTag.RECOGNITION_CHANGED: "{who} changed the setting for face recognition",
    AuditTag.NAMING_CHANGED: "{who} changed the rule for pupils' names",
    AuditTag.RELEASED_SIDE_CHANGED: "{who} changed the size of released pictures",
    AuditTag.CHANNEL_CHANGED: "{who} changed an account or place that the school publishes to",
    AuditTag.ENCRYPTION_KEY_ROTATED: "{who} exchanged the encryption key",
    AuditTag.CHECKPOINT_MADE: "{who} signed the trail",
    AuditTag.AUDIT_EXPORTED: "{who} wrote out the trail",
}

GROUP_WORDS: Mapping[str, str] = {
    "drafts": "Drafts and decisions",
    "accounts": "Signing in and accounts",
    "keys": "Keys and alerts",
    "register": "Register and consent",
    "settings": "Settings",
    "trail": "The trail itself",
}

OUTCOMES = {"publish": "It may be published.", "block": "It was blocked."}
STEPS = {
    "password": "The password was not right.",
    "code": "The code was not right.",
    "confirm": "It was another account than the one used for signing in.",
    "no-account": "No account of Gatepost belongs to it.",
    "suspended": "The account is suspended.",
}


def _scope(code: Any) -> str:
    return "Face recognition" if code == "recognition" else SCOPES[Scope(code)]


def _answer(details: Mapping[str, Any]) -> str:
    return f"{_scope(details.get('scope'))}: {'yes' if details.get('granted') else 'no'}."


def _roles(details: Mapping[str, Any]) -> str:
    named = details.get("after") or details.get("roles") or []
    return f"{joined([ROLE_WORDS[role] for role in named])}." if named else ""


# What the details add, by tag; whatever else they hold stays in the export.
MORE: Mapping[AuditTag, Callable[[Mapping[str, Any]], str]] = {
    AuditTag.DRAFT_RECEIVED: lambda details: f"{count(details.get('pictures') or 0, 'picture')}.",
    AuditTag.DRAFT_DECIDED: lambda details: OUTCOMES.get(str(details.get("outcome")), ""),
    AuditTag.PICTURE_RELEASED: lambda details: f"Picture {details.get('picture')}.",
    AuditTag.FACE_ANSWERED: lambda details: f"Picture {details.get('picture')}.",
    AuditTag.SIGN_IN_REFUSED: lambda details: STEPS.get(str(details.get("step")), ""),
    AuditTag.ROLES_CHANGED: _roles,
    AuditTag.INVITED: _roles,
    AuditTag.IMPORT_APPLIED: lambda details: f"{count(details.get('lines') or 0, 'line')}.",
    AuditTag.CONSENT_RECORDED: _answer,
    AuditTag.CONSENT_WITHDRAWN: lambda details: f"{_scope(details.get('scope'))}.",
    AuditTag.CONSENT_CHANGED: _answer,
    AuditTag.CONSENT_REMOVED: _answer,
    AuditTag.NEVER_PUBLISH_SET: lambda details: "Never from now on." if details.get("after") else "As answered.",
    AuditTag.CHECKPOINT_MADE: lambda details: f"{count(details.get('size') or 0, 'entry', 'entries')}.",
    AuditTag.AUDIT_EXPORTED: lambda details: f"{count(details.get('rows') or 0, 'entry', 'entries')}.",
}


def entry_words(tag: str, details: Mapping[str, Any], who: str, about: str) -> tuple[str, str]:
    """What happened as a clause, and what more there is to say, if anything; an unknown tag is shown as it is."""
    if tag not in set(AuditTag):
        return tag, ""
    known = AuditTag(tag)
    try:
        more = MORE[known](details) if known in MORE else ""
    except (ValueError, KeyError):
        more = ""  # a word of an older or a newer version
    said = WORDS[known].replace("{who}", who).replace("{about}", about)
    return said[:1].upper() + said[1:], more
