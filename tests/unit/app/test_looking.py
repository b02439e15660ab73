"""What looks, and what a decision says about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app import looking
from app.checking import Looker
from app.config import Settings
from app.looking import open_inspector, open_looker, open_tagger
from captions.tagger import TaggerError
from captions.testing import FakePersonTagger
from vision.errors import ModelError


class Pictures:
    def versions(self) -> dict[str, str]:
        return {"detector": "1"}


def broken(_open_session: object) -> None:
    raise TaggerError("the name tagger's file is damaged")


def test_decision_names_the_tagger_that_read_for_it() -> None:
    looker = Looker(Pictures(), FakePersonTagger(()), "abc")  # type: ignore[arg-type]
    assert looker.versions() == {"detector": "1", "names": "abc"}


def test_decision_without_a_tagger_names_none() -> None:
    assert Looker(Pictures()).versions() == {"detector": "1"}  # type: ignore[arg-type]


def test_nothing_is_looked_at_without_the_tagger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(looking, "load_tagger", broken)
    with pytest.raises(ModelError, match=r"The name tagger's file is damaged\."):
        open_tagger()
    with pytest.raises(ModelError), open_looker(Settings(data=tmp_path)):
        pytest.fail("pictures would be looked at, and names not")


@pytest.mark.parametrize(
    ("chosen", "given"),
    [
        pytest.param({}, {"ocr": "rapidocr", "weights": None, "memory": 3_000_000_000}, id="rapidocr needs no weights"),
        pytest.param(
            {"ocr": "both"},
            {"ocr": "both", "weights": Path("data/models/easyocr"), "memory": 5_500_000_000},
            id="in the data folder",
        ),
        pytest.param(
            {"ocr": "easyocr", "easyocr_weights": "w"}, {"ocr": "easyocr", "weights": Path("w")}, id="elsewhere"
        ),
    ],
)
def test_the_chosen_reader_goes_to_the_process_that_looks(
    monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], given: dict[str, object]
) -> None:
    monkeypatch.setattr(looking, "SandboxedInspector", lambda **options: options)
    options: Any = open_inspector(Settings.model_validate({"data": "data", **chosen}))
    assert {name: options[name] for name in given} == given


def test_a_reader_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="rapidocr"):
        Settings.model_validate({"ocr": "tesseract"})
