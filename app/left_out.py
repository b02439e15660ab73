"""What a file says and holds beside the picture that is published: one sentence for a teacher for each kind of thing.

None of it is in the safe file, so none of it blocks; what it says is still worth knowing, since the file may have gone
elsewhere already.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from app.rights import OwnRights, Whose
from vision.findings import HiddenKind, HiddenPicture, MetadataItem, MetadataKind, PictureFindings

LEFT_OUT = "left out of the safe file."
MOST_QUOTED, LONGEST_QUOTE = 3, 40  # texts in one sentence, and characters of each
NUMBER = re.compile(r"\d(?:[ \-.]?\d){5,}")  # long enough to be somebody's: a telephone number, a serial number

SAYS = {
    MetadataKind.GPS: "The file says where it was taken",
    MetadataKind.DATE: "The file says when it was taken",
    MetadataKind.SERIAL: "The file carries a serial number by which the camera or the picture can be told",
    MetadataKind.THUMBNAIL: "The file carries a small preview of its own",
}
SAYS_WORDS = {
    MetadataKind.NAME: "The file names somebody",
    MetadataKind.CAPTION: "The file carries a description or key words",
}
SAYS_RIGHTS = {
    Whose.OWN: "The file carries a copyright or credit line of the school's own",
    Whose.NOBODY: "The file carries a copyright line that names nobody",
    Whose.OTHERS: "The file carries a copyright or credit line of somebody else's",
}
HOLDS: Mapping[HiddenKind, tuple[str, str]] = {  # one, several
    HiddenKind.THUMBNAIL: ("A small preview inside the file", "{} small previews inside the file"),
    HiddenKind.FRAME: ("1 more picture in this file", "{} more pictures in this file"),
    HiddenKind.UNDER_ALPHA: ("What lies under the see-through parts", "{} pictures under the see-through parts"),
    HiddenKind.LOW_BITS: ("What lies in shades too fine for the eye", "{} pictures in shades too fine for the eye"),
    HiddenKind.OTHER_LOOK: (
        "A version of the picture that some programs display",
        "{} versions of the picture that some programs display",
    ),
    HiddenKind.TRAILING: ("A picture behind the end of the picture", "{} pictures behind the end of the picture"),
}
SOMETHING_HIDDEN = ("Something hidden in the file", "{} hidden things in the file")
SAME_AS_HIDDEN = {
    MetadataKind.THUMBNAIL: HiddenKind.THUMBNAIL,
    MetadataKind.TRAILING: HiddenKind.TRAILING,
    MetadataKind.FRAMES: HiddenKind.FRAME,
}


def left_out_of(picture: int, findings: PictureFindings, rights: OwnRights) -> list[dict[str, Any]]:
    """A notice for each kind of thing found in the file of one picture; `picture` counts from 1."""
    told = [*_hidden(findings), *_metadata(findings, rights)]
    return [{"code": code, "where": {"picture": picture}, "because": because} for code, because in told]


# -- pictures that nobody sees -------------------------------------------------------------------------------------


def _hidden(findings: PictureFindings) -> Iterator[tuple[str, str]]:
    in_order = sorted(findings.hidden, key=lambda each: (each.kind.value, not each.looked_at))
    for (kind, looked_at), group in groupby(in_order, key=lambda each: (each.kind, each.looked_at)):
        mine = list(group)
        one, many = HOLDS.get(kind, SOMETHING_HIDDEN)
        subject = one if len(mine) == 1 else many.format(f"{len(mine):,}")
        further = _further_pictures(findings) if kind is HiddenKind.FRAME and looked_at else 0
        if further > sum(each.kind is kind for each in findings.hidden):
            subject = f"{len(mine):,} of {further:,} more pictures in this file, which we looked at,"
        shows = f"{'shows' if len(mine) == 1 else 'show'} {_shown_in(mine)}"
        does = shows if looked_at else "could not be opened"
        yield f"hidden-{kind.value}", f"{subject} {does}; {_what_becomes(kind, len(mine))}"


def _shown_in(pictures: Sequence[HiddenPicture]) -> str:
    """Several pictures of one file mostly show the same, so that their faces are not added up."""
    faces = max(each.faces for each in pictures)
    parts = [f"{'up to ' if len(pictures) > 1 else ''}{faces} {'face' if faces == 1 else 'faces'}"] if faces else []
    texts = [text for each in pictures for text in each.texts]
    parts += [f"the words {quoted(texts)}"] if any(text.strip() for text in texts) else []
    return " and ".join(parts) or "no face and no words that we found"


def _what_becomes(kind: HiddenKind, many: int) -> str:
    if kind is HiddenKind.FRAME:
        return "only the first picture is published."
    return f"{'it is' if many == 1 else 'they are'} {LEFT_OUT}"


# -- words and numbers ---------------------------------------------------------------------------------------------


def _metadata(findings: PictureFindings, rights: OwnRights) -> Iterator[tuple[str, str]]:
    hidden = {each.kind for each in findings.hidden}
    by_kind: dict[MetadataKind, list[MetadataItem]] = {}
    for item in findings.metadata:
        by_kind.setdefault(item.kind, []).append(item)
    for kind, items in by_kind.items():
        if SAME_AS_HIDDEN.get(kind) in hidden:
            items = [item for item in items if kind is MetadataKind.FRAMES and "video" in item.text]
        for sentence in _sentences(kind, items, rights):
            yield f"metadata-{kind.value}", sentence


def _sentences(kind: MetadataKind, items: Sequence[MetadataItem], rights: OwnRights) -> Iterator[str]:
    texts = [item.text for item in items]
    if not items:
        return
    if kind in SAYS:
        yield f"{SAYS[kind]}; this is {LEFT_OUT}"
    elif kind in SAYS_WORDS:
        yield f"{SAYS_WORDS[kind]} ({quoted(texts)}); this is {LEFT_OUT}"
    elif kind is MetadataKind.COPYRIGHT:
        for whose, says in SAYS_RIGHTS.items():
            lines = [text for text in texts if rights.whose(text) is whose]
            if lines:
                yield f"{says} ({quoted(lines)}); this is {LEFT_OUT}"
    elif kind is MetadataKind.FRAMES:
        yield from _frames(texts)
    elif kind is MetadataKind.ALPHA:
        yield "Parts of the picture are see-through; in the safe file they are white."
    elif kind is MetadataKind.TRAILING:
        like = next(filter(None, (re.search(r"looks? like (?P<what>[\w ]{3,40})", text) for text in texts)), None)
        what = f" that looks like {like['what']}" if like else ""
        yield f"Something{what} stands behind the end of the picture; it is {LEFT_OUT}"
    else:
        yield f"The file carries other data ({quoted(item.where for item in items)}); this is {LEFT_OUT}"


def _frames(texts: Sequence[str]) -> Iterator[str]:
    """Further pictures that show nothing else than the first, and the video of a motion photo."""
    if any("video" in text for text in texts):
        yield f"The file holds a short video; it is {LEFT_OUT}"
    for text in texts:
        if "video" in text:
            continue
        more = _counted(text)
        pictures = "1 more picture" if more == 1 else f"{more:,} more pictures" if more else "more than one picture"
        yield f"This file holds {pictures}; only the first is published."


def _further_pictures(findings: PictureFindings) -> int:
    return max((_counted(item.text) for item in findings.metadata if item.kind is MetadataKind.FRAMES), default=0)


def _counted(text: str) -> int:
    """The pictures in a file beside the first, by what its metadata says; 0 where it does not say."""
    count = re.match(r"[\d,]+(?= pictures)", text)
    return max(int(count[0].replace(",", "")) - 1, 0) if count else 0


def quoted(texts: Iterable[str]) -> str:
    """The first of these texts in quotation marks, on one line each, cut where they are long, long numbers veiled."""
    different = list(dict.fromkeys(filter(None, map(_one_line, texts))))
    shown = [f"‘{text}’" for text in different[:MOST_QUOTED]]
    if len(different) > MOST_QUOTED:
        shown.append(f"{len(different) - MOST_QUOTED:,} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown) or "nothing to read"


def _one_line(text: str) -> str:
    plain = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text)
    plain = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    line = NUMBER.sub("…", " ".join(plain.split()))
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rstrip()}…"
