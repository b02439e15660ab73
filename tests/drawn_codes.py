"""QR codes and barcodes drawn for the tests."""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from vision.images import Pixels


def a_code(text: str, symbology: str = "QR Code", module: int = 4) -> NDArray[np.uint8]:
    """The code in black on white with its quiet zone, grey, `module` pixels to its narrowest bar."""
    code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(symbology))
    return np.array(code.to_image(scale=module), np.uint8)


def on_a_wall(
    *codes: NDArray[np.uint8], size: tuple[int, int] = (900, 700), turned: float = 0, wall: int = 170
) -> Pixels:
    """A plain wall (width, height) with the codes side by side in its middle, the picture turned by degrees."""
    width, height = size
    picture = np.full((height, width), wall, np.uint8)
    left = (width - sum(code.shape[1] + 40 for code in codes) + 40) // 2
    for code in codes:
        high, wide = code.shape
        top = (height - high) // 2
        picture[top : top + high, left : left + wide] = code
        left += wide + 40
    if turned:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), turned, 1)
        picture = np.asarray(cv2.warpAffine(picture, turn, size, borderValue=wall), np.uint8)
    return np.repeat(picture[:, :, None], 3, axis=2)
