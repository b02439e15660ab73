"""`gatepost check` and `gatepost inspect`: pictures from the command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from app import drafts
from app.actors import command_line
from app.config import Settings
from app.db import reading, writing
from app.deps import Service
from app.drafts import DraftView, NewDraft, NewPicture
from app.errors import BadForm, ServiceError
from app.judging import findings_to_json
from app.looking import open_looker
from app.main import open_service
from app.models import DraftStatus
from app.schemas import draft_json
from app.worker import Worker
from vision.errors import ModelError
from vision.inspection import InspectionRequest

Pictures = Annotated[list[Path], typer.Argument(help="picture files")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
FAILURE = 2


def check_command(
    pictures: Annotated[list[Path] | None, typer.Argument(help="picture files")] = None,
    channel: Annotated[str, typer.Option(help="the account to post to, as the register names it")] = "",
    caption: Annotated[str, typer.Option(help="the text of the post")] = "",
    hashtags: Annotated[str, typer.Option(help="the hashtags of the post")] = "",
    alt_text: Annotated[list[str] | None, typer.Option(help="one for each picture, in the same order")] = None,
    taken_of: Annotated[list[str] | None, typer.Option(help="a class that could be in the pictures")] = None,
    out: Annotated[Path | None, typer.Option(help="an empty or new folder for the safe files")] = None,
    as_json: AsJson = False,
) -> None:
    """Check one draft. Exit code 0: publish, 1: block, 2: usage or failure."""
    settings = Settings()
    try:
        folder = _empty_folder(out) if out else None
        words = {"channel": channel, "caption": caption, "hashtags": hashtags}
        view, void, safe = _checked(settings, pictures or [], alt_text or [], tuple(taken_of or ()), words)
        if folder:
            for name, content in safe.items():
                (folder / name).write_bytes(content)
    except (ServiceError, ModelError, OSError) as error:
        typer.echo(f"gatepost check: {_words(error)}", err=True)
        raise typer.Exit(FAILURE) from None
    if as_json:
        typer.echo(json.dumps(draft_json(view, void, reads_register=True), ensure_ascii=False))
    else:
        _print_decision(view, folder, list(safe))
    if view.decision is None:
        raise typer.Exit(FAILURE)
    raise typer.Exit(0 if view.decision.outcome == "publish" and void is None else 1)


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _empty_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "is not empty; name an empty or new folder for the safe files", str(folder))
    return folder


def _checked(
    settings: Settings, paths: list[Path], alt_texts: list[str], taken_of: tuple[str, ...], words: Mapping[str, Any]
) -> tuple[DraftView, str | None, dict[str, bytes]]:
    if len(alt_texts) > len(paths):
        raise BadForm(f"There are {len(alt_texts)} alt texts for {len(paths)} pictures.")
    service = open_service(settings)
    actor = command_line(service.school_id)
    with ExitStack() as opened:
        pictures = [
            NewPicture(path.name, opened.enter_context(path.open("rb")), alt_texts[at] if at < len(alt_texts) else "")
            for at, path in enumerate(paths)
        ]
        new = NewDraft(**words, taken_of=taken_of, pictures=pictures)
        draft_id = drafts.submit(service.engine, service.store, settings, actor, new)
    _work_until_decided(service, draft_id, len(paths))
    safe: dict[str, bytes] = {}
    with writing(service.engine) as session:
        view = drafts.find(session, command_line(service.school_id), draft_id)
        void = drafts.void_because(session, view)
        if view.decision is not None and view.decision.outcome == "publish" and void is None:
            for picture in view.pictures:
                kept, content = drafts.released(session, service.store, actor, draft_id, picture.number)
                safe[drafts.safe_file_name(kept)] = content
    return view, void, safe


def _work_until_decided(service: Service, draft_id: str, pictures: int) -> None:
    """Work in this process until the draft is decided; a server's worker beside us may be the one that takes it."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Looking at the pictures", total=max(pictures, 1))

        def decided() -> bool:
            with reading(service.engine) as session:
                draft = drafts.find(session, command_line(service.school_id), draft_id).draft
            progress.update(bar, completed=draft.pictures_done)
            return draft.status in (DraftStatus.DECIDED, DraftStatus.FAILED)

        with _polling(decided):
            worker = Worker(service.settings, service.engine, partial(open_looker, service.settings), threading.Event())
            worker.run_until(decided)


class _polling:
    """Call `look` every half second beside the work, for the progress bar."""

    def __init__(self, look: Callable[[], object]) -> None:
        self._look, self._done = look, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(0.5):
            self._look()


def _print_decision(view: DraftView, folder: Path | None, safe: list[str]) -> None:
    if view.decision is None:
        typer.echo("BLOCK: the check did not finish, so nothing may be published. Try again; see `gatepost doctor`.")
        return
    typer.echo("PUBLISH: nothing here stops this post." if view.decision.outcome == "publish" else "BLOCK")
    for reason in view.decision.reasons:
        typer.echo(f"  {reason['code']} ({_where(reason['where'])}): {reason['because']}")
    rewritten = view.decision.rewritten
    texts: list[tuple[str, str]] = [(name, rewritten[name]) for name in ("caption", "hashtags") if name in rewritten]
    texts += [(f"alt text, picture {number}", text) for number, text in rewritten.get("alt_texts", {}).items()]
    for field, text in texts:
        typer.echo(f"  safe wording ({field}): {text}")
    for notice in view.decision.notices:
        typer.echo(f"  note (picture {notice['where'].get('picture')}): {notice['because']}")
    for name in safe if folder else []:
        typer.echo(f"  wrote {folder / name if folder else name}")


def _where(where: dict[str, Any]) -> str:
    """ "caption", or "picture 3, face 2"."""
    parts = [str(where["field"])] if "field" in where else []
    return ", ".join(parts + [f"{key} {where[key]}" for key in ("picture", "face") if key in where])


def inspect_command(pictures: Pictures, as_json: AsJson = False) -> None:
    """Say what is in pictures: faces, text, metadata, problems. With --json, one JSON object per line and picture."""
    settings = Settings()
    failed = False
    try:
        with open_looker(settings) as looker, Progress(console=Console(stderr=True), transient=True) as progress:
            for path in progress.track(pictures, description="Looking"):
                try:
                    content = path.read_bytes()
                except OSError as error:
                    typer.echo(f"gatepost inspect: {_words(error)}", err=True)
                    failed = True
                    continue
                findings = looker.pictures.inspect(content, InspectionRequest(templates=False))
                found = {"file": str(path), **findings_to_json(findings)}
                typer.echo(json.dumps(found, ensure_ascii=False) if as_json else _in_words(found))
    except ModelError as error:
        typer.echo(f"gatepost inspect: {error}", err=True)
        raise typer.Exit(FAILURE) from None
    raise typer.Exit(FAILURE if failed else 0)


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"{found['file']}: {found['format'] or 'not readable'}, {found['width']} x {found['height']}"]
    lines += [f"  problem: {problem['because']}" for problem in found["problems"]]
    lines += [f"  face {at} at {face['box']}" for at, face in enumerate(found["faces"], start=1)]
    lines += [f"  text at {text['box']}: {_read_as(text)}" for text in found["texts"]]
    lines += [f"  {code['symbology']} at {code['box']}: {_said_by(code)}" for code in found["codes"]]
    lines += _searched(found["text_search"])
    lines += [_hidden_in_words(picture) for picture in found["hidden"]]
    lines += [f"  metadata, {item['where']}: {item['text']}" for item in found["metadata"]]
    return "\n".join(lines)


def _read_as(text: dict[str, Any]) -> str:
    """ "Oliva, or: Olivia"."""
    return ", or: ".join([text["text"], *text.get("others", ())])


def _said_by(code: dict[str, Any]) -> str:
    return "it could not be read" if code["text"] is None else str(code["text"])


def _searched(search: dict[str, Any] | None) -> list[str]:
    if search is None:
        return ["  text was not looked for"]
    readers = " and ".join(search["readers"])
    tried = f"  text was looked for by {readers}, in {search['closer']} places closer, {search['again']} lines twice"
    return [tried, *(f"  writing that could not be read at {box}" for box in search["unread"])]


def _hidden_in_words(picture: dict[str, Any]) -> str:
    what = f"  hidden, {picture['kind']}, {picture['where']}"
    if not picture["looked_at"]:
        return f"{what}: could not be opened"
    read = "".join(f"; text: {text}" for text in picture["texts"])
    return f"{what}: faces {picture['faces']}{read}"
