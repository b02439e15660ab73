"""dlib's portable format, value by value."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vision.dlib_files import alias, real, tensor, whole, word
from vision.dlib_format import DlibReader
from vision.errors import ModelError


@given(st.integers(-(2**62), 2**62))
def test_whole_numbers(value: int) -> None:
    reader = DlibReader(whole(value))

    assert reader.whole() == value
    assert reader.left == 0


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_real_numbers(value: float) -> None:
    assert DlibReader(real(value)).real() == value


@pytest.mark.parametrize(("exponent", "meant"), [(32_000, math.inf), (32_001, -math.inf)])
def test_infinity_has_its_own_exponent(exponent: int, meant: float) -> None:
    assert DlibReader(whole(0) + whole(exponent)).real() == meant


def test_no_number_has_its_own_exponent() -> None:
    assert math.isnan(DlibReader(whole(0) + whole(32_002)).real())


def test_words_truth_values_tensors_and_shapes_one_after_the_other() -> None:
    numbers = np.arange(24, dtype=float).reshape(2, 3, 4, 1)
    reader = DlibReader(word("con_4") + b"1" + b"0" + tensor(numbers) + alias((1, 2, 3, 4)))

    assert reader.word() == "con_4"
    assert (reader.flag(), reader.flag()) == (True, False)
    assert (reader.tensor() == numbers).all()
    assert reader.alias() == (1, 2, 3, 4)
    assert reader.left == 0


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"", "whole", id="nothing"),
        pytest.param(b"\x04\x01\x02", "whole", id="cut short"),
        pytest.param(b"\x09" + bytes(9), "whole", id="nine bytes"),
        pytest.param(b"\x41\x01", "whole", id="bits that mean nothing"),
        pytest.param(whole(1) + whole(31_999), "real", id="an exponent beyond any number"),
        pytest.param(b"2", "flag", id="neither 0 nor 1"),
        pytest.param(whole(9) + b"con", "word", id="a word longer than the file"),
        pytest.param(whole(-3) + b"con", "word", id="a word of negative length"),
        pytest.param(tensor(np.zeros(5))[:-1], "tensor", id="a tensor cut short"),
        pytest.param(b"".join(map(whole, (2, -1, 1, 1, 1))), "tensor", id="a tensor of negative size"),
        pytest.param(alias((1, 1, 1, 1)), "tensor", id="a shape where a tensor should be"),
        pytest.param(b"".join(map(whole, (2, 2**40, 2**40, 1, 1))), "tensor", id="a tensor larger than any memory"),
    ],
)
def test_anything_else_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        getattr(DlibReader(content), kind)()
