"""`gatepost doctor`: what is ready and what is not."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.cli.faces import faces_command
from app.config import Settings
from app.db import newest_migration, open_engine, reading
from app.looking import open_inspector, open_tagger, tagger_version
from app.readiness import free_space_problem, worker_problems
from captions.inspection import not_looked_for
from consent.facts import NamingRule, RecognitionMode, today
from consent.recognition import unplaced
from consent.register import MODEL_ID, Register, the_school
from consent.vault.errors import VaultError
from consent.vault.vault import vault_of
from vision import models, weights
from vision.errors import ModelError, VisionError
from vision.models import ModelState

RUNS_ON = {
    "onnxruntime": "onnxruntime",
    "dlib": "dlib, which gives the same templates and takes some 30 times as long: the converted network cannot be had",
}
READERS = {
    "rapidocr": "rapidocr (PP-OCRv6)",
    "easyocr": "EasyOCR, of which nobody has measured here how well it reads",
    "both": "rapidocr (PP-OCRv6) and EasyOCR: what either reads counts, and where one fails the picture is not checked",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing looked after: `ok` is None where it is only told."""

    what: str
    ok: bool | None
    says: str


def doctor_command(
    faces: Annotated[bool, typer.Option("--faces", help="put the school's own face references to the test")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Say what is ready and what is not. Exit code 0: all is ready, 2: something is not."""
    settings = Settings()
    if faces:
        raise typer.Exit(faces_command(settings, as_json=as_json))
    rows = [Row("Python", None, f"{platform.python_version()} on {platform.system()} {platform.machine()}")]
    rows += _data(settings) + model_rows(settings)
    rows.append(_names())
    rows += [Row("not looked for", None, each) for each in not_looked_for(None)] if not rows[-1].ok else []
    if as_json:
        typer.echo(json.dumps([{"what": row.what, "ok": row.ok, "says": row.says} for row in rows]))
    else:
        marks = {True: "ok  ", False: "FAIL", None: "note"}
        for row in rows:
            typer.echo(f"{marks[row.ok]}  {row.what}: {row.says}")
    raise typer.Exit(2 if any(row.ok is False for row in rows) else 0)


def _names() -> Row:
    """Whether the tagger of people's names can be opened."""
    try:
        open_tagger()
    except ModelError as error:
        return Row("model names", False, str(error))
    return Row("model names", True, tagger_version())


def _data(settings: Settings) -> list[Row]:
    if not settings.database.exists():
        return [
            Row("data folder", False, f"{settings.data} has no register yet: run `gatepost import FILE.csv --apply`.")
        ]
    rows = []
    full = free_space_problem(settings)
    rows.append(Row("disk", full is None, full or f"{settings.data} has room"))
    try:
        engine = open_engine(settings)
        with reading(engine) as session:
            found, newest = newest_migration(session)
            rows.append(Row("database", found == newest, f"migration {found} of {newest}"))
            rows.append(key_row(session))
            school = the_school(session)
            people = Register(session, school.id).people() if school else []
            rows.append(Row("register", bool(people), f"{len(people)} people" if people else "empty: import it"))
            rows += recognition_rows(Register(session, school.id)) if school else []
            rows += [naming_row(Register(session, school.id))] if school else []
            rows += [released_row(Register(session, school.id))] if school else []
            rows += older_references(Register(session, school.id)) if school else []
            idle = worker_problems(session)
            rows.append(Row("worker", None, " ".join(idle) or "running, models loaded"))
    except SQLAlchemyError as error:
        rows.append(Row("database", False, f"cannot be read ({type(error).__name__})"))
    except VaultError as error:
        rows.append(Row("database", False, str(error)))
    return rows


def key_row(session: Session) -> Row:
    """Whether everything that is sealed can be opened."""
    try:
        vault = vault_of(session)
        vault.check(session.connection())
    except VaultError as error:
        return Row("key", False, str(error))
    return Row("key", True, f"opens what is sealed ({vault.source.where})")


def recognition_rows(register: Register) -> list[Row]:
    """Whether faces are recognised, and what is missing for it."""
    setting, day = register.recognition_setting(), today()
    missing = " ".join(setting.missing(day).values())
    if setting.mode is RecognitionMode.OFF:
        says = f"off: faces are found and counted. {missing or 'All that is needed to switch it on is recorded.'}"
        return [Row("recognition", None, says)]
    if missing:
        return [Row("recognition", False, f"{setting.mode.value} is set, but it counts as off. {missing}")]
    days = f"DPIA {setting.dpia_on}, advice {setting.dpo_advice_on}, consultation {setting.consulted_on}"
    rows = [Row("recognition", True, f"{setting.mode.value} ({days})")]
    nowhere = unplaced(register.people(), day)
    if nowhere and setting.mode is RecognitionMode.ROSTERS:
        rows.append(Row("rosters", None, f"{nowhere} pupils have no class in the register, so no roster counts them"))
    return rows


NAMING = {
    NamingRule.NEVER: "a pupil's name always blocks",
    NamingRule.WITH_CONSENT: "a pupil may be named where their consent for the account says so",
}


def naming_row(register: Register) -> Row:
    """Whether pupils may be named."""
    rule = register.naming()
    return Row("naming", None, f"{rule.value}: {NAMING[rule]}")


def released_row(register: Register) -> Row:
    """How large released pictures may be."""
    return Row("released pictures", None, f"at most {register.released_side()} pixels on the long side")


def older_references(register: Register) -> list[Row]:
    """References that can no longer be compared, because what makes the templates has changed since."""
    older = [reference for reference in register.references() if reference.model_id != MODEL_ID]
    if not older:
        return []
    people = len({reference.person_id for reference in older})
    says = (
        f"{len(older)} were made by an older model and are not used. Enrol again: `gatepost doctor --faces` says whom"
    )
    return [Row("references", False, f"{says} (people: {people})")]


def model_rows(settings: Settings) -> list[Row]:
    """The model files, and what the process that looks says of itself."""
    rows = [
        Row(f"model {each.name}", each.state is ModelState.READY, each.because or each.version)
        for each in (*models.status(), *(weights.status(settings.weights) if settings.ocr != "rapidocr" else ()))
    ]
    rows.append(Row("reader of text", None, READERS[settings.ocr]))
    try:
        with open_inspector(settings) as inspector:
            versions = inspector.versions()
            runs_on = versions.pop("encoder_runtime", "")
            rows += [Row(f"loaded {part}", True, version) for part, version in versions.items()]
            rows.append(Row("encoder runs on", None, RUNS_ON.get(runs_on, runs_on)))
            rows += [Row(f"isolation, {what}", None, says) for what, says in inspector.protections().items()]
    except VisionError as error:
        rows.append(Row("looking at pictures", False, str(error)))
    return rows
