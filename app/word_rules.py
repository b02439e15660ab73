"""The rules about words: names, details, links and wording, and what could not be read. Pure, like all of the policy.

Where the school's rule is "never", every pupil's name blocks. Where it is "with consent", a name passes that is
certainly theirs, if everybody whom it may mean has a consent for this channel that says "named".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.answers import AnswerKind
from app.reasons import Code, Reason, Remedy, Where
from app.seen import UNPUBLISHED, DraftSeen, Facts, PictureSeen
from app.word_answers import NAMES, answered, asks
from captions.findings import FieldName, Kind, TextField, TextFinding
from captions.rewriting import rewrite
from consent.facts import NamingRule, named_ok
from vision.findings import Box, PictureText

IN_WORDS: Mapping[Kind, Code] = {
    Kind.PUPIL_NAME: Code.PUPIL_NAMED,
    Kind.PERSON_NAME: Code.PERSON_NAMED,
    Kind.LINK: Code.LINK_NEEDS_CARE,
    Kind.LANGUAGE: Code.LANGUAGE,
}
IN_PICTURE: Mapping[Kind, Code] = {
    Kind.PUPIL_NAME: Code.NAME_IN_PICTURE,
    Kind.PERSON_NAME: Code.NAME_IN_PICTURE,
    Kind.LANGUAGE: Code.LANGUAGE,
}
REMEDIES: Mapping[FieldName, tuple[Remedy, ...]] = {
    FieldName.OCR: (Remedy.COVER, Remedy.LEAVE_OUT),
    FieldName.FILENAME: (Remedy.NEUTRAL_NAME,),
}
IN_A_PHOTOGRAPH = "A child in a photograph is never named."
GIVES_AWAY = "A pupil's name is an identifying detail."
NO_NAMING_CONSENT = "At this school a pupil is named only with a consent that says so, and this name has none."
COVER_TOO_SMALL = " The cover beside it did not hide all of it: cover this, too."
SAME_LINE = 4  # a quarter of the lower one's height is shared: lines one below the other share less
LIKE_HEIGHTS = 2.5  # times as high as the other at most: a line and the cover of a line, not that of a face
NEAR = 1.2  # times the height of the higher of the two: the margin of a cover and a gap between two words
QUESTION = "Is it only a word, or an adult who agreed to be named?"
TYPED = (FieldName.CAPTION, FieldName.HASHTAGS, FieldName.ALT)
DETAILS_OF_THE_NAMED = frozenset({Kind.AGE, Kind.CLASS_DETAIL})  # harmless once nobody is named


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What came of every finding: those that stand against the post, and those that pass as pupils named by consent.

    What was settled by a person's answer, and what is left out of the released file, is in neither.
    """

    stopped: tuple[TextFinding, ...]
    allowed: tuple[TextFinding, ...]

    @property
    def named(self) -> frozenset[str]:
        """Ids of everybody whom the post names, or may name, by consent."""
        return frozenset(person for finding in self.allowed for person in finding.pupils)


def read_words(found: DraftSeen, facts: Facts) -> WordsRead:
    """Which findings block; what stands only in a file's metadata or hidden pictures is left out of the safe file."""
    stopped: list[TextFinding] = []
    allowed: list[TextFinding] = []
    unnamed = False  # a name that was found is none, or is left out with what the file carries
    for finding in found.text.findings:
        field = found.fields[finding.field_index]
        if field.name in UNPUBLISHED:
            unnamed = unnamed or finding.kind in NAMES
        elif answered(finding, field, found.word_answers):
            unnamed = True
        else:
            (allowed if _may_be_named(finding, facts) else stopped).append(finding)
    if unnamed and not any(finding.kind in NAMES for finding in (*stopped, *allowed)):
        # An age or a class is only found beside a name, or with one in another field: here it is nobody's.
        stopped = [finding for finding in stopped if finding.kind not in DETAILS_OF_THE_NAMED]
    return WordsRead(tuple(stopped), tuple(allowed))


def _may_be_named(finding: TextFinding, facts: Facts) -> bool:
    if finding.kind is not Kind.PUPIL_NAME or finding.doubtful or not finding.pupils:
        return False
    if facts.naming is not NamingRule.WITH_CONSENT or facts.channel is None:
        return False
    people = [facts.people.get(person_id) for person_id in finding.pupils]
    return all(person is not None and named_ok(person, facts.channel.scope, facts.day) for person in people)


def text_nobody_could_check(found: DraftSeen, _facts: Facts) -> Iterator[Reason]:
    """A text that could not be read to its end; what a file carries beside the picture is left out unread."""
    for problem in found.text.problems:
        field = found.fields[problem.field_index]
        if field.name in UNPUBLISHED:
            continue
        yield Reason(Code.NOT_CHECKED, _where(found, field), problem.because, (Remedy.SHORTEN,))


def words_that_identify(found: DraftSeen, facts: Facts) -> Iterator[Reason]:
    """Names, details, links and wording in everything that would be published with the post."""
    naming = _naming_sentence(found, facts)
    for finding in read_words(found, facts).stopped:
        field = found.fields[finding.field_index]
        if field.name is FieldName.BARCODE:  # see app.code_rules
            continue
        codes, other = (
            (IN_PICTURE, Code.DETAIL_IN_PICTURE) if field.name is FieldName.OCR else (IN_WORDS, Code.PERSONAL_DETAIL)
        )
        question = asks(finding)
        yield Reason(
            codes.get(finding.kind, other),
            _where(found, field, finding.start, finding.end),
            _because(finding, naming, question=question) + _beside_a_cover(found, field),
            ((Remedy.ANSWER,) if question else ()) + REMEDIES.get(field.name, (Remedy.REWORD,)),
            replacement=finding.replacement if field.name in TYPED else None,
            evidence=finding.evidence,
        )


def _question(finding: TextFinding) -> str:
    return finding.why if finding.why.rstrip().endswith("?") else f"{finding.why} {QUESTION}"


def _because(finding: TextFinding, naming: str, *, question: bool) -> str:
    if question:
        return _question(finding)
    return f"{finding.why} {naming}" if finding.kind is Kind.PUPIL_NAME else finding.why


def _naming_sentence(found: DraftSeen, facts: Facts) -> str:
    """Why a pupil's name blocks; where consent decides, it does not say whose is missing."""
    if facts.naming is NamingRule.WITH_CONSENT:
        return NO_NAMING_CONSENT
    return IN_A_PHOTOGRAPH if any(_shows_faces(picture) for picture in found.pictures) else GIVES_AWAY


def _shows_faces(picture: PictureSeen) -> bool:
    """Whether there is a face of which nobody said that it is none; whether that fits what was recognised is not asked,
    as the sentence would tell."""
    return any(face.answer is None or face.answer.kind is not AnswerKind.NOT_A_FACE for face, _ in picture.faces())


def _where(found: DraftSeen, field: TextField, start: int | None = None, end: int | None = None) -> Where:
    line = _line(found, field)
    if line is None or field.part is None:
        return Where(field=field.name.value, picture=field.picture, start=start, end=end)
    reading = line.others.index(field.text) + 1 if field.another else None
    return Where(field.name.value, field.picture, None, line.box, start, end, field.part + 1, reading)


def _line(found: DraftSeen, field: TextField) -> PictureText | None:
    """The line of text in a picture that the field holds a reading of."""
    if field.name is not FieldName.OCR or field.part is None:
        return None
    picture = next(seen for seen in found.pictures if seen.number == field.picture)
    return picture.findings.texts[field.part]


def _beside_a_cover(found: DraftSeen, field: TextField) -> str:
    """What is said of a line that goes on where a cover of it ends: the cover was too small."""
    line = _line(found, field)
    if line is None:
        return ""
    picture = next(seen for seen in found.pictures if seen.number == field.picture)
    return COVER_TOO_SMALL if any(goes_on(line.box, cover) for cover in picture.covers) else ""


def goes_on(line: Box, cover: Box) -> bool:
    """Whether a line of text stands where a cover of about its height ends, on the same line.

    The covered place is larger than the cover that was asked for by part of its shorter side (vision.redaction).
    """
    low, high = sorted((line.height, cover.height))
    if high > LIKE_HEIGHTS * low:
        return False
    near = math.ceil(NEAR * high)
    across = min(line.right, cover.right) - max(line.left, cover.left)
    down = min(line.bottom, cover.bottom) - max(line.top, cover.top)
    return across > -near and SAME_LINE * down >= low


# -- the safe wording ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SafeWording:
    """Every typed text against which something stands, written anew; None and empty where nothing does."""

    caption: str | None = None
    hashtags: str | None = None
    alt_texts: tuple[tuple[int, str], ...] = ()  # by picture number

    def as_json(self) -> dict[str, object]:
        """What does not apply is left out; alt texts by picture number, as text."""
        told: dict[str, object] = {"caption": self.caption, "hashtags": self.hashtags}
        told["alt_texts"] = {str(number): text for number, text in self.alt_texts} or None
        return {name: value for name, value in told.items() if value is not None}


def safe_wording(found: DraftSeen, facts: Facts) -> SafeWording:
    """What could be posted instead. A text that could not be read to its end has no safe wording, and no text has one
    where nothing in it can be put otherwise."""
    read = read_words(found, facts)
    going = read.stopped
    if any(finding.kind in DETAILS_OF_THE_NAMED for finding in going):
        going += read.allowed  # a class or an age stays in the safe wording, so everybody's name goes
    unread = {problem.field_index for problem in found.text.problems}
    single: dict[FieldName, str] = {}
    alt_texts = []
    for index, field in enumerate(found.fields):
        mine = [finding for finding in going if finding.field_index == index]
        if field.name not in TYPED or index in unread or not mine:
            continue
        safe = rewrite(field.text, mine)
        if safe == field.text:
            continue
        if field.name is FieldName.ALT and field.picture is not None:
            alt_texts.append((field.picture, safe))
        else:
            single[field.name] = safe
    return SafeWording(single.get(FieldName.CAPTION), single.get(FieldName.HASHTAGS), tuple(alt_texts))
