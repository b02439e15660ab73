"""A data folder of the version before sealing is sealed when it is opened: rows, pictures, and their traces."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlmodel import select

from app.blobs import PictureStore
from app.config import Settings
from app.db import MIGRATIONS, migrate, open_engine, reading
from app.models import DecisionRecord, Draft, DraftPicture
from app.serving import environment
from consent.models import Enrolment
from consent.vault.errors import KeyUnavailable, VaultError
from consent.vault.vault import vault_of

CANARY = "Zosia Nowak"
TEMPLATE = bytes(range(256)) * 2
PICTURE = b"\xff\xd8 picture of " + CANARY.encode() * 50
REASONS = json.dumps([{"because": f"'{CANARY}' is a pupil's name."}])
ANSWERS = json.dumps([{"by": CANARY}])
DRAFTS = ("d1", "d2", "d3")

# What else the rows of migration 0005 must have.
SCHOOL = {"profile": "{}", "register_version": 1, "recognition": "off", "naming": "never", "released_side": 2048}
PERSON = {
    "role": "pupil",
    **dict.fromkeys(("known_as", "other_names", "title", "year", "class_name"), ""),
    "never_publish": 0,
}
ENROLMENT = {"model_id": "m", "quality": 1, "taken_on": "2026-09-01", "checked_by": "", "enrolled_at": "2026-09-01"}
DRAFT = {"channel": "Website", "taken_of": "[]", "status": "decided", "pictures_done": 1, "received_at": "2026-11-20"}
DRAFT_PICTURE = {"number": 1, "sha256": "", "size": 1, "covers": "[]", "answers": "[]", "findings": "null"}
DECISION = {
    "outcome": "block",
    "notices": "[]",
    "people": '["p"]',
    "named": "[]",
    "rewritten": "{}",
    "looked_for": "{}",
    "versions": "{}",
    "policy_version": "2",
    "register_version": 1,
    "decided_for": "2026-11-20",
    "decided_at": "2026-11-20",
}


def inserted(connection: Connection, table: str, values: dict[str, Any]) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"insert into {table} ({names}) values ({marks})"), values)  # noqa: S608


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def older(settings: Settings) -> Settings:
    """A data folder as migration 0005 left it, with everything in the clear."""
    settings.data.mkdir()
    engine = open_engine(settings)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "0005")
    with engine.begin() as connection:
        put = partial(inserted, connection)
        put("school", {**SCHOOL, "id": "s", "name": "Elm"})
        put("person", {**PERSON, "id": "p", "school_id": "s", "given": "Zosia", "family": "Nowak"})
        put("enrolment", {**ENROLMENT, "id": "e", "school_id": "s", "person_id": "p", "template": TEMPLATE})
        for draft in DRAFTS:
            words = {"caption": f"{CANARY} jumps", "hashtags": f"#{CANARY}", "word_answers": ANSWERS}
            put("draft", {**DRAFT, "id": draft, "school_id": "s", **words})
            named = {"file_name": f"{CANARY}.jpg", "alt_text": CANARY}
            put("draft_picture", {**DRAFT_PICTURE, "id": f"{draft}p", "draft_id": draft, **named})
            put("decision", {**DECISION, "id": f"{draft}e", "draft_id": draft, "reasons": REASONS})
    for draft in DRAFTS:
        folder = settings.pictures / draft
        folder.mkdir(parents=True)
        (folder / "1-original").write_bytes(PICTURE)
        (folder / "1-released").write_bytes(PICTURE)
        (folder / ".2-original.part").write_bytes(PICTURE[:20])
    (settings.pictures / "orphan").mkdir()
    (settings.pictures / "orphan" / "1-original").write_bytes(PICTURE)
    engine.dispose()
    return settings


def plain_files(settings: Settings) -> list[str]:
    """The files of the data folder in which something plain is found."""
    return sorted(
        path.name
        for path in settings.data.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in (CANARY.encode(), TEMPLATE[:64]))
    )


def check_opens(settings: Settings) -> None:
    engine = open_engine(settings)
    store = PictureStore(settings.pictures, engine)
    with reading(engine) as session:
        for draft in session.exec(select(Draft)).all():
            assert (draft.caption, draft.hashtags) == (f"{CANARY} jumps", f"#{CANARY}")
            assert draft.word_answers == [{"by": CANARY}]
            assert store.get(draft.id, "1-original") == store.get(draft.id, "1-released") == PICTURE
        picture = session.get_one(DraftPicture, "d1p")
        assert (picture.file_name, picture.alt_text, picture.answers) == (f"{CANARY}.jpg", CANARY, [])
        assert picture.findings is None
        decision = session.get_one(DecisionRecord, "d1e")
        assert (decision.reasons, decision.people, decision.rewritten) == (json.loads(REASONS), ["p"], {})
        assert session.get_one(Enrolment, "e").template == TEMPLATE
    engine.dispose()


def test_the_older_folder_was_plain(older):
    assert {"gatepost.db", "1-original", "1-released"} <= set(plain_files(older))


def test_everything_is_sealed_and_opens(older):
    assert migrate(older)  # made a key
    assert plain_files(older) == []
    check_opens(older)
    assert not list(older.pictures.rglob("*.part"))
    assert not (older.pictures / "orphan" / "1-original").exists()
    assert not migrate(older)


def test_sealing_killed_between_two_pictures_goes_on(older, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "from app.config import Settings; from app.db import migrate; migrate(Settings())"],
        env={**environment(older), "GATEPOST_FAULT_AT": f"file-sealed:{tmp_path / 'marker'}"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert plain_files(older).count("1-original") == len(DRAFTS)  # and the orphan, and less the one that was sealed
    migrate(older)
    assert plain_files(older) == []
    check_opens(older)


def test_a_migration_without_its_key_changes_nothing(older):
    """The key file may be read by others: nothing is sealed under it, and everything stays as it was."""
    older.key_path.write_text("")
    older.key_path.chmod(0o444)
    with pytest.raises(KeyUnavailable, match="may be read by others"):
        migrate(older)
    older.key_path.unlink()
    migrate(older)
    check_opens(older)


def test_another_process_that_reads_meanwhile_is_named(older):
    engine = open_engine(older)
    with engine.connect() as connection:
        migrated = open_engine(older)
        connection.exec_driver_sql("select * from draft").all()
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = migrated
        command.upgrade(config, "head")
        with pytest.raises(VaultError, match="another process reads it"):
            migrate(older)
    engine.dispose()
    migrate(older)
    assert plain_files(older) == []


def test_a_plain_file_is_never_taken_for_a_sealed_one(older):
    migrate(older)
    engine = open_engine(older)
    (older.pictures / "d1" / "1-original").write_bytes(PICTURE)
    with pytest.raises(VaultError, match="not what was sealed"):
        PictureStore(older.pictures, engine).get("d1", "1-original")
    engine.dispose()


def test_what_is_sealed_is_not_taken_back(older):
    migrate(older)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = open_engine(older)
    with pytest.raises(RuntimeError, match="restore a copy"):
        command.downgrade(config, "0005")
    check_opens(older)


def test_each_owner_got_one_key(older):
    migrate(older)
    engine = open_engine(older)
    with reading(engine) as session:
        found = session.connection().exec_driver_sql("select owner_kind, owner_id from data_key order by 1, 2").all()
        assert found == [*(("draft", draft) for draft in DRAFTS), ("face", "p")]
        vault_of(session).check(session.connection())
    engine.dispose()
