"""Identifying details: one module for each kind, each with `find(reading, about) -> Iterator[Found]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from captions.passages import Found
from captions.reading import Reading
from captions.recognisers import (
    addresses,
    ages,
    birth_dates,
    classes,
    emails,
    handles,
    language,
    medical,
    nhs_numbers,
    phones,
    postcodes,
    relatives,
    routines,
    upns,
    vehicles,
)
from captions.recognisers.about import About

Recogniser = Callable[[Reading, About], Iterator[Found]]

RECOGNISERS: tuple[Recogniser, ...] = (
    phones.find,
    emails.find,
    postcodes.find,
    addresses.find,
    upns.find,
    nhs_numbers.find,
    vehicles.find,
    handles.find,
    birth_dates.find,
    relatives.find,
    ages.find,
    medical.find,
    classes.find,
    routines.find,
    language.find,
)

__all__ = ["RECOGNISERS", "About", "Recogniser"]
