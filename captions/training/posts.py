"""Invented posts and comments: names among slang, the famous, and things that are called like people."""

from __future__ import annotations

from collections.abc import Iterable

from captions.training.captions import HERE, Captions, Names, read_names, read_slots
from captions.training.corpus import NOBODY, PERSON, Sentence, join

_ANY = {"G": 0.3, "F": 0.2, "S": 0.15, "K": 0.2, "KF": 0.15}
_KNOWN = 0.55  # share of K and KF that are well known; the rest are anybody, that fame be no condition
_COINED = 0.1  # share of K that is a word nobody was ever called, as players and characters are
_BEGINNINGS = (
    *[""] * 3,
    *"bcdfghjklmnprstvwxyz",
    "br",
    "ch",
    "dr",
    "gr",
    "kl",
    "kr",
    "qu",
    "sh",
    "sl",
    "st",
    "th",
    "tr",
)
_VOWELS = (*"aeiouy", "ae", "ai", "ea", "ee", "ia", "oo", "ou")
_ENDS = (*[""] * 12, *"dgklmnprstvxz", "ck", "ld", "ll", "nd", "ng", "nt", "rd", "rn", "sh", "ss", "st", "th")


class Posts(Captions):
    """Draws posts; the same seed draws the same ones. No name that is kept out of training stands in them."""

    def __init__(self, names: Names, seed: int) -> None:
        super().__init__(names, seed, HERE / "posts.txt")
        _, unseen = read_names()
        out = {name.casefold() for each in (unseen.given, unseen.family) for listed in each.values() for name in listed}
        self._known = {
            slot: tuple(value for value in values if not out & set(value.casefold().split()))
            for slot, values in read_slots(HERE / "known.txt").items()
        }

    def posts(self, count: int) -> Iterable[Sentence]:
        """Three in five name people, three in ten are of two sentences, one in seven is in lower case."""
        for _ in range(count):
            post = self._post()
            if self._rng.random() < 0.3:
                post = join([post, self._post()])
            yield post.cased(str.lower) if self._rng.random() < 0.15 else post

    def _post(self) -> Sentence:
        return self.fill(self._rng.choice(self._templates["+" if self._rng.random() < 0.6 else "-"]))

    def _value(self, slot: str, origin: str | None) -> tuple[str, str]:
        if slot == "A":
            slot = self._rng.choices(list(_ANY), list(_ANY.values()))[0]
        if slot in ("X", "N"):
            return self._rng.choice(self._known[slot]), NOBODY if slot == "X" else ""
        if slot == "K" and self._rng.random() < _COINED:
            return self._coined(), PERSON
        if slot in ("K", "KF"):
            if self._rng.random() < _KNOWN:
                return self._rng.choice(self._known[slot]), PERSON
            slot = "F" if slot == "KF" else self._rng.choice("GS")
        return super()._value(slot, origin)

    def _coined(self) -> str:
        parts = (_BEGINNINGS, _VOWELS, _ENDS)
        syllables = self._rng.choices((1, 2, 3), (0.2, 0.6, 0.2))[0]
        return "".join(self._rng.choice(part) for _ in range(syllables) for part in parts).capitalize()
