"""How many captions that name or give away a child are flagged, and how many harmless ones are, with three baselines.

    python -m tests.benchmarks.captions [SET ...] [--names DIR] [--json] [-v]

SET is a folder of labelled captions (see tests/benchmarks/labelled.py); without one, the sets of this project are
used. The baselines, in the same run: the register's exact full names; its given names in any case; the trained tagger
alone. With --names, DIR holds public sets of person names (*.bio), and strict person F1 is printed, too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from captions.findings import FieldName
from captions.tagger import PersonTagger
from captions.tagging import load_tagger
from captions.training.measuring import figures
from tests.benchmarks.finders import enlarged, exact_full_names, gatepost, given_names, tagger_alone
from tests.benchmarks.labelled import Hits, LabelledSet, Score, added, read_set, score
from vision.runtime import open_session

SETS = Path(__file__).parent / "school_captions"
WANTED = "flagged 97 %, right pupil 95 %, false alarms 5 %, details 95 %, CPU 15 ms (30 ms for 2,000 pupils)"


def scores(labelled: LabelledSet, tagger: PersonTagger) -> list[Score]:
    people, school = labelled.people, labelled.school
    finders = {
        "exact full names": exact_full_names(people),
        "given names": given_names(people),
        "tagger alone": tagger_alone(tagger, people),
        "gatepost": gatepost(people, school, tagger),
        "gatepost, 2,000 pupils": gatepost(enlarged(people, 2000), school, tagger),
    }
    for find in finders.values():
        find(FieldName.CAPTION, "warm up: www.example.org")
    return [score(name, labelled, find) for name, find in finders.items()]


def show(title: str, table: Sequence[Score], *, verbose: bool) -> None:
    print(f"\n{title:24}{'flagged':>10}{'right pupil':>13}{'false alarms':>14}{'details':>10}{'CPU ms':>8}")
    for item in table:
        print(
            f"{item.name:24}{item.flagged:>6}/{item.must:<3}{item.right_pupil:>9}/{item.pupil_spans:<3}"
            f"{item.false:>10}/{item.clean:<3}{item.right_detail:>6}/{item.detail_spans:<3}{item.cpu_ms:>8.2f}"
        )
    ours = table[3]
    for name, hits in (("kind", ours.by_kind), ("field", ours.by_field), ("origin of name", ours.by_origin)):
        print(f"gatepost by {name}: {_listed(hits)}")
    if ours.leaked:
        print("not flagged: " + ", ".join(ours.leaked))
    for line in (*ours.missed, *ours.alarms) if verbose else ():
        print(f"  {line}")


def _listed(hits: Hits) -> str:
    return ", ".join(f"{name} {found}/{wanted}" for name, (found, wanted) in hits.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="*")
    parser.add_argument("--names", type=Path, help="folder of public sets of person names")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was missed and each false alarm")
    options = parser.parse_args()
    tagger = load_tagger(open_session)
    folders = options.sets or sorted(path for path in SETS.iterdir() if path.is_dir())
    by_set = {labelled.name: scores(labelled, tagger) for labelled in map(read_set, folders)}
    if len(by_set) > 1:
        by_set["together"] = [added(same) for same in zip(*by_set.values(), strict=True)]
    people: dict[str, Any] = figures(tagger, options.names) if options.names else {}
    if options.json:
        tables = {name: [asdict(item) for item in table] for name, table in by_set.items()}
        print(json.dumps({"captions": tables, "person names": people}, indent=1, ensure_ascii=False))
        return
    for name, table in by_set.items():
        show(name, table, verbose=options.verbose)
    print(f"\nwanted of gatepost: {WANTED}")
    for title, figure in people.items():
        print(f"\nthe tagger on {title}")
        for name, value in figure.items():
            print(f"  {name:24} {value}")


if __name__ == "__main__":
    main()
