"""Keys and alerts in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.actors import KeyScope
from app.config import Settings
from app.keys.alerts import AlertKind
from app.keys.quotas import quotas
from app.keys.tables import Alert, ApiKey
from app.keys.views import ALERTS, SCOPES, alert_view, key_line, new_key_view, waiting_words

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def a_key(**changes: Any) -> ApiKey:
    standard = {"id": "k", "name": "Web", "prefix": "abcdefgh", "scopes": ["drafts:read"], "made_by": "cli"}
    times = {"made_at": AT - timedelta(days=30), "expires_at": datetime(2027, 7, 31, 23, tzinfo=UTC)}
    return ApiKey(school_id="school", secret_sha256="0" * 64, **{**standard, **times, **changes})


@pytest.mark.parametrize(
    ("changes", "state", "tone", "rotatable", "revocable"),
    [
        pytest.param({}, "In force until Saturday 31 July 2027", "clear", True, True, id="in-force"),
        pytest.param(
            {"successor_id": "n"},
            "Exchanged for a new key; this one goes on until Saturday 31 July 2027",
            "wait",
            False,
            True,
            id="exchanged",
        ),
        pytest.param({"expires_at": AT}, "Ended on Monday 23 November 2026", "none", False, False, id="to-the-second"),
        pytest.param({"revoked_at": AT}, "Revoked", "stop", False, False, id="revoked"),
        pytest.param({"revoked_at": AT, "expires_at": AT}, "Revoked", "stop", False, False, id="revoked-and-expired"),
    ],
)
def test_a_key_says_how_it_stands_and_what_can_be_done(
    changes: dict[str, Any], state: str, tone: str, rotatable: bool, revocable: bool
) -> None:
    line = key_line(a_key(**changes), AT, TODAY)
    assert (line.state, line.tone, line.rotatable, line.revocable) == (state, tone, rotatable, revocable)
    assert line.shown == "gp_abcdefgh_…"
    assert "0000" not in repr(line)


def test_every_scope_and_every_kind_of_alert_has_words() -> None:
    assert set(SCOPES) == set(KeyScope)
    assert set(ALERTS) == set(AlertKind)


@pytest.mark.parametrize("kind", AlertKind)
def test_an_alert_says_what_was_counted_and_who_it_was(kind: AlertKind) -> None:
    details = {"count": 1234, "day": "2026-11-23", "quota": "drafts"}
    alert = Alert(id="a", school_id="school", kind=kind.value, about="key:k", details=details, raised_at=AT)
    view = alert_view(alert, {"key:k": "the key Web"}, quotas(Settings()), TODAY)
    assert ("1,234" in view.words, view.who, view.seen) == (True, "the key Web", "")
    assert alert_view(alert, {}, (), TODAY).who == "Somebody who is no longer here"
    assert waiting_words([view]) == "1 alert nobody has looked at yet."


def test_the_form_offers_a_year_and_at_most_two() -> None:
    view = new_key_view(TODAY)
    assert (view.first, view.expires, view.last) == ("2026-11-24", "2027-11-23", "2028-11-22")
    assert not any(scope.chosen for scope in view.scopes)
