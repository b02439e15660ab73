"""Two readers on the same picture, their lines united: what either of them read is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vision.findings import Box, PictureText, TextReading
from vision.images import Pixels
from vision.reading import TextReader
from vision.reading.lines import folded, with_others

_SAME_PLACE = 0.5  # of the area of each: engines frame a line more or less tightly
_WITHIN = 0.7  # of its area: with so much of it in a longer line a word is a piece of that


@dataclass(frozen=True, slots=True)
class BothReaders:
    """Reads with one engine, then with the other. Where one of them fails the reading fails: half of it is none."""

    first: TextReader
    second: TextReader

    @property
    def version(self) -> str:
        return f"{self.first.version}+{self.second.version}"

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:
        one, other = self.first.read(pixels, near), self.second.read(pixels, near)
        return TextReading(
            lines=united(one.lines, other.lines),
            unread=(*_still_unread(one.unread, other.lines), *_still_unread(other.unread, (*one.lines, *one.unread))),
            closer=one.closer + other.closer,
            again=one.again + other.again,
            readers=(*one.readers, *other.readers),
        )


def united(first: Sequence[PictureText], second: Sequence[PictureText]) -> tuple[PictureText, ...]:
    """The lines of both. One that both read is told once, by the surer of them, with what the other read in `others`.

    A piece of a longer line that says nothing else is left out; one that says something else is a line of its own.
    """
    lines = list(first)
    free = set(range(len(lines)))  # a line of one reader is at most one line of the other
    for line in second:
        at = max(free, key=lambda at: _alike(lines[at].box, line.box), default=None)
        if at is not None and _alike(lines[at].box, line.box) >= _SAME_PLACE:
            free.discard(at)
            lines[at] = _one_of(lines[at], line)
        else:
            lines.append(line)
    return tuple(line for line in lines if not any(_says_as_much(other, line) for other in lines))


def _one_of(one: PictureText, other: PictureText) -> PictureText:
    surer, less = (one, other) if one.score >= other.score else (other, one)
    line = PictureText(_round_both(one.box, other.box), surer.text, surer.score)
    return with_others(line, (less.text, *surer.others, *less.others))


def _says_as_much(line: PictureText, piece: PictureText) -> bool:
    longer = len(folded(line.text)) > len(folded(piece.text)) and _share(piece.box, line.box) >= _WITHIN
    return longer and not piece.others and folded(piece.text) in folded(line.text)


def _still_unread(places: Sequence[Box], elsewhere: Sequence[PictureText | Box]) -> tuple[Box, ...]:
    boxes = [each.box if isinstance(each, PictureText) else each for each in elsewhere]
    return tuple(place for place in places if not any(_share(place, box) >= _SAME_PLACE for box in boxes))


def _alike(one: Box, other: Box) -> float:
    """How much of each lies in the other."""
    return min(_share(one, other), _share(other, one))


def _share(box: Box, other: Box) -> float:
    across = min(box.right, other.right) - max(box.left, other.left)
    down = min(box.bottom, other.bottom) - max(box.top, other.top)
    return max(0, across) * max(0, down) / ((box.right - box.left) * (box.bottom - box.top))


def _round_both(one: Box, other: Box) -> Box:
    return replace(
        one,
        left=min(one.left, other.left),
        top=min(one.top, other.top),
        right=max(one.right, other.right),
        bottom=max(one.bottom, other.bottom),
    )
