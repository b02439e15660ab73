"""Errors for callers: each has a status and a stable type; one handler renders them as problem details (RFC 9457)."""

from __future__ import annotations

import errno
import logging
import sqlite3

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from app import logs
from app.logs import Event
from consent.vault.errors import KeyUnavailable

PROBLEM = "application/problem+json"


class ServiceError(Exception):
    """The base of every error that a caller is told; the message says what is wrong and what to do."""

    status_code = 400
    type = "about:blank"
    title = "The request could not be carried out"
    headers: dict[str, str] = {}  # noqa: RUF012  a constant of each class

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class EmptyDraft(ServiceError):
    status_code = 422
    type = "empty-draft"
    title = "There is nothing to check"


class NothingToCheckAgainst(ServiceError):
    status_code = 409
    type = "register-empty"
    title = "The register is empty"


class TooManyPictures(ServiceError):
    status_code = 422
    type = "too-many-pictures"
    title = "Too many pictures in one draft"


class TextTooLong(ServiceError):
    status_code = 422
    type = "text-too-long"
    title = "A text is too long"


class BadForm(ServiceError):
    status_code = 422
    type = "bad-form"
    title = "The draft is not filled in as it should be"


class RequestTooLarge(ServiceError):
    status_code = 413
    type = "too-large"
    title = "Too large"


class HeadersTooLarge(ServiceError):
    status_code = 431
    type = "headers-too-large"
    title = "Too large"


class NotEncrypted(ServiceError):
    status_code = 403
    type = "not-encrypted"
    title = "This connection is not encrypted"


class NotSignedIn(ServiceError):
    status_code = 401
    type = "not-signed-in"
    title = "Sign in first"
    headers = {"WWW-Authenticate": "Bearer"}  # noqa: RUF012


class NotAllowed(ServiceError):
    status_code = 403
    type = "not-allowed"
    title = "This is not for you"


class NotFound(ServiceError):
    status_code = 404
    type = "not-found"
    title = "Not found"


class NotCleared(ServiceError):
    status_code = 409
    type = "not-cleared"
    title = "This picture is not cleared"


class ClearanceVoid(ServiceError):
    status_code = 409
    type = "clearance-void"
    title = "The register changed after the check"


class ForeignOrigin(ServiceError):
    status_code = 403
    type = "foreign-origin"
    title = "The request came from another site"


class StorageFull(ServiceError):
    status_code = 507
    type = "storage-full"
    title = "There is no room to keep the draft"


class TryLater(ServiceError):
    status_code = 503
    type = "try-later"
    title = "Gatepost is busy"
    headers = {"Retry-After": "5"}  # noqa: RUF012


class KeyMissing(ServiceError):
    status_code = 503
    type = "key-missing"
    title = "What is stored cannot be opened"
    headers = {"Retry-After": "60"}  # noqa: RUF012


def problem(status: int, type_: str, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body: dict[str, str | int] = {"type": type_, "title": title, "status": status, "detail": detail}
    if request_id := logs.request_id():
        body["request_id"] = request_id
    return JSONResponse(body, status_code=status, media_type=PROBLEM, headers=headers)


def as_service_error(error: Exception) -> ServiceError | None:
    """What a storage or database failure means to a caller; None where it means a fault of ours."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
        return StorageFull("The disk is full or cannot be written. Nothing was kept: tell IT, then send it again.")
    if isinstance(error, KeyUnavailable):
        return KeyMissing("The key to what is stored is missing. Nothing is lost or published: tell IT.")
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.OperationalError):
        message = str(original)
        if "full" in message or "readonly" in message:
            return StorageFull("The disk is full or cannot be written. Nothing was kept: tell IT, then send it again.")
        if "locked" in message or "busy" in message:
            return TryLater("The database was busy for too long. Nothing was kept: send it again in a few seconds.")
    return None


def install(app: FastAPI) -> None:
    """Every error of the service leaves as problem details, or as a page where a browser asked for one."""

    @app.exception_handler(ServiceError)
    def service_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ServiceError)  # noqa: S101  starlette's signature is wider
        return render(request, error)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        if isinstance(error.__cause__, ServiceError):  # told while a body was read, and taken for bad JSON
            return render(request, error.__cause__)
        known = ServiceError(str(error.detail))
        known.status_code = error.status_code
        known.title = str(error.detail)
        if error.status_code == 404:
            known = NotFound("There is nothing at this address.")
        known.headers = dict(error.headers or {})
        return render(request, known)

    @app.exception_handler(RequestValidationError)
    def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        parts = [f"{'.'.join(str(step) for step in each['loc'])}: {each['msg']}" for each in error.errors()]
        return render(request, BadForm("; ".join(parts)))


def fault(request: Request, error: Exception) -> Response:
    """What nothing else caught, told without its message; the guard asks for it, around everything else."""
    known = as_service_error(error)
    if known is None:
        logs.event(Event.FAULT, logging.ERROR, failed=error)
        known = ServiceError("Something went wrong on our side. Nothing was published. Try again, or tell IT.")
        known.status_code, known.title, known.type = 500, "A fault of Gatepost", "fault"
    return render(request, known)


def note(request: Request, error: ServiceError) -> None:
    """Have the log say why this request was refused: the error's type, never its words."""
    request.scope.setdefault("state", {})["problem"] = error.type if error.type != ServiceError.type else "other"


def render(request: Request, error: ServiceError) -> Response:
    note(request, error)
    if not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        from app.pages.rendering import error_page

        return error_page(request, error)
    return problem(error.status_code, error.type, error.title, error.detail, error.headers)
