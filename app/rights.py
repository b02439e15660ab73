"""Whose a copyright or credit line is: the school's own or its staff's, nobody's, or somebody else's.

A line is cut into words, and what is known is taken away: the school's name, members of staff, years and words that
stand in any such line. What is left over is somebody else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Whose(StrEnum):
    OWN = "own"  # the school's, or a member of staff's
    NOBODY = "nobody"  # the line names nobody: a bare "Copyright", or what a camera writes by itself
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class StaffName:
    """A member of staff, as a line may name them; `given` holds every first name in use."""

    given: tuple[str, ...]
    family: str
    title: str = ""


@dataclass(frozen=True)
class OwnRights:
    """Under which names a school and its staff hold rights in pictures. `details`: address, sites, e-mail, classes."""

    schools: tuple[str, ...] = ()
    staff: tuple[StaffName, ...] = ()
    details: tuple[str, ...] = ()

    @cached_property
    def _names(self) -> tuple[tuple[str, ...], ...]:
        """The school's names as words, the longest first, each also without the words for what kind of school it is."""
        whole = {tuple(_telling(name)) for name in self.schools}
        cores = {tuple(word for word in name if word not in SCHOOL_WORDS) for name in whole}
        return tuple(
            sorted(((whole - {name for name in whole if SCHOOL_WORDS.issuperset(name)}) | cores) - {()}, key=_longest)
        )

    @cached_property
    def _beside(self) -> frozenset[str]:
        """Words that may stand beside a name of the school's without making the line somebody else's."""
        kinds = {word for name in self.schools for word in _words(name) if word in SCHOOL_WORDS}
        return frozenset(kinds | {word for detail in self.details for word in _words(detail)} | SCHOOL_LINE)

    def whose(self, line: str) -> Whose:
        """Whose the rights are that this line states."""
        words = _telling(line)
        if all(word in CAMERA_WORDS for word in words):
            return Whose.NOBODY
        if self._is_one_word(words):
            return Whose.OWN
        left, staff = self._without_staff(" ".join(words))
        rest, school = _without(left.split(), self._names)
        if not (school or staff):
            return Whose.OTHERS
        beside = self._beside | TITLES if staff else self._beside
        known = all(word in beside or word in MARKS or (staff and len(word) == 1) for word in rest)
        return Whose.OWN if known else Whose.OTHERS

    def _is_one_word(self, words: Sequence[str]) -> bool:
        """Whether the line is the school's name run together: "@WrenPrimary2026"."""
        letters = re.sub(r"^\d+|\d+$", "", "".join(words))
        return any(letters.removeprefix("copyright") == "".join(name) for name in self._names)

    def _without_staff(self, line: str) -> tuple[str, bool]:
        """The line's words without the members of staff that it names, and whether it names one."""
        left = line
        for person in self.staff:
            for form in _forms(person):
                left = re.sub(_INITIALS.join(map(re.escape, form)).join((r"(?<!\S)", r"(?!\S)")), " ", left)
        return left, left != line


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_INITIALS = r"(?: [^\W\d_])* "  # between the parts of a name: "Jane R Smith"
MARKS = frozenset("cr")  # what is left of a sign for copyright or a registered mark
TITLES = _each("mr mrs ms miss mx dr sir dame rev prof")
# Words of any such line, of no one in particular.
LINE_WORDS = _each(
    "copyright copyrighted copyrights copr rights reserved the of and for a to "
    "photo photos photograph photographs photographer photographed picture pictures image images taken credit credits "
    "author artist owner creator holder courtesy not do copy use without permission with by is are this"
)
# What cameras, phones and programs write where nobody was named.
CAMERA_WORDS = _each(
    "none unknown na null nil default untitled undefined unspecified empty blank anonymous user admin administrator "
    "name your my insert enter here camera digital picasa canon nikon corporation olympus sony dsc samsung kodak "
    "fujifilm fuji panasonic lumix casio pentax ricoh leica inc co"
)
SCHOOL_WORDS = _each(
    "school schools primary infant infants junior juniors secondary high grammar academy college nursery preschool "
    "community catholic ce rc voluntary aided controlled foundation free upper lower middle first special "
    "trust federation ysgol"
)
SCHOOL_LINE = _each(
    "school pta staff office team website class year reception nursery headteacher head teacher teaching assistant "
    "pupils children parents only may be used in on at our www http https sch uk"
)


def _telling(text: str) -> list[str]:
    """The words of a line or a name that tell one from another: no years, no words that stand in any such line."""
    return [word for word in _words(text) if word not in LINE_WORDS and not word.isdigit()]


def _words(text: str) -> list[str]:
    """All words, folded: no case, no accents, no marks; "St" is "saint", "C of E" is "ce"."""
    text = unicodedata.normalize("NFKD", re.sub(r"[©℗®™]|\(\s*c\s*\)", " ", text, flags=re.IGNORECASE)).casefold()
    text = "".join(each for each in text if not unicodedata.combining(each) and each not in UNWRITTEN)
    text = re.sub(r"\bc\.? ?of ?e\b|\bchurch of england\b", "ce", text)
    text = re.sub(r"\bphotography(?=\s*(?:by\b|:))", "photo", text)
    text = re.sub(r"\bn ?/ ?a\b", "na", re.sub(r"\ball rights reserved\b", " ", text))
    return ["saint" if word == "st" else word for word in re.findall(r"[^\W_]+", text)]


UNWRITTEN = "'’‘`´\u00ad\u200b\u200c\u200d\u2060\ufeff"


def _longest(name: Sequence[str]) -> tuple[int, Sequence[str]]:
    return -len(name), name


def _without(words: list[str], names: Iterable[Sequence[str]]) -> tuple[list[str], bool]:
    """The words without these names wherever they stand whole and in order, and whether one did."""
    found = False
    for name in names:
        at, length = 0, len(name)
        while length and at + length <= len(words):
            if tuple(words[at : at + length]) == tuple(name):
                words, found = words[:at] + words[at + length :], True
            else:
                at += 1
    return words, found


def _forms(person: StaffName) -> list[tuple[str, ...]]:
    """How a line may name somebody: first name, initial or title before the surname, the first two also behind it."""
    family = tuple(_telling(person.family))
    if not family:
        return []
    forms = {(*_words(person.title), *family)} if person.title else set()
    for words in filter(None, map(_telling, person.given)):
        for given in (tuple(words), (words[0],), (words[0][0],)):
            forms |= {given + family, family + given}
    return sorted(forms, key=_longest)
