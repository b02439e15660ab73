"""Consent as plain data, and the one function that judges it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# The long side of a released picture, in pixels: what a school starts with, and between which it may choose. Below 320
# nobody sees what a picture is about; above 8192 no page shows more.
RELEASED_SIDE = 2048
SMALLEST_SIDE, LARGEST_SIDE = 320, 8192


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
    """One person's answers about publication, in the order in which they were recorded."""

    person_id: str
    role: Role
    answers: tuple[ConsentFact, ...] = ()
    leaving_date: date | None = None
    never_publish: bool = False


@dataclass(frozen=True, slots=True)
class RecognitionFact:
    """One written answer about face recognition, by one giver: kept apart from every answer about publication."""

    giver: str
    granted: bool
    decided_on: date
    starts_on: date
    until: date | None = None
    withdrawn_on: date | None = None
    has_parental_responsibility: bool = True


@dataclass(frozen=True, slots=True)
class RecognitionFacts:
    """One person's answers about face recognition, in the order in which they were recorded."""

    person_id: str
    role: Role
    answers: tuple[RecognitionFact, ...] = ()
    leaving_date: date | None = None


class RecognitionMode(StrEnum):
    """Whether the school lets faces be recognised at all; faces are found and counted in every mode."""

    OFF = "off"  # no template is ever computed: people are named by hand
    ROSTERS = "rosters"  # only where a draft names classes in which every pupil has consented to recognition
    ON = "on"


class NamingRule(StrEnum):
    """Whether a pupil may be named in a post."""

    NEVER = "never"
    WITH_CONSENT = "with-consent"  # where the pupil's own consent for that scope says so


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


def today(clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> date:
    """The day it is in Europe/London; ValueError where the clock's time has no zone."""
    now = clock()
    if now.tzinfo is None:
        raise ValueError("the clock must say which time zone it tells")
    return now.astimezone(LONDON).date()


def judge(person: PersonFacts, scope: Scope, day: date) -> Standing:
    """How this person stands to this scope on this day; the strongest no is the one that is named.

    never publish > refused > withdrawn > left > given > lapsed > given for other scopes only > no answer.
    Anybody's no counts, with or without parental responsibility. A yes counts for a pupil from a guardian with
    parental responsibility, for staff from themselves. A no is lifted only by a later yes of the same giver that
    stands on the day; on the same day the no wins.
    """
    if person.never_publish:
        return Standing.NEVER
    standing = _for_scope(person, scope, day)
    if standing is Standing.NONE and any(_for_scope(person, other, day) is Standing.GIVEN for other in Scope):
        return Standing.OTHER_CHANNEL
    return standing


def judge_recognition(person: RecognitionFacts, day: date) -> Standing:
    """Whether this person's face may be recognised on this day, by the same rules; never OTHER_CHANNEL or NEVER."""
    return _combined(person.person_id, person.role, person.answers, person.leaving_date, day)


def named_ok(person: PersonFacts, scope: Scope, day: date) -> bool:
    """Whether this person may be named with a picture: consent is given, and nobody's latest yes leaves naming out.

    A yes without naming keeps holding against naming when it has lapsed, until its giver answers anew.
    """
    if judge(person, scope, day) is not Standing.GIVEN:
        return False
    return all(word.latest.named_ok for word in _words(_about(person, scope), day) if word.latest)


class _Answer(Protocol):
    """What both kinds of answer have in common."""

    @property
    def giver(self) -> str: ...
    @property
    def granted(self) -> bool: ...
    @property
    def decided_on(self) -> date: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def until(self) -> date | None: ...
    @property
    def withdrawn_on(self) -> date | None: ...
    @property
    def has_parental_responsibility(self) -> bool: ...


A = TypeVar("A", bound=_Answer)


@dataclass(frozen=True, slots=True)
class _Word(Generic[A]):
    """One giver's word on one matter, as it stands on one day."""

    giver: str
    latest: A | None  # the newest yes after the giver's last no, if it has begun
    stands: bool  # that yes has begun and has not ended
    no: Standing | None  # REFUSED or WITHDRAWN: the giver's last no, unless a later yes stands


def _about(person: PersonFacts, scope: Scope) -> list[ConsentFact]:
    return [answer for answer in person.answers if answer.scope is scope]


def _for_scope(person: PersonFacts, scope: Scope, day: date) -> Standing:
    return _combined(person.person_id, person.role, _about(person, scope), person.leaving_date, day)


def _combined(person_id: str, role: Role, answers: Sequence[_Answer], leaving_date: date | None, day: date) -> Standing:
    """Everybody's words on one matter, put together."""
    words = _words(answers, day)
    noes = {word.no for word in words}
    counted = [word for word in words if word.latest and _may_grant(word.latest, person_id, role)]
    if Standing.REFUSED in noes:
        return Standing.REFUSED
    if Standing.WITHDRAWN in noes:
        return Standing.WITHDRAWN
    if leaving_date is not None and day > leaving_date:
        return Standing.LEFT
    if any(word.stands for word in counted):
        return Standing.GIVEN
    return Standing.LAPSED if counted else Standing.NONE


def _may_grant(answer: _Answer, person_id: str, role: Role) -> bool:
    """Whose yes counts: the written consent of a parent or carer for a pupil, their own for staff."""
    if role is Role.STAFF:
        return answer.giver == person_id
    return answer.giver != person_id and answer.has_parental_responsibility


def _words(answers: Sequence[A], day: date) -> list[_Word[A]]:
    givers = dict.fromkeys(answer.giver for answer in answers)
    return [_word(giver, [answer for answer in answers if answer.giver == giver], day) for giver in givers]


def _word(giver: str, answers: Sequence[A], day: date) -> _Word[A]:
    """One giver's answers on one matter, in the order of recording, as one word.

    A withdrawn yes is a no of that day or later, so it is never a yes after the last no.
    """
    noes = [no for no in (_no(answer, day) for answer in answers) if no]
    last_no = max(noes, default=None)
    begun = [
        answer
        for answer in answers
        if answer.granted
        and answer.decided_on <= day
        and answer.starts_on <= day
        and (last_no is None or answer.decided_on > last_no.on)
    ]
    latest = max(enumerate(begun), key=lambda pair: (pair[1].decided_on, pair[0]), default=(0, None))[1]
    stands = latest is not None and (latest.until is None or day <= latest.until)
    return _Word(giver, latest, stands, None if stands or last_no is None else last_no.standing)


class _No(NamedTuple):
    on: date
    refused: bool  # sorts last: of a refusal and a withdrawal on one day, the refusal is named

    @property
    def standing(self) -> Standing:
        return Standing.REFUSED if self.refused else Standing.WITHDRAWN


def _no(answer: _Answer, day: date) -> _No | None:
    """The no in this answer: a refusal from the moment it is recorded, for good; a withdrawal from its day on."""
    if not answer.granted:
        return _No(answer.decided_on, refused=True)
    if _withdrawn(answer, day):
        return _No(max(answer.withdrawn_on or answer.decided_on, answer.decided_on), refused=False)
    return None


def _withdrawn(answer: _Answer, day: date) -> bool:
    return answer.withdrawn_on is not None and answer.withdrawn_on <= day
