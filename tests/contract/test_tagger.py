"""The shipped tagger and the fake one, side by side: what both promise, and what only trained weights can do."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

import captions
from captions.tagger import PersonTagger, TaggerError
from captions.tagging import NETWORK, SHA256, VOCABULARY, WEIGHTS, load_tagger
from captions.testing import FakePersonTagger
from vision.runtime import open_session

CARD = (Path(captions.__file__).parent / "training" / "MODEL_CARD.md").read_text("utf-8")
MAX_BYTES = 25_000_000

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def trained() -> PersonTagger:
    return load_tagger(open_session)


@pytest.fixture(params=["trained", "fake"])
def tagger(request: pytest.FixtureRequest) -> PersonTagger:
    if request.param == "fake":
        return FakePersonTagger(("Chidi Okafor", "Zofia"))
    found: PersonTagger = request.getfixturevalue("trained")
    return found


def names(tagger: PersonTagger, text: str) -> list[str]:
    return [text[span.start : span.end] for span in tagger.tag(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("The library is open after school.", [], id="nobody"),
        pytest.param("Well done to Chidi Okafor and Zofia!", ["Chidi Okafor", "Zofia"], id="two people"),
        pytest.param("🌻🌻 Well done to Zofia 🌻", ["Zofia"], id="offsets after emoji"),
    ],
)
def test_both_taggers_give_names_with_their_place(tagger: PersonTagger, text: str, found: list[str]) -> None:
    assert names(tagger, text) == found


@pytest.mark.parametrize("change", [str, str.lower, str.upper], ids=["as written", "lower case", "upper case"])
@pytest.mark.parametrize(
    "name", ["Harriet Langford", "Gurpreet Dhaliwal", "Ngozi Okonkwo", "Minh Tran", "Oksana Petrenko", "Yusuf Khalil"]
)
def test_full_names_of_every_origin_are_found_in_every_case(
    trained: PersonTagger, name: str, change: type[str]
) -> None:
    text = change(f"Thank you to {name} for helping at the summer fair.")
    assert [found.casefold() for found in names(trained, text)] == [name.casefold()]


@pytest.mark.parametrize(
    "text",
    [
        "Summer term starts with our Poppy Day assembly.",
        "Rose class planted a rose by the gate.",
        "We are off to Florence Park in May.",
        "Will you join us for the harvest festival at St Mary's Church?",
        "Jack and the Beanstalk is this year's play.",
        "It was a sunny morning for lino printing.",
        "basil and mint from our raised beds, with ivy and heather in the pots",
        "Mark your calendars: the bake sale is in May.",
    ],
)
def test_words_that_look_like_names_are_left_alone(trained: PersonTagger, text: str) -> None:
    assert names(trained, text) == []


@pytest.mark.parametrize("name", [NETWORK, VOCABULARY])
@pytest.mark.parametrize("damage", ["missing", "cut", "one bit"])
def test_damaged_weights_are_refused(tmp_path: Path, name: str, damage: str) -> None:
    for each in SHA256:
        shutil.copy(WEIGHTS / each, tmp_path / each)
    held = (tmp_path / name).read_bytes()
    if damage == "missing":
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(held[:-1] if damage == "cut" else held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(TaggerError, match=name):
        load_tagger(open_session, tmp_path)


def test_session_that_does_not_open_is_an_error() -> None:
    def refuses(_: bytes, __: int) -> None:
        raise MemoryError

    with pytest.raises(TaggerError, match="could not be opened"):
        load_tagger(refuses)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 5_000,
        "\ud800\udfff" * 500,
        "\u202e\u2066" * 2_000,
        "a" * 20_000,
        "👩‍🚀" * 2_000,
        "Ü" * 999,
        "田中" * 900,
    ],
    ids=["NULs", "surrogates", "bidi", "one word", "emoji", "accents", "no capitals"],
)
def test_odd_text_is_answered(trained: PersonTagger, text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in trained.tag(text))


def test_name_at_the_end_of_a_field_as_long_as_is_read(trained: PersonTagger) -> None:
    text = "We went to the park and saw ducks. " * 560 + "Thank you to Gurpreet Dhaliwal for driving."
    began = time.process_time()
    assert "Gurpreet Dhaliwal" in names(trained, text)
    assert time.process_time() - began < 20


def test_megabyte_is_refused_at_once(trained: PersonTagger) -> None:
    with pytest.raises(TaggerError, match="longer"):
        trained.tag("Well done Zofia. " * 60_000)


def test_shipped_files_are_small_enough_and_described_by_the_card() -> None:
    assert sum((WEIGHTS / name).stat().st_size for name in SHA256) <= MAX_BYTES
    assert all(sha256 in CARD for sha256 in SHA256.values())
