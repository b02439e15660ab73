"""`gatepost demo`: sample drafts of an invented school through the real pipeline, over HTTP."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.config import Settings
from vision.errors import VisionError

if TYPE_CHECKING:
    from app.demo import Played


def demo_command(as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False) -> None:
    """Make an invented school in a temporary folder, check its sample drafts, print each decision, leave.

    Exit code 0 when every outcome is as expected, 1 when one is not, 2 on a failure.
    """
    from app.demo import DemoBroken  # these take a second to import

    try:
        played = _play()
    except (DemoBroken, VisionError) as error:
        typer.echo(f"gatepost demo: {error}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps([_row(each) for each in played], ensure_ascii=False))
    else:
        _print(played)
    raise typer.Exit(0 if played and all(each.as_expected for each in played) else 1)


def _play() -> list[Played]:
    from app.demo import demo_folder, play, prepare
    from app.serving import running

    played = []
    with (
        tempfile.TemporaryDirectory(prefix="gatepost-demo-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        settings = demo_folder(Settings(), folder)
        bar = progress.add_task("Preparing", total=None)
        key = prepare(settings, lambda what, done, of: progress.update(bar, description=what, completed=done, total=of))
        with running(settings) as (url, _worker):
            for each in play(url, key):
                progress.update(bar, description=f"Checked: {each.draft.id}", total=None)
                played.append(each)
    return played


def _row(played: Played) -> dict[str, object]:
    return {
        "draft": played.draft.id,
        "expected": played.draft.outcome,
        "outcome": played.outcome,
        "reasons": list(played.codes),
        "seconds": round(played.seconds, 2),
    }


def _print(played: list[Played]) -> None:
    table = Table(title="Sample drafts of the demo school")
    for heading in ("Draft", "Outcome", "Reasons", "Seconds", "As expected"):
        table.add_column(heading, justify="right" if heading == "Seconds" else "left")
    for each in played:
        right = "yes" if each.as_expected else f"NO: {each.draft.outcome} {', '.join(each.draft.codes)}"
        table.add_row(each.draft.id, each.outcome, ", ".join(each.codes), f"{each.seconds:.2f}", right)
    Console(width=None if Console().is_terminal else 140).print(table)
