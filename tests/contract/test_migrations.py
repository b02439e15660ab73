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

import app.models  # noqa: F401  puts its tables into the metadata, beside the register's
from app.config import Settings
from app.db import MIGRATIONS, migrate, open_engine, reading, writing
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
