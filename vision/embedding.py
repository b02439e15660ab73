"""Templates of faces, by which they are told apart: chips, their descriptors, and the mean of these."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from vision import models
from vision.chips import CHIPS, Landmarker, chips_of, load_landmarker
from vision.descriptors import Descriptors, Floats, load_descriptors
from vision.detection import DetectedFace
from vision.errors import EncoderError, ModelError
from vision.findings import Box
from vision.images import Pixels
from vision.measuring import recognisable

Template = tuple[float, ...]


class FaceEncoder(Protocol):
    """Computes the template of each face (L2-normalised, 128 floats), or None where it is too poor to be recognised.

    `pixels` are uint8, height x width x 3, RGB. `version` names network and chips: templates of different versions
    cannot be compared. `runs_on` names the software that runs the network, which makes no difference to templates.
    Raises EncoderError.
    """

    @property
    def version(self) -> str: ...

    @property
    def runs_on(self) -> str: ...

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]: ...


class ChipEncoder:
    """Templates from four chips of a face: by two sets of landmarks, each also mirrored (vision/chips.py)."""

    version = models.TEMPLATE

    def __init__(self, landmarker: Landmarker, descriptors: Descriptors) -> None:
        self._landmarker = landmarker
        self._descriptors = descriptors

    @property
    def runs_on(self) -> str:
        return self._descriptors.runs_on

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]:
        chosen = [number for number, face in enumerate(faces) if recognisable(pixels, face)]
        templates: list[Template | None] = [None] * len(faces)
        if chosen:
            chips = np.concatenate([chips_of(pixels, faces[number], self._landmarker) for number in chosen])
            descriptors = self._descriptors.compute(chips)
            if len(descriptors) != len(chips):
                raise EncoderError("Some faces got no template. Try again.")
            for place, number in enumerate(chosen):
                templates[number] = template_of(descriptors[place * CHIPS : (place + 1) * CHIPS])
        return tuple(templates)


def template_of(descriptors: Floats) -> Template:
    """The mean of a face's descriptors (n x 128), each of length 1, made of length 1 again; raises EncoderError."""
    return tuple(_normalised(np.mean([_normalised(descriptor) for descriptor in descriptors], axis=0)).tolist())


def _normalised(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    if not (math.isfinite(length) and length > 0):
        raise EncoderError("The template of a face came out impossible. Try again.")
    return np.asarray(vector / length, np.float64)


def load_encoder(cache: Path | None = None, threads: int | None = None) -> ChipEncoder:
    """The encoder from checked files, tried once so that what does not work shows now; raises ModelError.

    `cache` is the folder in which the converted network is kept; `threads` work on one picture.
    """
    encoder = ChipEncoder(load_landmarker(), load_descriptors(cache, threads))
    eyes_nose_mouth = ((60.0, 70.0), (100.0, 70.0), (80.0, 90.0), (65.0, 110.0), (95.0, 110.0))
    stripes = np.broadcast_to((np.arange(160) % 8 * 30).astype(np.uint8)[:, None, None], (160, 160, 3))
    try:
        (template,) = encoder.encode(stripes, [DetectedFace(Box(40, 40, 120, 140), 1.0, eyes_nose_mouth)])
    except EncoderError as error:
        raise ModelError("The encoder of faces does not work: install Gatepost again.") from error
    if template is None:
        raise ModelError("The encoder of faces does not look at faces: install Gatepost again.")
    return encoder
