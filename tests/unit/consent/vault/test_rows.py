"""Rows are plain in memory and ciphertext in the database, whichever way they go in and out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine, select, update

from app.models import DecisionRecord, Draft, DraftPicture
from consent.models import School
from consent.vault.columns import Ciphertext
from consent.vault.envelope import Owner, OwnerKind, Place
from consent.vault.errors import Erased, SealBroken, VaultError
from consent.vault.vault import vault_of
from tests.vaults import with_vault

CANARY = "Zosia Nowak jumped highest"


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool, execution_options=with_vault())
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(School(id="s", name="Elm"))
        session.add(School(id="t", name="Oak"))
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def draft(session) -> Draft:
    draft = Draft(id="d", school_id="s", channel="Website", caption=CANARY, word_answers=[{"kind": CANARY}])
    session.add(draft)
    session.commit()
    return draft


def stored(session, table="draft", column="caption", row_id="d"):
    found = session.connection().exec_driver_sql(f"select {column} from {table} where id = '{row_id}'")  # noqa: S608
    return found.scalar_one()


def test_the_database_holds_ciphertext_and_the_row_its_words(session, draft, engine):
    assert draft.caption == CANARY
    assert b"Zosia" not in stored(session) + stored(session, column="word_answers") + stored(session, column="hashtags")
    with Session(engine) as other:
        again = other.get_one(Draft, "d")
        assert (again.caption, again.hashtags, again.word_answers) == (CANARY, "", [{"kind": CANARY}])


def test_the_row_is_plain_right_after_a_flush_and_clean(session):
    session.add(draft := Draft(id="d", school_id="s", channel="Website", caption=CANARY))
    session.flush()
    assert draft.caption == CANARY
    assert not session.dirty


def test_changed_values_are_sealed_and_others_left_alone(session, draft):
    before = stored(session, column="word_answers")
    draft.caption = "Another"
    draft.status = "checking"
    session.flush()
    assert draft.caption == "Another"
    assert b"Another" not in stored(session)
    assert stored(session, column="word_answers") == before
    session.expire(draft)
    assert draft.caption == "Another"


def test_refresh_reads_what_another_session_wrote(session, draft, engine):
    assert draft.caption == CANARY
    session.rollback()
    with Session(engine) as other:
        other.get_one(Draft, "d").caption = "Theirs"
        other.commit()
    session.refresh(draft)
    assert draft.caption == "Theirs"
    session.refresh(draft, ["caption"])
    assert draft.caption == "Theirs"


def test_a_row_from_another_session_is_merged(session, draft, engine):
    session.add(DraftPicture(id="p", draft_id="d", number=1, file_name="zosia.jpg", sha256="", size=1))
    session.commit()
    with Session(engine) as other:
        picture = other.get_one(DraftPicture, "p")
    kept = session.merge(picture)
    assert kept.findings is None
    kept.findings = {"texts": [CANARY]}
    session.commit()
    assert b"Zosia" not in stored(session, "draft_picture", "findings", "p")
    assert (kept.findings, kept.file_name) == ({"texts": [CANARY]}, "zosia.jpg")
    kept.findings = None
    session.commit()
    assert stored(session, "draft_picture", "findings", "p") is None


def test_a_flush_that_fails_leaves_the_row_as_it_was(session, draft):
    session.add(DecisionRecord(id="e", draft_id="d", **DECISION))
    session.flush()
    again = DecisionRecord(id="f", draft_id="d", people=["ben"], **DECISION)
    session.add(again)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert again.people == ["ben"]


DECISION: dict[str, Any] = {
    "outcome": "block",
    "policy_version": "1",
    "register_version": 1,
    "decided_for": "2026-11-23",
}


def test_a_column_alone_reads_as_ciphertext(session, draft):
    (found,) = session.exec(select(Draft.caption)).all()
    assert isinstance(found, Ciphertext)
    assert "Zosia" not in repr(found)


@pytest.mark.parametrize(
    "statement",
    [update(Draft).values(caption=CANARY), select(Draft).where(Draft.caption == CANARY)],
    ids=["written", "compared"],
)
def test_no_statement_takes_a_plain_value(session, draft, statement):
    with pytest.raises(StatementError, match="never with a plain value"):
        session.execute(statement)


def test_rows_in_bulk_are_refused_rather_than_plain(session):
    with pytest.raises(StatementError, match="never with a plain value"):
        session.bulk_insert_mappings(Draft, [{"id": "d", "school_id": "s", "channel": "w", "caption": CANARY}])


@pytest.mark.parametrize(
    "change",
    [
        "update draft set caption = hashtags",
        "update draft set caption = (select caption from draft where id = 'other')",
        "update draft set school_id = 't'",
        "update draft set caption = 'plain'",
        "update data_key set owner_id = 'x' where owner_id = 'd'",
    ],
    ids=["another column's", "another row's", "another school", "never sealed", "another owner's key"],
)
def test_what_was_moved_or_forged_does_not_open(engine, session, draft, change):
    session.add(Draft(id="other", school_id="s", channel="Website", caption="theirs"))
    session.commit()
    session.execute(text(change))
    session.commit()
    vault_of(engine)._cache.clear()
    with Session(engine) as other, pytest.raises(VaultError):
        other.get(Draft, "d")


def test_a_value_of_one_draft_does_not_open_in_another(session, draft):
    """Also where the key is the right one: the row is bound as well."""
    session.add(Draft(id="other", school_id="s", channel="Website", caption="theirs"))
    session.commit()
    session.execute(text("update draft set caption = (select caption from draft where id = 'd') where id = 'other'"))
    session.expire_all()
    with pytest.raises(SealBroken):
        session.get_one(Draft, "other").caption  # noqa: B018


def test_without_its_data_key_a_row_is_gone_for_good(engine, session, draft):
    assert vault_of(session).destroy(session.connection(), OwnerKind.DRAFT, "d")
    session.commit()
    session.expire_all()
    with pytest.raises(Erased):
        session.get_one(Draft, "d").caption  # noqa: B018
    assert not vault_of(session).destroy(session.connection(), OwnerKind.DRAFT, "d")


def test_a_draft_that_was_erased_takes_no_more_pictures(session, draft):
    vault_of(session).destroy(session.connection(), OwnerKind.DRAFT, "d")
    session.add(DraftPicture(draft_id="d", number=1, file_name="a.jpg", sha256="", size=1))
    with pytest.raises(Erased):
        session.flush()


def test_each_draft_has_one_key_of_its_own(session, draft):
    session.add(Draft(id="other", school_id="s", channel="Website"))
    session.add(DraftPicture(draft_id="d", number=1, file_name="a.jpg", sha256="", size=1))
    session.commit()
    rows = session.connection().exec_driver_sql("select owner_kind, owner_id from data_key order by owner_id").all()
    assert rows == [("draft", "d"), ("draft", "other")]


def test_an_engine_without_a_vault_writes_nothing():
    engine = create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(School(id="s", name="Elm"))
        session.add(Draft(id="d", school_id="s", channel="Website", caption=CANARY))
        with pytest.raises(VaultError, match="without a vault"):
            session.flush()
    engine.dispose()


def test_single_values_are_sealed_for_a_school(session):
    vault, owner, place = vault_of(session), Owner(OwnerKind.SCHOOL, "s", "s"), Place("account.totp_secret", "a")
    sealed = vault.seal(session, owner, place, b"JBSWY3DP")
    assert b"JBSWY3DP" not in sealed
    assert vault.open(session, owner, place, sealed) == b"JBSWY3DP"
    for other_owner, other_place in (
        (Owner(OwnerKind.SCHOOL, "t", "s"), place),
        (Owner(OwnerKind.SCHOOL, "t", "t"), place),
        (owner, Place("account.totp_secret", "b")),
    ):
        with pytest.raises(VaultError):
            vault.open(session, other_owner, other_place, sealed)
