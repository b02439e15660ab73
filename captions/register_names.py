"""The register's names, laid out once for matching: every form of every pupil's name by its letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from captions.findings import RegisteredName
from captions.folding import fold_text
from captions.misreadings import apart, blur, most
from captions.reading import plain_shape, shape_of
from captions.vocabulary import cue_set, given_variants

PARTICLES = cue_set("particles")
SLIP_FROM = 4  # letters: shorter names are a letter away from too many others


class Role(IntEnum):
    """What part of a person's name a form is; a lower number names the person more surely."""

    KNOWN_AS = 1
    GIVEN = 2
    VARIANT = 3  # a usual diminutive or spelling
    MIDDLE = 4
    FAMILY = 5
    FAMILY_PART = 6  # one half of a double-barrelled name
    FAMILY_PLURAL = 7  # "the Okonjos"


GIVEN_ROLES = frozenset({Role.KNOWN_AS, Role.GIVEN, Role.VARIANT})
FAMILY_ROLES = frozenset({Role.FAMILY, Role.FAMILY_PART})
MISREADABLE = frozenset({Role.KNOWN_AS, Role.GIVEN, Role.FAMILY, Role.FAMILY_PART})


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write part of a person's name. `joints` are places where the name itself has a blank or hyphen."""

    person: int  # index into RegisterNames.pupils
    role: Role
    joints: frozenset[int] = frozenset()
    part: bool = False  # of a name of several, like the "Ella" of Ella-Mae


@dataclass(frozen=True, slots=True)
class StaffName:
    given: frozenset[str]
    family: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class RegisterNames:
    """Built once for a register and used for many texts; it never changes."""

    pupils: tuple[RegisteredName, ...]
    forms: dict[str, tuple[Form, ...]] = field(repr=False)
    shapes: dict[str, tuple[str, ...]] = field(repr=False)
    deletions: dict[str, tuple[str, ...]] = field(repr=False)
    givens: tuple[frozenset[str], ...] = field(repr=False)  # every given form of a pupil
    families: tuple[frozenset[str], ...] = field(repr=False)  # family name and its parts
    staff: tuple[StaffName, ...] = field(repr=False)
    initials: dict[str, tuple[int, ...]] = field(repr=False)  # "os": pupils with these two initials
    beginnings: frozenset[str] = field(repr=False)  # of every form's plain shape, whole shapes included
    blurred: dict[str, tuple[str, ...]] = field(repr=False)  # as `deletions`, by what readers of pictures confuse
    longest: int = 0

    @classmethod
    def build(cls, people: Iterable[RegisteredName]) -> RegisterNames:
        everyone = tuple(people)
        pupils = tuple(person for person in everyone if person.pupil)
        table: dict[str, dict[tuple[int, Role], Form]] = defaultdict(dict)
        for number, pupil in enumerate(pupils):
            for letters, form in _forms(number, pupil):
                table[letters].setdefault((form.person, form.role), form)
        forms = {letters: tuple(sorted(group.values(), key=lambda f: f.role)) for letters, group in table.items()}
        givens: list[set[str]] = [set() for _ in pupils]
        families: list[set[str]] = [set() for _ in pupils]
        for letters, group in forms.items():
            for form in group:
                if form.role in GIVEN_ROLES:
                    givens[form.person].add(letters)
                elif form.role in FAMILY_ROLES:
                    families[form.person].add(letters)
        return cls(
            pupils,
            forms,
            _grouped((shape_of(letters), letters) for letters in forms),
            _grouped((cut, letters) for letters in forms if len(letters) >= SLIP_FROM for cut in _cuts(letters)),
            tuple(map(frozenset, givens)),
            tuple(map(frozenset, families)),
            tuple(_staff(person) for person in everyone if not person.pupil),
            _initials(givens, families),
            frozenset(shape[:size] for shape in map(plain_shape, forms) for size in range(1, len(shape) + 1)),
            _grouped((cut, letters) for letters in _misreadable(forms) for cut in _cuts(blur(letters))),
            max(map(len, forms), default=0),
        )

    def slips_of(self, letters: str) -> tuple[str, ...]:
        """Forms one slip (a letter more, less, other, or two swapped) away from these letters."""
        if len(letters) < SLIP_FROM:
            return ()
        near = {form for cut in _cuts(letters) for form in self.deletions.get(cut, ())}
        return tuple(sorted(form for form in near if form != letters and OSA.distance(form, letters) == 1))

    def misread(self, letters: str) -> tuple[tuple[str, float], ...]:
        """Forms that a reader of pictures may have read as these letters, and how far they are, the nearest first."""
        if len(letters) < 3:
            return ()
        near = {form for cut in _cuts(blur(letters)) for form in self.blurred.get(cut, ())} - {letters}
        most_changes = {form: 2 if len(form) < 6 else 3 for form in near}  # cheap, and what the limits come to
        close = (
            form
            for form, most_of in most_changes.items()
            if OSA.distance(form, letters, score_cutoff=most_of) <= most_of
        )
        costs = ((form, apart(letters, form)) for form in close)
        found = [(form, cost) for form, cost in costs if cost <= most(form)]
        return tuple(sorted(found, key=lambda each: (each[1], each[0])))


def letters_of(name: str) -> tuple[str, frozenset[int]]:
    """The letters of a name in lower case, and where it has joints."""
    letters: list[str] = []
    joints: set[int] = set()
    for char in fold_text(name):
        if char.isalpha():
            letters.append(char.lower())
        elif letters:
            joints.add(len(letters))
    return "".join(letters), frozenset(joint for joint in joints if joint < len(letters))


def name_parts(name: str) -> list[str]:
    """The parts of a name of several, particles joined to what follows them: "St John-Reeve" has "stjohn", "reeve"."""
    parts: list[str] = []
    held = ""
    for piece in fold_text(name).replace("-", " ").replace("_", " ").split():
        letters = "".join(char for char in piece.lower() if char.isalpha())
        if letters in PARTICLES:
            held += letters
        elif letters:
            parts.append(held + letters)
            if held and len(letters) >= 4:
                parts.append(letters)
            held = ""
    return parts


def _misreadable(forms: dict[str, tuple[Form, ...]]) -> Iterator[str]:
    """Names as the register holds them; short forms and plurals, misread, are anybody's."""
    for letters, group in forms.items():
        if len(letters) >= SLIP_FROM and any(form.role in MISREADABLE for form in group):
            yield letters


def _forms(number: int, pupil: RegisteredName) -> Iterator[tuple[str, Form]]:
    for name, role in ((pupil.known_as, Role.KNOWN_AS), (pupil.given, Role.GIVEN), (pupil.other_names, Role.MIDDLE)):
        letters, joints = letters_of(name)
        if not letters:
            continue
        yield letters, Form(number, role, joints)
        parts = name_parts(name)
        if len(parts) > 1:
            yield from ((part, Form(number, role, part=True)) for part in parts if len(part) > 1)
        if role is not Role.MIDDLE:
            for first in {letters, *parts[:1]}:
                for variant in (*given_variants().get(first, ()), *_short_forms().get(first, ())):
                    yield variant, Form(number, Role.VARIANT)
    letters, joints = letters_of(pupil.family)
    if letters:
        yield letters, Form(number, Role.FAMILY, joints)
        yield (letters + ("es" if letters[-1] in "sxz" else "s")), Form(number, Role.FAMILY_PLURAL, joints)
        for part in name_parts(pupil.family):
            if part != letters and len(part) > 2:
                yield part, Form(number, Role.FAMILY_PART)


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, tuple[str, ...]]:
    """Short forms and spellings from a given name alone: a Mara is nobody's Tamara."""
    lines = files("captions").joinpath("data", "given_short_forms.txt").read_text(encoding="utf-8").splitlines()
    table = (line.partition(":") for line in lines if not line.startswith("#"))
    return {name: tuple(others.split()) for name, _, others in table}


def _staff(person: RegisteredName) -> StaffName:
    given = {letters_of(name)[0] for name in (person.given, person.known_as) if name}
    given |= {variant for name in tuple(given) for variant in given_variants().get(name, ())}
    return StaffName(frozenset(given), letters_of(person.family)[0], tuple(name_parts(person.family)))


def _initials(givens: list[set[str]], families: list[set[str]]) -> dict[str, tuple[int, ...]]:
    table: dict[str, list[int]] = defaultdict(list)
    for number, (firsts, lasts) in enumerate(zip(givens, families, strict=True)):
        for pair in sorted({given[0] + family[0] for given in firsts for family in lasts}):
            table[pair].append(number)
    return {pair: tuple(people) for pair, people in table.items()}


def _cuts(letters: str) -> set[str]:
    """The letters and every way to leave one out: two words that share a cut are at most two changes apart."""
    return {letters} | {letters[:i] + letters[i + 1 :] for i in range(len(letters))}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        if value not in table[key]:
            table[key].append(value)
    return {key: tuple(values) for key, values in table.items()}


def as_register(names: RegisterNames | Sequence[RegisteredName]) -> RegisterNames:
    return names if isinstance(names, RegisterNames) else RegisterNames.build(names)
