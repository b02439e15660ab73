"""Sealed columns: the database holds ciphertext alone, and a plain value can not be written by mistake."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Dialect, LargeBinary, TypeDecorator


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """What a sealed column holds; a row's attribute holds one only on its way to or from the database."""

    data: bytes = field(repr=False)


class Sealed(TypeDecorator[Any]):
    """Takes and gives `Ciphertext` alone. Subclasses say how the plain value becomes bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        if value is None:
            return None
        if not isinstance(value, Ciphertext):
            raise TypeError("a sealed column is written and compared through its row alone, never with a plain value")
        return value.data

    def process_literal_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        raise TypeError("a sealed column cannot be part of a statement's text")

    def process_result_value(self, value: Any, dialect: Dialect) -> Ciphertext | None:  # noqa: ARG002
        """Whatever lies there: SQLite keeps texts in such columns, too, and they do not open."""
        return None if value is None else Ciphertext(value.encode() if isinstance(value, str) else bytes(value))

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, data: bytes) -> Any:
        raise NotImplementedError


class SealedBytes(Sealed):
    cache_ok = True

    def to_bytes(self, value: bytes) -> bytes:
        return value

    def from_bytes(self, data: bytes) -> bytes:
        return data


class SealedText(Sealed):
    cache_ok = True

    def to_bytes(self, value: str) -> bytes:
        return value.encode()

    def from_bytes(self, data: bytes) -> str:
        return data.decode()


class SealedJson(Sealed):
    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, separators=(",", ":")).encode()

    def from_bytes(self, data: bytes) -> Any:
        return json.loads(data)
