"""Jobs: claimed with a lease, retried, given up. The seam for another queue: these functions.

A worker that dies stops renewing its lease, and another takes the job. What it writes late is refused, for its token is
no longer the job's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app import audit
from app.models import AuditTag, Draft, DraftStatus, Job, JobStatus
from consent.models import new_id, now


class LeaseLost(Exception):
    """Another worker holds this job now; nothing of ours may be written."""


@dataclass(frozen=True, slots=True)
class Claim:
    job_id: str
    draft_id: str
    lease: str


def enqueue(session: Session, draft_id: str) -> None:
    session.add(Job(draft_id=draft_id))


def claim(session: Session, lease_seconds: float, max_attempts: int, at: datetime | None = None) -> Claim | None:
    """Take the oldest job that waits or whose worker died; a job past its last try fails, and its draft with it."""
    moment = at or now()
    free = or_(
        col(Job.status) == JobStatus.QUEUED.value,
        (col(Job.status) == JobStatus.RUNNING.value) & (col(Job.leased_until) < moment),
    )
    while (
        job := session.exec(select(Job).where(free).order_by(col(Job.queued_at), col(Job.id)).limit(1)).first()
    ) is not None:
        if job.attempts >= max_attempts:
            _give_up(session, job)
            continue
        job.status = JobStatus.RUNNING.value
        job.attempts += 1
        job.lease = new_id()
        job.leased_until = moment + timedelta(seconds=lease_seconds)
        draft = session.get_one(Draft, job.draft_id)
        draft.status = DraftStatus.CHECKING.value
        draft.pictures_done = 0
        session.flush()
        return Claim(job.id, job.draft_id, job.lease)
    return None


def held(session: Session, claimed: Claim) -> Job:
    """The job, if it is still ours."""
    job = session.get(Job, claimed.job_id)
    if job is None or job.lease != claimed.lease or job.status != JobStatus.RUNNING.value:
        raise LeaseLost(claimed.job_id)
    return job


def renew(session: Session, claimed: Claim, lease_seconds: float) -> None:
    held(session, claimed).leased_until = now() + timedelta(seconds=lease_seconds)


def finish(session: Session, claimed: Claim) -> None:
    job = held(session, claimed)
    job.status, job.lease, job.leased_until = JobStatus.DONE.value, None, None


def give_back(session: Session, claimed: Claim) -> None:
    """Put the job back as if it had never been taken: the worker is stopping, not failing."""
    job = held(session, claimed)
    job.status, job.lease, job.leased_until = JobStatus.QUEUED.value, None, None
    job.attempts -= 1
    session.get_one(Draft, job.draft_id).status = DraftStatus.QUEUED.value


def fail(session: Session, claimed: Claim, error: str, max_attempts: int) -> None:
    """The try failed: back into the queue, or, after the last try, given up."""
    job = held(session, claimed)
    job.error, job.lease, job.leased_until = error, None, None
    if job.attempts >= max_attempts:
        _give_up(session, job)
    else:
        job.status = JobStatus.QUEUED.value
        session.get_one(Draft, job.draft_id).status = DraftStatus.QUEUED.value


def _give_up(session: Session, job: Job) -> None:
    job.status, job.lease, job.leased_until = JobStatus.FAILED.value, None, None
    draft = session.get_one(Draft, job.draft_id)
    draft.status = DraftStatus.FAILED.value
    audit.record(session, draft.school_id, AuditTag.DRAFT_FAILED, draft.id, attempts=job.attempts)
    session.flush()
