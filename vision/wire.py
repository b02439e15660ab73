"""What goes between the inspector and the process that looks: frames of a JSON header and raw bytes.

The process that looks handles hostile files and may have been taken over: whatever comes from it is checked value by
value, and nothing of it is ever run or unpickled.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any, NoReturn, TypeVar

from vision import allowlist
from vision.errors import VisionError, WireError
from vision.findings import (
    Barcode,
    Box,
    Face,
    HiddenKind,
    HiddenPicture,
    MetadataItem,
    MetadataKind,
    PictureFindings,
    PictureText,
    Problem,
    ProblemCode,
    Released,
    TextReading,
)
from vision.images import Format, Limits
from vision.inspection import MOST_READINGS, MOST_TEXT, InspectionRequest, is_quality, is_template
from vision.metadata import MOST_ITEMS
from vision.quality import FaceQuality

_HEAD = struct.Struct(">4sIQ")  # mark, bytes of the header, bytes of the body
_MARK = b"GPv1"
MOST_HEADER = 32_000_000  # bytes: some thousand templates
MOST_BODY = 256_000_000
_MOST_FOUND = 5_000  # faces, or lines of text
_MOST_SENTENCE = 500  # characters
MOST_HIDDEN = 100  # pictures inside one file

T = TypeVar("T")


def write_frame(stream: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Send one frame; raises OSError where the other side is gone."""
    raw = json.dumps(header, allow_nan=False).encode()
    stream.write(_HEAD.pack(_MARK, len(raw), len(body)) + raw)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes], most_body: int = MOST_BODY) -> tuple[dict[str, Any], bytes]:
    """Receive one frame; raises EOFError at the end of the stream, WireError for anything that is no frame."""
    mark, header_size, body_size = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if mark != _MARK or header_size > MOST_HEADER or body_size > most_body:
        raise WireError("This is no frame.")
    raw = _exactly(stream, header_size)
    body = _exactly(stream, body_size)
    try:
        header = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError("A frame's header cannot be read.") from error
    if not isinstance(header, dict):
        raise WireError("A frame's header is no object.")
    return header, body


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _exactly(stream: IO[bytes], size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = stream.read(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def request_header(request: InspectionRequest) -> dict[str, Any]:
    header = asdict(request)
    header["covers"] = [box.as_list() for box in request.covers]
    return header


def request_of(header: dict[str, Any]) -> InspectionRequest:
    """The request in a header that the inspector wrote, which is trusted."""
    return InspectionRequest(**{**header, "covers": tuple(Box(*box) for box in header["covers"])})


def findings_frame(findings: PictureFindings) -> tuple[dict[str, Any], bytes]:
    released = findings.released
    header = {
        "width": findings.width,
        "height": findings.height,
        "format": findings.format,
        "faces": [
            [*face.box.as_list(), face.detection_score, face.template, _row_of(face.quality), face.doubtful]
            for face in findings.faces
        ],
        "texts": [[*line.box.as_list(), line.text, line.score, list(line.others)] for line in findings.texts],
        "text_search": _row_of_search(findings.text_search),
        "barcodes": [[*code.box.as_list(), code.symbology, code.text] for code in findings.barcodes],
        "hidden": [[each.kind, each.where, each.faces, list(each.texts), each.looked_at] for each in findings.hidden],
        "metadata": [[piece.kind, piece.where, piece.text] for piece in findings.metadata],
        "problems": [[problem.code, problem.because] for problem in findings.problems],
        "released": [released.media_type, released.width, released.height] if released else None,
    }
    return header, released.content if released else b""


def findings_of(header: dict[str, Any], body: bytes, request: InspectionRequest) -> PictureFindings:
    """The findings in a frame from the process that looks; raises WireError unless all of it is possible."""
    try:
        return _findings(header, body, request)
    except (KeyError, TypeError, ValueError, OverflowError, VisionError) as error:
        raise WireError("The process that looks gave an impossible answer.") from error


def _findings(header: dict[str, Any], body: bytes, request: InspectionRequest) -> PictureFindings:
    limits = Limits()
    width, height = (_whole(header[name], 0, limits.side) for name in ("width", "height"))
    problems = _each(header["problems"], 50, lambda row: Problem(ProblemCode(row[0]), _text(row[1], _MOST_SENTENCE)))
    if (width == 0) != (height == 0) or width * height > limits.pixels or (width == 0 and not problems):
        raise ValueError("an impossible size")

    def box(row: list[Any]) -> Box:
        left, right = (_whole(row[i], 0, width) for i in (0, 2))
        top, bottom = (_whole(row[i], 0, height) for i in (1, 3))
        return Box(left, top, right, bottom)

    return PictureFindings(
        width=width,
        height=height,
        format=Format(header["format"]).value if width else "",
        faces=_each(
            header["faces"],
            _MOST_FOUND,
            lambda row: Face(box(row), _score(row[4]), _template(row[5]), _quality(row[6]), _flag(row[7])),
        ),
        texts=_each(
            header["texts"],
            _MOST_FOUND,
            lambda row: PictureText(
                box(row), _text(row[4], MOST_TEXT), _score(row[5]), _texts(row[6], MOST_READINGS, MOST_TEXT)
            ),
        ),
        metadata=_each(
            header["metadata"],
            MOST_ITEMS + 1,
            lambda row: MetadataItem(MetadataKind(row[0]), _text(row[1], 200), _text(row[2], 2_000)),
        ),
        problems=problems,
        released=_released(header["released"], body, min(request.release_side, max(width, height)), bool(problems)),
        barcodes=_each(
            header["barcodes"],
            _MOST_FOUND,
            lambda row: Barcode(box(row), _text(row[4], 50), None if row[5] is None else _text(row[5], MOST_TEXT)),
        ),
        hidden=_each(header["hidden"], MOST_HIDDEN, _hidden),
        text_search=_search(header["text_search"], box),
    )


def _released(row: Any, body: bytes, most_side: int, has_problems: bool) -> Released | None:
    """The safe file, walked through once more on this side."""
    if row is None:
        if body or not has_problems:
            raise ValueError("no released file, and no reason why")
        return None
    if has_problems:
        raise ValueError("a released file in spite of a problem")
    media_type = _text(row[0], 50)
    width, height = (_whole(row[i], 1, most_side) for i in (1, 2))
    allowlist.check(body, media_type, width, height)
    return Released(body, media_type, width, height, hashlib.sha256(body).hexdigest())


def _hidden(row: list[Any]) -> HiddenPicture:
    texts = _texts(row[3], _MOST_FOUND, MOST_TEXT)
    return HiddenPicture(HiddenKind(row[0]), _text(row[1], 200), _whole(row[2], 0, _MOST_FOUND), texts, _flag(row[4]))


def _row_of_search(search: TextReading | None) -> list[Any] | None:
    if search is None:
        return None
    return [[box.as_list() for box in search.unread], search.closer, search.again, list(search.readers)]


def _search(row: Any, box: Callable[[list[Any]], Box]) -> TextReading | None:
    if row is None:
        return None
    unread, closer, again, readers = row
    return TextReading(
        unread=_each(unread, _MOST_FOUND, box),
        closer=_whole(closer, 0, _MOST_FOUND),
        again=_whole(again, 0, _MOST_FOUND),
        readers=_texts(readers, 8, 200),
    )


def _texts(rows: Any, most: int, longest: int) -> tuple[str, ...]:
    if not isinstance(rows, list) or len(rows) > most:
        raise ValueError("not a list of texts, or too long")
    return tuple(_text(row, longest) for row in rows)


def _each(rows: Any, most: int, make: Callable[[list[Any]], T]) -> tuple[T, ...]:
    if not isinstance(rows, list) or len(rows) > most or not all(isinstance(row, list) for row in rows):
        raise ValueError("not a list, or too long")
    try:
        return tuple(make(row) for row in rows)
    except IndexError as error:
        raise ValueError("a short row") from error


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError("not a whole number in range")
    return value


def _score(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise ValueError("not a score")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _row_of(quality: FaceQuality | None) -> list[float] | None:
    return [quality.height_px, quality.sharpness, quality.yaw, quality.roll] if quality else None


def _quality(row: Any) -> FaceQuality | None:
    if row is None:
        return None
    if not isinstance(row, list) or not all(type(value) in (int, float) for value in row):
        raise ValueError("not a quality")
    height, sharpness, yaw, roll = row
    quality = FaceQuality(_whole(height, 1, Limits().side), float(sharpness), float(yaw), float(roll))
    if not is_quality(quality):
        raise ValueError("not a quality")
    return quality


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("not a text, or too long")
    value.encode()  # a lone surrogate raises ValueError
    return value


def _template(value: Any) -> tuple[float, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or any(type(number) not in (int, float) for number in value):
        raise ValueError("not a template")
    template = tuple(float(number) for number in value)
    if not is_template(template):
        raise ValueError("not a template")
    return template
