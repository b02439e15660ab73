"""Uploads are spooled as ciphertext, and read back as they were."""

from __future__ import annotations

import io
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette import formparsers

from app import spooling
from app.spooling import PIECE, SealedSpool

CANARY = b"a picture of Zosia Nowak"
PLACES = st.integers(0, 10**6)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5], ids=lambda size: f"{size} bytes")
@pytest.mark.parametrize("in_memory", [0, 10**7], ids=["file", "memory"])
def test_what_was_written_is_read(size, in_memory):
    content = (CANARY * (size // len(CANARY) + 1))[:size]
    with SealedSpool(max_size=in_memory) as spool:
        for at in range(0, size, 100_000):
            spool.write(content[at : at + 100_000])
        spool.seek(0)
        assert spool.read() == content
        assert spool.read() == b""


@given(
    st.lists(st.binary(max_size=PIECE // 2), max_size=6),
    st.lists(st.tuples(PLACES, st.just(-1) | PLACES), max_size=8),
)
def test_it_reads_like_any_file(parts, reads):
    plain = io.BytesIO()
    with SealedSpool(max_size=1000) as spool:
        for part in parts:
            assert spool.write(part) == plain.write(part)
        for offset, size in reads:
            assert (spool.seek(offset), spool.read(size)) == (plain.seek(offset), plain.read(size))
        assert spool.seek(0, io.SEEK_END) == plain.seek(0, io.SEEK_END)


def test_the_disk_holds_ciphertext_alone(monkeypatch):
    files = []

    def seen(**_):
        files.append(io.BytesIO())
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", seen)
    with SealedSpool() as spool:
        spool.write(CANARY * 100_000)
        (disk,) = files
        assert len(disk.getvalue()) > 2_000_000
        assert CANARY not in disk.getvalue()


def test_a_changed_piece_is_not_read(monkeypatch):
    disk = io.BytesIO()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: disk)
    with SealedSpool(max_size=0) as spool:
        spool.write(CANARY * 100_000)
        disk.seek(10)
        disk.write(b"changed")
        spool.seek(0)
        with pytest.raises(OSError, match="changed"):
            spool.read()


def test_nothing_is_written_twice_under_one_nonce():
    with SealedSpool() as spool:
        spool.write(b"first")
        spool.seek(0)
        with pytest.raises(io.UnsupportedOperation):
            spool.write(b"again")


def test_the_web_framework_uses_it():
    spooling.install()
    assert vars(formparsers)["SpooledTemporaryFile"] is SealedSpool
