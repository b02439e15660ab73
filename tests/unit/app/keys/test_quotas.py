"""Quotas: enough for honest work, counted in rows, said with the time at which they begin anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, create_engine, select

from app.accounts.tables import Attempt
from app.actors import Actor, ActorKind, command_line, system
from app.config import Settings
from app.keys.counting import DAY, HOUR, KEPT, count, counted, window
from app.keys.errors import TooMany
from app.keys.quotas import (
    ANSWERS_TO_ONE,
    IN_VAIN,
    OF_SCHOOL,
    REVISIONS,
    REVISIONS_OF_ONE,
    Asking,
    Quota,
    ahead,
    first_of,
    quotas,
    spend,
)
from app.keys.tables import Alert
from app.models import AuditEvent, Draft
from consent.models import School
from tests.vaults import with_vault

NOON = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)
SETTINGS = Settings(quota_drafts=3, quota_pictures=10)
KEY = Actor(ActorKind.KEY, "school", "key-1", "The workflow")
OTHER = Actor(ActorKind.ACCOUNT, "school", "teacher-1", "R. Patel")


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://", execution_options=with_vault())
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        opened.add(School(id="school", name="Wren"))
        for number in range(4):  # a draft, and three revisions, each of the one before
            before = f"draft-{number - 1}" if number else None
            opened.add(Draft(id=f"draft-{number}", school_id="school", channel="x", revision_of=before))
            opened.flush()
        yield opened


def test_a_revision_belongs_to_the_first_of_its_drafts(session: Session) -> None:
    assert {first_of(session, f"draft-{number}") for number in range(4)} == {"draft-0"}


def test_drafts_are_counted_by_the_hour_and_the_refusal_says_when_to_go_on(session: Session) -> None:
    for _ in range(3):
        spend(session, KEY, SETTINGS, Asking(1), NOON)
    with pytest.raises(TooMany) as refused:
        spend(session, KEY, SETTINGS, Asking(1), NOON)
    assert "more than 3 drafts in an hour" in refused.value.detail
    assert 2400 <= int(refused.value.headers["Retry-After"]) <= 2401  # forty minutes to one o'clock
    with pytest.raises(TooMany):
        ahead(session, KEY, SETTINGS, NOON)
    spend(session, OTHER, SETTINGS, Asking(1), NOON)  # somebody else's are their own
    spend(session, KEY, SETTINGS, Asking(1), NOON + timedelta(minutes=41))


def test_pictures_are_counted_by_the_day_and_what_is_refused_is_not_counted(session: Session) -> None:
    spend(session, KEY, SETTINGS, Asking(6), NOON)
    with pytest.raises(TooMany):
        spend(session, KEY, SETTINGS, Asking(5), NOON)
    spend(session, KEY, SETTINGS, Asking(4), NOON + timedelta(hours=5))
    with pytest.raises(TooMany) as refused:
        ahead(session, KEY, SETTINGS, NOON + timedelta(hours=7))
    assert int(refused.value.headers["Retry-After"]) <= 5 * HOUR
    spend(session, KEY, SETTINGS, Asking(10), NOON + timedelta(hours=12))


@pytest.mark.parametrize(
    ("quota", "asking"),
    [
        pytest.param(REVISIONS_OF_ONE, Asking(1, 0, "draft-3"), id="changes-of-one-draft"),
        pytest.param(ANSWERS_TO_ONE, Asking(1, 500, "draft-2"), id="answers-about-one-draft"),
    ],
)
def test_one_draft_is_changed_only_so_often_whoever_changes_it(session: Session, quota: Quota, asking: Asking) -> None:
    much = asking.answers or 1
    for at in range(quota.most // much):
        spend(session, KEY if at % 2 else OTHER, SETTINGS, asking, NOON)
    with pytest.raises(TooMany) as refused:
        spend(session, KEY, SETTINGS, asking, NOON)
    assert quota.what in refused.value.detail
    spend(session, KEY, SETTINGS, asking, NOON + timedelta(days=1))


def test_answers_in_vain_close_answering_until_tomorrow_and_nothing_else(session: Session) -> None:
    count(session, f"{IN_VAIN.name}:{KEY.ref}", window(NOON, DAY), IN_VAIN.most)
    with pytest.raises(TooMany) as refused:
        spend(session, KEY, SETTINGS, Asking(1, 1, "draft-0"), NOON)
    assert "tomorrow" in refused.value.detail
    spend(session, KEY, SETTINGS, Asking(1, 0, "draft-0"), NOON)
    spend(session, KEY, SETTINGS, Asking(1), NOON)
    spend(session, KEY, SETTINGS, Asking(1, 1, "draft-0"), NOON + timedelta(days=1))


def test_the_last_that_is_allowed_tells_the_lead_once(session: Session) -> None:
    for _ in range(3):
        spend(session, KEY, SETTINGS, Asking(1), NOON)
    (alert,) = session.exec(select(Alert)).all()
    assert (alert.kind, alert.about, alert.details) == (
        "used-up",
        KEY.ref,
        {"quota": "drafts", "count": 3, "day": "2026-11-23"},
    )
    (event,) = session.exec(select(AuditEvent)).all()
    assert (event.tag, event.subject) == ("alert:raised", alert.id)


@pytest.mark.parametrize("actor", [system("school"), command_line("school")], ids=["system", "cli"])
def test_whoever_has_the_machine_is_not_counted(session: Session, actor: Actor) -> None:
    for _ in range(5):
        spend(session, actor, SETTINGS, Asking(10), NOON)
    ahead(session, actor, SETTINGS, NOON)
    assert session.exec(select(Attempt)).all() == []


def test_counters_are_thrown_away_after_some_days_and_others_stay(session: Session) -> None:
    count(session, "drafts:old", window(NOON - timedelta(seconds=KEPT + DAY), HOUR))
    session.add(Attempt(bucket="sign-in:abc", window=0, count=1))
    spend(session, KEY, SETTINGS, Asking(1), NOON)
    buckets = {row.bucket for row in session.exec(select(Attempt))}
    assert {"sign-in:abc", f"quota:drafts:{KEY.ref}"} < buckets
    assert "quota:drafts:old" not in buckets


def test_every_quota_has_room_for_an_honest_afternoon_and_an_honest_workflow(session: Session) -> None:
    """150 pictures with 25 faces, a tenth of the faces said by hand in thirty steps; 2,000 pictures, a draft each."""
    settings = Settings()
    spend(session, OTHER, settings, Asking(150), NOON)
    for _ in range(30):
        spend(session, OTHER, settings, Asking(150, 13, "draft-0"), NOON)
    count(session, f"{IN_VAIN.name}:{OTHER.ref}", window(NOON, DAY), 30 * 13 // 10)
    spend(session, OTHER, settings, Asking(150, 13, "draft-0"), NOON)
    for name in ("pictures", "revisions"):  # the seven hours before
        count(session, f"{name}:{KEY.ref}", window(NOON, DAY), 1_750)
    for at in range(250):
        spend(session, KEY, settings, Asking(1), NOON)
        session.add(Draft(id=f"one-{at}", school_id="school", channel="x"))
        spend(session, KEY, settings, Asking(1, 0, f"one-{at}"), NOON)
    assert session.exec(select(Alert)).all() == []


def test_every_quota_says_why_it_is_as_large_as_it_is() -> None:
    told = quotas(Settings())
    assert len({quota.name for quota in told}) == len(told) == 8
    assert all(quota.why and quota.what for quota in told)
    assert OF_SCHOOL.most > Settings().quota_pictures < REVISIONS.most * 2


def test_a_window_knows_its_day_and_what_is_left_of_it(session: Session) -> None:
    assert (window(NOON, DAY).day, window(NOON, HOUR).seconds_left) == ("2026-11-23", 2401)
    assert counted(session, "nothing", window(NOON, DAY)) == 0
