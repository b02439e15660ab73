"""The real looker: the sandboxed child with the models for pictures in it, and the tagger of names in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.checking import Looker
from app.config import Settings
from captions.tagger import TaggerError
from captions.tagging import NETWORK, SHA256, TrainedTagger, load_tagger
from vision.errors import ModelError
from vision.runtime import open_session
from vision.sandbox import SandboxedInspector

EASYOCR_MEMORY = 2_500_000_000  # bytes that torch takes on top, for a search of 1280 x 1280 pixels


def open_inspector(settings: Settings) -> SandboxedInspector:
    """The process that looks, not yet started; converted models are kept in the data folder."""
    return SandboxedInspector(
        seconds=settings.picture_seconds,
        memory=settings.picture_memory + (0 if settings.ocr == "rapidocr" else EASYOCR_MEMORY),
        cache=settings.data / "models",
        threads=settings.picture_threads or None,
        ocr=settings.ocr,
        weights=settings.weights if settings.ocr != "rapidocr" else None,
    )


def open_tagger() -> TrainedTagger:
    """The tagger of people's names with its own weights. Raises ModelError."""
    try:
        return load_tagger(open_session)
    except TaggerError as error:
        raise ModelError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def tagger_version() -> str:
    """Which weights it has: the beginning of their SHA-256."""
    return SHA256[NETWORK][:16]


@contextmanager
def open_looker(settings: Settings) -> Iterator[Looker]:
    """Start the child, load its models, and end it when done. Raises ModelError when the models are not ready."""
    tagger = open_tagger()
    with open_inspector(settings) as inspector:
        yield Looker(inspector, tagger, tagger_version())
