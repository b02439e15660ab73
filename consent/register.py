"""The register of one school: every query and every change goes through here. Only the edge commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, cast

import sqlalchemy
from sqlmodel import col, select

from consent.errors import Ambiguous, NotInRegister, RegisterConflict, RegisterEmpty, RegisterError
from consent.facts import PersonFacts, RecognitionFacts, RecognitionMode, Scope, Standing, judge_recognition
from consent.models import (
    AnswerRow,
    Channel,
    Enrolment,
    Guardian,
    Person,
    PublicationConsent,
    RecognitionConsent,
)
from consent.recognition import recognition_on, rosters_of
from consent.schools import DEFAULT_SCHOOL as DEFAULT_SCHOOL  # callers of Register need these three, too
from consent.schools import SchoolRows
from consent.schools import create_school as create_school
from consent.schools import the_school as the_school
from consent.snapshots import (
    ListingRow,
    channel_facts,
    listing_row,
    pack_template,
    person_facts,
    recognition_facts,
    registered_name,
    unpack_template,
)
from consent.snapshots import Snapshot as Snapshot  # callers of Register need its name
from consent.vault.erasing import erase_face
from vision.matching import Gallery, Reference
from vision.models import TEMPLATE

MODEL_ID = TEMPLATE  # templates of other models cannot be compared and stay out of the gallery
STATED = ("guardian_id", "granted", "decided_on", "starts_on", "until", "withdrawn_on")  # what an answer is judged by

Answers = TypeVar("Answers", bound=AnswerRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """One written answer to be recorded. `guardian_id` None: by the person themself; `starts_on` None: at once."""

    granted: bool
    decided_on: date
    guardian_id: str | None = None
    starts_on: date | None = None
    until: date | None = None
    named_ok: bool = False
    form_version: str = ""
    evidence_ref: str = ""
    source: str = ""
    recorded_by: str = ""


class Register(SchoolRows):
    """One school's register, in one session. No method reads or changes another school's rows."""

    # -- people --------------------------------------------------------------------------------------------------

    def people(self) -> Sequence[Person]:
        """Everybody, leavers too, by family name."""
        mine = select(Person).where(Person.school_id == self.school_id)
        return self.session.exec(mine.order_by(col(Person.family), col(Person.given), col(Person.id))).all()

    def person(self, person_id: str) -> Person:
        return self._get(Person, person_id, "person")

    def find_person(self, text: str) -> Person:
        """The one person with this id, UPN, admission number or name (legal or in daily use, then family name)."""
        wanted = _folded(text)
        people = self.people()
        for keys in (lambda p: {p.id}, lambda p: {p.upn}, lambda p: {p.admission_number}, _names):
            found = [person for person in people if wanted in {_folded(key) for key in keys(person) if key}]
            if len(found) > 1:
                raise Ambiguous(f"{len(found)} people are called {text.strip()}. Give the UPN or admission number.")
            if found:
                return found[0]
        raise NotInRegister(f"Nobody in the register has this name, UPN or admission number: {text.strip()}.")

    def by_number(self) -> dict[str, Person]:
        """Everybody by UPN and by admission number, upper case; a number that two people have is nobody's."""
        found: dict[str, dict[str, Person]] = defaultdict(dict)
        for person in self.people():
            for number in (person.upn, person.admission_number):
                if number:
                    found[number.upper()][person.id] = person
        return {number: people.popitem()[1] for number, people in found.items() if len(people) == 1}

    def add_person(self, person: Person) -> Person:
        """A new person; RegisterConflict where the UPN or admission number is somebody else's."""
        return self._add(person)

    def update_person(self, person_id: str, **changes: Any) -> Person:
        return self._update(self.person(person_id), changes)

    # -- guardians -----------------------------------------------------------------------------------------------

    def guardians(self, person_id: str | None = None) -> Sequence[Guardian]:
        mine = select(Guardian).where(Guardian.school_id == self.school_id)
        if person_id is not None:
            mine = mine.where(Guardian.person_id == person_id)
        return self.session.exec(mine.order_by(col(Guardian.name), col(Guardian.id))).all()

    def add_guardian(
        self, person_id: str, name: str, relationship: str = "", *, parental_responsibility: bool
    ) -> Guardian:
        return self._add(
            Guardian(
                school_id=self.school_id,
                person_id=self.person(person_id).id,
                name=name,
                relationship=relationship,
                parental_responsibility=parental_responsibility,
            )
        )

    def update_guardian(self, guardian_id: str, **changes: Any) -> Guardian:
        return self._update(self._get(Guardian, guardian_id, "guardian"), changes)

    # -- answers -------------------------------------------------------------------------------------------------

    def consents(self, person_id: str | None = None) -> Sequence[PublicationConsent]:
        """Answers about pictures, in the order of recording."""
        return self._answers(PublicationConsent, person_id)

    def recognition_consents(self, person_id: str | None = None) -> Sequence[RecognitionConsent]:
        """Answers about face recognition, in the order of recording."""
        return self._answers(RecognitionConsent, person_id)

    def record_consent(self, person_id: str, scope: Scope, answer: NewAnswer) -> PublicationConsent:
        """A new answer about pictures; earlier ones stay as they were."""
        named = answer.granted and answer.named_ok
        return self._add(PublicationConsent(scope=scope, named_ok=named, **self._answer(person_id, answer)))

    def withdraw(self, consent_id: str, on: date) -> PublicationConsent:
        """Take a yes back, from that day on."""
        return self._withdraw(self._get(PublicationConsent, consent_id, "consent"), on)

    def record_recognition(self, person_id: str, answer: NewAnswer) -> RecognitionConsent:
        """A new answer about face recognition; a no deletes the person's templates at once."""
        recorded = self._add(RecognitionConsent(**self._answer(person_id, answer)))
        if not answer.granted:
            self.remove_references(person_id)
        return recorded

    def withdraw_recognition(self, consent_id: str, on: date) -> RecognitionConsent:
        """Take a yes to face recognition back; the person's templates are deleted at once."""
        taken_back = self._withdraw(self._get(RecognitionConsent, consent_id, "consent to face recognition"), on)
        self.remove_references(taken_back.person_id)
        return taken_back

    def facts_of(self, person_id: str) -> PersonFacts:
        return person_facts(self.person(person_id), self.consents(person_id), self._responsible(person_id))

    def recognition_of(self, person_id: str) -> RecognitionFacts:
        answers = self.recognition_consents(person_id)
        return recognition_facts(self.person(person_id), answers, self._responsible(person_id))

    # -- references ----------------------------------------------------------------------------------------------

    def references(self, person_id: str | None = None) -> Sequence[Enrolment]:
        mine = select(Enrolment).where(Enrolment.school_id == self.school_id)
        if person_id is not None:
            mine = mine.where(Enrolment.person_id == person_id)
        return self.session.exec(mine.order_by(col(Enrolment.enrolled_at), col(Enrolment.id))).all()

    def add_reference(
        self,
        person_id: str,
        template: Sequence[float],
        *,
        quality: float,
        taken_on: date,
        day: date,
        model_id: str = MODEL_ID,
        checked_by: str = "",
    ) -> Enrolment:
        """Keep one template; RegisterConflict where recognition is off or consent to it does not stand on `day`."""
        if self.recognition_setting().in_force(day) is RecognitionMode.OFF:
            raise RegisterConflict("Face recognition is off at this school, so no template is kept.")
        if judge_recognition(self.recognition_of(person_id), day) is not Standing.GIVEN:
            raise RegisterConflict("There is no consent to face recognition for this person, so no template is kept.")
        return self._add(
            Enrolment(
                school_id=self.school_id,
                person_id=person_id,
                template=pack_template(template),
                model_id=model_id,
                quality=quality,
                taken_on=taken_on,
                checked_by=checked_by,
            )
        )

    def remove_references(self, person_id: str) -> int:
        """Erase the person's templates and reference photos, and the key of both; how many templates there were."""
        return erase_face(self.session, self.school_id, self.person(person_id).id)

    # -- channels ------------------------------------------------------------------------------------------------

    def channels(self) -> Sequence[Channel]:
        mine = select(Channel).where(Channel.school_id == self.school_id)
        return self.session.exec(mine.order_by(col(Channel.name))).all()

    def channel(self, name: str) -> Channel | None:
        """The account of this name, whatever its letters' case; None where the register knows none."""
        return next((channel for channel in self.channels() if _folded(channel.name) == _folded(name)), None)

    def add_channel(self, channel: Channel) -> Channel:
        if not channel.name.strip():
            raise RegisterError("An account needs a name.")
        if self.channel(channel.name):
            raise RegisterConflict(f"There is already an account called {channel.name}.")
        return self._add(channel)

    def update_channel(self, name: str, **changes: Any) -> Channel:
        channel = self.channel(name)
        if channel is None:
            raise NotInRegister(f"There is no account called {name}.")
        return self._update(channel, changes)

    # -- what a check reads --------------------------------------------------------------------------------------

    def snapshot(self, channel_name: str, day: date, model_id: str = MODEL_ID) -> Snapshot:
        """Everything a draft for this account is judged by on this day; RegisterEmpty where nobody is registered."""
        people = self.people()
        if not people:
            raise RegisterEmpty("The register is empty, so nothing can be checked. Import it with gatepost import.")
        publication, recognition = self._all_facts(people)
        ruled = recognition_on(self.recognition_setting().in_force(day), people, recognition, day)
        channel = self.channel(channel_name)
        profile = self.profile()
        return Snapshot(
            school_id=self.school_id,
            register_version=self.version(),
            day=day,
            channel=channel_facts(channel, profile, day) if channel else None,
            scope=channel.scope if channel else None,
            people=MappingProxyType(publication),
            recognition=ruled,
            references=self._templates(ruled.consenting, model_id),
            names=tuple(registered_name(person) for person in people),
            profile=profile,
            naming=self.naming(),
        )

    def gallery(self, day: date, model_id: str = MODEL_ID) -> Gallery:
        """The references of everybody whose consent to face recognition stands on the day."""
        recognition = self._all_recognition(self.people())
        allowed = {key for key, facts in recognition.items() if judge_recognition(facts, day) is Standing.GIVEN}
        return Gallery.build(self._templates(allowed, model_id))

    def recognises(self, classes: Sequence[str], day: date) -> bool:
        """Whether faces of a draft taken of these classes may be recognised; reads people only where rosters decide."""
        mode = self.recognition_setting().in_force(day)
        if mode is not RecognitionMode.ROSTERS:
            return mode is RecognitionMode.ON
        people = self.people()
        return recognition_on(mode, people, self._all_recognition(people), day).ruling(classes).allowed

    def classes(self, day: date) -> list[str]:
        """The classes that have a pupil on the day, in the order of their names."""
        return [roster.name for roster in rosters_of(self.people(), day).values()]

    def listing(self, day: date, *, reveal_never_publish: bool = False) -> list[ListingRow]:
        """The rows of the register's page; "never publish" reads as refused where the reader may not know of it."""
        people = self.people()
        publication, recognition = self._all_facts(people)
        references: dict[str, int] = defaultdict(int)
        for reference in self.references():
            references[reference.person_id] += 1
        return [
            listing_row(
                person,
                publication[person.id],
                recognition[person.id],
                references[person.id],
                day,
                reveal_never_publish=reveal_never_publish,
            )
            for person in people
        ]

    # -- inside --------------------------------------------------------------------------------------------------

    def _all_facts(self, people: Iterable[Person]) -> tuple[dict[str, PersonFacts], dict[str, RecognitionFacts]]:
        responsible = self._responsible()
        consents = self._stated(PublicationConsent, *STATED, "scope", "named_ok")
        facts = {person.id: person_facts(person, consents.get(person.id, ()), responsible) for person in people}
        return facts, self._all_recognition(people, responsible)

    def _all_recognition(
        self, people: Iterable[Person], responsible: frozenset[str] | None = None
    ) -> dict[str, RecognitionFacts]:
        responsible = self._responsible() if responsible is None else responsible
        answers = self._stated(RecognitionConsent, *STATED)
        return {person.id: recognition_facts(person, answers.get(person.id, ()), responsible) for person in people}

    def _stated(self, table: type[AnswerRow], *names: str) -> dict[str, list[Any]]:
        """Everybody's answers in the order of recording: columns alone, three times as fast as whole objects."""
        columns: Any = [getattr(table, name) for name in ("person_id", *names)]
        mine = sqlalchemy.select(*columns).where(col(table.school_id) == self.school_id)
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.session.exec(cast(Any, mine.order_by(col(table.recorded_at), col(table.id)))):
            found[row.person_id].append(row)
        return found

    def _responsible(self, person_id: str | None = None) -> frozenset[str]:
        """Ids of the guardians with parental responsibility."""
        return frozenset(guardian.id for guardian in self.guardians(person_id) if guardian.parental_responsibility)

    def _templates(self, allowed: Container[str], model_id: str) -> tuple[Reference, ...]:
        """The references of these people that this model made."""
        return tuple(
            Reference(reference.person_id, unpack_template(reference.template), reference.model_id)
            for reference in self.references()
            if reference.model_id == model_id and reference.person_id in allowed
        )

    def _answers(self, table: type[Answers], person_id: str | None) -> Sequence[Answers]:
        mine = select(table).where(table.school_id == self.school_id)
        if person_id is not None:
            mine = mine.where(table.person_id == person_id)
        return self.session.exec(mine.order_by(col(table.recorded_at), col(table.id))).all()

    def _answer(self, person_id: str, answer: NewAnswer) -> dict[str, Any]:
        starts_on = answer.starts_on or answer.decided_on
        if answer.until is not None and answer.until < max(starts_on, answer.decided_on):
            raise RegisterConflict("An answer cannot end before it begins.")
        if answer.guardian_id is not None:
            guardian = self._get(Guardian, answer.guardian_id, "guardian")
            if guardian.person_id != person_id:
                raise RegisterConflict("This guardian is another person's guardian.")
        return {
            "school_id": self.school_id,
            "person_id": self.person(person_id).id,
            "guardian_id": answer.guardian_id,
            "granted": answer.granted,
            "decided_on": answer.decided_on,
            "starts_on": starts_on,
            "until": answer.until,
            "form_version": answer.form_version,
            "evidence_ref": answer.evidence_ref,
            "source": answer.source,
            "recorded_by": answer.recorded_by,
        }

    def _withdraw(self, answer: Answers, on: date) -> Answers:
        if not answer.granted:
            raise RegisterConflict("A refusal cannot be withdrawn: record the new answer instead.")
        if answer.withdrawn_on is None or on < answer.withdrawn_on:
            return self._update(answer, {"withdrawn_on": on})
        return answer


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _names(person: Person) -> set[str]:
    return {f"{first} {person.family}" for first in (person.given, person.known_as) if first}
