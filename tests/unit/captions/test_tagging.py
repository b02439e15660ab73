"""The trained tagger around its network: tokens and shapes in, names with exact offsets out, and no answer on doubt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from captions.tagger import TaggerError
from captions.tagging import MAX_TEXT, OVERLAP, TAGS, WINDOW, Shape, TrainedTagger, tokenize, windows

FIRST_NAMES, OTHER_NAMES = ("olivia", "ben", "anne", "o", "zo", "chidi"), ("smith", "marie", "brien", "##e", "j", ".")
WORDS = ("[UNK]", "[CLS]", "[SEP]", "well", "done", "and", ",", "'", "-", "s", "##x", "##s")
VOCABULARY = {word: number for number, word in enumerate((*WORDS, *FIRST_NAMES, *OTHER_NAMES))}


def small_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


@dataclass
class KnowsNames:
    """A network that begins a person at each first name and goes on with the others."""

    spoil: Callable[[Any], Any] = lambda logits: logits
    longest: int = 0

    def run(self, _: list[str] | None, feed: dict[str, Any], /) -> Sequence[Any]:
        ids = feed["tokens"]
        assert feed["shapes"].shape == ids.shape
        self.longest = max(self.longest, ids.shape[1])
        logits = np.zeros((*ids.shape, len(TAGS)), np.float32)
        logits[..., 0] = 4
        for names, tag in ((FIRST_NAMES, 1), (OTHER_NAMES, 2)):
            logits[np.isin(ids, [VOCABULARY[name] for name in names]), tag] = 9
        return [self.spoil(logits)]


def a_tagger(spoil: Callable[[Any], Any] = lambda logits: logits) -> TrainedTagger:
    return TrainedTagger(KnowsNames(spoil), small_tokenizer())


def names_in(text: str) -> list[str]:
    return [text[span.start : span.end] for span in a_tagger().tag(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Well done Olivia", ["Olivia"], id="one word"),
        pytest.param("Well done Olivia Smith.", ["Olivia Smith"], id="two words are one person"),
        pytest.param("Well done OLIVIA SMITH and ben", ["OLIVIA SMITH", "ben"], id="any case"),
        pytest.param("Olivia Ben Chidi", ["Olivia", "Ben", "Chidi"], id="three people side by side"),
        pytest.param("Olivia, Smith", ["Olivia", "Smith"], id="a comma parts"),
        pytest.param("Anne-Marie", ["Anne-Marie"], id="a hyphen joins"),
        pytest.param("Olivia--Ben", ["Olivia", "Ben"], id="two hyphens part"),
        pytest.param("Olivia O'Brien", ["Olivia", "O'Brien"], id="an apostrophe joins"),
        pytest.param("Olivia J. and Olivia j.", ["Olivia J.", "Olivia j."], id="the full stop of an initial stays"),
        pytest.param("Olivia . Ben.", ["Olivia", "Ben"], id="the full stop of a sentence goes"),
        pytest.param("Olivia's", ["Olivia"], id="a possessive is not part of the name"),
        pytest.param("Zoë and Zo\u0065\u0308", ["Zoë", "Zo\u0065\u0308"], id="accents, composed or not"),
        pytest.param("\U0001f469\u200d\U0001f680 Olivia \U0001f469", ["Olivia"], id="after an emoji of many parts"),
        pytest.param("\ud83d Olivia \udc00", ["Olivia"], id="beside lone surrogates"),
        pytest.param("\x00\x00Olivia\x00", ["Olivia"], id="beside NULs"),
        pytest.param("\u202e\u2066 Olivia", ["Olivia"], id="behind open bidi controls"),
        pytest.param("ＯＬＩＶＩＡ and Olivia", ["Olivia"], id="offsets after wide letters"),
        pytest.param("well done", [], id="nobody"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \n\t ", [], id="blanks"),
    ],
)
def test_names_are_cut_out_exactly(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_score_is_the_mean_chance_of_the_words() -> None:
    (span,) = a_tagger().tag("Olivia Smith")
    sure = np.exp(9) / (np.exp(9) + np.exp(4) + 5)
    assert span.score == pytest.approx(sure, abs=0.002)


def test_word_is_a_name_whether_it_begins_or_goes_on() -> None:
    def torn(logits: Any) -> Any:
        return np.where(logits == 9, 4, logits) + np.array([0, 4, 4, 0, 0, 0, 0]) * (logits == 9).any(-1, keepdims=True)

    (span,) = a_tagger(torn).tag("well done Olivia")
    assert (span.start, span.end) == (10, 16)
    assert span.score > 0.5


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("olivia", Shape.LOWER),
        ("Olivia", Shape.TITLE),
        ("OLIVIA", Shape.UPPER),
        ("McDonald", Shape.MIXED),
        ("O", Shape.INITIAL),
        ("o", Shape.LOWER),
        ("Zoë", Shape.TITLE),
        ("2B", Shape.INITIAL),
        ("42", Shape.NONE),
        ("🌻", Shape.NONE),
    ],
)
def test_shape(word: str, shape: int) -> None:
    assert Shape.of(word) == shape


def test_every_part_of_a_word_has_the_shape_of_the_whole() -> None:
    tokens = tokenize(small_tokenizer(), "Bens ben")
    assert list(tokens.shapes) == [Shape.TITLE, Shape.TITLE, Shape.LOWER]
    assert tokens.words == (0, 0, 1)


@given(st.integers(0, 3_000))
def test_windows_cover_every_token_with_context(count: int) -> None:
    runs = list(windows(count))
    assert set(range(count)) == {at for start, end in runs for at in range(start, end)}
    assert all(end - start <= WINDOW for start, end in runs)
    assert all(before[1] - after[0] == OVERLAP for before, after in pairwise(runs))


@pytest.mark.parametrize("before", [0, 1, WINDOW - 2, WINDOW - 1, WINDOW, WINDOW - OVERLAP, 3 * WINDOW, 1_000])
def test_name_is_found_wherever_in_a_long_text_it_stands(before: int) -> None:
    text = "well " * before + "Olivia Smith" + " done" * 500
    assert names_in(text) == ["Olivia Smith"]
    tagger = a_tagger()
    tagger.tag(text)
    assert isinstance(tagger.session, KnowsNames)
    assert tagger.session.longest <= WINDOW + 2


def fails(_: Any) -> Any:
    raise RuntimeError("out of memory")


def with_not_a_number(logits: Any) -> Any:
    logits[0, 1, 3] = np.nan
    return logits


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(fails, id="the network fails"),
        pytest.param(with_not_a_number, id="not a number"),
        pytest.param(lambda logits: logits + np.inf, id="infinite"),
        pytest.param(lambda logits: logits[:, :-1], id="a token short"),
        pytest.param(lambda logits: logits[..., :3], id="other tags"),
        pytest.param(lambda logits: logits[..., :1], id="one tag"),
        pytest.param(lambda _: None, id="nothing"),
    ],
)
def test_failing_network_is_an_error_never_nobody(spoil: Callable[[Any], Any]) -> None:
    with pytest.raises(TaggerError):
        a_tagger(spoil).tag("well done Olivia")


def test_failure_in_the_last_window_only_is_an_error() -> None:
    calls = []

    def later(logits: Any) -> Any:
        calls.append(1)
        return logits * (np.nan if len(calls) > 1 else 1)

    with pytest.raises(TaggerError):
        a_tagger(later).tag("well done " * WINDOW)


def test_longest_text_is_read_and_a_longer_one_refused() -> None:
    assert names_in("x" * (MAX_TEXT - 7) + " Olivia") == ["Olivia"]
    with pytest.raises(TaggerError, match="longer than 100,000 characters"):
        a_tagger().tag("x" * 1_000_000)


def test_text_of_nothing_but_signs_ends_soon() -> None:
    began = time.monotonic()
    assert names_in("-" * MAX_TEXT) == []
    assert time.monotonic() - began < 20


@given(st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("Oolivia BENben-'’.\x00\ud800"))))
def test_any_text_is_answered_with_spans_in_order_inside_it(text: str) -> None:
    spans = a_tagger().tag(text)
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end <= len(text) for end, span in zip(ends, spans, strict=False))
    assert all(0 <= span.score <= 1 for span in spans)
