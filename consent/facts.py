"""Consent as plain data, and the one function that judges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Scope(StrEnum):
    """Where a picture may be shown; a channel needs exactly one of these."""

    DISPLAY = "display"  # on walls and screens in school
    NEWSLETTER = "newsletter"
    PROSPECTUS = "prospectus"
    WEBSITE = "website"
    SOCIAL = "social"
    PRESS = "press"
    VIDEO = "video"


class Role(StrEnum):
    PUPIL = "pupil"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """One written answer about one scope, by one giver. All dates are days in Europe/London, `until` inclusive."""

    scope: Scope
    giver: str  # opaque id: a guardian's, or the person's own id
    granted: bool
    decided_on: date
    starts_on: date
    until: date | None = None  # None: no end was written down
    withdrawn_on: date | None = None
    named_ok: bool = False
    has_parental_responsibility: bool = True  # of a guardian; True for the person themself


@dataclass(frozen=True, slots=True)
class PersonFacts:
    person_id: str
    role: Role
    answers: tuple[ConsentFact, ...] = ()
    leaving_date: date | None = None
    never_publish: bool = False


class Standing(StrEnum):
    """How a person stands to one scope on one day; only GIVEN lets a picture through."""

    GIVEN = "given"
    NONE = "none"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    OTHER_CHANNEL = "other-channel"  # given for other scopes, not for this one
    LEFT = "left"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """An account or place the school publishes to, as it stands on the day.

    `problem` is one plain sentence saying why it may not be posted to today ("" where it may).
    """

    name: str
    scope: Scope
    problem: str = ""

    @property
    def approved(self) -> bool:
        return not self.problem
