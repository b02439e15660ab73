"""What the rows of the register say, as plain data for the policy: no database in here."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

import numpy as np

from captions.findings import RegisteredName, SchoolProfile
from consent.facts import (
    ChannelFacts,
    ConsentFact,
    NamingRule,
    PersonFacts,
    RecognitionFact,
    RecognitionFacts,
    Role,
    Scope,
    Standing,
    judge,
    judge_recognition,
    named_ok,
)
from consent.models import Channel, Person
from consent.recognition import Recognition
from vision.matching import LENGTH, Gallery, Reference, TemplateError, checked


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The register of one school on one day, as one draft is checked against it.

    `channel` and `scope` are None where the register knows no account of that name. `people` holds everybody, leavers
    too; `references` are of those alone whose consent to face recognition stands on the day, none where it is off.
    """

    school_id: str
    register_version: int
    day: date
    channel: ChannelFacts | None
    scope: Scope | None
    people: Mapping[str, PersonFacts]
    recognition: Recognition
    references: tuple[Reference, ...]
    names: tuple[RegisteredName, ...]
    profile: SchoolProfile
    naming: NamingRule

    def gallery_for(self, classes: Sequence[str]) -> Gallery | None:
        """The people whom the faces of a draft taken of these classes may be compared with; None: recognise nobody."""
        people = self.recognition.ruling(classes).people
        if people is None:
            return None
        return Gallery.build(reference for reference in self.references if reference.subject_id in people)


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One person as the register's page lists them. `never_publish` is None for readers who may not know."""

    person_id: str
    name: str
    role: Role
    year: str
    class_name: str
    standings: Mapping[Scope, Standing]
    named: frozenset[Scope]  # scopes for which the person may also be named
    recognition: Standing
    references: int
    leaving_date: date | None
    never_publish: bool | None


def pack_template(template: Sequence[float]) -> bytes:
    """Little-endian float32, as the register stores it; raises TemplateError."""
    return checked(template).astype("<f4").tobytes()


def unpack_template(stored: bytes) -> tuple[float, ...]:
    """The template as it was packed; raises TemplateError where it is damaged."""
    if len(stored) != 4 * LENGTH:
        raise TemplateError("A stored template is damaged: enrol the person again.")
    return tuple(np.frombuffer(stored, "<f4").tolist())


class StatedAnswer(Protocol):
    """What an answer is judged by: a row of either table of consents, whole or these columns of it."""

    guardian_id: str | None
    granted: bool
    decided_on: date
    starts_on: date
    until: date | None
    withdrawn_on: date | None


class StatedConsent(StatedAnswer, Protocol):
    scope: Scope
    named_ok: bool


def person_facts(person: Person, answers: Iterable[StatedConsent], responsible: Container[str]) -> PersonFacts:
    """The facts about publication; `answers` in the order of recording, `responsible` the ids of guardians who may
    consent."""
    return PersonFacts(
        person_id=person.id,
        role=person.role,
        answers=tuple(
            ConsentFact(
                scope=answer.scope,
                giver=answer.guardian_id or person.id,
                granted=answer.granted,
                decided_on=answer.decided_on,
                starts_on=answer.starts_on,
                until=answer.until,
                withdrawn_on=answer.withdrawn_on,
                named_ok=answer.named_ok,
                has_parental_responsibility=answer.guardian_id is None or answer.guardian_id in responsible,
            )
            for answer in answers
        ),
        leaving_date=person.leaving_date,
        never_publish=person.never_publish,
    )


def recognition_facts(person: Person, answers: Iterable[StatedAnswer], responsible: Container[str]) -> RecognitionFacts:
    """The facts about face recognition, likewise."""
    return RecognitionFacts(
        person_id=person.id,
        role=person.role,
        answers=tuple(
            RecognitionFact(
                giver=answer.guardian_id or person.id,
                granted=answer.granted,
                decided_on=answer.decided_on,
                starts_on=answer.starts_on,
                until=answer.until,
                withdrawn_on=answer.withdrawn_on,
                has_parental_responsibility=answer.guardian_id is None or answer.guardian_id in responsible,
            )
            for answer in answers
        ),
        leaving_date=person.leaving_date,
    )


def registered_name(person: Person) -> RegisteredName:
    return RegisteredName(
        person_id=person.id,
        given=person.given,
        family=person.family,
        known_as=person.known_as,
        other_names=person.other_names,
        title=person.title,
        year=person.year,
        class_name=person.class_name,
        pupil=person.role is Role.PUPIL,
    )


def listing_row(
    person: Person,
    facts: PersonFacts,
    recognition: RecognitionFacts,
    references: int,
    day: date,
    *,
    reveal_never_publish: bool,
) -> ListingRow:
    """One row of the register's page; "never publish" reads as refused where the reader may not know of it."""
    standings = {scope: judge(facts, scope, day) for scope in Scope}
    if not reveal_never_publish:
        hidden = {Standing.NEVER: Standing.REFUSED}
        standings = {scope: hidden.get(standing, standing) for scope, standing in standings.items()}
    return ListingRow(
        person_id=person.id,
        name=person.full_name,
        role=person.role,
        year=person.year,
        class_name=person.class_name,
        standings=MappingProxyType(standings),
        named=frozenset(scope for scope in Scope if named_ok(facts, scope, day)),
        recognition=judge_recognition(recognition, day),
        references=references,
        leaving_date=person.leaving_date,
        never_publish=person.never_publish if reveal_never_publish else None,
    )


def channel_facts(channel: Channel, profile: SchoolProfile, day: date) -> ChannelFacts:
    """The account as it stands on the day, with the first thing that is wrong with it."""
    return ChannelFacts(channel.name, channel.scope, _channel_problem(channel, profile, day))


def _channel_problem(channel: Channel, profile: SchoolProfile, day: date) -> str:
    if channel.direct_messages:
        return "Direct messages to pupils are not allowed."
    if channel.suspended_on is not None and channel.suspended_on <= day:
        return "This account is suspended."
    if not _official(channel.official_email, profile.domain):
        return "This account is not linked to an official school e-mail address."
    if channel.notified_on is None or channel.notified_on > day:
        return "The school has not been told of this account's address."
    if not channel.approved_by.strip() or channel.approved_on is None or channel.approved_on > day:
        return "Senior staff have not approved this account."
    return ""


def _official(address: str, domain: str) -> bool:
    """An address at the school's own domain; any address where the register does not know the domain."""
    local, at, host = address.strip().casefold().rpartition("@")
    domain = domain.strip().casefold().removeprefix("www.")
    return bool(local and at and host) and (not domain or host == domain or host.endswith("." + domain))
