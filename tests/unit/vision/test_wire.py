"""What comes from the process that looks is taken only if all of it is possible."""

from __future__ import annotations

import copy
import io
import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.errors import WireError
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
)
from vision.inspection import InspectionRequest
from vision.quality import FaceQuality
from vision.testing import a_picture, a_template, findings_for
from vision.wire import findings_frame, findings_of, read_frame, request_header, request_of, write_frame

REQUEST = InspectionRequest()
FULL = findings_for(
    a_picture(),
    faces=[
        Face(Box(4, 4, 14, 16), 0.9, a_template(3, 0.2), FaceQuality(12, 0.5, 0.1, -3.0)),
        Face(Box(30, 6, 42, 20), 0.1),
    ],
    texts=[PictureText(Box(0, 0, 64, 48), "Zoë & <b>", 1.0, ("Zoe & b",))],
    barcodes=[
        Barcode(Box(1, 2, 9, 9), "QR Code", "https://example.org"),
        Barcode(Box(0, 0, 4, 9), "EAN-13", None),
    ],
    hidden=[
        HiddenPicture(HiddenKind.THUMBNAIL, "EXIF thumbnail", 2, ("Zoë",)),
        HiddenPicture(HiddenKind.FRAME, "frame 2", looked_at=False),
    ],
)
DETAILED = PictureFindings(
    **{name: getattr(FULL, name) for name in FULL.__slots__}
    | {"metadata": (MetadataItem(MetadataKind.NAME, "EXIF Artist", "Orla\u202e Quist"),)}
)
PROBLEM = findings_for(a_picture(), problems=[Problem(ProblemCode.NOT_CHECKED, "It broke.")])
UNREADABLE = PictureFindings.not_looked_at(ProblemCode.UNREADABLE, "This is no picture.")


def sent(header: dict[str, Any], body: bytes) -> PictureFindings:
    pipe = io.BytesIO()
    write_frame(pipe, header, body)
    pipe.seek(0)
    return findings_of(*read_frame(pipe), REQUEST)


@pytest.mark.parametrize(
    "findings", [FULL, DETAILED, PROBLEM, UNREADABLE], ids=["full", "names", "problem", "unreadable"]
)
def test_findings_arrive_as_they_were(findings: PictureFindings) -> None:
    assert sent(*findings_frame(findings)) == findings


@pytest.mark.parametrize(
    "request_",
    [
        InspectionRequest(),
        InspectionRequest(covers=(Box(-5, 1, 20, 30), Box(0, 0, 1, 1)), templates=False, texts=False, release_side=99),
    ],
)
def test_a_request_arrives_as_it_was(request_: InspectionRequest) -> None:
    assert request_of(json.loads(json.dumps(request_header(request_)))) == request_


def changed(**values: Any) -> tuple[dict[str, Any], bytes]:
    header, body = findings_frame(FULL)
    return copy.deepcopy(header) | values, body


def a_face(*box: Any, score: Any = 0.5, template: Any = None, quality: Any = None) -> list[list[Any]]:
    return [[*(box or (4, 4, 14, 16)), score, template, quality]]


IMPOSSIBLE = {
    "a face outside": changed(faces=a_face(4, 4, 65, 16)),
    "a face with a negative side": changed(faces=a_face(-1, 4, 14, 16)),
    "an empty face": changed(faces=a_face(4, 4, 4, 16)),
    "a face with a broken box": changed(faces=a_face(4.5, 4, 14, 16)),
    "a face with truth for a number": changed(faces=a_face(True, 4, 14, 16)),
    "a face with text for a number": changed(faces=a_face("4", 4, 14, 16)),
    "a short face": changed(faces=[[1, 2, 3]]),
    "a face that is no list": changed(faces=[{"box": []}]),
    "faces that are no list": changed(faces="none"),
    "no faces at all": changed(faces=None),
    "a million faces": changed(faces=a_face() * 5_001),
    "a score above 1": changed(faces=a_face(score=1.5)),
    "a huge score": changed(faces=a_face(score=10**400)),
    "no score": changed(faces=a_face(score=None)),
    "a quality of words": changed(faces=a_face(quality="good")),
    "a quality with too few values": changed(faces=a_face(quality=[12, 0.5])),
    "a quality that is negative": changed(faces=a_face(quality=[12, -0.5, 0.1, 0.0])),
    "a quality of huge numbers": changed(faces=a_face(quality=[12, 10**400, 0.1, 0.0])),
    "a template of the wrong length": changed(faces=a_face(template=[1.0])),
    "a template that is not normalised": changed(faces=a_face(template=[1.0] * 128)),
    "a template of words": changed(faces=a_face(template=["1"] * 128)),
    "a template of huge numbers": changed(faces=a_face(template=[10**400] * 128)),
    "a text that is no text": changed(texts=[[0, 0, 5, 5, 7, 0.5, []]]),
    "an endless text": changed(texts=[[0, 0, 5, 5, "a" * 10_001, 0.5, []]]),
    "a second reading that is no text": changed(texts=[[0, 0, 5, 5, "a", 0.5, [7]]]),
    "endless second readings": changed(texts=[[0, 0, 5, 5, "a", 0.5, ["b"] * 9]]),
    "a code outside the picture": changed(barcodes=[[0, 0, 65, 5, "QR Code", "a"]]),
    "a code with an endless text": changed(barcodes=[[0, 0, 5, 5, "QR Code", "a" * 10_001]]),
    "a hidden picture of no known kind": changed(hidden=[["ghost", "here", 0, [], True]]),
    "a hidden picture with fewer than no faces": changed(hidden=[["frame", "here", -1, [], True]]),
    "too many hidden pictures": changed(hidden=[["frame", "here", 0, [], True]] * 101),
    "unread writing outside the picture": changed(text_search=[[[0, 0, 65, 5]], 0, 0, []]),
    "a search without its parts": changed(text_search=[]),
    "half a letter": changed(texts=[[0, 0, 5, 5, "\ud800", 0.5, []]]),
    "metadata of no kind": changed(metadata=[["secret", "EXIF", "x"]]),
    "endless metadata": changed(metadata=[["name", "EXIF", "x" * 2_001]]),
    "a problem of no kind": changed(problems=[["fine", "All is well."]], released=None),
    "a format that is not read": changed(format="SVG"),
    "a negative size": changed(width=-1),
    "no size and no problem": changed(width=0, height=0, format="", faces=[], texts=[]),
    "an enormous size": changed(width=30_000, height=30_000),
    "a released file in spite of a problem": changed(problems=[["not-checked", "It broke."]]),
    "no released file and no problem": (changed(released=None)[0], b""),
    "released bytes and no file": changed(released=None),
    "a released file of another kind": changed(released=["image/gif", 64, 48]),
    "a released file of another size": changed(released=["image/jpeg", 48, 64]),
    "a released file larger than the picture": changed(released=["image/jpeg", 65, 49]),
    "a released file with a tail": (changed()[0], changed()[1] + b"Orla Quist"),
    "a released file with metadata": (changed()[0], changed()[1][:2] + b"\xff\xfe\x00\x06Orla" + changed()[1][2:]),
    "no released bytes": (changed()[0], b""),
    "nothing": ({}, b""),
}


@pytest.mark.parametrize(("header", "body"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_is_impossible_is_refused(header: dict[str, Any], body: bytes) -> None:
    with pytest.raises(WireError):
        sent(header, body)


def test_a_released_file_larger_than_asked_for_is_refused() -> None:
    with pytest.raises(WireError):
        findings_of(*findings_frame(FULL), InspectionRequest(release_side=32))


def frame(header: bytes, body: bytes = b"", mark: bytes = b"GPv1") -> bytes:
    return struct.pack(">4sIQ", mark, len(header), len(body)) + header + body


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(frame(b"{}", mark=b"GPv0"), id="another-mark"),
        pytest.param(frame(b"[1]"), id="no-object"),
        pytest.param(frame(b"{"), id="no-json"),
        pytest.param(frame(b"\xff\xfe"), id="no-text"),
        pytest.param(frame(b'{"score": NaN}'), id="nan"),
        pytest.param(frame(b'{"score": Infinity}'), id="infinity"),
        pytest.param(frame(b"[" * 100_000), id="deep"),
        pytest.param(frame(b'{"n": ' + b"9" * 10_000 + b"}"), id="endless-number"),
        pytest.param(struct.pack(">4sIQ", b"GPv1", 2**32 - 1, 0), id="a-header-of-4-gigabytes"),
        pytest.param(struct.pack(">4sIQ", b"GPv1", 2, 2**63) + b"{}", id="an-endless-body"),
    ],
)
def test_what_is_no_frame_is_refused(content: bytes) -> None:
    with pytest.raises(WireError):
        read_frame(io.BytesIO(content))


@pytest.mark.parametrize("kept", [0, 3, 16, 17, 20])
def test_a_frame_that_breaks_off_is_the_end(kept: int) -> None:
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(frame(b'{"a": 1}', b"body")[:kept]))


def test_not_a_number_is_never_sent() -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_frame(io.BytesIO(), {"score": math.nan})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=300)
@given(name=st.sampled_from(list(findings_frame(FULL)[0])), value=JSON)
def test_whatever_arrives_the_answer_is_findings_or_a_wire_error(name: str, value: Any) -> None:
    header, body = changed(**{name: value})
    try:
        found = findings_of(header, body, REQUEST)
    except WireError:
        return
    assert all(0 <= face.box.left < face.box.right <= found.width for face in found.faces)
    assert bool(found.problems) == (found.released is None)
