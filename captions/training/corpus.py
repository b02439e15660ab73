"""Sentences to learn from: public BIO files read and varied (case, names put in place of others, sentences joined)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PERSON, PLACE, ORGANISATION = "PER", "LOC", "ORG"
KINDS = (PERSON, PLACE, ORGANISATION)
LEARN = ("btc_nohandle.train", "wnut17.train", "tweebank.train", "wikigold.all")  # none of them share-alike
LEARN_LAST = ("wnut17.dev", "tweebank.dev")  # once nothing was left to choose on them
CHOOSE = ("btc_nohandle.dev",)
FAR = ("uner_ewt.dev", "uner_ewt.test")  # share-alike, so never learnt from: reviews, blogs, letters to measure on
UNSEEN = ("btc_nohandle.test", "wnut17.test")

Words = tuple[tuple[str, str], ...]  # word and BIO tag


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what is named in it: (start, end, kind) in characters, end exclusive."""

    text: str
    spans: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(cls, words: Iterable[tuple[str, str]]) -> Sentence:
        """The words with a space between each two."""
        at, texts, spans = 0, [], list[tuple[int, int, str]]()
        for word, tag in words:
            mark, _, kind = tag.partition("-")
            end = at + len(word)
            if mark == "I" and spans and spans[-1][2] == kind and spans[-1][1] == at - 1:
                spans[-1] = (spans[-1][0], end, kind)
            elif kind in KINDS:
                spans.append((at, end, kind))
            texts.append(word)
            at = end + 1
        return cls(" ".join(texts), tuple(spans))

    def cased(self, change: Callable[[str], str]) -> Sentence:
        """The same in another case, where that keeps the length (as it does for nearly every text)."""
        changed = "".join(one if len(one) == 1 else letter for letter in self.text for one in [change(letter)])
        return Sentence(changed, self.spans)

    def titled(self) -> Sentence:
        changed = [
            letter.upper() if len(letter.upper()) == 1 and before.isspace() else letter
            for before, letter in zip(" " + self.text, self.text, strict=False)
        ]
        return Sentence("".join(changed), self.spans)

    def people(self) -> set[tuple[int, int]]:
        return {(start, end) for start, end, kind in self.spans if kind == PERSON}


def read_bio(path: Path) -> list[Words]:
    """Sentences of a file with one token<TAB>tag a line and an empty line between sentences."""
    sentences: list[Words] = []
    words: list[tuple[str, str]] = []
    for line in [*path.read_text("utf-8").split("\n"), ""]:
        if line.strip():
            word, _, tag = line.rpartition("\t")
            words.append((word, tag))
        elif words:
            sentences.append(tuple(words))
            words = []
    return sentences


def read_sets(directory: Path, names: Sequence[str], *, missing_ok: bool = False) -> dict[str, list[Words]]:
    paths = {name: directory / f"{name}.bio" for name in names}
    return {name: read_bio(path) for name, path in paths.items() if path.exists() or not missing_ok}


def join(sentences: Sequence[Sentence], gap: str = " ") -> Sentence:
    """Several texts as one, as in a caption of more than one sentence."""
    text, spans = "", list[tuple[int, int, str]]()
    for sentence in sentences:
        at = len(text)
        spans += [(at + start, at + end, kind) for start, end, kind in sentence.spans]
        text += sentence.text + gap
    return Sentence(text[: -len(gap)], tuple(spans))


def with_other_people(words: Words, draw: Callable[[int], list[str]], rng: random.Random) -> Words:
    """Every person written with capital letters replaced by another name of as many words."""
    changed: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        end = at + 1
        if words[at][1] == "B-PER":
            while end < len(words) and words[end][1] == "I-PER":
                end += 1
            old = [word for word, _ in words[at:end]]
            plain = len(old) <= 2 and all(word.isalpha() and word.istitle() for word in old)
            new = draw(len(old)) if plain and rng.random() < 0.7 else old
            changed += [(word, "I-PER" if i else "B-PER") for i, word in enumerate(new)]
        else:
            changed.append(words[at])
        at = end
    return tuple(changed)


def varied(sentence: Sentence, rng: random.Random) -> Sentence:
    """The sentence as it is, or in lower, upper or title case: people write captions in all of them."""
    draw = rng.random()
    if draw < 0.56:
        return sentence
    if draw < 0.88:
        return sentence.cased(str.lower)
    if draw < 0.95:
        return sentence.cased(str.upper)
    return sentence.titled()
