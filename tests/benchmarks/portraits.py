"""Everybody's photos as templates, once computed and kept: what the search in galleries is measured on."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vision.chips import Landmarker, chips_of, load_landmarker
from vision.descriptors import Descriptors, load_descriptors
from vision.detection import DetectedFace, FaceDetector, load_detector
from vision.embedding import template_of
from vision.images import Pixels, decode
from vision.measuring import quality
from vision.models import TEMPLATE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Portraits:
    """One row for each photo with a face in its middle.

    `person` numbers the people, `names` names them. `plain` is the descriptor of the first chip alone, of any length,
    as face_recognition would give it. `quality` is height (pixels), sharpness, yaw and roll. `without` counts the
    photos in which no face was found.
    """

    names: tuple[str, ...]
    person: Ints
    templates: Floats
    plain: Floats
    quality: Floats
    without: int

    @property
    def people(self) -> int:
        return len(self.names)

    def of(self, person: int) -> Ints:
        """The rows of one person."""
        return np.flatnonzero(self.person == person)


def portraits_in(folder: Path, cache: Path | None = None) -> Portraits:
    """Find and encode the face in the middle of every NAME/*.jpg."""
    photos = sorted(folder.glob("*/*.jpg"))
    if not photos:
        sys.exit(f"{folder} holds no NAME/*.jpg.")
    detector = load_detector()
    said = "\n".join([detector.version, TEMPLATE, *(str(photo.relative_to(folder)) for photo in photos)])
    key = hashlib.sha256(said.encode()).hexdigest()
    if cache is not None and cache.exists():
        with np.load(cache) as stored:
            if str(stored["key"]) == key:
                return _grouped(photos, {name: stored[name] for name in ("templates", "plain", "quality")})
    found = _computed(photos, detector)
    if cache is not None:
        np.savez(cache, key=key, **found)  # type: ignore[arg-type]
    return _grouped(photos, found)


def _computed(photos: list[Path], detector: FaceDetector) -> dict[str, Floats]:
    landmarker, descriptors = load_landmarker(), load_descriptors()
    found = {name: np.full((len(photos), width), np.nan) for name, width in _WIDTHS.items()}
    for i, photo in enumerate(photos):
        print(f"\r{i + 1} of {len(photos)} photos", end="", file=sys.stderr, flush=True)
        pixels = decode(photo.read_bytes()).pixels
        face = face_in_the_middle(pixels, detector)
        if face is not None:
            found["templates"][i], found["plain"][i] = _encoded(pixels, face, landmarker, descriptors)
            good = quality(pixels, face)
            found["quality"][i] = good.height_px, good.sharpness, good.yaw, good.roll
    print(file=sys.stderr)
    return found


_WIDTHS = {"templates": 128, "plain": 128, "quality": 4}


def face_in_the_middle(pixels: Pixels, detector: FaceDetector) -> DetectedFace | None:
    """The largest face in the middle third of the picture."""
    height, width = pixels.shape[:2]

    def in_the_middle(face: DetectedFace) -> bool:
        x, y = (face.box.left + face.box.right) / 2 / width, (face.box.top + face.box.bottom) / 2 / height
        return bool(abs(x - 0.5) < 1 / 6 and abs(y - 0.5) < 1 / 6)

    faces = [face for face in detector.detect(pixels) if in_the_middle(face)]
    return max(faces, key=lambda face: face.box.height, default=None)


def _encoded(
    pixels: Pixels, face: DetectedFace, landmarker: Landmarker, descriptors: Descriptors
) -> tuple[tuple[float, ...], Floats]:
    computed = descriptors.compute(chips_of(pixels, face, landmarker))
    return template_of(computed), computed[0]


def _grouped(photos: list[Path], found: dict[str, Floats]) -> Portraits:
    good = np.asarray(~np.isnan(found["templates"]).any(axis=1))
    owners = [photo.parent.name for photo, is_good in zip(photos, good, strict=True) if is_good]
    names, person = np.unique(owners, return_inverse=True)
    return Portraits(
        names=tuple(str(name) for name in names),
        person=np.asarray(person, np.intp),
        templates=found["templates"][good],
        plain=found["plain"][good],
        quality=found["quality"][good],
        without=int((~good).sum()),
    )
