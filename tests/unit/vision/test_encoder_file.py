"""The converted network is kept on disk, and what is there is never trusted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from vision import encoder_file, encoder_network, encoder_onnx, models
from vision.encoder_file import FILE_NAME, converted
from vision.errors import ModelError

NETWORK = b"the converted network"


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was converted, in order; the conversion is a stand-in."""
    done: list[bytes] = []

    def convert(network: object) -> bytes:
        done.append(NETWORK)
        return NETWORK

    monkeypatch.setattr(models, "verified_bytes", lambda model: b"source")
    monkeypatch.setattr(encoder_network, "read", lambda content: content)
    monkeypatch.setattr(encoder_onnx, "to_onnx", convert)
    monkeypatch.setattr(encoder_file, "SHA256", hashlib.sha256(NETWORK).hexdigest())
    return done


def test_it_is_converted_once_and_kept(tmp_path: Path, conversions: list[bytes]) -> None:
    folder = tmp_path / "data" / "models"

    assert [converted(folder), converted(folder)] == [NETWORK, NETWORK]
    assert len(conversions) == 1
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bytes([NETWORK[0] ^ 1]) + NETWORK[1:], id="one bit flipped"),
        pytest.param(NETWORK[:-1], id="cut short"),
        pytest.param(b"", id="empty"),
        pytest.param(b"another network", id="exchanged"),
    ],
)
def test_a_kept_file_that_differs_is_made_anew(tmp_path: Path, conversions: list[bytes], content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)

    assert converted(tmp_path) == NETWORK
    assert (tmp_path / FILE_NAME).read_bytes() == NETWORK


def test_without_a_folder_it_is_made_each_time(conversions: list[bytes]) -> None:
    assert [converted(), converted()] == [NETWORK, NETWORK]
    assert len(conversions) == 2


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path, conversions: list[bytes]) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")

    assert converted(tmp_path / "models") == NETWORK


def test_an_interrupted_write_leaves_nothing_half_done(
    tmp_path: Path, conversions: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("vision.encoder_file.os.replace", full)

    assert converted(tmp_path) == NETWORK
    assert list(tmp_path.iterdir()) == []


def test_a_conversion_that_gives_anything_else_is_refused_and_not_kept(
    tmp_path: Path, conversions: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_file, "SHA256", "0" * 64)

    with pytest.raises(ModelError, match="version of onnx"):
        converted(tmp_path)
    assert list(tmp_path.iterdir()) == []
