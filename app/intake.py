"""Reading a draft out of a multipart form, the same for the page and the API, and waiting for its decision."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from app import drafts
from app.actors import Actor
from app.db import reading
from app.deps import Service
from app.drafts import DraftView, NewDraft, NewPicture
from app.errors import BadForm, TooManyPictures
from app.gate import CSRF_FIELD, FILES_BEYOND, MOST_TEXT_BYTES
from app.keys import quotas
from app.models import DraftStatus

POLL_SECONDS = 0.15
LONGEST_WAIT_SECONDS = 60.0
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")  # the second for words alone
FIELDS = frozenset({"pictures", "alt_texts", "caption", "hashtags", "channel", "taken_of"})

FORM_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["channel"],
                    "properties": {
                        "channel": {
                            "type": "string",
                            "description": "the account to post to, as the register names it",
                        },
                        "caption": {"type": "string"},
                        "hashtags": {"type": "string"},
                        "pictures": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "alt_texts": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "one for each picture, in the same order; empty where there is none",
                        },
                        "taken_of": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "the classes that could be in the pictures",
                        },
                    },
                },
                "encoding": {"pictures": {"contentType": "image/jpeg, image/png, image/webp, image/gif, image/heic"}},
            }
        },
    }
}


async def submit_form(request: Request, service: Service, actor: Actor) -> str:
    """Keep the draft that the form holds; returns its id."""
    if not request.headers.get("content-type", "").startswith(FORM_TYPES):
        raise BadForm("Send the draft as multipart/form-data: pictures, alt_texts, caption, channel.")
    await run_in_threadpool(_within_quotas, service, actor)
    most = service.settings.max_pictures
    async with request.form(
        max_files=most + FILES_BEYOND, max_fields=2 * most + FILES_BEYOND, max_part_size=MOST_TEXT_BYTES
    ) as form:
        new = _draft_of(form, most)
        return await run_in_threadpool(drafts.submit, service.engine, service.store, service.settings, actor, new)


def _within_quotas(service: Service, actor: Actor) -> None:
    with reading(service.engine) as session:
        quotas.ahead(session, actor, service.settings)


def _draft_of(form: FormData, most: int) -> NewDraft:
    unknown = sorted(set(form.keys()) - FIELDS - {CSRF_FIELD})
    if unknown:
        raise BadForm(f"The form has fields that Gatepost does not know: {', '.join(unknown)[:200]}.")
    files = [each for each in form.getlist("pictures") if isinstance(each, UploadFile)]
    if len(files) != len(form.getlist("pictures")):
        raise BadForm("A field named `pictures` holds text. Send each picture as a file, with its file name.")
    files = [
        each for each in files if each.filename or each.size
    ]  # a browser sends one nameless file for "none chosen"
    if len(files) > most:
        raise TooManyPictures(
            f"The draft has {len(files)} pictures; one draft may have {most}. Send them as several drafts."
        )
    alt_texts = _texts(form, "alt_texts")
    if any(alt_texts[len(files) :]):
        raise BadForm(f"The draft has {len(alt_texts)} alt texts and {len(files)} pictures. Send one for each picture.")
    pictures = [
        NewPicture(each.filename or "", each.file, alt_texts[at] if at < len(alt_texts) else "")
        for at, each in enumerate(files)
    ]
    return NewDraft(
        channel=" ".join(_texts(form, "channel")).strip(),
        caption="\n".join(_texts(form, "caption")),
        hashtags=" ".join(_texts(form, "hashtags")),
        taken_of=tuple(each for each in _texts(form, "taken_of") if each),
        pictures=pictures,
    )


def _texts(form: FormData, name: str) -> Sequence[str]:
    values = form.getlist(name)
    if any(not isinstance(value, str) for value in values):
        raise BadForm(f"The field `{name}` holds a file. Send it as text.")
    return [str(value) for value in values]


def wait_wanted(request: Request) -> float:
    """Seconds of `Prefer: wait=N` (RFC 7240), at most a minute; 0 where none is asked for."""
    for header in request.headers.getlist("prefer"):
        found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})", header)
        if found:
            return min(float(found.group(1)), LONGEST_WAIT_SECONDS)
    return 0.0


async def view_when_decided(
    service: Service, actor: Actor, draft_id: str, seconds: float
) -> tuple[DraftView, str | None]:
    """The draft once it is decided or failed, or as it stands when the time is up; and why it is void, if it is."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        view, void = await run_in_threadpool(_view, service, actor, draft_id)
        if view.draft.status in (DraftStatus.DECIDED, DraftStatus.FAILED) or loop.time() >= until:
            return view, void
        await asyncio.sleep(POLL_SECONDS)


def _view(service: Service, actor: Actor, draft_id: str) -> tuple[DraftView, str | None]:
    with reading(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
        return view, drafts.void_because(session, view)
