"""From mentions to findings: which names in a text point to a pupil, and what to say about each."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from itertools import pairwise

from captions.deeds import acts, addressed
from captions.findings import FieldName, Kind, SchoolProfile
from captions.judging import Verdict, judge, word_meaning
from captions.letting_through import Known, in_glued_figure, in_place_name, known_spans, titled
from captions.matching import How
from captions.mention_cues import begins_with_title, is_business, is_label, on_a_bib, sounds_like_a_surname
from captions.mentions import Basis, Mention, find_mentions
from captions.passages import Found
from captions.reading import Reading
from captions.register_names import RegisterNames, Role
from captions.replacing import pupil_words
from captions.rosters import in_roster, nearest, place_of
from captions.stories import among_characters, bible_story, is_costume
from captions.vocabulary import NameWord, cue_set, given_variants, is_word, lower_case_words

_NAMESAKE_FROM = 0.45  # a capital surname after it counts a little for a person
_ASKED = 3  # candidates that a question names
_CLASS = NameWord(frozenset({"class"}), 0.45)
_DESPITE_CLASS = 0.75  # from which Jay is a pupil although a pupil of Jay class stands beside the name
_STRONG = frozenset({Basis.FULL, Basis.NEARLY_FULL, Basis.GIVEN_INITIAL, Basis.INITIAL_FAMILY})
_NO_INITIALS = cue_set("notinitials")
_FAMILY_WORDS = cue_set("family")

_EVIDENCE = {
    Basis.FULL: "first name and surname",
    Basis.NEARLY_FULL: "first name and surname, one of them misspelt or misread",
    Basis.GIVEN_INITIAL: "first name and initial",
    Basis.INITIAL_FAMILY: "initial and surname",
    Basis.NAMESAKE: "a pupil's first name with another surname",
    Basis.STRANGER: "a pupil's surname with another first name",
    Basis.GIVEN: "first name",
    Basis.FAMILY: "surname",
    Basis.PLURAL: "surname in the plural",
    Basis.INITIALS: "initials",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention and what was made of it. `score` under 0.5: let through; `open`: another field may still decide.

    `evidence` and `doubtful` as in TextFinding.
    """

    mention: Mention
    kind: Kind
    score: float
    why: str
    open: bool = False
    evidence: tuple[str, ...] = ()
    doubtful: bool = False

    @property
    def flags(self) -> bool:
        return self.score >= 0.5


class Naming:
    """Reads texts for names against one register and one school."""

    def __init__(self, register: RegisterNames, school: SchoolProfile) -> None:
        self.register, self.school = register, school
        classes = {name.lower() for name in school.classes}
        classes |= {pupil.class_name.lower() for pupil in register.pupils if pupil.class_name}
        self.classes = frozenset(classes)
        self.words = {letters for letters in register.forms if is_word(letters)}

    def read(self, reading: Reading) -> list[Judged]:
        """Every mention with its judgement, those that are let through included."""
        mentions = find_mentions(reading, self.register)
        if not mentions:
            return []
        known = known_spans(reading, self.register, self.school)
        first = [self._first(reading, mention, known) for mention in mentions]
        sure = [judged.mention for judged in first if judged is not None and judged.flags]
        result: list[Judged] = []
        for mention, judged in zip(mentions, first, strict=True):
            result.append(judged if judged is not None else self._second(reading, mention, nearest(sure, mention)))
            if judged is None and result[-1].flags:
                insort(sure, mention, key=place_of)
        return self._in_company(reading, result, sure)

    def _in_company(self, reading: Reading, judged: list[Judged], sure: list[Mention]) -> list[Judged]:
        """A word let through may stand beside one that was flagged after it: "Will and Drew built it"."""
        return [
            self._beside(reading, item, nearest(sure, item.mention)) if item.open and not item.flags else item
            for item in judged
        ]

    def _beside(self, reading: Reading, item: Judged, sure: list[Mention]) -> Judged:
        mention = item.mention
        if mention.weak and mention.basis is Basis.GIVEN:
            listed = in_roster(reading, mention, sure)
            return self._asked(reading, mention, "it stands in a list of names") if listed else item
        if mention.basis is Basis.GIVEN:
            return self._second(reading, item.mention, sure)
        if item.mention.basis is not Basis.FAMILY or not in_roster(reading, item.mention, sure):
            return item
        why = "may be a pupil's surname: it stands in a list of pupils. Is it a name?"
        return self._judged(reading, item.mention, Kind.PUPIL_NAME, 0.6, why, doubtful=True)

    def found(self, reading: Reading, judged: Judged) -> Found:
        mention = judged.mention
        start, end = reading.span(mention.start, mention.end)
        pupils = [self.register.pupils[p] for p in self._ranked(reading, mention)]
        if judged.kind is Kind.PERSON_NAME:
            replacement: str | None = "someone we know"
        else:
            replacement = pupil_words(pupils, reading, mention.start, plural=mention.basis is Basis.PLURAL)
        evidence = judged.evidence or (_EVIDENCE[mention.basis],)
        return Found(
            judged.kind,
            start,
            end,
            judged.score,
            judged.why,
            tuple(pupil.person_id for pupil in pupils) if judged.kind is Kind.PUPIL_NAME else (),
            replacement,
            recogniser="register",
            evidence=evidence,
            doubtful=judged.doubtful,
        )

    def _ranked(self, reading: Reading, mention: Mention) -> list[int]:
        """The pupils of a mention, those whose class or year stands in the same sentence first."""
        if len(mention.people) < 2:
            return list(mention.people)
        start, end = reading.sentence_at(mention.start)
        around = [word.low for word in reading.words_in(start, end)]
        nearby = set(around) | {f"{a} {b}" for a, b in pairwise(around)}

        def strangeness(person: int) -> bool:
            pupil = self.register.pupils[person]
            return not ({pupil.class_name.lower(), pupil.year.lower()} & nearby)

        return sorted(mention.people, key=strangeness)

    def _first(self, reading: Reading, mention: Mention, known: list[Known]) -> Judged | None:
        """A judgement that needs no other mention; None for a name that is a word."""
        passed = self._passed(reading, mention, known)
        if passed:
            return passed
        if mention.basis in _STRONG:
            return self._strong(reading, mention)
        if mention.basis is Basis.NAMESAKE:
            return self._namesake(reading, mention)
        if mention.basis is Basis.STRANGER:
            return self._stranger(reading, mention)
        if mention.weak and reading.field is FieldName.OCR and mention.basis is Basis.GIVEN:
            if is_label(reading, mention):
                return self._asked(reading, mention, "some letters look alike")
            return self._let(mention, open=True)
        if mention.basis is Basis.GIVEN:
            if among_characters(reading, mention, known):
                return self._let(mention)
            return None if self._is_word(mention) else self._given(reading, mention)
        if mention.basis is Basis.INITIALS:
            return self._initials(reading, mention)
        return self._family(reading, mention)

    def _is_word(self, mention: Mention) -> bool:
        return mention.how is not How.STRETCHED and self._meaning(mention) is not None

    def _meaning(self, mention: Mention) -> NameWord | None:
        """What else the name means: a word, or one of the school's classes."""
        meaning = word_meaning(mention.letters)
        return _CLASS if meaning is None and mention.letters in self.classes else meaning

    @staticmethod
    def _is_compound(reading: Reading) -> bool:
        return reading.field in (FieldName.FILENAME, FieldName.HASHTAGS)

    def _let(self, mention: Mention, kind: Kind = Kind.PUPIL_NAME, *, open: bool = False) -> Judged:
        return Judged(mention, kind, 0.0, "", open)

    def _passed(self, reading: Reading, mention: Mention, known: list[Known]) -> Judged | None:
        full = mention.basis is Basis.FULL
        for span in known:
            if span.start < mention.end and mention.start < span.end:
                covered = span.start <= mention.start and mention.end <= span.end
                if full and not span.staff and not (span.guarded and covered and not acts(reading, mention)):
                    continue
                if full and not (span.met > 1 and covered and not acts(reading, mention)):
                    who = "a member of staff's" if span.staff else "somebody well known's"
                    why = f"is a pupil's name and {who}: who is meant?"
                    return self._judged(reading, mention, Kind.PUPIL_NAME, 0.6, why, doubtful=True)
                if covered or mention.basis in (Basis.NAMESAKE, Basis.STRANGER):
                    return self._let(mention)
        title = titled(reading, mention.start)
        leads = mention.basis is Basis.GIVEN and title in cue_set("soft")  # "Captain Will led the team out"
        if title and not leads and not (mention.basis is Basis.FULL and title not in ("st", "saint")):
            return self._let(mention)
        if mention.basis is Basis.STRANGER and begins_with_title(reading, mention):
            return self._let(mention)
        glued = not full and (
            in_glued_figure(reading, mention.start, mention.end) or in_place_name(reading, mention.start, mention.end)
        )
        return self._let(mention) if glued else None

    def _judged(
        self,
        reading: Reading,
        mention: Mention,
        kind: Kind,
        score: float,
        why: str,
        *,
        evidence: tuple[str, ...] = (),
        doubtful: bool = False,
    ) -> Judged:
        start, end = reading.span(mention.start, mention.end)
        shown = " ".join(reading.text[start:end].split())
        return Judged(mention, kind, round(score, 2), f"'{shown}' {why}", evidence=evidence, doubtful=doubtful)

    def _strong(self, reading: Reading, mention: Mention) -> Judged:
        text = reading.folded.text[mention.start : mention.end]
        words = [word.low for word in reading.words_in(mention.start, mention.end) if word.is_word]
        lower = (
            text.islower() and reading.has_capitals and reading.field not in (FieldName.FILENAME, FieldName.HASHTAGS)
        )
        if lower and words and all(is_word(word) for word in words) and not addressed(reading, mention):
            return self._let(mention)
        first = text[:1].islower() and reading.has_capitals and words and is_word(words[0]) and "\n" in text
        if first:
            return self._let(mention)
        match mention.basis:
            case Basis.FULL:
                return self._judged(reading, mention, Kind.PUPIL_NAME, 0.98, "is a pupil's full name.")
            case Basis.NEARLY_FULL if mention.guessed:
                return self._asked(reading, mention, "first name and surname are both near to a pupil's")
            case Basis.NEARLY_FULL:
                return self._judged(
                    reading, mention, Kind.PUPIL_NAME, 0.9, "is a pupil's full name, misspelt or misread."
                )
            case Basis.GIVEN_INITIAL:
                return self._judged(reading, mention, Kind.PUPIL_NAME, 0.9, "is a pupil's first name and initial.")
            case _:
                return self._judged(reading, mention, Kind.PUPIL_NAME, 0.9, "is a pupil's initial and surname.")

    def _asked(self, reading: Reading, mention: Mention, ground: str) -> Judged:
        """A name in a picture that rests on misread letters alone: a question."""
        why = f"may be a misread {self._candidates(reading, mention)} ({ground}): is it?"
        evidence = (_EVIDENCE[mention.basis], "letters that are easily misread")
        return self._judged(reading, mention, Kind.PUPIL_NAME, 0.6, why, evidence=evidence, doubtful=True)

    def _given(self, reading: Reading, mention: Mention) -> Judged:
        if is_costume(reading, mention):
            return self._let(mention)
        if bible_story(reading, mention, self.register.forms):
            return self._let(mention, open=True)
        text = reading.folded.text[mention.start : mention.end]
        in_lower_case = text.islower() and reading.has_capitals and not self._is_compound(reading)
        if in_lower_case and mention.letters in lower_case_words() and not addressed(reading, mention):
            return self._let(mention, open=True)
        if mention.how is How.MISREAD and len(mention.letters) < 4 and not any(c.isdigit() for c in text):
            plain_field = reading.field not in (FieldName.OCR, FieldName.FILENAME)
            if plain_field and not text[:1].isupper():
                return self._let(mention)
        if mention.how is How.SLIP:
            return self._judged(
                reading,
                mention,
                Kind.PUPIL_NAME,
                0.6,
                f"may be a misspelt {self._candidates(reading, mention)}: is it?",
                doubtful=True,
            )
        if mention.how is How.MISREAD:
            return self._judged(
                reading,
                mention,
                Kind.PUPIL_NAME,
                0.8,
                "reads like a pupil's first name.",
                evidence=("first name, misread",),
            )
        if mention.role is Role.VARIANT:
            if len(mention.letters) <= 3 and text.islower() and reading.has_capitals and not self._is_compound(reading):
                return self._let(mention, open=True)
            return self._judged(
                reading, mention, Kind.PUPIL_NAME, 0.75, "is a usual short form or spelling of a pupil's first name."
            )
        return self._judged(reading, mention, Kind.PUPIL_NAME, 0.85, "is a pupil's first name.")

    def _second(self, reading: Reading, mention: Mention, sure: list[Mention]) -> Judged:
        """A name that is a word, weighed with the certain mentions around it."""
        meaning = self._meaning(mention)
        if meaning is None:
            return self._given(reading, mention)
        verdict = judge(reading, mention, meaning, sure, self.words, self.classes)
        if verdict.score < _DESPITE_CLASS and self._is_class_of(mention, sure):
            return Judged(mention, Kind.PUPIL_NAME, min(round(verdict.score, 2), 0.49), "", open=True)
        story = bible_story(reading, mention, self.register.forms, strictly=True)
        if not verdict.flags or story:
            return Judged(mention, Kind.PUPIL_NAME, min(round(verdict.score, 2), 0.49), "", open=True)
        why = self._asks(reading, mention, verdict)
        return self._judged(
            reading, mention, Kind.PUPIL_NAME, verdict.score, why, evidence=verdict.grounds, doubtful=True
        )

    def _is_class_of(self, mention: Mention, sure: list[Mention]) -> bool:
        """ "Class: Jay" beside a pupil of that class."""
        people = (self.register.pupils[person] for other in sure for person in other.people)
        return mention.letters in self.classes and any(each.class_name.lower() == mention.letters for each in people)

    def _asks(self, reading: Reading, mention: Mention, verdict: Verdict) -> str:
        grounds = f" ({'; '.join(verdict.grounds)})" if verdict.grounds else ""
        return f"may be the pupil {self._candidates(reading, mention)} or only the word{grounds}: which is it?"

    def _candidates(self, reading: Reading, mention: Mention) -> str:
        """ "Rose P. in Year 2", up to three of them."""
        pupils = [self.register.pupils[person] for person in self._ranked(reading, mention)]
        shown = [
            f"{pupil.known_as or pupil.given} {pupil.family[:1]}." + (f" in {pupil.year}" if pupil.year else "")
            for pupil in pupils[:_ASKED]
        ]
        return ", ".join(shown[:-1]) + f" or {shown[-1]}" if len(shown) > 1 else shown[0]

    def _namesake(self, reading: Reading, mention: Mention) -> Judged:
        meaning = word_meaning(mention.letters)
        if meaning is not None:
            inner = Mention(
                mention.start,
                mention.start + len(mention.letters),
                Basis.GIVEN,
                mention.people,
                mention.letters,
                mention.how,
                mention.role,
            )
            score = judge(reading, inner, meaning, (), self.words, self.classes).score
            if score < _NAMESAKE_FROM and not sounds_like_a_surname(reading, mention):
                return self._let(mention)
        why = "has a pupil's first name and a surname not on the register: that pupil, or somebody else?"
        return self._judged(reading, mention, Kind.PERSON_NAME, 0.6, why, doubtful=True)

    def _stranger(self, reading: Reading, mention: Mention) -> Judged:
        words = [word.low for word in reading.words_in(mention.start, mention.end) if word.is_word]
        if is_word(mention.letters) and words[:1] and words[0] not in given_variants():
            return self._let(mention)
        why = "has a pupil's surname: a relation of a pupil, or a pupil by another name?"
        return self._judged(reading, mention, Kind.PERSON_NAME, 0.6, why, doubtful=True)

    def _initials(self, reading: Reading, mention: Mention) -> Judged:
        if mention.letters in _NO_INITIALS:
            return self._let(mention)
        start, end = reading.sentence_at(mention.start)
        near = [word.low for word in reading.words_in(start, end)]
        tied = any(a in {"year", "class"} or a in self.classes for a in near)
        left = " ".join(word.low for word in reversed(reading.before(mention.start, 4)))
        praised = any(
            cue in left for cue in ("well done", "congratulations", "proud of", "goes to", "award", "happy birthday")
        )
        if not (tied or praised):
            return self._let(mention)
        return self._judged(
            reading, mention, Kind.PUPIL_NAME, 0.7, "are the initials of a pupil, with words that point to one."
        )

    def _family(self, reading: Reading, mention: Mention) -> Judged:
        """A surname by itself, or a family's plural."""
        if mention.weak:
            return self._let(mention, open=True)
        following = [word.low for word in reading.after(mention.end, 2) if word.is_word]
        as_family = bool(following[:1]) and following[0] in _FAMILY_WORDS
        if is_business(reading, mention):
            return self._let(mention)
        labelled = any(word.low in {"surname", "family"} for word in reading.before(mention.start, 3))
        text = reading.folded.text[mention.start : mention.end]
        if text.islower() and reading.has_capitals and mention.letters in lower_case_words():
            return self._let(mention, open=mention.basis is Basis.FAMILY)
        if is_word(mention.letters) or is_word(mention.letters.rstrip("s")):
            if not (as_family or labelled) or not reading.folded.text[mention.start].isupper():
                return self._let(mention, open=mention.basis is Basis.FAMILY)
        elif (
            (mention.how is not How.EXACT and not on_a_bib(reading, mention, text))
            or (len(mention.letters) < 4 and reading.folded.text[mention.start].islower())
            or (mention.role is Role.FAMILY_PART and len(mention.letters) < 4)
        ):
            return self._let(mention, open=True)
        elif bible_story(reading, mention, self.register.forms):
            return self._let(mention)
        if mention.basis is Basis.PLURAL or as_family:
            return self._judged(reading, mention, Kind.PUPIL_NAME, 0.8, "names the family of a pupil.")
        return self._judged(reading, mention, Kind.PUPIL_NAME, 0.7, "is a pupil's surname.")
