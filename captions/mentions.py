"""Put hits together to mentions of a person: full names, initials, a name alone, a name with a stranger's name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from rapidfuzz.distance import OSA

from captions.findings import FieldName
from captions.matching import Hit, How, find_hits
from captions.misreadings import LIKE, apart, is_near, most_together
from captions.reading import HARD, Reading, shape_of
from captions.register_names import FAMILY_ROLES, GIVEN_ROLES, Form, RegisterNames, Role
from captions.vocabulary import common_words, given_variants, is_word


class Basis(IntEnum):
    """What a mention rests on; the lower, the stronger."""

    FULL = 0
    NEARLY_FULL = 1  # a slip, or a misread letter
    GIVEN_INITIAL = 2
    INITIAL_FAMILY = 3
    NAMESAKE = 4  # a pupil's given name with a surname that is nobody's
    STRANGER = 5  # a pupil's surname with a given name that is nobody's
    GIVEN = 6
    PLURAL = 7  # "the Okonjos"
    FAMILY = 8
    INITIALS = 9


@dataclass(frozen=True, slots=True)
class Mention:
    """Folded text `start` to `end` may mean these pupils (indices, most likely first)."""

    start: int
    end: int
    basis: Basis
    people: tuple[int, ...]
    letters: str  # of the form found (the given name's where both are there)
    how: How = How.EXACT
    role: Role = Role.GIVEN
    reversed: bool = False
    cost: float = 0.0  # of slips in a picture, see captions.misreadings
    guessed: bool = False  # no part of it is spelt as the name is, or close to it

    @property
    def weak(self) -> bool:
        """Whether letters were changed: it may be another name, or none."""
        return self.how >= How.SLIP


_RANK = {role: float(role) for role in Role} | {Role.FAMILY: 2.5}  # a surname goes before another's short form
_OF_A_NAME = 0.3  # a whole name goes before the same letters within another's
_LABELS = frozenset({"surname", "forename", "firstname", "lastname", "fullname", "pupil", "child", "student", "name"})
_LONGEST_PART = 40  # letters of a given name or surname nobody knows
_FORWARD = re.compile(r"[ \n_\-+/~|*\"()']{0,4}|\.|\. ?_?")
_REVERSED = re.compile(r"[ \n_\-+/~|*]{0,3}|\s?,[ \n_]{0,2}|\.")
_MIDDLE = re.compile(r" (?!And |AND |Or |OR |With |WITH )[A-Z][A-Za-z.'\-]*(?: [A-Z][A-Za-z.'\-]*)? ")
_INITIAL_GAP = re.compile(r"[ _\-]?|\. ?|, ")
_BARE_INITIALS = re.compile(r"(?<![A-Za-z.])([A-Z])\. ?([A-Z])\.?(?![A-Za-z'])")


def find_mentions(reading: Reading, register: RegisterNames) -> list[Mention]:
    """Every mention the letters allow, the stronger first where two overlap; whether it is a child is judged later."""
    hits = find_hits(reading, register)
    found = _Mentions(reading, register, hits)
    every = [mention for hit in hits for mention in found.of(hit)]
    every.extend(found.bare_initials())
    return _without_overlaps(every)


def _without_overlaps(every: list[Mention]) -> list[Mention]:
    taken: list[Mention] = []
    covered = bytearray(max((mention.end for mention in every), default=0))
    for mention in sorted(every, key=_weakness):
        if not any(covered[mention.start : mention.end]):
            covered[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            taken.append(mention)
    return sorted(taken, key=lambda m: m.start)


def _weakness(mention: Mention) -> tuple[float, ...]:
    """The stronger of two mentions first: a slip comes last, then the longer goes before the better spelt."""
    slip, size = mention.weak, mention.start - mention.end
    single = mention.cost > 0 and mention.basis >= Basis.GIVEN
    return single, mention.basis, slip, mention.reversed, size, mention.cost, mention.how, mention.role, mention.start


class _Mentions:
    """The ways one hit and what stands beside it make a mention."""

    def __init__(self, reading: Reading, register: RegisterNames, hits: list[Hit]) -> None:
        self.reading, self.register = reading, register
        self.row = reading.letters
        self.text = reading.folded.text
        self.in_picture = reading.field is FieldName.OCR
        self.compound = reading.field in (FieldName.FILENAME, FieldName.HASHTAGS)
        self.starting: dict[int, list[Hit]] = defaultdict(list)
        for hit in hits:
            self.starting[hit.start].append(hit)
        self._hard = [i for i, strength in enumerate(self.row.before) if strength == HARD]
        self._bounds = [i for i, strength in enumerate(self.row.before) if strength]

    def of(self, hit: Hit) -> Iterator[Mention]:
        given, family = hit.people(GIVEN_ROLES), hit.people(FAMILY_ROLES)
        if given:
            yield from self._full(hit, given)
            yield from self._given_alone(hit, given)
        if family:
            yield from self._family_first(hit, family)
            yield from self._family_alone(hit, family)
        plural = hit.people({Role.FAMILY_PLURAL})
        if plural and not hit.weak:
            yield self._mention(hit.start, hit.end, Basis.PLURAL, plural, hit)

    def _mention(self, start: int, end: int, basis: Basis, people: list[int], hit: Hit) -> Mention:
        best = min((form.role for form in hit.forms if form.person in people), default=Role.GIVEN)
        ranks = {p: min((_rank(form) for form in hit.forms if form.person == p), default=9.0) for p in people}
        ranked = sorted(people, key=ranks.__getitem__)
        places = self.row.places
        first, last = places[start], places[end - 1] + 1
        return Mention(first, last, basis, tuple(ranked), hit.letters, hit.how, best, cost=hit.cost)

    def _gap(self, letter: int) -> str:
        """What stands before a letter, since the letter before it."""
        return (
            self.text[self.row.places[letter - 1] + 1 : self.row.places[letter]] if 0 < letter < self._size else "\n\n"
        )

    @property
    def _size(self) -> int:
        return len(self.row.plain)

    def _chunk_from(self, letter: int) -> int:
        """The end of the chunk that begins at a letter."""
        return self._hard[bisect_right(self._hard, letter)]

    def _chunk_back(self, letter: int) -> int:
        """The start of the stretch without a boundary that ends before a letter."""
        return self._bounds[bisect_left(self._bounds, letter) - 1]

    def _written(self, start: int, end: int) -> str:
        """The letters of a chunk; "" where it is too long to be part of a name."""
        return self.row.plain[start:end] if end - start <= _LONGEST_PART else ""

    def _capital(self, letter: int) -> bool:
        return self.text[self.row.places[letter]].isupper()

    def _full(self, hit: Hit, given: list[int]) -> Iterator[Mention]:
        """Given name and family name, with a middle name or a nickname between them."""
        for start in self._family_starts(hit.end):
            for other in self.starting.get(start, ()):
                people = [p for p in other.people(FAMILY_ROLES) if p in given]
                if people and not self._both_slips_are_weak(hit, other):
                    yield self._both(hit.start, other.end, people, hit, other)
        if (not hit.weak or self._loose(hit)) and hit.end < self._size and _FORWARD.fullmatch(self._gap(hit.end)):
            yield from self._misspelt_family(hit, given)

    def _both(self, start: int, end: int, people: list[int], given: Hit, family: Hit) -> Mention:
        """A given and a family name of one pupil; two that both were changed are a guess in a picture."""
        exact = given.how <= How.STRETCHED and family.how <= How.STRETCHED
        mention = self._mention(start, end, Basis.FULL if exact else Basis.NEARLY_FULL, people, given)
        return replace(mention, cost=given.cost + family.cost, guessed=self.in_picture and given.weak and family.weak)

    def _loose(self, hit: Hit) -> bool:
        """Whether a misread name is near enough for the word beside it to be looked at."""
        return self.in_picture and len(hit.letters) > 4 and hit.cost <= 1

    def _family_starts(self, end: int) -> Iterator[int]:
        if end >= self._size:
            return
        if _FORWARD.fullmatch(self._gap(end)):
            yield end
        after = end
        for _ in range(2):
            after = self._chunk_from(after)
            if after >= self._size or after - end > 2 * _LONGEST_PART:
                return
            between = self.text[self.row.places[end - 1] + 1 : self.row.places[after]]
            if _MIDDLE.fullmatch(between):
                yield after

    def _both_slips_are_weak(self, hit: Hit, other: Hit) -> bool:
        letters = len(hit.letters) + len(other.letters)
        if self.in_picture:
            return hit.weak and other.weak and hit.cost + other.cost > most_together(letters)
        return hit.how is How.SLIP and other.how is How.SLIP and letters < 11

    def _misspelt_family(self, hit: Hit, given: list[int]) -> Iterator[Mention]:
        end = self._chunk_from(hit.end)
        if self.text[self.row.places[end - 2] + 1 : self.row.places[end - 1] + 1].lower() == "'s":
            end -= 1
        written = self._written(hit.end, end)
        if not written or is_word(written):
            return
        close = {p: cost for p in given if (cost := self._cost(written, self.register.families[p])) is not None}
        for cost in sorted({*close.values()})[:1]:
            people = [p for p in given if close.get(p) == cost]
            total = hit.cost + cost
            if not hit.weak or total <= most_together(len(hit.letters) + len(written)):
                mention = self._mention(hit.start, end, Basis.NEARLY_FULL, people, hit)
                yield replace(
                    mention, cost=total, guessed=self.in_picture and (hit.weak or (cost > 1 and is_word(hit.letters)))
                )

    def _cost(self, written: str, names: Iterable[str]) -> float | None:
        """How far a word is from the nearest of a pupil's names; None where it is none of them."""
        if not self.in_picture:
            return 0.0 if any(_close(written, name) for name in names) else None
        return min((apart(written, name) for name in names if is_near(written, name)), default=None)

    def _given_alone(self, hit: Hit, given: list[int]) -> Iterator[Mention]:
        if hit.weak and self.in_picture:
            alike = [other for other in self.starting[hit.start] if other.end == hit.end and other.cost >= hit.cost]
            near = sorted((other for other in alike if other.cost < hit.cost + LIKE), key=lambda other: other.cost)
            among = dict.fromkeys([*given, *(p for other in near for p in other.people(GIVEN_ROLES))])
            yield replace(self._mention(hit.start, hit.end, Basis.GIVEN, given, hit), people=tuple(among))
            return
        if hit.how is How.SLIP:
            if _likely_slip(self._written(hit.start, hit.end), hit.letters) and (
                self._capital(hit.start) or self.compound
            ):
                yield self._mention(hit.start, hit.end, Basis.GIVEN, given, hit)
            return
        yield self._mention(hit.start, hit.end, Basis.GIVEN, self._with_surname(hit, given), hit)
        if hit.end >= self._size:
            return
        end = self._chunk_from(hit.end)
        written = self._written(hit.end, end)
        gap = self._gap(hit.end)
        if 0 < len(written) <= 3 and _INITIAL_GAP.fullmatch(gap) and "," not in gap:
            people = [p for p in given if any(f.startswith(written) for f in self.register.families[p])]
            if people and self._is_initial(hit.end, end, written):
                yield self._mention(hit.start, end, Basis.GIVEN_INITIAL, people, hit)
        elif gap in (" ", "_") and len(written) > 2 and self._is_surname(hit, hit.end, written):
            yield self._mention(hit.start, end, Basis.NAMESAKE, given, hit)

    @staticmethod
    def _with_surname(hit: Hit, given: list[int]) -> list[int]:
        """Who else is meant where the only given name it may be is a short form: "Mills" is Milly, or a surname."""
        if any(form.role is not Role.VARIANT for form in hit.forms if form.person in given):
            return given
        return [*hit.people({Role.FAMILY}), *given]

    def _is_initial(self, start: int, end: int, written: str) -> bool:
        """Whether a chunk is the start of a surname, not the "I" of "may I" or the "is" of "Kai is"."""
        dotted = self.text[self.row.places[end - 1] + 1 : self.row.places[end - 1] + 2] == "."
        if any(self.row.stand_in[start:end]):
            return False
        if not self._capital(start):
            return self.compound and len(written) == 1 and written not in "ai"
        if len(written) > 1:
            joined = self.text[self.row.places[start] : self.row.places[end - 1] + 1].count("'") > 0
            return joined or not is_word(written)
        return dotted or written not in "ai" or self.compound

    def _is_surname(self, hit: Hit, start: int, written: str) -> bool:
        """Whether the next chunk reads as the surname of somebody else."""
        if not self._capital(start) or is_word(written) or written in common_words():
            return False
        at = self.row.places[start]
        shouted = self.text[at : at + len(written)].isupper()
        if shouted and not self.text[self.row.places[hit.start] : self.row.places[hit.end - 1] + 1].isupper():
            return False
        if any(not other.weak for other in self.starting.get(start, ())):
            return False  # another pupil: "Niamh Layla Kai"
        return not any(self.row.stand_in[start : start + len(written)])

    def _family_first(self, hit: Hit, family: list[int]) -> Iterator[Mention]:
        """ "Smith, Olivia", "SMITH Olivia", "Smith O."."""
        if hit.end >= self._size or not _REVERSED.fullmatch(self._gap(hit.end)):
            return
        for other in self.starting.get(hit.end, ()):
            people = [p for p in other.people(GIVEN_ROLES) if p in family]
            if people and not self._both_slips_are_weak(hit, other):
                mention = self._both(other.start, other.end, people, other, hit)
                yield replace(mention, start=self.row.places[hit.start], reversed=True)
        end = self._chunk_from(hit.end)
        written = self._written(hit.end, end)
        if len(written) == 1 and (self._capital(hit.end) or self.compound) and written not in "ai" and not hit.weak:
            people = [p for p in family if any(g.startswith(written) for g in self.register.givens[p])]
            if people and (self.compound or not is_word(hit.letters) or "," in self._gap(hit.end)):
                yield self._mention(hit.start, end, Basis.INITIAL_FAMILY, people, hit)

    def _family_alone(self, hit: Hit, family: list[int]) -> Iterator[Mention]:
        if hit.start > 0:
            yield from self._with_word_before(hit, family)
        if not hit.weak or self.in_picture:
            yield self._mention(hit.start, hit.end, Basis.FAMILY, family, hit)

    def _with_word_before(self, hit: Hit, family: list[int]) -> Iterator[Mention]:
        gap = self._gap(hit.start)
        start = self._chunk_back(hit.start)
        written = self._written(start, hit.start)
        if len(written) == 1 and _INITIAL_GAP.fullmatch(gap) and self._capital(start) and not hit.weak:
            if is_word(hit.letters) and gap and "." not in gap:
                return
            people = [p for p in family if any(g.startswith(written) for g in self.register.givens[p])]
            basis = Basis.INITIAL_FAMILY if people else Basis.STRANGER
            yield self._mention(start, hit.end, basis, people or family, hit)
            return
        if hit.weak or not _FORWARD.fullmatch(gap) or len(written) < 3:
            return
        if is_word(written) or written in _LABELS:
            return
        people, cost = self._misspelt_given(written, family)
        if people:
            mention = self._mention(start, hit.end, Basis.NEARLY_FULL, people, hit)
            yield replace(mention, cost=cost, guessed=self.in_picture and (cost > 1 or is_word(hit.letters)))
        elif (
            gap in (" ", "_", "") and (self._capital(start) or self.compound) and not self._is_register_name(start, hit)
        ):
            yield self._mention(start, hit.end, Basis.STRANGER, family, hit)

    def _misspelt_given(self, written: str, family: list[int]) -> tuple[list[int], float]:
        """Of the pupils of a family name, those whose given name the word before it is, misspelt, and how far."""
        shape = shape_of(written)
        costs = {
            p: 0.0 if shape in map(shape_of, self.register.givens[p]) else self._cost(written, self.register.givens[p])
            for p in family
        }
        least = min((cost for cost in costs.values() if cost is not None), default=None)
        return ([], 0.0) if least is None else ([p for p in family if costs[p] == least], least)

    def _is_register_name(self, start: int, hit: Hit) -> bool:
        return any(other.end == hit.start and not other.weak for other in self.starting.get(start, ()))

    def bare_initials(self) -> Iterator[Mention]:
        """ "M.K.": pupils with these initials, where there are any."""
        for match in _BARE_INITIALS.finditer(self.text):
            given, family = match.group(1).lower(), match.group(2).lower()
            people = self.register.initials.get(given + family, ())
            if people:
                yield Mention(match.start(), match.end(), Basis.INITIALS, people, given + family)


def _rank(form: Form) -> float:
    return _RANK[form.role] + (_OF_A_NAME if form.part else 0.0)


def _close(written: str, form: str) -> bool:
    """Whether two words are one name, misspelt: one change from four letters, two from six, beginning alike."""
    size = min(len(written), len(form))
    if size < 4 or written == form:
        return written == form
    allowed = 2 if size >= 6 else 1
    return written[0] == form[0] and int(OSA.distance(written, form, score_cutoff=allowed)) <= allowed


def _likely_slip(written: str, name: str) -> bool:
    """Whether a word one change away from a given name is that name, misspelt, rather than another name.

    The change is anywhere but at the first letter. Short names lie close together: in one of five letters only a letter
    too many, too few or two swapped count, in one of four only two swapped.
    """
    if not written or written[0] != name[0]:
        return False
    if len(name) >= 6:
        return True
    swapped = sorted(written) == sorted(name)
    return (swapped or (len(name) == 5 and len(written) != len(name))) and written not in given_variants()
