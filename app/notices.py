"""What a teacher is told that blocks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.left_out import left_out_of
from app.rights import OwnRights
from app.seen import UNPUBLISHED
from app.tried import unread_words
from captions.findings import FieldName, Kind, TextField, TextFindings
from captions.inspection import looked_for, not_looked_for
from captions.tagger import PersonTagger
from consent.recognition import Ruling, WhyNot
from vision.findings import PictureFindings

TEXT_UNREAD = "text-unread"
NAMED_IN = {
    FieldName.METADATA: ("metadata-pupil-named", "The file's own data names a pupil"),
    FieldName.HIDDEN: ("hidden-pupil-named", "A picture hidden in the file names a pupil"),
}
BY_HAND = "say who is in the picture, or cover the face."


def notices_of(
    picture: int, findings: PictureFindings, fields: Sequence[TextField], text: TextFindings, rights: OwnRights
) -> list[dict[str, Any]]:
    """Everything worth knowing about one picture, the weightiest first; `picture` counts from 1.

    `fields` and `text` are those of the whole draft.
    """
    found = [*_pupils_named(picture, fields, text), *_not_read_in_full(picture, fields, text)]
    told = [{"code": code, "where": {"picture": picture}, "because": because} for code, because in found]
    return [*_unread(picture, findings), *told, *left_out_of(picture, findings, rights)]


def _unread(picture: int, findings: PictureFindings) -> list[dict[str, Any]]:
    """Writing that could not be read: each place is a person's to look at."""
    places = findings.text_search.unread if findings.text_search else ()
    if not places:
        return []
    return [{"code": TEXT_UNREAD, "where": {"picture": picture}, "because": unread_words(len(places))}]


def _pupils_named(picture: int, fields: Sequence[TextField], text: TextFindings) -> list[tuple[str, str]]:
    named = {
        fields[finding.field_index].name
        for finding in text.findings
        if finding.kind is Kind.PUPIL_NAME and fields[finding.field_index].picture == picture
    }
    return [
        (code, f"{says}; it is left out of the safe file.") for name, (code, says) in NAMED_IN.items() if name in named
    ]


def _not_read_in_full(picture: int, fields: Sequence[TextField], text: TextFindings) -> list[tuple[str, str]]:
    unread = {fields[problem.field_index] for problem in text.problems}
    if not any(field.picture == picture and field.name in UNPUBLISHED for field in unread):
        return []
    because = "Not all words that the file carries could be read; they are left out of the safe file."
    return [("file-words-unread", because)]


def looked_for_words(tagger: PersonTagger | None) -> dict[str, list[str]]:
    """What is looked for in the words, and what is not, as the result page says it."""
    return {"looked_for": list(looked_for(tagger)), "not_looked_for": list(not_looked_for(tagger))}


def faces_only_counted(picture: int, findings: PictureFindings, ruling: Ruling) -> list[dict[str, Any]]:
    """Why nobody was recognised in a picture with faces; it never says whose consent is missing."""
    if ruling.allowed or not findings.faces:
        return []
    return [{"code": "faces-only-counted", "where": {"picture": picture}, "because": _why_only_counted(ruling)}]


def _why_only_counted(ruling: Ruling) -> str:
    did_not_run = "Face recognition did not run for this draft"
    match ruling.why_not:
        case WhyNot.NO_CLASS:
            return f"{did_not_run}: choose the classes in the picture and send it anew, {BY_HAND}"
        case WhyNot.UNKNOWN_CLASS:
            return f"{did_not_run}: the register does not know every class that was named. Name them anew, {BY_HAND}"
        case WhyNot.NOT_ALL_CONSENT:
            classes = " and ".join(ruling.classes)
            return f"{did_not_run}: not every pupil of {classes} has agreed to face recognition. Please {BY_HAND}"
        case WhyNot.NOT_YET:
            return f"{did_not_run}: it was not allowed yet when the pictures were looked at. Check it again, {BY_HAND}"
        case _:
            return f"Face recognition is off at this school: {BY_HAND}"
