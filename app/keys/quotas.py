"""How much one actor may ask: quotas against using Gatepost as a face search, counted in rows over all processes.

A refusal rests only on what the caller sees anyway (how many drafts, pictures, answers; which faces stayed blocked):
one that rested on what recognition found would itself tell the unknown from the refused. What recognition found is
counted for the lead's alerts alone, of which a caller hears nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from app.actors import Actor, ActorKind
from app.config import Settings
from app.keys import alerts
from app.keys.alerts import AlertKind
from app.keys.counting import DAY, HOUR, Window, count, counted, sweep, window
from app.keys.errors import TooMany
from app.models import Draft
from consent.models import now

LONGEST_LINEAGE = 500  # revisions of revisions that are walked back


@dataclass(frozen=True, slots=True)
class Quota:
    """So many of one thing in one window of time; `why` is what an honest user needs."""

    name: str
    what: str
    most: int
    length: int
    why: str

    def refusal(self, when: Window) -> TooMany:
        again = "in the next hour" if self.length == HOUR else "tomorrow"
        return TooMany(
            f"That is more than {self.most:,} {self.what}. Nothing was kept: go on {again}, or ask the safeguarding "
            "lead if you need more.",
            when.seconds_left,
        )


# An honest afternoon is 150 pictures with 25 faces each (3,750 faces, of which a tenth may have to be said by hand, in
# thirty steps); an honest workflow hands in 2,000 pictures a day, each as a draft of its own, within eight hours.
REVISIONS_OF_ONE = Quota(
    "revisions-of-one", "changes of one draft in a day", 100, DAY, "three times an honest afternoon's thirty steps"
)
REVISIONS = Quota("revisions", "changes of drafts in a day", 4_000, DAY, "two for each of a workflow's 2,000 pictures")
ANSWERS_TO_ONE = Quota(
    "answers-to-one", "answers about one draft in a day", 5_000, DAY, "every one of 3,750 faces, and a third again"
)
ANSWERS = Quota("answers", "answers about faces in a day", 10_000, DAY, "two such afternoons at the keyboard")
IN_VAIN = Quota(
    "in-vain",
    "answers in a day after which the face is still not cleared",
    200,
    DAY,
    "375 faces said by hand, of which one in ten is a pupil who may not be shown, five times over",
)
OF_SCHOOL = Quota("pictures-of-school", "pictures of the whole school in a day", 20_000, DAY, "ten workflows")


def drafts_quota(settings: Settings) -> Quota:
    return Quota(
        "drafts", "drafts in an hour", settings.quota_drafts, HOUR, "2,000 single pictures in eight hours are 250"
    )


def pictures_quota(settings: Settings) -> Quota:
    return Quota("pictures", "pictures in a day", settings.quota_pictures, DAY, "a workflow's 2,000, and as many again")


def quotas(settings: Settings) -> tuple[Quota, ...]:
    """All of them, for the pages and for README."""
    of_settings = (drafts_quota(settings), pictures_quota(settings))
    return (*of_settings, OF_SCHOOL, REVISIONS_OF_ONE, REVISIONS, ANSWERS_TO_ONE, ANSWERS, IN_VAIN)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a draft that is about to be kept asks for. `answers` are those given just now."""

    pictures: int
    answers: int = 0
    revision_of: str | None = None


def ahead(session: Session, actor: Actor, settings: Settings, at: datetime | None = None) -> None:
    """TooMany where the actor may hand in no draft at all at this moment: asked before a request is read."""
    if _counts(actor):
        _check(session, _spending(session, actor, settings, Asking(0)), at or now())


def spend(session: Session, actor: Actor, settings: Settings, asking: Asking, at: datetime | None = None) -> None:
    """Count the draft, in the transaction that keeps it; TooMany where that is too much, and then nothing is counted.

    The last that is allowed raises an alert: whoever uses up a quota is to be looked at.
    """
    if not _counts(actor):
        return
    moment, spending = at or now(), _spending(session, actor, settings, asking)
    _check(session, spending, moment)
    for quota, whose, much in spending:
        if not much:
            continue
        when = window(moment, quota.length)
        stands = count(session, f"{quota.name}:{whose}", when, much)
        if stands == much and whose == actor.ref:  # the first of this window
            sweep(session, when)
        if stands >= quota.most > stands - much:
            school_id, kind = actor.school_id, AlertKind.USED_UP
            alerts.raise_alert(session, school_id, kind, actor.ref, when.day, quota=quota.name, count=stands)


def _counts(actor: Actor) -> bool:
    """Whoever has the machine itself is not counted."""
    return actor.kind in (ActorKind.ACCOUNT, ActorKind.KEY)


def _spending(session: Session, actor: Actor, settings: Settings, asking: Asking) -> list[tuple[Quota, str, int]]:
    """Each quota that the draft touches, whose it is, and how much of it is taken.

    In-vain answers are counted when the draft is decided; here it is only asked whether there were too many.
    """
    if asking.revision_of is None:
        spending = [
            (drafts_quota(settings), actor.ref, 1),
            (pictures_quota(settings), actor.ref, asking.pictures),
            (OF_SCHOOL, actor.school_id, asking.pictures),
        ]
    else:
        root = first_of(session, asking.revision_of)
        spending = [(REVISIONS_OF_ONE, root, 1), (REVISIONS, actor.ref, 1)]
        if asking.answers:
            spending += [
                (ANSWERS_TO_ONE, root, asking.answers),
                (ANSWERS, actor.ref, asking.answers),
                (IN_VAIN, actor.ref, 0),
            ]
    return spending


def _check(session: Session, spending: Collection[tuple[Quota, str, int]], moment: datetime) -> None:
    for quota, whose, much in spending:
        when = window(moment, quota.length)
        if counted(session, f"{quota.name}:{whose}", when) + max(much, 1) > quota.most:
            raise quota.refusal(when)


def first_of(session: Session, draft_id: str) -> str:
    """The id of the draft of which this one is a revision of a revision."""
    for _ in range(LONGEST_LINEAGE):
        earlier = session.exec(select(Draft.revision_of).where(Draft.id == draft_id)).first()
        if earlier is None:
            break
        draft_id = earlier
    return draft_id
