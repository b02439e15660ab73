"""EasyOCR finds and reads through Gatepost, also in the closed process; without its weights nothing is read."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from app import looking
from app.cli import app as cli
from app.config import Settings
from app.looking import EASYOCR_MEMORY
from tests.easyocr.conftest import GENUINE
from tests.easyocr.generated import DRAWN, SAYS, drawn
from vision import weights
from vision.errors import ModelError
from vision.findings import Box
from vision.reading.easy import EasyOcr, load_easy
from vision.sandbox import SandboxedInspector

PARTS = "tests.easyocr.parts:eyes"
SECONDS = 240.0


@pytest.fixture(scope="module")
def reader(believed: Path) -> EasyOcr:
    return load_easy(believed, threads=1)


@pytest.fixture(scope="module")
def inspector(generated: Path) -> Iterator[SandboxedInspector]:
    with SandboxedInspector(
        seconds=SECONDS,
        memory=Settings().picture_memory + EASYOCR_MEMORY,
        parts=PARTS,
        start_seconds=SECONDS,
        threads=1,
        ocr="easyocr",
        weights=generated,
    ) as opened:
        yield opened


def a_file(scale: int = 1) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(drawn())
    picture.resize((picture.width * scale, picture.height * scale)).save(out, "JPEG", quality=95)
    return out.getvalue()


def meet(box: Box, other: Box) -> bool:
    return box.left < other.right and other.left < box.right and box.top < other.bottom and other.top < box.bottom


def finds_what_is_drawn(boxes: Iterable[Box], scale: int = 1) -> bool:
    found = list(boxes)
    lines = [Box(*(side * scale for side in (box.left, box.top, box.right, box.bottom))) for box in DRAWN]
    return all(any(meet(line, box) for box in found) for line in lines)


def test_drawn_lines_are_found_and_read(reader: EasyOcr) -> None:
    read = reader.read(drawn())
    assert finds_what_is_drawn(line.box for line in read.lines)
    assert {line.text for line in read.lines} == {SAYS}
    assert all(line.score > 0.9 for line in read.lines)
    assert read.readers == ("EasyOCR",)


def test_nothing_is_found_on_an_empty_picture(reader: EasyOcr) -> None:
    assert reader.read(np.full((480, 640, 3), 255, np.uint8)).lines == ()


def test_its_version_names_both_files(reader: EasyOcr) -> None:
    craft, english = weights.EASYOCR
    assert reader.version == f"craft_mlt_25k@{craft.md5[:12]}+english_g2@{english.md5[:12]}"


@pytest.mark.parametrize("scale", [1, 3])
def test_it_reads_in_the_process_that_can_open_nothing(inspector: SandboxedInspector, scale: int) -> None:
    found = inspector.inspect(a_file(scale))
    assert found.problems == ()
    assert finds_what_is_drawn((line.box for line in found.texts), scale)
    assert found.text_search is not None
    assert found.text_search.readers == ("EasyOCR",)


@pytest.mark.parametrize("missing", ["craft_mlt_25k.pth", "english_g2.pth"])
def test_a_missing_file_is_named_with_the_way_to_get_it(believed: Path, tmp_path: Path, missing: str) -> None:
    shutil.copytree(believed, tmp_path / "weights")
    (tmp_path / "weights" / missing).unlink()
    with pytest.raises(ModelError, match=rf"{missing} is missing .*gatepost models fetch easyocr"):
        load_easy(tmp_path / "weights")


@pytest.mark.parametrize("changed", ["craft_mlt_25k.pth", "english_g2.pth"])
def test_a_changed_file_is_not_opened(believed: Path, tmp_path: Path, changed: str) -> None:
    shutil.copytree(believed, tmp_path / "weights")
    with (tmp_path / "weights" / changed).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match=rf"{changed} is damaged .*gatepost models fetch easyocr"):
        load_easy(tmp_path / "weights")


def test_weights_that_were_not_published_are_refused_where_nobody_vouches_for_them(generated: Path) -> None:
    with (
        pytest.raises(ModelError, match=r"craft_mlt_25k.pth is damaged or not the one that EasyOCR published"),
        SandboxedInspector(start_seconds=SECONDS, threads=1, ocr="easyocr", weights=generated) as opened,
    ):
        opened.versions()


def test_both_readers_look_at_eleven_megapixels_from_the_command_line(
    generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"OCR": "both", "EASYOCR_WEIGHTS": generated, "DATA": tmp_path, "PICTURE_SECONDS": SECONDS}
    for name, value in settings.items():
        monkeypatch.setenv(f"GATEPOST_{name}", str(value))
    sandboxed = partial(SandboxedInspector, parts=PARTS, start_seconds=SECONDS)
    monkeypatch.setattr(looking, "SandboxedInspector", sandboxed)
    (tmp_path / "drawn.jpg").write_bytes(a_file(6))
    done = CliRunner().invoke(cli, ["inspect", "--json", str(tmp_path / "drawn.jpg")])
    assert done.exit_code == 0, done.output
    findings = json.loads(done.stdout)
    assert findings["problems"] == []
    texts = {text for line in findings["texts"] for text in (line["text"], *line["others"])}
    assert {"Ava Lee", SAYS} <= texts
    assert findings["text_search"]["readers"] == ["PP-OCRv6", "EasyOCR"]


def test_the_command_line_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPOST_OCR", "easyocr")
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path))
    (tmp_path / "drawn.jpg").write_bytes(a_file())
    done = CliRunner().invoke(cli, ["inspect", str(tmp_path / "drawn.jpg")])
    assert done.exit_code == 2
    assert "craft_mlt_25k.pth is missing" in done.output
    assert "gatepost models fetch easyocr" in done.output


@pytest.mark.genuine
def test_published_weights_read_what_is_drawn() -> None:
    read = load_easy(Path(GENUINE), threads=1).read(drawn())
    assert {"Ava Lee", "Class 3B"} <= {line.text for line in read.lines}
