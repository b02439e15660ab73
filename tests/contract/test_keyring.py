"""The key file on a real disk, and keys from the environment."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.config import Settings
from app.db import open_vault
from app.serving import environment
from consent.vault.errors import KeyUnavailable
from consent.vault.keyring import GivenKeys, KeyFile, as_text, new_key

ONE, TWO = new_key(), new_key()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gatepost.key"


def written(path: Path, text: str, mode: int = 0o400) -> KeyFile:
    path.write_text(text)
    path.chmod(mode)
    return KeyFile(path)


def test_a_first_key_is_made_for_the_service_alone(path):
    file = KeyFile(path)
    assert file.make_first()
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert not file.make_first()
    assert len(file.read().keys) == 1
    assert os.listdir(path.parent) == [path.name]


def test_of_many_processes_one_makes_the_key(path):
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: KeyFile(path).make_first(), range(8)))
    assert made.count(True) == 1
    assert len(KeyFile(path).read().keys) == 1


def test_keys_are_read_newest_first(path):
    file = written(path, "")
    file.replace([TWO, ONE])
    assert file.read().current == TWO
    assert file.read().get(ONE.id) == ONE
    assert file.read().get("unknown") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("# only a remark\n", "is empty"),
        (f"{ONE.id}:{as_text(TWO)}", "Key 1 in .* is damaged"),
        (f"{ONE.id}:{as_text(ONE)}\n{TWO.id}:{as_text(TWO)[:-4]}", "Key 2 in .* is not 32 bytes"),
        (as_text(ONE), "Key 1 in .* is not 32 bytes"),
        (f"{ONE.id}:no base64!", "is not 32 bytes"),
        ("\xff", "cannot be read"),
    ],
    ids=["empty", "remarks", "another's id", "cut", "no id", "no base64", "no text"],
)
def test_a_damaged_file_is_refused_and_says_why(path, text, says):
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o400)
    with pytest.raises(KeyUnavailable, match=says) as error:
        KeyFile(path).read()
    assert as_text(ONE) not in str(error.value)


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o420, 0o401])
def test_a_file_that_others_may_use_is_refused(path, mode):
    with pytest.raises(KeyUnavailable, match=r"may be read by others.*chmod 400"):
        written(path, f"{ONE.id}:{as_text(ONE)}", mode).read()


def test_a_missing_file_is_said_and_not_made(path):
    with pytest.raises(KeyUnavailable, match="is missing"):
        KeyFile(path).read()
    assert not path.exists()


def test_a_folder_is_no_key_file(path):
    path.mkdir(mode=0o700)
    with pytest.raises(KeyUnavailable):
        KeyFile(path).read()


@pytest.mark.parametrize("linked", [False, True], ids=["directly", "by a link"])
def test_a_key_inside_the_data_folder_is_refused(tmp_path, linked):
    data = tmp_path / "data"
    data.mkdir()
    path = data / "gatepost.key"
    if linked:
        (tmp_path / "elsewhere").symlink_to(data)
        path = tmp_path / "elsewhere" / "gatepost.key"
    file = KeyFile(path, outside=data)
    for attempt in (file.read, file.make_first, lambda: file.replace([ONE])):
        with pytest.raises(KeyUnavailable, match="inside the data folder"):
            attempt()
    assert not path.exists()


def test_the_default_file_lies_beside_the_data_folder(tmp_path):
    assert Settings(data=tmp_path / ".gatepost").key_path == tmp_path / ".gatepost.key"
    assert Settings(data=tmp_path / "x", key_file=tmp_path / "own.key").key_path == tmp_path / "own.key"


def test_the_environment_may_hold_several_keys():
    keyring = GivenKeys.from_text(f"{as_text(TWO)}, {as_text(ONE)}").read()
    assert keyring.keys == (TWO, ONE)
    assert not GivenKeys([ONE]).make_first()


@pytest.mark.parametrize("text", ["", "short", as_text(ONE)[:-4], f"{as_text(ONE)},"], ids=str)
def test_a_key_in_the_environment_that_is_none_is_refused(monkeypatch, tmp_path, text):
    monkeypatch.setenv("GATEPOST_KEY", text)
    with pytest.raises(KeyUnavailable, match="of GATEPOST_KEY is not 32 bytes"):
        open_vault(Settings(data=tmp_path))


def test_a_child_process_reads_the_same_keys(monkeypatch, tmp_path):
    """Settings go to the worker as its environment: what is not set stays so, and a secret arrives whole."""
    monkeypatch.setenv("GATEPOST_KEY", as_text(ONE))
    settings = Settings(data=tmp_path)
    assert as_text(ONE) not in repr(settings)
    child = environment(settings)
    assert child["GATEPOST_KEY"] == as_text(ONE)
    assert "GATEPOST_KEY_FILE" not in child
    assert "GATEPOST_EASYOCR_WEIGHTS" not in child
    assert "GATEPOST_KEY" not in environment(settings.model_copy(update={"key": None}))
