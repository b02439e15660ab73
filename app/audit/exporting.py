"""The trail as CSV that a spreadsheet may open: no cell of it is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable

from sqlmodel import Session

from app.audit import trail
from app.audit.chain import moment_text
from app.audit.recording import record
from app.audit.tables import AuditEvent
from app.audit.tags import AuditTag
from app.audit.trail import Filters

COLUMNS = ("number", "moment", "what", "who", "about", "details", "hash")
FORMULA = frozenset("=+-@\t\r\n−")  # what makes a spreadsheet calculate, or begin another cell
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories of characters that may stand before it


def export(session: Session, school_id: str, filters: Filters, *, actor: str) -> tuple[str, int]:
    """The entries as CSV, and how many; that they were written out is recorded in the caller's transaction."""
    entries = trail.in_order(session, school_id, filters)
    text = as_csv(entries)
    told = {
        "rows": len(entries),
        "first_day": filters.first_day.isoformat() if filters.first_day else None,
        "last_day": filters.last_day.isoformat() if filters.last_day else None,
        "group": filters.group or None,
        "only": filters.tag or None,
    }
    record(session, school_id, AuditTag.AUDIT_EXPORTED, school_id, actor=actor, **told)
    return text, len(entries)


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet might take it for a formula.

    Also where spaces or characters that nobody sees come first, and in full-width or other compatible forms (OWASP,
    CSV injection).
    """
    if text[:1] in FORMULA and text:
        return f"'{text}"
    for character in text:
        if unicodedata.category(character) in INVISIBLE:
            continue
        return f"'{text}" if unicodedata.normalize("NFKC", character)[0] in FORMULA else text
    return text


def as_csv(entries: Iterable[AuditEvent]) -> str:
    """The entries with a header, every cell quoted, lines ending as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        details = json.dumps(entry.details, sort_keys=True, ensure_ascii=False) if entry.details else ""
        cells = (str(entry.sequence), moment_text(entry.happened_at), entry.tag, entry.actor, entry.subject, details)
        writer.writerow([safe_cell(cell) for cell in (*cells, entry.hash)])
    return out.getvalue()
