"""Lines of text by their corners (4 x 2 pixels: along the upper edge, back along the lower), and readings united."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from vision.findings import Box, PictureText

Floats = npt.NDArray[np.float32]

_GROWTH = 0.1  # of a small line's height: at window size its edges are found to a pixel, which may be two of its own
_COVERED = 0.7  # of a line's area: with so much of it in a longer one it is a piece of that
_SAME_LENGTH = 0.85  # what a window shows of a line is shorter where the line goes on beyond the window
_SAME_PLACE = 0.5  # of the area of a frame: with so much of it in another both frame one line
_AS_HIGH = 0.4  # of the height of the other: what is lower is a line inside a larger frame
_MOST_OTHERS = 4  # readings of one line beside the likeliest


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One place that was read: the likeliest text, which may say nothing, its corners, whether it was read twice.

    `cut`: it touches the border of the part of the picture that was read, so the line may go on.
    """

    text: PictureText
    quad: Floats
    again: bool = False
    cut: bool = False

    def moved(self, x: int, y: int) -> ReadLine:
        """The same in the whole of a picture of which a part that begins at x, y was read."""
        box = self.text.box
        there = Box(box.left + x, box.top + y, box.right + x, box.bottom + y)
        return replace(self, text=replace(self.text, box=there), quad=self.quad + np.array([x, y], np.float32))


def short_side(quad: Floats) -> float:
    """The height of a line with these corners, whichever way it runs."""
    return float(min(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])))


def long_side(quad: Floats) -> float:
    """The length of a line with these corners."""
    return float(max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])))


def grown(quad: Floats) -> Floats:
    """The same corners, moved outwards along both sides."""
    along, across = quad[1] - quad[0], quad[3] - quad[0]
    step = _GROWTH * short_side(quad)
    along, across = (side / max(float(np.linalg.norm(side)), 1e-6) * step for side in (along, across))
    return np.array(
        [quad[0] - along - across, quad[1] + along - across, quad[2] + along + across, quad[3] - along + across],
        np.float32,
    )


def merged(whole: Sequence[Floats], parts: Sequence[Floats], pieces: Sequence[Floats]) -> list[Floats]:
    """Each line once: as a window showed it, more exactly, or whole where windows showed pieces of it or nothing.

    `pieces` touch the border of their window, so the line may go on.
    """
    found = [quad for quad in whole if not any(_one_line(quad, part) for part in parts)]
    kept: list[Floats] = []
    for quad in sorted([*found, *parts, *pieces], key=long_side, reverse=True):
        if not any(_share(quad, other) >= _COVERED and short_side(quad) >= 0.5 * short_side(other) for other in kept):
            kept.append(quad)
    return kept


def not_among(quads: Sequence[Floats], known: Sequence[Floats]) -> list[Floats]:
    """Those that frame no line that is known: a frame found at another scale differs a little."""
    kept: list[Floats] = []
    for quad in quads:
        if not any(min(_share(quad, other), _share(other, quad)) >= _SAME_PLACE for other in (*known, *kept)):
            kept.append(quad)
    return kept


def _one_line(quad: Floats, part: Floats) -> bool:
    """Both are the same line, the second seen at a higher resolution and so less roughly framed."""
    return _share(quad, part) >= 0.5 and long_side(part) >= _SAME_LENGTH * long_side(quad)


def _share(quad: Floats, other: Floats) -> float:
    """How much of the first line's area lies in the other."""
    if (quad.max(axis=0) <= other.min(axis=0)).any() or (other.max(axis=0) <= quad.min(axis=0)).any():
        return 0.0
    area = float(cv2.contourArea(quad))
    return float(cv2.intersectConvexConvex(quad, other)[0]) / area if area > 0 else 0.0


def united(lines: Sequence[ReadLine]) -> tuple[PictureText, ...]:
    """Each line once, in the order in which they came: frames of one place are one line, said by the surest reading.

    What the others read there becomes `others`: where they differ, either may be right.
    """
    kept: list[int] = []
    said: dict[int, PictureText] = {}
    for at in sorted(range(len(lines)), key=lambda at: (lines[at].cut, -lines[at].text.score)):
        line = lines[at].text
        of = next((other for other in kept if _in_one_place(lines[at].quad, lines[other].quad)), None)
        if of is None:
            kept.append(at)
            said[at] = line
        elif _is_piece(said[of].text, line.text) and not lines[at].cut:
            kept[kept.index(of)] = at
            said[at] = with_others(line, said.pop(of).others)
        elif folded(line.text) not in folded(said[of].text):  # else it is a piece of what was kept, or the same
            said[of] = with_others(said[of], (line.text, *line.others))
    return tuple(said[at] for at in sorted(kept))


def _is_piece(text: str, whole: str) -> bool:
    return len(folded(text)) < len(folded(whole)) and folded(text) in folded(whole)


def with_others(line: PictureText, texts: Sequence[str]) -> PictureText:
    """The line with further readings of it, those left out that say the same."""
    said = {folded(line.text)}
    others = []
    for text in (*line.others, *texts):
        if folded(text) and folded(text) not in said:
            said.add(folded(text))
            others.append(text)
    return PictureText(line.box, line.text, line.score, tuple(others[:_MOST_OTHERS]))


def _in_one_place(one: Floats, other: Floats) -> bool:
    low, high = sorted((short_side(one), short_side(other)))
    return low >= _AS_HIGH * high and max(_share(one, other), _share(other, one)) >= _SAME_PLACE


def box_of(quad: Floats, width: int, height: int) -> Box:
    """The upright box round the corners, inside the picture."""
    left, top = np.clip(np.floor(quad.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int)
    return Box(int(left), int(top), int(np.clip(right, left + 1, width)), int(np.clip(bottom, top + 1, height)))


def folded(text: str) -> str:
    """The letters and digits of a text, without marks and case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))
