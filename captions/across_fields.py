"""What two fields of a draft say together: a name in halves, or a name here and the child's class there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile
from captions.folding import fold_text
from captions.matching import How
from captions.mentions import Basis
from captions.naming import Judged
from captions.passages import Found, Passage
from captions.reading import Reading
from captions.register_names import RegisterNames

_WHY = "is one half of a pupil's name; the other half stands in another field of this draft."
_IN_TEXT = (FieldName.CAPTION, FieldName.ALT, FieldName.OCR, FieldName.METADATA)
_YEAR = re.compile(
    r"(?<![A-Za-z])(?:year|yr|y)[ _\-]?(?:group[ _\-]?)?(?P<year>[1-9]|1[0-3]|one|two|three|four|five|six)(?!\d)|"
    r"(?<![A-Za-z])(?P<early>reception|nursery)",
    re.IGNORECASE,
)
_SPELT = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_AROUND_CLASS = r"(?:team|our|the|class|year|yr|y(?=\d)|ks|\d|_|from|in|love|go|super|star|rock|room|s)*"
_LONGEST_TAG = 60  # characters


def joined_over_fields(read: Iterable[tuple[Passage, list[Judged]]]) -> Iterator[tuple[Passage, list[Judged]]]:
    """The passages with halves of one pupil's name flagged, where each alone would have been let through as a word.

    The other half must have been flagged already, and this one be no lower-case word of a sentence.
    """
    passages = list(read)
    halves: dict[int, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for number, (_, judged) in enumerate(passages):
        for item in judged:
            half = item.mention.basis in (Basis.GIVEN, Basis.FAMILY) and item.mention.how is not How.SLIP
            for person in item.mention.people if half and item.flags else ():
                halves[person][item.mention.basis is Basis.GIVEN].add(number)
    for number, (passage, judged) in enumerate(passages):
        yield passage, [_joined(passage, item, halves, number) for item in judged]


def _joined(passage: Passage, item: Judged, halves: dict[int, dict[bool, set[int]]], number: int) -> Judged:
    if item.flags or not item.open or item.mention.basis not in (Basis.GIVEN, Basis.FAMILY):
        return item
    reading, mention = passage.reading, item.mention
    written = reading.folded.text[mention.start]
    in_text = reading.field in (FieldName.CAPTION, FieldName.ALT)
    if written.islower() and in_text and reading.has_capitals:
        return item
    other_half = mention.basis is not Basis.GIVEN
    people = tuple(p for p in mention.people if p in halves and halves[p][other_half] - {number})
    if not people:
        return item
    start, end = reading.span(mention.start, mention.end)
    why = f"'{reading.text[start:end]}' {_WHY}"
    return Judged(
        replace(mention, people=people), Kind.PUPIL_NAME, 0.7, why, evidence=("the other half in another field",)
    )


def classes_of_the_named(
    read: Sequence[tuple[Passage, list[Judged]]], register: RegisterNames, school: SchoolProfile
) -> list[list[Found]]:
    """For each passage: the class or year of a pupil whom another field names, and the own class of one named here.

    A year, or a class that is said to be one, beside any name is the business of captions.recognisers.classes.
    """
    named = [_people(judged) for _, judged in read]
    times = Counter(person for people in named for person in people)
    known: dict[frozenset[int], _Classes] = {}
    found = []
    for (passage, _), here in zip(read, named, strict=True):
        elsewhere = frozenset(person for person, count in times.items() if count > (person in here))
        for people in (elsewhere, here):
            if people not in known:
                known[people] = _Classes.of([register.pupils[person] for person in people], school)
        reading = passage.reading
        spans = {*known[elsewhere].spans(reading), *known[here].spans(reading, tags_only=True)}
        spans |= set(known[here].named_in(reading))
        found.append([_found(reading, span) for span in sorted(spans)])
    return found


def _people(judged: list[Judged]) -> frozenset[int]:
    return frozenset(
        person for item in judged if item.flags and item.kind is Kind.PUPIL_NAME for person in item.mention.people
    )


def _found(reading: Reading, span: tuple[int, int]) -> Found:
    start, end = reading.span(*span)
    shown = reading.text[start:end]
    why = f"'{shown}' is the class or year of a child who is named in this draft."
    evidence = ("a pupil of this class or year is named in this draft",)
    return Found(Kind.CLASS_DETAIL, start, end, 0.75, why, (), shown, "across_fields", evidence)


@dataclass(frozen=True, slots=True)
class _Classes:
    """The classes and years of some pupils, in lower-case letters and digits: "robins", "3r"; "3", "reception"."""

    classes: frozenset[str]
    years: frozenset[str]

    @classmethod
    def of(cls, pupils: Iterable[RegisteredName], school: SchoolProfile) -> _Classes:
        by_class = {_class_letters(name): year for name, year in school.classes.items()}
        classes = {_class_letters(pupil.class_name) for pupil in pupils} - {""}
        years = {_year(pupil.year) for pupil in pupils} | {_year(by_class.get(name, "")) for name in classes}
        return cls(frozenset(classes), frozenset(years - {""}))

    def spans(self, reading: Reading, *, tags_only: bool = False) -> Iterator[tuple[int, int]]:
        """Where a text gives one of them (folded): in a hashtag or file name, or said to be a class."""
        for span in (*self._years_in(reading), *self._in_tags(reading), *self._said(reading)):
            if not tags_only or reading.in_tag(span[0]):
                yield span

    def named_in(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Where the text names a year, or a class with a capital letter, of a pupil who is named there, too."""
        for word in reading.words if self.classes and reading.field in _IN_TEXT else ():
            if word.low in self.classes and word.capital:
                yield word.start, word.start + len(word.low)
        if reading.field in _IN_TEXT:
            yield from self._years_in(reading)

    def _years_in(self, reading: Reading) -> Iterator[tuple[int, int]]:
        for match in _YEAR.finditer(reading.folded.text) if self.years else ():
            year = (match["year"] or match["early"]).lower()
            if _SPELT.get(year, year) in self.years:
                yield match.span()

    def _in_tags(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Class names in hashtags written in one: "#teamrobins"."""
        for pattern in map(_glued, sorted(self.classes) if reading.tags else ()):
            for start, end in reading.tags:
                written = pattern.fullmatch(reading.folded.text, start, end) if end - start <= _LONGEST_TAG else None
                if written:
                    yield written.span("class")

    def _said(self, reading: Reading) -> Iterator[tuple[int, int]]:
        words = reading.words if self.classes else ()
        for i, word in enumerate(words):
            following = words[i + 1] if i + 1 < len(words) else None
            if word.low.isdigit() and following is not None and following.start == word.end:
                if f"{word.low}{following.low}" in self.classes:  # "3R"
                    yield word.start, following.end
            elif word.low in self.classes:
                near = {other.low for other in (*words[max(0, i - 1) : i], *words[i + 1 : i + 2])}
                said = word.capital and near & {"class", "in", "from"}
                if reading.field not in _IN_TEXT or reading.in_tag(word.start) or said:
                    yield word.start, word.end


@lru_cache(maxsize=256)
def _glued(name: str) -> re.Pattern[str]:
    """A hashtag made of a class's name and of nothing but words that stand around such names."""
    singular = re.escape(name.removesuffix("s"))
    return re.compile(rf"{_AROUND_CLASS}(?P<class>{singular}s?){_AROUND_CLASS}", re.IGNORECASE)


def _class_letters(name: str) -> str:
    """ "Maple Class" as "maple"."""
    return _letters(name).removesuffix("class").removeprefix("class")


def _letters(name: str) -> str:
    return "".join(char for char in fold_text(name).lower() if char.isalnum())


def _year(year: str) -> str:
    """ "Year 3" as "3", "Reception" as "reception"."""
    number = re.search(r"\d+", year)
    return number.group() if number else _letters(year)
