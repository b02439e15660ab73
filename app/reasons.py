"""Reasons and decisions: what Gatepost answers, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vision.findings import Box


class Code(StrEnum):
    """Why a draft is blocked. Stable: callers rely on these; README explains each."""

    FACE_NOT_IDENTIFIED = "face-not-identified"
    FACE_AMBIGUOUS = "face-ambiguous"
    FACE_DOUBTFUL = "face-doubtful"
    NO_CONSENT = "no-consent"
    CONSENT_LAPSED = "consent-lapsed"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    CONSENT_REFUSED = "consent-refused"
    NOT_FOR_THIS_CHANNEL = "not-for-this-channel"
    NEVER_PUBLISH = "never-publish"
    FACE_NOT_CLEARED = "face-not-cleared"  # what callers who may not read the register see for all of the above
    PUPIL_NAMED = "pupil-named"
    PERSON_NAMED = "person-named"
    PERSONAL_DETAIL = "personal-detail"
    NAME_IN_PICTURE = "name-in-picture"
    DETAIL_IN_PICTURE = "detail-in-picture"
    LINK_NEEDS_CARE = "link-needs-care"
    CHANNEL_NOT_APPROVED = "channel-not-approved"
    LANGUAGE = "language"
    THIRD_PARTY_COPYRIGHT = "third-party-copyright"
    PICTURE_UNREADABLE = "picture-unreadable"
    NOT_CHECKED = "not-checked"


FACE_CODES = frozenset(
    {
        Code.FACE_NOT_IDENTIFIED,
        Code.FACE_AMBIGUOUS,
        Code.FACE_DOUBTFUL,
        Code.NO_CONSENT,
        Code.CONSENT_LAPSED,
        Code.CONSENT_WITHDRAWN,
        Code.CONSENT_REFUSED,
        Code.NOT_FOR_THIS_CHANNEL,
        Code.NEVER_PUBLISH,
    }
)


class Remedy(StrEnum):
    """What a person can do about a reason."""

    ANSWER = "answer"  # say who a face is, or that it is none; that words are no name, or an adult's
    COVER = "cover"
    LEAVE_OUT = "leave-out"
    ASK_OFFICE = "ask-office"
    REWORD = "reword"
    SHORTEN = "shorten"
    NEUTRAL_NAME = "neutral-name"
    CHOOSE_ANOTHER = "choose-another"
    CHOOSE_ACCOUNT = "choose-account"
    TRY_AGAIN = "try-again"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a reason lies: a field ("caption", "channel"), a picture (from 1), a face (from 1), a box, characters.

    `line` counts the lines of text read in the picture (from 1), `reading` the further readings of that line (from 1;
    None: the first reading); `start` and `end` are in that reading.
    """

    field: str | None = None
    picture: int | None = None
    face: int | None = None
    box: Box | None = None
    start: int | None = None
    end: int | None = None
    line: int | None = None
    reading: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against publishing; `because` is one sentence, shown and audited as it stands."""

    code: Code
    where: Where
    because: str
    remedies: tuple[Remedy, ...]
    replacement: str | None = None  # for Remedy.REWORD: what could stand there instead
    evidence: tuple[str, ...] = ()  # what spoke for it, where it is about words

    @property
    def asks_about_words(self) -> bool:
        """Whether a person may settle it by saying what the words are."""
        return Remedy.ANSWER in self.remedies and self.where.field is not None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision is its reasons, and cannot contradict them."""

    reasons: tuple[Reason, ...]

    @property
    def publish(self) -> bool:
        return not self.reasons

    @property
    def outcome(self) -> str:
        return "publish" if self.publish else "block"


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """The reason as the API and the stored decision hold it; parts that do not apply are left out."""
    where = {
        "field": reason.where.field,
        "picture": reason.where.picture,
        "face": reason.where.face,
        "box": reason.where.box.as_list() if reason.where.box else None,
        "start": reason.where.start,
        "end": reason.where.end,
        "line": reason.where.line,
        "reading": reason.where.reading,
    }
    document: dict[str, Any] = {
        "code": reason.code.value,
        "where": {key: value for key, value in where.items() if value is not None},
        "because": reason.because,
        "remedies": [remedy.value for remedy in reason.remedies],
    }
    if reason.replacement is not None:
        document["replacement"] = reason.replacement
    if reason.evidence:
        document["evidence"] = list(reason.evidence)
    return document


def reason_from_json(document: dict[str, Any]) -> Reason:
    """The opposite of `reason_to_json`."""
    where = dict(document["where"])
    if "box" in where:
        where["box"] = Box(*where["box"])
    return Reason(
        code=Code(document["code"]),
        where=Where(**where),
        because=document["because"],
        remedies=tuple(Remedy(remedy) for remedy in document["remedies"]),
        replacement=document.get("replacement"),
        evidence=tuple(document.get("evidence", ())),
    )
