"""How long one ordinary caption takes, by the size of the register, beside a search for the given names.

    python -m tests.benchmarks.words_speed [--rounds N] [--json]

CPU time of this thread in milliseconds: median over rounds of the mean over the captions, everything loaded before.
The baseline in the same run is one regular expression of all given names; the tagger is the shipped one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence

from app.looking import open_tagger
from captions.findings import FieldName, RegisteredName, SchoolProfile, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames
from tests.benchmarks.finders import enlarged, given_names

SIZES = (120, 2_000)  # pupils
CAPTIONS = (
    "Well done to everyone in Hazel class who walked all the way to the reservoir and back in the rain!",
    "Tilly and Kwame read their poem to the whole school this morning. We are so proud of you both.",
    "Summer term starts on Monday. Please remember hats, sun cream and a bottle of water.",
    "A huge thank you to Mrs Ferreira and the choir for the concert at Long Meadow Court.",
    "Our sunflowers are taller than the teachers! Measured by Rose P. and checked by Hope.",
    "Football: Year 6 drew 2-2 away. Goals from Ibby and Zuzia, and a save that nobody will forget.",
    "IMG_4471_sports_day_zuzia_final.jpg",
    "#WorldBookDay #TeamLarkfield #ReadingRocks",
    "The bake sale made £214.60 for new library books. See www.gov.uk/school-food for recipes.",
    "Nursery have been looking for minibeasts: three woodlice, one worm and a very surprised robin.",
)
GIVEN = (
    "Matilda",
    "Kwame",
    "Hope",
    "Rose",
    "Ibrahim",
    "Zuzanna",
    "Ayesha",
    "Callum",
    "Saoirse",
    "Mateusz",
    "Poppy",
    "Will",
    "Oluwaseun",
    "Ffion",
)
FAMILY = (
    "Pemberton",
    "Asante",
    "Whitlock",
    "Patel",
    "Hussain",
    "Nowak",
    "Begum",
    "Fraser",
    "Kelly",
    "Wójcik",
    "Field",
    "Marsh",
    "Adebayo",
    "Llewellyn",
)
SCHOOL = SchoolProfile("Larkfield Primary School", ("Larkfield",), domain="larkfield.sch.uk")


def register(size: int) -> list[RegisteredName]:
    pairs = [(given, family) for given in GIVEN for family in FAMILY][: min(size, 120)]
    return enlarged([RegisteredName(f"p{i}", given, family) for i, (given, family) in enumerate(pairs)], size)


def milliseconds(read: Callable[[TextField], object], rounds: int) -> float:
    fields = [
        TextField(
            FieldName.FILENAME
            if text.endswith(".jpg")
            else FieldName.HASHTAGS
            if text.startswith("#")
            else FieldName.CAPTION,
            text,
        )
        for text in CAPTIONS
    ]
    for field in fields:
        read(field)
    times = []
    for _ in range(rounds):
        started = time.thread_time()
        for field in fields:
            read(field)
        times.append((time.thread_time() - started) * 1000 / len(fields))
    return statistics.median(times)


def measure(size: int, rounds: int) -> dict[str, float]:
    people: Sequence[RegisteredName] = register(size)
    names, tagger, search = RegisterNames.build(people), open_tagger(), given_names(people)
    found = {
        "given names": milliseconds(lambda field: search(field.name, field.text), rounds),
        "rules": milliseconds(lambda field: inspect([field], names, SCHOOL), rounds),
        "rules and tagger": milliseconds(lambda field: inspect([field], names, SCHOOL, tagger), rounds),
    }
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = {size: measure(size, arguments.rounds) for size in SIZES}
    if arguments.json:
        print(json.dumps(results, indent=1))
        return
    for size, found in results.items():
        times = ", ".join(f"{name} {value:.2f} ms" for name, value in found.items())
        ratio = found["rules and tagger"] / max(found["given names"], 0.001)
        print(f"{size:,} pupils: {times}; {ratio:.0f} times the search for given names")


if __name__ == "__main__":
    main()
