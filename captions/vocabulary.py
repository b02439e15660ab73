"""The word lists in captions/data, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from captions.folding import fold_text


def _lines(name: str) -> list[str]:
    text = files("captions").joinpath("data", name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    return frozenset(word for line in _lines("common_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def lower_case_words() -> frozenset[str]:
    """Words that are the word where they stand in lower case among capitals, though children are called so."""
    return frozenset(word for line in _lines("lower_case_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def given_variants() -> dict[str, tuple[str, ...]]:
    """Diminutives and spellings of a given name, both ways: formal to short, and short to formal."""
    table: dict[str, list[str]] = {}
    for line in _lines("given_variants.txt"):
        name, _, others = line.partition(":")
        for other in others.split():
            table.setdefault(name, []).append(other)
            table.setdefault(other, []).append(name)
    return {name: tuple(dict.fromkeys(others)) for name, others in table.items()}


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word that is also a name: what it else means, and how far a capital alone speaks for a child (0 to 1)."""

    categories: frozenset[str]
    prior: float


PRIORS = {"high": 0.45, "mid": 0.35, "low": 0.2}


@lru_cache(maxsize=1)
def name_words() -> dict[str, NameWord]:
    table: dict[str, NameWord] = {}
    for line in _lines("name_words.txt"):
        head, _, words = line.partition(":")
        category, prior = head.split()
        for word in words.split():
            known = table.get(word)
            categories = (known.categories if known else frozenset()) | {category}
            table[word] = NameWord(categories, min(PRIORS[prior], known.prior if known else 1.0))
    return table


def is_word(letters: str) -> bool:
    """Whether lower-case letters spell an ordinary English word (also where people are called so)."""
    if letters in name_words() or letters in common_words():
        return True
    return letters.endswith("s") and (letters[:-1] in name_words() or letters[:-1] in common_words())


@dataclass(frozen=True, slots=True)
class Company:
    """Which neighbours make a name the ordinary word; "*" holds for any such name."""

    after: dict[str, frozenset[str]]
    before: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def company() -> Company:
    tables: dict[str, dict[str, frozenset[str]]] = {"after": {}, "before": {}}
    for line in _lines("word_company.txt"):
        head, _, words = line.partition(":")
        side, word = head.split()
        tables[side][word] = tables[side].get(word, frozenset()) | frozenset(words.split())
    return Company(**tables)


@dataclass(frozen=True, slots=True)
class Figure:
    """A run of words that names no pupil; with `near`, only where one of these words stands in the same sentence."""

    words: tuple[str, ...]
    near: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def figures() -> dict[str, tuple[Figure, ...]]:
    """By first word."""
    table: dict[str, list[Figure]] = {}
    for line in _lines("figures.txt"):
        run, _, near = line.partition(";")
        words = tuple(fold_text(run).lower().replace("'", "").replace("-", " ").split())
        table.setdefault(words[0], []).append(Figure(words, frozenset(near.split())))
    return {first: tuple(sorted(group, key=lambda f: -len(f.words))) for first, group in table.items()}


@lru_cache(maxsize=1)
def postcode_areas() -> frozenset[str]:
    return frozenset(area for line in _lines("uk_postcode_areas.txt") for area in line.split())


@lru_cache(maxsize=1)
def shorteners() -> frozenset[str]:
    return frozenset(site for line in _lines("shorteners.txt") for site in line.split())


@lru_cache(maxsize=1)
def person_words() -> dict[str, frozenset[str]]:
    """By section: verbs, states, owns, roles, relatives, visitors, titles, bible, honours."""
    table: dict[str, frozenset[str]] = {}
    for line in _lines("person_words.txt"):
        section, _, words = line.partition(":")
        table[section] = frozenset(words.split())
    return table


@lru_cache(maxsize=1)
def language() -> dict[str, str]:
    """Unfit words and phrases, lower case, and of what kind each is ("swearing", "disparaging")."""
    table: dict[str, str] = {}
    for line in _lines("language.txt"):
        kind, _, words = line.partition(":")
        table.update({word.replace("_", " "): kind for word in words.split()})
    return table


@lru_cache(maxsize=1)
def cues() -> dict[str, tuple[str, ...]]:
    """By section, in the file's order; see data/cues.txt."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _lines("cues.txt"):
        section, _, words = line.partition(":")
        table[section] = tuple(words.strip().split(", ")) if section in ("praise", "weak") else tuple(words.split())
    return table


@lru_cache(maxsize=1)
def stranger_cues() -> dict[str, frozenset[str]]:
    """By section: private, before, public, called, neverpeople; see data/stranger_cues.txt."""
    table: dict[str, frozenset[str]] = {}
    for line in _lines("stranger_cues.txt"):
        section, _, words = line.partition(":")
        table[section] = frozenset(words.split())
    return table


def cue_set(section: str) -> frozenset[str]:
    return frozenset(cues()[section])


@lru_cache(maxsize=1)
def medical_terms() -> tuple[str, ...]:
    """Patterns, longest first; a star stands for any ending."""
    terms = [term.strip().replace("*", r"\w*") for line in _lines("medical_terms.txt") for term in line.split(",")]
    return tuple(sorted(filter(None, terms), key=len, reverse=True))
