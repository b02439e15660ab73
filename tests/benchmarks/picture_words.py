"""How many names and details that stand in pictures are found in what a reader read there, and what is found wrongly.

    python -m tests.benchmarks.picture_words SETDIR READINGS.json [-v]

SETDIR holds truth.json: [{"file", "cat", "names": [...], "lines": [...]}, ...] of drawn pictures. READINGS.json is
{file: {"lines": [[[left, top, right, bottom], text, score, [other readings]], ...]}}. The register is made of the set's
names and of 225 pupils who stand in no picture. Names are compared without accents, signs and blanks.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import partial_ratio

from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile, TextField, TextFinding
from captions.inspection import inspect
from captions.register_names import RegisterNames, letters_of
from captions.tagger import PersonTagger
from captions.tagging import load_tagger
from vision.runtime import open_session


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OTHER_GIVEN = _words(
    "Sofia Ella Ava Mia Eva Ellie Layla Sarah Zara Lola Tilly Molly Holly Maisie Millie Erin Lucy Emily Alice "
    "Rosie Leo Luca Adam Alfie Freddie Toby Louie Max Samuel Joseph Daniel Barry Omar Hassan Aarav Rohan Kai "
    "Liam Callum Rhys Dylan Tomasz Jakub Zofia Fatima"
)
OTHER_FAMILY = _words(
    "Barnett Parker Kane Hudson Ahmad Murray Simpson Walker Brown Clarke Cook Jackson Roberts Turner Morris "
    "Cooper Ward Osei Mensah Kaminski Zielinski Rahman Sheikh Malik Iqbal Sharma Singh Reid Burns Doyle Nolan "
    "Byrne Pearce Lloyd Vaughan Pritchard Carter Marsh Barker Dawson Gibbs Harding Lowe Sutton Vickers"
)
SCHOOL = SchoolProfile(
    "Willowbrook Primary School", ("Willowbrook",), "Mill Lane, Ashbury", classes={"3B": "Year 3", "5R": "Year 5"}
)
_PLATE = re.compile(r"[A-Z]{2}\d{2} ?[A-Z]{3}")
_ALIKE = 55  # per cent of a line that must agree with a drawn line to be a reading of it


@dataclass
class Tally:
    """Counts over one set; `notes` says in words what went wrong."""

    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def pupils_of(truth: Sequence[Mapping[str, Any]]) -> tuple[RegisteredName, ...]:
    """The set's pupils; a child drawn with a first name alone has a family name that stands nowhere."""
    drawn = dict.fromkeys(name for item in truth for name in item["names"])
    pupils = []
    for number, name in enumerate(drawn):
        given, _, family = name.partition(" ")
        pupils.append(
            RegisteredName(name, given, family or f"{OTHER_FAMILY[number % 45]}-{OTHER_FAMILY[-number % 45]}")
        )
    others = [(given, OTHER_FAMILY[(i * 7 + j * 11) % 45]) for i, given in enumerate(OTHER_GIVEN) for j in range(5)]
    pupils += [RegisteredName(f"{given} {family}", given, family) for given, family in others]
    return tuple(pupils)


def fields_of(lines: Sequence[Sequence[Any]]) -> list[TextField]:
    fields = []
    for part, (box, text, _, *further) in enumerate(lines):
        others = further[0] if further else ()
        corners = (int(box[0]), int(box[1]), int(box[2]), int(box[3]))
        fields.append(TextField(FieldName.OCR, text, 1, part, corners))
        fields += [TextField(FieldName.OCR, other, 1, part, corners, another=True) for other in others]
    return fields


def bare(text: str) -> str:
    return letters_of(text)[0]


def tally(truth: Sequence[Mapping[str, Any]], readings: Mapping[str, Any], tagger: PersonTagger | None) -> Tally:
    pupils = pupils_of(truth)
    by_id = {pupil.person_id: pupil for pupil in pupils}
    register = RegisterNames.build(pupils)
    result = Tally()
    started = time.process_time()
    for item in truth:
        if item["file"] not in readings:
            continue
        fields = fields_of(readings[item["file"]]["lines"])
        findings = inspect(fields, register, SCHOOL, tagger).findings
        _names(item, fields, findings, by_id, result)
        _details(item, fields, findings, result)
        _alarms(item, fields, findings, result)
        result.counts["pictures"] += 1
    result.counts["CPU ms"] = round((time.process_time() - started) * 1000)
    return result


def _means(pupil: RegisteredName, name: str) -> bool:
    return pupil.person_id == name or (" " not in name and bare(pupil.given) == bare(name))


def _names(
    item: Mapping[str, Any],
    fields: Sequence[TextField],
    findings: Sequence[TextFinding],
    by_id: Mapping[str, RegisteredName],
    result: Tally,
) -> None:
    named = [finding for finding in findings if finding.kind is Kind.PUPIL_NAME]
    for name in item["names"]:
        result.wanted[item["cat"]] += 1
        first = [f for f in named if f.pupils and _means(by_id[f.pupils[0]], name)]
        among = [f for f in named if any(_means(by_id[person], name) for person in f.pupils)]
        result.found[item["cat"]] += bool(first)
        result.counts["names asked only"] += bool(first) and all(f.doubtful for f in first)
        if not first:
            near = min(((_apart(name, each.text), each.text) for each in fields), default=(99, ""))
            result.counts["not first, but among the candidates"] += bool(among)
            result.counts["read within one letter and missed"] += near[0] <= 1 and not among
            how = "among" if among else "missed"
            result.notes.append(f"{how} {item['file']} {name!r}: nearest {near[1]!r}, {near[0]} apart")
    for finding in named:
        if not any(_means(by_id[person], name) for person in finding.pupils for name in item["names"]):
            result.counts["wrong pupils"] += 1
            shown = fields[finding.field_index].text[finding.start : finding.end]
            result.notes.append(f"wrong {item['file']} {shown!r} as {finding.pupils[:3]} (asked: {finding.doubtful})")


def _apart(name: str, text: str) -> int:
    """Letters by which the nearest stretch of a line differs from a name."""
    wanted, letters = bare(name), bare(text)
    size = len(wanted)
    stretches = {letters[i : i + each] for each in (size - 1, size, size + 1) for i in range(len(letters))} | {letters}
    return min(int(OSA.distance(wanted, stretch)) for stretch in stretches)


def _details(
    item: Mapping[str, Any], fields: Sequence[TextField], findings: Sequence[TextFinding], result: Tally
) -> None:
    for line in item["lines"] if item["cat"] == "address" else ():
        for kind, pattern in (
            (Kind.ADDRESS, r"\d+ [A-Z]\w+ Avenue"),
            (Kind.POSTCODE, r"[A-Z]{2}\d \d[A-Z]{2}"),
            (Kind.PHONE, r"07\d{3} "),
        ):
            if re.search(pattern, line):
                _detail(item, kind, line, fields, findings, result)
    if item["cat"] == "plate":
        _detail(item, Kind.VEHICLE, item["lines"][0], fields, findings, result)
    if item["cat"] == "classlist":
        result.wanted["said to be a list"] += 1
        result.found["said to be a list"] += any("list" in word for f in findings for word in f.evidence)


def _detail(
    item: Mapping[str, Any],
    kind: Kind,
    line: str,
    fields: Sequence[TextField],
    findings: Sequence[TextFinding],
    result: Tally,
) -> None:
    result.wanted[kind] += 1
    hit = any(finding.kind is kind for finding in findings)
    result.found[kind] += hit
    if not hit:
        read = " | ".join(each.text for each in fields)
        result.notes.append(f"missed {item['file']} {kind} {line!r}: read {read!r}")


def _alarms(
    item: Mapping[str, Any], fields: Sequence[TextField], findings: Sequence[TextFinding], result: Tally
) -> None:
    """Findings on lines that hold no name and no detail: drawn words, and noise."""
    harmless = [line for line in item["lines"] if not _says_something(item, line)]
    telling = [line for line in item["lines"] if _says_something(item, line)]
    for index, each in enumerate(fields):
        drawn = _alike(each.text, telling) >= _ALIKE
        words = not drawn and _alike(each.text, harmless) >= _ALIKE
        kind = "lines with names or details" if drawn else "harmless lines" if words else "lines of noise"
        result.counts[kind] += 1
        for finding in findings if not drawn else ():
            if finding.field_index == index:
                result.counts[f"findings on {kind}"] += 1
                asked = "asked" if finding.doubtful else "said"
                shown = each.text[finding.start : finding.end]
                result.notes.append(f"alarm {item['file']} {finding.kind} {shown!r} in {each.text!r} ({asked})")


def _says_something(item: Mapping[str, Any], line: str) -> bool:
    named = any(bare(name) in bare(line) for name in item["names"])
    return named or item["cat"] in ("address", "plate") or line.startswith("Class ")


def _alike(text: str, lines: Sequence[str]) -> float:
    """Per cent by which a line agrees with the likest of these; single letters agree with nothing."""
    written = re.sub(r"\W", "", text).lower()
    if len(written) < 3:
        return 0.0
    return max((partial_ratio(written, re.sub(r"\W", "", line).lower()) for line in lines), default=0.0)


def lines_of(result: Tally) -> Iterator[str]:
    details = {*map(str, (Kind.VEHICLE, Kind.ADDRESS, Kind.POSTCODE, Kind.PHONE)), "said to be a list"}
    names = [name for name in result.wanted if str(name) not in details]
    found, wanted = (sum(table[name] for name in names) for table in (result.found, result.wanted))
    yield f"names, the right pupil first: {found}/{wanted} = {found / max(wanted, 1):.1%}"
    for name in result.wanted:
        yield f"  {name!s:20}{result.found[name]:>5}/{result.wanted[name]}"
    for name, count in sorted(result.counts.items()):
        yield f"{name}: {count}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path, help="folder with truth.json")
    parser.add_argument("readings", type=Path, help="what a reader read in each")
    parser.add_argument("-v", "--verbose", action="store_true", help="print each miss and each false alarm")
    parser.add_argument("--no-tagger", action="store_true", help="without people who are on no register")
    options = parser.parse_args()
    truth = json.loads((options.pictures / "truth.json").read_text(encoding="utf-8"))
    readings = json.loads(options.readings.read_text(encoding="utf-8"))
    result = tally(truth, readings, None if options.no_tagger else load_tagger(open_session))
    print("\n".join(lines_of(result)))
    for note in result.notes if options.verbose else ():
        print(f"  {note}")


if __name__ == "__main__":
    main()
