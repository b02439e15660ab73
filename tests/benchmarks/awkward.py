"""Awkward and hostile pictures through the process that looks, and through a running service: a table by folder.

`python -m tests.benchmarks.awkward DIR [--http] [--fast] [--json] [--only FOLDER]`. DIR holds folders of files. Every
released file must pass the strict allowlist and, where exiftool is on the machine, show nothing that identifies. Where
the original hid something, or its metadata or a folder named `*hidden*` says that it may, the released file is looked
at again: no metadata, nothing hidden, no more faces than were seen, no text of a hidden picture. None may take longer
than the limit. Exit code 1 where anything fails. `--fast` reads no text.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.stages import megabytes
from vision import allowlist
from vision.errors import ReleaseError
from vision.findings import MetadataKind, PictureFindings
from vision.inspection import InspectionRequest
from vision.sandbox import SandboxedInspector

PLAIN = {"SourceFile", "ExifTool", "File", "JFIF", "Composite", "System"}  # groups that describe the file itself
PLAIN_PNG = {"ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace"}
HIDING = (MetadataKind.THUMBNAIL, MetadataKind.FRAMES, MetadataKind.TRAILING, MetadataKind.ALPHA)
SECONDS = 60.0  # that one picture may take
NAME_LENGTH = 4  # letters of a hidden text that are looked for in the output's bytes


@dataclass(slots=True)
class Row:
    """What became of one file."""

    folder: str
    file: str
    seconds: float
    readable: bool
    because: str
    hidden: int
    released: bytes | None
    memory: int
    faults: list[str] = field(default_factory=list)


def files_of(root: Path, only: str | None) -> list[Path]:
    found = (path for folder in sorted(root.iterdir()) if folder.is_dir() for path in sorted(folder.iterdir()))
    return [path for path in found if only is None or path.parent.name.startswith(only)]


def looked_at(root: Path, only: str | None, request: InspectionRequest) -> Iterator[Row]:
    with SandboxedInspector() as inspector:
        for path in files_of(root, only):
            started = time.perf_counter()
            try:
                found = inspector.inspect(path.read_bytes(), request)
            except Exception as error:  # noqa: BLE001  # no file may do that: told as a fault
                row = Row(path.parent.name, path.name, 0.0, False, "", 0, None, 0)
                row.faults.append(f"an exception came out: {error!r}")
                yield row
                continue
            seconds = time.perf_counter() - started
            row = Row(
                path.parent.name,
                path.name,
                round(seconds, 3),
                not found.problems,
                found.problems[0].because if found.problems else "",
                len(found.hidden),
                found.released.content if found.released else None,
                megabytes(inspector.process_id),
            )
            if seconds > SECONDS + 5:
                row.faults.append(f"it took {seconds:.0f} s, the limit is {SECONDS:.0f}")
            if found.released and found.problems:
                row.faults.append("released in spite of a problem")
            if found.released:
                look = "hidden" in path.parent.name or any(item.kind in HIDING for item in found.metadata)
                row.faults += faults_of(found, inspector, request, look=look)
            elif not found.problems:
                row.faults.append("nothing released, and no reason why")
            yield row


def faults_of(
    found: PictureFindings, inspector: SandboxedInspector, request: InspectionRequest, *, look: bool
) -> list[str]:
    """What is wrong with a released file: looked at again, it must be what was looked at and nothing more.

    It is looked at again where something was hidden in the original, and where `look` says that something may be.
    """
    released = found.released
    assert released is not None
    faults = []
    try:
        allowlist.check(released.content, released.media_type, released.width, released.height)
    except ReleaseError as error:
        faults.append(str(error))
    if found.hidden or look:
        again = inspector.inspect(released.content, request)
        if again.hidden or again.metadata or again.problems:
            faults.append("the released file holds more than a picture")
        if len(again.faces) > len(found.faces):
            faults.append("the released file shows a face that was not seen")
        hidden = {word for each in found.hidden for text in each.texts for word in text.split()}
        shown = {word for line in found.texts for word in line.text.split()}
        words = {word for word in hidden - shown if len(word) >= NAME_LENGTH}
        if any(word in line.text for line in again.texts for word in words):
            faults.append("the released file shows a hidden text")
        if any(word.encode() in released.content for word in words):
            faults.append("the released file holds a hidden text")
    return faults


def exiftool(rows: list[Row]) -> bool:
    """Note what exiftool finds in the released files; False where it is not on this machine."""
    if shutil.which("exiftool") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        by_name = {str(Path(folder) / f"{at:05}.img"): row for at, row in enumerate(rows) if row.released}
        for name, row in by_name.items():
            Path(name).write_bytes(row.released or b"")
        command = ["exiftool", "-j", "-a", "-u", "-U", "-G", *by_name]
        told = subprocess.run(command, capture_output=True, check=False).stdout
        for each in json.loads(told or b"[]"):
            row = by_name.pop(each["SourceFile"])
            row.faults += [f"exiftool: {key}" for key in each if not _is_plain(key)]
        for row in by_name.values():
            row.faults.append("exiftool said nothing")
    return True


def _is_plain(key: str) -> bool:
    group, _, tag = key.partition(":")
    if tag in ("Comment", "Warning", "Error"):
        return False
    return group in PLAIN or (group == "PNG" and tag in PLAIN_PNG)


def over_http(root: Path, only: str | None) -> list[str]:
    """Send every file as a draft to a running demo service; returns what went wrong."""
    import httpx2

    from app.config import Settings
    from app.demo import _until_ready, demo_folder, prepare
    from app.serving import running

    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gatepost-awkward-") as folder:
        settings = demo_folder(Settings(), folder)
        prepare(settings)
        with running(settings) as (url, worker), httpx2.Client(base_url=url, timeout=200) as client:
            _until_ready(client)
            first = worker.pid
            for path in files_of(root, only):
                answer = client.post(
                    "/api/v1/drafts",
                    data={"channel": "School website"},
                    files=[("pictures", (path.name, path.read_bytes(), "image/jpeg"))],
                    headers={"Prefer": "wait=90"},
                )
                if answer.status_code >= 500:
                    wrong.append(f"{path.name}: the service answered {answer.status_code}")
                elif answer.status_code in (200, 201, 202):
                    body = client.get(answer.headers["location"], headers={"Prefer": "wait=90"}).json()
                    if body["status"] != "decided":
                        wrong.append(f"{path.name}: the draft is {body['status']}")
            if worker.pid != first:
                wrong.append("the worker died and was started again")
    return wrong


def table(rows: list[Row]) -> list[dict[str, Any]]:
    lines = []
    for folder in sorted({row.folder for row in rows}):
        own = [row for row in rows if row.folder == folder]
        seconds = [row.seconds for row in own]
        lines.append(
            {
                "folder": folder,
                "files": len(own),
                "readable": sum(row.readable for row in own),
                "blocked": sum(not row.readable and bool(row.because) for row in own),
                "hidden pictures": sum(row.hidden for row in own),
                "median s": round(statistics.median(seconds), 2),
                "longest s": max(seconds),
                "peak MB": max(row.memory for row in own),
                "faults": sum(len(row.faults) for row in own),
            }
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--http", action="store_true")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only")
    arguments = parser.parse_args()
    request = InspectionRequest(templates=False, texts=not arguments.fast)
    rows = list(looked_at(arguments.directory, arguments.only, request))
    with_exiftool = exiftool(rows)
    http = over_http(arguments.directory, arguments.only) if arguments.http else []
    lines = table(rows)
    reasons = [{"folder": row.folder, "file": row.file, "because": row.because} for row in rows if not row.readable]
    faults = [f"{row.folder}/{row.file}: {fault}" for row in rows for fault in row.faults] + http
    if arguments.json:
        print(json.dumps({"table": lines, "blocked": reasons, "faults": faults, "exiftool": with_exiftool}, indent=1))
    else:
        print("  ".join(f"{name:>15}" for name in lines[0]))
        for line in lines:
            print("  ".join(f"{value!s:>15}" for value in line.values()))
        for (folder, because), count in Counter((row["folder"], row["because"]) for row in reasons).items():
            print(f"{folder}: {count} blocked: {because}")
        print("exiftool looked at every released file" if with_exiftool else "exiftool is not on this machine")
        print("\n".join(faults) or "no faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
