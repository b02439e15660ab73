"""A copy of database and data folder without the key gives nothing away, and what is erased stays erased."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from sqlmodel import select
from starlette.datastructures import UploadFile
from typer.testing import CliRunner

from app import spooling
from app.blobs import PictureStore
from app.cli import app as cli
from app.cli.doctor import key_row
from app.config import Settings
from app.db import open_engine, reading, writing
from app.drafts import original_name, released_name
from app.enrolling import enrol
from app.erasing import erase_draft, erase_face_data, erase_person_data
from app.errors import NotFound
from app.models import AuditEvent, DecisionRecord, Draft, DraftPicture, Job
from app.person_files import PersonFiles
from consent.models import Enrolment, Person
from consent.register import NewAnswer
from consent.vault.errors import VaultError
from consent.vault.keyring import KeyFile
from consent.vault.tables import FileKind
from tests.canaries import copied, forms_of_bytes, forms_of_template, forms_of_text, found_in, unsealed_copy
from tests.e2e.conftest import DECIDED_ON, PEOPLE, Site
from vision.findings import Box, Face, PictureFindings, Released
from vision.quality import FaceQuality

# -- canaries --------------------------------------------------------------------------------------------------------

NAME = "Xylanthe Quorndon"  # a pupil: plain in the register, for search, and nowhere else
CAPTION = "Zwölf Würfel: the vermilion kestrel landed"
TYPED = {"caption": f"{CAPTION} beside {NAME}", "hashtags": "#MauveHeronSighting"}
ALT = "a cerulean bandstand"
FILE_NAME = "tangerine-zeppelin.jpg"
EXIF = "Photographer Ignatius Plimsoll"
READ = "Periwinkle Sawmill Lane"
PIXELS = np.random.default_rng(4).bytes(3_000)  # in a reference photo
_drawn = np.random.default_rng(5).normal(size=128)
TEMPLATE = tuple(float(value) for value in _drawn / np.linalg.norm(_drawn))
PHOTO = Released(b"photo " + PIXELS, "image/jpeg", 100, 120, "")

CANARIES = {
    "caption": forms_of_text(CAPTION),
    "hashtags": forms_of_text(TYPED["hashtags"]),
    "alt text": forms_of_text(ALT),
    "file name": forms_of_text(FILE_NAME),
    "EXIF": forms_of_text(EXIF),
    "text in the picture": forms_of_text(READ),
    "picture": forms_of_text("picture of ben"),
    "template": forms_of_template(TEMPLATE),
    "reference photo": forms_of_bytes(PIXELS),
}
PUPIL = {"first name": forms_of_text("Xylanthe"), "family name": forms_of_text("Quorndon")}


class OneFace:
    """Sees the canary's face in whatever it is given."""

    def versions(self) -> dict[str, str]:
        from vision.models import TEMPLATE as MODEL

        return {"encoder": MODEL}

    def inspect(self, content: bytes, request: Any = None) -> PictureFindings:
        face = Face(Box(10, 10, 210, 210), 0.95, TEMPLATE, FaceQuality(200, 1.0, yaw=0.0, roll=0.0))
        return PictureFindings(width=600, height=800, format="JPEG", faces=(face,), released=PHOTO)


@pytest.fixture
def canary(site: Site) -> Person:
    """A pupil with everything there can be, and a draft that speaks of her."""
    with site.register() as register:
        person = register.add_person(
            Person(id="canary", school_id=register.school_id, given="Xylanthe", family="Quorndon", class_name="Willow")
        )
        mother = register.add_guardian(person.id, "Her mother", parental_responsibility=True)
        register.record_recognition(person.id, NewAnswer(granted=True, decided_on=DECIDED_ON, guardian_id=mother.id))
        files = PersonFiles(site.settings.people)
        done = enrol(register, OneFace(), [("x.jpg", b"x")], person, day=date(2026, 11, 1), files=files)
        assert done.ok
        files.put(register.session, person, FileKind.EVIDENCE, b"scan " + PIXELS[::-1], "image/png")
    return person


@pytest.fixture
def draft(site: Site, canary: Person) -> str:
    """A draft with every canary in it, blocked, revised with answers, and decided once more."""
    picture = f"picture of ben, stranger says {READ} credits {EXIF}".encode()
    sent = site.client.post(
        "/api/v1/drafts",
        data={"channel": "School website", "alt_texts": [ALT], **TYPED},
        files=[("pictures", (FILE_NAME, picture, "image/jpeg"))],
    )
    assert sent.status_code == 202, sent.text
    site.work()
    draft_id: str = sent.json()["id"]
    answers = [{"picture": 1, "face": 2, "is": "person", "person_id": "canary"}]
    revision = {"answers": answers, "answered_by": "R. Patel"}
    revised = site.client.post(f"/api/v1/drafts/{draft_id}/revisions", json=revision)
    assert revised.status_code == 202, revised.text
    site.work()
    return draft_id


def test_a_copy_without_the_key_gives_nothing_away(site, draft, tmp_path):
    copy = copied(site.settings, tmp_path / "copy")
    log = copy / "gatepost.db-wal"
    assert log.stat().st_size > 0
    assert not list(copy.rglob("*.key*"))
    assert found_in([copy], CANARIES) == {}


def test_the_same_search_finds_everything_where_it_is_opened(site, draft, tmp_path):
    opened = unsealed_copy(site.settings, tmp_path / "opened")
    assert found_in([opened], CANARIES).keys() == CANARIES.keys()


def test_names_stand_in_the_register_alone(site, draft, tmp_path):
    """The register is searched by name, so its people are plain; no text, decision or picture says a name again."""
    copy = copied(site.settings, tmp_path / "copy")
    with closing(sqlite3.connect(copy / "gatepost.db")) as database:  # takes in the log
        database.execute("pragma secure_delete = on")
        assert list(found_in([copy], PUPIL)) == list(PUPIL)
        database.execute("update person set given = '', family = ''")
        database.commit()
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")
    assert found_in([copy], PUPIL) == {}
    opened = unsealed_copy(site.settings, tmp_path / "opened")
    with closing(sqlite3.connect(opened / "gatepost.db")) as database:
        database.execute("update person set given = '', family = ''")
        database.commit()
        database.execute("vacuum")
    assert list(found_in([opened], PUPIL)) == list(PUPIL)


def test_nothing_tells_which_face_is_whose(site, draft):
    """Where a person's id stands beside a draft's in the clear, no face or place of one is named."""
    with closing(sqlite3.connect(site.settings.database)) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        holding = {
            table
            for table in tables
            for row in database.execute(f"select * from {table}")  # noqa: S608
            if any(b"canary" in (value if isinstance(value, bytes) else str(value).encode()) for value in row)
        }
        assert not holding & {"draft", "draft_picture", "decision", "job"}
        for (details,) in database.execute("select details from audit_event where details like '%canary%'"):
            assert "box" not in details


def test_keys_and_files_are_for_the_service_alone(site, draft):
    assert stat.S_IMODE(site.settings.key_path.stat().st_mode) == 0o400
    assert not site.settings.key_path.is_relative_to(site.settings.data)
    for folder in (site.settings.pictures, site.settings.people):
        for path in folder.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


# -- uploads on their way in -----------------------------------------------------------------------------------------


def spooled(site: Site, content: bytes) -> list[bytes]:
    """What the temporary folder holds of an upload while the form is read: also of files that have no name."""
    seen: list[bytes] = []
    original = UploadFile.seek

    async def seek(self: UploadFile, offset: int) -> None:
        await original(self, offset)
        folder = tempfile.gettempdir()
        for number in os.listdir("/proc/self/fd"):
            try:
                if os.readlink(f"/proc/self/fd/{number}").startswith(folder):
                    seen.append(os.pread(int(number), len(content) * 2, 0))
            except OSError:
                continue  # the folder's own descriptor

    with mock.patch.object(UploadFile, "seek", seek):
        site.send(content)
    return [each for each in seen if b"SQLite" not in each[:16]]


LARGE = b"picture of ben" * 300_000


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux's list of open files")
def test_a_large_upload_is_never_plain_in_the_temporary_folder(site):
    found = spooled(site, LARGE)
    assert max(map(len, found), default=0) > 3_000_000  # it is there, and it is ciphertext
    assert not any(b"picture of ben" in each for each in found)
    (draft,) = site.settings.pictures.iterdir()
    assert site.service.store.get(draft.name, original_name(1)) == LARGE


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux's list of open files")
def test_the_web_frameworks_own_spool_would_be_plain(site):
    from starlette import formparsers

    with mock.patch.object(formparsers, "SpooledTemporaryFile", tempfile.SpooledTemporaryFile):
        found = spooled(site, LARGE)
    assert any(b"picture of ben" in each for each in found)
    assert vars(formparsers)["SpooledTemporaryFile"] is spooling.SealedSpool


# -- files of people -------------------------------------------------------------------------------------------------


@pytest.fixture
def files(site: Site) -> PersonFiles:
    return PersonFiles(site.settings.people)


def test_the_reference_photo_is_kept_as_it_was_made_anew(site, canary, files):
    with reading(site.service.engine) as session:
        (photo,) = files.list(session, site.service.school_id, "canary", FileKind.REFERENCE)
        assert files.get(session, site.service.school_id, photo.id) == (photo, PHOTO.content)
        assert (photo.media_type, photo.size) == ("image/jpeg", len(PHOTO.content))
        assert photo.enrolment_id == session.exec(select(Enrolment.id).where(Enrolment.person_id == "canary")).one()
        assert len(files.list(session, site.service.school_id, "canary")) == 2
        with pytest.raises(NotFound):
            files.get(session, "another school", photo.id)


def test_a_file_is_gone_once_its_removal_is_committed(site, canary, files):
    with writing(site.service.engine) as session:
        (scan,) = files.list(session, site.service.school_id, "canary", FileKind.EVIDENCE)
        files.remove(session, site.service.school_id, scan.id)
        assert (site.settings.people / "canary" / scan.id).exists()
    assert not (site.settings.people / "canary" / scan.id).exists()
    with reading(site.service.engine) as session, pytest.raises(NotFound):
        files.get(session, site.service.school_id, scan.id)


def test_files_that_no_row_speaks_of_are_swept_away(site, canary, files):
    with writing(site.service.engine) as session:
        person = session.get_one(Person, "canary")
        files.put(session, person, FileKind.EVIDENCE, b"never committed", "image/png")
        session.rollback()
    assert len(list((site.settings.people / "canary").iterdir())) == 3
    with writing(site.service.engine) as session:
        assert files.sweep(session) == 1
    assert len(list((site.settings.people / "canary").iterdir())) == 2


@pytest.mark.parametrize("swap", ["people", "kinds"])
def test_a_file_moved_to_another_place_does_not_open(site, canary, files, swap):
    with writing(site.service.engine) as session:
        other = session.get_one(Person, "ben" if swap == "people" else "canary")
        theirs = files.put(session, other, FileKind.REFERENCE, b"theirs", "image/jpeg")
        hers = files.list(session, site.service.school_id, "canary")[0 if swap == "people" else 1]
    folder = site.settings.people
    shutil.copy(folder / theirs.person_id / theirs.id, folder / hers.person_id / hers.id)
    with reading(site.service.engine) as session, pytest.raises(VaultError):
        files.get(session, site.service.school_id, hers.id)


# -- erasure ---------------------------------------------------------------------------------------------------------


def with_todays_keys(site: Site, copy: Path) -> Settings:
    """An old copy of rows and files with the data keys and the key of today: what is left to whoever has all of it."""
    with closing(sqlite3.connect(copy / "gatepost.db")) as database:
        database.execute("attach ? as today", (str(site.settings.database),))
        database.execute("delete from data_key")
        database.execute("insert into data_key select * from today.data_key")
        database.commit()
    key = copy.with_name(f"{copy.name}.key")
    shutil.copy(site.settings.key_path, key)
    return site.settings.model_copy(update={"data": copy})


def test_an_erased_draft_opens_in_no_old_copy(site, draft, tmp_path):
    copy = copied(site.settings, tmp_path / "copy")
    before = with_todays_keys(site, copy)
    with reading(open_engine(before)) as session:
        assert CAPTION in session.get_one(Draft, draft).caption  # until it is erased
    erase_draft(site.service.engine, site.service.store, site.service.school_id, draft, actor="cli")
    old = with_todays_keys(site, copy)
    engine = open_engine(old)
    for wanted in (
        select(Draft).where(Draft.id == draft),
        select(DraftPicture).where(DraftPicture.draft_id == draft),
        select(DecisionRecord).where(DecisionRecord.draft_id == draft),
    ):
        with reading(engine) as session, pytest.raises(VaultError):
            session.execute(wanted).all()
    with pytest.raises(VaultError):
        PictureStore(old.pictures, engine).get(draft, released_name(1))


def test_of_an_erased_draft_nothing_is_left(site, draft):
    erase_draft(site.service.engine, site.service.store, site.service.school_id, draft, actor="cli")
    assert not (site.settings.pictures / draft).exists()
    with reading(site.service.engine) as session:
        for table in (DraftPicture, DecisionRecord, Job):
            assert session.exec(select(table).where(table.draft_id == draft)).all() == []
        (revision,) = session.exec(select(Draft)).all()
        assert revision.revision_of is None
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == "draft:erased")).all()
        assert (event.subject, event.details) == (draft, {"pictures": 1})
    assert site.client.get(f"/api/v1/drafts/{draft}").status_code == 404
    with pytest.raises(NotFound):
        erase_draft(site.service.engine, site.service.store, "another school", revision.id, actor="cli")


def test_a_draft_erased_while_it_is_looked_at_is_not_decided(site):
    sent = site.send(b"picture of ben")

    def erase():
        erase_draft(site.service.engine, site.service.store, site.service.school_id, sent["id"], actor="cli")

    site.inspector.before_look = erase
    site.work()
    with reading(site.service.engine) as session:
        assert session.exec(select(DecisionRecord)).all() == []
        assert session.exec(select(Draft)).all() == []
    assert not list(site.settings.pictures.rglob("*-*"))


def test_an_erased_face_opens_in_no_old_copy_and_the_answers_stay(site, canary, files, tmp_path):
    copy = copied(site.settings, tmp_path / "copy")
    assert erase_face_data(site.service.engine, files, site.service.school_id, "canary", actor="cli") == 1
    old = with_todays_keys(site, copy)
    with reading(open_engine(old)) as session:
        with pytest.raises(VaultError):
            session.exec(select(Enrolment).where(Enrolment.person_id == "canary")).all()
        (photo, scan) = PersonFiles(old.people).list(session, site.service.school_id, "canary")
        with pytest.raises(NotFound):
            PersonFiles(old.people).get(session, site.service.school_id, photo.id)
        assert PersonFiles(old.people).get(session, site.service.school_id, scan.id)[1].startswith(b"scan ")
    with site.register() as register:
        assert register.references("canary") == []
        assert register.recognition_consents("canary")
        assert len(register.references()) == len(PEOPLE)  # the others' open as before
    assert len(list((site.settings.people / "canary").iterdir())) == 1


def test_taking_back_consent_destroys_the_face_key(site, canary, files, tmp_path):
    copy = copied(site.settings, tmp_path / "copy")
    with site.register() as register:
        (yes,) = register.recognition_consents("canary")
        register.withdraw_recognition(yes.id, date(2026, 11, 20))
    with reading(open_engine(with_todays_keys(site, copy))) as session, pytest.raises(VaultError):
        session.exec(select(Enrolment).where(Enrolment.person_id == "canary")).all()
    with reading(site.service.engine) as session:
        kinds = [file.kind for file in files.list(session, site.service.school_id, "canary")]
        assert kinds == [FileKind.EVIDENCE]


def test_all_that_is_sealed_of_a_person_is_erased(site, canary, files):
    assert erase_person_data(site.service.engine, files, site.service.school_id, "canary", actor="cli") == 1
    assert not list(site.settings.people.iterdir())
    with reading(site.service.engine) as session:
        owners = session.connection().exec_driver_sql("select owner_id from data_key").scalars().all()
        assert "canary" not in owners
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == "person:erased")).all()
        assert event.details == {"templates": 1, "scans": 1}


def test_the_command_erases_a_draft_with_its_revisions(site, draft, monkeypatch):
    monkeypatch.setenv("GATEPOST_DATA", str(site.settings.data))
    assert CliRunner().invoke(cli, ["erase", "draft", draft], input="n\n").exit_code == 1
    with reading(site.service.engine) as session:
        assert len(session.exec(select(Draft)).all()) == 2
    asked = CliRunner().invoke(cli, ["erase", "draft", draft], input="y\n")
    assert "and 1 that were made from it" in asked.output
    assert asked.output.count("Erased:") == 2
    with reading(site.service.engine) as session:
        assert session.exec(select(Draft)).all() == []
    assert CliRunner().invoke(cli, ["erase", "draft", draft, "--yes"]).exit_code == 2


def test_the_command_erases_a_face_by_name(site, canary, monkeypatch):
    monkeypatch.setenv("GATEPOST_DATA", str(site.settings.data))
    done = CliRunner().invoke(cli, ["erase", "face", NAME, "--yes"])
    assert done.exit_code == 0, done.output
    assert "1 templates" in done.output
    with site.register() as register:
        assert register.references("canary") == []
    assert CliRunner().invoke(cli, ["erase", "face", "Nobody Known", "--yes"]).exit_code == 2


# -- while the key is away -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["missing", "wrong", "readable by others"])
def test_without_the_right_key_nothing_is_ready(site, state):
    site.work()
    assert site.client.get("/readyz").status_code == 200
    path = site.settings.key_path
    if state == "readable by others":
        path.chmod(0o440)
    else:
        path.unlink()
    if state == "wrong":
        KeyFile(path).make_first()
    answer = site.client.get("/readyz")
    assert answer.status_code == 503
    assert "key" in answer.json()["problems"][-1]
    with reading(site.service.engine) as session:
        row = key_row(session)
    assert row.ok is False
    refused = site.client.post("/api/v1/drafts", data={"channel": "School website", "caption": "Hello"})
    assert (refused.status_code, refused.json()["type"]) == (503, "key-missing")
    assert str(path) not in refused.text


def test_a_key_that_comes_back_is_enough(site):
    draft = site.decided(b"picture of ben")
    path = site.settings.key_path
    kept = path.read_bytes()
    path.unlink()
    assert site.client.get("/readyz").status_code == 503
    path.write_bytes(kept)
    path.chmod(0o400)
    site.work()
    assert site.client.get("/readyz").status_code == 200
    assert site.client.get(draft["pictures"][0]["released_url"]).status_code == 200


def test_a_changed_row_is_a_fault_and_never_a_pass(site):
    draft = site.decided(b"picture of ben")
    with closing(sqlite3.connect(site.settings.database)) as database:
        database.execute("update decision set people = reasons")
        database.commit()
    assert site.client.get(draft["pictures"][0]["released_url"]).status_code == 500
    assert site.client.get(f"/api/v1/drafts/{draft['id']}").status_code == 500
