"""What a sandboxed process loads in tests: the real parts, with generated weights taken for the published ones."""

from __future__ import annotations

import warnings
from pathlib import Path

from tests.easyocr.generated import believe_in
from vision.inspection import Eyes, load_eyes


def eyes(threads: int | None = None, cache: Path | None = None, ocr: str = "", weights: Path | None = None) -> Eyes:
    if weights is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            believe_in(weights)
    return load_eyes(threads, cache, ocr, weights)
