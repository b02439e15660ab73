"""How well the school's own references tell its people apart, and which are missing or old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consent.facts import Standing, judge_recognition
from consent.models import Enrolment, Person
from consent.register import MODEL_ID, Register
from consent.snapshots import unpack_template
from vision.matching import Reference
from vision.selftest import SelfTest, self_test
from vision.thresholds import for_gallery

# With one reference nearly half of all searches for an enrolled person fail, with three a ninth (vision/MODELS.md).
FEW_REFERENCES = 3
# Faces change: studies over years see recognition fall with the age of the reference, and children grow.
OLD_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PersonReferences:
    """A person and how many references they have; `oldest_on` is the day on which the oldest was taken."""

    person: Person
    count: int
    oldest_on: date | None = None


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """Everybody is named: this is for the people who keep the register, on its own machine."""

    mode: str
    threshold: str
    test: SelfTest
    people: dict[str, Person]
    enrolled: int
    references: int
    none: tuple[PersonReferences, ...]  # consented to recognition, and nothing to recognise them by
    few: tuple[PersonReferences, ...]
    old: tuple[PersonReferences, ...]
    other_model: tuple[PersonReferences, ...]
    not_allowed: tuple[PersonReferences, ...]  # templates of somebody whose consent to recognition does not stand

    @property
    def ok(self) -> bool:
        """Whether nobody is taken for somebody else, and nobody's template is kept without consent."""
        return not self.not_allowed and all(missed.taken_for is None for missed in self.test.missed)

    def as_json(self) -> dict[str, Any]:
        def rows(people: Sequence[PersonReferences]) -> list[dict[str, Any]]:
            return [
                {
                    "person_id": row.person.id,
                    "name": row.person.full_name,
                    "references": row.count,
                    "oldest_on": row.oldest_on.isoformat() if row.oldest_on else None,
                }
                for row in people
            ]

        def name(person_id: str | None) -> str | None:
            return self.people[person_id].full_name if person_id else None

        return {
            "recognition": self.mode,
            "threshold": self.threshold,
            "enrolled": self.enrolled,
            "references": self.references,
            "ok": self.ok,
            "leave_one_out": {
                "tried": self.test.tried,
                "found": self.test.found,
                "missed": [
                    {
                        "person_id": each.subject_id,
                        "name": name(each.subject_id),
                        "reference": each.number,
                        "outcome": each.outcome.value,
                        "taken_for": name(each.taken_for),
                    }
                    for each in self.test.missed
                ],
            },
            "confusable": [
                {
                    "person_ids": [pair.one, pair.other],
                    "names": [name(pair.one), name(pair.other)],
                    "distance": round(pair.distance, 3),
                }
                for pair in self.test.pairs
            ],
            "no_references": rows(self.none),
            "few_references": rows(self.few),
            "old_references": rows(self.old),
            "other_model": rows(self.other_model),
            "not_allowed": rows(self.not_allowed),
        }


def check_faces(register: Register, day: date) -> FaceCheck:
    """Test the references of everybody whose consent to face recognition stands on the day; raises TemplateError."""
    people = {person.id: person for person in register.people()}
    kept: dict[str, list[Enrolment]] = defaultdict(list)
    for row in register.references():
        kept[row.person_id].append(row)
    allowed = {
        key
        for key in people
        if judge_recognition(register.recognition_of(key), day) is Standing.GIVEN  # of everybody, enrolled or not
    }
    current = {key: [row for row in rows if row.model_id == MODEL_ID] for key, rows in kept.items()}
    usable = {key: rows for key, rows in current.items() if rows and key in allowed}
    references = [
        Reference(key, unpack_template(row.template), row.model_id) for key, rows in usable.items() for row in rows
    ]
    counts = [len(rows) for rows in usable.values()]
    point = for_gallery(max(len(usable), 1), min(counts, default=1))

    def rows_of(keys: list[str], rows: dict[str, list[Enrolment]]) -> tuple[PersonReferences, ...]:
        found = [
            PersonReferences(
                people[key], len(rows.get(key, ())), min((row.taken_on for row in rows.get(key, ())), default=None)
            )
            for key in keys
        ]
        return tuple(sorted(found, key=lambda row: row.person.full_name))

    older = {key: [row for row in rows if row.model_id != MODEL_ID] for key, rows in kept.items()}
    return FaceCheck(
        mode=register.recognition_setting().in_force(day).value,
        threshold=point.name,
        test=self_test(references),
        people=people,
        enrolled=len(usable),
        references=len(references),
        none=rows_of([key for key in sorted(allowed) if key not in usable], current),
        few=rows_of([key for key, rows in usable.items() if len(rows) < FEW_REFERENCES], current),
        old=rows_of(
            [key for key, rows in usable.items() if any(day - row.taken_on > OLD_AFTER for row in rows)], current
        ),
        other_model=rows_of([key for key, rows in older.items() if rows], older),
        not_allowed=rows_of([key for key, rows in kept.items() if rows and key not in allowed], kept),
    )
