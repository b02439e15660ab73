"""What the tagger learns from: spans stay on their names, and names kept to measure with are never learnt."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from captions.training.captions import Captions, Names, read_names
from captions.training.corpus import Sentence, Words, join, read_bio, read_sets, with_other_people
from captions.training.prepare import as_bio, read_columns, without_handles

WORDS = (("Well", "O"), ("done", "O"), ("Olivia", "B-PER"), ("Smith", "I-PER"), ("of", "O"), ("York", "B-LOC"))


def named(sentence: Sentence) -> list[str]:
    return [sentence.text[start:end] for start, end, _ in sentence.spans]


def test_sentence_of_words() -> None:
    sentence = Sentence.of(WORDS)
    assert sentence.text == "Well done Olivia Smith of York"
    assert [(sentence.text[start:end], kind) for start, end, kind in sentence.spans] == [
        ("Olivia Smith", "PER"),
        ("York", "LOC"),
    ]


def test_two_people_side_by_side_stay_two() -> None:
    assert named(Sentence.of([("Ben", "B-PER"), ("Ann", "B-PER"), ("Lee", "I-PER")])) == ["Ben", "Ann Lee"]


@pytest.mark.parametrize("text", ["Straße mit Ben", "İ and ŉ and Ben", "ﬁn ben BEN"])
def test_case_never_moves_a_span(text: str) -> None:
    sentence = Sentence(text, ((0, len(text), "PER"),))
    for changed in (sentence.cased(str.lower), sentence.cased(str.upper), sentence.titled()):
        assert len(changed.text) == len(text)


def test_joined_sentences_keep_their_names() -> None:
    assert named(join([Sentence.of(WORDS), Sentence.of(WORDS)])) == ["Olivia Smith", "York"] * 2


def test_other_people_take_the_place_word_by_word() -> None:
    draw = random.Random(1)
    changed = {with_other_people(WORDS, lambda count: ["Chidi", "Okafor"][:count], draw) for _ in range(30)}
    assert changed == {WORDS, (*WORDS[:2], ("Chidi", "B-PER"), ("Okafor", "I-PER"), *WORDS[4:])}


def test_bio_file(tmp_path: Path) -> None:
    (tmp_path / "a.bio").write_text("Ben\tB-PER\nran\tO\n\n\nAnn\tB-PER", "utf-8")
    assert read_bio(tmp_path / "a.bio") == [(("Ben", "B-PER"), ("ran", "O")), (("Ann", "B-PER"),)]


def test_slots_are_filled_and_spans_cover_the_names() -> None:
    names = Names({"british": ("Olivia",)}, {"british": ("Smith",)})
    sentence = Captions(names, 1).fill("Well done {F}, {G} and {R} of Year {N}!")
    assert named(sentence) == ["Olivia Smith", "Olivia", "Smith, Olivia"] or "Smith-Smith" in sentence.text
    assert "{" not in sentence.text


def test_names_kept_out_are_in_no_caption_that_is_learnt() -> None:
    learn, unseen = read_names()
    kept = {name for lists in (unseen.given, unseen.family) for each in lists.values() for name in each}
    learnt = {name for lists in (learn.given, learn.family) for each in lists.values() for name in each}
    drawn = [name for sentence in Captions(learn, 1).captions(2_000) for name in named(sentence)]
    assert {origin: bool(names) for origin, names in unseen.given.items()} == dict.fromkeys(learn.given, True)
    assert not kept & learnt
    assert not {word for name in drawn for word in name.replace(",", "").split()} & kept


def test_file_that_only_measures_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a.bio").write_text("Ben\tB-PER", "utf-8")
    assert read_sets(tmp_path, ("a", "b"), missing_ok=True) == {"a": [(("Ben", "B-PER"),)]}
    with pytest.raises(FileNotFoundError):
        read_sets(tmp_path, ("a", "b"))


def test_every_origin_is_measured_with_the_same_sentences() -> None:
    _, unseen = read_names()
    sizes = {origin: len(list(Captions(unseen, 1).unseen(origin))) for origin in unseen.given}
    assert len(set(sizes.values())) == 1


@pytest.mark.parametrize(
    ("published", "prepared"),
    [
        pytest.param("Ann\tB-person\nran\tO\n", [("Ann", "B-PER"), ("ran", "O")], id="kinds of WNUT17"),
        pytest.param("Acme\tB-corporation\nX\tB-product\n", [("Acme", "B-ORG"), ("X", "B-MISC")], id="other kinds"),
        pytest.param(
            "Ann I-PER\nLee I-PER\nYork I-LOC", [("Ann", "B-PER"), ("Lee", "I-PER"), ("York", "B-LOC")], id="IO"
        ),
        pytest.param("-DOCSTART- O\n\nAnn I-PER\n\n", [("Ann", "B-PER")], id="document mark"),
        pytest.param("k s\tO\n", [("k s", "O")], id="blank inside a token"),
        pytest.param("Ann\tB-PER\nBen\tB-PER\n", [("Ann", "B-PER"), ("Ben", "B-PER")], id="two people"),
    ],
)
def test_published_files_become_bio(published: str, prepared: list[tuple[str, str]]) -> None:
    assert [as_bio(words) for words in read_columns(published)] == [tuple(prepared)]


@pytest.mark.parametrize(
    ("words", "prepared"),
    [
        pytest.param(
            (("@", "B-PER"), ("ann_l", "B-PER"), ("hi", "O")), (("@ann_l", "O"), ("hi", "O")), id="two tokens"
        ),
        pytest.param((("@ann", "B-PER"),), (("@ann", "O"),), id="one token"),
        pytest.param((("#", "O"), ("Adele", "B-PER")), (("#Adele", "B-PER"),), id="hashtag"),
        pytest.param((("hi", "O"), ("@", "O")), (("hi", "O"), ("@", "O")), id="at the end"),
    ],
)
def test_accounts_are_nobody(words: Words, prepared: Words) -> None:
    assert without_handles(words) == prepared
