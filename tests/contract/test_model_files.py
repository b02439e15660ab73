"""The installed model files are the ones that were measured, and the cards in MODELS.md are about them."""

from __future__ import annotations

from pathlib import Path

import pytest

import vision
from vision import models
from vision.models import ModelFile, ModelState

CARDS = (Path(vision.__file__).parent / "MODELS.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.models


def test_every_installed_file_is_ready() -> None:
    assert [(row.name, row.because) for row in models.status() if row.state is not ModelState.READY] == []


@pytest.mark.parametrize("model", models.ALL, ids=lambda model: model.name)
def test_the_manifest_states_the_size(model: ModelFile) -> None:
    assert models.locate(model).stat().st_size == model.size


@pytest.mark.parametrize("model", models.ALL, ids=lambda model: model.name)
def test_every_file_has_its_card(model: ModelFile) -> None:
    assert model.sha256 in CARDS
    assert f"`{model.path}`" in CARDS
