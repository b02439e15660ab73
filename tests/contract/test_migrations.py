"""Models and migrations say the same, and a data folder can be made, made again, and taken back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from app.config import Settings
from app.db import MIGRATIONS, migrate, newest_migration, open_engine, reading, writing
from app.models import DecisionRecord, Draft
from consent.facts import NamingRule
from consent.models import Person
from consent.register import Register, create_school


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def engine(settings: Settings):
    migrate(settings)
    engine = open_engine(settings)
    yield engine
    engine.dispose()


def test_models_and_migrations_agree(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_constraint_has_a_name_that_fits_postgresql():
    names = [
        (table.name, str(getattr(item, "name", None) or ""))
        for table in SQLModel.metadata.tables.values()
        for item in (*table.constraints, *table.indexes)
    ]
    assert names
    assert [name for name in names if not 0 < len(name[1]) <= 63] == []


def test_migrating_again_keeps_everything(settings, engine):
    with writing(engine) as session:
        register = Register(session, create_school(session, "Wrenhollow").id)
        register.add_person(Person(school_id=register.school_id, given="Ben", family="Adeyemi"))
    migrate(settings)
    with reading(engine) as session:
        assert [person.given for person in Register(session, register.school_id).people()] == ["Ben"]


def test_migrations_can_be_taken_back_and_made_anew(settings, engine):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(settings)
    assert "person" in inspect(engine).get_table_names()


def test_a_migration_that_fails_leaves_the_database_as_it_was(settings):
    settings.data.mkdir()
    with sqlite3.connect(settings.database) as connection:
        connection.execute("create table job (id text)")  # in the way of a later migration than the first
    connection.close()
    with pytest.raises(OperationalError, match="job"):
        migrate(settings)
    engine = open_engine(settings)
    assert inspect(engine).get_table_names() == ["job"]
    engine.dispose()


@pytest.fixture
def older(settings):
    """A database of the version before, with a school, a draft and its decision in it."""
    settings.data.mkdir()
    engine = open_engine(settings)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "0003")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into school (id, name, profile, register_version, recognition) values ('s', 'Elm', '{}', 1, 'off')"
        )
        connection.exec_driver_sql(
            "insert into draft"
            " (id, school_id, channel, caption, hashtags, taken_of, status, pictures_done, received_at) values"
            " ('d', 's', 'Website', 'Ben', '', '[]', 'decided', 0, '2026-11-20')"
        )
        connection.exec_driver_sql(
            "insert into decision (id, draft_id, outcome, reasons, notices, people, versions, policy_version,"
            " register_version, decided_for, decided_at)"
            " values ('e', 'd', 'publish', '[]', '[]', '[]', '{}', '2', 1, '2026-11-20', '2026-11-20')"
        )
    yield engine
    engine.dispose()


def test_a_school_that_was_here_before_names_nobody(settings, older):
    """What the naming rule is where nobody has chosen one yet, and what older drafts say of their words: nothing."""
    migrate(settings)
    with reading(older) as session:
        assert Register(session, "s").naming() is NamingRule.NEVER
        assert Register(session, "s").released_side() == 2048
        assert session.get_one(Draft, "d").word_answers == []
        decision = session.get_one(DecisionRecord, "e")
        assert (decision.named, decision.rewritten, decision.looked_for) == ([], {}, {})
        assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_rows_that_belong_to_nothing_stop_an_upgrade(settings, older):
    with sqlite3.connect(settings.database) as connection:  # enforces nothing by itself
        connection.execute("update decision set draft_id = 'gone'")
    connection.close()
    with pytest.raises(RuntimeError, match="nothing was changed"):
        migrate(settings)
    with reading(older) as session:
        assert newest_migration(session)[0] == "0003"
