"""The one entry: read a draft's words and say what names or gives away a child."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from captions import codes, links
from captions.across_fields import classes_of_the_named, joined_over_fields
from captions.beside import standing_together
from captions.findings import (
    Kind,
    RegisteredName,
    SchoolProfile,
    TextField,
    TextFinding,
    TextFindings,
    TextProblem,
)
from captions.mentions import Basis
from captions.name_lists import said_to_be_lists
from captions.naming import Judged, Naming
from captions.other_readings import told_once
from captions.passages import Found, Passage, passages
from captions.recognisers import RECOGNISERS
from captions.recognisers.about import About, spans_of
from captions.register_names import RegisterNames, as_register
from captions.strangers import people_off_the_register
from captions.tagger import PersonTagger, TaggerError

MAX_FIELD = 20_000  # characters of one field that are read
MAX_DRAFT = 400_000  # characters of a whole draft that are read
_STRENGTH = {Kind.PUPIL_NAME: 0, Kind.PERSON_NAME: 2}

_LOOKED_FOR = (
    "names of the register's pupils, in every usual form",
    "people who share a pupil's first name or surname, and people introduced as relations",
    "telephone numbers, e-mail addresses, postcodes and street addresses, and where somebody's home is",
    "dates of birth, and the age and class of a named child",
    "unique pupil, NHS, National Insurance and passport numbers, and vehicle registrations",
    "accounts on social media",
    "health, special needs, care and free school meals",
    "regular times and places, and where children are at this moment",
    "links",
    "what QR codes and barcodes in pictures say",
    "wording unfit for a school's account",
)
_OTHER_PEOPLE = "names of people who are not on the register"


def looked_for(tagger: PersonTagger | None = None) -> tuple[str, ...]:
    """What inspect() looks for, in plain words for the result page and the doctor."""
    return (*_LOOKED_FOR, _OTHER_PEOPLE) if tagger is not None else _LOOKED_FOR


def not_looked_for(tagger: PersonTagger | None = None) -> tuple[str, ...]:
    """What a person still has to look for."""
    return () if tagger is not None else (f"{_OTHER_PEOPLE} (parents, visitors, children of other schools)",)


def inspect(
    fields: Sequence[TextField],
    names: RegisterNames | Sequence[RegisteredName],
    school: SchoolProfile,
    tagger: PersonTagger | None = None,
) -> TextFindings:
    """Names and identifying details in every field, and the fields that could not be read in full.

    `names` is best built once (`RegisterNames.build`) and used again; a sequence is built anew for each call.
    """
    naming = Naming(as_register(names), school)
    problems = list(_too_long(fields))
    unread = {problem.field_index for problem in problems if "was not read" in problem.because}
    readable = [
        TextField(field.name, "") if i in unread or codes.is_of_goods(field) else field
        for i, field in enumerate(fields)
    ]
    findings: list[TextFinding] = []
    first: list[tuple[Passage, list[Judged]]] = []
    further: list[tuple[Passage, list[Judged]]] = []
    told: dict[tuple[tuple[int, int], ...], frozenset[tuple[int, int]]] = {}  # by the parts of a passage
    for passage in passages(readable, MAX_FIELD):
        judged = naming.read(passage.reading)
        (further if passage.another else first).append((passage, judged))
        together = standing_together(passage, judged, naming, readable)
        if together is not None:
            told[passage.parts] = together.halves
            for name in together.names:
                findings.extend(together.passage.findings(naming.found(together.passage.reading, name), fields))
    joined = list(joined_over_fields(first))
    classes = classes_of_the_named(joined, naming.register, school)
    for (passage, judged), class_details in zip([*joined, *further], [*classes, *([] for _ in further)], strict=True):
        about_names, failed = _tagged(passage, judged, naming, tagger)
        about_names = [*about_names, *class_details]
        if failed:
            problems.extend(TextProblem(index, failed) for index, _ in passage.parts)
        halves = told.get(passage.parts, frozenset())
        for item in _inspect_passage(passage, judged, about_names, naming, halves):
            findings.extend(passage.findings(item, fields))
    once = said_to_be_lists(told_once(findings, fields), (passage for passage, _ in first), fields)
    return TextFindings(tuple(sorted(once, key=lambda f: (f.field_index, f.start, f.end))), tuple(problems))


def _too_long(fields: Sequence[TextField]) -> Iterable[TextProblem]:
    total = 0
    for index, field in enumerate(fields):
        if total >= MAX_DRAFT and field.text:
            yield TextProblem(
                index, f"The draft's texts are longer than {MAX_DRAFT:,} characters: this one was not read."
            )
        elif len(field.text) > MAX_FIELD:
            yield TextProblem(index, f"The text is longer than {MAX_FIELD:,} characters: only its beginning was read.")
        total += min(len(field.text), MAX_FIELD)


def _inspect_passage(
    passage: Passage,
    judged: list[Judged],
    people: list[Found],
    naming: Naming,
    halves: frozenset[tuple[int, int]] = frozenset(),
) -> list[Found]:
    """Everything in one passage but the `halves` of names, which are told together with their other half."""
    reading = passage.reading
    others = spans_of(reading, (each for each in people if each.kind is Kind.PERSON_NAME))
    flagged = [item for item in judged if item.flags and not _is_of_another(item, others)]
    named = tuple((item.mention.start, item.mention.end) for item in flagged)
    about = About(naming.school, named, naming.classes, others)
    found = [naming.found(reading, item) for item in flagged if (item.mention.start, item.mention.end) not in halves]
    found.extend(item for item in people if not _touches(item, found))
    for name, recogniser in RECOGNISERS.items():
        found.extend(replace(item, recogniser=name) for item in recogniser(reading, about))
    found.extend(replace(item, recogniser="links") for item in links.find(reading, naming.school))
    found.extend(replace(item, recogniser="codes") for item in codes.find(reading, naming.school, found))
    return _settled(found)


def _is_of_another(item: Judged, others: Sequence[tuple[int, int]]) -> bool:
    """A pupil's surname in the name of somebody else: "Zoe's mum, Gemma Ravenscroft"."""
    mention = item.mention
    return mention.basis is Basis.FAMILY and any(start < mention.start and mention.end <= end for start, end in others)


def _settled(found: list[Found]) -> list[Found]:
    """Without the same thing twice: of details over the same words, the surest; an e-mail address is no link."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (_STRENGTH.get(f.kind, 1), f.start - f.end, -f.score)):
        clash = [other for other in kept if item.start < other.end and other.start < item.end]
        if any(_same_thing(item, other) for other in clash):
            continue
        kept.append(item)
    return kept


def _same_thing(item: Found, other: Found) -> bool:
    if item.kind is Kind.PUPIL_NAME:
        return False
    if item.kind is Kind.PERSON_NAME or item.kind is other.kind:
        return True
    if item.kind is Kind.POSTCODE and other.kind is Kind.ADDRESS:
        return False
    inside = other.start <= item.start and item.end <= other.end
    return (
        inside and other.kind not in (Kind.PUPIL_NAME, Kind.PERSON_NAME, Kind.ROUTINE) and item.kind is not Kind.ROUTINE
    )


def _touches(item: Found, others: list[Found]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _tagged(
    passage: Passage, judged: list[Judged], naming: Naming, tagger: PersonTagger | None
) -> tuple[list[Found], str]:
    """People who are on no register, and why they could not be looked for where they could not."""
    if tagger is None:
        return [], ""
    try:
        return list(people_off_the_register(passage.reading, judged, naming, tagger)), ""
    except TaggerError as error:
        return [], f"Names of people outside the register could not be looked for: {error}."
