"""How the lines of a picture stand to each other: blocks that are read on, and lines that stand side by side.

A line is a box in pixels. Lengths are measured in heights of a line, so that a far picture and a near one are read
alike. The limits are those of labels, certificates and lists as schools print them: lines set one and a half to two
apart, columns up to a hand's breadth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from captions.findings import TextField

WORD, CELL, LINE = " ", "  ", "\n"
BLOCK = "\n\n\n\n\n"  # longer than any gap that a name, an address or a number is read across

_IN_ROW = 0.6  # heights by which the middles of two lines in one row differ at most
_WORD_GAP, _CELL_GAP, _TABLE_GAP = 1.0, 3.0, 15.0  # heights between two boxes of a row
_LINE_GAP = 1.5  # heights (of the higher line) between a line and the one below it
_COLUMN = 1.5  # heights by which lines of one column begin, end or have their middle apart at most
_PITCH = 3.0  # heights from one row of a table to the next
_LARGER = 4.0  # a given name may be this much higher than the family name below it
_NARROWEST = 3.0  # a line is not higher than three times the width of its letters
_TURNED = 1.5  # a box of several letters that is this much higher than wide is a line that runs up or down
_NEAR = 60  # lines after this one, from the top down, of which a neighbour is one
_LEAST_TILT, _MOST_TILT = 0.02, 0.4  # of a page, as a slope


@dataclass(frozen=True, slots=True)
class Line:
    """One line as if it ran from left to right; `y` its middle, `height` that of its letters' line, in pixels."""

    index: int
    left: float
    right: float
    y: float
    height: float
    turned: bool = False

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Layout:
    """Indices of fields in reading order, each with what parts it from the one before it.

    `beside`: pairs that stand together and do not follow each other in that order.
    """

    order: tuple[tuple[int, str], ...]
    beside: tuple[tuple[int, int], ...] = ()


def arrange(fields: Sequence[TextField], indices: Sequence[int]) -> Layout:
    """The reading order of one picture's lines; lines without boxes keep theirs."""
    if any(fields[index].box is None for index in indices):
        return Layout(tuple((index, LINE) for index in indices))
    lines = [_line(fields[index], index) for index in indices]
    order: list[tuple[int, str]] = []
    beside: list[tuple[int, int]] = []
    for turned in (False, True):
        group = _straightened([line for line in lines if line.turned is turned])
        stacked, across = _neighbours(group)
        order.extend(_blocks(group, stacked, across))
        beside.extend((a.index, b.index) for a, b, _ in (*stacked, *across))
    follow = {(a, b) for (a, _), (b, gap) in pairwise(order) if gap != BLOCK}
    return Layout(tuple(order), tuple(pair for pair in dict.fromkeys(beside) if pair not in follow))


def _line(field: TextField, index: int) -> Line:
    left, top, right, bottom = field.box or (0, 0, 0, 0)
    width, height = max(right - left, 1), max(bottom - top, 1)
    letters = sum(char.isalnum() for char in field.text)
    turned = letters > 2 and height > _TURNED * width
    if turned:
        left, top, right, bottom, width, height = top, left, bottom, right, height, width
    high = min(height, _NARROWEST * width / max(len(field.text), 1))
    return Line(index, left, right, (top + bottom) / 2, high, turned)


def _straightened(lines: list[Line]) -> list[Line]:
    """The lines as they stand on the page, where a page lies at a slope.

    A box round a line of width w at slope s is w * s higher than the line. Which way it slopes is what brings more
    lines level with another.
    """
    slope = _slope(lines)
    if not slope:
        return lines
    ways = [lines, *([_turned_by(line, way) for line in lines] for way in (slope, -slope))]
    return max(ways, key=_level)


def _slope(lines: Sequence[Line]) -> float:
    if len(lines) < 4:
        return 0.0
    columns: list[float] = []
    ordered = sorted(lines, key=lambda line: line.y)
    for upper, lower in pairwise(ordered):
        down = lower.y - upper.y
        if 0 < down < _PITCH * upper.height and abs(upper.left - lower.left) < _MOST_TILT * down:
            columns.append(abs(upper.left - lower.left) / down)
    slope = median(columns) if len(columns) >= 3 else 0.0
    return slope if slope >= _LEAST_TILT else 0.0


def _turned_by(line: Line, slope: float) -> Line:
    aside = slope * line.y
    return Line(line.index, line.left + aside, line.right + aside, line.y - slope * line.x, line.height, line.turned)


def _level(lines: Sequence[Line]) -> int:
    ordered = sorted(lines, key=lambda line: line.y)
    return sum(lower.y - upper.y < 0.3 * min(upper.height, lower.height) for upper, lower in pairwise(ordered))


Pair = tuple[Line, Line, float]  # a line, its neighbour, and the heights between them


def _neighbours(lines: Sequence[Line]) -> tuple[list[Pair], list[Pair]]:
    """For each line the next one below it, and the next one to its right."""
    ordered = sorted(lines, key=lambda line: line.y)
    below: dict[int, Pair] = {}
    right: dict[int, Pair] = {}
    for at, upper in enumerate(ordered):
        for lower in ordered[at + 1 : at + 1 + _NEAR]:
            down = lower.y - upper.y
            high = max(upper.height, lower.height)
            if down > (_LINE_GAP + 1) * high:
                if down > (_LINE_GAP + 1) * _LARGER * upper.height:
                    break
                continue
            shared = min(upper.right, lower.right) - max(upper.left, lower.left)
            if shared > 0 and down > _IN_ROW * min(upper.height, lower.height):
                _below(upper, lower, shared, below)
            elif -shared <= _TABLE_GAP * high and down <= _IN_ROW * min(upper.height, lower.height):
                _across(upper, lower, right)
    table = _in_tables(list(right.values()))
    return list(below.values()), [pair for pair in right.values() if pair[2] <= _CELL_GAP or pair in table]


def _across(one: Line, other: Line, right: dict[int, Pair]) -> None:
    a, b = (one, other) if one.x <= other.x else (other, one)
    high = max(a.height, b.height)
    gap = (b.left - a.right) / high
    if -1 < gap <= _TABLE_GAP and high <= 2 * min(a.height, b.height):
        known = right.get(a.index)
        if known is None or gap < known[2]:
            right[a.index] = (a, b, gap)


def _below(upper: Line, lower: Line, shared: float, below: dict[int, Pair]) -> None:
    high, low = max(upper.height, lower.height), min(upper.height, lower.height)
    if high > _LARGER * low or shared < 0.3 * min(upper.width, lower.width):
        return
    gap = (lower.y - upper.y - (upper.height + lower.height) / 2) / high
    known = below.get(upper.index)
    if gap <= _LINE_GAP and (known is None or gap < known[2]):
        below[upper.index] = (upper, lower, gap)


def _in_tables(pairs: list[Pair]) -> set[Pair]:
    """Neighbours in a row of a table: two more such rows follow closely, with both columns in line."""
    found: set[Pair] = set()
    ordered = sorted(pairs, key=lambda pair: pair[0].y)
    for at, (a, b, gap) in enumerate(ordered):
        mates = [(a, b, gap)]
        for other in ordered[at + 1 : at + 1 + _NEAR // 2]:
            if other[0].y - mates[-1][0].y > _PITCH * a.height:
                break
            if _in_column(a, other[0]) and _in_column(b, other[1]):
                mates.append(other)
        if len(mates) > 2:
            found.update(mates)
    return found


def _in_column(one: Line, other: Line) -> bool:
    left, right = one.left - other.left, one.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) <= _COLUMN * one.height


def _blocks(lines: Sequence[Line], stacked: Iterable[Pair], across: Iterable[Pair]) -> Iterator[tuple[int, str]]:
    """The lines block by block from the top down, each block row by row."""
    root = {line.index: line.index for line in lines}

    def top(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for a, b, _ in (*stacked, *across):
        root[top(a.index)] = top(b.index)
    blocks: dict[int, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (line.y, line.x)):
        blocks.setdefault(top(line.index), []).append(line)
    for block in blocks.values():
        gap = BLOCK
        for row in _rows(block):
            yield row[0].index, gap
            for a, b in pairwise(row):
                near = b.left - a.right <= _WORD_GAP * max(a.height, b.height)
                yield b.index, WORD if near else CELL
            gap = LINE


def _rows(block: Sequence[Line]) -> Iterator[list[Line]]:
    row: list[Line] = []
    for line in block:
        if row and line.y - row[-1].y > _IN_ROW * min(line.height, row[-1].height):
            yield sorted(row, key=lambda each: each.x)
            row = []
        row.append(line)
    yield sorted(row, key=lambda each: each.x)
