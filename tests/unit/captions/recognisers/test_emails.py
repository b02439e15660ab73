"""E-mail addresses, plain, misread and spelt out."""

from __future__ import annotations

import pytest

from tests.unit.captions.recognisers.cases import words


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("to kit.box@example.org please", "kit.box@example.org", id="plain"),
        pytest.param("to kit_box+pe@mail.example.co.uk", "kit_box+pe@mail.example.co.uk", id="tagged"),
        pytest.param("to kitbox @ example.org", "kitbox @ example.org", id="blanks"),
        pytest.param("to kitbox&#64;example.org", "kitbox&#64;example.org", id="entity"),
        pytest.param("to kitbox＠example.org", "kitbox＠example.org", id="full-width"),
        pytest.param("to kitbox@example,org", "kitbox@example,org", id="comma-for-stop"),
        pytest.param("to kitbox (at) example (dot) org", "kitbox (at) example (dot) org", id="brackets"),
        pytest.param("to kit dot box at example dot co dot uk", "kit dot box at example dot co dot uk", id="spelt"),
        pytest.param("write to kitbox77 at gmail", "kitbox77 at gmail", id="provider"),
        pytest.param("email kitbox77 at example.org", "kitbox77 at example.org", id="half-spelt"),
        pytest.param("to kit.box AT example.org", "kit.box AT example.org", id="shouted-at"),
        pytest.param("to kitbox[@]example[.]org", "kitbox[@]example[.]org", id="defused"),
    ],
)
def test_address_is_found(text: str, address: str) -> None:
    assert words("email", text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "head@beckside.otterby.sch.uk",
        "office at beckside dot otterby dot sch dot uk",
        "kitchen@lunch.beckside.otterby.sch.uk",
        "admissions@otterby.gov.uk",
        "Meet at the dot on the map",
        "look at example.org",
        "Cake sale @ the hall",
        "TikTok @crumbs.by.nell",
    ],
)
def test_what_is_no_private_address_passes(text: str) -> None:
    assert words("email", text) == []
