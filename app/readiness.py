"""What keeps a draft from being decided, for `/readyz` and `gatepost doctor`."""

from __future__ import annotations

import shutil
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.config import Settings
from app.db import reading
from app.deps import Service
from app.models import WorkerSeen
from consent.models import now
from consent.register import Register
from consent.vault.errors import VaultError
from consent.vault.vault import vault_of

WORKER_SILENT_SECONDS = 30
FREE_BYTES = 500_000_000


def unready_because(service: Service) -> list[str]:
    """One sentence for each thing that is not as it must be; empty when drafts can be decided."""
    full = free_space_problem(service.settings)
    problems = [full] if full else []
    try:
        with reading(service.engine) as session:
            problems += worker_problems(session)
            if not Register(session, service.school_id).people():
                problems.append("The register is empty: import it with `gatepost import`.")
            vault_of(session).check(session.connection())
    except VaultError as error:
        problems.append(str(error))
    except SQLAlchemyError as error:
        problems.append(f"The database cannot be read ({type(error).__name__}).")
    return problems


def free_space_problem(settings: Settings) -> str | None:
    """What is wrong with the disk of the data folder, if anything."""
    free = shutil.disk_usage(settings.data).free
    if free >= FREE_BYTES:
        return None
    return f"The disk of the data folder has {free / 1e6:.0f} MB left; {FREE_BYTES / 1e6:.0f} MB are needed."


def worker_problems(session: Session) -> list[str]:
    since = now() - timedelta(seconds=WORKER_SILENT_SECONDS)
    workers = session.exec(select(WorkerSeen).where(col(WorkerSeen.seen_at) > since)).all()
    if not workers:
        return ["No worker is running: start one with `gatepost work`, or restart `gatepost serve`."]
    if any(worker.ready for worker in workers):
        return []
    return [worker.problem or "The worker is still loading its models." for worker in workers]
