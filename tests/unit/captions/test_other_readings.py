"""A line that was read in more than one way: each reading is looked at, and the same thing is told once."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, TextField
from tests.unit.captions.picture import findings_in, line, named, picture, words_of


@pytest.mark.parametrize(
    ("readings", "found"),
    [
        pytest.param(("Olivia Smith", "0livia Smith"), [("Olivia Smith", ("olivia",))], id="the first is exact"),
        pytest.param(("Xqvwq Smxxh", "Olivia Smith"), [("Olivia Smith", ("olivia",))], id="only the second"),
        pytest.param(("Olivia Srnith", "Olivia Smith"), [("Olivia Smith", ("olivia",))], id="the second is exact"),
        pytest.param(("Olivia", "Olivia Smith"), [("Olivia Smith", ("olivia",))], id="the second reads more"),
        pytest.param(("Kai Campbell", "Ada Campbell"), [("Kai Campbell", ("kai",))], id="a worse reading adds nobody"),
        pytest.param(("Grcce Hcllis", "Xx", "Grace Hollis"), [("Grace Hollis", ("grace",))], id="the third"),
    ],
)
def test_name_is_told_once(readings: tuple[str, ...], found: list[tuple[str, tuple[str, ...]]]) -> None:
    first, *others = readings
    assert named(picture(line(first, 0, 0, *others))) == found


def test_two_names_in_one_line_are_two() -> None:
    fields = picture(line("Olivia and Kaj", 0, 0, "Qlivla and Kai"))
    assert sorted(words for words, _ in named(fields)) == ["Kai", "Olivia"]


def test_detail_is_told_once() -> None:
    fields = picture(line("Tel 07700 900123", 0, 0, "Tel 07700 900128"))
    assert [words_of(fields, each) for each in findings_in(fields)] == ["07700 900123"]


def test_other_reading_stands_among_the_lines_around_it() -> None:
    fields = picture(line("Olivia", 0, 0), line("Srn1xx", 0, 34, "Smith"), line("our best reader", 0, 68))
    assert ("Smith", ("olivia",)) in named(fields)


def test_same_words_elsewhere_are_told_again() -> None:
    fields = picture(line("Olivia Smith", 0, 0, "Olivia Smlth"), line("Olivia Smith", 0, 400, part=1))
    assert named(fields) == [("Olivia Smith", ("olivia",))] * 2


def test_lines_of_a_hidden_picture_are_read_like_any() -> None:
    texts = ("Class photo", "0livia Smith", "Tel 07700 900123")
    fields = [TextField(FieldName.HIDDEN, text, 1, 0) for text in texts]
    fields.append(TextField(FieldName.HIDDEN, "Kavanagh", 1, 1))
    found = {(each.kind.value, words_of(fields, each)) for each in findings_in(fields)}
    assert found == {("pupil_name", "0livia Smith"), ("phone", "07700 900123"), ("pupil_name", "Kavanagh")}
