"""The real looker: the sandboxed child with the models in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.checking import Looker
from app.config import Settings
from vision.sandbox import SandboxedInspector


@contextmanager
def open_looker(settings: Settings) -> Iterator[Looker]:
    """Start the child, load its models, and end it when done. Raises ModelError when the models are not ready."""
    with SandboxedInspector(
        seconds=settings.picture_seconds, memory=settings.picture_memory, cache=settings.data / "models"
    ) as inspector:
        yield Looker(inspector)
