"""What a decision says to somebody who may not read the register: one answer for every face that is not cleared.

Unknown, refused, lapsed, withdrawn, mistaken for another: code, text, advice and order are the same, so that nobody
can ask Gatepost who a face is, or what a family answered. The result page and the API both read a decision through
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.audit.tags import AuditTag
from app.drafts import DraftView, reasons_of
from app.reasons import FACE_CODES, Code, Reason, Remedy, Where

VEILED_REMEDIES = (Remedy.ANSWER, Remedy.COVER, Remedy.LEAVE_OUT, Remedy.ASK_OFFICE)
WHO = frozenset({"people", "person_id"})  # of an entry of the audit trail
TELLING_VERSIONS = frozenset({"threshold"})  # it depends on how many photos the nearest person of the register has


def veiled(reason: Reason, channel: str) -> Reason:
    """The reason for those who may not read the register: made anew, so that nothing of the true one is left in it."""
    if reason.code not in FACE_CODES:
        return reason
    where = Where(picture=reason.where.picture, face=reason.where.face, box=reason.where.box)
    because = f"Face {where.face} is not cleared for {channel}. Cover it, say who it is, or ask the office."
    return Reason(Code.FACE_NOT_CLEARED, where, because, VEILED_REMEDIES)


def reasons_for(view: DraftView, *, reads_register: bool) -> tuple[Reason, ...]:
    """The decision's reasons as a caller may see them, in the stored order and number."""
    reasons = reasons_of(view)
    if reads_register:
        return reasons
    return tuple(veiled(each, view.draft.channel) for each in reasons)


def versions_for(versions: Mapping[str, str], *, reads_register: bool) -> dict[str, str]:
    """What looked and judged, as a caller may see it."""
    return {name: each for name, each in versions.items() if reads_register or name not in TELLING_VERSIONS}


def codes_for(codes: list[str], *, reads_register: bool) -> list[str]:
    """The sorted codes of a decision as a caller may see them, for lists that name codes alone."""
    if reads_register:
        return codes
    return sorted({Code.FACE_NOT_CLEARED.value if each in FACE_CODES else each for each in codes})


def details_for(tag: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an entry of the audit trail for readers who may not read the register."""
    shown = {name: value for name, value in details.items() if name not in WHO}
    if tag == AuditTag.DRAFT_DECIDED:
        shown["codes"] = codes_for(details["codes"], reads_register=False)
    return shown
