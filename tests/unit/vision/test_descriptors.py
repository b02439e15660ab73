"""The network in onnxruntime or in dlib: batches, failures, and which of them is taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vision import descriptors, encoder_file, runtime
from vision.descriptors import BATCH, LENGTH, DlibDescriptors, OnnxDescriptors, load_descriptors
from vision.encoder_network import CHIP_SIDE
from vision.errors import EncoderError, ModelError
from vision.images import Pixels

RIGHT = np.array([*descriptors._KNOWN_ANSWER, *[0.0] * (LENGTH - len(descriptors._KNOWN_ANSWER))])


def chips(count: int) -> Pixels:
    """Chips whose first pixel says their number."""
    made = np.zeros((count, CHIP_SIDE, CHIP_SIDE, 3), np.uint8)
    made[:, 0, 0, 0] = np.arange(count)
    return made


class Session:
    """Answers each chip with its number, or as it was told to."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer
        self.sizes: list[int] = []

    def run(self, names: list[str] | None, given: dict[str, Any]) -> list[Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        found = given["chips"]
        self.sizes.append(len(found))
        if self.answer is not None:
            return [np.tile(self.answer, (len(found), 1)).astype(np.float32)]
        return [np.repeat(found[:, 0, 0, :1], LENGTH, axis=1).astype(np.float32)]


class DlibModel:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def compute_face_descriptor(self, chip: Pixels) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 100])
def test_many_chips_are_computed_in_batches_and_come_back_in_order(count: int) -> None:
    session = Session()

    found = OnnxDescriptors(session).compute(chips(count))

    assert found[:, 0].tolist() == list(range(count))
    assert found.shape == (count, LENGTH)
    assert max(session.sizes, default=0) <= BATCH


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(OnnxDescriptors(Session(RuntimeError("onnx"))), id="onnxruntime"),
        pytest.param(DlibDescriptors(DlibModel(RuntimeError("dlib"))), id="dlib"),
        pytest.param(DlibDescriptors(DlibModel([1.0] * 127)), id="dlib gives 127 numbers"),
    ],
)
def test_a_failure_is_an_error(broken: descriptors.Descriptors) -> None:
    with pytest.raises(EncoderError):
        broken.compute(chips(2))


class TestWhichOneIsTaken:
    @pytest.fixture(autouse=True)
    def dlib_works(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(encoder_file, "converted", lambda folder: b"network")
        monkeypatch.setattr(descriptors, "load_dlib", lambda: DlibDescriptors(DlibModel(RIGHT)))

    def test_onnxruntime_where_it_reckons_right(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runtime, "open_session", lambda model, threads: Session(RIGHT))

        assert load_descriptors().runs_on == "onnxruntime"

    @pytest.mark.parametrize(
        "session",
        [
            pytest.param(Session(RIGHT + 0.001), id="it reckons a little differently"),
            pytest.param(Session(np.full(LENGTH, np.nan)), id="NaN"),
            pytest.param(Session(RuntimeError("onnx")), id="it breaks"),
        ],
    )
    def test_dlib_where_onnxruntime_does_not(self, monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
        monkeypatch.setattr(runtime, "open_session", lambda model, threads: session)

        assert load_descriptors().runs_on == "dlib"

    def test_dlib_where_the_network_cannot_be_converted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def cannot(folder: object) -> bytes:
            raise ModelError("Another version of onnx.")

        monkeypatch.setattr(encoder_file, "converted", cannot)

        assert load_descriptors().runs_on == "dlib"

    def test_nothing_where_neither_works(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def cannot() -> descriptors.Descriptors:
            raise ModelError("The package dlib is missing.")

        monkeypatch.setattr(runtime, "open_session", lambda model, threads: Session(RuntimeError("onnx")))
        monkeypatch.setattr(descriptors, "load_dlib", cannot)

        with pytest.raises(ModelError, match="dlib is missing"):
            load_descriptors()
