"""Parts that need no model and no process: they answer by the book, so that everything around them can be tried."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from vision import metadata
from vision.detection import DetectedFace
from vision.embedding import Template
from vision.findings import (
    Barcode,
    Box,
    Face,
    HiddenPicture,
    PictureFindings,
    PictureText,
    Problem,
    ProblemCode,
    TextReading,
)
from vision.images import Pixels, decode
from vision.inspection import TEMPLATE_LENGTH, Eyes, InspectionRequest
from vision.release import release


@dataclass(frozen=True, slots=True)
class FakeDetector:
    """Finds the same faces in every picture, or fails."""

    faces: Sequence[DetectedFace] = ()
    failure: Exception | None = None
    version: str = "fake-detector@1"

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:  # noqa: ARG002
        if self.failure:
            raise self.failure
        return tuple(self.faces)


@dataclass(frozen=True, slots=True)
class FakeEncoder:
    """Gives each face the template that belongs to its box, None to any other, or fails."""

    templates: Mapping[Box, Template] = field(default_factory=dict)
    failure: Exception | None = None
    version: str = "fake-encoder@1"
    runs_on: str = "fake"

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]:  # noqa: ARG002
        if self.failure:
            raise self.failure
        return tuple(self.templates.get(face.box) for face in faces)


@dataclass(frozen=True, slots=True)
class FakeReader:
    """Reads the same lines in every picture, or fails."""

    lines: Sequence[PictureText] = ()
    failure: Exception | None = None
    version: str = "fake-reader@1"

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:  # noqa: ARG002
        if self.failure:
            raise self.failure
        return TextReading(tuple(self.lines), readers=("a fake",))


@dataclass(frozen=True, slots=True)
class FakeInspector:
    """Knows some pictures by their bytes; any other was not checked. `asked` lists what it was asked, in order."""

    known: Mapping[bytes, PictureFindings] = field(default_factory=dict)
    asked: list[tuple[str, InspectionRequest]] = field(default_factory=list)

    def inspect(self, content: bytes, request: InspectionRequest | None = None) -> PictureFindings:
        self.asked.append((hashlib.sha256(content).hexdigest(), request or InspectionRequest()))
        unknown = PictureFindings.not_looked_at(ProblemCode.NOT_CHECKED, "This picture is not in the book. Try again.")
        return self.known.get(content, unknown)

    def versions(self) -> dict[str, str]:
        return fake_eyes().versions()


def fake_eyes() -> Eyes:
    """Everything real but the models: no face and no text is found in any picture."""
    return Eyes(FakeDetector(), FakeEncoder(), FakeReader())


def findings_for(
    content: bytes,
    faces: Sequence[Face] = (),
    texts: Sequence[PictureText] = (),
    problems: Sequence[Problem] = (),
    barcodes: Sequence[Barcode] = (),
    hidden: Sequence[HiddenPicture] = (),
) -> PictureFindings:
    """What looking at this picture would find if these were in it: size, metadata and the released file are real."""
    picture = decode(content)
    return PictureFindings(
        width=picture.width,
        height=picture.height,
        format=picture.format.value,
        faces=tuple(faces),
        texts=tuple(texts),
        metadata=metadata.read(content, picture),
        problems=tuple(problems),
        released=None if problems else release(picture.pixels, picture.format),
        barcodes=tuple(barcodes),
        hidden=tuple(hidden),
        text_search=TextReading(readers=("a fake",)),
    )


def a_detected_face(box: Box, score: float = 0.9) -> DetectedFace:
    """A face that looks straight out of its box."""

    def at(across: float, down: float) -> tuple[float, float]:
        return box.left + across * box.width, box.top + down * box.height

    return DetectedFace(box, score, (at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)))


def a_template(direction: int = 0, lean: float = 0.0) -> Template:
    """A template along one of 128 axes, leaning towards the next one by `lean` (the sine of the angle)."""
    values = [0.0] * TEMPLATE_LENGTH
    values[direction % TEMPLATE_LENGTH] = (1 - lean**2) ** 0.5
    values[(direction + 1) % TEMPLATE_LENGTH] = lean
    return tuple(values)


def a_picture(
    colour: tuple[int, int, int] = (90, 120, 60), size: tuple[int, int] = (64, 48), kind: str = "JPEG"
) -> bytes:
    """The file of a picture in one colour; another colour makes another file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()
