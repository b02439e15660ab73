"""The invented school of the pages: a pupil for every story of consent, staff, and accounts in every state."""

from __future__ import annotations

from datetime import date, timedelta

from consent.facts import Role, Scope, today
from consent.models import Channel, Person
from consent.register import NewAnswer, Register
from tests.browser.shots import INSTAGRAM, NEWSLETTER, WEBSITE
from tests.schools import allow_recognition

SCHOOL_YEAR = (
    ("Olivia", "Smith", "Year 4", "Heron", "yes"),
    ("Kofi", "Mensah", "Year 4", "Heron", "yes"),
    ("Zosia", "Nowak", "Year 4", "Heron", "no website"),
    ("Amara", "Okafor-Whittington", "Year 4", "Heron", "never"),
    ("Siân", "Pryce", "Year 4", "Heron", "no answer"),
    ("Mohammed", "Rahman", "Year 6", "Kestrel", "yes"),
    ("Isla", "Fraser", "Year 6", "Kestrel", "lapsed"),
    ("Tomás", "Ó Briain", "Year 6", "Kestrel", "withdrawn"),
    ("Freya", "Lindqvist", "Year 10", "10B", "left"),
)


def fill_school(register: Register) -> None:
    allow_recognition(register)
    day = today()
    begun = day - timedelta(days=200)
    for given, family, year, class_name, story in SCHOOL_YEAR:
        person = register.add_person(
            Person(
                school_id=register.school_id,
                given=given,
                family=family,
                year=year,
                class_name=class_name,
                never_publish=story == "never",
                leaving_date=day - timedelta(days=30) if story == "left" else None,
            )
        )
        _answers(register, person.id, story, begun, day)
    for given, family, title in (("Ruth", "Adeyemi", "Mrs"), ("Daniel", "Hughes", "Mr")):
        person = register.add_person(
            Person(school_id=register.school_id, role=Role.STAFF, given=given, family=family, title=title)
        )
        for scope in Scope:
            register.record_consent(person.id, scope, NewAnswer(granted=True, decided_on=begun, named_ok=True))
    _channels(register, begun)


def _answers(register: Register, person_id: str, story: str, begun: date, day: date) -> None:
    if story == "no answer":
        return
    parent = register.add_guardian(person_id, "A parent", "mother", parental_responsibility=True)
    until = day - timedelta(days=5) if story == "lapsed" else None
    for scope in (Scope.DISPLAY, Scope.NEWSLETTER, Scope.WEBSITE, Scope.SOCIAL):
        granted = not (story == "no website" and scope in (Scope.WEBSITE, Scope.SOCIAL))
        answer = NewAnswer(granted=granted, decided_on=begun, until=until if granted else None, guardian_id=parent.id)
        recorded = register.record_consent(person_id, scope, answer)
        if story == "withdrawn" and scope is Scope.WEBSITE:
            register.withdraw(recorded.id, day - timedelta(days=2))
    if story == "yes":
        yes = NewAnswer(granted=True, decided_on=begun, guardian_id=parent.id)
        register.record_recognition(person_id, yes)
        for at in range(3):
            template = [1.0 if place == at else 0.0 for place in range(128)]
            register.add_reference(person_id, template, quality=0.9, taken_on=begun, day=day)


def _channels(register: Register, begun: date) -> None:
    school_id, mail = register.school_id, "office@heronhill.sch.example"
    for name, scope in ((WEBSITE, Scope.WEBSITE), (NEWSLETTER, Scope.NEWSLETTER)):
        register.add_channel(
            Channel(
                school_id=school_id,
                name=name,
                scope=scope,
                official_email=mail,
                notified_on=begun,
                approved_by="The head",
                approved_on=begun,
            )
        )
    register.add_channel(
        Channel(school_id=school_id, name=INSTAGRAM, scope=Scope.SOCIAL, official_email=mail, notified_on=begun)
    )
    register.add_channel(Channel(school_id=school_id, name="PTA Facebook", scope=Scope.SOCIAL))
