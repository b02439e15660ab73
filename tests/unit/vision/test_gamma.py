"""A PNG that names its gamma is seen, and released, as a browser shows it."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from vision.images import decode
from vision.release import release


def png(level: int, *chunks: tuple[bytes, bytes]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (level, level, level)).save(out, "PNG")
    plain = out.getvalue()
    more = b"".join(
        struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))
        for name, payload in chunks
    )
    return plain[:33] + more + plain[33:]


def gamma(value: float) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", round(value * 100_000))


@pytest.mark.parametrize(
    ("chunks", "shown"),
    [
        pytest.param([], 100, id="no gamma"),
        pytest.param([gamma(0.45455)], 100, id="the usual one"),
        pytest.param([gamma(1.0)], 167, id="linear light: 255 * (100 / 255) ** (1 / 2.2)"),
        pytest.param([gamma(0.08)], 1, id="so dark that nothing shows"),
        pytest.param([gamma(0.0)], 100, id="none that is possible"),
        pytest.param([(b"sRGB", b"\x00"), gamma(1.0)], 100, id="overruled by sRGB"),
    ],
)
def test_levels_are_those_of_a_screen(chunks: list[tuple[bytes, bytes]], shown: int) -> None:
    picture = decode(png(100, *chunks))

    assert picture.pixels.max() == picture.pixels.min() == pytest.approx(shown, abs=1)
    assert (picture.gamma is None) == (shown == 100)


def test_the_safe_file_holds_those_levels_and_no_gamma() -> None:
    picture = decode(png(100, gamma(1.0)))

    safe = Image.open(io.BytesIO(release(picture.pixels, picture.format).content))

    assert "gamma" not in safe.info
    assert np.asarray(safe)[0, 0].tolist() == picture.pixels[0, 0].tolist()
