"""The one entry: what a part could not check is a problem, and a picture with a problem has nothing to release."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from vision.detection import DetectedFace
from vision.embedding import Template
from vision.errors import DetectorError, EncoderError, ReaderError, ReleaseError
from vision.findings import Box, MetadataKind, PictureFindings, PictureText, ProblemCode, TextReading
from vision.images import Limits, Pixels
from vision.inspection import Eyes, InspectionRequest, is_template
from vision.redaction import COVER
from vision.testing import FakeDetector, FakeEncoder, FakeReader, a_detected_face, a_picture, a_template, fake_eyes

ANNE, BEN = Box(4, 4, 14, 16), Box(30, 6, 42, 20)
LINE = PictureText(Box(2, 30, 60, 40), "Year 4", 0.8)


def eyes(detector: object = None, encoder: object = None, reader: object = None, limits: Limits | None = None) -> Eyes:
    return Eyes(
        detector or FakeDetector([a_detected_face(ANNE), a_detected_face(BEN, 0.7)]),  # type: ignore[arg-type]
        encoder or FakeEncoder({ANNE: a_template(1)}),  # type: ignore[arg-type]
        reader or FakeReader([LINE]),  # type: ignore[arg-type]
        limits or Limits(),
    )


def not_checked(found: PictureFindings) -> list[str]:
    assert all(problem.code is ProblemCode.NOT_CHECKED for problem in found.problems)
    return [problem.because for problem in found.problems]


def test_everything_in_a_picture_is_found_and_it_can_be_released() -> None:
    found = eyes().inspect(a_picture())
    assert (found.width, found.height, found.format) == (64, 48, "JPEG")
    assert [(face.box, face.detection_score, face.template) for face in found.faces] == [
        (ANNE, 0.9, a_template(1)),
        (BEN, 0.7, None),
    ]
    assert found.texts == (LINE,)
    assert found.problems == ()
    assert found.released is not None
    assert (found.released.width, found.released.height) == (64, 48)


@pytest.mark.parametrize(
    ("request_", "faces_with_template", "texts"),
    [
        pytest.param(InspectionRequest(), 1, 1, id="all"),
        pytest.param(InspectionRequest(templates=False), 0, 1, id="no-templates"),
        pytest.param(InspectionRequest(texts=False), 1, 0, id="no-texts"),
    ],
)
def test_only_what_is_asked_for_is_computed(request_: InspectionRequest, faces_with_template: int, texts: int) -> None:
    found = eyes().inspect(a_picture(), request_)
    assert len(found.faces) == 2
    assert sum(face.template is not None for face in found.faces) == faces_with_template
    assert len(found.texts) == texts


def test_without_an_encoder_faces_are_still_found() -> None:
    found = replace(eyes(), encoder=None).inspect(a_picture())
    assert [face.template for face in found.faces] == [None, None]
    assert found.problems == ()


def test_the_released_file_is_as_large_as_asked() -> None:
    released = eyes().inspect(a_picture(), InspectionRequest(release_side=32)).released
    assert released is not None
    assert (released.width, released.height) == (32, 24)


@pytest.mark.parametrize("content", [b"", b"a letter", a_picture()[:200]], ids=["empty", "text", "cut-short"])
def test_what_cannot_be_read_is_unreadable(content: bytes) -> None:
    found = eyes().inspect(content)
    assert [problem.code for problem in found.problems] == [ProblemCode.UNREADABLE]
    assert found.released is None
    assert (found.width, found.height, found.format) == (0, 0, "")


def test_a_picture_above_the_limit_is_unreadable() -> None:
    found = eyes(limits=Limits(pixels=1000)).inspect(a_picture())
    assert [problem.code for problem in found.problems] == [ProblemCode.UNREADABLE]


def test_a_missing_part_of_the_installation_is_not_the_pictures_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ImportError("PIL.Something")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    assert not_checked(eyes().inspect(a_picture()))


IMPOSSIBLE_FACES = [
    pytest.param(a_detected_face(ANNE, math.nan), id="score-nan"),
    pytest.param(a_detected_face(ANNE, 1.01), id="score-above-1"),
    pytest.param(a_detected_face(ANNE, -0.1), id="score-below-0"),
    pytest.param(a_detected_face(Box(-1, 4, 14, 16)), id="left-of-the-picture"),
    pytest.param(a_detected_face(Box(4, 4, 65, 16)), id="right-of-the-picture"),
    pytest.param(a_detected_face(Box(4, -4, 14, 16)), id="above-the-picture"),
    pytest.param(a_detected_face(Box(4, 4, 14, 49)), id="below-the-picture"),
]


@pytest.mark.parametrize("face", IMPOSSIBLE_FACES)
def test_an_impossible_face_means_that_faces_were_not_checked(face: DetectedFace) -> None:
    found = eyes(detector=FakeDetector([a_detected_face(BEN), face])).inspect(a_picture())
    assert not_checked(found) == ["The search for faces gave an impossible answer. Try again."]
    assert found.faces == ()
    assert found.released is None


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(replace(LINE, score=math.nan), id="score-nan"),
        pytest.param(replace(LINE, score=1.5), id="score-above-1"),
        pytest.param(replace(LINE, box=Box(2, 30, 60, 49)), id="outside"),
        pytest.param(replace(LINE, text="a" * 10_001), id="endless"),
    ],
)
def test_an_impossible_line_means_that_text_was_not_checked(line: PictureText) -> None:
    found = eyes(reader=FakeReader([line])).inspect(a_picture())
    assert not_checked(found) == ["The reading of text gave an impossible answer. Try again."]
    assert found.texts == ()
    assert found.released is None


class EncoderThatAnswers:
    version = "odd"

    def __init__(self, *answer: Template | None) -> None:
        self.answer = answer

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]:
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((a_template(),), id="one-too-few"),
        pytest.param((a_template(),) * 3, id="one-too-many"),
        pytest.param((a_template(), (math.nan,) * 128), id="nan"),
        pytest.param((a_template(), (0.0,) * 128), id="zeros"),
        pytest.param((a_template(), (1.0,) * 128), id="not-normalised"),
        pytest.param((a_template(), a_template()[:64] + (0.0,) * 8), id="wrong-length"),
    ],
)
def test_impossible_templates_identify_nobody(answer: tuple[Template | None, ...]) -> None:
    found = eyes(encoder=EncoderThatAnswers(*answer)).inspect(a_picture())
    assert not_checked(found) == ["Comparing faces gave an impossible answer. Try again."]
    assert [face.template for face in found.faces] == [None, None]
    assert found.released is None


@pytest.mark.parametrize(
    ("looking", "because"),
    [
        pytest.param(eyes(detector=FakeDetector(failure=DetectorError("It broke."))), "It broke.", id="detector"),
        pytest.param(
            eyes(detector=FakeDetector(failure=RuntimeError("bad_alloc"))),
            "The search for faces failed on this picture. Try again.",
            id="detector-with-any-error",
        ),
        pytest.param(eyes(encoder=FakeEncoder(failure=EncoderError("It broke."))), "It broke.", id="encoder"),
        pytest.param(
            eyes(encoder=FakeEncoder(failure=MemoryError())),
            "Comparing faces failed on this picture. Try again.",
            id="encoder-without-memory",
        ),
        pytest.param(eyes(reader=FakeReader(failure=ReaderError("It broke."))), "It broke.", id="reader"),
        pytest.param(
            eyes(reader=FakeReader(failure=ValueError("x"))),
            "The reading of text failed on this picture. Try again.",
            id="reader-with-any-error",
        ),
    ],
)
def test_a_part_that_fails_leaves_a_problem_and_nothing_to_release(looking: Eyes, because: str) -> None:
    found = looking.inspect(a_picture())
    assert not_checked(found) == [because]
    assert found.released is None


def test_every_part_that_fails_is_named() -> None:
    found = eyes(
        detector=FakeDetector(failure=DetectorError("No faces.")), reader=FakeReader(failure=ReaderError("No text."))
    ).inspect(a_picture())
    assert not_checked(found) == ["No faces.", "No text."]


def test_a_release_that_fails_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ReleaseError("Not safe.")

    monkeypatch.setattr("vision.inspection.release", fail)
    found = eyes().inspect(a_picture())
    assert not_checked(found) == ["Not safe."]
    assert found.released is None


class Recorder:
    """A detector and reader that keeps what it was shown."""

    version = "recorder"
    seen: Pixels

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        self.seen = pixels
        return ()

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:
        self.seen = pixels
        return TextReading()


def test_covers_come_before_looking_and_are_in_the_released_file() -> None:
    detector, reader = Recorder(), Recorder()
    found = eyes(detector=detector, reader=reader).inspect(a_picture(kind="PNG"), InspectionRequest(covers=(ANNE,)))
    for recorder in (detector, reader):
        assert recorder.seen[10, 9].tolist() == list(COVER)
        assert recorder.seen[40, 60].tolist() == [90, 120, 60]
    assert found.released is not None
    shown = np.array(Image.open(io.BytesIO(found.released.content)))
    assert (shown == detector.seen).all()


def test_a_cover_outside_the_picture_is_a_problem() -> None:
    found = eyes().inspect(a_picture(), InspectionRequest(covers=(Box(100, 100, 120, 120),)))
    assert not_checked(found) == ["A place to cover lies outside this picture. Mark it again."]
    assert found.released is None


class Painter:
    version = "painter"

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        pixels[:] = 0
        return ()


def test_no_part_can_change_what_is_released() -> None:
    assert eyes(detector=Painter()).inspect(a_picture()).released is None


def test_metadata_is_found_and_not_released() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Orla Quist"
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif, comment=b"Orla Quist")
    found = fake_eyes().inspect(out.getvalue())
    assert {piece.kind for piece in found.metadata} == {MetadataKind.NAME, MetadataKind.CAPTION}
    assert found.released is not None
    assert b"Orla" not in found.released.content


def test_the_version_of_every_part_is_told() -> None:
    assert fake_eyes().versions() == {
        "detector": "fake-detector@1",
        "encoder": "fake-encoder@1",
        "encoder_runtime": "fake",
        "reader": "fake-reader@1",
    }
    assert replace(fake_eyes(), encoder=None).versions()["encoder"] == "none"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(a_template(5, 0.3), True, id="a-template"),
        pytest.param((0.5,) * 128, False, id="too-long-a-vector"),
        pytest.param(a_template()[:127], False, id="127-numbers"),
        pytest.param((math.inf,) + (0.0,) * 127, False, id="infinite"),
    ],
)
def test_templates_are_128_numbers_of_length_1(values: tuple[float, ...], expected: bool) -> None:
    assert is_template(values) is expected
