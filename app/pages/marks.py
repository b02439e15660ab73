"""The marks over a picture: what each is about, where it stands, what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.pages.marking import Piece
from app.pages.texts import Said

TAG_WIDTH_PERCENT = 9.0  # for each character, on a phone: a line that begins nearer to the left has its tag above
TAG_HEIGHT_PERCENT = 9.0  # a box that begins nearer to the top carries its tag inside


@dataclass(frozen=True, slots=True)
class Mark:
    """One face or one line of text in a picture, or a place with writing that could not be read.

    Left, top, width, height in percent of the picture.
    """

    key: str  # unique on the page: "3-f2"
    tag: str  # "2" for a face, "B" for a text, "?1" for writing that could not be read
    name: str  # "face 2"
    left: float
    top: float
    width: float
    height: float
    tag_inside: bool
    stopped: bool
    said: tuple[Said, ...] = ()
    pieces: tuple[Piece, ...] = ()  # of a text
    readings: tuple[tuple[Piece, ...], ...] = ()  # further readings of a text, against which something stands
    unread: bool = False  # it looks like writing, and could not be read
    symbology: str = ""  # of a QR code or barcode
    cover: str = ""  # the form value that covers it, "" where covering is no remedy
    face: str = ""  # the end of the names of its form fields: "3_2" for face 2 of picture 3
    doubtful: bool = False  # it may be no face
    answer: str = ""  # what a person said about it, and who
    unnamed: bool = False  # a person drew it, and nobody said who it is
    dropped: bool = False  # a person said that it is no face, and that stands

    @property
    def asks(self) -> str:
        """The question to a person who may know."""
        if self.answer and not self.unnamed:
            return "Say something else"
        return "Is this a face?" if self.doubtful else "Say who it is"

    @property
    def tag_width(self) -> int:
        """In pixels of the page, as the two below."""
        return 12 + 8 * len(self.tag)

    @property
    def tag_shift(self) -> str:
        """Where the tag stands, from the box's corner: over a face; before a line, so that lists can be read."""
        if self.kind != "face" and self.left > TAG_WIDTH_PERCENT * len(self.tag):
            return f"{-self.tag_width - 3} 0"
        return f"0 {1 if self.tag_inside else -21}"

    @property
    def kind(self) -> str:
        """What a class of the page and a reader's words call it."""
        if self.symbology:
            return "code"
        return "unread" if self.unread else "text" if self.pieces else "face"


def percent(box: Sequence[int], width: int, height: int) -> tuple[float, float, float, float, bool]:
    """Left, top, width, height in percent of the picture, and whether the tag must stand inside the box."""
    left, top, right, bottom = box
    across, down = 100 / max(width, 1), 100 / max(height, 1)
    return (
        round(left * across, 2),
        round(top * down, 2),
        round((right - left) * across, 2),
        round((bottom - top) * down, 2),
        top * down < TAG_HEIGHT_PERCENT,
    )
