"""The process that looks: `python -m vision.sandbox_child PARTS MEMORY SECONDS THREADS CACHE OCR WEIGHTS`, over pipes.

PARTS names the function that loads what looks ("module:function"); THREADS, CACHE, OCR and WEIGHTS are what it is given
as `threads`, `cache`, `ocr` and `weights`, unless they are 0 or empty. The process answers one frame about itself, then
one frame for each that it is sent, and ends when its input does. What goes to standard error names places in the code,
never content.
"""

from __future__ import annotations

import faulthandler
import importlib
import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from PIL import Image

from vision import limits
from vision.errors import ModelError
from vision.inspection import InspectionRequest, Inspector
from vision.wire import findings_frame, read_frame, request_of, write_frame

NOT_READY = 3  # exit code

# Loaded now, as no file can be opened later: what Pillow and the readers of metadata load at first use.
_AT_FIRST_USE = (
    *("PIL.ImageOps", "PIL.TiffImagePlugin", "PIL.MpoImagePlugin", "PIL.ImagePalette", "PIL.ImageChops"),
    *("encodings.ascii", "encodings.latin_1", "encodings.utf_16", "encodings.utf_16_le", "encodings.utf_16_be"),
    *("encodings.iso2022_jp", "xml.etree.ElementTree", "defusedxml.ElementTree", "numpy.ma"),
)


def main(arguments: list[str]) -> int:
    parts, memory, seconds = arguments[0], int(arguments[1]), float(arguments[2])
    sys.excepthook = _tell_places
    questions, answers = _own_pipes()
    faulthandler.enable()
    try:
        inspector = _load(parts, *arguments[3:])
        for module in _AT_FIRST_USE:
            importlib.import_module(module)
        for kind in ("PNG", "WEBP", "GIF", "JPEG"):
            _look_at_sample(inspector, kind, texts=False)
        protections = limits.protect(memory)
        _look_at_sample(inspector, "JPEG", texts=True)
    except ModelError as error:
        write_frame(answers, {"ready": False, "because": str(error)[:500]})
        return NOT_READY
    write_frame(answers, {"ready": True, "versions": inspector.versions(), "protections": protections})
    while True:
        try:
            header, content = read_frame(questions)
        except EOFError:
            return 0
        limits.limit_processor(seconds * (os.cpu_count() or 1))
        findings = inspector.inspect(content, request_of(header))
        write_frame(answers, *findings_frame(findings))
        if findings.problems:  # it may have been one that took too much memory
            limits.give_memory_back()


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Input and output for frames only: a library that prints writes to standard error, one that reads gets nothing."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return questions, answers


def _load(parts: str, threads: str, cache: str, ocr: str, weights: str) -> Inspector:
    module, _, function = parts.partition(":")
    load: Callable[..., Inspector] = getattr(importlib.import_module(module), function)
    options: dict[str, Any] = {"threads": int(threads)} if threads != "0" else {}
    options |= {"ocr": ocr} if ocr else {}
    folders = {"cache": cache, "weights": weights}
    return load(**options, **{name: Path(folder) for name, folder in folders.items() if folder})


def _look_at_sample(inspector: Inspector, kind: str, *, texts: bool) -> None:
    """Look at a small picture of this kind; raises ModelError where that fails."""
    out = io.BytesIO()
    Image.new("RGB", (48, 48), (255, 255, 255)).save(out, kind)
    findings = inspector.inspect(out.getvalue(), InspectionRequest(texts=texts))
    if findings.problems:
        raise ModelError(f"A plain {kind} picture cannot be looked at: {findings.problems[0].because}")


def _tell_places(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """A traceback without messages, which may quote what a picture holds."""
    for frame in traceback.extract_tb(trace):
        sys.stderr.write(f"{frame.filename}:{frame.lineno} {frame.name}\n")
    sys.stderr.write(f"{kind.__module__}.{kind.__qualname__}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
