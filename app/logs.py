"""Logs: one line per event on standard error, with fields from one list; never a caption, a name or a file name.

An event is one of an enum, and a field is taken only if it looks as it must: what does not is left out (in tests it
raises). What other packages log is told by its logger and level alone: their messages may hold what a draft says.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from app.access import ACCESS
from app.reasons import Code
from consent.models import now


class Event(StrEnum):
    """Everything that is ever logged, with the words that go with it."""

    def __new__(cls, value: str, words: str) -> Event:
        made = str.__new__(cls, value)
        made._value_ = value
        made.words = words
        return made

    words: str

    REQUEST = "request", "A request was answered."
    FAULT = "fault", "A request failed through a fault of Gatepost. Nothing was published."
    CUT_OFF = "cut-off", "A connection was closed: it was too slow, or one of too many."
    KEY_MADE = "key-made", "A key was made (setting key_file). Keep a copy, apart from every copy of the data folder."
    WORKER_ENDED = "worker-ended", "The worker ended; another starts after a pause."
    NOT_READY = "not-ready", "The models are not ready: gatepost doctor says what is missing."
    NOT_CLAIMED = "not-claimed", "No job could be claimed; it is tried again."
    DECIDED = "decided", "A draft was decided."
    LEASE_LOST = "lease-lost", "A job was given to another worker."
    CHECK_FAILED = "check-failed", "A draft could not be checked; it stays blocked."
    NOT_WRITTEN = "not-written", "A failure could not be written; the lease runs out, and the job is taken again."
    NOT_RENEWED = "not-renewed", "A lease was not renewed."
    NO_SIGN = "no-sign", "No sign of life could be written."
    NO_CHECKPOINT = "no-checkpoint", "No checkpoint of the audit trail could be kept."
    PROVIDER_SAID_NO = "provider-said-no", "The sign-in provider answered with an error."
    PROVIDER_REFUSED = "provider-refused", "The answer of the sign-in provider cannot be relied on."
    PROVIDER_SILENT = "provider-silent", "The sign-in provider did not answer as it should."
    LIBRARY = "library", "A package has something to say; its words are left out."
    CRASH = "crash", "A process or a thread of it ended by an error that nothing caught."


EVENTS = {each.value: each for each in Event}


class StrangeField(ValueError):
    """Something was to be logged that is not on the list; raised in tests alone."""


def _matching(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _codes(value: object) -> bool:
    return isinstance(value, list | tuple) and all(each in set(Code) for each in value)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "other"})
NO_ROUTE, STATIC_ROUTE = "none", "/static"
ROUTES = frozenset({path for _, path in ACCESS} | {NO_ROUTE, STATIC_ROUTE})
CUTS = frozenset({"headers", "body", "answer", "idle", "address", "connections"})
# RFC 6749 (4.1.2.1) and OpenID Connect Core (3.1.2.6); whatever else stands in an address is not repeated.
OAUTH_ERRORS = frozenset(
    {
        "access_denied",
        "account_selection_required",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_scope",
        "login_required",
        "other",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    }
)
_ID = _matching("[0-9a-f]{32}")
_DOTTED = _matching(r"[A-Za-z_][\w.]{0,100}")

# What may be said, and how it must look. Ids are random; a route is a template of the table of who may what.
FIELDS: Final[Mapping[str, Callable[[object], bool]]] = {
    "request": _matching("[0-9a-f-]{16,36}"),
    "method": METHODS.__contains__,
    "route": ROUTES.__contains__,
    "status": _whole,
    "ms": _whole,
    "draft": _ID,
    "job": _ID,
    "worker": _ID,
    "outcome": {"publish", "block"}.__contains__,
    "codes": _codes,
    "error": _DOTTED,
    "code": _whole,
    "seconds": lambda value: _whole(value) or isinstance(value, float),
    "why": CUTS.__contains__,
    "logger": _DOTTED,
    "actor": _matching("(account|key):[0-9a-f]{32}"),
    "problem": _matching("[a-z-]{1,40}"),  # the type of the error that refused a request
    "provider": _matching("[a-z]{1,20}"),  # of the table of providers
    "answer": OAUTH_ERRORS.__contains__,
    "flaw": _matching("[A-Z_]{1,30}"),  # the name of a member of an enum
}

_logger = logging.getLogger("gatepost")
_request: ContextVar[str | None] = ContextVar("request", default=None)
_strict = False


def strict(on: bool) -> None:
    """Raise StrangeField, instead of leaving out, what is not on the list; for tests."""
    global _strict
    _strict = on


def event(what: Event, level: int = logging.INFO, *, failed: BaseException | None = None, **fields: object) -> None:
    """Log what happened; of `failed` its type, and where it was raised, never its message."""
    _logger.log(level, what.value, extra={"gatepost": _allowed(fields), "failed": failed})


@contextmanager
def of_request(request_id: str) -> Iterator[None]:
    """Everything logged in here belongs to this request."""
    token = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(token)


def request_id() -> str | None:
    return _request.get()


def _allowed(fields: Mapping[str, object]) -> dict[str, object]:
    kept, dropped = {}, 0
    for name, value in fields.items():
        looks_right = FIELDS.get(name)
        if value is None and looks_right is not None:
            continue
        if looks_right is not None and looks_right(value):
            kept[name] = value
        elif _strict:
            raise StrangeField(f"{name} is no field of the log, or does not look like one.")
        else:
            dropped += 1
    return {**kept, "dropped": dropped} if dropped else kept


def raised_at(error: BaseException) -> list[str]:
    """Where an exception was raised: files of code, lines, functions; innermost last."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def line_of(record: logging.LogRecord) -> dict[str, object]:
    """What is written of a record, whoever made it."""
    fields = getattr(record, "gatepost", None)
    if fields is None:  # not ours: its words may hold anything
        what, fields = Event.LIBRARY, _library(record)
        failed = record.exc_info[1] if record.exc_info else None
    else:
        what, failed = EVENTS[str(record.msg)], getattr(record, "failed", None)
    line: dict[str, object] = {"at": now().isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
    line |= {"event": what.value, "says": what.words, **fields}
    if (request := _request.get()) is not None:
        line["request"] = request
    if failed is not None:
        line |= {"error": type(failed).__name__, "raised": raised_at(failed)}
    return line


def _library(record: logging.LogRecord) -> dict[str, object]:
    return {"logger": record.name if _DOTTED(record.name) else "other"}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(line_of(record))


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = line_of(record)
        first = " ".join(str(line.pop(name)) for name in ("at", "level", "event", "says"))
        return " ".join([first, *(f"{name}={_plain(value)}" for name, value in line.items())])


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


class _Stderr(logging.StreamHandler[TextIO]):
    """Standard error, whatever it is just now; a line that cannot be written is not printed in another form."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def set_up(quiet: bool = False, form: str = "json") -> None:
    """Send everything that this process logs to standard error, ours and others'; `quiet` leaves out what went well.

    What nothing caught is told in the same way, where Python would print it with its message.
    """
    handler = _Stderr()
    handler.setFormatter(_Text() if form == "text" else _Json())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    _logger.handlers, _logger.propagate = [], True
    _logger.setLevel(logging.WARNING if quiet else logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "sqlalchemy", "asyncio"):
        other = logging.getLogger(name)
        other.handlers, other.propagate = [], True
        other.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)


def _crashed(kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> Any:
    if issubclass(kind, KeyboardInterrupt):
        return
    event(Event.CRASH, logging.CRITICAL, failed=error)
