"""Templates of faces: face_recognition behind a one-method protocol."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from vision import models
from vision.detection import DetectedFace
from vision.errors import EncoderError, ModelError
from vision.images import Pixels

Template = tuple[float, ...]


class FaceEncoder(Protocol):
    """Computes the template of each face (L2-normalised, 128 floats), or None where it is too poor to be recognised.

    `version` names the model: templates of different versions cannot be compared. Raises EncoderError.
    """

    @property
    def version(self) -> str: ...

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]: ...


class FaceRecognition:
    """The face_recognition package: dlib's network on a chip aligned by five landmarks."""

    version = models.ENCODER.version

    def __init__(self, library: Any) -> None:
        self._library = library

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]:
        return tuple(self._encode(pixels, face) for face in faces)

    def _encode(self, pixels: Pixels, face: DetectedFace) -> Template | None:
        box = face.box
        try:
            (raw,) = self._library.face_encodings(pixels, [(box.top, box.right, box.bottom, box.left)])
        except Exception as error:
            raise EncoderError("The template of a face could not be computed. Try again.") from error
        vector = np.asarray(raw)
        return tuple((vector / np.linalg.norm(vector)).tolist())


def load_encoder() -> FaceEncoder:
    """face_recognition, after its four model files were checked; raises ModelError."""
    models.verify(models.FACE_RECOGNITION)
    from PIL import ImageFile

    tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*pkg_resources.*")
            import face_recognition
    except (Exception, SystemExit) as error:  # the package calls quit() where its models cannot be found
        raise ModelError("face_recognition could not be loaded: install Gatepost again.") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant  # the package lets Pillow take cut pictures for whole ones
    return FaceRecognition(face_recognition)
