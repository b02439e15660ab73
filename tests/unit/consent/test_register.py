"""The register of one school: what it answers, what it refuses, and what a check reads of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from captions.findings import SchoolProfile
from consent.errors import Ambiguous, NotInRegister, RegisterConflict, RegisterEmpty, RegisterError
from consent.facts import Role, Scope, Standing, judge
from consent.models import Channel, Person
from consent.register import MODEL_ID, NewAnswer, Register, create_school, the_school
from vision.matching import TemplateError, identify

DAY = date(2026, 11, 20)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
YES = NewAnswer(granted=True, decided_on=YESTERDAY)
NO = NewAnswer(granted=False, decided_on=YESTERDAY)


def a_person(register, given="Ben", family="Adeyemi", **more):
    return register.add_person(Person(school_id=register.school_id, given=given, family=family, **more))


def a_teacher(register, **more):
    return a_person(register, "Lorraine", "Okell", role=Role.STAFF, **more)


def a_mother(register, person, *, pr=True):
    return register.add_guardian(person.id, "Grace Adeyemi", "mother", parental_responsibility=pr)


def by(guardian, answer=YES, **more):
    values = {"granted": answer.granted, "decided_on": answer.decided_on} | more
    return NewAnswer(guardian_id=guardian.id, **values)


def a_channel(register, name="School website", **more):
    values: dict[str, Any] = {
        "scope": Scope.WEBSITE,
        "official_email": "office@wrenhollow.sch.uk",
        "notified_on": YESTERDAY,
        "approved_by": "The head",
        "approved_on": YESTERDAY,
    } | more
    return register.add_channel(Channel(school_id=register.school_id, name=name, **values))


# --- schools ---------------------------------------------------------------------------------------------------


def test_there_is_no_school_at_first(session):
    assert the_school(session) is None


def test_the_one_school_is_found(session):
    made = create_school(session, " Wrenhollow Primary ")
    assert the_school(session) is made
    assert made.name == "Wrenhollow Primary"


def test_of_several_schools_none_is_picked(session, register):
    create_school(session, "Elmfield")
    with pytest.raises(RegisterError, match="several schools"):
        the_school(session)


def test_a_school_needs_a_name(session):
    with pytest.raises(RegisterError, match="name"):
        create_school(session, " ")


def test_a_profile_comes_back_as_it_was_given(register):
    profile = SchoolProfile("Wrenhollow", short_names=("WCPS",), classes={"Oak": "Year 6"}, domain="wrenhollow.sch.uk")
    register.set_profile(profile)
    assert register.profile() == profile
    assert register.school().name == "Wrenhollow"


def test_a_register_of_no_school_is_an_error(session):
    for ask in (Register(session, "nobody").version, Register(session, "nobody").school):
        with pytest.raises(NotInRegister):
            ask()


# --- people ----------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_anything_that_names_them(register):
    ben = a_person(register, known_as="Benji", upn="P207000016049", admission_number="0042")
    for text in (ben.id, "p207000016049", "0042", "ben  adeyemi", " Benji Adeyemi "):
        assert register.find_person(text) is ben


def test_everybody_by_number(register):
    ben = a_person(register, upn="P207000016049", admission_number="a1")
    zoe = a_person(register, "Zoë", "Lin", admission_number="P207000016049")
    may = a_person(register, "May", "Lin", admission_number="0043")
    assert {number: person.id for number, person in register.by_number().items()} == {"A1": ben.id, "0043": may.id}
    assert zoe.admission_number not in register.by_number()


def test_a_name_that_fits_two_people_fits_nobody(register):
    a_person(register)
    a_person(register, "Benjamin", known_as="Ben")
    with pytest.raises(Ambiguous, match="2 people are called Ben Adeyemi"):
        register.find_person("Ben Adeyemi")


def test_nobody_is_found_by_half_a_name(register):
    a_person(register)
    with pytest.raises(NotInRegister, match="Nobody in the register"):
        register.find_person("Adeyemi")


def test_two_people_cannot_have_one_upn(register):
    a_person(register, upn="P207000016049")
    with pytest.raises(RegisterConflict, match="UPN"):
        a_person(register, "Zoë", upn="P207000016049")


@pytest.mark.parametrize("field", ["id", "school_id", "shoe_size", "metadata"])
def test_what_is_no_detail_cannot_be_changed(register, field):
    ben = a_person(register)
    with pytest.raises(RegisterError, match=field):
        register.update_person(ben.id, **{field: "x"})


def test_a_detail_is_changed(register):
    ben = a_person(register)
    register.update_person(ben.id, never_publish=True, class_name="Elm")
    assert (register.person(ben.id).never_publish, register.person(ben.id).class_name) == (True, "Elm")


def test_another_schools_people_are_not_there(register, session):
    ben = a_person(register)
    mother = a_mother(register, ben)
    consent = register.record_consent(ben.id, Scope.WEBSITE, by(mother))
    recognised(register)
    a_channel(register)
    other = Register(session, create_school(session, "Elmfield").id)
    for ask in (
        lambda: other.person(ben.id),
        lambda: other.find_person(ben.id),
        lambda: other.update_person(ben.id, given="X"),
        lambda: other.update_guardian(mother.id, name="X"),
        lambda: other.add_guardian(ben.id, "X", parental_responsibility=True),
        lambda: other.record_consent(ben.id, Scope.WEBSITE, YES),
        lambda: other.record_recognition(ben.id, YES),
        lambda: other.withdraw(consent.id, DAY),
        lambda: other.remove_references(ben.id),
        lambda: other.facts_of(ben.id),
    ):
        with pytest.raises(NotInRegister):
            ask()
    for read in (other.people, other.guardians, other.consents, other.recognition_consents, other.references):
        assert read() == []
    assert other.channels() == []
    assert other.channel("School website") is None
    assert other.by_number() == {}
    assert other.listing(DAY) == []
    with pytest.raises(RegisterConflict, match="another school"):
        other.add_person(Person(school_id=register.school_id, given="Zoë", family="Lin"))


# --- answers ---------------------------------------------------------------------------------------------------


def test_what_is_recorded_is_what_is_judged(register):
    ben = a_person(register)
    mother = a_mother(register, ben)
    register.record_consent(ben.id, Scope.WEBSITE, by(mother, until=DAY, named_ok=True, starts_on=DAY))
    (fact,) = register.facts_of(ben.id).answers
    assert (fact.giver, fact.starts_on, fact.until, fact.named_ok) == (mother.id, DAY, DAY, True)
    assert [judge(register.facts_of(ben.id), Scope.WEBSITE, day) for day in (YESTERDAY, DAY, TOMORROW)] == [
        Standing.NONE,
        Standing.GIVEN,
        Standing.LAPSED,
    ]


def test_parental_responsibility_is_the_guardians(register):
    ben = a_person(register)
    aunt = a_mother(register, ben, pr=False)
    register.record_consent(ben.id, Scope.WEBSITE, by(aunt))
    assert judge(register.facts_of(ben.id), Scope.WEBSITE, DAY) is Standing.NONE
    register.update_guardian(aunt.id, parental_responsibility=True)
    assert judge(register.facts_of(ben.id), Scope.WEBSITE, DAY) is Standing.GIVEN


def test_a_refusal_names_nobody(register):
    ben = a_person(register)
    assert (
        register.record_consent(ben.id, Scope.WEBSITE, NewAnswer(granted=False, decided_on=DAY, named_ok=True)).named_ok
        is False
    )


def test_a_withdrawal_keeps_the_earliest_day(register):
    ben = a_person(register)
    consent = register.record_consent(ben.id, Scope.WEBSITE, by(a_mother(register, ben)))
    assert register.withdraw(consent.id, DAY).withdrawn_on == DAY
    assert register.withdraw(consent.id, TOMORROW).withdrawn_on == DAY
    assert register.withdraw(consent.id, YESTERDAY).withdrawn_on == YESTERDAY


def test_a_refusal_cannot_be_withdrawn(register):
    ben = a_person(register)
    refusal = register.record_consent(ben.id, Scope.WEBSITE, NO)
    with pytest.raises(RegisterConflict, match="record the new answer"):
        register.withdraw(refusal.id, DAY)


def test_an_answer_cannot_end_before_it_begins(register):
    ben = a_person(register)
    with pytest.raises(RegisterConflict, match="end before"):
        register.record_consent(ben.id, Scope.WEBSITE, NewAnswer(granted=True, decided_on=DAY, until=YESTERDAY))


def test_somebody_elses_guardian_cannot_answer(register):
    ben, zoe = a_person(register), a_person(register, "Zoë", "Lin")
    with pytest.raises(RegisterConflict, match="another person"):
        register.record_consent(zoe.id, Scope.WEBSITE, by(a_mother(register, ben)))


def test_answers_come_in_the_order_of_recording(register):
    ben = a_person(register)
    mother = a_mother(register, ben)
    for until in (DAY, TOMORROW, None):
        register.record_consent(ben.id, Scope.WEBSITE, by(mother, until=until))
    assert [fact.until for fact in register.facts_of(ben.id).answers] == [DAY, TOMORROW, None]


# --- references ------------------------------------------------------------------------------------------------

TEMPLATE = (1.0, *[0.0] * 127)


def recognised(register, person=None):
    person = person or a_teacher(register)
    register.record_recognition(person.id, YES)
    register.add_reference(person.id, TEMPLATE, quality=0.9, taken_on=DAY, day=DAY)
    return person


def test_no_template_is_kept_without_consent_to_recognition(register):
    okell = a_teacher(register)
    register.record_consent(okell.id, Scope.WEBSITE, YES)
    with pytest.raises(RegisterConflict, match="no consent to face recognition"):
        register.add_reference(okell.id, TEMPLATE, quality=0.9, taken_on=DAY, day=DAY)
    assert register.references() == []


@pytest.mark.parametrize(
    "template",
    [(), (1.0,), (float("nan"),) * 128, (float("inf"),) * 128, (1.0,) * 128],
    ids=["empty", "short", "nan", "infinite", "not normalised"],
)
def test_a_template_that_is_none_is_refused(register, template):
    okell = a_teacher(register)
    register.record_recognition(okell.id, YES)
    with pytest.raises(TemplateError):
        register.add_reference(okell.id, template, quality=0.9, taken_on=DAY, day=DAY)


def test_a_withdrawal_deletes_the_templates(register):
    okell = recognised(register)
    (consent,) = register.recognition_consents(okell.id)
    register.withdraw_recognition(consent.id, DAY)
    assert register.references() == []


def test_a_refusal_deletes_the_templates(register):
    okell = recognised(register)
    register.record_recognition(okell.id, NO)
    assert register.references() == []


def subjects(register, day=DAY, **more):
    return register.gallery(day, **more).subject_ids


def test_the_gallery_holds_those_who_consented(register):
    okell = recognised(register)
    found = identify(TEMPLATE, register.gallery(DAY))
    assert [candidate.subject_id for candidate in found.candidates] == [okell.id]


def test_the_gallery_leaves_out_whose_consent_does_not_stand_that_day(register):
    okell = recognised(register)
    register.update_person(okell.id, leaving_date=DAY)
    assert subjects(register, DAY) == (okell.id,)
    assert subjects(register, TOMORROW) == ()


def test_the_gallery_leaves_out_templates_of_other_models(register):
    okell = recognised(register)
    register.add_reference(okell.id, TEMPLATE, quality=0.9, taken_on=DAY, day=DAY, model_id="another@1")
    assert register.gallery(DAY).references(okell.id) == 1
    assert register.gallery(DAY).model_id == MODEL_ID
    assert register.gallery(DAY, model_id="another@1").references(okell.id) == 1


@pytest.mark.parametrize("damaged", [b"\0" * 5, b"\0" * 512, b""], ids=["cut short", "zeros", "empty"])
def test_a_damaged_template_is_an_error(register, damaged):
    okell = recognised(register)
    (reference,) = register.references(okell.id)
    reference.template = damaged
    with pytest.raises(TemplateError, match="damaged"):
        register.gallery(DAY)


# --- channels --------------------------------------------------------------------------------------------------

UNLINKED = "This account is not linked to an official school e-mail address."
UNTOLD = "The school has not been told of this account's address."


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        pytest.param({}, "", id="approved"),
        pytest.param({"notified_on": DAY, "approved_on": DAY}, "", id="approved today"),
        pytest.param({"suspended_on": TOMORROW}, "", id="suspended from tomorrow"),
        pytest.param({"direct_messages": True}, "Direct messages to pupils are not allowed.", id="direct message"),
        pytest.param({"suspended_on": DAY}, "This account is suspended.", id="suspended"),
        pytest.param({"official_email": ""}, UNLINKED, id="no e-mail"),
        pytest.param({"official_email": "wrenhollow.sch.uk"}, UNLINKED, id="no address"),
        pytest.param({"notified_on": None}, UNTOLD, id="not notified"),
        pytest.param({"notified_on": TOMORROW}, UNTOLD, id="notified tomorrow"),
        pytest.param({"approved_by": " "}, "Senior staff have not approved this account.", id="approved by nobody"),
        pytest.param({"approved_on": None}, "Senior staff have not approved this account.", id="not approved"),
        pytest.param({"approved_on": TOMORROW}, "Senior staff have not approved this account.", id="approved tomorrow"),
    ],
)
def test_an_account_is_approved_or_says_why_not(register, wrong, problem):
    a_person(register)
    a_channel(register, **wrong)
    facts = register.snapshot("School website", DAY).channel
    assert (facts.problem, facts.approved) == (problem, not problem)


@pytest.mark.parametrize(
    ("address", "approved"),
    [
        ("office@wrenhollow.sch.uk", True),
        ("Office@Mail.Wrenhollow.sch.uk", True),
        ("teacher@example.com", False),
        ("office@notwrenhollow.sch.uk", False),
    ],
)
def test_an_official_address_is_at_the_schools_domain(register, address, approved):
    a_person(register)
    register.set_profile(SchoolProfile("Wrenhollow", domain="www.wrenhollow.sch.uk"))
    a_channel(register, official_email=address)
    assert register.snapshot("School website", DAY).channel.approved is approved


def test_an_account_is_found_whatever_the_case(register):
    channel = a_channel(register)
    assert register.channel(" school  WEBSITE") is channel
    assert register.channel("School web") is None


@pytest.mark.parametrize(("name", "error"), [("SCHOOL WEBSITE", RegisterConflict), (" ", RegisterError)])
def test_an_account_needs_a_name_of_its_own(register, name, error):
    a_channel(register)
    with pytest.raises(error):
        a_channel(register, name)


def test_an_account_is_changed(register):
    a_channel(register)
    register.update_channel("school website", suspended_on=DAY)
    assert register.channel("School website").suspended_on == DAY
    with pytest.raises(NotInRegister):
        register.update_channel("Another", suspended_on=DAY)


# --- snapshot and listing --------------------------------------------------------------------------------------


def test_a_snapshot_holds_all_that_a_check_needs(register):
    register.set_profile(SchoolProfile("Wrenhollow", short_names=("WCPS",)))
    ben = a_person(
        register, known_as="Benji", other_names="Kola", year="Year 6", class_name="Oak", leaving_date=YESTERDAY
    )
    okell = recognised(register, a_teacher(register, title="Mrs"))
    register.record_consent(ben.id, Scope.WEBSITE, by(a_mother(register, ben)))
    a_channel(register)
    snapshot = register.snapshot("school website", DAY)
    assert (snapshot.day, snapshot.school_id, snapshot.register_version) == (
        DAY,
        register.school_id,
        register.version(),
    )
    assert (snapshot.channel.name, snapshot.scope) == ("School website", Scope.WEBSITE)
    assert snapshot.people == {ben.id: register.facts_of(ben.id), okell.id: register.facts_of(okell.id)}
    assert snapshot.gallery_for(()).subject_ids == (okell.id,)
    names = {name.person_id: name for name in snapshot.names}
    assert (names[ben.id].known_as, names[ben.id].other_names, names[ben.id].year, names[ben.id].pupil) == (
        "Benji",
        "Kola",
        "Year 6",
        True,
    )
    assert (names[okell.id].title, names[okell.id].pupil) == ("Mrs", False)
    assert snapshot.profile == SchoolProfile("Wrenhollow", short_names=("WCPS",))


def test_an_unknown_account_is_nothing(register):
    a_person(register)
    snapshot = register.snapshot("Mr Pryce's own page", DAY)
    assert (snapshot.channel, snapshot.scope) == (None, None)


def test_an_empty_register_checks_nothing(register):
    a_channel(register)
    with pytest.raises(RegisterEmpty, match="Import it"):
        register.snapshot("School website", DAY)


def test_a_snapshot_cannot_be_changed(register):
    ben = a_person(register)
    with pytest.raises(TypeError):
        register.snapshot("School website", DAY).people[ben.id] = None


def test_the_listing(register):
    ben = a_person(register, known_as="Benji", year="Year 6", class_name="Oak")
    mother = a_mother(register, ben)
    register.record_consent(ben.id, Scope.WEBSITE, by(mother, named_ok=True))
    register.record_consent(ben.id, Scope.PRESS, by(mother, NO))
    register.record_recognition(ben.id, by(mother))
    register.add_reference(ben.id, TEMPLATE, quality=0.9, taken_on=DAY, day=DAY)
    (row,) = register.listing(DAY)
    assert (row.name, row.role, row.year, row.class_name) == ("Benji Adeyemi", Role.PUPIL, "Year 6", "Oak")
    assert (row.standings[Scope.WEBSITE], row.standings[Scope.PRESS]) == (Standing.GIVEN, Standing.REFUSED)
    assert row.standings[Scope.VIDEO] is Standing.OTHER_CHANNEL
    assert row.named == {Scope.WEBSITE}
    assert (row.recognition, row.references, row.never_publish) == (Standing.GIVEN, 1, None)


def test_never_publish_shows_only_to_those_who_may_know(register):
    a_person(register, never_publish=True)
    (plain,), (full,) = register.listing(DAY), register.listing(DAY, reveal_never_publish=True)
    assert (set(plain.standings.values()), plain.never_publish) == ({Standing.REFUSED}, None)
    assert (set(full.standings.values()), full.never_publish) == ({Standing.NEVER}, True)


# --- the version -----------------------------------------------------------------------------------------------


def test_every_change_raises_the_version(register):
    okell = a_teacher(register)
    guardian = register.add_guardian(a_person(register).id, "Grace", parental_responsibility=True)
    channel = a_channel(register)
    changes = (
        lambda: register.set_profile(SchoolProfile("Elmfield")),
        lambda: a_person(register, "Zoë", "Lin"),
        lambda: register.update_person(okell.id, title="Mrs"),
        lambda: a_mother(register, okell),
        lambda: register.update_guardian(guardian.id, name="Grace A"),
        lambda: register.record_consent(okell.id, Scope.WEBSITE, YES),
        lambda: register.withdraw(register.consents(okell.id)[0].id, DAY),
        lambda: recognised(register, okell),
        lambda: register.remove_references(okell.id),
        lambda: register.withdraw_recognition(register.recognition_consents(okell.id)[0].id, DAY),
        lambda: a_channel(register, "Newsletter"),
        lambda: register.update_channel(channel.name, suspended_on=DAY),
    )
    for change in changes:
        before = register.version()
        change()
        assert register.version() > before


def test_reading_leaves_the_version(register):
    recognised(register)
    a_channel(register)
    before = register.version()
    register.snapshot("School website", DAY)
    register.listing(DAY)
    assert register.version() == before
