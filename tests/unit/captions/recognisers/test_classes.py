"""The class or year of a named child; alone they pass."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.recognisers.cases import CAPTION, FILE, OCR, TAGS, words


@pytest.mark.parametrize(
    ("field", "text", "classes"),
    [
        pytest.param(CAPTION, "Kai (Owls) won", ["Owls"], id="brackets"),
        pytest.param(CAPTION, "Kai (owls) won", ["owls"], id="brackets-lower"),
        pytest.param(CAPTION, "Kai from owls class won", ["owls class"], id="class-lower"),
        pytest.param(CAPTION, "Kai of Owls-class won", ["Owls-class"], id="hyphen"),
        pytest.param(CAPTION, "Owls' Kai won", ["Owls"], id="whose"),
        pytest.param(CAPTION, "Kai 🦉 Owls", ["Owls"], id="emoji"),
        pytest.param(CAPTION, "Kai, Owls", ["Owls"], id="comma"),
        pytest.param(CAPTION, "Kai: Owls", ["Owls"], id="colon"),
        pytest.param(CAPTION, "Kai/Owls", ["Owls"], id="slash"),
        pytest.param(CAPTION, "Kai joins Owls", ["Owls"], id="joins"),
        pytest.param(CAPTION, "Kai from the Owls won", ["Owls"], id="the-owls"),
        pytest.param(CAPTION, "Kai starts Reception", ["Reception"], id="starts-Reception"),
        pytest.param(CAPTION, "Kai (R) won", ["R"], id="R"),
        pytest.param(CAPTION, "Kai (3M) won", ["3M"], id="code-in-brackets"),
        pytest.param(CAPTION, "Kai in 4B won", ["4B"], id="code"),
        pytest.param(CAPTION, "Kai (Y4) won", ["Y4"], id="Y4"),
        pytest.param(CAPTION, "Kai, Yr 4, won", ["Yr 4"], id="Yr 4"),
        pytest.param(CAPTION, "Year Four's Kai won", ["Year Four"], id="in words"),
        pytest.param(CAPTION, "Kai in Reception won", ["Reception"], id="Reception"),
        pytest.param(CAPTION, "Goodbye, Kai. Year 4 will miss him.", ["Year 4"], id="pronoun"),
        pytest.param(OCR, "Kai Campbell\nOwls", ["Owls"], id="lines"),
        pytest.param(FILE, "KaiOwls.jpg", ["Owls"], id="file"),
        pytest.param(TAGS, "#KaiCampbell #owlsclass", ["owlsclass"], id="hashtag"),
    ],
)
def test_class_of_a_named_child_is_found(field: FieldName, text: str, classes: list[str]) -> None:
    assert words("class_detail", text, field) == classes


@pytest.mark.parametrize(
    "text",
    [
        "Owls and Swifts made kites",
        "Year 3 drew mosaics",
        "Reception and Nursery sang",
        "Kai made a model in 3D",
        "Goodbye, Kai.\n\nOther news. More news. Year 4 sang.",
    ],
)
def test_class_alone_passes(text: str) -> None:
    assert words("class_detail", text) == []
