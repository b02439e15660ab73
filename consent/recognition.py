"""Whether faces may be recognised: the school's setting, and the rosters of the classes that a draft names.

Plain data, no database and no templates. Where anything speaks against it, nobody is recognised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from consent.facts import RecognitionFacts, RecognitionMode, Role, Standing, judge_recognition


@dataclass(frozen=True, slots=True)
class RequiredDay:
    """A day that must be recorded before faces may be recognised, and how it comes about."""

    what: str
    to_do: str


REQUIRED_DAYS = MappingProxyType(
    {
        "dpia_on": RequiredDay(
            "the data protection impact assessment (DPIA)", "carry it out, and record the day on which it was signed"
        ),
        "dpo_advice_on": RequiredDay(
            "the data protection officer's advice", "ask for it in writing, and record the day on which it came"
        ),
        "consulted_on": RequiredDay(
            "the consultation of parents, pupils and staff", "consult them, and record the day on which it ended"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class RecognitionSetting:
    """What the school has recorded about face recognition: the mode, and the three days that allow it."""

    mode: RecognitionMode = RecognitionMode.OFF
    dpia_on: date | None = None
    dpo_advice_on: date | None = None
    consulted_on: date | None = None

    def missing(self, today: date) -> dict[str, str]:
        """For each required day that is not recorded or lies in the future, one sentence that says what to do."""
        return {name: problem for name in REQUIRED_DAYS if (problem := _problem(name, getattr(self, name), today))}

    def in_force(self, today: date) -> RecognitionMode:
        """The mode as it counts on the day: without each of the three days recognition is off, whatever is stored."""
        return RecognitionMode.OFF if self.missing(today) else self.mode

    def as_json(self) -> dict[str, str | None]:
        """Mode and ISO days, under the names that the school's file uses too."""
        days = {name: getattr(self, name) for name in REQUIRED_DAYS}
        return {"mode": self.mode.value} | {name: day.isoformat() if day else None for name, day in days.items()}


def _problem(name: str, recorded: date | None, today: date) -> str:
    required = REQUIRED_DAYS[name]
    if recorded is None:
        return f"No day is recorded for {required.what}: {required.to_do} ({name})."
    if recorded > today:
        return f"The day recorded for {required.what}, {recorded}, lies in the future: {required.to_do} ({name})."
    return ""


class WhyNot(StrEnum):
    """Why the faces of a draft are only found and counted."""

    OFF = "off"
    NO_CLASS = "no-class"
    UNKNOWN_CLASS = "unknown-class"
    NOT_ALL_CONSENT = "not-all-consent"
    NOT_YET = "not-yet"  # allowed only after the pictures had been looked at


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether the faces of one draft may be recognised, and as whom.

    `people` are the ids of those whom a face may be compared with; None: nobody is recognised and no template is made,
    and `why_not` says why. `classes` are those in which somebody's consent is missing, as the register spells them.
    """

    mode: RecognitionMode
    people: frozenset[str] | None
    why_not: WhyNot | None = None
    classes: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.people is not None

    def seen_without(self) -> Ruling:
        """The same ruling for pictures in which no template was made: where it would allow, it came too late."""
        return Ruling(self.mode, None, WhyNot.NOT_YET) if self.allowed else self

    def in_words(self) -> str:
        """How recognition ran, for the stored decision; names no person, and no class but of the register."""
        match self.why_not:
            case None:
                return self.mode.value
            case WhyNot.OFF:
                return "off"
            case WhyNot.NO_CLASS:
                return "off: no class was named"
            case WhyNot.UNKNOWN_CLASS:
                return "off: a class was named that the register does not know"
            case WhyNot.NOT_ALL_CONSENT:
                return f"off: not every pupil of {', '.join(self.classes)} has consented"
            case WhyNot.NOT_YET:
                return "off: not allowed yet when the pictures were looked at"


class Registered(Protocol):
    """What a roster is made of: a row of the register."""

    id: str
    role: Role
    class_name: str
    leaving_date: date | None


@dataclass(frozen=True, slots=True)
class Roster:
    """The pupils of one class who have not left; never empty. `name` as the register spells it."""

    name: str
    pupils: frozenset[str]


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whom the school lets be recognised on one day. `rosters` by folded name; all empty where the mode is off."""

    mode: RecognitionMode = RecognitionMode.OFF
    consenting: frozenset[str] = frozenset()  # everybody whose own consent to recognition stands
    staff: frozenset[str] = frozenset()
    rosters: Mapping[str, Roster] = field(default_factory=lambda: MappingProxyType({}))

    def ruling(self, classes: Sequence[str]) -> Ruling:
        """Whether a draft's faces may be recognised that was, as its sender says, taken of these classes."""
        match self.mode:
            case RecognitionMode.OFF:
                return Ruling(self.mode, None, WhyNot.OFF)
            case RecognitionMode.ON:
                return Ruling(self.mode, self.consenting)
            case RecognitionMode.ROSTERS:
                return self._by_rosters(classes)

    def _by_rosters(self, classes: Sequence[str]) -> Ruling:
        keys = dict.fromkeys(folded_class(name) for name in classes)
        if not keys:
            return Ruling(self.mode, None, WhyNot.NO_CLASS)
        if not keys.keys() <= self.rosters.keys():
            return Ruling(self.mode, None, WhyNot.UNKNOWN_CLASS)
        rosters = [self.rosters[key] for key in keys]
        lacking = tuple(sorted(roster.name for roster in rosters if not roster.pupils <= self.consenting))
        if lacking:
            return Ruling(self.mode, None, WhyNot.NOT_ALL_CONSENT, lacking)
        pupils = frozenset[str]().union(*(roster.pupils for roster in rosters))
        return Ruling(self.mode, pupils | (self.staff & self.consenting))


def recognition_on(
    mode: RecognitionMode, people: Iterable[Registered], facts: Mapping[str, RecognitionFacts], day: date
) -> Recognition:
    """Whom this mode lets be recognised on the day, by everybody's answers about face recognition."""
    if mode is RecognitionMode.OFF:
        return Recognition()
    people = list(people)
    return Recognition(
        mode=mode,
        consenting=frozenset(key for key, each in facts.items() if judge_recognition(each, day) is Standing.GIVEN),
        staff=frozenset(person.id for person in people if person.role is Role.STAFF),
        rosters=rosters_of(people, day),
    )


def rosters_of(people: Iterable[Registered], day: date) -> Mapping[str, Roster]:
    """The classes that have a pupil on the day, by folded name, in the order of their names."""
    spelt: dict[str, str] = {}
    pupils: dict[str, set[str]] = {}
    for person in people:
        key = folded_class(person.class_name)
        if key and person.role is Role.PUPIL and not _left(person, day):
            spelt.setdefault(key, " ".join(person.class_name.split()))
            pupils.setdefault(key, set()).add(person.id)
    return MappingProxyType({key: Roster(spelt[key], frozenset(pupils[key])) for key in sorted(pupils, key=_counting)})


def unplaced(people: Iterable[Registered], day: date) -> int:
    """How many pupils are in no roster, because the register gives them no class."""
    return sum(
        person.role is Role.PUPIL and not _left(person, day) and not folded_class(person.class_name)
        for person in people
    )


def folded_class(name: str) -> str:
    """A class's name for comparison: letters' case and spaces do not count, "4 Oak" is "4OAK"."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _counting(key: str) -> list[tuple[int, str]]:
    """A sort key by which class 9 stands before class 10."""
    parts = [part.lstrip("0") if part.isdecimal() else part for part in re.split(r"(\d+)", key) if part]
    return [(-1 if part and not part.isdecimal() else len(part), part) for part in parts]


def _left(person: Registered, day: date) -> bool:
    return person.leaving_date is not None and day > person.leaving_date
