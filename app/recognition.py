"""Face recognition switched on and off, with its trace in the audit trail, and asked for while a draft is looked at."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from app import audit
from app.db import reading
from app.models import AuditTag, Draft
from consent.facts import RecognitionMode, today
from consent.register import Register


def change_recognition(register: Register, mode: RecognitionMode | None = None, **days: date | None) -> bool:
    """Set mode and days in the caller's transaction; whether anything changed. Raises RecognitionNotAllowed.

    What is not named stays as it is recorded; None takes a day's record away.
    """
    before = register.recognition_setting()
    after = register.set_recognition(mode, today=today(), **days)
    if after == before:
        return False
    audit.record(
        register.session,
        register.school_id,
        AuditTag.RECOGNITION_CHANGED,
        register.school_id,
        before=before.as_json(),
        after=after.as_json(),
    )
    return True


class RecognitionAllowed:
    """Whether a draft's faces may be recognised at this moment; the rosters are read anew when anything moved."""

    def __init__(self, engine: Engine, draft: Draft) -> None:
        self._engine, self._draft = engine, draft
        self._read_at: tuple[int, date] | None = None
        self._allowed = False

    def __call__(self) -> bool:
        with reading(self._engine) as session:
            register, day = Register(session, self._draft.school_id), today()
            at = (register.version(), day)
            if at != self._read_at:
                self._allowed = register.recognises(self._draft.taken_of, day)
                self._read_at = at
        return self._allowed
