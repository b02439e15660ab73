"""Keys in every state, and every kind of alert, for the gallery."""

from __future__ import annotations

from datetime import timedelta

from app.actors import Actor, KeyScope
from app.db import writing
from app.deps import Service
from app.keys import alerts, keys
from app.keys.alerts import AlertKind
from app.keys.tables import Alert
from consent.models import now

DAY = "2026-11-20"


def fill_keys(service: Service, actor: Actor) -> str:
    """Returns the id of the key in force."""
    with writing(service.engine) as session:
        long_ago = now() - timedelta(days=400)
        keys.create(session, service.school_id, "Last year's trial", [KeyScope.DRAFTS_READ], actor.ref, long_ago)
        gone = keys.make(session, actor, "Photographer's laptop", [KeyScope.DRAFTS_WRITE])
        keys.revoke(session, actor, gone.key.id)
        old = keys.make(session, actor, "Newsletter", [KeyScope.DRAFTS_WRITE, KeyScope.DRAFTS_READ])
        keys.touch(session, old.key.id)
        keys.rotate(session, actor, old.key.id)
        name = (
            "Website workflow of the whole federation, <b>which</b> has a very long name, and_no_space_in_the_last_part"
        )
        current = keys.make(session, actor, name[:100], list(KeyScope))
    return current.key.id


def fill_alerts(service: Service, actor: Actor, draft_id: str) -> None:
    with writing(service.engine) as session:
        for at, kind in enumerate(AlertKind):
            details: dict[str, int | str] = {"count": 12 * (at + 1)}
            details |= {"quota": "drafts"} if kind is AlertKind.USED_UP else {"draft": draft_id}
            alerts.raise_alert(session, service.school_id, kind, actor.ref, DAY, **details)
        seen = Alert(school_id=service.school_id, kind="guessing", about="key:gone", details={"count": 15})
        session.add(seen)
        session.flush()
        alerts.see(session, actor, seen.id)
