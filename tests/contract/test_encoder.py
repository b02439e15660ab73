"""The real encoder: the same numbers in onnxruntime as in dlib, and its first chip as face_recognition makes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import ImageFile

from fixtures.portraits import draw_portrait
from vision import encoder_file, models, runtime
from vision.chips import chips_of, load_landmarker, upright_crop
from vision.descriptors import Descriptors, OnnxDescriptors, load_descriptors, load_dlib
from vision.detection import FaceDetector, load_detector
from vision.embedding import FaceEncoder, load_encoder
from vision.encoder_network import CHIP_SIDE
from vision.images import Pixels
from vision.matching import checked

pytestmark = pytest.mark.models

ANN, BEN, CEM, DEE = 30, 99, 7, 150


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def encoder(cache: Path) -> FaceEncoder:
    return load_encoder(cache)


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return load_detector(threads=1)


@pytest.fixture(scope="module")
def by_dlib() -> Descriptors:
    return load_dlib()


def portrait(identity: int, view: int = 0) -> Pixels:
    return np.asarray(draw_portrait(identity, view, 300))


@pytest.fixture(scope="module")
def converted(cache: Path) -> Descriptors:
    return OnnxDescriptors(runtime.open_session(encoder_file.converted(cache), threads=1))


@pytest.fixture(scope="module")
def chips(detector: FaceDetector) -> dict[str, Pixels]:
    """Chips of every kind: of faces, of parts of them, and of nothing that ever was a face."""
    landmarker, rng = load_landmarker(), np.random.default_rng(11)
    drawn = [portrait(identity, view) for identity in (ANN, BEN, CEM, DEE) for view in (0, 3)]
    noise = rng.integers(0, 256, (10, CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)
    clouds = np.stack([cv2.GaussianBlur(chip, (0, 0), 4) for chip in noise])
    crops = [pixels[y : y + 150, x : x + 150] for pixels in drawn[::2] for y, x in ((0, 0), (40, 75), (150, 150))]
    flat = np.stack([np.full((CHIP_SIDE, CHIP_SIDE, 3), level, np.uint8) for level in (0, 1, 127, 128, 255)])
    faces = [chips_of(pixels, detector.detect(pixels)[0], landmarker) for pixels in drawn]
    return {
        "faces": np.concatenate(faces),
        "noise": noise,
        "clouds": clouds,
        "crops": np.stack(crops),
        "one colour": flat,
    }


def template(pixels: Pixels, detector: FaceDetector, encoder: FaceEncoder) -> np.ndarray:
    best = detector.detect(pixels)[0]
    (found,) = encoder.encode(pixels, [best])
    assert found is not None
    return checked(found)


class TestTheConvertedNetwork:
    @pytest.mark.parametrize("kind", ["faces", "noise", "clouds", "crops", "one colour"])
    def test_it_computes_what_dlib_computes(
        self, converted: Descriptors, by_dlib: Descriptors, chips: dict[str, Pixels], kind: str
    ) -> None:
        found, expected = converted.compute(chips[kind]), by_dlib.compute(chips[kind])

        assert np.abs(found - expected).max() < 1e-5
        assert np.ptp(expected, axis=1).min() > 0.1  # numbers that say something

    def test_a_chip_has_the_same_descriptor_whatever_else_is_in_the_batch(
        self, converted: Descriptors, chips: dict[str, Pixels]
    ) -> None:
        alone = converted.compute(chips["faces"][:1])
        among = converted.compute(np.concatenate([chips["noise"], chips["faces"][:1], chips["crops"]]))

        assert np.allclose(alone[0], among[len(chips["noise"])], atol=1e-5)

    def test_onnxruntime_is_what_runs(self, encoder: FaceEncoder, cache: Path) -> None:
        assert encoder.runs_on == "onnxruntime"
        assert [path.name for path in cache.iterdir()] == [encoder_file.FILE_NAME]

    def test_templates_are_the_same_where_dlib_has_to_run(
        self, encoder: FaceEncoder, detector: FaceDetector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(encoder_file, "SHA256", "0" * 64)
        other = load_encoder()
        pixels = portrait(BEN)

        assert other.runs_on == load_descriptors().runs_on == "dlib"
        assert other.version == encoder.version == models.TEMPLATE
        assert np.allclose(template(pixels, detector, encoder), template(pixels, detector, other), atol=1e-5)


@pytest.mark.parametrize("identity", [ANN, BEN, CEM])
def test_the_first_chip_is_the_one_that_face_recognition_would_make(
    detector: FaceDetector, by_dlib: Descriptors, identity: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # the library lets cut pictures pass for whole ones
    import face_recognition

    pixels = portrait(identity)
    face = detector.detect(pixels)[0]
    crop = upright_crop(pixels, face)
    left, top, right, bottom = crop.square
    (expected,) = face_recognition.face_encodings(crop.pixels, [(top, right, bottom, left)])

    found = by_dlib.compute(chips_of(pixels, face, load_landmarker())[:1])[0]

    assert np.linalg.norm(found - expected) < 0.1  # of which .6 is the library's limit for one person


def test_two_views_of_one_person_are_nearer_than_two_people(detector: FaceDetector, encoder: FaceEncoder) -> None:
    ann, again, ben = (template(portrait(*who), detector, encoder) for who in ((ANN, 0), (ANN, 1), (BEN, 0)))

    assert ann @ again > ann @ ben


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_on_its_side_has_the_template_of_the_upright_one(
    detector: FaceDetector, encoder: FaceEncoder, turns: int
) -> None:
    upright = template(portrait(ANN), detector, encoder)
    turned = template(np.ascontiguousarray(np.rot90(portrait(ANN), turns)), detector, encoder)

    assert np.linalg.norm(upright - turned) < 0.2  # drawn people lie .28 apart


def test_a_mirrored_face_has_nearly_the_same_template(detector: FaceDetector, encoder: FaceEncoder) -> None:
    straight = template(portrait(ANN), detector, encoder)
    mirrored = template(np.ascontiguousarray(portrait(ANN)[:, ::-1]), detector, encoder)

    assert np.linalg.norm(straight - mirrored) < 0.1


def test_a_large_picture_of_a_face_has_the_template_of_a_small_one(
    detector: FaceDetector, encoder: FaceEncoder
) -> None:
    small = portrait(ANN)
    large = np.asarray(cv2.resize(small, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC), np.uint8)

    assert np.linalg.norm(template(small, detector, encoder) - template(large, detector, encoder)) < 0.12


def test_a_face_without_detail_has_no_template_and_no_face_is_dropped(
    detector: FaceDetector, encoder: FaceEncoder
) -> None:
    face = detector.detect(portrait(ANN))[0]

    assert encoder.encode(np.full((300, 300, 3), 128, np.uint8), [face, face]) == (None, None)


def test_loading_says_nothing_and_warns_of_nothing(cache: Path) -> None:
    command = """
import sys
from pathlib import Path
from vision.embedding import load_encoder
load_encoder(Path(sys.argv[1]))
assert "face_recognition" not in sys.modules  # a hundred megabytes, and it lets cut pictures pass for whole ones
"""
    interpreter = [sys.executable, "-W", "error", "-c", command, str(cache)]
    done = subprocess.run(interpreter, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
