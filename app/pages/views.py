"""The new-draft and progress pages as plain data, and what several pages show of a draft and of the accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.config import Settings
from app.drafts import DraftView
from app.models import DraftStatus
from app.pages.words import SCOPES, Verbatim, count, moment_words, shortened
from consent.facts import ChannelFacts


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account to choose. `value` is its name, to be sent back as it is; `problem` says why it cannot be used."""

    value: Verbatim
    name: str
    scope: str
    problem: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class to choose; `value` is its name, to be sent back as it is."""

    value: Verbatim
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in the list. `tone` picks the icon that stands beside the state's words."""

    id: str
    title: str
    channel: str
    received: str
    pictures: str
    state: str
    tone: str  # "wait", "clear", "stop", "stale"


@dataclass(frozen=True, slots=True)
class NewDraftView:
    accounts: tuple[AccountView, ...]
    drafts: tuple[DraftLine, ...]
    people: int
    error: str
    caption: Verbatim
    hashtags: Verbatim
    max_pictures: int
    max_picture_bytes: int
    max_request_bytes: int
    classes: tuple[ClassView, ...] = ()  # only where faces are recognised by rosters
    recognises: bool = True

    @property
    def account_open(self) -> bool:
        return any(not account.problem for account in self.accounts)


@dataclass(frozen=True, slots=True)
class ProgressView:
    id: str
    title: str
    channel: str
    words: str
    done: int
    total: int
    waiting_for: tuple[str, ...]  # why the check has not begun, for IT


def account_views(channels: Sequence[ChannelFacts], chosen: str = "") -> tuple[AccountView, ...]:
    """The accounts, those that can be used first; the only one that can be used is chosen already."""
    usable = [channel for channel in channels if channel.approved]
    if not chosen and len(usable) == 1:
        chosen = usable[0].name
    ordered = [*usable, *(channel for channel in channels if not channel.approved)]
    return tuple(
        AccountView(
            value=Verbatim(channel.name),
            name=channel.name,
            scope=SCOPES[channel.scope],
            problem=channel.problem,
            chosen=channel.name == chosen and channel.approved,
        )
        for channel in ordered
    )


def class_views(names: Sequence[str], chosen: Collection[str] = ()) -> tuple[ClassView, ...]:
    """The classes that could be in a picture, those ticked before ticked again."""
    return tuple(ClassView(Verbatim(name), name, name in chosen) for name in names)


def new_draft_view(
    accounts: Sequence[AccountView],
    drafts: Sequence[DraftLine],
    people: int,
    settings: Settings,
    error: str = "",
    typed: Mapping[str, str] | None = None,
) -> NewDraftView:
    typed = typed or {}
    return NewDraftView(
        accounts=tuple(accounts),
        drafts=tuple(drafts),
        people=people,
        error=error,
        caption=Verbatim(typed.get("caption", "")),
        hashtags=Verbatim(typed.get("hashtags", "")),
        max_pictures=settings.max_pictures,
        max_picture_bytes=settings.max_picture_bytes,
        max_request_bytes=settings.max_request_bytes,
    )


def draft_title(view: DraftView) -> str:
    """The caption's first words, or how many pictures there are."""
    caption = shortened(view.draft.caption)
    return caption or f"{count(len(view.pictures), 'picture')} without a caption"


def draft_lines(views: Sequence[DraftView], register_version: int, today: date) -> tuple[DraftLine, ...]:
    """The newest version of each draft; an earlier one is reached from the one that replaced it."""
    replaced = {view.draft.revision_of for view in views}
    return tuple(_line(view, register_version, today) for view in views if view.draft.id not in replaced)


def _line(view: DraftView, register_version: int, today: date) -> DraftLine:
    state, tone = _state(view, register_version, today)
    return DraftLine(
        id=view.draft.id,
        title=draft_title(view),
        channel=view.draft.channel,
        received=moment_words(view.draft.received_at, today),
        pictures=count(len(view.pictures), "picture"),
        state=state,
        tone=tone,
    )


def _state(view: DraftView, register_version: int, today: date) -> tuple[str, str]:
    decision = view.decision
    if view.draft.status == DraftStatus.FAILED:
        return "The check did not finish. It stays blocked.", "stop"
    if decision is None:
        return progress_words(view), "wait"
    if decision.reasons:
        return f"{count(len(decision.reasons), 'thing')} to settle", "stop"
    if decision.register_version != register_version or decision.decided_for != today.isoformat():
        return "Nothing stopped it when it was checked. Open it to see whether that holds today.", "stale"
    return "Nothing stops it", "clear"


def progress_words(view: DraftView) -> str:
    """How far the check is, in one sentence."""
    total = len(view.pictures)
    if view.draft.status == DraftStatus.QUEUED:
        return "Waiting to be checked"
    if view.draft.pictures_done >= total:
        return "Reading the words"
    return f"{view.draft.pictures_done} of {count(total, 'picture')} looked at"


def progress_view(view: DraftView, waiting_for: Sequence[str]) -> ProgressView:
    queued = view.draft.status == DraftStatus.QUEUED
    return ProgressView(
        id=view.draft.id,
        title=draft_title(view),
        channel=view.draft.channel,
        words=progress_words(view),
        done=view.draft.pictures_done,
        total=len(view.pictures),
        waiting_for=tuple(waiting_for) if queued else (),
    )
