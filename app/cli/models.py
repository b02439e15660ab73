"""`gatepost models`: the model files and how they are; and getting those that no package has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app import fetching
from app.config import Settings
from app.fetching import FetchError
from vision import models, weights
from vision.models import ModelState

FAILURE = 2


def models_command(
    action: Annotated[Literal["list", "fetch"], typer.Argument(help="list the files, or fetch some")] = "list",
    engine: Annotated[Literal["easyocr"] | None, typer.Argument(help="whose files to fetch")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="a folder they were downloaded to")] = None,
) -> None:
    """List the model files and their state, or fetch EasyOCR's. Exit code 0: all are ready, 2: not all."""
    settings = Settings()
    if action == "fetch":
        _fetch(settings, engine, source)
    elif engine or source:
        typer.echo("gatepost models: to get files say `gatepost models fetch easyocr`.", err=True)
        raise typer.Exit(FAILURE)
    needed = list(models.status())
    easy = weights.status(settings.weights)
    for each in (*needed, *easy):
        typer.echo(f"{each.state.value:8}{each.name}  {each.size / 1e6:.1f} MB  {each.because or each.version}")
    if settings.ocr == "rapidocr":
        typer.echo("GATEPOST_OCR is rapidocr: EasyOCR's files (craft_mlt_25k, english_g2) are not needed.")
    else:
        needed += easy
    wanted = easy if action == "fetch" else needed
    raise typer.Exit(0 if all(each.state is ModelState.READY for each in wanted) else FAILURE)


def _fetch(settings: Settings, engine: str | None, source: Path | None) -> None:
    if engine is None:
        typer.echo("gatepost models: say what to fetch: `gatepost models fetch easyocr`.", err=True)
        raise typer.Exit(FAILURE)
    try:
        if source:
            fetching.copy(settings.weights, weights.EASYOCR, source)
        else:
            typer.echo(f"Downloading EasyOCR's weights to {settings.weights} ...", err=True)
            fetching.fetch(settings.weights, weights.EASYOCR)
    except (FetchError, OSError) as error:
        typer.echo(f"gatepost models: {error}", err=True)
        raise typer.Exit(FAILURE) from None
