"""Whoever looks, in this process, in its own or by the book: callers get the same kind of answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vision.findings import ProblemCode
from vision.inspection import InspectionRequest, Inspector
from vision.sandbox import SandboxedInspector
from vision.testing import FakeInspector, a_picture, fake_eyes, findings_for

PICTURE = a_picture(size=(80, 60))


@pytest.fixture(scope="module", params=["eyes", "sandboxed", "fake"])
def inspector(request: pytest.FixtureRequest) -> Iterator[Inspector]:
    if request.param == "eyes":
        yield fake_eyes()
    elif request.param == "fake":
        yield FakeInspector({PICTURE: findings_for(PICTURE)})
    else:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
            with SandboxedInspector(parts="vision.testing:fake_eyes") as opened:
                yield opened


def test_a_picture_is_looked_at(inspector: Inspector) -> None:
    found = inspector.inspect(PICTURE)
    assert (found.width, found.height, found.format) == (80, 60, "JPEG")
    assert found.problems == ()
    assert found.released is not None
    assert found.released.media_type == "image/jpeg"


def test_a_request_may_be_given(inspector: Inspector) -> None:
    assert inspector.inspect(PICTURE, InspectionRequest(templates=False)).problems == ()


@pytest.mark.parametrize("content", [b"", b"a letter", PICTURE[:100]], ids=["empty", "text", "cut-short"])
def test_what_was_not_looked_at_has_a_problem_and_nothing_to_release(inspector: Inspector, content: bytes) -> None:
    found = inspector.inspect(content)
    assert found.released is None
    (problem,) = found.problems
    assert problem.code in ProblemCode
    assert problem.because.endswith(".")


def test_the_version_of_every_part_is_told(inspector: Inspector) -> None:
    assert set(inspector.versions()) == {"detector", "encoder", "encoder_runtime", "reader"}


def test_the_fake_remembers_what_it_was_asked() -> None:
    fake = FakeInspector()
    fake.inspect(PICTURE, InspectionRequest(texts=False))
    ((digest, request),) = fake.asked
    assert len(digest) == 64
    assert not request.texts
