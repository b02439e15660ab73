"""Any registered full name, under any of the disguises together, is flagged as that pupil, at the right characters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.findings import FieldName, Kind
from tests.unit.captions.school import PUPILS, findings

_LOOKALIKES = str.maketrans("aeopcxiABEHKMOPCTX", "аеорсхіАВЕНКМОРСТХ")


def _every_other(text: str, change: Callable[[str], str]) -> str:
    return "".join(change(char) if i % 2 else char for i, char in enumerate(text))


# Encodings come last: a browser decodes only what is still a proper escape.
DISGUISES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "zero-width": lambda name: "\u200b".join(name),
    "soft hyphens": lambda name: "\u00ad".join(name),
    "bidi": lambda name: f"\u202a{name}\u202c",
    "look-alikes": lambda name: _every_other(name, lambda c: c.translate(_LOOKALIKES)),
    "full width": lambda name: "".join(chr(ord(c) + 0xFEE0) if "!" < c <= "~" else c for c in name),
    "underscores": lambda name: name.replace(" ", "_"),
    "hyphen": lambda name: name.replace(" ", "-"),
    "no blank": lambda name: name.replace(" ", ""),
    "entities": lambda name: _every_other(name, lambda c: f"&#{ord(c)};"),
    "percent": lambda name: "".join(f"%{b:02X}" for b in name.encode()),
}
ALONE: dict[str, Callable[[str], str]] = {
    "spaced out": lambda name: "  ".join(" ".join(part) for part in name.split(" ")),
    "dotted": lambda name: " ".join(".".join(part) for part in name.split(" ")),
    "hashtag": lambda name: "#" + "".join(name.replace("'", "").replace("-", "").split(" ")),
    "digits": lambda name: name.replace("l", "1").replace("o", "0"),
    "misread m": lambda name: name.replace("m", "rn"),
    "reversed": lambda name: f"{name.partition(' ')[2]}, {name.partition(' ')[0]}",
}
_SINGLE = [p for p in PUPILS if " " not in p.given and " " not in p.family]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_SINGLE), st.lists(st.sampled_from(sorted(DISGUISES)), max_size=3, unique=True))
def test_disguised_full_name_is_flagged(pupil, disguises) -> None:
    name = f"{pupil.given} {pupil.family}"
    for disguise in sorted(disguises, key=list(DISGUISES).index):
        name = DISGUISES[disguise](name)
    text = f"🎉 Bravo: {name} (today)"
    found = [f for f in findings(text) if f.kind is Kind.PUPIL_NAME and pupil.person_id in f.pupils]
    assert found, (name, disguises)
    start = text.index(name)
    assert all(start <= f.start and f.end <= start + len(name) for f in found)


@pytest.mark.parametrize("disguise", sorted(ALONE))
@pytest.mark.parametrize("pupil", _SINGLE, ids=lambda p: p.person_id)
def test_full_name_in_another_shape_is_flagged(pupil, disguise) -> None:
    name = ALONE[disguise](f"{pupil.given} {pupil.family}")
    text = f"Bravo {name}"
    found = [f for f in findings(text) if f.kind is Kind.PUPIL_NAME and pupil.person_id in f.pupils]
    assert found, name
    assert all(f.start >= text.index(name) for f in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(list(FieldName)))
def test_any_text_gets_an_answer_with_spans_inside_it(text: str, field: FieldName) -> None:
    for finding in findings(text, field):
        assert 0 <= finding.start < finding.end <= len(text)
        assert 0 <= finding.score <= 1
        assert finding.why
