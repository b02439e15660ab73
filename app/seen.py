"""What a decision is made of: everything found in one draft, and how the register stands on the day. Plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.answers import Answer
from app.rights import OwnRights
from app.settling import PlacedFace, Settled, place, settle
from app.word_answers import WordAnswer
from captions.findings import FieldName, TextField, TextFindings
from consent.facts import ChannelFacts, NamingRule, PersonFacts
from vision.findings import Box, PictureFindings
from vision.matching import Identification

UNPUBLISHED = frozenset({FieldName.METADATA, FieldName.HIDDEN})  # what a file carries, and the safe file does not


@dataclass(frozen=True, slots=True)
class PictureSeen:
    """One picture as it was looked at. `identifications` has one entry per face, None where it was not compared.

    `answers` is what a person said about its faces, `covers` the places that were covered before anything was looked
    at. `compared`: False where nobody may be recognised in this draft.
    """

    number: int  # from 1
    findings: PictureFindings
    identifications: tuple[Identification | None, ...]
    answers: tuple[Answer, ...] = ()
    covers: tuple[Box, ...] = ()
    compared: bool = True

    def faces(self) -> Iterator[tuple[PlacedFace, Settled]]:
        """Every face with how it stands; a found face that was never compared is no one of these."""
        found, matches = self.findings.faces, self.identifications
        for placed in place([face.box for face in found], self.answers, self.covers):
            if placed.found is None:
                yield placed, settle(None, placed.answer)
            elif placed.found < len(matches):
                yield placed, settle(matches[placed.found], placed.answer, doubtful=found[placed.found].doubtful)


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """Everything found in one draft. `picture_count` is how many were handed in, looked at or not."""

    channel: str
    picture_count: int
    pictures: tuple[PictureSeen, ...]
    fields: tuple[TextField, ...]
    text: TextFindings
    word_answers: tuple[WordAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """How the register stands on the day; `channel` is None where the register does not know the account."""

    day: date
    channel: ChannelFacts | None
    people: Mapping[str, PersonFacts]
    rights: OwnRights = field(
        default_factory=OwnRights
    )  # under which names the school and its staff hold rights in pictures
    naming: NamingRule = NamingRule.NEVER
