"""What looking at one picture found: plain data, no pixels except the bytes that may be released.

Coordinates are pixels of the upright picture (after EXIF orientation), origin top left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vision.quality import FaceQuality


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright picture; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if self.right <= self.left or self.bottom <= self.top:
            raise ValueError(f"an empty box: {self}")

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def as_list(self) -> list[int]:
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face.

    `template` is the L2-normalised descriptor of the face (128 floats, tuple) or None where none could be computed
    or none was asked for: such a face is "not identified", never dropped. `detection_score` is 0 to 1. `quality` is
    None where it was not measured. `doubtful`: it may be no face at all, and a person must say.
    """

    box: Box
    detection_score: float
    template: tuple[float, ...] | None = None
    quality: FaceQuality | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class PictureText:
    """One line of text read in the picture; `score` is the reader's own, 0 to 1.

    `others` are further readings of the same line, each of which may be the right one.
    """

    box: Box
    text: str
    score: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextReading:
    """What reading one picture gave, and what was tried: no reading proves that there is nothing to read.

    `unread` are places that look like writing of which nothing could be read. `closer` counts the places that were
    searched once more at full resolution, `again` the lines that were read a second time in another way. `readers`
    names the engines.
    """

    lines: tuple[PictureText, ...] = ()
    unread: tuple[Box, ...] = ()
    closer: int = 0
    again: int = 0
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Barcode:
    """One QR code or barcode; `symbology` as in "QR Code" or "EAN-13". `text` is None where it could not be read."""

    box: Box
    symbology: str
    text: str | None


class HiddenKind(StrEnum):
    """What else of a picture a file may hold beside what a person sees. None of it is released."""

    THUMBNAIL = "thumbnail"  # an embedded preview
    FRAME = "frame"  # a further frame, page or picture
    UNDER_ALPHA = "under-alpha"  # what lies under transparent places
    LOW_BITS = "low-bits"  # what only shows in bits of 16-bit pixels that no screen shows
    OTHER_LOOK = "other-look"  # what programs show that do not heed the file's gamma
    TRAILING = "trailing"  # a picture behind the end of the picture


@dataclass(frozen=True, slots=True)
class HiddenPicture:
    """A picture inside the file that nobody sees; `where` says where it stood, as in "EXIF thumbnail".

    `faces` counts the faces found in it, `texts` are the lines read in it. `looked_at` is False where it could not be
    opened.
    """

    kind: HiddenKind
    where: str
    faces: int = 0
    texts: tuple[str, ...] = ()
    looked_at: bool = True


class MetadataKind(StrEnum):
    """What a piece of metadata tells. All of it is left out of what is released."""

    GPS = "gps"
    NAME = "name"  # a person's name: IPTC, XMP PersonInImage, face regions, EXIF XP author
    CAPTION = "caption"  # captions, titles, keywords, comments
    COPYRIGHT = "copyright"  # somebody's copyright or credit line
    SERIAL = "serial"  # camera or lens serial number, unique image id
    DATE = "date"
    THUMBNAIL = "thumbnail"  # an embedded preview, which may show the uncovered original
    FRAMES = "frames"  # further frames or pages: only the first was looked at, only the first is released
    ALPHA = "alpha"  # transparent pixels, laid on white before looking and releasing
    TRAILING = "trailing"  # bytes after the end of the picture
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MetadataItem:
    """One thing the file says beside its pixels: where it stood ("EXIF GPSInfo") and its text, at most 2,000 long."""

    kind: MetadataKind
    where: str
    text: str


class ProblemCode(StrEnum):
    UNREADABLE = "unreadable"  # not a picture we read, damaged, or too large: the teacher must choose another
    NOT_CHECKED = "not-checked"  # a part of the check failed on a picture that may be fine: try again


@dataclass(frozen=True, slots=True)
class Problem:
    """Why (a part of) this picture could not be looked at; `because` is one plain sentence for a teacher."""

    code: ProblemCode
    because: str


@dataclass(frozen=True, slots=True)
class PictureFindings:
    """Everything found in one picture.

    A picture with any problem is not cleared, whatever else was found. `released` is the only file that may be
    published: the looked-at pixels, one frame, upright, nothing else; None where there is none.
    """

    width: int
    height: int
    format: str  # "JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"; "" where unreadable
    faces: tuple[Face, ...] = ()
    texts: tuple[PictureText, ...] = ()
    metadata: tuple[MetadataItem, ...] = ()
    problems: tuple[Problem, ...] = ()
    released: Released | None = None
    barcodes: tuple[Barcode, ...] = ()
    hidden: tuple[HiddenPicture, ...] = ()
    text_search: TextReading | None = None  # what was tried to read text, without the lines; None: it was not asked for

    @classmethod
    def not_looked_at(cls, code: ProblemCode, because: str) -> PictureFindings:
        """The findings for a picture that gave nothing but this problem."""
        return cls(width=0, height=0, format="", problems=(Problem(code, because),))


@dataclass(frozen=True, slots=True)
class Released:
    """A safe file: its bytes, media type ("image/jpeg" or "image/png"), pixel size and SHA-256 (hex)."""

    content: bytes
    media_type: str
    width: int
    height: int
    sha256: str
