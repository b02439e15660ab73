"""Revisions: a draft with remedies applied is a new draft, which goes the same road. The first one is never changed."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass, field

from app import drafts
from app.db import reading
from app.deps import Service
from app.drafts import DraftView, NewDraft, NewPicture, original_name
from app.errors import BadForm
from app.models import DraftPicture
from vision.findings import Box

COVERS_PER_PICTURE = 500


@dataclass(frozen=True, slots=True)
class Cover:
    """What to cover in one picture: a face by its number (from 1), or a box in pixels of the upright picture."""

    picture: int
    face: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """Remedies to apply; None and empty mean "as it was". Pictures are counted from 1."""

    channel: str | None = None
    caption: str | None = None
    hashtags: str | None = None
    alt_texts: dict[int, str] = field(default_factory=dict)
    cover: tuple[Cover, ...] = ()
    leave_out: frozenset[int] = frozenset()
    neutral_names: frozenset[int] = frozenset()


def revise(service: Service, draft_id: str, revision: Revision) -> str:
    """Make a new draft from an old one; returns the new draft's id."""
    with reading(service.engine) as session:
        view = drafts.find(session, service.school_id, draft_id)
    _check_numbers(view, revision)
    with ExitStack() as opened:
        pictures: list[NewPicture] = []
        for picture in view.pictures:
            if picture.number in revision.leave_out:
                continue
            content = service.store.get(draft_id, original_name(picture.number))
            source = opened.enter_context(io.BytesIO(content))
            pictures.append(_revised(picture, len(pictures) + 1, source, revision))
        new = NewDraft(
            channel=view.draft.channel if revision.channel is None else revision.channel,
            caption=view.draft.caption if revision.caption is None else revision.caption,
            hashtags=view.draft.hashtags if revision.hashtags is None else revision.hashtags,
            taken_of=tuple(view.draft.taken_of),
            pictures=pictures,
            revision_of=draft_id,
        )
        return drafts.submit(service.engine, service.store, service.settings, service.school_id, new)


def _check_numbers(view: DraftView, revision: Revision) -> None:
    known = {picture.number for picture in view.pictures}
    named = {cover.picture for cover in revision.cover} | set(revision.alt_texts)
    named |= revision.leave_out | revision.neutral_names
    unknown = sorted(named - known)
    if unknown:
        raise BadForm(f"The draft has no picture {unknown[0]}; it has {len(known)}.")


def _revised(picture: DraftPicture, new_number: int, source: io.BytesIO, revision: Revision) -> NewPicture:
    number = picture.number
    wanted = [_box_of(cover, picture) for cover in revision.cover if cover.picture == number]
    covers = [(cover[0], cover[1], cover[2], cover[3]) for cover in picture.covers]
    covers += [(box.left, box.top, box.right, box.bottom) for box in wanted]
    if len(covers) > COVERS_PER_PICTURE:
        raise BadForm(f"Picture {number} would have more than {COVERS_PER_PICTURE} covers. Leave it out instead.")
    name = f"picture-{new_number}" if number in revision.neutral_names else picture.file_name
    return NewPicture(name, source, revision.alt_texts.get(number, picture.alt_text), tuple(covers))


def _box_of(cover: Cover, picture: DraftPicture) -> Box:
    if cover.box is not None:
        return cover.box
    faces = (picture.findings or {}).get("faces", [])
    if cover.face is None or not 1 <= cover.face <= len(faces):
        raise BadForm(
            f"Picture {picture.number} has no face {cover.face}; {len(faces)} were found. Name a face or give a box."
        )
    left, top, right, bottom = faces[cover.face - 1]["box"]
    return Box(left, top, right, bottom)
