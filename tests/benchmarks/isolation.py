"""What a picture costs because it is looked at in a process of its own: `python -m tests.benchmarks.isolation`.

[--rounds N] [--json]. The same drawn JPEG goes to the same parts (everything real but the models) in this process and
in a warm sandboxed one, in turns, both with the same settings of the C library's memory. The cost is told by the clock
(median of the differences, with everything else that the machine does) and in processor time of both processes
(median, which a busy machine changes less). Wanted: at most 30 ms a picture. Exit code 1 where the processor time is
more.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from vision.inspection import InspectionRequest
from vision.sandbox import ALLOCATOR, SandboxedInspector
from vision.testing import fake_eyes

PARTS = "vision.testing:fake_eyes"
SIZES = {"1.2 MP": (1280, 960), "12 MP": (4000, 3000)}
WANTED = 0.030  # seconds a picture


def drawn(size: tuple[int, int]) -> bytes:
    """A JPEG with soft shapes and some grain, as heavy as a photo."""
    random = np.random.default_rng(5)
    soft = Image.fromarray(random.integers(0, 255, (size[1] // 40, size[0] // 40, 3), np.uint8)).resize(size)
    grain = random.normal(0, 6, (size[1], size[0], 1))
    out = io.BytesIO()
    Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def processor_seconds(process_id: int | None) -> float:
    """What the threads of a process have run so far (Linux; 0 elsewhere)."""
    tasks = Path(f"/proc/{process_id}/task")
    return sum(int(path.read_text().split()[0]) for path in tasks.glob("*/schedstat")) / 1e9


def measure(content: bytes, rounds: int) -> dict[str, float]:
    """Seconds: in this process, in its own, and what the second costs more by the clock and by the processor."""
    request = InspectionRequest(texts=False)
    eyes = fake_eyes()
    here, there, worked = [], [], []
    with SandboxedInspector(parts=PARTS) as inspector:

        def both() -> float:
            return time.process_time() + processor_seconds(inspector.process_id)

        for _ in range(3):  # warm
            eyes.inspect(content, request)
            inspector.inspect(content, request)
        for _ in range(rounds):
            before = both()
            here.append(seconds(lambda: eyes.inspect(content, request)))
            between = both()
            there.append(seconds(lambda: inspector.inspect(content, request)))
            worked.append((both() - between) - (between - before))
    cost = statistics.median(own - this for this, own in zip(here, there, strict=True))
    return {
        "here": statistics.median(here),
        "in its own process": statistics.median(there),
        "cost": cost,
        "processor": statistics.median(worked),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not ALLOCATOR.items() <= os.environ.items():  # the C library reads them when a process begins: begin anew
        command = [sys.executable, "-m", "tests.benchmarks.isolation", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, **ALLOCATOR})  # noqa: S606
    found = {}
    for name, size in SIZES.items():
        content = drawn(size)
        found[name] = {"bytes": len(content), **measure(content, arguments.rounds)}
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for name, row in found.items():
            cost = f"{1000 * row['cost']:6.1f} ms, {1000 * row['processor']:6.1f} ms of a processor"
            print(
                f"{name:>7}  {row['bytes'] / 1e6:5.1f} MB  here {1000 * row['here']:7.1f} ms  "
                f"in its own process {1000 * row['in its own process']:7.1f} ms  cost {cost}"
            )
    sys.exit(0 if all(row["processor"] <= WANTED for row in found.values()) else 1)


if __name__ == "__main__":
    main()
