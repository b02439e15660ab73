"""The real looker: the sandboxed child with the models in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.checking import Looker
from app.config import Settings
from vision.sandbox import SandboxedInspector


def open_inspector(settings: Settings) -> SandboxedInspector:
    """The process that looks, not yet started; converted models are kept in the data folder."""
    return SandboxedInspector(
        seconds=settings.picture_seconds,
        memory=settings.picture_memory,
        cache=settings.data / "models",
        threads=settings.picture_threads or None,
    )


@contextmanager
def open_looker(settings: Settings) -> Iterator[Looker]:
    """Start the child, load its models, and end it when done. Raises ModelError when the models are not ready."""
    with open_inspector(settings) as inspector:
        yield Looker(inspector)
