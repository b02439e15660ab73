"""Codes are found in the process that looks, after it can open nothing more."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.drawn_codes import a_code, on_a_wall
from vision.images import Pixels
from vision.inspection import InspectionRequest
from vision.sandbox import SandboxedInspector
from vision.testing import fake_eyes

ROOT = Path(__file__).parents[2]


def a_file(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_every_kind_of_code_is_read_and_seen_in_the_process_that_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    unreadable = a_code("https://club.example/join", module=5)
    unreadable[95:, 95:] = 255
    pictures = [
        a_file(on_a_wall(a_code("https://club.example/join"), turned=30)),
        a_file(on_a_wall(a_code("LIB004711", "Code 39", 3), turned=30)),
        a_file(on_a_wall(a_code("Zoë", "Data Matrix"))),
        a_file(on_a_wall(a_code("Zoë", "PDF417"))),
        a_file(on_a_wall(a_code("Zoë", "Aztec"))),
        a_file(on_a_wall(unreadable)),
    ]
    with SandboxedInspector(seconds=20, parts="vision.testing:fake_eyes") as inspector:
        found = [inspector.inspect(picture) for picture in pictures]
    assert found == [fake_eyes().inspect(picture) for picture in pictures]
    texts = ["https://club.example/join", "LIB004711", "Zoë", "Zoë", "Zoë", None]
    assert [[code.text for code in each.barcodes] for each in found] == [[text] for text in texts]


def test_codes_are_only_looked_for_where_texts_are() -> None:
    picture = a_file(on_a_wall(a_code("https://club.example/join")))
    assert fake_eyes().inspect(picture, InspectionRequest(texts=False)).barcodes == ()
