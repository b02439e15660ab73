"""Many names at once in a picture: each is found, and each says that it is one of a list."""

from __future__ import annotations

from captions.findings import FieldName, TextField
from tests.unit.captions.picture import findings_in, line, picture, words_of

NAMES = ("Smith, Olivia", "O'Hara, Niamh", "Kavanagh, Siobhan", "Rossi, Izzy", "Campbell, Kai", "Porter, Harry")


def test_every_line_of_a_class_list_is_a_finding_that_says_so() -> None:
    fields = picture(line("Robins", 0, 0, high=50), *(line(name, 0, 60 + 40 * i) for i, name in enumerate(NAMES)))
    found = [f for f in findings_in(fields) if f.kind == "pupil_name"]
    assert [words_of(fields, each) for each in found] == list(NAMES)
    assert all("one of 6 names in a list" in each.evidence for each in found)
    assert all("one of 6 names in a list" in each.why for each in found)


def test_columns_are_counted_by_children() -> None:
    rows = [name.split(", ") for name in NAMES]
    fields = picture(*(line(half, 300 * j, 40 * i) for i, row in enumerate(rows) for j, half in enumerate(row)))
    found = [f for f in findings_in(fields) if f.kind == "pupil_name"]
    assert len(found) == 12
    assert {each.evidence[-1] for each in found} == {"one of 6 names in a list"}


def test_numbers_ticks_and_birthdays_of_a_register_do_not_hide_it() -> None:
    fields = picture(*(line(f"{i + 1}. {name} 0{i + 1}/05/2016 /", 0, 40 * i) for i, name in enumerate(NAMES)))
    names = [f for f in findings_in(fields) if f.kind == "pupil_name"]
    assert len(names) == 6
    assert all("one of 6 names in a list" in each.evidence for each in names)


def test_few_names_among_words_are_no_list() -> None:
    texts = ("Our play", "Olivia Smith painted", "the set", "Kai Campbell", "made tea", "Niamh O'Hara", "sang")
    fields = [TextField(FieldName.OCR, text, 1, i) for i, text in enumerate(texts)]
    assert not any("list" in ground for each in findings_in(fields) for ground in each.evidence)


def test_names_of_a_caption_are_no_class_list() -> None:
    fields = [TextField(FieldName.CAPTION, "\n".join(NAMES))]
    assert not any("names in a list" in ground for each in findings_in(fields) for ground in each.evidence)
