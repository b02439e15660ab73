"""Identifying details: one module for each kind, each with `find(reading, about) -> Iterator[Found]`.

RECOGNISERS has them by the name of their module, in the order in which they are asked.
"""

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
    locations,
    medical,
    nhs_numbers,
    ni_numbers,
    passports,
    phones,
    postcodes,
    relatives,
    routines,
    surroundings,
    upns,
    vehicles,
)
from captions.recognisers.about import About

Recogniser = Callable[[Reading, About], Iterator[Found]]

RECOGNISERS: dict[str, Recogniser] = {
    module.__name__.rpartition(".")[2]: module.find
    for module in (
        phones,
        emails,
        postcodes,
        addresses,
        surroundings,
        upns,
        nhs_numbers,
        ni_numbers,
        passports,
        vehicles,
        handles,
        birth_dates,
        relatives,
        ages,
        medical,
        classes,
        routines,
        locations,
        language,
    )
}

__all__ = ["RECOGNISERS", "About", "Recogniser"]
