"""The register as CSV, in the very form that `gatepost import` reads: out and in again changes nothing."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from consent.facts import Role
from consent.models import AnswerRow, Guardian, Person, PublicationConsent
from consent.register import Register
from consent.rows import OPTIONAL, RECOGNITION, REQUIRED, SELF, Decided

COLUMNS = (*REQUIRED, *OPTIONAL)


def export_csv(register: Register, *, reveal_never_publish: bool, cell: Callable[[str], str] = str) -> tuple[str, int]:
    """Everybody with every answer, as text, and how many people; `cell` is what makes each cell safe to open.

    A person without an answer has one row without a decision, which says nothing. Who is never to be published is
    told only to readers who may know.
    """
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    answers: dict[str, list[AnswerRow]] = defaultdict(list)
    for answer in (*register.consents(), *register.recognition_consents()):
        answers[answer.person_id].append(answer)
    guardians = {guardian.id: guardian for guardian in register.guardians()}
    people = register.people()
    for person in people:
        about = _person(person, reveal_never_publish=reveal_never_publish)
        said = [row for answer in answers[person.id] for row in _answer(person, answer, guardians)]
        for row in said or [{}]:
            filled = dict.fromkeys(COLUMNS, "") | about | row
            table.writerow({name: cell(value) for name, value in filled.items()})
    return written.getvalue(), len(people)


def _person(person: Person, *, reveal_never_publish: bool) -> dict[str, str]:
    return {
        "upn": person.upn or "",
        "admission_number": person.admission_number or "",
        "legal_forename": person.given,
        "legal_surname": person.family,
        "preferred_forename": person.known_as,
        "year": person.year,
        "class": person.class_name,
        "role": person.role.value,
        "title": person.title,
        "other_names": person.other_names,
        "leaving_date": _day(person.leaving_date),
        "never_publish": "yes" if reveal_never_publish and person.never_publish else "",
    }


def _answer(person: Person, answer: AnswerRow, guardians: dict[str, Guardian]) -> Iterator[dict[str, str]]:
    """The answer, and behind it that it was withdrawn, if it was."""
    guardian = guardians.get(answer.guardian_id or "")
    row = {
        "scope": answer.scope.value if isinstance(answer, PublicationConsent) else RECOGNITION,
        "decision": (Decided.GRANTED if answer.granted else Decided.REFUSED).value,
        "named_ok": _yes(isinstance(answer, PublicationConsent) and answer.named_ok),
        "decided_by": guardian.name if guardian else person.full_name,
        "relationship": guardian.relationship if guardian else "" if person.role is Role.STAFF else SELF,
        "has_pr": _yes(guardian.parental_responsibility) if guardian else "",
        "decided_on": _day(answer.decided_on),
        "evidence_ref": answer.evidence_ref,
        "expires_on": _day(answer.until),
        "source": answer.source,
        "starts_on": _day(answer.starts_on) if answer.starts_on != answer.decided_on else "",
        "form_version": answer.form_version,
    }
    yield row
    if answer.withdrawn_on is not None:
        yield row | {
            "decision": Decided.WITHDRAWN.value,
            "decided_on": _day(answer.withdrawn_on),
            "starts_on": "",
            "expires_on": "",
        }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
