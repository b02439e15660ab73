"""Who a face may be: open-set identification of one probe against a gallery of enrolled people.

Templates are L2-normalised, and the distance of two is the chord between them, sqrt(2 * cosine distance): 0 for the
same direction, 1.41 for a right angle. A person's template is the normalised mean of their references.

With d1 the distance to the nearest person and d2 to the second nearest (never counted as more than `FARTHEST_SECOND`),
the score is `s = d1 - 0.75 (d2 - d1) + remoteness`: near is not enough, everybody else must also be far, and more
is asked of a face far from the middle of all faces (vision/middle.py), as faces out there lie nearer to one another.

- IDENTIFIED: `s <= threshold` and `d2 - d1 >= SMALLEST_MARGIN`.
- AMBIGUOUS: not so, but `s` would have passed with nobody else near: somebody is too near to tell the two apart.
- UNKNOWN: the nearest person is not near enough by themself.

Rule and its comparison with others: vision/MODELS.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from vision import thresholds
from vision.errors import VisionError
from vision.middle import MIDDLE
from vision.models import TEMPLATE
from vision.thresholds import FARTHEST_SECOND, SMALLEST_MARGIN, Threshold

Floats = npt.NDArray[np.float64]

LENGTH = 128
_NORM_SLACK = 1e-3  # templates are stored as 32-bit floats


class TemplateError(VisionError):
    """A template is damaged, or was made by another model, and cannot be compared."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One enrolled template of a person; `subject_id` is opaque here."""

    subject_id: str
    template: tuple[float, ...]
    model_id: str = TEMPLATE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person the probe may show; `comparison_score` is the cosine similarity, 1 for equal, 0 for a right angle."""

    subject_id: str
    comparison_score: float


class Outcome(StrEnum):
    IDENTIFIED = "identified"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identification:
    """One candidate where identified; two or more, nearest first, where ambiguous; none where unknown."""

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    threshold: Threshold


class Gallery:
    """The enrolled people, one template each; never changed after it was built."""

    def __init__(self, subject_ids: Sequence[str], templates: Floats, references: Sequence[int], model_id: str) -> None:
        self.subject_ids = tuple(subject_ids)
        self.model_id = model_id
        self._references = dict(zip(subject_ids, references, strict=True))
        self._templates = templates
        self._templates.flags.writeable = False
        self._radii = radius(templates)

    @classmethod
    def build(cls, references: Iterable[Reference]) -> Gallery:
        """A gallery of everybody who has a reference; raises TemplateError."""
        rows = list(references)
        models = {reference.model_id for reference in rows} or {TEMPLATE}
        if len(models) > 1:
            raise TemplateError(f"References of different models cannot be compared: {', '.join(sorted(models))}.")
        people: dict[str, list[Floats]] = defaultdict(list)
        for reference in rows:
            people[reference.subject_id].append(checked(reference.template))
        means = [_normalised(np.mean(templates, axis=0)) for templates in people.values()]
        return cls(
            subject_ids=list(people),
            templates=np.array(means).reshape(-1, LENGTH),
            references=[len(templates) for templates in people.values()],
            model_id=models.pop(),
        )

    def __len__(self) -> int:
        return len(self.subject_ids)

    def references(self, subject_id: str) -> int:
        """How many references the person's template is made of; 0 for somebody who is not in the gallery."""
        return self._references.get(subject_id, 0)

    def template(self, subject_id: str) -> Floats:
        """The template of somebody in the gallery; raises KeyError for anybody else."""
        try:
            return np.asarray(self._templates[self.subject_ids.index(subject_id)], np.float64)
        except ValueError:
            raise KeyError(subject_id) from None

    def with_references(self, subject_id: str, references: Sequence[Reference]) -> Gallery:
        """The same gallery with these references for somebody who is in it; raises TemplateError."""
        alone = Gallery.build(references)
        if alone.model_id != self.model_id or alone.subject_ids != (subject_id,):
            raise TemplateError("These are not references of one person, made by the gallery's model.")
        templates = self._templates.copy()
        templates[self.subject_ids.index(subject_id)] = alone.template(subject_id)
        counts = {**self._references, subject_id: len(references)}
        return Gallery(self.subject_ids, templates, list(counts.values()), self.model_id)

    def distances(self, template: Floats) -> Floats:
        """The chord distance from this template to each person, in the order of `subject_ids`."""
        return _chord(self._templates @ template)

    def radii(self) -> Floats:
        """How far each person lies from the middle of all faces, in the order of `subject_ids`: see `radius`."""
        return self._radii


def identify(template: Sequence[float], gallery: Gallery, model_id: str = TEMPLATE) -> Identification:
    """Search the gallery for the person this template shows; raises TemplateError."""
    probe = checked(template)
    if model_id != gallery.model_id:
        raise TemplateError(f"A template of {model_id} cannot be compared with a gallery of {gallery.model_id}.")
    if not len(gallery):
        return Identification(Outcome.UNKNOWN, (), thresholds.for_gallery(1, 1))
    distances = gallery.distances(probe)
    order = np.argsort(distances, kind="stable")
    nearest = float(distances[order[0]])
    second = float(distances[order[1]]) if len(order) > 1 else FARTHEST_SECOND
    extra = float(remoteness(radius(probe), gallery.radii()[order[0]]))
    threshold = thresholds.for_gallery(len(gallery), gallery.references(gallery.subject_ids[order[0]]))

    def candidates(which: npt.NDArray[np.intp]) -> tuple[Candidate, ...]:
        return tuple(Candidate(gallery.subject_ids[i], 1.0 - float(distances[i]) ** 2 / 2) for i in which)

    if float(score(nearest, FARTHEST_SECOND, extra)) > threshold.value:
        return Identification(Outcome.UNKNOWN, (), threshold)
    if accepted(nearest, second, extra, threshold.value):
        return Identification(Outcome.IDENTIFIED, candidates(order[:1]), threshold)
    too_near = nearest + max(SMALLEST_MARGIN, (nearest + extra - threshold.value) / thresholds.SECOND_WEIGHT)
    count = max(int((distances < too_near).sum()), 2)
    return Identification(Outcome.AMBIGUOUS, candidates(order[:count]), threshold)


def radius(templates: Floats) -> Floats:
    """How far a template, or each of many, lies from the middle of all faces: a chord, within what was measured.

    So nobody is judged more loosely than the blandest of the faces that were measured, and nobody, however unlike them,
    so strictly that they cannot be recognised.
    """
    return np.clip(_chord(templates @ _MIDDLE), thresholds.SMALLEST_RADIUS, thresholds.LARGEST_RADIUS)


def remoteness(probe: Floats | float, person: Floats | float) -> Floats:
    """What the radii of a probe and of the nearest person add to the score; about 0 for a typical pair, elementwise.

    The person's counts for most, so that everybody has a threshold of their own.
    """
    typical = thresholds.TYPICAL_RADIUS
    of_probe = thresholds.PROBE_RADIUS_WEIGHT * np.subtract(probe, typical)
    return np.asarray(of_probe + thresholds.PERSON_RADIUS_WEIGHT * np.subtract(person, typical), np.float64)


def score(nearest: Floats | float, second: Floats | float, extra: Floats | float) -> Floats:
    """How well the nearest person fits, the smaller the better, from the two smallest distances and `remoteness`."""
    counted = np.minimum(second, FARTHEST_SECOND)
    return np.asarray(nearest - thresholds.SECOND_WEIGHT * (counted - nearest) + extra, np.float64)


def accepted(
    nearest: Floats | float, second: Floats | float, extra: Floats | float, threshold: float
) -> npt.NDArray[np.bool_]:
    """Whether the nearest person is the one, from the two smallest distances and `remoteness`; elementwise."""
    clear = np.subtract(second, nearest) >= SMALLEST_MARGIN
    return np.asarray((score(nearest, second, extra) <= threshold) & clear, np.bool_)


def confusable(reference: Reference, gallery: Gallery) -> tuple[Candidate, ...]:
    """Other enrolled people whom this reference resembles so much that one may be taken for the other, nearest first.

    An enrolment that resembles somebody else is held for a second person: the photo may show that somebody. Raises
    TemplateError.
    """
    if reference.model_id != gallery.model_id:
        raise TemplateError(f"A template of {reference.model_id} cannot be compared with one of {gallery.model_id}.")
    distances = gallery.distances(checked(reference.template))
    return tuple(
        Candidate(gallery.subject_ids[i], 1.0 - float(distances[i]) ** 2 / 2)
        for i in np.argsort(distances, kind="stable")
        if distances[i] <= thresholds.CONFUSABLE and gallery.subject_ids[i] != reference.subject_id
    )


def checked(template: Sequence[float]) -> Floats:
    """The template as an array of 128 numbers of length 1; raises TemplateError."""
    vector = np.asarray(template, np.float64)
    if vector.shape != (LENGTH,):
        raise TemplateError(f"A template has {LENGTH} numbers, this one has {vector.size}: enrol the person again.")
    length = float(np.linalg.norm(vector))
    if not abs(length - 1.0) <= _NORM_SLACK:  # false for NaN too
        raise TemplateError("A template is damaged: enrol the person again.")
    return vector / length


def _chord(similarities: Floats) -> Floats:
    return np.asarray(np.sqrt(2.0 * (1.0 - np.clip(similarities, -1.0, 1.0))), np.float64)


def _normalised(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    if length < _NORM_SLACK:
        raise TemplateError("A person's references contradict each other: enrol the person again.")
    return np.asarray(vector / length, np.float64)


_MIDDLE = _normalised(np.array(MIDDLE))
