"""A line of the log says what its list allows, whoever writes it."""

from __future__ import annotations

import ast
import io
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app import logs
from app.logs import Event, StrangeField
from app.reasons import Code

NAME = "Olivia Smith"
ID = "0123456789abcdef" * 2
CODE = Path(__file__).parents[3]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written, as `gatepost serve` sets it up; logging is as before afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("gatepost")
    before = root.handlers, root.level, ours.level
    hook = threading.excepthook
    written = io.StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=written))  # pytest puts its own into sys for each phase
    logs.set_up()
    yield written
    root.handlers, threading.excepthook = before[0], hook
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(False)
    logs.strict(True)


@pytest.fixture(autouse=True)
def tolerant() -> Iterator[None]:
    """As in production; the tests that want the other say so."""
    logs.strict(False)
    yield
    logs.strict(True)


def last(lines: io.StringIO) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(lines.getvalue().splitlines()[-1])
    return line


def failed_with_a_name() -> ValueError:
    try:
        raise ValueError(f"{NAME} could not be read")
    except ValueError as error:
        return error


def test_an_event_is_one_line_of_json(lines: io.StringIO) -> None:
    logs.event(Event.DECIDED, draft=ID, outcome="block", codes=[Code.CONSENT_REFUSED])
    line = last(lines)
    assert line.pop("at")
    assert line == {
        "level": "info",
        "event": "decided",
        "says": "A draft was decided.",
        "draft": ID,
        "outcome": "block",
        "codes": ["consent-refused"],
    }


STRANGE = [
    ("draft", NAME),
    ("draft", "ben"),
    ("route", "/drafts/olivia-smith"),
    ("route", "/register?q=olivia"),
    ("method", "OLIVIA"),
    ("status", "200"),
    ("status", True),
    ("outcome", NAME),
    ("codes", [NAME]),
    ("codes", "consent-refused"),
    ("error", f"ValueError: {NAME}"),
    ("request", "olivia-smith-smith"),
    ("worker", ID + "\n"),
    ("caption", "Well done"),
    ("name", NAME),
]


@pytest.mark.parametrize(("field", "value"), STRANGE)
def test_what_is_not_on_the_list_is_left_out(lines: io.StringIO, field: str, value: object) -> None:
    logs.event(Event.REQUEST, **{field: value})  # type: ignore[arg-type]
    assert field not in last(lines)
    assert last(lines)["dropped"] == 1
    assert "livia" not in lines.getvalue()


@pytest.mark.parametrize(("field", "value"), STRANGE)
def test_in_tests_it_raises(field: str, value: object) -> None:
    logs.strict(True)
    with pytest.raises(StrangeField):
        logs.event(Event.REQUEST, **{field: value})  # type: ignore[arg-type]


def test_of_an_error_its_type_and_place_are_told_and_not_its_message(lines: io.StringIO) -> None:
    logs.event(Event.FAULT, logging.ERROR, failed=failed_with_a_name())
    line = last(lines)
    assert line["error"] == "ValueError"
    assert line["raised"][-1].startswith("test_logs.py:")
    assert NAME not in lines.getvalue()


@pytest.mark.parametrize("other", ["uvicorn.error", "sqlalchemy.engine", "alembic", "asyncio", "gatepost.other", "PIL"])
def test_what_packages_say_is_told_without_their_words(lines: io.StringIO, other: str) -> None:
    logging.getLogger(other).error("about %s", NAME, exc_info=failed_with_a_name())
    assert (last(lines)["logger"], last(lines)["error"]) == (other, "ValueError")
    assert NAME not in lines.getvalue()


def test_what_nothing_caught_is_told_without_its_message(lines: io.StringIO) -> None:
    error = failed_with_a_name()
    vars(logs)["sys"].excepthook(ValueError, error, error.__traceback__)
    assert (last(lines)["event"], last(lines)["error"]) == ("crash", "ValueError")
    assert NAME not in lines.getvalue()


def test_lines_of_a_request_carry_its_id(lines: io.StringIO) -> None:
    with logs.of_request(ID):
        logs.event(Event.FAULT)
    assert last(lines)["request"] == ID
    logs.event(Event.NO_SIGN)
    assert "request" not in last(lines)


def test_text_says_the_same(lines: io.StringIO) -> None:
    logs.set_up(form="text")
    logs.event(Event.DECIDED, draft=ID, outcome="publish", codes=[])
    assert lines.getvalue().split(" ", 1)[1].startswith("info decided A draft was decided. draft=" + ID)


# -- the source ------------------------------------------------------------------------------------------------------

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
LOGGERS = {"log", "logger", "logging", "_logger"}
LOUD = {"traceback.print_exc", "traceback.print_exception", "warnings.warn"}
PACKAGES = ("app", "consent", "captions", "vision")


def calls_of(source: str) -> list[str]:
    """Calls that would write free text into a log, and fields of events that are on no list."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        named = ast.unparse(node.func)
        if named == "logs.event":
            fields = {keyword.arg for keyword in node.keywords} - set(logs.FIELDS) - {"failed"}
            found += [f"{named}({field}=...)" for field in fields]
            if not ast.unparse(node.args[0]).startswith("Event."):
                found.append(ast.unparse(node))
        elif named in LOUD or (named.split(".")[0] in LOGGERS and node.func.attr in LEVELS):
            found.append(named)
    return found


@pytest.mark.parametrize(
    "bad",
    [
        "log.info('decided %s', caption)",
        "logging.warning('x')",
        "logs.event(Event.DECIDED, caption=caption)",
        "logs.event(what)",
        "traceback.print_exc()",
    ],
)
def test_the_search_finds_what_it_looks_for(bad: str) -> None:
    assert calls_of(bad)


def test_nothing_is_logged_beyond_the_list() -> None:
    found = {
        str(path.relative_to(CODE)): calls
        for package in PACKAGES
        for path in (CODE / package).rglob("*.py")
        if path.name != "logs.py" and (calls := calls_of(path.read_text("utf-8")))
    }
    assert found == {}
