"""The real detector on drawn faces: large, small, close and turned."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from fixtures.portraits import draw_portrait
from vision.centerface import free_input_size
from vision.detection import DetectedFace, FaceDetector, load_detector
from vision.errors import ModelError
from vision.images import Pixels

pytestmark = pytest.mark.models

IDENTITIES = (30, 99, 12)


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return load_detector(threads=1)


@pytest.fixture(scope="module")
def portrait() -> Pixels:
    return np.asarray(draw_portrait(IDENTITIES[0], 0, 400))


def middle(face: DetectedFace) -> tuple[float, float]:
    return (face.box.left + face.box.right) / 2, (face.box.top + face.box.bottom) / 2


def test_a_face_is_found_with_its_landmarks_in_place(detector: FaceDetector, portrait: Pixels) -> None:
    (face,) = detector.detect(portrait)

    eye, other_eye, nose, mouth, other_mouth = face.landmarks
    assert eye[0] < nose[0] < other_eye[0]
    assert mouth[0] < nose[0] < other_mouth[0]
    assert max(eye[1], other_eye[1]) < nose[1] < min(mouth[1], other_mouth[1])
    assert face.box.left < eye[0]
    assert other_eye[0] < face.box.right
    assert face.box.top < eye[1]
    assert other_mouth[1] < face.box.bottom


@pytest.mark.parametrize("size", [(480, 640), (3000, 4000)], ids=["small", "12 megapixels"])
def test_nothing_is_found_where_nobody_is(detector: FaceDetector, size: tuple[int, int]) -> None:
    assert detector.detect(np.full((*size, 3), 120, np.uint8)) == ()


def test_everybody_is_found_in_a_large_picture_small_or_close(detector: FaceDetector) -> None:
    picture = Image.new("RGB", (4000, 3000), (120, 130, 140))
    places = {(100, 100): 200, (1800, 300): 400, (2000, 1000): 1900}
    for identity, ((left, top), size) in zip(IDENTITIES, places.items(), strict=True):
        picture.paste(draw_portrait(identity, 0, size), (left, top))

    found = detector.detect(np.asarray(picture))

    for (left, top), size in places.items():
        inside = [face for face in found if left < middle(face)[0] < left + size and top < middle(face)[1] < top + size]
        assert len(inside) == 1, f"{len(inside)} faces in the portrait of {size} pixels"
    assert len(found) == len(places)


def test_a_face_that_fills_a_large_picture_is_found(detector: FaceDetector, portrait: Pixels) -> None:
    (face,) = detector.detect(portrait)
    box = face.box
    close = Image.fromarray(portrait[box.top : box.bottom, box.left : box.right])
    close = close.resize((close.width * 2000 // close.height, 2000))

    assert len(detector.detect(np.asarray(close))) >= 1


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_that_lies_on_its_side_shows_the_same_faces(
    detector: FaceDetector, portrait: Pixels, turns: int
) -> None:
    side = len(portrait)
    (upright,) = detector.detect(portrait)

    (turned,) = detector.detect(np.ascontiguousarray(np.rot90(portrait, turns)))

    x, y = middle(upright)
    expected = {1: (y, side - x), 2: (side - x, side - y), 3: (side - y, x)}[turns]
    assert middle(turned) == pytest.approx(expected, abs=6)


@pytest.mark.parametrize("model", [b"", b"no network"], ids=["empty", "text"])
def test_a_file_that_is_no_network_is_a_model_error(model: bytes) -> None:
    with pytest.raises(ModelError):
        free_input_size(model)
