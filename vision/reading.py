"""Text in pictures: rapidocr (PP-OCRv6) behind a one-method protocol."""

from __future__ import annotations

import logging
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vision import models, runtime
from vision.errors import ModelError, ReaderError
from vision.findings import Box, PictureText
from vision.images import Pixels

TEXT_SCORE = 0.5


class TextReader(Protocol):
    """Reads the lines of text in pixels (uint8, height x width x 3, RGB); `version` names the models.

    Raises ReaderError. An empty answer means that it looked and read nothing, which is no proof that nothing is there.
    """

    @property
    def version(self) -> str: ...

    def read(self, pixels: Pixels) -> tuple[PictureText, ...]: ...


class RapidOcr:
    """rapidocr: finds lines, turns those that stand on their head, reads them."""

    version = "+".join(model.version for model in models.TEXT)

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def read(self, pixels: Pixels) -> tuple[PictureText, ...]:
        return self._read(pixels)

    def _read(self, pixels: Pixels) -> tuple[PictureText, ...]:
        try:
            answer = self._engine(np.ascontiguousarray(pixels[:, :, ::-1]))  # it takes BGR
        except Exception as error:
            raise ReaderError("The text in the picture could not be read. Try again.") from error
        return lines_of(answer, pixels.shape[1], pixels.shape[0])


def lines_of(answer: Any, width: int, height: int) -> tuple[PictureText, ...]:
    """rapidocr's answer as lines, boxes upright and inside the picture; raises ReaderError."""
    if answer.boxes is None and answer.txts is None:
        return ()
    if answer.boxes is None or answer.txts is None or not len(answer.boxes) == len(answer.txts) == len(answer.scores):
        raise ReaderError("The reading of text gave half an answer. Try again.")
    return tuple(
        PictureText(_box(np.asarray(corners), width, height), text, float(score))
        for corners, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True)
    )


def _box(corners: npt.NDArray[np.float32], width: int, height: int) -> Box:
    if not np.isfinite(corners).all():
        raise ReaderError("The reading of text gave impossible boxes. Try again.")
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    left, top = int(np.clip(left, 0, width - 1)), int(np.clip(top, 0, height - 1))
    return Box(left, top, int(np.clip(right, left + 1, width)), int(np.clip(bottom, top + 1, height)))


def load_reader(threads: int | None = None) -> TextReader:
    """rapidocr on sessions made from its checked files, so that it never looks for a file or for the network.

    Raises ModelError.
    """
    sessions = [runtime.open_session(models.verified_bytes(model), threads) for model in models.TEXT]
    try:
        from omegaconf import flag_override
        from rapidocr import RapidOCR

        engine = RapidOCR(params={"Global.log_level": "critical", "Global.text_score": TEXT_SCORE})
        with flag_override(engine.cfg, "allow_objects", True):
            for part, session in zip((engine.cfg.Det, engine.cfg.Cls, engine.cfg.Rec), sessions, strict=True):
                part.session = session
        engine(np.full((64, 64, 3), 255, np.uint8))
    except Exception as error:
        raise ModelError("The reader of text in pictures could not be opened: install Gatepost again.") from error
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return RapidOcr(engine)
