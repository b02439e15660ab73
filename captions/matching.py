"""Where forms of the register's names stand in the row of letters: exact, misread, or one slip away."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from captions.findings import FieldName
from captions.misreadings import apart
from captions.reading import HARD, SOFT, Letters, Reading, shape_of
from captions.register_names import FAMILY_ROLES, GIVEN_ROLES, MISREADABLE, Form, RegisterNames, Role
from captions.vocabulary import common_words, cue_set, is_word

_COUNTED = re.compile(r"\d+(?:am|pm|st|nd|rd|th|km|cm|mm|ml|kg|mb|g|m|p|x|d|s|k|l)$", re.IGNORECASE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_LINE_BREAK = re.compile(r"-\s*\n\s*$|-\s+$")
_FILE_RUN = re.compile(r"[a-z]{8,}")  # of a file's name: shorter ones are words, or found as they stand
_MAX_INNER = 5  # hard boundaries inside a name that is not spelt letter by letter
_MAX_SOFT = 2  # humps inside a misspelt name


class How(IntEnum):
    EXACT = 0
    STRETCHED = 1  # "Noahhh"
    MISREAD = 2  # digits or like shapes for letters
    SLIP = 3  # one letter off
    BLURRED = 4  # in a picture: as far off as letters that look alike may be


@dataclass(frozen=True, slots=True)
class Hit:
    """Letters `start` to `end` of the row spell `letters`, a form of these people's names."""

    start: int
    end: int
    letters: str
    forms: tuple[Form, ...]
    how: How
    cost: float = 0.0  # of a slip in a picture, see captions.misreadings

    @property
    def weak(self) -> bool:
        """Whether letters were changed: it may be another name, or none."""
        return self.how >= How.SLIP

    def people(self, roles: Collection[Role]) -> list[int]:
        return list(dict.fromkeys(form.person for form in self.forms if form.role in roles))


def find_hits(reading: Reading, register: RegisterNames) -> list[Hit]:
    """Every place, overlapping ones included, sorted by place."""
    row, text = reading.letters, reading.folded.text
    hits: list[Hit] = []
    in_picture = reading.field is FieldName.OCR
    size, longest = len(row.plain), register.longest + 3
    for start in range(size):
        if not row.before[start]:
            continue
        inner: list[int] = []
        bounds = 0
        for end in range(start + 1, min(size, start + longest) + 1):
            if not row.before[end]:
                continue
            bounds += 1
            if bounds == _MAX_SOFT + 2 and _begins_nothing(row, register, start):
                break
            hit = _look_up(reading, register, start, end, inner)
            if hit is not None and not (in_picture and hit.weak):
                hits.append(hit)
            elif in_picture:
                hits.extend(_misread_in_picture(reading, register, start, end, inner, hit))
            if row.before[end] == HARD:
                inner.append(end)
                if len(inner) > _MAX_INNER and len(inner) < end - start:
                    break
                if _leads_nowhere(text, row, register, start, end):
                    break
    hits.extend(_glued_in_tags(reading, register))
    hits.extend(_glued_full_names(reading, register))
    return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.how))


def _begins_nothing(row: Letters, register: RegisterNames, start: int) -> bool:
    """Whether no form begins as these letters look; of pieces this many, none is read as a slip."""
    first = row.plain[start : start + 4]
    return row.shapes[start : start + 3] not in register.beginnings and not any(p in first for p in ("rn", "vv", "cl"))


def _leads_nowhere(text: str, row: Letters, register: RegisterNames, start: int, end: int) -> bool:
    """Whether no form begins with these letters; what goes on behind a blank must be spelt as the name is."""
    if row.shapes[start:end] in register.beginnings:
        return False
    return end == len(row.plain) or not _LINE_BREAK.search(text[row.places[end - 1] + 1 : row.places[end]])


def _look_up(reading: Reading, register: RegisterNames, start: int, end: int, inner: list[int]) -> Hit | None:
    row = reading.letters
    text = reading.folded.text
    if _is_contraction(text, row, end) or _ends_possessive(text, row, end):
        return None
    plain = row.plain[start:end]
    for letters, how in _spellings(reading, register, start, end, plain, bool(inner)):
        forms = tuple(form for form in register.forms[letters] if _holds(reading, start, end, inner, form, how))
        if how is How.SLIP:
            forms = tuple(form for form in forms if form.role is not Role.VARIANT)
        if forms:
            return Hit(start, end, letters, forms, how)
    return None


def _misread_in_picture(
    reading: Reading, register: RegisterNames, start: int, end: int, inner: list[int], slip: Hit | None
) -> Iterator[Hit]:
    """Every name that a reader of pictures may have read as these letters."""
    row, text = reading.letters, reading.folded.text
    plain = row.plain[start:end]
    if _is_contraction(text, row, end) or _ends_possessive(text, row, end) or (is_word(plain) and not inner):
        return
    if sum(map(bool, row.before[start + 1 : end])) > _MAX_SOFT or end - start - sum(row.stand_in[start:end]) < 3:
        return
    if any(row.stand_in[start:end]) and _COUNTED.match(text[row.places[start] : row.places[end - 1] + 1]):
        return
    near = dict(register.misread(plain))
    if slip is not None:
        near.setdefault(slip.letters, apart(plain, slip.letters))
    for letters, cost in near.items():
        forms = tuple(
            form for form in register.forms[letters] if form.role in MISREADABLE and _fits(form, start, inner)
        )
        if forms:
            how = How.SLIP if slip is not None and letters == slip.letters else How.BLURRED
            yield Hit(start, end, letters, forms, how, cost)


def _fits(form: Form, start: int, inner: list[int]) -> bool:
    """Whether the boundaries inside the letters are the name's own joints, a letter more or less before them."""
    return all(any(abs(place - start - joint) <= 1 for joint in form.joints) for place in inner)


def _spellings(
    reading: Reading, register: RegisterNames, start: int, end: int, plain: str, broken: bool
) -> list[tuple[str, How]]:
    """The forms these letters may be, the likeliest kind only."""
    row = reading.letters
    stand_ins = sum(row.stand_in[start:end])
    if not stand_ins and plain in register.forms:
        return [(plain, How.EXACT)]
    if len(plain) < 3:
        return []
    compound = reading.field in (FieldName.FILENAME, FieldName.HASHTAGS) or reading.in_tag(row.places[start])
    if (
        compound
        and not stand_ins
        and plain.endswith("s")
        and plain[:-1] in register.forms
        and plain not in common_words()
    ):
        return [(plain[:-1], How.EXACT)]  # "#NiamhsBirthday"
    if stand_ins:
        return _misread(reading, register, start, end, plain, stand_ins)
    if not broken and _STRETCHED.search(plain):
        return [(letters, How.STRETCHED) for letters in _unstretched(plain) if letters in register.forms][:1]
    if broken:
        alike = register.shapes.get(shape_of(plain), ()) if len(plain) > 3 else ()
        return [(letters, How.MISREAD) for letters in alike]
    if is_word(plain):
        return []
    if len(plain) > 3 or reading.field is FieldName.OCR:
        found = register.shapes.get(shape_of(plain), ())
        if found:
            return [(letters, How.MISREAD) for letters in found]
    if sum(map(bool, row.before[start + 1 : end])) > _MAX_SOFT:
        return []
    return [(letters, How.SLIP) for letters in register.slips_of(plain)]


def _unstretched(letters: str) -> tuple[str, str]:
    """ "noahhh" as "noah" and "noahh"."""
    return _STRETCHED.sub(r"\1", letters), _STRETCHED.sub(r"\1\1", letters)


def _misread(
    reading: Reading, register: RegisterNames, start: int, end: int, plain: str, stand_ins: int
) -> list[tuple[str, How]]:
    row = reading.letters
    sure = len(plain) - stand_ins
    if sure < 2 or (stand_ins > len(plain) // 2 and sure < 3) or stand_ins > 2 * sure:
        return []
    if _COUNTED.match(reading.folded.text[row.places[start] : row.places[end - 1] + 1]):
        return []
    return [(letters, How.MISREAD) for letters in register.shapes.get(shape_of(plain), ())]


def _is_contraction(text: str, row: Letters, end: int) -> bool:
    """Whether the letters before `end` are the "don" of "don't"."""
    at = row.places[end - 1] + 1
    return text[at : at + 2].lower() == "'t" and not text[at + 2 : at + 3].isalpha()


def _ends_possessive(text: str, row: Letters, end: int) -> bool:
    """Whether the last letter is the "s" of "Olivia's", which is not part of the name."""
    at = row.places[end - 1]
    return text[at] in "sS" and at > 0 and text[at - 1] == "'" and not text[at + 1 : at + 2].isalpha()


def _holds(reading: Reading, start: int, end: int, inner: list[int], form: Form, how: How) -> bool:
    """Whether the boundaries inside the letters fit the name: its own joints, single letters, or a broken line."""
    if not inner:
        return True
    text, row = reading.folded.text, reading.letters
    if how is not How.SLIP and all(place - start in form.joints for place in inner):
        return True
    gaps = [text[row.places[place - 1] + 1 : row.places[place]] for place in inner]
    if len(inner) == end - start - 1:
        return end - start >= 3 and all(len(gap) <= 3 for gap in gaps)
    if len(inner) == 1 and _LINE_BREAK.search(gaps[0]):
        return True
    edges = [start, *inner, end]
    chunks = [row.plain[a:b] for a, b in pairwise(edges)]
    if end - start < 5 or all(chunk in common_words() for chunk in chunks):
        return False
    if all(len(gap) == 1 and gap in "-._*~|/" for gap in gaps):
        return True
    if reading.field is FieldName.OCR and end - start >= 6 and set(gaps) == {" "}:
        return not any(is_word(chunk) for chunk in chunks)  # "Flor ence": readers part words at wide letters
    return all(len(chunk) <= 2 for chunk in chunks) and all(len(gap) == 1 for gap in gaps)


def _glued_in_tags(reading: Reading, register: RegisterNames) -> list[Hit]:
    """Names inside "#gohamishgo" and "ellaandtom_den.jpg", where nothing marks the words.

    What is left must be words or names, too.
    """
    row, found = reading.letters, []
    tags = _FILE_RUN.finditer(reading.folded.text) if reading.field is FieldName.FILENAME else ()
    spans = [*reading.tags, *(run.span() for run in tags)]
    place_to_letter = {place: i for i, place in enumerate(row.places)} if spans else {}
    for tag_start, tag_end in spans:
        inside = [place_to_letter[p] for p in range(tag_start, min(tag_end, tag_start + 120)) if p in place_to_letter]
        if not inside:
            continue
        first, last = inside[0], inside[-1] + 1
        for start, end in _runs(row, first, last):
            if end - start > 4:
                found.extend(_segment(row.plain[start:end], start, register))
    return found


def _glued_full_names(reading: Reading, register: RegisterNames) -> list[Hit]:
    """ "oliviasmith": a given and a family name of one pupil in one run of letters, also misread."""
    row, text = reading.letters, reading.folded.text
    found: list[Hit] = []
    for start, end in _runs(row, 0, len(row.plain), HARD):
        if end - start < 6:
            continue
        end -= _ends_possessive(text, row, end)
        run = row.plain[start:end]
        if run in register.forms or run in common_words() or shape_of(run) in register.shapes:
            continue
        for cut in range(2, min(len(run) - 1, register.longest + 2)):
            left = _glued_part(row, register, start, start + cut)
            for stop in _stops(row, end) if left else ():
                right = _glued_part(row, register, start + cut, stop)
                if left and right and _two_halves(left, right):
                    found.extend((left, right))
    return found


def _two_halves(left: Hit, right: Hit) -> bool:
    """Whether one is a pupil's given name and the other the same pupil's family name."""
    return any(
        set(left.people(some)) & set(right.people(others))
        for some, others in ((GIVEN_ROLES, FAMILY_ROLES), (FAMILY_ROLES, GIVEN_ROLES))
    )


def _glued_part(row: Letters, register: RegisterNames, start: int, end: int) -> Hit | None:
    """A form at exactly these letters; hard boundaries inside it (in "smithJonesBrown-Lee") are the name's own."""
    piece = row.plain[start:end]
    if len(piece) > register.longest + 3:
        return None
    inner = {place - start for place in range(start + 1, end) if row.before[place] == HARD}
    if piece in register.forms:
        letters, how = piece, How.EXACT
    else:
        alike = () if len(piece) < 3 else register.shapes.get(shape_of(piece), ())
        spoken = [short for short in _unstretched(piece) if short in register.forms]
        if not alike and not spoken:
            return None
        letters, how = (alike[0], How.MISREAD) if alike else (spoken[0], How.STRETCHED)
    forms = tuple(form for form in register.forms[letters] if inner <= form.joints)
    return Hit(start, end, letters, forms, how) if forms else None


def _stops(row: Letters, end: int) -> list[int]:
    """The end of a run and of the two after it: a double-barrelled name goes on behind its hyphen."""
    size = len(row.plain)
    return [end, *(place for place in range(end + 1, min(end + 24, size) + 1) if row.before[place] == HARD)][:3]


def _runs(row: Letters, first: int, last: int, strength: int = SOFT) -> list[tuple[int, int]]:
    """Stretches without a boundary of this strength."""
    cuts = [first, *(i for i in range(first + 1, last) if row.before[i] >= strength), last]
    return list(pairwise(cuts))


def _segment(run: str, offset: int, register: RegisterNames) -> list[Hit]:
    """Split a run into words and names, as few pieces as possible; names cost more than words."""
    if run in register.forms or run in common_words():
        return []
    words = common_words()
    best: list[tuple[float, int] | None] = [None] * (len(run) + 1)
    best[0] = (0.0, 0)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 24), end):
            so_far = best[start]
            piece = run[start:end]
            if so_far is None:
                continue
            cost = _piece_cost(piece, piece in words, _named(piece, register) != "")
            if cost and (best[end] is None or so_far[0] + cost < best[end][0]):  # type: ignore[index]
                best[end] = (so_far[0] + cost, start)
    pieces: list[tuple[int, int]] = []
    end = len(run)
    if best[end] is None:
        return _long_inside(run, offset, register)
    while end > 0:
        start = best[end][1]  # type: ignore[index]
        pieces.append((start, end))
        end = start
    return [
        Hit(offset + a, offset + a + len(name), name, register.forms[name], How.EXACT)
        for a, b in reversed(pieces)
        if (name := _named(run[a:b], register)) and len(name) > 2
    ]


def _named(piece: str, register: RegisterNames) -> str:
    """The form a piece of a hashtag spells, a possessive "s" aside; "" where it spells none."""
    if piece in register.forms:
        return piece
    return piece[:-1] if piece.endswith("s") and piece[:-1] in register.forms else ""


def _piece_cost(piece: str, word: bool, name: bool) -> float:
    if word:
        return 1.0 if len(piece) > 2 or piece in _SHORT_WORDS else 3.0
    if name and len(piece) > 2:
        return 1.5
    return 0.0


_SHORT_WORDS = cue_set("small")


def _long_inside(run: str, offset: int, register: RegisterNames) -> list[Hit]:
    """A long name speaks for itself whatever stands around it."""
    for size in range(min(len(run), register.longest), 5, -1):
        for start in range(len(run) - size + 1):
            piece = run[start : start + size]
            if piece in register.forms and not is_word(piece):
                return [Hit(offset + start, offset + start + size, piece, register.forms[piece], How.EXACT)]
    return []
