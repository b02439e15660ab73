"""What a request is given: the service's parts, put together once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from app.blobs import PictureStore
from app.config import Settings


@dataclass(frozen=True, slots=True)
class Service:
    settings: Settings
    engine: Engine
    store: PictureStore
    school_id: str


def service_of(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101  set by create_app
    return service


ServiceDep = Annotated[Service, Depends(service_of)]
