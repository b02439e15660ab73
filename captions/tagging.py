"""The trained tagger of person names: weights in this package, run by the session opener that is passed in.

How it was trained, on what, and how well it reads: captions/training/MODEL_CARD.md.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from captions.tagger import PersonSpan, TaggerError

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
WINDOW = 126  # tokens read at once, as in training
OVERLAP = 32  # tokens of context that neighbouring windows share
MAX_TEXT = 100_000  # characters read in one call: some seconds at worst
THRESHOLD = 0.5  # probability from which a word belongs to a person's name

WEIGHTS = Path(__file__).parent / "tagger_model"
NETWORK, VOCABULARY = "tagger.onnx", "tokenizer.json"
SHA256: dict[str, str] = {
    NETWORK: "701b1604d8fd7c0febc6dd71f360a887f4a2628bbd833db86c6173c8ad58afbb",
    VOCABULARY: "9114256b104cca80e04367526f03f46aa3c443c2ed174904142a73bbf13b9fbb",
}

_FIRST, _LAST = "[CLS]", "[SEP]"
_SURROGATES = re.compile("[\ud800-\udfff]")
_INITIAL = re.compile(r"(?:^|[\W_])[^\W\d_]\.\Z")  # the full stop of "Olivia S." belongs to the name
_GLUE = frozenset("-'’‐‑")

Floats = npt.NDArray[np.float32]


class Session(Protocol):
    """What of an opened network is used here."""

    def run(self, output_names: list[str] | None, input_feed: dict[str, npt.NDArray[Any]], /) -> Sequence[Any]: ...


OpenSession = Callable[[bytes, int], Session]  # the ONNX file's bytes, threads


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text in the network's tokens: ids and shapes; where each begins and ends; the word each belongs to."""

    ids: npt.NDArray[np.int64]
    shapes: npt.NDArray[np.int64]
    offsets: tuple[tuple[int, int], ...]
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrainedTagger:
    """PersonTagger over an ONNX network with inputs tokens and shapes (1, n) and one output of logits (1, n, tags)."""

    session: Session
    tokenizer: Tokenizer
    threshold: float = THRESHOLD

    def tag(self, text: str) -> tuple[PersonSpan, ...]:
        if len(text) > MAX_TEXT:
            raise TaggerError(f"the text is longer than {MAX_TEXT:,} characters")
        try:
            tokens = tokenize(self.tokenizer, text)
            chances = self._chances(tokens)
        except TaggerError:
            raise
        except Exception as error:
            raise TaggerError(f"the name tagger failed ({type(error).__name__})") from error
        return people(text, tokens, chances, self.threshold)

    def _chances(self, tokens: Tokens) -> Floats:
        """Probability of each tag for each token (tokens, tags); a token is read where it has most context."""
        chances = np.zeros((len(tokens.ids), len(TAGS)), np.float32)
        first, last = (self.tokenizer.token_to_id(mark) for mark in (_FIRST, _LAST))
        for start, end in windows(len(tokens.ids)):
            ids = np.concatenate([[first], tokens.ids[start:end], [last]])[None]
            shapes = np.concatenate([[Shape.NONE], tokens.shapes[start:end], [Shape.NONE]])[None]
            (logits,) = self.session.run(None, {"tokens": ids, "shapes": shapes})
            if np.shape(logits) != (1, end - start + 2, len(TAGS)) or not np.isfinite(logits).all():
                raise TaggerError("the name tagger gave no usable answer")
            raised = np.exp(logits[0, 1:-1] - logits[0, 1:-1].max(-1, keepdims=True))
            skip = OVERLAP // 2 if start else 0
            chances[start + skip : end] = (raised / raised.sum(-1, keepdims=True))[skip:]
        return chances


class Shape:
    """How a word is written: the encoder reads lower case alone, and capitals tell names from words."""

    NONE, LOWER, TITLE, UPPER, MIXED, INITIAL = range(6)
    COUNT = 6

    @classmethod
    def of(cls, word: str) -> int:
        letters = [letter for letter in word if letter.isalpha()]
        if not letters:
            return cls.NONE
        if not any(letter.isupper() for letter in letters):
            return cls.LOWER
        if len(letters) == 1:
            return cls.INITIAL
        if all(letter.isupper() for letter in letters):
            return cls.UPPER
        if letters[0].isupper() and not any(letter.isupper() for letter in letters[1:]):
            return cls.TITLE
        return cls.MIXED


def load_tagger(open_session: OpenSession, directory: Path = WEIGHTS, threads: int = 1) -> TrainedTagger:
    """The tagger with its shipped weights. Raises TaggerError where a file is missing, changed or cannot be opened."""
    network, vocabulary = (_checked(directory / name) for name in (NETWORK, VOCABULARY))
    try:
        return TrainedTagger(open_session(network, threads), Tokenizer.from_str(vocabulary.decode("utf-8")))
    except Exception as error:
        raise TaggerError("the name tagger could not be opened: install Gatepost again") from error


def _checked(path: Path) -> bytes:
    try:
        held = path.read_bytes()
    except OSError as error:
        raise TaggerError(f"the name tagger's file {path.name} cannot be read: install Gatepost again") from error
    if hashlib.sha256(held).hexdigest() != SHA256[path.name]:
        raise TaggerError(f"the name tagger's file {path.name} is damaged or changed: install Gatepost again")
    return held


def tokenize(tokenizer: Tokenizer, text: str) -> Tokens:
    """Offsets are characters of `text`; half a character (a lone surrogate) is read as an unknown one."""
    read = tokenizer.encode(_SURROGATES.sub("\ufffd", text), add_special_tokens=False)
    words = tuple(-1 if word is None else word for word in read.word_ids)
    ends: dict[int, tuple[int, int]] = {}
    for word, (start, end) in zip(words, read.offsets, strict=True):
        ends[word] = (min(start, ends[word][0]) if word in ends else start, end)
    shape = {word: Shape.of(text[start:end]) for word, (start, end) in ends.items()}
    return Tokens(
        np.array(read.ids, np.int64),
        np.array([shape[word] for word in words], np.int64),
        tuple((start, end) for start, end in read.offsets),
        words,
    )


def windows(count: int) -> Iterator[tuple[int, int]]:
    """Start and end (exclusive) of overlapping runs that cover `count` tokens."""
    for start in range(0, max(count - OVERLAP, min(count, 1)), WINDOW - OVERLAP):
        yield start, min(start + WINDOW, count)


def people(text: str, tokens: Tokens, chances: Floats, threshold: float) -> tuple[PersonSpan, ...]:
    """Words likely enough to be part of a person's name, joined to names; a hyphen or apostrophe inside joins, too."""
    spans: list[tuple[int, int, list[float]]] = []
    open_at = -1  # the word after the last one taken
    for number, (first, last) in enumerate(_words(tokens)):
        person = chances[first:last, 1:3]
        chance = float(person.sum(-1).mean())
        if chance < threshold:
            continue
        start, end = tokens.offsets[first][0], tokens.offsets[last - 1][1]
        begins = person[0, 0] > person[0, 1]
        glued = bool(spans) and set(text[spans[-1][1] : start]) <= _GLUE and start - spans[-1][1] <= 1
        if spans and (glued or (open_at == number and not begins)):
            spans[-1] = (spans[-1][0], end, [*spans[-1][2], chance])
        else:
            spans.append((start, end, [chance]))
        open_at = number + 1
    return tuple(
        PersonSpan(start, end, round(min(sum(chance) / len(chance), 1.0), 4))
        for start, end, chance in (_trimmed(text, *span) for span in spans)
        if any(letter.isalpha() for letter in text[start:end])
    )


def _words(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) token of each word."""
    first = 0
    for at in range(1, len(tokens.words) + 1):
        if at == len(tokens.words) or tokens.words[at] != tokens.words[first]:
            yield first, at
            first = at


def _trimmed(text: str, start: int, end: int, chances: list[float]) -> tuple[int, int, list[float]]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum() and not _INITIAL.search(text, max(0, end - 3), end):
        end -= 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return start, end, chances
