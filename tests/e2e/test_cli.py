"""The command line as a school technician uses it: a fresh data folder, scripted pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.checking import Looker
from app.cli import app
from app.config import Settings
from app.db import writing
from app.main import open_service
from tests.e2e.conftest import ScriptedInspector, fill_register

run = CliRunner().invoke
SCHOOL = {
    "name": "Wren Primary",
    "domain": "wren.sch.uk",
    "channels": [{"name": "School website", "scope": "website", "official_email": "office@wren.sch.uk"}],
}


@contextmanager
def scripted(_settings: Settings) -> Iterator[Looker]:
    yield Looker(ScriptedInspector())


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("app.cli.looking.open_looker", scripted)
    return tmp_path / "data"


@pytest.fixture
def school(data: Path) -> Path:
    """A data folder with three pupils and two accounts in it."""
    service = open_service(Settings())
    with writing(service.engine) as session:
        fill_register(session)
    return data


def a_picture(tmp_path: Path, script: str, name: str = "IMG_1.jpg") -> str:
    path = tmp_path / name
    path.write_bytes(script.encode())
    return str(path)


def test_check_publishes_and_writes_the_safe_files(school: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    picture = a_picture(tmp_path, "picture of ben")
    result = run(app, ["check", picture, "--channel", "School website", "--caption", "A fine day", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "PUBLISH" in result.output
    assert [path.name for path in out.iterdir()] == ["picture-1.jpg"]
    assert (out / "picture-1.jpg").read_bytes().startswith(b"safe picture")


def test_check_blocks_with_every_reason_and_writes_nothing(school: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    picture = a_picture(tmp_path, "picture of stranger")
    options = ["--channel", "Club page", "--caption", "Well done Amara Okafor", "--out", str(out)]
    result = run(app, ["check", picture, *options])
    assert result.exit_code == 1
    for code in ("face-not-identified (picture 1, face 1)", "pupil-named (caption)", "channel-not-approved (channel)"):
        assert code in result.output
    assert "safe wording (caption): Well done" in result.output
    assert list(out.iterdir()) == []


def test_check_prints_the_draft_as_the_api_does(school: Path, tmp_path: Path) -> None:
    picture = a_picture(tmp_path, "picture of stranger")
    result = run(app, ["check", picture, "--channel", "School website", "--json"])
    draft = json.loads(result.stdout)
    assert draft["decision"]["outcome"] == "block"
    assert draft["decision"]["reasons"][0]["where"] == {"picture": 1, "face": 1, "box": [0, 0, 10, 10]}


def test_check_does_not_finish_a_picture_that_breaks_the_check(school: Path, tmp_path: Path) -> None:
    result = run(app, ["check", a_picture(tmp_path, "picture fails"), "--channel", "School website"])
    assert result.exit_code == 2
    assert "nothing may be published" in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param([], "no picture and no caption", id="nothing"),
        pytest.param(["no-such.jpg", "--channel", "x"], "no-such.jpg: No such file", id="no-such-file"),
        pytest.param(["--caption", "Hello"], "account to post to is missing", id="no-channel"),
        pytest.param(["--caption", "x", "--alt-text", "y", "--channel", "z"], "1 alt texts for 0", id="alt-text"),
    ],
)
def test_check_says_what_is_wrong_with_its_arguments(school: Path, words: list[str], says: str) -> None:
    result = run(app, ["check", *words])
    assert result.exit_code == 2
    assert says in result.output


def test_check_never_writes_over_files(school: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "picture-1.jpg").write_bytes(b"somebody's")
    picture = a_picture(tmp_path, "picture of ben")
    result = run(app, ["check", picture, "--channel", "School website", "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "is not empty" in result.output
    assert (tmp_path / "out" / "picture-1.jpg").read_bytes() == b"somebody's"


def test_check_with_an_empty_register_says_what_to_do(data: Path) -> None:
    result = run(app, ["check", "--caption", "Hello", "--channel", "x"])
    assert result.exit_code == 2
    assert "Import it first" in result.output


def test_inspect_prints_one_object_for_each_picture(data: Path, tmp_path: Path) -> None:
    pictures = [a_picture(tmp_path, "picture of ben says HALL"), a_picture(tmp_path, "broken", "b.jpg")]
    result = run(app, ["inspect", *pictures, "--json"])
    assert result.exit_code == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first == {
        "file": pictures[0],
        "width": 100,
        "height": 60,
        "format": "JPEG",
        "faces": [{"box": [0, 0, 10, 10], "detection_score": 0.9, "doubtful": False, "quality": None}],
        "texts": [{"box": [0, 40, 60, 50], "text": "HALL", "score": 0.9}],
        "codes": [],
        "text_search": {"readers": ["scripted"], "closer": 0, "again": 0, "unread": []},
        "metadata": [],
        "hidden": [],
        "problems": [],
    }
    assert second["problems"][0]["code"] == "unreadable"


def test_inspect_says_in_words_what_is_hidden_and_what_could_not_be_read(data: Path, tmp_path: Path) -> None:
    script = "picture of ben says Oliva or Olivia unread hides Ben Marsh"
    result = run(app, ["inspect", a_picture(tmp_path, script)])
    assert result.exit_code == 0, result.output
    assert "text at [0, 40, 60, 50]: Oliva, or: Olivia" in result.stdout
    assert "text was looked for by scripted, in 0 places closer, 0 lines twice" in result.stdout
    assert "writing that could not be read at [60, 20, 90, 30]" in result.stdout
    assert "hidden, thumbnail, EXIF thumbnail: faces 1; text: Ben Marsh" in result.stdout


def test_inspect_goes_on_after_a_file_it_cannot_open(data: Path, tmp_path: Path) -> None:
    result = run(app, ["inspect", str(tmp_path / "none.jpg"), a_picture(tmp_path, "picture"), "--json"])
    assert result.exit_code == 2
    assert "No such file" in result.output
    assert '"width": 100' in result.output


def test_school_is_tried_then_applied_then_unchanged(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "school.json"
    file.write_text(json.dumps(SCHOOL), encoding="utf-8")
    dry = run(app, ["school", str(file)])
    assert "New account: School website" in dry.output
    assert "dry run" in dry.output
    assert "New account" in run(app, ["school", str(file), "--apply"]).output
    assert "Nothing to change" in run(app, ["school", str(file), "--apply"]).output
    suspended = {**SCHOOL["channels"][0], "suspended_on": "2026-11-01"}  # type: ignore[dict-item]
    file.write_text(json.dumps({**SCHOOL, "channels": [suspended]}), encoding="utf-8")
    assert "School website changes: suspended_on" in run(app, ["school", str(file), "--apply"]).output


def test_school_refuses_a_file_it_does_not_understand(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "school.json"
    file.write_text("{}", encoding="utf-8")
    result = run(app, ["school", str(file), "--apply"])
    assert result.exit_code == 2
    assert "school's `name`" in result.output


def test_serve_refuses_to_be_reached_by_others(data: Path) -> None:
    result = run(app, ["serve", "--host", "0.0.0.0"])  # noqa: S104  refused, which is the point
    assert result.exit_code == 2
    assert "GATEPOST_PUBLIC_URL" in result.output
    assert not (data / "gatepost.db").exists()


@pytest.mark.models
def test_doctor_says_what_is_missing_and_what_is_loaded(data: Path) -> None:
    result = run(app, ["doctor", "--json"])
    rows = {row["what"]: row for row in json.loads(result.stdout)}
    assert result.exit_code == 2
    assert rows["data folder"]["ok"] is False
    assert rows["loaded detector"]["ok"] is True
    assert all(row["ok"] for what, row in rows.items() if what.startswith("model "))
    assert rows["encoder runs on"]["says"] == "onnxruntime"


def test_doctor_tests_the_schools_own_references(school: Path) -> None:
    result = run(app, ["doctor", "--faces", "--json"])
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["recognition"], found["enrolled"], found["references"]) == ("on", 3, 3)
    assert [row["name"] for row in found["few_references"]] == ["Amara Okafor", "Ben Marsh", "Zosia Nowak"]
    told = run(app, ["doctor", "--faces"])
    assert told.exit_code == 0
    assert "Fewer than 3 references: enrol more photos (3)" in told.output


def test_doctor_has_no_references_to_test_without_a_register(data: Path) -> None:
    result = run(app, ["doctor", "--faces"])
    assert result.exit_code == 2
    assert "gatepost import" in result.output


def test_every_command_has_help() -> None:
    for command in app.registered_commands:
        result = run(app, [str(command.name), "--help"])
        assert result.exit_code == 0
        assert "Usage" in result.output
