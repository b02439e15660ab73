"""The key that a request brings: in its `Authorization` header, and nowhere else (RFC 6750, section 2.1)."""

from __future__ import annotations

from urllib.parse import unquote

from fastapi import Request

from app.actors import Actor
from app.db import reading, writing
from app.deps import Service
from app.keys import keys
from app.keys.errors import KeyInAddress, NoKey, WrongKey
from app.keys.secrets import holds_key

ONLY_IN_HEADER = (
    "Keys are taken in the header `Authorization: Bearer gp_...` alone. This one may have been kept in logs on its "
    "way: have it revoked, and use a new one."
)


def actor_of(service: Service, request: Request) -> Actor:
    """Whose key the request brings; raises NoKey, WrongKey or KeyInAddress. The last use is kept."""
    if holds_key(unquote(request.url.query)):
        raise KeyInAddress(ONLY_IN_HEADER)
    given = request.headers.getlist("authorization")
    scheme, _, text = given[0].strip().partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.casefold() != "bearer":
        raise NoKey("Send an API key that is in force, as `Authorization: Bearer gp_...`.")
    with reading(service.engine) as session:
        actor = keys.resolve(session, text.strip())
        stale = actor is not None and keys.stale(session, actor.id)
    if actor is None:
        raise WrongKey("This key is not known, has expired, or was revoked. Ask the administrator for a new one.")
    if stale:
        with writing(service.engine) as session:
            keys.touch(session, actor.id)
    return actor
