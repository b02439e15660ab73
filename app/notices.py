"""What a teacher is told that blocks nothing: what a file says beside its pixels, and is not released."""

from __future__ import annotations

from typing import Any

from captions.findings import FieldName, Kind, TextField, TextFindings
from captions.inspection import looked_for, not_looked_for
from captions.tagger import PersonTagger
from consent.recognition import Ruling, WhyNot
from vision.findings import MetadataKind, PictureFindings

SENTENCES = {
    MetadataKind.GPS: "The file says where it was taken.",
    MetadataKind.NAME: "The file names somebody.",
    MetadataKind.CAPTION: "The file carries a description or key words.",
    MetadataKind.COPYRIGHT: "The file carries a copyright line.",
    MetadataKind.SERIAL: "The file carries the camera's serial number.",
    MetadataKind.DATE: "The file says when it was taken.",
    MetadataKind.THUMBNAIL: "The file carries a small preview of its own.",
    MetadataKind.FRAMES: "The file holds more than one picture. Only the first was looked at.",
    MetadataKind.ALPHA: "Parts of the picture are see-through. They were laid on white.",
    MetadataKind.TRAILING: "Something is hidden behind the end of the picture.",
}
LEFT_OUT = "It is left out of the safe file."
BY_HAND = "say who is in the picture, or cover the face."


def notices_of(picture: int, findings: PictureFindings) -> list[dict[str, Any]]:
    """One notice per kind of metadata found in the picture; `picture` counts from 1."""
    kinds = dict.fromkeys(item.kind for item in findings.metadata)
    return [
        {"code": f"metadata-{kind.value}", "where": {"picture": picture}, "because": f"{SENTENCES[kind]} {LEFT_OUT}"}
        for kind in kinds
        if kind in SENTENCES
    ]


def names_in_metadata(fields: tuple[TextField, ...], text: TextFindings) -> list[dict[str, Any]]:
    """A notice for each picture whose metadata names a pupil."""
    pictures = {
        fields[finding.field_index].picture
        for finding in text.findings
        if fields[finding.field_index].name is FieldName.METADATA and finding.kind is Kind.PUPIL_NAME
    }
    because = f"The file's own data names a pupil. {LEFT_OUT}"
    return [
        {"code": "metadata-pupil-named", "where": {"picture": picture}, "because": because}
        for picture in sorted(number for number in pictures if number is not None)
    ]


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
