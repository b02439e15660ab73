"""The rule about QR codes and barcodes in pictures: what they say, and those that nobody could read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.reasons import Code, Reason, Remedy, Where
from app.seen import DraftSeen, Facts
from app.word_rules import read_words
from captions.findings import FieldName, Kind
from vision.findings import Barcode

IN_CODE: Mapping[Kind, Code] = {
    Kind.PUPIL_NAME: Code.NAME_IN_PICTURE,
    Kind.PERSON_NAME: Code.NAME_IN_PICTURE,
    Kind.LINK: Code.LINK_NEEDS_CARE,
    Kind.LANGUAGE: Code.LANGUAGE,
}
REMEDIES = (Remedy.COVER, Remedy.LEAVE_OUT)
UNREAD = "There is a code here that could not be read. Cover it, if you do not know what it says."


def codes_in_pictures(found: DraftSeen, facts: Facts) -> Iterator[Reason]:
    """A code that names somebody, leads somewhere or tells a detail, and every code that nobody could read."""
    codes = {(seen.number, part): code for seen in found.pictures for part, code in enumerate(seen.findings.barcodes)}
    for finding in read_words(found, facts).stopped:
        field = found.fields[finding.field_index]
        if field.name is not FieldName.BARCODE or field.picture is None or field.part is None:
            continue
        where = _where(field.picture, codes[field.picture, field.part], finding.start, finding.end)
        code = IN_CODE.get(finding.kind, Code.DETAIL_IN_PICTURE)
        yield Reason(code, where, finding.why, REMEDIES, evidence=finding.evidence)
    for (picture, _), unread in codes.items():
        if unread.text is None:
            yield Reason(Code.DETAIL_IN_PICTURE, _where(picture, unread), UNREAD, REMEDIES)


def _where(picture: int, code: Barcode, start: int | None = None, end: int | None = None) -> Where:
    return Where(field=FieldName.BARCODE.value, picture=picture, box=code.box, start=start, end=end)
