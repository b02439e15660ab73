"""The values in a file that dlib serialised: its portable format for numbers, words and tensors."""

from __future__ import annotations

import math
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from vision.errors import ModelError

Floats = npt.NDArray[np.float64]
Shape = tuple[int, int, int, int]

_SIGN, _LENGTH, _UNUSED = 0x80, 0x0F, 0x70  # of a whole number's first byte
_NOT_FINITE = {32_000: math.inf, 32_001: -math.inf, 32_002: math.nan}  # exponents that stand for these
_LARGEST_EXPONENT = 2_000
_TENSOR, _ALIAS = 2, 1  # versions: a tensor with its numbers, and the mere shape of a part of one


class DlibReader:
    """Reads one value after the other; raises ModelError, with the place, where the bytes are none of that kind."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes were not read."""
        return len(self._content) - self._at

    def whole(self) -> int:
        """A whole number: a byte with sign and length, then so many bytes, the least first."""
        head = self._take(1)[0]
        length = head & _LENGTH
        if head & _UNUSED or not 1 <= length <= 8:
            self.refuse("no whole number")
        value = int.from_bytes(self._take(length), "little")
        return -value if head & _SIGN else value

    def real(self) -> float:
        """A number as mantissa and exponent to the base of 2."""
        mantissa, exponent = self.whole(), self.whole()
        if exponent in _NOT_FINITE:
            return _NOT_FINITE[exponent]
        if abs(exponent) > _LARGEST_EXPONENT:
            self.refuse("no number")
        return math.ldexp(mantissa, exponent)

    def flag(self) -> bool:
        """A truth value: the character 0 or 1."""
        character = self._take(1)
        if character not in (b"0", b"1"):
            self.refuse("no truth value")
        return character == b"1"

    def word(self) -> str:
        """Characters, after their number."""
        length = self.whole()
        if not 0 <= length <= self.left:
            self.refuse("no word")
        return self._take(length).decode("latin-1")

    def tensor(self) -> Floats:
        """Four sizes, then 32-bit numbers."""
        shape = self._shape(_TENSOR)
        return np.frombuffer(self._take(4 * math.prod(shape)), "<f4").astype(np.float64).reshape(shape)

    def alias(self) -> Shape:
        """The shape of a part of a tensor that stands elsewhere."""
        return self._shape(_ALIAS)

    def expect(self, what: str, wanted: object, found: object) -> None:
        """Refuse the file unless it says what it must say."""
        if found != wanted:
            self.refuse(f"{what} is {found!r} instead of {wanted!r}")

    def refuse(self, why: str) -> NoReturn:
        raise ModelError(f"A model made by dlib cannot be read: {why}, near byte {self._at}.")

    def _shape(self, version: int) -> Shape:
        self.expect("the version of a tensor", version, self.whole())
        a, b, c, d = (self.whole() for _ in range(4))
        if min(a, b, c, d) < 0:
            self.refuse("a tensor of negative size")
        return a, b, c, d

    def _take(self, count: int) -> bytes:
        taken = self._content[self._at : self._at + count]
        if len(taken) != count:
            self.refuse("it ends early")
        self._at += count
        return taken
