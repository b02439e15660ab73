"""The school's public details: as captions read them, and as JSON in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from captions.findings import SchoolProfile

LISTS = frozenset({"short_names", "phones", "emails", "handles", "hashtags", "approved_domains"})


class ProfileError(ValueError):
    """The school's details are not in the form they must have; the message says where."""


def profile_to_json(profile: SchoolProfile) -> dict[str, Any]:
    """Everything but the name, which the school's row holds."""
    values = asdict(profile)
    del values["name"]
    return {key: list(value) if key in LISTS else value for key, value in values.items()}


def profile_from_json(name: str, stored: Mapping[str, Any]) -> SchoolProfile:
    """The profile from its JSON; ProfileError on a detail that is unknown or of the wrong form."""
    known = {field.name for field in fields(SchoolProfile)} - {"name"}
    if unknown := sorted(set(stored) - known):
        raise ProfileError(
            f"Unknown detail of the school: {', '.join(unknown)}. Known are: {', '.join(sorted(known))}."
        )
    values: dict[str, Any] = {}
    for key, value in stored.items():
        if key in LISTS:
            values[key] = _texts(key, value)
        elif key == "classes":
            values[key] = _classes(value)
        elif isinstance(value, str):
            values[key] = value
        else:
            raise ProfileError(f"{key} must be text.")
    return SchoolProfile(name=name, **values)


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ProfileError(f"{key} must be a list of texts.")
    return tuple(value)


def _classes(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for pair in value.items() for item in pair):
        raise ProfileError("classes must give the year of each class, both as text.")
    return dict(value)
