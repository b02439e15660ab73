"""What a teacher is told that blocks nothing: what a file says beside its pixels, and is not released."""

from __future__ import annotations

from typing import Any

from captions.findings import FieldName, Kind, TextField, TextFindings
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
