"""How well a tagger finds people: strict spans on public sets, recall by origin of name on invented captions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from captions.tagger import PersonTagger
from captions.training import corpus
from captions.training.captions import Captions, Names, read_names
from captions.training.corpus import PERSON, Sentence

Scores = dict[str, float]
CASES: dict[str, Callable[[str], str]] = {"cased": str, "lower-cased": str.lower, "upper-cased": str.upper}


def person_scores(tagger: PersonTagger, sentences: Iterable[Sentence]) -> Scores:
    """Precision, recall and F1 of persons; a span counts only where it covers exactly the words of the name."""
    right = found = wanted = 0
    for sentence in sentences:
        people = {(start, end) for start, end, kind in sentence.spans if kind == PERSON}
        tagged = {_whole_words(sentence.text, span.start, span.end) for span in tagger.tag(sentence.text)}
        right, found, wanted = right + len(people & tagged), found + len(tagged), wanted + len(people)
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to the words (between spaces) that it touches: the sets' unit."""
    left = text.rfind(" ", 0, start) + 1
    right = text.find(" ", end)
    return left, len(text) if right < 0 else right


def unseen_names(data: Path) -> Names:
    """Names kept out of the captions, less those that stand anywhere in the training files."""
    _, unseen = read_names()
    words = {
        word.strip("#@").casefold()
        for listed in corpus.read_sets(data, (*corpus.LEARN, *corpus.LEARN_LAST)).values()
        for sentence in listed
        for word, _ in sentence
    }

    def left(names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {origin: tuple(n for n in each if n.casefold() not in words) for origin, each in names.items()}

    return Names(left(unseen.given), left(unseen.family))


def recall_by_origin(tagger: PersonTagger, data: Path, rounds: int = 20) -> dict[str, Scores]:
    """Share of unseen names found (touched by a span) in captions kept out of training, by origin and case."""
    names = unseen_names(data)
    found: dict[str, Scores] = {}
    for origin in names.given:
        drawn = Captions(names, seed=7)
        sentences = [sentence for _ in range(rounds) for sentence in drawn.unseen(origin)]
        found[origin] = {"names": len(names.given[origin]) + len(names.family[origin])}
        for case, change in CASES.items():
            found[origin][case] = round(_touched(tagger, [one.cased(change) for one in sentences]), 3)
    return found


def _touched(tagger: PersonTagger, sentences: Iterable[Sentence]) -> float:
    hit = total = 0
    for sentence in sentences:
        tagged = tagger.tag(sentence.text)
        for start, end in sentence.people():
            total += 1
            hit += any(span.start < end and start < span.end for span in tagged)
    return hit / max(total, 1)


def figures(tagger: PersonTagger, data: Path) -> dict[str, dict[str, Scores]]:
    """Every figure of the model card."""
    found: dict[str, dict[str, Scores]] = {}
    sets = corpus.read_sets(data, corpus.UNSEEN) | corpus.read_sets(data, corpus.FAR, missing_ok=True)
    for name, listed in sets.items():
        sentences = [Sentence.of(words) for words in listed]
        found[name] = {
            case: person_scores(tagger, [one.cased(change) for one in sentences]) for case, change in CASES.items()
        }
    found["recall by origin of unseen names"] = recall_by_origin(tagger, data)
    return found
