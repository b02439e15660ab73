"""The result page as plain data: the verdict, the pictures in their groups, the words, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.drafts import DraftView
from app.notices import TEXT_UNREAD
from app.pages.naming import Choice
from app.pages.pictures import Group, PictureView, picture_view
from app.pages.remedying import Settling, settling, troubled_pictures
from app.pages.texts import Indexed, Said, Words, answers_about, said, words_of
from app.pages.views import AccountView, ClassView, draft_title
from app.pages.words import Verbatim, count, joined, moment_words
from app.reasons import Reason, Remedy
from app.veil import reasons_for
from app.word_answers import WordAnswer, word_answers_of
from captions.findings import FieldName


@dataclass(frozen=True, slots=True)
class GroupView:
    key: str
    title: str
    hint: str
    short: str  # beside its number, under the verdict
    icon: str
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True, slots=True)
class SafeText:
    """The safe wording of one text."""

    label: str
    text: Verbatim


@dataclass(frozen=True, slots=True)
class Quick:
    """One press that makes a revision: the form value, the words on the button, what exactly it does."""

    value: str
    label: str
    does: str
    texts: tuple[SafeText, ...] = ()  # the whole of what it puts in place of what was typed
    strong: bool = True  # what most people want, where it comes first


@dataclass(frozen=True, slots=True)
class ResultView:
    id: str
    title: str
    channel: str
    checked: str
    tone: str  # "clear", "stop", "void"
    verdict: str
    explained: str
    quick: tuple[Quick, ...]
    left_words: str  # what the first quick change leaves to a person
    account: tuple[Said, ...]
    accounts: tuple[AccountView, ...]
    groups: tuple[GroupView, ...]
    words: tuple[Words, ...]
    others: tuple[Said, ...]
    earlier: str  # the id of the draft this one is a revision of, or ""
    choices: tuple[str, ...]  # whom a face may be said to be, as the list has them
    classes: tuple[ClassView, ...] = ()  # only where faces are recognised by rosters

    @property
    def cleared(self) -> bool:
        return self.tone == "clear"

    @property
    def changeable(self) -> bool:
        return self.tone == "stop"

    @property
    def quick_first(self) -> bool:
        """Whether the quick changes come before what stands against the post: not where a question is all there is."""
        return any(quick.strong for quick in self.quick)

    @property
    def asks_a_name(self) -> bool:
        """Whether something can be said for which the name of who says it is kept."""
        return bool(self.groups) or any(one.asks for words in self.words for one in words.said)


TITLES = {
    Group.MEND: ("Can be made safe", "Tick what should be done, then check again."),
    Group.STOP: ("May not go out", "These cannot be put right here. Leave them out, or use other pictures."),
    Group.CLEAR: ("May go out", "Nothing was found that stands against these."),
}
UNFINISHED_HINT = "The check of these did not finish. Check again, or leave them out."
BLOCKED_HINT = " They can be downloaded once the whole post is cleared."


def result_view(
    view: DraftView,
    void: str | None,
    accounts: Sequence[AccountView],
    today: date,
    known: Sequence[Choice] = (),
) -> ResultView:
    """The result of a decided draft; `void` is why a decision to publish no longer holds, or None.

    `known` is everybody of the register: whom a face may be said to be, and who was named before.
    """
    decision = view.decision
    if decision is None:
        raise ValueError("a draft without a decision has no result")
    channel = view.draft.channel
    reasons: list[Indexed] = list(enumerate(reasons_for(view, reads_register=False)))
    tone = "stop" if reasons else "void" if void else "clear"
    answers = word_answers_of(view.draft.word_answers)
    pictures = [
        _picture(view, at, reasons, known, answers, cleared=tone == "clear") for at in range(len(view.pictures))
    ]
    account, words, others = _about_the_post(view, reasons, answers)
    plan = settling(view)
    return ResultView(
        id=view.draft.id,
        title=draft_title(view),
        channel=channel,
        checked=moment_words(decision.decided_at, today),
        tone=tone,
        verdict=_verdict(tone, len(reasons)),
        explained=void if void and tone == "void" else "",
        quick=_quick(view, plan, pictures) if tone == "stop" else (),
        left_words=joined(_left(plan)),
        account=account,
        accounts=tuple(accounts),
        groups=_groups(pictures, tone),
        words=words,
        others=others,
        earlier=view.draft.revision_of or "",
        choices=tuple(choice.label for choice in known if choice.here),
    )


def _verdict(tone: str, things: int) -> str:
    if tone == "clear":
        return "Nothing here stops this post."
    if tone == "void":
        return "This post must not go out: it has to be checked again."
    return f"This post must not go out yet: {count(things, 'thing')} to settle."


def _picture(
    view: DraftView,
    at: int,
    reasons: Sequence[Indexed],
    known: Sequence[Choice],
    answers: Sequence[WordAnswer],
    *,
    cleared: bool,
) -> PictureView:
    picture = view.pictures[at]
    mine = [each for each in reasons if each[1].where.picture == picture.number]
    notices = view.decision.notices if view.decision else []
    mine_to_know = [each for each in notices if each["where"].get("picture") == picture.number]
    told = [each["because"] for each in mine_to_know if each["code"] != TEXT_UNREAD]  # which stands with its places
    return picture_view(picture, mine, told, known, answers, cleared=cleared)


def _about_the_post(
    view: DraftView, reasons: Sequence[Indexed], answers: Sequence[WordAnswer]
) -> tuple[tuple[Said, ...], tuple[Words, ...], tuple[Said, ...]]:
    """Reasons that belong to no picture: about the account, about caption and hashtags, and all others."""
    known = {picture.number for picture in view.pictures}
    rest = [each for each in reasons if each[1].where.picture not in known]
    account = [each for each in rest if each[1].where.field == "channel"]
    texts: list[Words] = []
    placed = {index for index, _ in account}
    for field, label, text in (
        (FieldName.CAPTION, "Caption", view.draft.caption),
        (FieldName.HASHTAGS, "Hashtags", view.draft.hashtags),
    ):
        mine = [each for each in rest if each[1].where.field == field.value]
        placed |= {index for index, _ in mine}
        if text or mine:
            texts.append(words_of(field.value, label, text, mine, answers_about(answers, field)))
    others = tuple(said(index, reason) for index, reason in rest if index not in placed)
    return tuple(said(index, reason) for index, reason in account), tuple(texts), others


def _groups(pictures: Sequence[PictureView], tone: str) -> tuple[GroupView, ...]:
    groups = []
    for group in Group:
        mine = tuple(each for each in pictures if each.group is group)
        title, hint = TITLES[group]
        if group is Group.CLEAR and tone == "stop":
            hint += BLOCKED_HINT
        if group is Group.STOP and all(each.unfinished for each in mine):
            hint = UNFINISHED_HINT
        if group is Group.CLEAR and tone == "void":
            title, hint = "Pictures", "Nothing stood against these when they were checked."
        if mine:
            icon = tone if tone == "void" else group.value
            groups.append(GroupView(group.value, title, hint, title[0].lower() + title[1:], icon, mine))
    return tuple(groups)


def _quick(view: DraftView, plan: Settling, pictures: Sequence[PictureView]) -> tuple[Quick, ...]:
    """The changes that one press makes, the most helpful first."""
    quick = []
    deeds = _deeds(plan)
    if deeds and not plan.only_words:
        label = "Make these changes and check again" if plan.left else "Make it safe and check again"
        quick.append(Quick("all", label, f"This {joined(deeds)}."))
    if plan.wordings:
        quick.append(_wording(view, plan))
    if plan.faces and len(deeds) > 1:
        label = "Cover every face that is not cleared"
        quick.append(Quick("faces", label, f"This covers {count(len(plan.faces), 'face')} and changes nothing else."))
    if len(plan.texts) > 1 and (plan.faces or len(deeds) > 1):
        label = "Cover every text that stops it"
        does = f"This covers {count(len(plan.texts), 'place with text', 'places with text')} and changes nothing else."
        quick.append(Quick("texts", label, does))
    troubled, clear = troubled_pictures(view), [each for each in pictures if each.group is Group.CLEAR]
    if clear and troubled and troubled != plan.leave_out:
        label = f"Go on with the {count(len(clear), 'picture')} that may go out"
        quick.append(Quick("go-on", label, f"This leaves out the other {len(troubled)}."))
    return tuple(quick)


def _wording(view: DraftView, plan: Settling) -> Quick:
    """The safe wording, shown whole. It is not what most people want where all that stands against it is a question."""
    texts = tuple(SafeText(_text_label(key), Verbatim(text)) for key, text in plan.wordings.items())
    about = [
        each
        for each in reasons_for(view, reads_register=False)
        if (each.where.field, each.where.picture) in plan.wordings
    ]
    strong = not all(each.asks_about_words for each in about)
    return Quick("wording", "Use the safe wording", "This changes nothing else.", texts, strong)


def _text_label(key: tuple[str, int | None]) -> str:
    field, picture = key
    return {"caption": "Caption", "hashtags": "Hashtags"}.get(field, f"Alt text of picture {picture}")


def _deeds(plan: Settling) -> list[str]:
    covered = [count(len(plan.faces), "face")] if plan.faces else []
    covered += [count(len(plan.texts), "place with text", "places with text")] if plan.texts else []
    deeds = [f"covers {joined(covered)}"] if covered else []
    if plan.wordings:
        deeds.append("uses the safe wording that stands below")
    if plan.neutral_names:
        deeds.append(f"gives {count(len(plan.neutral_names), 'file')} a neutral name")
    if plan.leave_out:
        deeds.append(f"leaves out {count(len(plan.leave_out), 'picture')}")
    return deeds


def _left(plan: Settling) -> tuple[str, ...]:
    """What a person has to do beside the quick change, once for each kind of thing."""
    return tuple(dict.fromkeys(_left_words(reason) for reason in plan.left))


def _left_words(reason: Reason) -> str:
    if Remedy.CHOOSE_ACCOUNT in reason.remedies:
        return "choose another account"
    if Remedy.CHOOSE_ANOTHER in reason.remedies:
        return f"choose another picture instead of picture {reason.where.picture}"
    place = {FieldName.CAPTION.value: "the caption", FieldName.HASHTAGS.value: "the hashtags"}
    where = place.get(reason.where.field or "", f"the words of picture {reason.where.picture}")
    return f"shorten {where}" if Remedy.SHORTEN in reason.remedies else f"reword {where}"
