"""Folding undoes disguises and always knows where each letter came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.folding import fold


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("Siobhán Wójcik", "Siobhan Wojcik", id="diacritics"),
        pytest.param("Zoe\u0308", "Zoe", id="combining mark"),
        pytest.param("Łukasz Yıldız", "Lukasz Yildiz", id="letters with strokes"),
        pytest.param("Kаi Cаmpbell", "Kai Campbell", id="Cyrillic among Latin"),
        pytest.param("Норе", "Hope", id="Cyrillic throughout, looking Latin"),
        pytest.param("Ολιβια", "Olivia", id="Greek by sound or look"),
        pytest.param("Gr\u200bace", "Grace", id="zero-width space"),
        pytest.param("Am\u00adinata", "Aminata", id="soft hyphen"),
        pytest.param("\u202eHope\u202c", "Hope", id="bidi controls"),
        pytest.param("𝐇𝐚𝐫𝐫𝐲", "Harry", id="mathematical bold"),
        pytest.param("Ｏｌｉｖｉａ", "Olivia", id="full width"),
        pytest.param("🅞🅛ⓘ🇻", "OLiV", id="letters in circles and flags"),
        pytest.param("&#79;l&iacute;via", "Olivia", id="HTML entities"),
        pytest.param("&amp;#79;livia", "Olivia", id="an entity within an entity"),
        pytest.param("ois%C3%ADn%20devlin", "oisin devlin", id="percent-encoding"),
        pytest.param("Zo%EB", "Zoe", id="percent-encoding of a single byte"),
        pytest.param("100%Ada", "100%Ada", id="a percentage is no encoding"),
        pytest.param("ZoÃ«", "Zoe", id="UTF-8 read as Windows-1252"),
        pytest.param("ë\u00ad\u00adl", "el", id="soft hyphens that happen to spell UTF-8"),
        pytest.param("A\u00adÇ\u00ade", "ACe", id="soft hyphens after a letter that begins UTF-8"),
        pytest.param("Ã\u00adris", "iris", id="UTF-8 with a byte that is also a soft hyphen"),
        pytest.param("50%ad", "50%ad", id="a percentage beside a word"),
        pytest.param("9%F0%9D%93%9E", "9O", id="percent-encoding after a digit"),
        pytest.param("the Prophet ﷺ", "the Prophet *", id="a sign that stands for a phrase"),
        pytest.param("Niamh’s", "Niamh's", id="typographic apostrophe"),
        pytest.param("Lane‑Fox", "Lane-Fox", id="non-breaking hyphen"),
        pytest.param("Hope\ud800\x00W", "HopeW", id="lone surrogate and NUL"),
        pytest.param("Well done 🌟 Kai", "Well done * Kai", id="emoji"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_disguise_is_undone(written: str, plain: str) -> None:
    assert fold(written).text == plain


@given(st.text(st.characters(), max_size=60))
def test_every_folded_character_has_its_place_in_the_original(written: str) -> None:
    folded = fold(written)
    assert folded.text.isascii()
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for i in range(len(folded.text)):
        start, end = folded.span(i, i + 1)
        assert 0 <= start < end <= len(written)
    assert list(folded.starts) == sorted(folded.starts)


@given(st.text("abcXYZ é&;%20ł\u200bо", max_size=40))
def test_plain_letters_map_to_themselves(written: str) -> None:
    folded = fold(written)
    for i, char in enumerate(folded.text):
        original = written[slice(*folded.span(i, i + 1))]
        if len(original) == 1 and original.isascii():
            assert original == char


@given(st.text(max_size=40), st.text(max_size=40))
def test_places_never_run_backwards_and_every_cut_holds_its_letters(left: str, right: str) -> None:
    folded = fold(f"{left} {right}")
    assert list(folded.starts) == sorted(folded.starts)
    for i in range(1, len(folded.text)):
        start, end = folded.span(0, i)
        assert start == folded.starts[0]
        assert end >= max(folded.ends[:i])


@given(st.text("OliviaŁÇé'- ", max_size=20), st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202e"]))
def test_invisible_characters_change_nothing(written: str, invisible: str) -> None:
    assert fold(invisible.join(written)).text == fold(written).text


def test_span_covers_an_accent_that_follows() -> None:
    folded = fold("Zoe\u0308 won")
    assert folded.original[slice(*folded.span(0, 3))] == "Zoe\u0308"
