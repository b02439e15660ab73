"""Without EasyOCR, or without the very weights that it published, there is no reader: never one that reads nothing."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from vision import weights
from vision.errors import ModelError
from vision.models import ModelState
from vision.reading import OcrEngine, load_reader
from vision.reading import torchvision_mend as mend
from vision.reading.easy import load_easy
from vision.sandbox import SandboxedInspector
from vision.weights import WeightsFile

CONTENT = b"numbers"
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
FILES = tuple(WeightsFile(name, "", MD5, 100) for name in ("search", "letters"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files, which count as the published ones."""
    monkeypatch.setattr(weights, "EASYOCR", FILES)
    for file in FILES:
        (tmp_path / file.file).write_bytes(CONTENT)
    return tmp_path


def test_the_published_files_are_ready(folder: Path) -> None:
    weights.verify(folder)
    assert [(each.state, each.size) for each in weights.status(folder)] == [(ModelState.READY, len(CONTENT))] * 2


@pytest.mark.parametrize("name", ["search.pth", "letters.pth"])
@pytest.mark.parametrize(
    ("content", "because"),
    [
        pytest.param(None, "is missing", id="missing"),
        pytest.param(b"Numbers", "is damaged", id="changed"),
        pytest.param(b"", "is damaged", id="empty"),
        pytest.param(CONTENT * 100, "is damaged", id="too large"),
    ],
)
def test_any_other_file_is_named_with_what_to_do(folder: Path, name: str, content: bytes | None, because: str) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name} {because}.*gatepost models fetch easyocr"):
        load_easy(folder)
    assert sum(each.state is ModelState.FAULTY for each in weights.status(folder)) == 1


def test_a_folder_in_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "search.pth").unlink()
    (folder / "search.pth").mkdir()
    with pytest.raises(ModelError, match=r"search\.pth is missing or cannot be read|search\.pth is damaged"):
        weights.verify(folder)


def test_without_the_package_there_is_no_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(ModelError, match="EasyOCR is not installed"):
        load_easy(folder)


def test_without_a_folder_there_is_no_reader() -> None:
    with pytest.raises(ModelError, match="GATEPOST_EASYOCR_WEIGHTS"):
        load_reader(engine=OcrEngine.EASYOCR)


@pytest.mark.models
@pytest.mark.parametrize("engine", ["easyocr", "both"])
def test_the_process_that_looks_does_not_start_without_weights(tmp_path: Path, engine: str) -> None:
    with (
        pytest.raises(ModelError, match=r"craft_mlt_25k\.pth is missing"),
        SandboxedInspector(threads=1, ocr=engine, weights=tmp_path) as inspector,
    ):
        inspector.versions()


class Library:
    """torch.library.Library by the book."""

    def __init__(self, declared: list[str]) -> None:
        self.define = declared.append


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    torch, library = ModuleType("torch"), ModuleType("torch.library")
    schemas: list[str] = []
    library.Library = lambda name, kind: Library(schemas)  # type: ignore[attr-defined]
    torch.library = library  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    return schemas


def importing(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> list[str]:
    """Imports of torchvision fail so, one after the other, and then no more."""
    tried: list[str] = []
    left = list(errors)

    def import_module(name: str) -> ModuleType:
        if name == "torchvision":
            tried.append(name)
            if left:
                raise left.pop(0)
        return sys.modules.get(name) or ModuleType(name)

    monkeypatch.setattr(mend, "import_module", import_module)
    return tried


def test_a_torchvision_that_loads_is_left_alone(monkeypatch: pytest.MonkeyPatch, declared: list[str]) -> None:
    tried = importing(monkeypatch)
    mend.import_torchvision()
    assert (len(tried), declared) == (1, [])


def test_the_operators_that_nobody_declared_are_declared(monkeypatch: pytest.MonkeyPatch, declared: list[str]) -> None:
    tried = importing(monkeypatch, RuntimeError("operator torchvision::nms does not exist"))
    mend.import_torchvision()
    assert len(tried) == 2
    assert [schema.split("(")[0] for schema in declared] == ["nms", "qnms"]


@pytest.mark.parametrize(
    "error", [RuntimeError("out of memory"), ImportError("no torchvision")], ids=["another error", "not there"]
)
def test_whatever_else_is_wrong_with_torchvision_is_told(
    monkeypatch: pytest.MonkeyPatch, declared: list[str], error: Exception
) -> None:
    importing(monkeypatch, error)
    with pytest.raises(type(error)):
        mend.import_torchvision()
    assert declared == []
