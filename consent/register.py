"""The register of one school: every query and every change goes through here. Only the edge commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, cast

import sqlalchemy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from captions.findings import SchoolProfile
from consent.errors import Ambiguous, NotInRegister, RegisterConflict, RegisterEmpty, RegisterError
from consent.facts import PersonFacts, RecognitionFacts, Scope, Standing, judge_recognition
from consent.models import (
    AnswerRow,
    Channel,
    Enrolment,
    Guardian,
    Person,
    PublicationConsent,
    RecognitionConsent,
    RegisterRow,
    School,
)
from consent.profile import profile_from_json, profile_to_json
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
from vision.matching import Gallery, Reference
from vision.models import ENCODER

MODEL_ID = ENCODER.version  # templates of other models cannot be compared and stay out of the gallery
DEFAULT_SCHOOL = "Our school"
STATED = ("guardian_id", "granted", "decided_on", "starts_on", "until", "withdrawn_on")  # what an answer is judged by

Row = TypeVar("Row", bound=RegisterRow)
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


def create_school(session: Session, name: str = DEFAULT_SCHOOL, profile: SchoolProfile | None = None) -> School:
    """A new school with an empty register."""
    if not name.strip():
        raise RegisterError("A school needs a name.")
    school = School(name=name.strip(), profile=profile_to_json(profile) if profile else {})
    session.add(school)
    session.flush()
    return school


def the_school(session: Session) -> School | None:
    """The one school of this data folder, or None while there is none; RegisterError where there are several."""
    schools = session.exec(select(School).limit(2)).all()
    if len(schools) > 1:
        raise RegisterError("This data folder holds several schools: say which one is meant.")
    return schools[0] if schools else None


class Register:
    """One school's register, in one session. No method reads or changes another school's rows."""

    def __init__(self, session: Session, school_id: str) -> None:
        self.session = session
        self.school_id = school_id

    # -- the school ----------------------------------------------------------------------------------------------

    def school(self) -> School:
        school = self.session.get(School, self.school_id)
        if school is None:
            raise NotInRegister("There is no such school.")
        return school

    def version(self) -> int:
        """Grows with every change of the register."""
        found = self.session.exec(select(School.register_version).where(School.id == self.school_id)).one_or_none()
        if found is None:
            raise NotInRegister("There is no such school.")
        return found

    def profile(self) -> SchoolProfile:
        school = self.school()
        return profile_from_json(school.name, school.profile)

    def set_profile(self, profile: SchoolProfile) -> None:
        school = self.school()
        school.name = profile.name
        school.profile = profile_to_json(profile)
        self.session.flush()

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
        """Keep one template; RegisterConflict unless consent to face recognition stands on `day`, TemplateError."""
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
        """Delete the person's templates; how many there were."""
        gone = self.references(self.person(person_id).id)
        for reference in gone:
            self.session.delete(reference)
        self.session.flush()
        return len(gone)

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
        channel = self.channel(channel_name)
        profile = self.profile()
        return Snapshot(
            school_id=self.school_id,
            register_version=self.version(),
            day=day,
            channel=channel_facts(channel, profile, day) if channel else None,
            scope=channel.scope if channel else None,
            people=MappingProxyType(publication),
            gallery=self._gallery(recognition, day, model_id),
            names=tuple(registered_name(person) for person in people),
            profile=profile,
        )

    def gallery(self, day: date, model_id: str = MODEL_ID) -> Gallery:
        """The references of everybody whose consent to face recognition stands on the day."""
        return self._gallery(self._all_facts(self.people())[1], day, model_id)

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
        recognition = self._stated(RecognitionConsent, *STATED)
        return (
            {person.id: person_facts(person, consents.get(person.id, ()), responsible) for person in people},
            {person.id: recognition_facts(person, recognition.get(person.id, ()), responsible) for person in people},
        )

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

    def _gallery(self, recognition: Mapping[str, RecognitionFacts], day: date, model_id: str) -> Gallery:
        allowed = {key for key, facts in recognition.items() if judge_recognition(facts, day) is Standing.GIVEN}
        return Gallery.build(
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

    def _get(self, table: type[Row], row_id: str, what: str) -> Row:
        row = self.session.get(table, row_id)
        if row is None or row.school_id != self.school_id:
            raise NotInRegister(f"There is no such {what} in this school's register.")
        return row

    def _add(self, row: Row) -> Row:
        if row.school_id != self.school_id:
            raise RegisterConflict("This belongs to another school.")
        self.session.add(row)
        self._flush()
        return row

    def _update(self, row: Row, changes: Mapping[str, Any]) -> Row:
        for name, value in changes.items():
            if name not in type(row).model_fields or name in {"id", "school_id", "person_id"}:
                raise RegisterError(f"{type(row).__name__} has no {name} that could be changed.")
            setattr(row, name, value)
        self._flush()
        return row

    def _flush(self) -> None:
        try:
            self.session.flush()
        except IntegrityError as error:
            raise RegisterConflict("Somebody else in the register has this UPN, admission number or name.") from error


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _names(person: Person) -> set[str]:
    return {f"{first} {person.family}" for first in (person.given, person.known_as) if first}
