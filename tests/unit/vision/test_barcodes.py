"""Codes in a picture are read however they stand; one that cannot be read is told; what is no code is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.drawn_codes import a_code, on_a_wall
from vision.barcodes import find_barcodes
from vision.errors import BarcodeError
from vision.findings import Barcode, Box
from vision.images import Pixels
from vision.redaction import cover

LINK = "https://club.example/join"
KINDS = [
    pytest.param("QR Code", LINK, id="qr"),
    pytest.param("EAN-13", "5012345678900", id="ean-13"),
    pytest.param("EAN-8", "96385074", id="ean-8"),
    pytest.param("Code 128", "PUPIL-004711", id="code-128"),
    pytest.param("Code 39", "LIB004711", id="code-39"),
    pytest.param("ITF", "00471100", id="itf"),
    pytest.param("Codabar", "A40156B", id="codabar"),
    pytest.param("Data Matrix", LINK, id="data-matrix"),
    pytest.param("Aztec", LINK, id="aztec"),
    pytest.param("PDF417", LINK, id="pdf417"),
]


def told(pixels: Pixels) -> list[str | None]:
    return [code.text for code in find_barcodes(pixels)]


@pytest.mark.parametrize("turned", [0, 90, 180, 33, 124])
@pytest.mark.parametrize(("symbology", "text"), KINDS)
def test_a_code_is_read_at_any_angle(symbology: str, text: str, turned: int) -> None:
    (code,) = find_barcodes(on_a_wall(a_code(text, symbology, 3), turned=turned))
    assert (code.symbology, code.text) == (symbology, text)


@pytest.mark.parametrize(("symbology", "text"), KINDS)
@pytest.mark.parametrize("turned", [0, 25])
def test_nothing_is_read_once_its_box_is_covered(symbology: str, text: str, turned: int) -> None:
    pixels = on_a_wall(a_code(text, symbology, 3), turned=turned)
    covered = cover(pixels, [code.box for code in find_barcodes(pixels)])
    assert told(covered) == []


@pytest.mark.parametrize(("symbology", "text"), KINDS)
def test_a_code_is_read_light_on_dark(symbology: str, text: str) -> None:
    assert told(255 - on_a_wall(a_code(text, symbology, 3), wall=120)) == [text]


@pytest.mark.parametrize("symbology", ["QR Code", "Data Matrix", "Aztec"])
def test_a_code_that_is_a_little_blurred_is_read(symbology: str) -> None:
    pixels = on_a_wall(a_code(LINK, symbology, 6))
    assert told(np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2.4), np.uint8)) == [LINK]


def test_every_code_of_a_picture_is_read() -> None:
    pixels = on_a_wall(a_code(LINK), a_code("LIB004711", "Code 39", 2), a_code("Zoe", "Aztec"))
    assert sorted(filter(None, told(pixels))) == ["LIB004711", "Zoe", LINK]


def torn(code: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """With the lower right part hidden, where a QR code has no square."""
    height, width = code.shape
    code[int(height * 0.52) :, int(width * 0.52) :] = 255
    return code


def test_a_qr_code_that_cannot_be_read_is_seen() -> None:
    (code,) = find_barcodes(on_a_wall(torn(a_code(LINK, module=6))))
    assert (code.symbology, code.text) == ("QR Code", None)


def test_bars_that_cannot_be_read_are_seen() -> None:
    bars = a_code("PUPIL-004711-OAK-CLASS", "Code 128", 3)
    bars[:, 150:168] = 0  # a pen went through it
    (code,) = find_barcodes(on_a_wall(bars, turned=20))
    assert code.text is None


def test_a_part_of_a_code_is_never_taken_for_a_short_code_of_goods() -> None:
    bars = a_code("LIB-0047115550123", "Code 128", 3)
    for left in range(20, 260, 30):
        part = bars[:, left : left + 180]
        assert not {"UPC-E", "EAN-8"} & {code.symbology for code in find_barcodes(on_a_wall(part))}


def stripes(period: int, share: float = 0.5) -> NDArray[np.uint8]:
    """A fence, a blind, a radiator: bars that repeat."""
    at = np.arange(480) % period
    return np.tile(np.where(at < period * share, 30, 230).astype(np.uint8), (160, 1))


def noise() -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (300, 400)).astype(np.uint8)


def squares() -> NDArray[np.uint8]:
    board = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((24, 24)))
    return (board * 220 + 20).astype(np.uint8)


def rings() -> NDArray[np.uint8]:
    target = np.full((200, 200), 240, np.uint8)
    for radius in (90, 70, 50, 30, 12):
        cv2.circle(target, (100, 100), radius, 20, 8)
    return target


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(stripes(12), id="fence"),
        pytest.param(stripes(26, 0.7), id="blind"),
        pytest.param(stripes(7), id="radiator"),
        pytest.param(noise(), id="gravel"),
        pytest.param(squares(), id="chess-board"),
        pytest.param(rings(), id="target"),
        pytest.param(np.full((50, 50), 170, np.uint8), id="nothing"),
    ],
)
def test_what_is_no_code_is_not_taken_for_one(thing: NDArray[np.uint8]) -> None:
    assert told(on_a_wall(thing)) == []
    assert told(on_a_wall(thing, turned=17)) == []


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_every_box_lies_in_the_picture_however_small_it_is(width: int, height: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)
    for code in find_barcodes(pixels):
        assert 0 <= code.box.left < code.box.right <= width
        assert 0 <= code.box.top < code.box.bottom <= height


def test_a_search_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> list[Barcode]:
        raise RuntimeError("a secret in a picture")

    monkeypatch.setattr(zxingcpp, "read_barcodes", fail)
    with pytest.raises(BarcodeError, match=r"^The search for codes failed on this picture\. Try again\.$"):
        find_barcodes(on_a_wall(a_code(LINK)))


def test_the_box_is_round_the_code() -> None:
    (code,) = find_barcodes(on_a_wall(a_code(LINK, module=4), size=(600, 400)))
    assert isinstance(code.box, Box)
    assert abs(code.box.left + code.box.right - 600) < 12
    assert abs(code.box.top + code.box.bottom - 400) < 12


@pytest.mark.parametrize(("symbology", "text"), [("EAN-13", "5012345678900"), ("Code 128", "PUPIL-004711")])
def test_the_box_holds_the_whole_length_of_the_bars(symbology: str, text: str) -> None:
    drawn = a_code(text, symbology, 3)
    (code,) = find_barcodes(on_a_wall(np.vstack([drawn] * 3)))
    assert code.box.height > 0.9 * 3 * drawn.shape[0] - 60
