"""Importing consents from CSV: a dry run first, then all or nothing. Absent or blank is never a yes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from consent.csvfile import read_csv
from consent.facts import Role
from consent.identity import Change, People
from consent.importreport import DraftLine, ImportLine, ImportReport
from consent.models import AnswerRow, Guardian, Person, PublicationConsent, RecognitionConsent, now
from consent.register import Register
from consent.rows import NOT_RECORDED, OPTIONAL, REQUIRED, Decided, ParsedRow, RowAnswer, parse_row


def import_csv(
    register: Register, content: bytes, *, day: date, apply: bool = False, recorded_by: str = ""
) -> ImportReport:
    """What the file says against the register, line by line; with `apply`, and without a single error, it is recorded.

    Only the edge commits. FileRefused where the file cannot be read as a whole.
    """
    file = read_csv(content, REQUIRED, OPTIONAL)
    plan = _Plan(register, [parse_row(row, day) for row in file.rows], day, recorded_by)
    lines = plan.lines()
    report = ImportReport(lines, file.encoding, plan.untouched)
    if not apply or not report.ok:
        return report
    plan.apply()
    return ImportReport(lines, file.encoding, plan.untouched, applied=True)


Matter = tuple[str, str, str]  # person, scope ("" for recognition), giver


class _Plan:
    """Everything the file would add or change. The session holds none of it before `apply`."""

    def __init__(self, register: Register, rows: list[ParsedRow], day: date, recorded_by: str) -> None:
        self.register = register
        self.day = day
        self.recorded_by = recorded_by
        self.recorded_at = now()
        people = register.people()
        self.people = People(register.school_id, people, rows)
        self.new_guardians: list[Guardian] = []
        self.new_answers: list[AnswerRow] = []
        self.changes: list[Change] = []
        self.said_no_to_recognition: set[str] = set()
        self.guardians: dict[str, list[Guardian]] = defaultdict(list)
        for guardian in register.guardians():
            self.guardians[guardian.person_id].append(guardian)
        self.answers: dict[Matter, list[AnswerRow]] = defaultdict(list)
        for answer in (*register.consents(), *register.recognition_consents()):
            self.answers[_matter(answer)].append(answer)
        self.line_of: dict[str, int] = {}  # of guardians and answers the file adds
        self.planned: dict[tuple[str, str], Any] = {}  # what rows of the register are going to hold
        self.stated_pr: dict[str, tuple[bool, int]] = {}
        self.work = [self._place(row) for row in rows]
        # Withdrawals come last: what they take back may stand further down in the file.
        for later in (False, True):
            for line in self.work:
                said = line.row.answer
                if said and line.person and not line.errors and (said.decided is Decided.WITHDRAWN) is later:
                    self._answer(line, line.person, said)
        self.untouched = sum(person.id not in self.people.seen for person in people)

    def lines(self) -> tuple[ImportLine, ...]:
        return tuple(line.finished() for line in self.work)

    def apply(self) -> None:
        """Record all of it; parents before children, in the order of the file."""
        session = self.register.session
        for rows in (self.people.new, self.new_guardians, self.new_answers):
            session.add_all(rows)
            session.flush()
        for change in (*self.people.changes, *self.changes):
            setattr(change.row, change.field, change.value)
        session.flush()
        for person_id in sorted(self.said_no_to_recognition):
            self.register.remove_references(person_id)

    def _place(self, row: ParsedRow) -> DraftLine:
        line = DraftLine(row, errors=list(row.errors), doubts=list(row.doubts))
        if row.person is None or line.errors:
            return line
        people, changes = len(self.people.new), len(self.people.changes)
        line.person, problems = self.people.resolve(row.person, row.line)
        line.errors += problems
        line.created = len(self.people.new) > people
        line.changed = len(self.people.changes) > changes
        return line

    def _answer(self, line: DraftLine, person: Person, answer: RowAnswer) -> None:
        line.what = _words(answer)
        guardian = None
        if answer.giver is not None:
            guardian = self._guardian(line, person, answer)
            if guardian is None:
                return
        matter = (person.id, answer.scope or "", guardian.id if guardian else person.id)
        before = self.answers[matter]
        if answer.decided is Decided.WITHDRAWN:
            self._withdraw(line, before, person, guardian, answer)
        elif problem := self._contradiction(before, answer):
            line.errors.append(problem)
        elif answer.decided is Decided.GRANTED:
            self._grant(line, before, person, guardian, answer)
        elif not self._already_refused(before, answer.decided_on):
            self._record(line, person, guardian, answer, answer.decided_on or self.day, granted=False)

    # -- who answers ---------------------------------------------------------------------------------------------

    def _guardian(self, line: DraftLine, person: Person, answer: RowAnswer) -> Guardian | None:
        """The guardian who answers, known or new; None where there is a problem, which the line then names."""
        name = answer.giver or NOT_RECORDED
        found = [known for known in self.guardians[person.id] if _fold(known.name) == _fold(name)]
        if len(found) > 1:
            found = [known for known in found if _fold(known.relationship) == _fold(answer.relationship)]
            if len(found) != 1:
                line.errors.append(
                    f"{person.full_name} has more than one guardian called {name}. Give the relationship."
                )
                return None
        guardian = found[0] if found else None
        if not self._responsible(line, guardian, answer):
            return None
        if guardian is None:
            guardian = Guardian(
                school_id=self.register.school_id,
                person_id=person.id,
                name=name,
                relationship=answer.relationship,
                parental_responsibility=bool(answer.has_pr),
            )
            self.guardians[person.id].append(guardian)
            self.new_guardians.append(guardian)
            self.line_of[guardian.id] = line.row.line
        elif problem := self._other_relationship(guardian, answer):
            line.errors.append(problem)
            return None
        if answer.has_pr is not None:
            said, on = self.stated_pr.setdefault(guardian.id, (answer.has_pr, line.row.line))
            if said is not answer.has_pr:
                line.errors.append(f"has_pr of {name} is different on line {on}.")
                return None
            self._change(line, guardian, "parental_responsibility", answer.has_pr)
        if answer.relationship:
            self._change(line, guardian, "relationship", answer.relationship)
        return guardian

    def _responsible(self, line: DraftLine, guardian: Guardian | None, answer: RowAnswer) -> bool:
        """A yes of somebody of whom parental responsibility is nowhere recorded is left out."""
        if answer.decided is not Decided.GRANTED:
            return True
        if answer.has_pr is False:
            line.notes.append("Without parental responsibility this yes does not count.")
        if answer.has_pr is None and not (guardian and guardian.parental_responsibility):
            line.doubts.append(
                "has_pr is blank, so nobody knows whether this person may consent. The answer is left out, which means "
                "no consent."
            )
            return False
        return True

    def _other_relationship(self, guardian: Guardian, answer: RowAnswer) -> str:
        if not guardian.relationship or not answer.relationship:
            return ""
        if _fold(guardian.relationship) == _fold(answer.relationship):
            return ""
        line = self.line_of.get(guardian.id)
        return (
            f"{guardian.name} is {guardian.relationship} {f'on line {line}' if line else 'in the register'} and "
            f"{answer.relationship} here. Use one word for one person, and write the names of two people apart."
        )

    # -- what they answer ----------------------------------------------------------------------------------------

    def _contradiction(self, before: Iterable[AnswerRow], answer: RowAnswer) -> str:
        """Yes and no by one giver on one day, or two different answers of one day in one file."""
        for earlier in before:
            if earlier.decided_on != answer.decided_on:
                continue
            line = self.line_of.get(earlier.id)
            where = f"on line {line}" if line else "in the register"
            granted = answer.decided is Decided.GRANTED
            if earlier.granted is not granted and (line or granted):
                return f"The same person gave the opposite answer on the same day {where}. Find out which one holds."
            if line and granted and _differs(earlier, answer):
                return f"Line {line} says something else about the same answer. Keep the line that is right."
        return ""

    def _grant(
        self, line: DraftLine, before: list[AnswerRow], person: Person, guardian: Guardian | None, answer: RowAnswer
    ) -> None:
        decided_on = answer.decided_on or self.day  # a yes without a day never comes this far
        same_day = [earlier for earlier in before if earlier.granted and earlier.decided_on == decided_on]
        if not same_day or _differs(same_day[-1], answer):
            self._record(line, person, guardian, answer, decided_on, granted=True)

    def _already_refused(self, before: Iterable[AnswerRow], on: date | None) -> bool:
        """Whether this refusal is on record; one without a date is, where the giver's last word is a refusal."""
        if on is not None:
            return any(not earlier.granted and earlier.decided_on == on for earlier in before)
        words = [earlier for earlier in before if not self._withdrawn_on(earlier)]
        last = max(words, key=lambda earlier: (earlier.decided_on, not earlier.granted), default=None)
        return last is not None and not last.granted

    def _withdrawn_on(self, answer: AnswerRow) -> date | None:
        held: date | None = self.planned.get((answer.id, "withdrawn_on"), answer.withdrawn_on)
        return held

    def _withdraw(
        self, line: DraftLine, before: list[AnswerRow], person: Person, guardian: Guardian | None, answer: RowAnswer
    ) -> None:
        on = answer.decided_on or self.day
        standing = [
            earlier
            for earlier in before
            if earlier.granted
            and earlier.decided_on <= on
            and ((before_that := self._withdrawn_on(earlier)) is None or before_that > on)
        ]
        for earlier in standing:
            self._change(line, earlier, "withdrawn_on", on)
        if answer.scope is None and standing:
            self.said_no_to_recognition.add(person.id)
        if not standing and not any(earlier.decided_on <= on for earlier in before):
            line.notes.append("There is no consent that could be withdrawn: it is recorded as a refusal.")
            self._record(line, person, guardian, answer, on, granted=False)

    def _record(
        self,
        line: DraftLine,
        person: Person,
        guardian: Guardian | None,
        answer: RowAnswer,
        decided_on: date,
        *,
        granted: bool,
    ) -> None:
        common: dict[str, Any] = {
            "school_id": self.register.school_id,
            "person_id": person.id,
            "guardian_id": guardian.id if guardian else None,
            "granted": granted,
            "decided_on": decided_on,
            "starts_on": (answer.starts_on if granted else None) or decided_on,
            "until": answer.until if granted else None,  # a refusal does not lapse
            "form_version": answer.form_version,
            "evidence_ref": answer.evidence_ref,
            "source": answer.source,
            "recorded_by": self.recorded_by,
            "recorded_at": self.recorded_at + timedelta(microseconds=len(self.new_answers)),
        }
        recorded: AnswerRow
        if answer.scope is None:
            recorded = RecognitionConsent(**common)
            if not granted:
                self.said_no_to_recognition.add(person.id)
        else:
            recorded = PublicationConsent(**common, scope=answer.scope, named_ok=granted and answer.named_ok)
        self.new_answers.append(recorded)
        self.answers[_matter(recorded)].append(recorded)
        self.line_of[recorded.id] = line.row.line
        line.created = True
        if any(earlier.granted and earlier.decided_on > decided_on for earlier in self.answers[_matter(recorded)]):
            line.notes.append("A newer yes of the same person is on record; the newer one holds.")
        if granted and guardian is None and person.role is Role.PUPIL:
            line.notes.append("A pupil's own yes is not enough without a parent's or carer's.")

    def _change(self, line: DraftLine, row: AnswerRow | Guardian, name: str, value: object) -> None:
        if self.planned.get((row.id, name), getattr(row, name)) == value:
            return
        if row.id in self.line_of:
            setattr(row, name, value)
        else:
            self.planned[row.id, name] = value
            self.changes.append(Change(row, name, value))
        line.changed = True


def _differs(earlier: AnswerRow, answer: RowAnswer) -> bool:
    """Whether the row says anything about this answer that the register does not."""
    said = [
        (earlier.starts_on, answer.starts_on or answer.decided_on),
        (earlier.until, answer.until),
        *((getattr(earlier, name), written) for name in ("evidence_ref", "form_version", "source")
          if (written := getattr(answer, name))),
    ]  # fmt: skip
    if isinstance(earlier, PublicationConsent):
        said.append((earlier.named_ok, answer.named_ok))
    return any(held != written for held, written in said)


def _matter(answer: AnswerRow) -> Matter:
    scope = answer.scope.value if isinstance(answer, PublicationConsent) else ""
    return (answer.person_id, scope, answer.giver)


def _words(answer: RowAnswer) -> str:
    about = answer.scope or "face recognition"
    by = "by themself" if answer.giver is None else f"by {answer.giver}"
    on = f" on {answer.decided_on.day} {answer.decided_on:%B %Y}" if answer.decided_on else ""
    return f"{about}: {answer.decided} {by}{on}"


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
