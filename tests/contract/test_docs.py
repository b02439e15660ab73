"""README says what the code does: settings, reason codes, commands."""

from __future__ import annotations

import re
from pathlib import Path

from app.access import as_markdown
from app.cli import app as cli
from app.config import Settings
from app.reasons import Code

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_every_reason_code_is_explained() -> None:
    assert [row[0].strip("`") for row in rows("What it answers")] == [code.value for code in Code]


def test_every_setting_is_listed_with_its_default() -> None:
    home = str(Path.home())
    wanted = [
        [f"`GATEPOST_{name.upper()}`", f"`{str(field.default).replace(home, '~')}`", field.description]
        for name, field in Settings.model_fields.items()
    ]
    assert rows("Settings") == wanted


def test_every_command_that_readme_names_exists() -> None:
    named = set(re.findall(r"\.venv/bin/gatepost ([a-z]+)", README))
    known = {command.name for command in cli.registered_commands}
    assert named
    assert named <= known


def test_readme_ends_up_without_placeholders() -> None:
    assert "@@" not in README


def test_who_may_what_stands_in_the_readme_as_it_is_in_force() -> None:
    assert as_markdown() in README
