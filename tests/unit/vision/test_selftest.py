"""The test of a gallery on itself, with templates laid out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vision.matching import LENGTH, Outcome, Reference, TemplateError
from vision.selftest import self_test


def towards(axis: int, aside: float = 0.0, towards_axis: int = 127) -> tuple[float, ...]:
    """Along one axis, turned by so much (chord distance) towards another."""
    angle = 2 * math.asin(aside / 2)
    vector = np.zeros(LENGTH)
    vector[axis], vector[towards_axis] = math.cos(angle), math.sin(angle)
    return tuple(vector)


def references(**people: list[tuple[float, ...]]) -> list[Reference]:
    return [Reference(name, template) for name, templates in people.items() for template in templates]


def test_people_far_apart_are_all_found():
    test = self_test(references(ann=[towards(0), towards(0, 0.05)], ben=[towards(1), towards(1, 0.05)]))
    assert (test.tried, test.found, test.missed, test.pairs) == (4, 4, (), ())


def test_a_reference_unlike_the_others_is_missed():
    test = self_test(references(ann=[towards(0)] * 9 + [towards(5)], ben=[towards(1), towards(1)]))
    assert [(each.subject_id, each.number, each.outcome) for each in test.missed] == [("ann", 10, Outcome.UNKNOWN)]
    assert (test.tried, test.found) == (12, 11)


def test_a_photo_of_somebody_else_shows_as_taken_for_them():
    test = self_test(references(ann=[towards(0), towards(0), towards(1)], ben=[towards(1), towards(1)]))
    (missed,) = [each for each in test.missed if each.outcome is Outcome.IDENTIFIED]
    assert (missed.subject_id, missed.number, missed.taken_for) == ("ann", 3, "ben")


def test_people_with_one_reference_are_not_tried():
    test = self_test(references(ann=[towards(0)], ben=[towards(1), towards(1)]))
    assert (test.tried, test.found) == (2, 2)


def test_look_alikes_are_named_nearest_first():
    test = self_test(references(ann=[towards(0)], ben=[towards(0, 0.2)], cem=[towards(0, 0.1)], dee=[towards(3)]))
    assert [(pair.one, pair.other) for pair in test.pairs] == [("ann", "cem"), ("ben", "cem"), ("ann", "ben")]
    assert [pair.distance for pair in test.pairs] == pytest.approx([0.1, 0.1, 0.2], abs=0.002)


def test_look_alikes_are_ambiguous_when_left_out():
    test = self_test(references(ann=[towards(0), towards(0)], ben=[towards(0, 0.05), towards(0, 0.05)]))
    assert {each.outcome for each in test.missed} == {Outcome.AMBIGUOUS}


def test_nobody_enrolled_is_an_empty_test():
    assert self_test([]).tried == 0


def test_a_damaged_template_is_an_error():
    with pytest.raises(TemplateError):
        self_test([Reference("ann", (0.0,) * LENGTH)])
