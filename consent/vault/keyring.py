"""Where key-encryption keys come from: a file that only the service may read, or the environment."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from consent.vault.envelope import KEY_BYTES, KeyEncryptionKey
from consent.vault.errors import KeyUnavailable

FILE_MODE = 0o400
FILE_LIMIT = 100_000  # bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys at hand, newest first; new data keys are wrapped under the first."""

    keys: tuple[KeyEncryptionKey, ...]

    @property
    def current(self) -> KeyEncryptionKey:
        return self.keys[0]

    def get(self, kek_id: str) -> KeyEncryptionKey | None:
        return next((key for key in self.keys if key.id == kek_id), None)


class KeySource(Protocol):
    """Gives the keys anew each time it is asked; raises KeyUnavailable."""

    where: str

    def read(self) -> Keyring: ...

    def make_first(self) -> bool:
        """Make a key where there is none at all; whether one was made."""


class GivenKeys:
    """Keys from the environment, or made for one process alone."""

    def __init__(self, keys: Sequence[KeyEncryptionKey], where: str = "GATEPOST_KEY") -> None:
        self.where = where
        self._keyring = Keyring(tuple(keys))

    @classmethod
    def from_text(cls, text: str) -> GivenKeys:
        """Base64, several separated by commas, newest first."""
        keys = [
            _decoded(each.strip(), f"Key {number} of GATEPOST_KEY")
            for number, each in enumerate(text.split(","), start=1)
        ]
        return cls(keys)

    def read(self) -> Keyring:
        return self._keyring

    def make_first(self) -> bool:
        return False


class KeyFile:
    """A file with one key per line, `id:base64`, newest first. It is only ever replaced whole, never written into."""

    def __init__(self, path: Path, outside: Path | None = None) -> None:
        """`outside` is the data folder, in which the file must not lie: a copy of it would hold the key."""
        self.path = path
        self.where = str(path)
        self._outside = outside

    def read(self) -> Keyring:
        self._check_place()
        try:
            with self.path.open("rb") as file:
                _check_mode(self.path, os.fstat(file.fileno()))
                text = file.read(FILE_LIMIT).decode("ascii")
        except FileNotFoundError:
            raise KeyUnavailable(
                f"The key file {self.path} is missing. Nothing can be opened without it, and no new one is made while "
                "there is something that it sealed. Put it back from where you keep its copy, or set GATEPOST_KEY_FILE."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyUnavailable(f"The key file {self.path} cannot be read ({type(error).__name__}).") from error
        return Keyring(tuple(_parsed(text, self.path)))

    def make_first(self) -> bool:
        self._check_place()
        if self.path.exists():
            return False
        temporary = self._written([new_key()])
        try:
            os.link(temporary, self.path)  # fails where another process was faster
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
        _sync_folder(self.path.parent)
        return True

    def replace(self, keys: Sequence[KeyEncryptionKey]) -> None:
        """Put these keys in the file, all at once. Callers hold the database's write lock: one at a time."""
        self._check_place()
        self._written(keys).replace(self.path)
        _sync_folder(self.path.parent)

    def _written(self, keys: Iterable[KeyEncryptionKey]) -> Path:
        """A file beside the key file with these keys, on the disk for good."""
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = folder / f"{self.path.name}.{secrets.token_hex(4)}.part"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(b"".join(f"{key.id}:{as_text(key)}\n".encode() for key in keys))
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return temporary

    def _check_place(self) -> None:
        if self._outside is not None and self.path.resolve().is_relative_to(self._outside.resolve()):
            raise KeyUnavailable(
                f"The key file {self.path} lies inside the data folder, so every copy of the folder would hold the key "
                "that opens it. Move it elsewhere, and set GATEPOST_KEY_FILE."
            )

    def remove_leftovers(self) -> None:
        """Unfinished files of processes that were killed; callers hold the database's write lock."""
        for left in self.path.parent.glob(f"{self.path.name}.*.part"):
            left.unlink(missing_ok=True)


def new_key() -> KeyEncryptionKey:
    return KeyEncryptionKey(secrets.token_bytes(KEY_BYTES))


def as_text(key: KeyEncryptionKey) -> str:
    return base64.b64encode(key.secret).decode("ascii")


def _check_mode(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeyUnavailable(f"The key file {path} is not a file.")
    if os.name == "posix" and found.st_mode & 0o077:
        raise KeyUnavailable(
            f"The key file {path} may be read by others (mode {stat.S_IMODE(found.st_mode):04o}). Take that away with "
            f"`chmod 400 {path}`; if somebody may have read it, run `gatepost encryption rotate` afterwards."
        )


def _parsed(text: str, path: Path) -> Iterator[KeyEncryptionKey]:
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise KeyUnavailable(f"The key file {path} is empty. Put it back from where you keep its copy.")
    for number, line in enumerate(lines, start=1):
        said, _, encoded = line.partition(":")
        key = _decoded(encoded, f"Key {number} in {path}")
        if key.id != said:
            raise KeyUnavailable(f"Key {number} in {path} is damaged. Put the file back from where you keep its copy.")
        yield key


def _decoded(text: str, which: str) -> KeyEncryptionKey:
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyUnavailable(f"{which} is not {KEY_BYTES} bytes in base64.")
    return KeyEncryptionKey(secret)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
