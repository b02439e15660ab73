"""The real encoder against face_recognition itself, on drawn faces."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import ImageFile

from fixtures.portraits import draw_portrait
from vision.detection import FaceDetector, load_detector
from vision.embedding import FaceEncoder, load_encoder, upright_crop
from vision.images import Pixels
from vision.matching import checked

pytestmark = pytest.mark.models

ANN, BEN = 30, 99


@pytest.fixture(scope="module")
def encoder() -> FaceEncoder:
    return load_encoder()


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return load_detector(threads=1)


def template(pixels: Pixels, detector: FaceDetector, encoder: FaceEncoder) -> np.ndarray:
    (face,) = detector.detect(pixels)
    (found,) = encoder.encode(pixels, [face])
    assert found is not None
    return checked(found)


def portrait(identity: int, view: int = 0) -> Pixels:
    return np.asarray(draw_portrait(identity, view, 300))


def test_a_template_is_face_recognitions_encoding_of_the_whole_picture(detector, encoder) -> None:
    import face_recognition

    pixels = portrait(ANN)
    picture = np.full((700, 900, 3), 90, np.uint8)
    picture[100:400, 300:600] = pixels
    (face,) = detector.detect(picture)
    _, (left, top, right, bottom) = upright_crop(picture, face)
    around = max(face.box.width, face.box.height)
    x, y = max(face.box.left - around, 0), max(face.box.top - around, 0)
    (raw,) = face_recognition.face_encodings(picture, [(y + top, x + right, y + bottom, x + left)])

    (found,) = encoder.encode(picture, [face])

    assert np.allclose(found, raw / np.linalg.norm(raw), atol=1e-5)


def test_two_views_of_one_person_are_nearer_than_two_people(detector, encoder) -> None:
    ann, again, ben = (template(portrait(*who), detector, encoder) for who in ((ANN, 0), (ANN, 1), (BEN, 0)))

    assert ann @ again > ann @ ben


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_on_its_side_has_the_template_of_the_upright_one(detector, encoder, turns: int) -> None:
    upright = template(portrait(ANN), detector, encoder)
    turned = template(np.ascontiguousarray(np.rot90(portrait(ANN), turns)), detector, encoder)

    assert np.linalg.norm(upright - turned) < 0.1


def test_a_tiny_or_blurred_face_has_no_template_and_no_face_is_dropped(detector, encoder) -> None:
    pixels = portrait(ANN)
    (face,) = detector.detect(pixels)
    flat = np.full_like(pixels, 128)

    assert encoder.encode(flat, [face, face]) == (None, None)


def test_loading_leaves_pillow_strict_about_cut_pictures(encoder) -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_loading_says_nothing_and_warns_of_nothing() -> None:
    command = "from vision.embedding import load_encoder; load_encoder()"
    done = subprocess.run([sys.executable, "-W", "error", "-c", command], capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
