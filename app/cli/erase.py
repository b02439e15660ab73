"""`gatepost erase`: drafts, and what is kept of a face, gone for good."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine

from app.blobs import PictureStore
from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine, reading
from app.erasing import erase_draft, erase_face_data, revisions_of
from app.errors import NotFound
from app.models import Draft
from app.person_files import PersonFiles
from consent.errors import RegisterError
from consent.register import Register, the_school

app = typer.Typer(help="Erase a draft or a face for good, by destroying its key.", no_args_is_help=True)
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]
ACTOR = "cli"


@app.command("draft")
def draft_command(
    draft_id: Annotated[str, typer.Argument(help="the draft's id, as in its address")],
    only_this: Annotated[bool, typer.Option("--only-this", help="leave drafts made from it, or it from them")] = False,
    yes: Yes = False,
) -> None:
    """Erase a draft with its pictures and its decision, and every draft made from it or it from them."""
    settings, engine = _opened()
    with reading(engine) as session:
        draft = session.get(Draft, draft_id)
        school = the_school(session)
        if draft is None or school is None or draft.school_id != school.id:
            _fail(f"there is no draft {draft_id}.")
        others = [] if only_this else revisions_of(session, school.id, draft_id)
        school_id = school.id
    beside = f" and {len(others)} that were made from it or it from them" if others else ""
    if not yes:
        typer.confirm(f"Erase draft {draft_id}{beside}? Nobody can bring them back.", abort=True)
    store = PictureStore(settings.pictures, engine)
    for each in [*others, draft_id]:
        try:
            erase_draft(engine, store, school_id, each, actor=ACTOR)
        except NotFound as error:
            _fail(str(error))
        typer.echo(f"Erased: {each}.")


@app.command("face")
def face_command(
    person: Annotated[str, typer.Argument(help="the person's id, name, UPN or admission number")],
    yes: Yes = False,
) -> None:
    """Erase somebody's templates and reference photos. Their answers stay in the register."""
    settings, engine = _opened()
    try:
        with reading(engine) as session:
            school = the_school(session)
            if school is None:
                _fail("the register is empty.")
            found = Register(session, school.id).find_person(person)
            school_id = school.id
        if not yes:
            typer.confirm(f"Erase what is kept of the face of {found.full_name}? Nobody can bring it back.", abort=True)
        count = erase_face_data(engine, PersonFiles(settings.people), school_id, found.id, actor=ACTOR)
    except RegisterError as error:
        _fail(str(error))
    typer.echo(f"Erased: {count} templates, their photos, and the key of both.")


def _opened() -> tuple[Settings, Engine]:
    settings = Settings()
    open_data(settings)
    return settings, open_engine(settings)


def _fail(because: str) -> NoReturn:
    typer.echo(f"gatepost erase: {because}", err=True)
    raise typer.Exit(2)
