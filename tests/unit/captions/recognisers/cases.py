"""How the tables of this folder are asked: the words found of one kind."""

from __future__ import annotations

from captions.findings import FieldName
from tests.unit.captions.school import shown

CAPTION, ALT, TAGS, FILE, OCR = FieldName.CAPTION, FieldName.ALT, FieldName.HASHTAGS, FieldName.FILENAME, FieldName.OCR


def words(kind: str, text: str, field: FieldName = CAPTION) -> list[str]:
    return [found for found_kind, found in shown(text, field) if found_kind == kind]
