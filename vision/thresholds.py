"""Every limit that decides about faces and text, each with its evidence.

All figures come from photos of adults: nothing here was measured on children, for whom encoders like this one are known
to be worse. `python -m tests.benchmarks.identification` measures the table of operating points again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

FACES_DATA = "79 hard crowd pictures of WIDER FACE (validation), long side 640 pixels"
PEOPLE_DATA = "304 people of LFW (deep-funneled), 1,789 photos"


@dataclass(frozen=True, slots=True)
class DetectionThreshold:
    """The least score (0 to 1) of a face, with what it finds: shares of labelled faces by height in pixels.

    `false_per_picture` counts by the labels; about half of those are faces that nobody labelled.
    """

    value: float
    found: dict[str, float]
    all_found: float  # share of pictures in which every face of 20 pixels and more is found
    false_per_picture: float
    measured_on: date
    data: str


# Doubt blocks: one face too many costs a teacher one look, one too few may cost a child. At .3 some .03 fewer of the
# faces up to 40 pixels are found with 1.1 false a picture, at .2 some .03 more with 3.8.
FACE = DetectionThreshold(
    value=0.25,
    found={"under 20": 0.501, "20 to 40": 0.838, "40 to 80": 0.937, "over 80": 0.913},
    all_found=0.727,
    false_per_picture=1.9,
    measured_on=date(2026, 11, 22),
    data=FACES_DATA,
)

# Which way up a picture is, is judged by all that may be a face. Right for 77 of 77 upright crowd pictures with a face
# of 20 pixels or more, 398 of 398 upright portraits and close-ups, 117 of 117 turned crowd pictures, 1,180 of 1,194
# turned portraits and close-ups.
TURNED_FACE = 0.2


@dataclass(frozen=True, slots=True)
class Threshold:
    """The operating point for a gallery of this size with so many references a person.

    `value` limits the score of `vision.matching`, a chord distance. `fpir`: share of searches for a stranger that end
    with somebody identified; `fpir_highest`: the same in the worst of ten runs; `events`: how many such searches were
    seen in all ten, few of them independent. `fnir`: share of searches for an enrolled person that do not end with that
    person identified. Where `extrapolated`, the value was not measured but carried on from smaller galleries, and the
    rates are those of the nearest point that was.
    """

    value: float
    gallery_size: int
    references: int
    fpir: float
    fpir_highest: float
    fnir: float
    events: int
    measured_on: date = date(2026, 11, 22)
    data: str = PEOPLE_DATA
    extrapolated: bool = False


# The second-nearest person is never counted as farther away than this, so that a gallery of one or two is judged as
# strictly as a larger one. Without it FNIR at FPIR 0.1 % is 18 instead of 11 % at 30 people, and the same at 100.
FARTHEST_SECOND = 0.42

# Two people whose distances differ by less are not told apart. With it no search for an enrolled person ended with
# another (without it: up to .014 %); at 250 people FPIR falls from .34 to .05 % for 3 points of FNIR.
SMALLEST_MARGIN = 0.08

# No operating point may be larger: beyond it one person alone would be accepted at less than the margin.
LARGEST = 0.29

# Chosen for FPIR 0.1 %: a wrong match can hurt a child, an unknown face costs a tap.
OPERATING_POINTS = (
    Threshold(0.27, gallery_size=30, references=1, fpir=0.0007, fpir_highest=0.0019, fnir=0.411, events=22),
    Threshold(0.26, gallery_size=100, references=1, fpir=0.0007, fpir_highest=0.0017, fnir=0.455, events=17),
    Threshold(0.25, gallery_size=250, references=1, fpir=0.0, fpir_highest=0.0, fnir=0.538, events=0),
    Threshold(0.23, gallery_size=30, references=3, fpir=0.0009, fpir_highest=0.0022, fnir=0.156, events=29),
    Threshold(0.225, gallery_size=100, references=3, fpir=0.0010, fpir_highest=0.0021, fnir=0.202, events=24),
    Threshold(0.22, gallery_size=250, references=3, fpir=0.0006, fpir_highest=0.0048, fnir=0.273, events=4),
    Threshold(0.225, gallery_size=30, references=5, fpir=0.0009, fpir_highest=0.0026, fnir=0.107, events=27),
    Threshold(0.20, gallery_size=100, references=5, fpir=0.0012, fpir_highest=0.0019, fnir=0.248, events=25),
)

STRICTER_PER_DOUBLING = 0.01  # beyond the largest gallery measured; between the measured ones it falls more slowly


def for_gallery(size: int, references: int) -> Threshold:
    """The operating point for so many enrolled people and so many references of the person who is nearest.

    Between measured points the stricter one holds: the larger gallery, the larger number of references.
    """
    counts = sorted({point.references for point in OPERATING_POINTS})
    count = next((count for count in counts if count >= references), counts[-1])
    points = sorted(
        (point for point in OPERATING_POINTS if point.references == count), key=lambda point: point.gallery_size
    )
    for point in points:
        if point.gallery_size >= size:
            return point
    largest = points[-1]
    stricter = STRICTER_PER_DOUBLING * math.log2(size / largest.gallery_size)
    return replace(largest, value=round(largest.value - stricter, 4), gallery_size=size, extrapolated=True)


# A new reference this near to somebody else's template is held for a second person: with three references it holds 94 %
# of photos of an enrolled person brought in under another name, and 1.3 % (100 people) to 3.2 % (250) of honest ones.
CONFUSABLE = 0.32

# Of enrolled people (100, three references) 77 % are recognised by faces 128 pixels high, 75 at 80, 73 at 64, 67 at 48,
# 58 at 40, 37 at 32, 9 at 24 and 1 at 18; by faces less sharp than .02 fewer than 2 %. Strangers are not taken for
# somebody more often by a small or blurred face (0 of 4,769 searches at 24 pixels, 1 at 128): this spares vain work.
RECOGNISABLE_HEIGHT = 24
RECOGNISABLE_SHARPNESS = 0.02


@dataclass(frozen=True, slots=True)
class ReferenceLimits:
    """What a face must have to serve as a reference: see `vision.quality.FaceQuality`."""

    height_px: int
    sharpness: float
    yaw: float
    roll: float


# As probes, faces of 80 pixels do 2 points worse than of 128. Of press photos 2 % are less sharp than .12; blurred by 2
# pixels (51 instead of 23 % not recognised) half are below .08. Turned aside by .3 to .4, 64 instead of 78 to 82 % are
# recognised. A tilt is corrected: its limit only keeps out photos that lie on their side.
REFERENCE = ReferenceLimits(height_px=80, sharpness=0.08, yaw=0.35, roll=30.0)
