"""The one entry: a picture's bytes in, everything found in it out.

What a part could not check is a problem, never an empty answer; a picture with any problem has nothing to release.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import cv2
import numpy as np

from vision import metadata
from vision.barcodes import find_barcodes
from vision.errors import BarcodeError, DetectorError, EncoderError, ImageError, ModelError, ReaderError, VisionError
from vision.findings import (
    Barcode,
    Box,
    Face,
    HiddenPicture,
    PictureFindings,
    Problem,
    ProblemCode,
    Released,
    TextReading,
)
from vision.hidden import MOST_LOOKED_AT, HiddenPixels, hidden_pixels
from vision.images import Limits, Picture, Pixels, decode
from vision.quality import FaceQuality
from vision.redaction import cover
from vision.release import LONG_SIDE, release

if TYPE_CHECKING:  # these open model libraries when they are imported; who only asks for findings needs none of them
    from vision.detection import DetectedFace, FaceDetector
    from vision.embedding import FaceEncoder
    from vision.reading import TextReader

TEMPLATE_LENGTH = 128
MOST_TEXT = 10_000  # characters of one line
MOST_HIDDEN_LINES = 200  # of one hidden picture
MOST_READINGS = 8  # further ones of one line

Template = tuple[float, ...]
T = TypeVar("T")


class Measure(Protocol):
    """How good one detected face is, or None where that is not measured."""

    def __call__(self, pixels: Pixels, face: DetectedFace) -> FaceQuality | None: ...


def _not_measured(pixels: Pixels, face: DetectedFace) -> FaceQuality | None:  # noqa: ARG001
    return None


@dataclass(frozen=True, slots=True)
class InspectionRequest:
    """What to do with one picture.

    `covers` are places (pixels of the upright picture) to cover before anything is looked at; they grow over hair and
    ears. `templates` and `texts` say whether to compute templates of faces and to read text. `release_side` is the most
    that the long side of the released file may have, in pixels.
    """

    covers: tuple[Box, ...] = ()
    templates: bool = True
    texts: bool = True
    release_side: int = LONG_SIDE


class Inspector(Protocol):
    """Looks at pictures: in this process (Eyes), in its own (SandboxedInspector), or by the book (FakeInspector).

    `inspect` raises ModelError where nothing can be looked at; whatever is wrong with a picture is in its findings.
    """

    def inspect(self, content: bytes, request: InspectionRequest = ...) -> PictureFindings: ...

    def versions(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """The loaded parts. Without an encoder faces are found and have no template: nobody is identified.

    `measure` says how good a face is (pixels and one detected face in), or None.
    """

    detector: FaceDetector
    encoder: FaceEncoder | None
    reader: TextReader
    limits: Limits = field(default_factory=Limits)
    measure: Measure = field(default=_not_measured)

    def versions(self) -> dict[str, str]:
        """The version of each part, which a stored decision names."""
        encoder, runs_on = (self.encoder.version, self.encoder.runs_on) if self.encoder else ("none", "none")
        return {
            "detector": self.detector.version,
            "encoder": encoder,
            "encoder_runtime": runs_on,
            "reader": self.reader.version,
        }

    def inspect(self, content: bytes, request: InspectionRequest | None = None) -> PictureFindings:
        """Decode, read metadata, cover, find faces, compute templates, read text, release; raises nothing."""
        request = request or InspectionRequest()
        try:
            picture = decode(content, self.limits)
        except ImageError as error:
            return PictureFindings.not_looked_at(ProblemCode.UNREADABLE, str(error))
        except ImportError:
            return PictureFindings.not_looked_at(ProblemCode.NOT_CHECKED, "A part that opens pictures is missing.")
        problems: list[Problem] = []
        items = _attempt(lambda: metadata.read(content, picture), "Reading the file's metadata", problems)
        covered = _attempt(lambda: cover(picture.pixels, request.covers), "Covering", problems)
        pixels = picture.pixels if covered is None else covered
        pixels.flags.writeable = False  # what is looked at is what is released: no part may change it on the way
        faces = self._faces(pixels, problems, templates=request.templates)
        read = self._texts(pixels, faces, problems) if request.texts else None
        hidden = self._hidden(content, picture, problems) if request.texts else ()
        codes = _attempt(lambda: _plausible_codes(pixels), "The search for codes", problems) if request.texts else None
        released: Released | None = None
        if not problems:
            side = request.release_side
            released = _attempt(lambda: release(pixels, picture.format, side), "Making the safe version", problems)
        return PictureFindings(
            width=picture.width,
            height=picture.height,
            format=picture.format.value,
            faces=faces,
            texts=read.lines if read else (),
            metadata=items or (),
            problems=tuple(problems),
            released=released,
            barcodes=codes or (),
            hidden=hidden,
            text_search=replace(read, lines=()) if read else None,
        )

    def _hidden(self, content: bytes, picture: Picture, problems: list[Problem]) -> tuple[HiddenPicture, ...]:
        """What the pictures show that the file holds beside the one that is seen; a few of many are looked at."""
        found = _attempt(lambda: hidden_pixels(content, picture, self.limits), "Opening the whole file", problems) or []
        shown = [each for each in found if each.pixels is not None][:MOST_LOOKED_AT]
        looked = _attempt(lambda: [self._look_at_hidden(each) for each in shown], "Looking at the whole file", problems)
        closed = [HiddenPicture(each.kind, each.where, looked_at=False) for each in found if each.pixels is None]
        return (*(looked or ()), *closed[:MOST_LOOKED_AT])

    def _look_at_hidden(self, hidden: HiddenPixels) -> HiddenPicture:
        if hidden.pixels is None:
            raise ValueError("nothing to look at")
        faces = self.detector.detect(hidden.pixels)
        lines = self.reader.read(hidden.pixels).lines
        texts = tuple(line.text[:MOST_TEXT] for line in lines[:MOST_HIDDEN_LINES])
        return HiddenPicture(hidden.kind, hidden.where, len(faces), texts)

    def _faces(self, pixels: Pixels, problems: list[Problem], *, templates: bool) -> tuple[Face, ...]:
        found = _attempt(
            lambda: _plausible_faces(self.detector.detect(pixels), pixels), "The search for faces", problems
        )
        codes = self._templates(pixels, found, problems) if templates and found else None
        faces = found or ()
        measured = _attempt(lambda: _plausible_qualities(self.measure, pixels, faces), "Measuring faces", problems)
        none = (None,) * len(faces)
        return tuple(map(_face, faces, codes or none, measured or none))

    def _templates(
        self, pixels: Pixels, found: tuple[DetectedFace, ...], problems: list[Problem]
    ) -> tuple[Template | None, ...] | None:
        encoder = self.encoder
        if encoder is None:
            return None
        return _attempt(
            lambda: _plausible_templates(encoder.encode(pixels, found), len(found)), "Comparing faces", problems
        )

    def _texts(self, pixels: Pixels, faces: Sequence[Face], problems: list[Problem]) -> TextReading | None:
        near = [face.box for face in faces]
        return _attempt(
            lambda: _plausible_reading(self.reader.read(pixels, near), pixels), "The reading of text", problems
        )


def load_eyes(
    threads: int | None = None, cache: Path | None = None, ocr: str = "rapidocr", weights: Path | None = None
) -> Eyes:
    """The real parts, from checked model files, each used once; `threads` work on one picture. Raises ModelError.

    `cache` is a folder for what is made of a model file at first use; `ocr` is what reads texts ("rapidocr", "easyocr",
    "both"), `weights` the folder with EasyOCR's.
    """
    from vision.detection import DetectedFace, load_detector
    from vision.embedding import load_encoder
    from vision.measuring import quality
    from vision.reading import OcrEngine, load_reader

    if threads is not None:
        cv2.setNumThreads(threads)
    encoder = load_encoder(cache, threads)
    reader = load_reader(threads, OcrEngine(ocr), weights)
    eyes = Eyes(load_detector(threads), encoder, reader, measure=quality)
    blank = np.full((240, 320, 3), 255, np.uint8)
    somewhere = DetectedFace(Box(100, 60, 180, 160), 0.5, ((120, 95), (160, 95), (140, 120), (125, 140), (155, 140)))
    try:
        eyes.detector.detect(blank)
        encoder.encode(blank, (somewhere,))
        quality(blank, somewhere)
        eyes.reader.read(blank)
    except VisionError as error:
        raise ModelError(f"A part that looks at pictures does not work. {error}") from error
    return eyes


def _attempt(work: Callable[[], T], what: str, problems: list[Problem]) -> T | None:
    """The result of `work`, or None with a problem noted."""
    try:
        return work()
    except ImageError as error:
        problems.append(Problem(ProblemCode.UNREADABLE, str(error)))
    except VisionError as error:
        problems.append(Problem(ProblemCode.NOT_CHECKED, str(error)))
    except Exception:  # noqa: BLE001  # whatever a part raises, this picture is not checked
        problems.append(Problem(ProblemCode.NOT_CHECKED, f"{what} failed on this picture. Try again."))
    return None


def _plausible_faces(faces: Sequence[DetectedFace], pixels: Pixels) -> tuple[DetectedFace, ...]:
    for face in faces:
        if not _is_inside(face.box, pixels) or not 0 <= face.detection_score <= 1:
            raise DetectorError("The search for faces gave an impossible answer. Try again.")
    return tuple(faces)


def _plausible_templates(templates: Sequence[Template | None], count: int) -> tuple[Template | None, ...]:
    if len(templates) != count or not all(template is None or is_template(template) for template in templates):
        raise EncoderError("Comparing faces gave an impossible answer. Try again.")
    return tuple(templates)


def _plausible_reading(read: TextReading, pixels: Pixels) -> TextReading:
    fine = all(
        _is_inside(line.box, pixels)
        and 0 <= line.score <= 1
        and len(line.others) <= MOST_READINGS
        and all(len(text) <= MOST_TEXT for text in (line.text, *line.others))
        for line in read.lines
    )
    if not fine or not all(_is_inside(box, pixels) for box in read.unread):
        raise ReaderError("The reading of text gave an impossible answer. Try again.")
    return read


def _plausible_codes(pixels: Pixels) -> tuple[Barcode, ...]:
    codes = find_barcodes(pixels)
    if not all(_is_inside(code.box, pixels) and len(code.text or "") <= MOST_TEXT for code in codes):
        raise BarcodeError("The search for codes gave an impossible answer. Try again.")
    return codes


def is_template(values: Sequence[float]) -> bool:
    """Whether these are 128 finite numbers of length 1 (L2)."""
    if len(values) != TEMPLATE_LENGTH or not all(math.isfinite(value) for value in values):
        return False
    return math.isclose(math.hypot(*values), 1, abs_tol=1e-3)


def _is_inside(box: Box, pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return bool(0 <= box.left < box.right <= width and 0 <= box.top < box.bottom <= height)


def _plausible_qualities(
    measure: Measure, pixels: Pixels, faces: Sequence[DetectedFace]
) -> tuple[FaceQuality | None, ...]:
    measured = tuple(measure(pixels, face) for face in faces)
    if not all(quality is None or is_quality(quality) for quality in measured):
        raise EncoderError("Measuring a face gave an impossible answer. Try again.")
    return measured


def is_quality(quality: FaceQuality) -> bool:
    """Whether all four values are finite and possible."""
    values = (quality.sharpness, quality.yaw, quality.roll)
    return quality.height_px > 0 and all(math.isfinite(value) for value in values) and quality.sharpness >= 0


def _face(found: DetectedFace, template: Template | None, quality: FaceQuality | None) -> Face:
    return Face(found.box, float(found.detection_score), template, quality, bool(found.doubtful))
