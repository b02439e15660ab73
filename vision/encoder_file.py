"""The converted network on disk: made once, and used only while it is byte for byte what it was."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from vision import encoder_network, encoder_onnx, models
from vision.errors import ModelError

# The file this code writes with the onnx of requirements.lock. Another version of that package may write the same
# network differently: then dlib computes, until this is measured and pinned again.
SHA256 = "b62d925450c0c6ea3b3ab5b98fd3da75f38994c0bd6be1ea01ddbea6ad15b604"
FILE_NAME = f"{models.ENCODER.version}.onnx"


def converted(folder: Path | None = None) -> bytes:
    """The network as an ONNX model: from the folder if it is there and whole, else made anew and kept there.

    Without a folder, or where it cannot be written, it is made each time (half a second). Raises ModelError where the
    source is damaged or what comes out is not what is known to be right.
    """
    kept = _kept(folder / FILE_NAME) if folder else None
    if kept is not None:
        return kept
    made = encoder_onnx.to_onnx(encoder_network.read(models.verified_bytes(models.ENCODER)))
    if not _is_right(made):
        raise ModelError("The network for faces cannot be converted with this version of onnx: install Gatepost again.")
    if folder:
        with contextlib.suppress(OSError):  # it saves time, no more
            _keep(made, folder)
    return made


def _kept(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if _is_right(content) else None


def _is_right(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == SHA256


def _keep(content: bytes, folder: Path) -> None:
    """Write the file in one step: whoever reads at the same time finds the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{FILE_NAME}-", dir=folder)
    try:
        with os.fdopen(number, "wb") as unfinished:
            unfinished.write(content)
        os.replace(name, folder / FILE_NAME)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
