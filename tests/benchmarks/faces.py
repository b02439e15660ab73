"""Everything about faces in one run: what is found, who is recognised, and the time it takes.

`python -m tests.benchmarks.faces [--detection DIR] [--identification DIR] [--json] [--parts NAME...]`. The folder of
`--detection` holds `images/*.jpg` and `annotations.json` (for each picture its faces: x, y, width, height in pixels,
with WIDER FACE's flags), that of `--identification` NAME/*.jpg (photos of one person each, that person in the middle).
The parts, all of them where none is named:

- `detection`: recall by size, blur, occlusion and pose, false and doubtful faces, turned pictures, limits chosen on
  other pictures; the same for dlib's HOG and CNN.
- `identification`: who is recognised and who is taken for somebody, thresholds chosen on one half of the people.
- `stages`: seconds of each stage, rates and memory, against the naive way with dlib's HOG and CNN.
- `growth`: how time grows with megapixels, faces and people.

Every figure is of the photos given: of adults, where those show adults.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.benchmarks import finding, growth, identification, stages
from tests.benchmarks.crowds import crowd, portraits_from

PARTS = ("detection", "identification", "stages", "growth")


def measure(detection: Path | None, people: Path | None, parts: tuple[str, ...], rounds: int) -> dict[str, Any]:
    """The result of each part that was asked for and for which there is a folder."""
    portraits = portraits_from(people)

    def detection_part(folder: Path) -> dict[str, Any]:
        return finding.measure(folder, baselines=True, turns=True, cross_validate=True)

    def stages_part() -> dict[str, Any]:
        return stages.measure(crowd(stages.MEGAPIXELS, stages.FACES, portraits), rounds, cnn=True)

    work: dict[str, Callable[[], dict[str, Any]]] = {
        "stages": stages_part,
        "growth": lambda: growth.measure(portraits, rounds),
    }
    if detection is not None:
        work["detection"] = lambda: detection_part(detection)
    if people is not None:
        work["identification"] = lambda: identification.report(people)
    result: dict[str, Any] = {"date": date.today().isoformat(), "machine": platform.processor() or platform.machine()}
    for part in PARTS:
        if part in parts and part in work:
            print(f"measuring {part}", file=sys.stderr, flush=True)
            result[part] = work[part]()
    return result


def show(result: dict[str, Any]) -> None:
    if "detection" in result:
        finding.show_all(result["detection"])
    if "identification" in result:
        identification.show(result["identification"])
    if "stages" in result:
        stages.show(result["stages"])
    if "growth" in result:
        growth.show(result["growth"])


def _without_nan(value: Any) -> Any:
    """The same with null for every share of nothing, for which JSON has no number."""
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--detection", type=Path, metavar="DIR")
    parser.add_argument("--identification", type=Path, metavar="DIR")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rounds", type=int, default=5, help="how often each time is taken")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    result = measure(asked.detection, asked.identification, tuple(asked.parts), asked.rounds)
    if asked.json:
        print(json.dumps(_without_nan(result)))
    else:
        show(result)


if __name__ == "__main__":
    main()
