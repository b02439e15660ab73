"""One school: made and found, its own settings, and the rows that belong to it. Only the edge commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from captions.findings import SchoolProfile
from consent.errors import NotInRegister, RecognitionNotAllowed, RegisterConflict, RegisterError
from consent.facts import LARGEST_SIDE, SMALLEST_SIDE, NamingRule, RecognitionMode
from consent.models import RegisterRow, School
from consent.profile import profile_from_json, profile_to_json
from consent.recognition import REQUIRED_DAYS, RecognitionSetting

DEFAULT_SCHOOL = "Our school"

Row = TypeVar("Row", bound=RegisterRow)


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


class SchoolRows:
    """One school's own row, and how rows of its register are fetched, added and changed: never another school's."""

    def __init__(self, session: Session, school_id: str) -> None:
        self.session = session
        self.school_id = school_id

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

    # -- face recognition ----------------------------------------------------------------------------------------

    def recognition_setting(self) -> RecognitionSetting:
        school = self.school()
        days = {name: getattr(school, name) for name in REQUIRED_DAYS}
        return RecognitionSetting(school.recognition, **days)

    def set_recognition(
        self, mode: RecognitionMode | None = None, /, *, today: date, **days: date | None
    ) -> RecognitionSetting:
        """Set mode and days; what is not named stays as it is recorded, and None takes a day's record away.

        Raises RecognitionNotAllowed unless recognition is off in the end or all three days are recorded and past.
        """
        if unknown := sorted(set(days) - set(REQUIRED_DAYS)):
            raise RegisterError(f"{unknown[0]} is none of the days on which recognition rests.")
        wanted = replace(self.recognition_setting(), **days)  # type: ignore[arg-type]
        wanted = wanted if mode is None else replace(wanted, mode=mode)
        missing = wanted.missing(today)
        if wanted.mode is not RecognitionMode.OFF and missing:
            raise RecognitionNotAllowed(f"Face recognition cannot be {wanted.mode.value}. {' '.join(missing.values())}")
        school = self.school()
        school.recognition = wanted.mode
        for name in REQUIRED_DAYS:
            setattr(school, name, getattr(wanted, name))
        self.session.flush()
        return wanted

    # -- naming --------------------------------------------------------------------------------------------------

    def naming(self) -> NamingRule:
        """Whether a pupil may be named in a post."""
        return self.school().naming

    def set_naming(self, rule: NamingRule) -> None:
        self.school().naming = NamingRule(rule)
        self.session.flush()

    # -- released pictures ---------------------------------------------------------------------------------------

    def released_side(self) -> int:
        """The most that the long side of a released picture may have, in pixels."""
        return self.school().released_side

    def set_released_side(self, pixels: int) -> None:
        if not SMALLEST_SIDE <= pixels <= LARGEST_SIDE:
            raise RegisterError(
                f"The long side of a released picture must have {SMALLEST_SIDE} to {LARGEST_SIDE} pixels: {pixels} is"
                " not possible."
            )
        self.school().released_side = pixels
        self.session.flush()

    # -- rows ----------------------------------------------------------------------------------------------------

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
