"""Weights are downloaded over real HTTP: cut, resumed, wrong, too large; and nothing but the right file is placed."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app as cli
from app.fetching import TRIES, FetchError, copy, fetch
from vision import weights
from vision.weights import WeightsFile

CONTENT = bytes(range(256)) * 2_000


def archive(name: str = "net.pth", content: bytes = CONTENT) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


class Site:
    """A site with one file; `cuts` says after how many bytes each answer breaks off."""

    def __init__(self) -> None:
        self.body = archive()
        self.cuts: list[int] = []
        self.knows_ranges = True
        self.status = 200
        self.lies_about_range = False
        self.asked: list[str | None] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/net.zip"

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        wanted = to.headers.get("Range")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.knows_ranges else 0
        if self.status != 200 or start >= len(self.body):
            to.send_error(self.status if self.status != 200 else 416)
            return
        rest = self.body[start:]
        to.send_response(206 if start else 200)
        if start:
            said = 0 if self.lies_about_range else start
            to.send_header("Content-Range", f"bytes {said}-{len(self.body) - 1}/{len(self.body)}")
        to.send_header("Content-Length", str(len(rest)))
        to.end_headers()
        to.wfile.write(rest[: self.cuts.pop(0)] if self.cuts else rest)


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    thread = threading.Thread(target=opened.server.serve_forever, args=(0.01,))
    thread.start()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()
    thread.join()


def published(url: str, content: bytes = CONTENT, most: int = 600_000) -> tuple[WeightsFile, ...]:
    return (WeightsFile("net", url, hashlib.md5(content, usedforsecurity=False).hexdigest(), most),)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_downloaded_unpacked_checked_and_placed(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "easyocr"
    fetch(folder, published(site.url))
    assert names(folder) == ["net.pth"]
    assert (folder / "net.pth").read_bytes() == CONTENT


def test_what_is_there_already_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    (tmp_path / "net.pth").write_bytes(CONTENT)
    fetch(tmp_path, published(site.url))
    assert site.asked == []


def test_a_damaged_file_is_replaced(site: Site, tmp_path: Path) -> None:
    (tmp_path / "net.pth").write_bytes(CONTENT[:-1])
    fetch(tmp_path, published(site.url))
    assert (tmp_path / "net.pth").read_bytes() == CONTENT


def test_a_cut_download_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.cuts = [100_000, 50_000]
    fetch(tmp_path, published(site.url))
    assert site.asked == [None, "bytes=100000-", "bytes=150000-"]
    assert names(tmp_path) == ["net.pth"]


def test_a_download_goes_on_the_next_time(site: Site, tmp_path: Path) -> None:
    site.cuts = [10_000] * TRIES
    with pytest.raises(FetchError, match="it goes on where it stopped"):
        fetch(tmp_path, published(site.url))
    assert names(tmp_path) == ["net.zip.part"]
    fetch(tmp_path, published(site.url))
    assert site.asked[-1] == f"bytes={10_000 * TRIES}-"
    assert names(tmp_path) == ["net.pth"]


def test_a_site_that_knows_no_ranges_is_asked_from_the_start(site: Site, tmp_path: Path) -> None:
    site.cuts, site.knows_ranges = [100_000], False
    fetch(tmp_path, published(site.url))
    assert (tmp_path / "net.pth").read_bytes() == CONTENT


def test_a_start_from_the_beginning_replaces_what_was_had(site: Site, tmp_path: Path) -> None:
    site.cuts, site.knows_ranges = [100_000] * TRIES, False
    with pytest.raises(FetchError):
        fetch(tmp_path, published(site.url))
    assert (tmp_path / "net.zip.part").read_bytes() == site.body[:100_000]


def test_an_answer_with_another_range_is_not_pasted_in(site: Site, tmp_path: Path) -> None:
    site.cuts, site.lies_about_range = [100_000], True
    fetch(tmp_path, published(site.url))
    assert site.asked == [None, "bytes=100000-", None]
    assert (tmp_path / "net.pth").read_bytes() == CONTENT


def test_a_rest_that_is_longer_than_the_file_is_thrown_away(site: Site, tmp_path: Path) -> None:
    (tmp_path / "net.zip.part").write_bytes(b"x" * (len(site.body) + 5))
    fetch(tmp_path, published(site.url))
    assert names(tmp_path) == ["net.pth"]


def wrong_content(site: Site) -> None:
    site.body = archive(content=CONTENT[::-1])


def too_much(site: Site) -> None:
    site.body = b"x" * 700_000


def bomb(site: Site) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("net.pth", b"\0" * 50_000_000)
    site.body = out.getvalue()


def no_archive(site: Site) -> None:
    site.body = b"<html>Sign in to this network</html>"


def another_member(site: Site) -> None:
    site.body = archive("other.pth")


def missing(site: Site) -> None:
    site.status = 404


def busy(site: Site) -> None:
    site.status = 503


@pytest.mark.parametrize(
    ("make", "because", "asked"),
    [
        pytest.param(wrong_content, "not put in place", 1, id="another content"),
        pytest.param(too_much, "larger than 600,000 bytes", 1, id="too much"),
        pytest.param(bomb, "larger than 600,000 bytes", 1, id="too much unpacked"),
        pytest.param(no_archive, "no archive with net.pth", 1, id="no archive"),
        pytest.param(another_member, "no archive with net.pth", 1, id="an archive of something else"),
        pytest.param(missing, "answered 404", 1, id="not there"),
        pytest.param(busy, "answered 503", TRIES, id="busy"),
    ],
)
def test_what_is_wrong_is_told_and_leaves_nothing(
    site: Site, tmp_path: Path, make: Callable[[Site], None], because: str, asked: int
) -> None:
    make(site)
    with pytest.raises(FetchError, match=because):
        fetch(tmp_path, published(site.url))
    assert names(tmp_path) == []
    assert len(site.asked) == asked


def test_a_wrong_download_leaves_the_file_that_was_there(site: Site, tmp_path: Path) -> None:
    (tmp_path / "net.pth").write_bytes(b"older")
    wrong_content(site)
    with pytest.raises(FetchError):
        fetch(tmp_path, published(site.url))
    assert (tmp_path / "net.pth").read_bytes() == b"older"


def test_a_member_that_names_a_folder_above_is_placed_in_the_folder(site: Site, tmp_path: Path) -> None:
    site.body = archive("../../net.pth")
    fetch(tmp_path / "a" / "b", published(site.url))
    assert names(tmp_path) == ["a"]
    assert names(tmp_path / "a" / "b") == ["net.pth"]


def test_nobody_listening_is_told_with_the_way_out(site: Site, tmp_path: Path) -> None:
    gone = published("http://127.0.0.1:9/net.zip")
    with pytest.raises(FetchError, match="--from FOLDER"):
        fetch(tmp_path, gone, timeout=2)


@pytest.mark.parametrize(("name", "content"), [("net.pth", CONTENT), ("net.zip", archive())], ids=["pth", "zip"])
def test_files_are_taken_from_a_folder(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / name).write_bytes(content)
    copy(tmp_path / "here", published(""), tmp_path / "stick")
    assert (tmp_path / "here" / "net.pth").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("there", "because"),
    [
        pytest.param({}, "neither net.pth nor net.zip", id="nothing there"),
        pytest.param({"net.pth": CONTENT[1:]}, "not put in place", id="another file"),
        pytest.param({"net.zip": b"PK"}, "no archive", id="a torn archive"),
        pytest.param({"net.pth": b"x" * 700_000}, "larger than", id="too large"),
    ],
)
def test_a_folder_without_the_right_files_gives_nothing(tmp_path: Path, there: dict[str, bytes], because: str) -> None:
    (tmp_path / "stick").mkdir()
    for name, content in there.items():
        (tmp_path / "stick" / name).write_bytes(content)
    with pytest.raises(FetchError, match=because):
        copy(tmp_path / "here", published(""), tmp_path / "stick")
    assert names(tmp_path / "here") == []


def test_the_command_lists_fetches_and_says_what_is_missing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEPOST_EASYOCR_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("GATEPOST_OCR", "both")
    monkeypatch.setattr(weights, "EASYOCR", published(site.url))
    listed = CliRunner().invoke(cli, ["models"])
    assert listed.exit_code == 2
    assert "faulty  net" in listed.output
    assert "run `gatepost models fetch easyocr`" in listed.output
    fetched = CliRunner().invoke(cli, ["models", "fetch", "easyocr"])
    assert fetched.exit_code == 0
    assert "ready   net" in fetched.output
    assert CliRunner().invoke(cli, ["models"]).exit_code == 0


@pytest.mark.parametrize(
    "words", [["fetch"], ["list", "easyocr"], ["fetch", "tesseract"], ["fetch", "easyocr", "--from", "nowhere"]]
)
def test_the_command_refuses_what_it_cannot_do(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEPOST_EASYOCR_WEIGHTS", str(tmp_path / "weights"))
    assert CliRunner().invoke(cli, ["models", *words]).exit_code == 2
    assert names(tmp_path) in ([], ["weights"])
