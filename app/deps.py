"""What a request is given: the service's parts, put together once by `create_app`, and who asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from app.actors import Actor, system
from app.blobs import PictureStore
from app.config import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """The parts, for one school: the one of whoever asks."""

    settings: Settings
    engine: Engine
    store: PictureStore
    school_id: str

    def for_school(self, school_id: str) -> Service:
        return replace(self, school_id=school_id)


def service_of(request: Request) -> Service:
    """The service for the school of whoever asks; of the first school where nobody is signed in."""
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101  set by create_app
    actor = getattr(request.state, "actor", None)
    return service.for_school(actor.school_id) if isinstance(actor, Actor) else service


def actor_of(request: Request) -> Actor:
    """Who asks: the gate has let them through. On a public route nobody may be signed in, and it is the system."""
    actor = getattr(request.state, "actor", None)
    return actor if isinstance(actor, Actor) else system(service_of(request).school_id)


ServiceDep = Annotated[Service, Depends(service_of)]
ActorDep = Annotated[Actor, Depends(actor_of)]
