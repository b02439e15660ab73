"""Any registered full name, under any disguises together, is flagged as that pupil, at the right characters."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from captions.findings import FieldName, Kind, RegisteredName, TextField, TextFinding
from captions.folding import fold_text
from captions.inspection import inspect
from captions.register_names import RegisterNames
from captions.vocabulary import is_word
from tests.unit.captions.disguises import CASES, CHARACTERS, ENCODINGS, JOINS, LETTERS, SETTINGS, STAGES, disguised
from tests.unit.captions.school import PUPILS, SCHOOL, findings

_MORE = """
Oluwaseun Adebayo;Ffion Llewellyn;Zofia Dąbrowska;Ioana Ștefănescu;Inês Gonçalves;Ayşe Çelik;Đorđe Kovač
Anne-Marie Dubois;Jack Beddows;Kwabena Owusu;Sinéad Ní Bhriain;Yusuf al-Amin;Thuỳ-Linh Đặng;Arjun Chaudhary
""".strip().replace("\n", ";")  # fmt: skip
NAMED = (*PUPILS, *(RegisteredName(name, name.split()[0], name.split(" ", 1)[1]) for name in _MORE.split(";")))
REGISTER = RegisterNames.build(NAMED)

_SPELT = {"letters apart", "letters dotted", "letters hyphened", "letters and stars"}
_GLUED = {"nothing", "camel"}
_BROKEN = {"line break", "Windows line break", "broken line"}
_DIGRAPHS = {"rn for m", "vv for w", "cl for d", "stretched"}


def _sensible(pupil: RegisteredName, chosen: tuple[str | None, ...]) -> bool:
    """Whether a person would still read the name, and would not read words instead."""
    letters, joins, case, *_ = chosen
    words = fold_text(f"{pupil.given} {pupil.family}").lower().replace("-", " ").split()
    wordlike = any(is_word(word) or len(word) <= 2 for word in words)
    if wordlike and (case in ("lower case", "capitals locked") or letters is not None):
        return False  # "poppy field" is judged by what stands around it
    if joins in _SPELT:
        return letters not in _DIGRAPHS | {"signs for letters"} and all(len(word) > 2 for word in words)
    if joins in _BROKEN or joins in _GLUED:
        return letters not in ("stretched", "signs for letters") and case in (None, "upper case")
    return True


def _pupil_found(text: str, field: FieldName, pupil: RegisteredName) -> list[TextFinding]:
    found = inspect([TextField(field, text)], REGISTER, SCHOOL).findings
    return [f for f in found if f.kind is Kind.PUPIL_NAME and pupil.person_id in f.pupils]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(NAMED),
    st.tuples(*(st.none() | st.sampled_from(list(stage)) for stage in STAGES)),
    st.sampled_from(list(SETTINGS)),
)
@example(NAMED[-1], ("digits for letters", "letters dotted", "upper case", "bidi", "percent"), "possessive")
@example(NAMED[0], ("signs for letters", "underscore", None, "full width", "double entities"), "file name")
@example(NAMED[3], ("1 for l", None, "upper case", "mathematical script", "percent where needed"), "praise")
def test_disguised_full_name_is_flagged_at_its_own_characters(pupil, chosen, setting) -> None:
    assume(_sensible(pupil, chosen))
    name = disguised(f"{pupil.given} {pupil.family}", chosen)
    text = SETTINGS[setting].format(name)
    found = _pupil_found(text, FieldName.FILENAME if setting == "file name" else FieldName.CAPTION, pupil)
    assert found, (text, chosen)
    start = text.index(name)
    assert all(start <= f.start and f.end <= start + len(name) for f in found), (text, chosen)


@pytest.mark.parametrize("disguise", [which for stage in STAGES for which in stage])
@pytest.mark.parametrize("pupil", [p for p in NAMED if " " not in p.given], ids=lambda p: p.person_id)
def test_full_name_under_one_disguise_is_covered_whole(pupil, disguise) -> None:
    stages = (LETTERS, JOINS, CASES, CHARACTERS, ENCODINGS)
    chosen = tuple(disguise if disguise in stage else None for stage in stages)
    if not _sensible(pupil, chosen):
        chosen = (None,) * len(stages)
    name = disguised(f"{pupil.given} {pupil.family}", chosen)
    text = f"Bravo {name} today"
    found = _pupil_found(text, FieldName.CAPTION, pupil)
    assert found, name
    covered = fold_text("".join(text[f.start : f.end] for f in found))
    wanted = fold_text(name)
    assert _bare(covered) == _bare(wanted)


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMED), st.sampled_from([None, *CHARACTERS]), st.sampled_from([None, *ENCODINGS]))
def test_cut_of_a_finding_folds_to_the_name(pupil, characters, encoding) -> None:
    written = disguised(f"{pupil.given} {pupil.family}", (None, None, None, characters, encoding))
    text = f"Ω≈ẞ😀 {written}! ﬁn"
    (found,) = _pupil_found(text, FieldName.CAPTION, pupil)
    assert _bare(fold_text(text[found.start : found.end])) == _bare(fold_text(f"{pupil.given} {pupil.family}"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(list(FieldName)))
def test_any_text_gets_an_answer_with_spans_inside_it(text: str, field: FieldName) -> None:
    for finding in findings(text, field):
        assert 0 <= finding.start < finding.end <= len(text)
        assert 0 <= finding.score <= 1
        assert finding.why
