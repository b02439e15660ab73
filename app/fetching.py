"""Getting files of weights into their folder, from their makers' site or another folder: checked, then placed."""

from __future__ import annotations

import http.client
import os
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from vision.weights import WeightsFile, md5_of

TIMEOUT = 30.0  # seconds without a byte
TRIES = 5
_AT_ONCE = 1 << 16  # bytes
_GONE_WRONG = (OSError, http.client.HTTPException)  # URLError and time-outs are OSErrors


class FetchError(Exception):
    """A file could not be had, or is not the one that was published; nothing was put in its place."""


def fetch(folder: Path, files: Sequence[WeightsFile], timeout: float = TIMEOUT) -> None:
    """Download what is missing or differs. What a cut connection left is gone on with, now or the next time.

    Raises FetchError at the first file that cannot be had.
    """
    for file in files:
        if is_there(folder, file):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{file.name}.zip.part"
        _download(file, part, timeout)
        try:
            _place(folder, file, part)
        except FetchError:
            part.unlink(missing_ok=True)  # going on with it would bring the same again
            raise
        part.unlink()


def copy(folder: Path, files: Sequence[WeightsFile], source: Path) -> None:
    """Take them from another folder, where they lie as published (.zip) or unpacked (.pth). Raises FetchError."""
    for file in files:
        there = [source / name for name in (file.file, f"{file.name}.zip") if (source / name).is_file()]
        if not there:
            raise FetchError(f"{source} has neither {file.file} nor {file.name}.zip: put one of them there.")
        folder.mkdir(parents=True, exist_ok=True)
        _place(folder, file, there[0])


def is_there(folder: Path, file: WeightsFile) -> bool:
    """Whether the very file that was published is in the folder."""
    with suppress(OSError):
        return md5_of(folder / file.file) == file.md5
    return False


def _download(file: WeightsFile, part: Path, timeout: float) -> None:
    because = ""
    for _ in range(TRIES):
        had = _size(part)
        try:
            if _went_through(file, part, timeout):
                return
            because = "the connection was cut"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:  # no such range: there is more here than the file has
                part.unlink(missing_ok=True)
            because = f"the site answered {error.code} ({error.reason})"
            if error.code not in (416, 429) and error.code < 500:
                break
        except _GONE_WRONG as error:
            because = str(getattr(error, "reason", error)) or type(error).__name__
        if _size(part) == had == 0 and "refused" in because:
            break
    raise FetchError(
        f"{file.url} could not be downloaded: {because}. Try again, it goes on where it stopped; or download it "
        f"elsewhere and run `gatepost models fetch easyocr --from FOLDER`."
    )


def _went_through(file: WeightsFile, part: Path, timeout: float) -> bool:
    """Download from where the part ends; False where the connection was cut before the end."""
    had = _size(part)
    request = urllib.request.Request(file.url, headers={"Range": f"bytes={had}-"} if had else {})  # noqa: S310
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310  # the addresses are constants
        goes_on = answer.status == 206
        if goes_on and not str(answer.headers.get("Content-Range", "")).startswith(f"bytes {had}-"):
            part.unlink(missing_ok=True)
            return False
        expected = answer.headers.get("Content-Length")
        with part.open("ab" if goes_on else "wb") as out:
            try:
                got = _copied(answer, out, file.most - (had if goes_on else 0), file)
            except FetchError:
                part.unlink()  # nothing to go on with
                raise
    return expected is None or got == int(expected)


def _copied(source: IO[bytes], out: IO[bytes], most: int, file: WeightsFile) -> int:
    got = 0
    while chunk := source.read(_AT_ONCE):
        got += len(chunk)
        if got > most:
            raise FetchError(f"{file.name} is larger than {file.most:,} bytes, so it is not what EasyOCR published.")
        out.write(chunk)
    return got


def _place(folder: Path, file: WeightsFile, source: Path) -> None:
    """Put the file in its place in one step, if it is the one that was published."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=folder)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            _unpack(file, source, out)
            out.flush()
            os.fsync(out.fileno())
        found = md5_of(new)
        if found != file.md5:
            raise FetchError(
                f"{source} does not hold the {file.file} that EasyOCR published, so it was not put in place "
                f"(its MD5 is {found} and should be {file.md5})."
            )
        new.chmod(0o644)
        new.replace(folder / file.file)
    except OSError as error:
        raise FetchError(f"{file.file} could not be written to {folder}: {error.strerror or error}.") from error
    finally:
        new.unlink(missing_ok=True)


def _unpack(file: WeightsFile, source: Path, out: IO[bytes]) -> None:
    """Write the one member with the right name, whatever folder the archive says it lies in."""
    with source.open("rb") as packed:
        if source.suffix == ".pth":
            _copied(packed, out, file.most, file)
            return
        try:
            with zipfile.ZipFile(packed) as archive:
                member = next(each for each in archive.infolist() if Path(each.filename).name == file.file)
                with archive.open(member) as inside:
                    _copied(inside, out, file.most, file)
        except (zipfile.BadZipFile, StopIteration, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
            raise FetchError(f"{source} is no archive with {file.file} in it: it was not put in place.") from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
