"""Uploads on their way in: in memory while they are small, beyond that in a temporary file that holds ciphertext.

The web framework would put larger uploads into the temporary folder as they are. The key of each spool exists in memory
alone, so what a crash leaves of one can never be read.
"""

from __future__ import annotations

import io
import secrets
import tempfile
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette import formparsers

IN_MEMORY = 1_000_000  # bytes of one upload
PIECE = 256 * 1024  # bytes sealed at once
TAG = 16


class SealedSpool(io.RawIOBase):
    """A file that is written once, from its beginning to its end, and then read, from anywhere."""

    def __init__(self, max_size: int = IN_MEMORY) -> None:
        super().__init__()
        self._max_size = max_size
        self._memory = bytearray()  # everything, or, once there is a file, what is not in it yet
        self._file: IO[bytes] | None = None
        self._cipher: AESGCM | None = None
        self._pieces = 0  # in the file
        self._at = 0
        self._opened: tuple[int, bytes] = (-1, b"")

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        if self._at != self._size():
            raise io.UnsupportedOperation("an upload is written at its end alone")
        self._memory += data
        self._at += len(data)
        if self._file is not None or self._at > self._max_size:
            self._spill()
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        end = self._size() if size is None or size < 0 else min(self._at + size, self._size())
        found = []
        while self._at < end:
            piece, offset = divmod(self._at, PIECE)
            if piece < self._pieces:
                part = self._piece(piece)[offset : offset + end - self._at]
            else:
                begun = self._pieces * PIECE
                part = bytes(self._memory[self._at - begun : end - begun])
            found.append(part)
            self._at += len(part)
        return b"".join(found)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size()}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._memory, self._cipher, self._opened = bytearray(), None, (-1, b"")
        super().close()

    def _size(self) -> int:
        return self._pieces * PIECE + len(self._memory)

    def _spill(self) -> None:
        """Seal whole pieces into the file; each has its number as nonce, and is written once."""
        if self._file is None or self._cipher is None:
            self._file = tempfile.TemporaryFile(prefix="gatepost-")  # noqa: SIM115  closed with the spool
            self._cipher = AESGCM(secrets.token_bytes(32))
        while len(self._memory) >= PIECE:
            sealed = self._cipher.encrypt(self._pieces.to_bytes(12, "big"), bytes(self._memory[:PIECE]), None)
            self._file.seek(self._pieces * (PIECE + TAG))
            self._file.write(sealed)
            del self._memory[:PIECE]
            self._pieces += 1

    def _piece(self, number: int) -> bytes:
        if self._opened[0] != number:
            if self._file is None or self._cipher is None:
                raise ValueError("the upload is closed")
            self._file.seek(number * (PIECE + TAG))
            sealed = self._file.read(PIECE + TAG)
            try:
                self._opened = (number, self._cipher.decrypt(number.to_bytes(12, "big"), sealed, None))
            except InvalidTag:
                raise OSError("an upload's temporary file was changed") from None
        return self._opened[1]


def install() -> None:
    """Have every form that the web framework reads spooled so."""
    setattr(formparsers, "SpooledTemporaryFile", SealedSpool)  # noqa: B010  the name is not the module's own
