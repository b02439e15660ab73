"""`gatepost captions`: rows in, findings out, and clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.words import captions_command

REGISTER = "id,given,known_as,surname,year,class\nP1,Olivia,,Smith,Year 3,Robins\nP2,William,Will,Marsh,Year 6,Eagles\n"
SCHOOL = {
    "name": "Beckside Primary School",
    "short_names": ["Beckside"],
    "phone": "01632 960111",
    "domain": "beckside.otterby.sch.uk",
    "emails": ["office@beckside.otterby.sch.uk"],
    "classes": {"Robins": "Year 3"},
    "staff": [{"title": "Mrs", "given": "Ada", "surname": "Smith", "role": "Teacher"}],
}
app = typer.Typer()
app.command()(captions_command)


@pytest.fixture
def run(tmp_path: Path):
    def call(rows: str | bytes, register: str | bytes = REGISTER, school: str = json.dumps(SCHOOL)):
        register_path, school_path = tmp_path / "register.csv", tmp_path / "school.json"
        register_path.write_bytes(register if isinstance(register, bytes) else register.encode())
        school_path.write_text(school, encoding="utf-8")
        return CliRunner().invoke(
            app, ["--register", str(register_path), "--school", str(school_path)], input=rows, catch_exceptions=False
        )

    return call


def row(text: str, field: str = "caption", row_id: str = "1") -> str:
    return json.dumps({"id": row_id, "field": field, "text": text}, ensure_ascii=False) + "\n"


def test_each_row_is_answered_in_order(run) -> None:
    result = run(row("Well done Olivia Smith!", row_id="a") + "\n" + row("Mrs Smith read to us", row_id="b"))
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 0
    assert first["id"] == "a"
    (finding,) = first["findings"]
    assert (finding["kind"], finding["start"], finding["end"], finding["pupil"]) == ("pupil_name", 10, 22, "P1")
    assert 0 < finding["score"] <= 1
    assert "full name" in finding["why"]
    assert second == {"id": "b", "findings": []}


def test_finding_explains_itself_and_proposes_words(run) -> None:
    answer = json.loads(run(row("Well done Olivia Smith!")).stdout)
    (finding,) = answer["findings"]
    assert finding["recogniser"] == "register"
    assert finding["evidence"] == ["first name and surname"]
    assert finding["doubtful"] is False
    assert finding["replacement"] == "a Year 3 pupil"
    assert answer["rewritten"] == "Well done to a Year 3 pupil!"


def test_name_that_may_be_a_word_is_a_question(run) -> None:
    (finding,) = json.loads(run(row("Will won the cup for us")).stdout)["findings"]
    assert finding["doubtful"] is True
    assert finding["pupil"] == "P2"


def test_offsets_are_into_the_original_text(run) -> None:
    text = "🎉 О\u200bl&iacute;via S. won"
    (finding,) = json.loads(run(row(text)).stdout)["findings"]
    assert text[finding["start"] : finding["end"]] == "О\u200bl&iacute;via S"


def test_nhs_number_counts_as_medical(run) -> None:
    (finding,) = json.loads(run(row("NHS No 999 417 2069", "ocr")).stdout)["findings"]
    assert finding["kind"] == "medical"


def test_what_was_not_read_is_said(run) -> None:
    answer = json.loads(run(row("a " * 50_000)).stdout)
    assert "longer than" in answer["problems"][0]


@pytest.mark.parametrize(
    "register",
    [
        pytest.param(
            "upn,admission_number,legal_forename,legal_surname,preferred_forename,year,class,scope,decision\n"
            "P1,,Olivia,Smith,Livvy,3,Robins,website,granted\nP1,,Olivia,Smith,Livvy,3,Robins,press,refused\n",
            id="the import's header, a row for each scope",
        ),
        pytest.param(REGISTER.encode("utf-16-le")[:0] + b"\xef\xbb\xbf" + REGISTER.encode(), id="with a BOM"),
        pytest.param("Given,Surname,ID\nOlivia,Smith,P1\n", id="other order, capitals"),
        pytest.param("id,given,surname\nP1,Olivia,Smith\nP3,Zo\xeb,Fox\n".encode("cp1252"), id="Windows-1252"),
    ],
)
def test_register_may_come_in_several_shapes(run, register) -> None:
    (finding,) = json.loads(run(row("Olivia Smith"), register).stdout)["findings"]
    assert finding["pupil"] == "P1"


def test_staff_in_the_register_are_let_through(run) -> None:
    register = "id,given,surname,role\nP1,Olivia,Smith,pupil\nP2,Olivia,Crane,staff\n"
    assert json.loads(run(row("Olivia Crane retires"), register).stdout)["findings"] == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(row("fine") + "{broken\n", "line 2 is not JSON", id="no JSON"),
        pytest.param('{"id": 1}\n', 'line 1 needs "id" and "text"', id="no text"),
        pytest.param("[1, 2]\n", "line 1 needs", id="no object"),
        pytest.param(row("fine", "banner"), "the field 'banner' is unknown", id="unknown field"),
    ],
)
def test_bad_row_is_named_and_ends_with_2(run, rows: str, message: str) -> None:
    result = run(rows)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("register", "school", "message"),
    [
        pytest.param("name\nOlivia\n", json.dumps(SCHOOL), "needs the columns given and surname", id="columns"),
        pytest.param("", json.dumps(SCHOOL), "needs the columns", id="empty register"),
        pytest.param(REGISTER, "{", "is not JSON", id="broken profile"),
        pytest.param(REGISTER, "{}", "the school's name", id="profile without a name"),
    ],
)
def test_bad_file_is_explained(run, register: str, school: str, message: str) -> None:
    result = run(row("x"), register, school)
    assert result.exit_code == 2
    assert message in result.stderr


def test_missing_file_is_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--register", str(tmp_path / "no.csv"), "--school", str(tmp_path / "no.json")])
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr
