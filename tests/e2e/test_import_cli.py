"""The register from the command line: import and enrol, on a real data folder."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import app.cli.register as cli
from app.checking import Looker
from app.config import Settings
from app.db import open_engine, reading, writing
from consent.facts import Scope, Standing, judge, today
from consent.register import MODEL_ID, Register, the_school
from consent.rows import REQUIRED
from tests.schools import allow_recognition
from vision.findings import Box, Face, PictureFindings, ProblemCode
from vision.quality import FaceQuality

GOOD = FaceQuality(300, sharpness=1.0, yaw=0.0, roll=0.0)

BEN = {
    "upn": "P207000016049",
    "legal_forename": "Ben",
    "legal_surname": "Adeyemi",
    "class": "Oak",
    "scope": "website",
    "decision": "granted",
    "decided_by": "Grace Adeyemi",
    "relationship": "mother",
    "has_pr": "yes",
    "decided_on": "2026-09-01",
}
ZOE = BEN | {"upn": "B801200005001", "admission_number": "0042", "legal_forename": "Zoë", "legal_surname": "Lin"}


def template(axis):
    return tuple(1.0 if at == axis else 0.0 for at in range(128))


class ScriptedEyes:
    """A photo is a line of text: the numbers of the faces in it; anything else is unreadable."""

    def __init__(self):
        self.looked_at = 0

    def inspect(self, content, request=None):
        self.looked_at += 1
        try:
            faces = [int(word) for word in content.decode().split()]
        except ValueError:
            return PictureFindings.not_looked_at(ProblemCode.UNREADABLE, "This file is no picture.")
        found = tuple(Face(Box(0, 0, 300, 300), 0.9, template(face), GOOD) for face in faces)
        return PictureFindings(width=300, height=300, format="JPEG", faces=found)

    def versions(self):
        return {"detector": "scripted", "encoder": MODEL_ID, "reader": "scripted"}


@pytest.fixture
def eyes(monkeypatch):
    eyes = ScriptedEyes()

    @contextmanager
    def open_looker(settings):
        yield Looker(eyes)

    monkeypatch.setattr(cli, "open_looker", open_looker)
    return eyes


@pytest.fixture
def data(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def run(data: Path):
    commands = typer.Typer()
    commands.command("import")(cli.import_command)
    commands.command("enrol")(cli.enrol_command)
    return lambda *words: CliRunner().invoke(commands, [str(word) for word in words])


@pytest.fixture
def save(tmp_path: Path):
    def save(*rows, encoding="utf-8", delimiter=",", name="register.csv"):
        written = io.StringIO()
        writer = csv.DictWriter(written, REQUIRED, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_bytes(written.getvalue().encode(encoding))
        return path

    return save


@contextmanager
def the_register():
    with reading(open_engine(Settings())) as session:
        school = the_school(session)
        assert school is not None
        yield Register(session, school.id)


def names():
    with the_register() as register:
        return [person.full_name for person in register.people()]


# --- import ----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_does_nothing(run, save):
    found = run("import", save(BEN, ZOE | {"decision": ""}))
    assert found.exit_code == 0
    assert "line     2  new        Ben Adeyemi  website: granted by Grace Adeyemi on 1 September 2026" in found.stdout
    assert "line     3  doubtful   Zoë Lin" in found.stdout
    assert "1 new, 0 changed, 0 unchanged, 1 doubtful, 0 error (UTF-8)" in found.stdout
    assert "This was a dry run: nothing was changed." in found.stdout
    with reading(open_engine(Settings())) as session:
        assert the_school(session) is None


def test_applied_it_is_recorded_and_a_second_time_nothing_changes(run, save):
    path = save(BEN, ZOE)
    assert "Recorded." in run("import", path, "--apply", "--school", "Wrenhollow Primary").stdout
    with the_register() as register:
        version = register.version()
        assert register.school().name == "Wrenhollow Primary"
        assert (
            judge(register.facts_of(register.find_person("Ben Adeyemi").id), Scope.WEBSITE, today()) is Standing.GIVEN
        )
    again = run("import", path, "--apply")
    assert again.exit_code == 0
    assert "The register holds all of this already." in again.stdout
    with the_register() as register:
        assert register.version() == version
    assert "There is nothing to change." in run("import", path).stdout


def test_one_error_and_nothing_is_recorded(run, save):
    run("import", save(BEN), "--apply")
    found = run("import", save(ZOE, BEN | {"scope": "billboard"}), "--apply")
    assert found.exit_code == 2
    assert "The scope 'billboard' is not known." in found.stdout
    assert "Nothing was changed." in found.stdout
    assert names() == ["Ben Adeyemi"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("cp1252", ";"), ("utf-8-sig", ","), ("utf-8", "\t")], ids=["excel", "bom", "tabs"]
)
def test_files_as_schools_save_them(run, save, encoding, delimiter):
    assert run("import", save(ZOE, encoding=encoding, delimiter=delimiter), "--apply").exit_code == 0
    assert names() == ["Zoë Lin"]


def test_two_pupils_of_one_name_are_refused_with_both_lines(run, save):
    found = run("import", save(BEN | {"upn": ""}, BEN | {"upn": "", "class": "Elm"}), "--apply")
    assert found.exit_code == 2
    assert "line     3  error" in found.stdout
    assert "on line 2 may be the same person or another of the same name" in found.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "The file is empty.", id="no bytes"),
        pytest.param(
            b"upn,legal_forename\nX,Ben\n", "columns are missing: admission_number, legal_surname", id="columns"
        ),
        pytest.param(b"upn\0", "NUL", id="nul"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(run, tmp_path, content, says):
    (tmp_path / "bad.csv").write_bytes(content)
    found = run("import", tmp_path / "bad.csv", "--apply")
    assert found.exit_code == 2
    assert says in found.stderr
    assert "Traceback" not in found.output


def test_a_file_that_is_not_there(run, tmp_path):
    found = run("import", tmp_path / "nowhere.csv")
    assert found.exit_code == 2
    assert "nowhere.csv: No such file" in found.stderr


def test_a_huge_file_is_refused_unread(run, save, monkeypatch):
    monkeypatch.setattr(cli, "MAX_BYTES", 100)
    assert "larger than" in run("import", save(BEN)).stderr


def test_another_schools_name_is_refused(run, save):
    run("import", save(BEN), "--apply", "--school", "Wrenhollow")
    found = run("import", save(ZOE), "--apply", "--school", "Elmfield")
    assert (found.exit_code, "This data folder is of Wrenhollow, not of Elmfield." in found.stderr) == (2, True)
    assert names() == ["Ben Adeyemi"]


def test_the_report_as_json(run, save):
    path = save(BEN)
    found = json.loads(run("import", path, "--apply", "--json").stdout)
    assert (found["file"], found["applied"], found["counts"]["new"]) == (str(path), True, 1)
    assert found["lines"][0]["who"] == "Ben Adeyemi"


# --- enrol -----------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(run, save, eyes):
    recognition = {"scope": "recognition"}
    assert run("import", save(BEN | recognition, ZOE | recognition, ZOE | {"legal_forename": "May", "upn": "",
               "admission_number": "0043"}), "--apply").exit_code == 0  # fmt: skip
    with writing(open_engine(Settings())) as session:
        school = the_school(session)
        assert school is not None
        allow_recognition(Register(session, school.id))


@pytest.fixture
def photos(tmp_path: Path):
    def photos(**files):
        folder = tmp_path / "photos"
        for name, content in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".jpg").write_text(content)
        return folder

    return photos


def references():
    with the_register() as register:
        return {person.full_name: len(register.references(person.id)) for person in register.people()}


def test_a_person_is_enrolled(run, imported, photos):
    folder = photos(a="1", b="1 2", c="no picture")
    found = run("enrol", "Ben Adeyemi", folder / "a.jpg", folder / "b.jpg", folder / "c.jpg")
    assert found.exit_code == 2
    assert "Ben Adeyemi: Ben Adeyemi, 1 reference photos on record." in found.stdout
    assert "a.jpg: kept." in found.stdout
    assert "b.jpg: refused. There are 2 faces in this photo." in found.stdout
    assert "c.jpg: refused. This file is no picture." in found.stdout
    assert references()["Ben Adeyemi"] == 1


def test_good_photos_alone_end_well(run, imported, photos):
    found = run("enrol", "P207000016049", photos(a="1"), "--json")
    assert found.exit_code == 0
    (report,) = json.loads(found.stdout)
    assert (report["given"], report["name"], report["ok"], report["references"]) == (
        "P207000016049",
        "Ben Adeyemi",
        True,
        1,
    )


def test_without_consent_to_recognition_nothing_is_looked_at(run, imported, photos, eyes):
    found = run("enrol", "May Lin", photos(a="1"))
    assert found.exit_code == 2
    assert "no recorded consent to face recognition" in found.stdout
    assert eyes.looked_at == 0
    assert references()["May Lin"] == 0


def test_a_folder_of_everybody(run, imported, photos):
    folder = photos(
        **{
            "P207000016049__front": "1",
            "P207000016049__side": "1",
            "0042": "2",
            "0042-2": "2",
            "0043": "3",
            "0099": "4",
        }
    )
    (folder / "P207000016049" / "Thumbs.db").write_text("no picture")
    (folder / ".DS_Store").write_text("no picture")
    found = run("enrol", folder)
    assert found.exit_code == 2
    # The same scripted face twice is one template.
    assert references() == {"Ben Adeyemi": 1, "Zoë Lin": 1, "May Lin": 0}
    assert "0042: Zoë Lin" in found.stdout
    assert "0043: refused. May Lin is not enrolled" in found.stdout
    assert "0099: refused. Nobody in the register has the UPN or admission number 0099." in found.stdout


def test_a_look_alike_is_held(run, imported, photos):
    folder = photos(P207000016049="1", **{"0042": "1"})
    found = run("enrol", folder)
    assert found.exit_code == 2
    assert "Held:" in found.stdout
    assert sorted(references().values()) == [0, 0, 1]
    assert run("enrol", folder, "--checked-by", "Mr Pryce").exit_code == 0
    assert sorted(references().values()) == [0, 1, 1]


def test_the_lock_is_free_while_photos_are_looked_at(run, imported, photos, eyes):
    looks = eyes.inspect

    def inspect(content, request=None):
        with writing(open_engine(Settings())) as session:
            Register(session, school_id).update_person(zoe.id, year="Year 5")
        return looks(content, request)

    with the_register() as register:
        school_id, zoe = register.school_id, register.find_person("Zoë Lin")
    eyes.inspect = inspect
    assert run("enrol", "Ben Adeyemi", photos(a="1")).exit_code == 0


def test_consent_withdrawn_while_photos_are_looked_at_keeps_nothing(run, imported, photos, eyes):
    looks = eyes.inspect

    def inspect(content, request=None):
        with writing(open_engine(Settings())) as session:
            register = Register(session, school_id)
            ben = register.find_person("Ben Adeyemi")
            register.withdraw_recognition(register.recognition_consents(ben.id)[0].id, date(2026, 10, 1))
        return looks(content, request)

    with the_register() as register:
        school_id = register.school_id
    eyes.inspect = inspect
    found = run("enrol", "Ben Adeyemi", photos(a="1"))
    assert (found.exit_code, "was withdrawn" in found.stdout) == (2, True)
    assert references()["Ben Adeyemi"] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("Nobody Here", "a.jpg"), "Nobody in the register has this name", id="nobody"),
        pytest.param(("a.jpg",), "a.jpg is not a folder", id="a photo of whom"),
        pytest.param(("{empty}",), "no photo and no sub-folder", id="empty folder"),
    ],
)
def test_what_cannot_be_enrolled_says_why(run, imported, tmp_path, words, says):
    (tmp_path / "empty").mkdir()
    found = run("enrol", *(word.replace("{empty}", str(tmp_path / "empty")) for word in words))
    assert (found.exit_code, says in found.stderr) == (2, True)


def test_a_photo_that_is_missing_or_too_large_is_refused_alone(run, imported, photos, monkeypatch):
    monkeypatch.setenv("GATEPOST_MAX_PICTURE_BYTES", "5")
    folder = photos(good="1", large="1 1 1 1 1 1")
    found = run("enrol", "Ben Adeyemi", folder / "good.jpg", folder / "large.jpg", folder / "gone.jpg")
    assert "large.jpg: refused. The file is larger than" in found.stdout
    assert "gone.jpg: refused. No such file" in found.stdout
    assert references()["Ben Adeyemi"] == 1


def test_enrolling_before_the_first_import(run, eyes, photos):
    found = run("enrol", "Ben Adeyemi", photos(a="1"))
    assert (found.exit_code, "import it first" in found.stderr) == (2, True)
