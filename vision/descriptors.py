"""From chips to descriptors: one network, run by onnxruntime or, where that cannot be had, by dlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vision import encoder_file, models, runtime
from vision.encoder_network import CHIP_SIDE
from vision.encoder_onnx import INPUT
from vision.errors import EncoderError, ModelError
from vision.images import Pixels

Floats = npt.NDArray[np.float64]

LENGTH = 128
BATCH = 32  # chips in one run: more are no faster and take more memory
_FAILED = "The template of a face could not be computed. Try again."

# What dlib answers for `_known_chip`, the first of 128 numbers: a runtime that reckons otherwise on this processor is
# noticed before it sees a face.
_KNOWN_ANSWER = (-0.086819, 0.145123, 0.082929, -0.02534, -0.093074, -0.059767)
_KNOWN_WITHIN = 1e-4


class Descriptors(Protocol):
    """Computes descriptors (n x 128) of chips (n x 150 x 150 x 3, uint8, RGB); `runs_on` names the software.

    Raises EncoderError.
    """

    @property
    def runs_on(self) -> str: ...

    def compute(self, chips: Pixels) -> Floats: ...


class OnnxDescriptors:
    """The converted network in onnxruntime, some twenty times as fast as dlib from a wheel."""

    runs_on = "onnxruntime"

    def __init__(self, session: runtime.Session) -> None:
        self._session = session

    def compute(self, chips: Pixels) -> Floats:
        parts = [np.zeros((0, LENGTH))]
        try:
            for start in range(0, len(chips), BATCH):
                (part,) = self._session.run(None, {INPUT: chips[start : start + BATCH]})
                parts.append(np.asarray(part, np.float64))
        except Exception as error:
            raise EncoderError(_FAILED) from error
        return np.concatenate(parts)


class DlibDescriptors:
    """The network in dlib itself: the reference."""

    runs_on = "dlib"

    def __init__(self, model: Any) -> None:
        self._model = model

    def compute(self, chips: Pixels) -> Floats:
        try:
            found = [self._model.compute_face_descriptor(np.ascontiguousarray(chip)) for chip in chips]
            return np.array(found, np.float64).reshape(-1, LENGTH)
        except Exception as error:
            raise EncoderError(_FAILED) from error


def load_descriptors(cache: Path | None = None, threads: int | None = None) -> Descriptors:
    """The network in onnxruntime, or in dlib where that cannot be had; raises ModelError where neither works.

    `cache` is the folder in which the converted network is kept.
    """
    try:
        return _that_reckons_right(OnnxDescriptors(runtime.open_session(encoder_file.converted(cache), threads)))
    except ModelError:
        return load_dlib()


def load_dlib() -> Descriptors:
    """The network in dlib, from its checked file; raises ModelError."""
    models.verify((models.ENCODER,))
    try:
        import dlib

        model = dlib.face_recognition_model_v1(str(models.locate(models.ENCODER)))
    except Exception as error:
        raise ModelError("The package dlib could not be loaded: install Gatepost again.") from error
    return _that_reckons_right(DlibDescriptors(model))


def _known_chip() -> Pixels:
    row, column, colour = np.ogrid[:CHIP_SIDE, :CHIP_SIDE, :3]
    return np.asarray((3 * row + 5 * column * (colour + 1)) % 256, np.uint8)[np.newaxis]


def _that_reckons_right(descriptors: Descriptors) -> Descriptors:
    try:
        (answer,) = descriptors.compute(_known_chip())
    except EncoderError as error:
        raise ModelError(f"The network for faces does not work in {descriptors.runs_on}.") from error
    if not np.allclose(answer[: len(_KNOWN_ANSWER)], _KNOWN_ANSWER, rtol=0, atol=_KNOWN_WITHIN):
        raise ModelError(f"The network for faces gives wrong answers in {descriptors.runs_on}.")
    return descriptors
