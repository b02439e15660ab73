"""Lines of a picture for the tests of captions/: each with its box, and further readings of it."""

from __future__ import annotations

from captions.findings import FieldName, TextField, TextFinding
from captions.inspection import inspect
from tests.unit.captions.school import REGISTER, SCHOOL

LINE_HEIGHT = 30  # pixels


def line(text: str, x: int, y: int, *others: str, high: int = LINE_HEIGHT, part: int = 0) -> tuple[TextField, ...]:
    """A line of letters half as wide as the line is high, with its left top at (x, y), and its further readings."""
    box = (x, y, x + len(text) * high // 2, y + high)
    return tuple(
        TextField(FieldName.OCR, each, 1, part, box, another=number > 0) for number, each in enumerate((text, *others))
    )


def turned(text: str, x: int, y: int) -> tuple[TextField, ...]:
    """A line that runs down the picture."""
    return (TextField(FieldName.OCR, text, 1, 0, (x, y, x + LINE_HEIGHT, y + len(text) * LINE_HEIGHT // 2)),)


def picture(*lines: tuple[TextField, ...]) -> list[TextField]:
    return [field for each in lines for field in each]


def named(fields: list[TextField]) -> list[tuple[str, tuple[str, ...]]]:
    """The words found as a pupil's name, and whose they may be."""
    return [(words_of(fields, f), f.pupils) for f in findings_in(fields) if f.kind == "pupil_name"]


def findings_in(fields: list[TextField]) -> tuple[TextFinding, ...]:
    return inspect(fields, REGISTER, SCHOOL).findings


def words_of(fields: list[TextField], finding: TextFinding) -> str:
    return fields[finding.field_index].text[finding.start : finding.end]
