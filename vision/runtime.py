"""Sessions of onnxruntime: the only place where it is imported."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime

from vision.errors import ModelError

MOST_THREADS = 4  # more threads bring nothing for networks of this size


class Session(Protocol):
    """What of an onnxruntime session is used here."""

    def run(
        self, output_names: list[str] | None, input_feed: dict[str, npt.NDArray[Any]]
    ) -> list[npt.NDArray[np.float32]]: ...


def default_threads() -> int:
    """The processors this process may use, at most four."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_THREADS)


@lru_cache(maxsize=1)
def _share_arena() -> None:
    """One arena for every session of this process.

    Without an arena a network of this size spends half its time getting memory from the system (a look at 2048 pixels
    takes .49 s instead of .23); an arena for each session holds the largest picture once for each.
    """
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(memory, None)


def open_session(model: bytes, threads: int | None = None) -> Session:
    """A session on the processor for an ONNX model held in memory; `threads` work on one run.

    Idle threads sleep instead of spinning. All sessions take their working memory from one arena (see
    `_share_arena`). Raises ModelError.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or default_threads()
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a pattern is kept for each size of picture, and hardly two are alike
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")
    try:
        _share_arena()
        session: Session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError("A model could not be opened: install Gatepost again.") from error
    return session
