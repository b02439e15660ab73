"""Model files that are not part of any installed package: fetched once into a folder, and checked before each use."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vision.errors import ModelError
from vision.models import ModelState, ModelStatus

_RELEASES = "https://github.com/JaidedAI/EasyOCR/releases/download"
_AT_ONCE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A file of weights as its makers published it: zipped at `url`, known by its MD5.

    They publish no stronger hash and no size; `most` bytes is what neither the file nor its archive may exceed.
    """

    name: str
    url: str
    md5: str
    most: int

    @property
    def file(self) -> str:
        return f"{self.name}.pth"

    @property
    def version(self) -> str:
        """What a stored decision names: name@first 12 digits of the hash."""
        return f"{self.name}@{self.md5[:12]}"


CRAFT = WeightsFile(
    name="craft_mlt_25k",
    url=f"{_RELEASES}/pre-v1.1.6/craft_mlt_25k.zip",
    md5="2f8227d2def4037cdb3b34389dcf9ec1",
    most=200_000_000,
)
ENGLISH = WeightsFile(
    name="english_g2",
    url=f"{_RELEASES}/v1.3/english_g2.zip",
    md5="5864788e1821be9e454ec108d61b887d",
    most=60_000_000,
)
EASYOCR: tuple[WeightsFile, ...] = (CRAFT, ENGLISH)

_REMEDY = "run `gatepost models fetch easyocr`"


def md5_of(path: Path) -> str:
    """The MD5 of a file's content, in hex; raises OSError."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def verify(folder: Path, files: Sequence[WeightsFile] | None = None) -> None:
    """Check that every file is there and the one that was published; raises ModelError at the first that is not."""
    for each in EASYOCR if files is None else files:
        path = folder / each.file
        try:
            right = path.stat().st_size <= each.most and md5_of(path) == each.md5
        except OSError as error:
            raise ModelError(f"The file {path} is missing or cannot be read: {_REMEDY}.") from error
        if not right:
            raise ModelError(f"The file {path} is damaged or not the one that EasyOCR published: {_REMEDY}.")


def status(folder: Path, files: Sequence[WeightsFile] | None = None) -> tuple[ModelStatus, ...]:
    """Check every file and say how it is; raises nothing."""
    return tuple(_status_of(folder, each) for each in (EASYOCR if files is None else files))


def _status_of(folder: Path, file: WeightsFile) -> ModelStatus:
    try:
        verify(folder, (file,))
        return ModelStatus(file.name, file.version, (folder / file.file).stat().st_size, ModelState.READY)
    except (ModelError, OSError) as error:
        return ModelStatus(file.name, file.version, 0, ModelState.FAULTY, str(error))
