"""How long a descriptor takes in dlib and in onnxruntime, measured in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from vision import encoder_file, runtime
from vision.descriptors import Descriptors, OnnxDescriptors, load_dlib
from vision.encoder_network import CHIP_SIDE

BATCHES = (1, 8, 25)
ROUNDS = 5


def times(threads: tuple[int, ...] = (1, 2)) -> Iterator[dict[str, Any]]:
    """Milliseconds per chip for each batch, and how many times faster onnxruntime is."""
    network = encoder_file.converted()
    runners: dict[str, Descriptors] = {"dlib": load_dlib()}
    runners |= {f"onnxruntime, {n} threads": OnnxDescriptors(runtime.open_session(network, n)) for n in threads}
    rng = np.random.default_rng(0)
    for batch in BATCHES:
        chips = rng.integers(0, 256, (batch, CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)
        taken: dict[str, list[float]] = {name: [] for name in runners}
        for _ in range(ROUNDS):
            for name, runner in runners.items():
                start = time.perf_counter()
                runner.compute(chips)
                taken[name].append((time.perf_counter() - start) * 1000 / batch)
        medians = {name: statistics.median(values) for name, values in taken.items()}
        ratios = {f"ratio, {name}": medians["dlib"] / value for name, value in medians.items() if name != "dlib"}
        yield {"batch": batch, **medians, **ratios}
