"""`/healthz` and `/readyz`: is the process alive, and can a draft be decided."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from app.deps import ServiceDep
from app.gate import GuardedRoute
from app.readiness import unready_because

router = APIRouter(tags=["health"], route_class=GuardedRoute)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "What keeps drafts from being decided"}})
def readyz(service: ServiceDep) -> Response:
    """Everything needed to decide a draft is there: database, register, disk, a worker with its models loaded."""
    problems = unready_because(service)
    if problems:
        return JSONResponse({"status": "not ready", "problems": problems}, status_code=503)
    return JSONResponse({"status": "ready", "problems": []})
