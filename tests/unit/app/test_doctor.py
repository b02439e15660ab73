"""What `gatepost doctor` says of the reader of text."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from app.cli import doctor
from app.cli.doctor import READERS, model_rows
from app.config import Settings
from vision import models
from vision.errors import ModelError

EASYOCR = {"model craft_mlt_25k", "model english_g2"}


def no_inspector(settings: Settings) -> None:
    raise ModelError("The file craft_mlt_25k.pth is missing.")


@pytest.mark.parametrize(("engine", "wanted"), [("rapidocr", set()), ("easyocr", EASYOCR), ("both", EASYOCR)], ids=str)
def test_the_weights_of_easyocr_count_where_it_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: str, wanted: set[str]
) -> None:
    monkeypatch.setattr(doctor, "open_inspector", no_inspector)
    monkeypatch.setattr(models, "status", tuple)
    rows = {row.what: row for row in model_rows(Settings.model_validate({"data": tmp_path, "ocr": engine}))}
    assert {what for what in rows if what.startswith("model ")} == wanted
    assert all(rows[what].ok is False and "gatepost models fetch easyocr" in rows[what].says for what in wanted)
    assert rows["reader of text"].says == READERS[engine]
    assert rows["looking at pictures"].ok is False


def test_every_reader_that_can_be_chosen_has_words() -> None:
    assert set(READERS) == set(get_args(Settings.model_fields["ocr"].annotation))
