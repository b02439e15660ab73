"""Importing consents: what each line does, what stops the file, and that nothing becomes a yes by chance."""

from __future__ import annotations

import csv
import io
import time
from datetime import date

import pytest

from consent.errors import FileRefused
from consent.facts import Role, Scope, Standing, judge, judge_recognition
from consent.importing import import_csv
from consent.importreport import LineStatus
from consent.models import Person
from consent.rows import NOT_RECORDED, OPTIONAL, REQUIRED

DAY = date(2026, 11, 20)
BEN = {
    "upn": "P207000016049",
    "legal_forename": "Ben",
    "legal_surname": "Adeyemi",
    "class": "Oak",
    "scope": "website",
    "decision": "granted",
    "decided_by": "Grace Adeyemi",
    "relationship": "mother",
    "has_pr": "yes",
    "decided_on": "2026-09-01",
}
NO_UPN = {"upn": ""}
ZOE = {"upn": "B801200005001", "legal_forename": "Zoë", "legal_surname": "Lin", "decided_by": "May Lin"}
OKELL = {
    "upn": "",
    "role": "staff",
    "title": "Mrs",
    "legal_forename": "Lorraine",
    "legal_surname": "Okell",
    "class": "",
    "decided_by": "",
    "relationship": "self",
    "has_pr": "",
}


def a_file(*rows):
    written = io.StringIO()
    writer = csv.DictWriter(written, (*REQUIRED, *OPTIONAL), restval="")
    writer.writeheader()
    writer.writerows(BEN | row for row in rows)
    return written.getvalue().encode()


@pytest.fixture
def run(register):
    def run(*rows, apply=True, day=DAY):
        return import_csv(register, a_file(*rows), day=day, apply=apply, recorded_by="office")

    return run


def statuses(report):
    return [line.status.value for line in report.lines]


def standing(register, name="Ben Adeyemi", scope=Scope.WEBSITE, day=DAY):
    return judge(register.facts_of(register.find_person(name).id), scope, day)


# --- what lands ------------------------------------------------------------------------------------------------


def test_a_pupil_a_guardian_and_a_consent(run, register):
    report = run({"expires_on": "2027-08-31", "named_ok": "yes", "evidence_ref": "scan 12", "form_version": "2026"})
    assert report.applied
    assert statuses(report) == ["new"]
    ben = register.find_person("P207000016049")
    (mother,) = register.guardians(ben.id)
    (consent,) = register.consents(ben.id)
    assert (ben.full_name, ben.class_name, ben.role) == ("Ben Adeyemi", "Oak", Role.PUPIL)
    assert (mother.name, mother.relationship, mother.parental_responsibility) == ("Grace Adeyemi", "mother", True)
    assert (consent.scope, consent.granted, consent.named_ok, consent.until) == (
        Scope.WEBSITE,
        True,
        True,
        date(2027, 8, 31),
    )
    assert (consent.giver, consent.evidence_ref, consent.form_version, consent.recorded_by) == (
        mother.id,
        "scan 12",
        "2026",
        "office",
    )
    assert standing(register) is Standing.GIVEN


def test_staff_consent_for_themselves(run, register):
    run(OKELL)
    okell = register.find_person("Lorraine Okell")
    assert (okell.role, okell.title, register.guardians(okell.id)) == (Role.STAFF, "Mrs", [])
    assert standing(register, "Lorraine Okell") is Standing.GIVEN


def test_recognition_lands_on_its_own_record(run, register):
    run({"scope": "recognition"})
    ben = register.find_person("Ben Adeyemi")
    assert (len(register.consents(ben.id)), len(register.recognition_consents(ben.id))) == (0, 1)
    assert judge_recognition(register.recognition_of(ben.id), DAY) is Standing.GIVEN
    assert standing(register) is Standing.NONE


def test_one_pupil_with_many_answers_is_one_pupil(run, register):
    report = run({}, {"scope": "newsletter"}, {"scope": "press", "decision": "refused"}, {"decided_by": "Tom Adeyemi"})
    assert statuses(report) == ["new"] * 4
    assert len(register.people()) == 1
    assert standing(register, scope=Scope.PRESS) is Standing.REFUSED


def test_a_pupil_without_a_decision_is_registered_and_has_no_consent(run, register):
    report = run({"decision": ""}, {**ZOE, "decision": "", "scope": ""})
    assert statuses(report) == ["doubtful", "doubtful"]
    assert report.applied
    assert {person.full_name for person in register.people()} == {"Ben Adeyemi", "Zoë Lin"}
    assert standing(register) is Standing.NONE
    assert register.consents() == []


def test_details_of_the_person(run, register):
    run({"preferred_forename": "Benji", "other_names": "Kola", "year": "Year 6", "leaving_date": "31/07/2027",
         "never_publish": "yes", "admission_number": "0042"})  # fmt: skip
    ben = register.find_person("0042")
    assert (ben.known_as, ben.other_names, ben.year, ben.leaving_date) == ("Benji", "Kola", "Year 6", date(2027, 7, 31))
    assert standing(register, "Benji Adeyemi") is Standing.NEVER


@pytest.mark.parametrize("cells", [{"has_pr": ""}, {"decided_by": ""}, {"decided_on": ""}])
def test_a_yes_that_may_not_be_one_is_left_out(run, register, cells):
    report = run(cells)
    assert statuses(report) == ["doubtful"]
    assert "no consent" in report.lines[0].notes[0]
    assert register.consents() == []


def test_a_yes_without_parental_responsibility_is_kept_and_does_not_count(run, register):
    report = run({"has_pr": "no"})
    assert report.lines[0].notes == ("Without parental responsibility this yes does not count.",)
    assert standing(register) is Standing.NONE


def test_a_pupils_own_yes_is_kept_and_does_not_count(run, register):
    report = run({"relationship": "self"})
    assert "not enough" in report.lines[0].notes[0]
    assert standing(register) is Standing.NONE


def test_a_refusal_by_nobody_in_particular_counts(run, register):
    run({}, {"decision": "refused", "decided_by": "", "relationship": "", "has_pr": "", "decided_on": ""})
    assert [guardian.name for guardian in register.guardians()] == [NOT_RECORDED, "Grace Adeyemi"]
    assert standing(register) is Standing.REFUSED


@pytest.mark.parametrize("order", [1, -1], ids=["after the consent", "before the consent"])
def test_a_withdrawal_takes_back_the_consent_of_the_same_file(run, register, order):
    run(*[{}, {"decision": "withdrawn", "decided_on": "2026-10-01"}][::order])
    (consent,) = register.consents()
    assert consent.withdrawn_on == date(2026, 10, 1)
    assert standing(register, day=date(2026, 9, 30)) is Standing.GIVEN
    assert standing(register) is Standing.WITHDRAWN


def test_a_withdrawal_takes_back_the_consent_of_the_register(run, register):
    run({})
    report = run({"decision": "withdrawn", "decided_on": ""})
    assert statuses(report) == ["changed"]
    assert register.consents()[0].withdrawn_on == DAY


def test_of_two_withdrawals_the_first_day_holds(run, register):
    run({})
    run({"decision": "withdrawn", "decided_on": "2026-11-01"}, {"decision": "withdrawn", "decided_on": "2026-10-01"})
    assert register.consents()[0].withdrawn_on == date(2026, 10, 1)


def test_a_withdrawal_of_nothing_is_a_refusal(run, register):
    report = run({"decision": "withdrawn"})
    assert "recorded as a refusal" in report.lines[0].notes[0]
    assert standing(register) is Standing.REFUSED


def test_an_undated_refusal_after_a_refusal_and_a_later_yes_is_a_new_refusal(run, register):
    run({"decision": "refused", "decided_on": "2026-01-01"}, {})
    assert standing(register) is Standing.GIVEN
    run({"decision": "refused", "decided_on": ""})
    assert standing(register) is Standing.REFUSED


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_no_to_recognition_deletes_the_templates(run, register, decision):
    run({"scope": "recognition"})
    ben = register.find_person("Ben Adeyemi")
    register.add_reference(ben.id, (1.0, *[0.0] * 127), quality=1.0, taken_on=DAY, day=DAY)
    run({"scope": "recognition", "decision": decision, "decided_on": "2026-10-01"})
    assert register.references() == []


def test_a_changed_answer_is_a_new_row_and_the_old_one_stays(run, register):
    run({"expires_on": "2027-08-31"})
    report = run({"expires_on": "2026-10-31"})
    assert statuses(report) == ["new"]
    assert [consent.until for consent in register.consents()] == [date(2027, 8, 31), date(2026, 10, 31)]
    assert standing(register) is Standing.LAPSED


def test_changed_details_are_changed_and_blank_ones_left(run, register):
    run({"year": "Year 5", "preferred_forename": "Benji"})
    report = run({"class": "Elm", "year": ""})
    ben = register.find_person("Ben Adeyemi")
    assert statuses(report) == ["changed"]
    assert (ben.class_name, ben.year, ben.known_as) == ("Elm", "Year 5", "Benji")


def test_what_one_line_leaves_blank_another_may_say(run, register):
    run({"year": "", "admission_number": ""}, {"year": "6", "admission_number": "0042", "scope": "press"})
    (ben,) = register.people()
    assert (ben.year, ben.admission_number) == ("Year 6", "0042")


def test_people_the_file_does_not_name_stay_as_they_are(run, register):
    run({}, ZOE)
    report = run({})
    assert report.untouched == 1
    assert standing(register, "Zoë Lin") is Standing.GIVEN


def test_an_older_answer_says_that_a_newer_one_holds(run, register):
    run({})
    report = run({"decision": "refused", "decided_on": "2025-09-01"})
    assert "newer one holds" in report.lines[0].notes[0]
    assert standing(register) is Standing.GIVEN


# --- dry run, all or nothing, twice ----------------------------------------------------------------------------

EVERYTHING = (
    {"expires_on": "2027-08-31", "named_ok": "yes"},
    {"scope": "press", "decision": "refused", "decided_by": "Tom Adeyemi", "relationship": "father", "decided_on": ""},
    {"scope": "newsletter"},
    {"scope": "newsletter", "decision": "withdrawn", "decided_on": "2026-10-01"},
    {"scope": "video", "decision": "withdrawn", "decided_on": "2026-10-01"},
    {"scope": "display", "decision": "withdrawn", "decided_on": "", "decided_by": "", "relationship": ""},
    {"scope": "recognition"},
    {**ZOE, "decision": ""},
    {**ZOE, "scope": "social", "has_pr": "no"},
    {**ZOE, "scope": "social", "relationship": "self", "decision": "refused"},
    OKELL,
)


def test_a_dry_run_changes_nothing(run, register, session):
    run({})
    version = register.version()
    report = run(*EVERYTHING, {"class": "Elm", "scope": "social"}, apply=False)
    assert not report.applied
    assert report.changes_something
    assert not session.new
    assert not session.dirty
    assert register.version() == version
    assert [person.full_name for person in register.people()] == ["Ben Adeyemi"]


def test_a_dry_run_reports_what_the_import_then_does(run):
    tried = run(*EVERYTHING, apply=False)
    assert tried.lines == run(*EVERYTHING).lines


def test_one_error_and_nothing_is_applied(run, register):
    version = register.version()
    report = run({}, {**ZOE, "decision": "yes"})
    assert statuses(report) == ["new", "error"]
    assert not report.ok
    assert not report.applied
    assert register.people() == []
    assert register.version() == version


def test_the_second_import_of_the_same_file_changes_nothing(run, register):
    run(*EVERYTHING)
    version, consents = register.version(), len(register.consents())
    report = run(*EVERYTHING, day=date(2026, 11, 27))
    assert set(statuses(report)) == {"unchanged", "doubtful"}
    assert not report.changes_something
    assert register.version() == version
    assert len(register.consents()) == consents


def test_an_old_file_does_not_bring_back_what_was_withdrawn(run, register):
    run({})
    register.withdraw(register.consents()[0].id, date(2026, 11, 1))
    version = register.version()
    assert statuses(run({})) == ["unchanged"]
    run({"expires_on": "2030-08-31"})
    assert standing(register) is Standing.WITHDRAWN
    assert register.version() > version


# --- who is meant ----------------------------------------------------------------------------------------------


def errors(report):
    return {line.line: line.notes[0] for line in report.lines if line.status is LineStatus.ERROR}


def test_two_pupils_of_one_name_without_numbers_are_refused(run):
    found = errors(run(NO_UPN, NO_UPN | {"class": "Elm"}))
    assert list(found) == [3]
    assert "on line 2 may be the same person or another of the same name" in found[3]
    assert "Write the UPN or the admission number on every line of both." in found[3]


@pytest.mark.parametrize("order", [1, -1], ids=["number first", "number last"])
def test_a_name_with_a_number_here_and_without_there_is_refused(run, order):
    found = errors(run(*[{}, NO_UPN][::order]))
    (line,) = found
    assert f"Line {5 - line} has a UPN or admission number" in found[line]


def test_two_pupils_of_one_name_with_numbers_are_two_pupils(run, register):
    report = run({}, {"upn": "B801200005001", "decision": "refused"})
    assert statuses(report) == ["new", "new"]
    assert sorted(str(judge(register.facts_of(each.id), Scope.WEBSITE, DAY)) for each in register.people()) == [
        "given",
        "refused",
    ]


def test_a_name_alone_fits_nobody_where_two_are_registered(run):
    run({}, {"upn": "B801200005001"})
    assert "2 people in the register are called Ben Adeyemi" in errors(run(NO_UPN))[2]


def test_a_name_alone_fits_the_one_pupil_of_that_name_and_class(run, register):
    run({})
    assert statuses(run(NO_UPN | {"scope": "press"})) == ["new"]
    assert len(register.people()) == 1


def test_a_name_alone_in_another_class_is_refused(run):
    run({})
    assert "Ben Adeyemi (Oak) in the register may be the same person" in errors(run(NO_UPN | {"class": "Elm"}))[2]


def test_a_pupil_known_by_name_gets_a_number(run, register):
    run(NO_UPN)
    assert statuses(run({})) == ["changed"]
    assert [person.upn for person in register.people()] == ["P207000016049"]


def test_a_number_for_a_name_in_another_class_is_refused(run):
    run(NO_UPN)
    assert "may be the same person" in errors(run({"class": "Elm"}))[2]


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        pytest.param(
            {}, {"legal_forename": "Sam", "legal_surname": "Marsh"}, "belongs to Ben Adeyemi", id="another's UPN"
        ),
        pytest.param(
            {"admission_number": "1"},
            {"admission_number": "2"},
            "has another admission number, 1",
            id="admission number",
        ),
        pytest.param(
            {"admission_number": "1"}, {"admission_number": "1", "upn": "B801200005001"}, "has another UPN", id="UPN"
        ),
        pytest.param({}, {"upn": "", "admission_number": "1"}, "may be the same person", id="another kind of number"),
        pytest.param({}, {"class": "Elm"}, "class is Elm here and Oak on line 2", id="two classes"),
        pytest.param({}, {"legal_surname": "Ade"}, "family is Ade here and Adeyemi on line 2", id="two family names"),
        pytest.param({}, {"has_pr": "no"}, "has_pr of Grace Adeyemi is different on line 2", id="two responsibilities"),
        pytest.param(
            {}, {"relationship": "aunt"}, "Grace Adeyemi is mother on line 2 and aunt here", id="two relationships"
        ),
        pytest.param({}, {"decision": "refused"}, "the opposite answer on the same day on line 2", id="yes and no"),
        pytest.param({"decision": "refused"}, {}, "the opposite answer on the same day on line 2", id="no and yes"),
        pytest.param({}, {"named_ok": "yes"}, "Line 2 says something else about the same answer", id="named and not"),
        pytest.param({}, {"expires_on": "2030-01-01"}, "Line 2 says something else", id="two ends"),
        pytest.param(
            {"admission_number": "1"},
            {**OKELL, "admission_number": "1", "legal_surname": "Adeyemi"},
            "is registered as pupil",
            id="two roles",
        ),
        pytest.param({"never_publish": "yes"}, {"never_publish": "no"}, "never publish", id="never publish and not"),
    ],
)
def test_lines_that_contradict_each_other_are_refused(run, first, second, error):
    found = errors(run(first, second))
    assert list(found) == [3]
    assert error in found[3]


def test_a_upn_and_an_admission_number_of_two_people_are_refused(run):
    run({"admission_number": "1"}, {**ZOE, "admission_number": "2"})
    assert "two different people" in errors(run({"admission_number": "2"}))[2]


def test_a_yes_on_the_day_of_a_refusal_in_the_register_is_refused(run):
    run({"decision": "refused"})
    assert "opposite answer on the same day in the register" in errors(run({}))[2]


def test_a_refusal_on_the_day_of_a_yes_in_the_register_holds(run, register):
    run({})
    assert statuses(run({"decision": "refused"})) == ["new"]
    assert standing(register) is Standing.REFUSED


def test_an_import_does_not_lift_never_publish(run):
    run({"never_publish": "yes"})
    assert "Only the safeguarding lead" in errors(run({"never_publish": "no"}))[2]
    assert statuses(run({"never_publish": ""})) == ["unchanged"]


def test_two_guardians_of_one_name_need_their_relationship(run, register):
    ben = register.add_person(Person(school_id=register.school_id, given="Ben", family="Adeyemi", upn=BEN["upn"]))
    for relationship in ("father", "grandfather"):
        register.add_guardian(ben.id, "Tom Adeyemi", relationship, parental_responsibility=True)
    tom = {"decided_by": "Tom Adeyemi"}
    assert "more than one guardian called Tom Adeyemi" in errors(run(tom | {"relationship": ""}))[2]
    run(tom | {"relationship": "Grandfather"})
    assert len(register.guardians(ben.id)) == 2


def test_a_newer_yes_of_another_namesake_does_not_lift_a_refusal(run, register):
    run({"decided_by": "Tom Adeyemi", "relationship": "father", "decision": "refused", "decided_on": "2025-09-01"})
    found = errors(run({"decided_by": "Tom Adeyemi", "relationship": "grandfather"}))
    assert "Tom Adeyemi is father in the register and grandfather here" in found[2]
    assert standing(register) is Standing.REFUSED


def test_the_same_line_twice_is_recorded_once(run, register):
    assert statuses(run({}, {})) == ["new", "unchanged"]
    assert len(register.consents()) == 1


# --- files -----------------------------------------------------------------------------------------------------


def test_an_unreadable_row_is_an_error_of_its_line(register):
    report = import_csv(register, a_file({}) + b"only,three,cells\n", day=DAY, apply=True)
    assert errors(report) == {3: f"The row has 3 cells, the header {len(REQUIRED) + len(OPTIONAL)}."}


def test_a_file_with_a_missing_column_is_refused(register):
    content = a_file({}).replace(b"has_pr", b"responsible")
    with pytest.raises(FileRefused, match=r"column is missing: has_pr\. Found: upn, admission_number"):
        import_csv(register, content, day=DAY)


def test_the_canonical_columns_alone_are_enough(register):
    header = ",".join(REQUIRED)
    row = "P207000016049,,Ben,Adeyemi,,Year 6,Oak,website,granted,no,Grace Adeyemi,mother,yes,2026-09-01,scan 1,,paper"
    assert import_csv(register, f"{header}\n{row}\n".encode(), day=DAY, apply=True).applied


def test_formulas_stay_text(run, register):
    run({"legal_forename": "=1+1", "evidence_ref": '=HYPERLINK("x")'})
    assert register.people()[0].given == "=1+1"
    assert register.consents()[0].evidence_ref == '=HYPERLINK("x")'


def test_a_whole_school_is_imported_in_seconds(register):
    rows = [
        {"upn": "", "admission_number": str(n), "legal_forename": f"Pupil{n}", "scope": scope}
        for n in range(300)
        for scope in ("website", "newsletter", "press", "recognition")
    ]
    began = time.monotonic()
    assert import_csv(register, a_file(*rows), day=DAY, apply=True).applied
    assert time.monotonic() - began < 10


def test_the_report_as_json(run):
    found = run({}, {**ZOE, "decision": "yes"}, apply=False).as_json()
    assert found["ok"] is False
    assert found["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "doubtful": 0, "error": 1}
    assert found["lines"][0] == {
        "line": 2,
        "status": "new",
        "who": "Ben Adeyemi",
        "what": "website: granted by Grace Adeyemi on 1 September 2026",
        "notes": [],
    }
