"""What a detail of an audit entry may be: ids, codes, counts, versions, digests and days, and no other text.

None stands for "nothing said" in every field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

Field = Callable[[Any], bool]  # whether a value fits

ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
CODE = re.compile(r"[a-z][a-z0-9]*(?:[-_:][a-z0-9]+)*")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,39}")
DIGEST = re.compile(r"[0-9a-f]{64}")
ACTOR = re.compile(r"(?:account|key):[0-9A-Za-z_-]{1,64}|cli|system")
LONGEST_CODE = 40
LONGEST_LIST = 1000


def is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def is_code(value: Any) -> bool:
    """A word of the program: lower case, parts joined by hyphens."""
    return isinstance(value, str) and len(value) <= LONGEST_CODE and CODE.fullmatch(value) is not None


def is_version(value: Any) -> bool:
    return is_count(value) or (isinstance(value, str) and VERSION.fullmatch(value) is not None)


def is_digest(value: Any) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None


def is_actor(value: Any) -> bool:
    """An `Actor.ref`."""
    return isinstance(value, str) and ACTOR.fullmatch(value) is not None


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def is_day(value: Any) -> bool:
    """An ISO day, as text."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def one_of(words: Iterable[str]) -> Field:
    """One word of a closed list."""
    known = frozenset(str(word) for word in words)
    return lambda value: isinstance(value, str) and str(value) in known


def list_of(field: Field) -> Field:
    return lambda value: isinstance(value, list) and len(value) <= LONGEST_LIST and all(field(each) for each in value)


def group_of(**fields: Field) -> Field:
    """Several details under one name."""
    return lambda value: isinstance(value, Mapping) and not misfits(fields, value)


def misfits(fields: Mapping[str, Field], details: Mapping[str, Any]) -> list[str]:
    """The names of the details that have no place here, or a value that does not fit."""
    return sorted(
        name for name, value in details.items() if name not in fields or not (value is None or fields[name](value))
    )
