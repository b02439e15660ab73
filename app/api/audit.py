"""`/api/v1/audit`: the audit trail in order, and its newest checkpoint, for a key that may read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from app import veil
from app.api.drafts import problems
from app.audit import checkpoints, trail
from app.audit.chain import moment_text
from app.audit.tables import AuditEvent
from app.audit.tags import AuditTag
from app.db import reading
from app.deps import ActorDep, ServiceDep
from app.errors import NotFound
from app.gate import GuardedRoute

MOST = 500
LARGEST = 2**53 - 1  # that every reader of JSON keeps exactly
router = APIRouter(prefix="/api/v1/audit", tags=["audit"], route_class=GuardedRoute)


class EntryPublic(BaseModel):
    """One entry. `hash` is over everything else here and the school's id; see the decision on the audit trail.

    Where the key may not read the register, what would tell why a face is not cleared, or who is in a picture, is
    veiled: then `veiled` is true, and the hash cannot be computed anew from what is shown.
    """

    sequence: int
    tag: str
    actor: str
    subject: str
    details: dict[str, Any]
    happened_at: datetime
    previous: str
    hash: str
    veiled: bool


class EntriesPublic(BaseModel):
    """Entries in order. `next` is what to give as `after` for those that follow; null: there are none yet."""

    school_id: str
    entries: list[EntryPublic]
    next: int | None


class CheckpointPublic(BaseModel):
    """The first `size` entries, signed with Ed25519: keep it where nobody of the school can change it."""

    format: str
    school_id: str
    size: int
    root: str
    made_at: str
    public_key: str
    signature: str = Field(description="over the parts named in the decision on the audit trail")


@router.get("", response_model=EntriesPublic, responses=problems(422, 503))
def get_entries(
    service: ServiceDep,
    actor: ActorDep,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="the last entry that you have")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    tag: Annotated[AuditTag | None, Query(description="entries of this kind alone")] = None,
) -> Response:
    """The entries beyond `after`, the oldest first."""
    filters = trail.Filters(tag=tag.value if tag else "")
    with reading(service.engine) as session:
        found = trail.in_order(session, service.school_id, filters, after, limit + 1)
    shown = [_entry_json(each, actor.reads_register) for each in found[:limit]]
    more = shown[-1]["sequence"] if len(found) > limit else None
    return JSONResponse({"school_id": service.school_id, "entries": shown, "next": more})


@router.get("/checkpoint", response_model=CheckpointPublic, responses=problems(404, 503))
def get_checkpoint(service: ServiceDep) -> Response:
    """The newest checkpoint."""
    with reading(service.engine) as session:
        newest = checkpoints.newest(session, service.school_id)
    if newest is None:
        raise NotFound("There is no checkpoint yet. One is made every hour in which something was added.")
    return JSONResponse(newest.as_json())


def _entry_json(entry: AuditEvent, reads_register: bool) -> dict[str, Any]:
    details = entry.details if reads_register else veil.details_for(entry.tag, entry.details)
    return {
        "sequence": entry.sequence,
        "tag": entry.tag,
        "actor": entry.actor,
        "subject": entry.subject,
        "details": details,
        "happened_at": moment_text(entry.happened_at),
        "previous": entry.previous,
        "hash": entry.hash,
        "veiled": details != entry.details,
    }
