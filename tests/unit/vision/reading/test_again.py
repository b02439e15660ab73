"""The second reader: crops in, texts out, in the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from vision.images import Pixels
from vision.reading.again import HEIGHT, MOST_WIDTH, SecondReader, characters_of


class Network:
    """Says "ab" for a crop that begins light, "b" with doubt for one that begins dark, nothing for one that is grey."""

    def __init__(self, classes: int = 3) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self.classes = classes

    def run(self, _: Any, fed: dict[str, Any]) -> list[Any]:
        lines = fed["lines"]
        self.shapes.append(lines.shape)
        likely = np.zeros((len(lines), 6, self.classes), np.float32)
        for at, line in enumerate(lines):
            first = line[0, 0, 0]
            said = [0, 1, 1, 0, 2, 0] if first > 0.5 else [0, 2, 0, 0, 0, 0] if first < -0.5 else [0] * 6
            for frame, label in enumerate(said):
                likely[at, frame, label] = 0.8 if first > 0.5 else 0.6
        return [likely]


def crop(level: int, width: int = 100, height: int = 30) -> Pixels:
    return np.full((height, width, 3), level, np.uint8)


def test_repeats_and_blanks_are_left_out_and_certainty_is_that_of_the_characters() -> None:
    ((text, certainty),) = SecondReader(Network(), "ab").read([crop(255)])

    assert text == "ab"
    assert certainty == pytest.approx(0.8)


def test_nothing_read_is_no_certainty() -> None:
    assert SecondReader(Network(), "ab").read([crop(127)]) == [("", 0.0)]


def test_answers_come_in_the_order_of_the_crops_whatever_their_lengths() -> None:
    lengths = [300, 20, 500, 40, 120, 60, 80, 100, 30, 200]
    crops = [crop(255 if at % 2 else 0, length) for at, length in enumerate(lengths)]

    assert [text for text, _ in SecondReader(Network(), "ab").read(crops)] == ["b", "ab"] * 5


def test_crops_are_brought_to_one_height_and_no_endless_width() -> None:
    network = Network()
    SecondReader(network, "ab").read([crop(255, 30_000, 20), crop(255, 3, 900)])

    assert network.shapes == [(2, 3, HEIGHT, MOST_WIDTH)]


def test_a_network_with_other_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        SecondReader(Network(classes=5), "ab").read([crop(255)])


def test_no_crops_no_texts() -> None:
    assert SecondReader(Network(), "ab").read([]) == []


def test_the_classes_stand_in_a_file_beside_the_network() -> None:
    assert characters_of(b'{"characters": "a\\u00e9 "}') == "aé "


class Looks(SecondReader):
    """Reads by what a crop is like: lighter above than below, how high it is, whether it holds pure black."""

    def __init__(self) -> None:
        object.__setattr__(self, "sure", {"upright": 0.9, "turned": 0.2})

    def read(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        sure: dict[str, float] = getattr(self, "sure")  # noqa: B009
        found = []
        for crop in crops:
            way = "upright" if crop[0].mean() > crop[-1].mean() else "turned"
            how = "closer" if crop.shape[0] < 40 else "clearer" if crop.min() == 0 else "as it is"
            found.append((f"{way}, {how}", sure[way]))
        return found


def shaded() -> Pixels:
    """Light above, grey below."""
    return np.repeat(np.linspace(200, 100, 40, dtype=np.uint8)[:, None, None], 120, axis=1).repeat(3, axis=2)


def test_a_crop_is_read_as_it_is_cut_closer_and_with_more_contrast() -> None:
    (looks,) = Looks().readings([shaded()])

    assert [text for text, _ in looks] == ["upright, as it is", "upright, closer", "upright, clearer"]


def test_what_reads_better_upside_down_is_upside_down() -> None:
    second = Looks()
    object.__setattr__(second, "sure", {"upright": 0.2, "turned": 0.9})

    assert second.readings([shaded()]) == [[("turned, as it is", 0.9)]]


def test_what_is_legible_is_not_upside_down() -> None:
    second = Looks()
    object.__setattr__(second, "sure", {"upright": 0.6, "turned": 0.7})

    (looks,) = second.readings([shaded()])

    assert [text for text, _ in looks] == ["turned, as it is", "upright, closer", "upright, clearer"]


@pytest.mark.parametrize("size", [(1, 1), (4, 200), (200, 4), (9, 9)])
def test_the_smallest_crops_can_be_read(size: tuple[int, int]) -> None:
    assert len(SecondReader(Network(), "ab").readings([np.zeros((*size, 3), np.uint8)])) == 1
