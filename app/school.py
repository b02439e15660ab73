"""The school's details and accounts, read from a JSON file and brought into the register."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from app import audit
from app.models import AuditTag
from app.recognition import change_recognition
from captions.findings import SchoolProfile
from consent.facts import LARGEST_SIDE, SMALLEST_SIDE, NamingRule, RecognitionMode, Scope
from consent.models import Channel
from consent.profile import ProfileError, profile_from_json
from consent.recognition import REQUIRED_DAYS
from consent.register import Register, create_school, the_school

NOT_DETAILS = frozenset({"name", "channels", "recognition", "naming", "released_side"})
CHANNEL_TEXTS = ("name", "address", "owner", "official_email", "approved_by")
CHANNEL_DAYS = ("notified_on", "approved_on", "suspended_on")


class SchoolFileError(ValueError):
    """The file is not in the form it must have; the message says where."""


@dataclass(frozen=True, slots=True)
class SchoolFile:
    profile: SchoolProfile
    channels: tuple[dict[str, Any], ...]
    recognition: dict[str, Any]  # what is to be set: `mode` and days; what is absent stays as it is recorded
    naming: NamingRule | None = None  # None: it stays as it is
    released_side: int | None = None  # None: it stays as it is; pixels of the long side of a released picture


def read_school(content: bytes) -> SchoolFile:
    """The file's content, checked; SchoolFileError names the first thing that is wrong."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SchoolFileError(f"This is not JSON in UTF-8: {error}.") from None
    if not isinstance(document, dict) or not isinstance(document.get("name"), str):
        raise SchoolFileError("The file must hold an object with the school's `name`.")
    details = {key: value for key, value in document.items() if key not in NOT_DETAILS}
    try:
        profile = profile_from_json(document["name"], details)
    except ProfileError as error:
        raise SchoolFileError(str(error)) from None
    channels = document.get("channels", [])
    if not isinstance(channels, list):
        raise SchoolFileError("`channels` must be a list of accounts.")
    accounts = tuple(_channel(number, each) for number, each in enumerate(channels, start=1))
    recognition = _recognition(document["recognition"]) if "recognition" in document else {}
    naming = _naming(document["naming"]) if "naming" in document else None
    side = _released_side(document["released_side"]) if "released_side" in document else None
    return SchoolFile(profile, accounts, recognition, naming, side)


def _naming(stated: Any) -> NamingRule:
    try:
        return NamingRule(stated)
    except ValueError:
        raise SchoolFileError(f"`naming` must be one of {', '.join(NamingRule)}.") from None


def _released_side(stated: Any) -> int:
    if type(stated) is not int or not SMALLEST_SIDE <= stated <= LARGEST_SIDE:
        raise SchoolFileError(f"`released_side` must be a whole number of pixels, {SMALLEST_SIDE} to {LARGEST_SIDE}.")
    return stated


def _recognition(stated: Any) -> dict[str, Any]:
    modes = ", ".join(RecognitionMode)
    if not isinstance(stated, dict) or "mode" not in stated:
        raise SchoolFileError(f"`recognition` must be an object with a `mode`, one of {modes}.")
    unknown = sorted(set(stated) - {"mode", *REQUIRED_DAYS})
    if unknown:
        raise SchoolFileError(f"`recognition`: {unknown[0]} is unknown. Known are mode, {', '.join(REQUIRED_DAYS)}.")
    values: dict[str, Any] = {key: _day("`recognition`", key, stated[key]) for key in REQUIRED_DAYS if key in stated}
    try:
        return values | {"mode": RecognitionMode(str(stated["mode"]))}
    except ValueError:
        raise SchoolFileError(f"`recognition`: mode must be one of {modes}.") from None


def _channel(number: int, stated: Any) -> dict[str, Any]:
    if not isinstance(stated, dict) or not str(stated.get("name", "")).strip():
        raise SchoolFileError(f"Account {number} has no name.")
    where = f"Account '{stated['name']}'"
    unknown = sorted(set(stated) - {*CHANNEL_TEXTS, *CHANNEL_DAYS, "scope", "direct_messages"})
    if unknown:
        raise SchoolFileError(f"{where}: {unknown[0]} is not a detail of an account.")
    values: dict[str, Any] = {}
    for key in CHANNEL_TEXTS:
        if not isinstance(stated.get(key, ""), str):
            raise SchoolFileError(f"{where}: {key} must be text.")
        values[key] = stated.get(key, "")
    for key in CHANNEL_DAYS:
        values[key] = _day(where, key, stated.get(key))
    try:
        values["scope"] = Scope(str(stated.get("scope", "")))
    except ValueError:
        raise SchoolFileError(f"{where}: scope must be one of {', '.join(Scope)}.") from None
    values["direct_messages"] = stated.get("direct_messages", False)
    if not isinstance(values["direct_messages"], bool):
        raise SchoolFileError(f"{where}: direct_messages must be true or false.")
    return values


def _day(where: str, key: str, stated: Any) -> date | None:
    if stated in (None, ""):
        return None
    try:
        return date.fromisoformat(stated)
    except (TypeError, ValueError):
        raise SchoolFileError(f"{where}: {key} must be a day such as 2026-09-01.") from None


def apply_school(session: Session, wanted: SchoolFile) -> list[str]:
    """Bring the register to what the file says, in the caller's transaction; one sentence for each change.

    Raises RecognitionNotAllowed where recognition is to be on and a day that allows it is missing.
    """
    school = the_school(session) or create_school(session)
    register = Register(session, school.id)
    changes = []
    if register.profile() != wanted.profile:
        register.set_profile(wanted.profile)
        changes.append(f"The school's details change: {wanted.profile.name}.")
    if wanted.recognition and change_recognition(register, **wanted.recognition):
        changes.append(f"Face recognition changes: {_in_words(register)}.")
    if wanted.naming and change_naming(register, wanted.naming):
        changes.append(f"Naming pupils changes: {wanted.naming.value}.")
    if wanted.released_side and change_released_side(register, wanted.released_side):
        changes.append(f"Released pictures change: at most {wanted.released_side} pixels on the long side.")
    for values in wanted.channels:
        changes += _bring(register, values)
    return changes


def change_naming(register: Register, rule: NamingRule) -> bool:
    """Set the naming rule in the caller's transaction, with its trace in the audit trail; whether it changed."""
    before = register.naming()
    if before is rule:
        return False
    register.set_naming(rule)
    school_id = register.school_id
    audit.record(register.session, school_id, AuditTag.NAMING_CHANGED, school_id, before=before.value, after=rule.value)
    return True


def change_released_side(register: Register, pixels: int) -> bool:
    """Set the size of released pictures in the caller's transaction, with its trace; whether it changed.

    It holds for what is checked from now on: what was released before stays as it is.
    """
    before, school_id = register.released_side(), register.school_id
    if before == pixels:
        return False
    register.set_released_side(pixels)
    audit.record(register.session, school_id, AuditTag.RELEASED_SIDE_CHANGED, school_id, before=before, after=pixels)
    return True


def _in_words(register: Register) -> str:
    mode, *days = register.recognition_setting().as_json().items()
    return f"{mode[1]} (" + ", ".join(f"{name} {day or 'not recorded'}" for name, day in days) + ")"


def _bring(register: Register, values: Mapping[str, Any]) -> list[str]:
    known = register.channel(values["name"])
    if known is None:
        register.add_channel(Channel(school_id=register.school_id, **values))
        return [f"New account: {values['name']}."]
    changed = {key: value for key, value in values.items() if getattr(known, key) != value}
    if not changed:
        return []
    register.update_channel(values["name"], **changed)
    return [f"Account {values['name']} changes: {', '.join(changed)}."]
