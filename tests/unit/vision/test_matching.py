"""Identification on templates laid out by hand: two axes of the 128 are enough to place people at known distances."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision import thresholds
from vision.matching import (
    LENGTH,
    Gallery,
    Outcome,
    Reference,
    TemplateError,
    accepted,
    confusable,
    identify,
    radius,
    remoteness,
    score,
)
from vision.middle import MIDDLE
from vision.thresholds import FARTHEST_SECOND, SMALLEST_MARGIN

Template = tuple[float, ...]


def at(distance: float, axis: int = 1) -> Template:
    """A template at this chord distance from `at(0)`, in the direction of one axis; all are far from the middle."""
    angle = 2 * math.asin(distance / 2)
    vector = np.zeros(LENGTH)
    vector[0], vector[axis] = math.cos(angle), math.sin(angle)
    return tuple(vector)


def aside(chord: float, axis: int = 0, other: float = 0.0) -> Template:
    """A template at this chord distance from the middle of all faces, towards an axis; `other` turns it from there."""
    middle = np.array(MIDDLE) / np.linalg.norm(MIDDLE)
    away = np.eye(LENGTH)[axis] - middle[axis] * middle
    angle, turn = 2 * math.asin(chord / 2), np.eye(LENGTH)[axis + 1] - middle[axis + 1] * middle
    turn -= (turn @ away) / (away @ away) * away
    direction = math.cos(other) * away / np.linalg.norm(away) + math.sin(other) * turn / np.linalg.norm(turn)
    return tuple(math.cos(angle) * middle + math.sin(angle) * direction)


def gallery(*people: tuple[str, Template], references: int = 3) -> Gallery:
    return Gallery.build(Reference(name, template) for name, template in people for _ in range(references))


PROBE = at(0)


@pytest.mark.parametrize(
    ("people", "outcome", "named"),
    [
        pytest.param([("ann", 0.2), ("ben", 0.5)], Outcome.IDENTIFIED, ["ann"], id="near, everybody else far"),
        pytest.param([("ben", 0.5), ("ann", 0.2)], Outcome.IDENTIFIED, ["ann"], id="whatever the order"),
        pytest.param([("ann", 0.5), ("ben", 0.6)], Outcome.UNKNOWN, [], id="nobody near"),
        pytest.param(
            [("ann", 0.31), ("ben", 0.9)], Outcome.UNKNOWN, [], id="a far second does not make up for distance"
        ),
        pytest.param([("ann", 0.24), ("ben", 0.3)], Outcome.AMBIGUOUS, ["ann", "ben"], id="near, a second too near"),
        pytest.param(
            [("ann", 0.1), ("ben", 0.11)], Outcome.AMBIGUOUS, ["ann", "ben"], id="look-alikes, both very near"
        ),
        pytest.param([("ann", 0.1), ("ben", 0.1)], Outcome.AMBIGUOUS, ["ann", "ben"], id="a tie"),
        pytest.param(
            [("ann", 0.1), ("ben", 0.12), ("cem", 0.15), ("dee", 0.5)],
            Outcome.AMBIGUOUS,
            ["ann", "ben", "cem"],
            id="three look-alikes and one who is none",
        ),
        pytest.param([("ann", 0.1), ("ben", 0.19)], Outcome.IDENTIFIED, ["ann"], id="look-alikes, one clearly nearer"),
    ],
)
def test_identification(people: list[tuple[str, float]], outcome: Outcome, named: list[str]) -> None:
    crowd = gallery(*((name, at(distance, axis)) for axis, (name, distance) in enumerate(people, start=1)))

    found = identify(PROBE, crowd)

    assert found.outcome is outcome
    assert [candidate.subject_id for candidate in found.candidates] == named


def test_a_comparison_score_is_the_cosine_similarity() -> None:
    (candidate,) = identify(PROBE, gallery(("ann", at(0.2)))).candidates

    assert candidate.comparison_score == pytest.approx(float(np.dot(PROBE, at(0.2))))


def test_the_answer_names_its_threshold_for_this_gallery_and_these_references() -> None:
    few = identify(PROBE, gallery(("ann", at(0.2)), ("ben", at(0.5, 2)), references=1))
    more = identify(PROBE, gallery(("ann", at(0.2)), ("ben", at(0.5, 2)), references=3))

    assert few.threshold == thresholds.for_gallery(2, 1)
    assert more.threshold == thresholds.for_gallery(2, 3)


class TestSmallGalleries:
    def test_nobody_is_found_in_an_empty_gallery(self) -> None:
        found = identify(PROBE, Gallery.build([]))

        assert found.outcome is Outcome.UNKNOWN
        assert found.candidates == ()

    @pytest.mark.parametrize(
        ("distance", "outcome"),
        [
            pytest.param(0.25, Outcome.IDENTIFIED, id="near"),
            pytest.param(0.32, Outcome.UNKNOWN, id="not near enough with nobody to compare with"),
        ],
    )
    def test_one_person_alone_is_judged_as_if_a_second_stood_at_the_fixed_distance(
        self, distance: float, outcome: Outcome
    ) -> None:
        alone = identify(at(distance), gallery(("ann", PROBE)))
        with_second = identify(at(distance), gallery(("ann", PROBE), ("ben", at(1.2, 2))))

        assert alone.outcome is outcome
        assert with_second.outcome is outcome

    @pytest.mark.parametrize("references", [1, 2, 3, 5, 8])
    def test_whoever_is_accepted_alone_keeps_the_margin_to_the_fixed_second(self, references: int) -> None:
        weight, blandest = thresholds.SECOND_WEIGHT, thresholds.SMALLEST_RADIUS
        allowed = thresholds.for_gallery(1, references).value - float(remoteness(blandest, blandest))
        largest = (allowed + weight * FARTHEST_SECOND) / (1 + weight)

        assert FARTHEST_SECOND - largest >= SMALLEST_MARGIN


class TestTemplatesThatCannotBeCompared:
    @pytest.mark.parametrize(
        "template",
        [
            pytest.param(PROBE[:-1], id="too short"),
            pytest.param((*PROBE, 0.0), id="too long"),
            pytest.param((), id="empty"),
            pytest.param((math.nan, *PROBE[1:]), id="NaN"),
            pytest.param((math.inf, *PROBE[1:]), id="infinite"),
            pytest.param((0.0,) * LENGTH, id="zeros"),
            pytest.param(tuple(1.4 * value for value in PROBE), id="not normalised"),
        ],
    )
    def test_damage_is_an_error_never_unknown(self, template: Template) -> None:
        with pytest.raises(TemplateError):
            identify(template, gallery(("ann", PROBE)))
        with pytest.raises(TemplateError):
            Gallery.build([Reference("ann", template)])
        with pytest.raises(TemplateError):
            confusable(Reference("ann", template), gallery(("ann", PROBE)))

    def test_of_another_model(self) -> None:
        crowd = gallery(("ann", PROBE))
        other = Reference("ann", PROBE, model_id="another@0")

        with pytest.raises(TemplateError):
            identify(PROBE, crowd, model_id="another@0")
        with pytest.raises(TemplateError):
            confusable(other, crowd)
        with pytest.raises(TemplateError):
            Gallery.build([Reference("ann", PROBE), replace(other, subject_id="ben")])

    def test_references_that_contradict_each_other(self) -> None:
        opposite = tuple(-value for value in PROBE)

        with pytest.raises(TemplateError):
            Gallery.build([Reference("ann", PROBE), Reference("ann", opposite)])


class TestGallery:
    def test_a_person_is_the_normalised_mean_of_their_references(self) -> None:
        crowd = Gallery.build([Reference("ann", at(0.2, 1)), Reference("ann", at(0.2, 2))])
        mean = np.mean([at(0.2, 1), at(0.2, 2)], axis=0)

        assert crowd.distances(mean / np.linalg.norm(mean))[0] == pytest.approx(0.0, abs=1e-7)
        assert crowd.references("ann") == 2
        assert crowd.references("nobody") == 0
        assert len(crowd) == 1

    def test_templates_stored_as_32_bit_floats_are_taken(self) -> None:
        stored = tuple(float(value) for value in np.asarray(at(0.2), np.float32))

        assert identify(stored, gallery(("ann", PROBE))).outcome is Outcome.IDENTIFIED


class TestLookAlikesAtEnrolment:
    def test_people_near_a_new_reference_are_named_nearest_first(self) -> None:
        crowd = gallery(("ann", at(0.3, 1)), ("ben", at(0.1, 2)), ("cem", at(0.4, 3)))

        assert [found.subject_id for found in confusable(Reference("dee", PROBE), crowd)] == ["ben", "ann"]

    def test_a_person_does_not_resemble_themself(self) -> None:
        assert confusable(Reference("ann", PROBE), gallery(("ann", PROBE))) == ()

    def test_whoever_is_held_apart_here_could_not_be_identified_as_the_other(self) -> None:
        just_beyond = at(thresholds.CONFUSABLE + 0.01)

        assert identify(just_beyond, gallery(("ann", PROBE), references=1)).outcome is Outcome.UNKNOWN


distances = st.floats(0.0, 1.4)


@given(st.lists(distances, min_size=2, max_size=8), st.integers(1, 6))
def test_nobody_is_identified_while_somebody_else_stands_within_the_margin(apart: list[float], references: int) -> None:
    crowd = gallery(*((str(i), at(d, i + 1)) for i, d in enumerate(apart)), references=references)
    nearest, second = sorted(apart)[:2]

    found = identify(PROBE, crowd)

    if second - nearest < SMALLEST_MARGIN - 1e-6:
        assert found.outcome is not Outcome.IDENTIFIED
    if found.outcome is Outcome.IDENTIFIED:
        assert found.candidates[0].subject_id == str(apart.index(nearest))
    if found.outcome is Outcome.AMBIGUOUS:
        assert len(found.candidates) >= 2


@given(st.lists(distances, min_size=1, max_size=6), distances)
def test_one_more_person_never_turns_an_unknown_face_into_somebody_already_there(
    apart: list[float], newcomer: float
) -> None:
    people = [(str(i), at(d, i + 1)) for i, d in enumerate(apart)]

    before = identify(PROBE, gallery(*people))
    after = identify(PROBE, gallery(*people, ("new", at(newcomer, 9))))

    if before.outcome is not Outcome.IDENTIFIED and after.outcome is Outcome.IDENTIFIED:
        assert after.candidates[0].subject_id == "new"


@given(distances, distances, distances, st.floats(-0.05, 0.1), st.floats(0, 0.1))
def test_the_score_rises_as_the_nearest_goes_the_second_comes_and_the_faces_are_remoter(
    nearest: float, second: float, step: float, extra: float, more: float
) -> None:
    assert score(nearest + step, second, extra) >= score(nearest, second, extra)
    assert score(nearest, second + step, extra) <= score(nearest, second, extra)
    assert score(nearest, second, extra + more) >= score(nearest, second, extra)


def test_the_rule_works_on_many_searches_at_once_as_on_one() -> None:
    nearest, second = np.array([0.2, 0.2, 0.4, 0.1, 0.2]), np.array([0.5, 0.23, 0.9, 0.14, 0.5])
    extra = np.array([0.0, 0.0, 0.0, 0.0, 0.2])

    assert accepted(nearest, second, extra, 0.2).tolist() == [True, False, False, False, False]


class TestEverybodyHasAThresholdOfTheirOwn:
    """Far from the middle of all faces strangers lie nearer to one another, so there more is asked."""

    @pytest.mark.parametrize(
        ("chord", "outcome"),
        [
            pytest.param(0.30, Outcome.IDENTIFIED, id="a person near the middle"),
            pytest.param(0.36, Outcome.IDENTIFIED, id="a typical person"),
            pytest.param(0.50, Outcome.UNKNOWN, id="a person far from it"),
        ],
    )
    def test_the_same_distance_is_enough_for_one_and_not_for_another(self, chord: float, outcome: Outcome) -> None:
        person, probe = aside(chord), aside(chord, other=0.28 / chord)
        apart = float(np.linalg.norm(np.array(person) - np.array(probe)))

        assert apart == pytest.approx(0.27, abs=0.015)
        assert identify(probe, gallery(("ann", person))).outcome is outcome

    @pytest.mark.parametrize(
        ("chord", "counted"),
        [(0.0, 0.30), (0.1, 0.30), (0.30, 0.30), (0.40, 0.40), (0.50, 0.50), (0.8, 0.50), (1.4, 0.50)],
    )
    def test_distances_from_the_middle_count_within_what_was_measured(self, chord: float, counted: float) -> None:
        assert float(radius(np.array(aside(chord)))) == pytest.approx(counted, abs=1e-6)

    def test_a_typical_pair_gains_and_loses_nothing(self) -> None:
        assert float(remoteness(thresholds.TYPICAL_RADIUS, thresholds.TYPICAL_RADIUS)) == 0.0


class TestSiblings:
    """Two children of one family, whose templates lie .16 to .24 apart, and a picture of one of them."""

    ANN, BEN = at(0), at(0.2)

    def between(self, share: float) -> Template:
        """A picture of Ann that looks a little like Ben; at .5 it could be either."""
        vector = (1 - share) * np.array(self.ANN) + share * np.array(self.BEN)
        return tuple(vector / np.linalg.norm(vector))

    @pytest.mark.parametrize(
        ("share", "outcome"),
        [
            pytest.param(0.0, Outcome.IDENTIFIED, id="just as enrolled"),
            pytest.param(0.3, Outcome.IDENTIFIED, id="rather like Ann"),
            pytest.param(0.4, Outcome.AMBIGUOUS, id="a little more like Ann"),
            pytest.param(0.5, Outcome.AMBIGUOUS, id="like both"),
            pytest.param(0.6, Outcome.AMBIGUOUS, id="a little more like Ben"),
        ],
    )
    def test_ann_is_herself_or_ambiguous_never_ben(self, share: float, outcome: Outcome) -> None:
        found = identify(self.between(share), gallery(("ann", self.ANN), ("ben", self.BEN)))

        assert found.outcome is outcome
        assert {candidate.subject_id for candidate in found.candidates} >= {"ann"}

    def test_a_twin_who_cannot_be_told_apart_is_never_identified(self) -> None:
        twin = at(0.04)

        for probe in (self.ANN, twin, at(0.02), at(0.15, 2)):
            found = identify(probe, gallery(("ann", self.ANN), ("twin", twin)))
            assert found.outcome is Outcome.AMBIGUOUS
            assert {candidate.subject_id for candidate in found.candidates} == {"ann", "twin"}

    def test_a_sibling_is_held_for_a_second_person_at_enrolment(self) -> None:
        assert [one.subject_id for one in confusable(Reference("ben", self.BEN), gallery(("ann", self.ANN)))] == ["ann"]
