"""From the public corpora as published to the BIO files that train.py reads.

    python -m captions.training.prepare SOURCE OUT

SOURCE holds the files named in PUBLISHED, taken from the repositories that MODEL_CARD.md names. In OUT every sentence
has one token<TAB>tag a line, tags B- and I- of PER, LOC, ORG and MISC, and an empty line after it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from captions.training.corpus import Words

PUBLISHED = {
    "btc_nohandle.train": "btc.train",
    "btc_nohandle.dev": "btc.dev",
    "btc_nohandle.test": "btc.test",
    "wnut17.train": "wnut17train.conll",
    "wnut17.dev": "emerging.dev.conll",
    "wnut17.test": "emerging.test.annotated",
    "tweebank.train": "train.bio",
    "tweebank.dev": "dev.bio",
    "wikigold.all": "wikigold.conll.txt",
}
_KINDS = {
    "person": "PER",
    "location": "LOC",
    "corporation": "ORG",
    "group": "ORG",
    "product": "MISC",
    "creative-work": "MISC",
}
_AT = frozenset("@＠")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, published in PUBLISHED.items():
        sentences: Iterable[Words] = read_columns((options.source / published).read_text("utf-8"))
        if name.startswith("btc"):
            sentences = map(without_handles, sentences)
        lines = ["\n".join(f"{word}\t{tag}" for word, tag in as_bio(words)) + "\n" for words in sentences]
        (options.out / f"{name}.bio").write_text("\n".join(lines) + "\n", "utf-8")


def read_columns(text: str) -> list[Words]:
    """Sentences of a file whose lines begin with a token and end with its tag; document marks are left out."""
    sentences: list[Words] = []
    words: list[tuple[str, str]] = []
    for line in [*text.split("\n"), ""]:
        columns = line.rstrip().split("\t" if "\t" in line else " ")
        if line.strip() and columns[0] != "-DOCSTART-":
            words.append((columns[0], columns[-1]))
        elif words:
            sentences.append(tuple(words))
            words = []
    return sentences


def without_handles(words: Words) -> Words:
    """An account ("@" and a word, each published as a person) as one token that is nobody; "#" joined with its tag."""
    joined: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        word, tag = words[at]
        follows = at + 1 < len(words)
        if word in _AT and follows:
            joined.append(("@" + words[at + 1][0], "O"))
        elif word == "#" and follows:
            joined.append(("#" + words[at + 1][0], words[at + 1][1]))
        else:
            joined.append((word, "O" if word[:1] in _AT and len(word) > 1 else tag))
        at += 2 if follows and (word in _AT or word == "#") else 1
    return tuple(joined)


def as_bio(words: Words) -> Words:
    """One set of kinds, and B- wherever a name begins, also where I- was published."""
    tagged, before = list[tuple[str, str]](), "O"
    for word, tag in words:
        mark, _, kind = tag.partition("-")
        kind = _KINDS.get(kind, kind)
        begins = mark == "B" or before != kind
        tagged.append((word, f"{'B' if begins else 'I'}-{kind}" if kind else "O"))
        before = kind or "O"
    return tuple(tagged)


if __name__ == "__main__":
    main()
