"""`gatepost recognition`: whether faces are recognised at this school, and what must be recorded first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from app import audit
from app.actors import ActorKind
from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine, writing
from app.recognition import change_recognition
from consent.errors import RegisterError
from consent.facts import RecognitionMode, today
from consent.recognition import REQUIRED_DAYS, RecognitionSetting
from consent.register import Register, create_school, the_school

FAILURE = 2
DAY = ["%Y-%m-%d"]
MEANING = {
    RecognitionMode.OFF: "Faces are found and counted; people are named by hand.",
    RecognitionMode.ROSTERS: "Faces are recognised only where a draft names classes in which every pupil has agreed.",
    RecognitionMode.ON: "Faces are compared with everybody whose consent to face recognition stands.",
}


def recognition_command(
    mode: Annotated[
        RecognitionMode | None, typer.Argument(help="the new setting; without it the present one is shown")
    ] = None,
    dpia_on: Annotated[
        datetime | None, typer.Option(formats=DAY, help="the day of the data protection impact assessment")
    ] = None,
    dpo_advice_on: Annotated[
        datetime | None, typer.Option(formats=DAY, help="the day of the data protection officer's advice")
    ] = None,
    consulted_on: Annotated[
        datetime | None, typer.Option(formats=DAY, help="the day on which the consultation ended")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show or set whether faces are recognised: off, rosters or on. A change holds at once.

    Anything but off needs the three days on record. Exit code 2 where the change is refused.
    """
    named = {"dpia_on": dpia_on, "dpo_advice_on": dpo_advice_on, "consulted_on": consulted_on}
    settings = Settings()
    open_data(settings)
    try:
        with writing(open_engine(settings)) as session:
            school = the_school(session) or create_school(session)
            audit.acting(session, ActorKind.CLI)
            register = Register(session, school.id)
            days = {name: day.date() for name, day in named.items() if day is not None}
            changed = change_recognition(register, mode, **days)
            setting = register.recognition_setting()
            if not changed:
                session.rollback()  # looking makes no school
    except RegisterError as error:
        typer.echo(f"gatepost recognition: {error}", err=True)
        raise typer.Exit(FAILURE) from None
    missing = setting.missing(today())
    if as_json:
        typer.echo(json.dumps(_as_json(setting, missing, changed=changed), ensure_ascii=False))
    else:
        _print(setting, missing)


def _as_json(setting: RecognitionSetting, missing: dict[str, str], *, changed: bool) -> dict[str, Any]:
    listed = [{"day": name, "because": because} for name, because in missing.items()]
    return {**setting.as_json(), "in_force": setting.in_force(today()).value, "missing": listed, "changed": changed}


def _print(setting: RecognitionSetting, missing: dict[str, str]) -> None:
    mode = setting.in_force(today())
    typer.echo(f"Face recognition: {mode.value}. {MEANING[mode]}")
    for name, required in REQUIRED_DAYS.items():
        recorded = getattr(setting, name)
        typer.echo(f"  {name}: {recorded or 'not recorded'} ({required.what})")
    for because in missing.values():
        typer.echo(f"  Before it can be switched on: {because}")
