"""Nothing is taken from a model file that is missing or differs from the one that was measured."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from vision import models
from vision.errors import ModelError
from vision.models import ModelFile, ModelState, locate, status, verified_bytes, verify

CONTENT = b"weights"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelFile:
    """A model file inside a package that can be found, and that fails when it is imported."""
    package = tmp_path / "some_models"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "net.onnx").write_bytes(CONTENT)
    monkeypatch.syspath_prepend(str(tmp_path))
    return ModelFile("net", "some_models", "net.onnx", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_a_file_with_the_known_hash_is_given_without_importing_its_package(model: ModelFile) -> None:
    assert verified_bytes(model) == CONTENT
    assert "some_models" not in sys.modules


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"weightz", "damaged", id="one byte differs"),
        pytest.param(b"weight", "damaged", id="cut short"),
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(None, "missing", id="missing"),
    ],
)
def test_a_file_that_differs_is_refused_with_what_to_do(model: ModelFile, content: bytes | None, said: str) -> None:
    path = locate(model)
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    for refuse in (verified_bytes, lambda one: verify([one])):
        with pytest.raises(ModelError, match=f"{path}.*{said}.*install Gatepost again"):
            refuse(model)
    (row,) = status([model])
    assert row.state is ModelState.FAULTY
    assert said in row.because


def test_a_missing_package_is_named() -> None:
    missing = ModelFile("net", "no_such_package_at_all", "net.onnx", 1, "0" * 64)

    with pytest.raises(ModelError, match=r"no_such_package_at_all is missing: install Gatepost again"):
        verified_bytes(missing)


def test_a_folder_in_the_files_place_is_refused(model: ModelFile) -> None:
    path = locate(model)
    path.unlink()
    path.mkdir()

    with pytest.raises(ModelError):
        verified_bytes(model)


def test_every_faulty_file_has_its_own_row(model: ModelFile) -> None:
    wrong = replace(model, name="other", sha256="0" * 64)

    assert [row.state for row in status([model, wrong])] == [ModelState.READY, ModelState.FAULTY]


def test_versions_tell_two_files_of_one_name_apart() -> None:
    versions = [model.version for model in models.ALL]

    assert len(set(versions)) == len(models.ALL)
    assert models.CENTERFACE.version == "centerface@09189deaaf86"
