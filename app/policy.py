"""The decision: a pure function from what was found and how the register stands to reasons.

Every rule speaks, so a person sees all reasons at once. No reason left means publish; whatever could not be checked is
itself a reason. Bump POLICY_VERSION with every change of what is blocked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.code_rules import codes_in_pictures
from app.reasons import Code, Decision, Reason, Remedy, Where
from app.rights import Whose
from app.seen import DraftSeen, Facts, PictureSeen
from app.settling import PlacedFace, State
from app.word_rules import text_nobody_could_check, words_that_identify
from consent.facts import ChannelFacts, Standing, judge
from vision.findings import Face, MetadataKind, ProblemCode
from vision.matching import Outcome
from vision.thresholds import RECOGNISABLE_HEIGHT, RECOGNISABLE_SHARPNESS

POLICY_VERSION = "5"


def decide(found: DraftSeen, facts: Facts) -> Decision:
    """Every rule speaks; the order of the rules is the order in which a person reads the reasons."""
    return Decision(tuple(reason for rule in RULES for reason in rule(found, facts)))


# -- rule 7: nothing that was not checked is clear -----------------------------------------------------------------


def pictures_nobody_could_check(found: DraftSeen, _facts: Facts) -> Iterator[Reason]:
    """A picture with a problem, a picture that was never looked at, a face without its identification."""
    looked_at = {picture.number for picture in found.pictures}
    for number in range(1, found.picture_count + 1):
        if number not in looked_at:
            yield Reason(
                Code.NOT_CHECKED,
                Where(picture=number),
                f"Picture {number} was not looked at. It stays blocked: send the draft again.",
                (Remedy.TRY_AGAIN,),
            )
    for picture in found.pictures:
        where = Where(picture=picture.number)
        for problem in picture.findings.problems:
            if problem.code is ProblemCode.UNREADABLE:
                remedies = (Remedy.CHOOSE_ANOTHER, Remedy.LEAVE_OUT)
                yield Reason(Code.PICTURE_UNREADABLE, where, problem.because, remedies)
            else:
                yield Reason(Code.NOT_CHECKED, where, problem.because, (Remedy.TRY_AGAIN, Remedy.LEAVE_OUT))
        if not picture.findings.problems and picture.findings.released is None:
            because = f"No safe copy of picture {picture.number} could be made. It stays blocked: send the draft again."
            yield Reason(Code.NOT_CHECKED, where, because, (Remedy.TRY_AGAIN, Remedy.LEAVE_OUT))
        if len(picture.identifications) != len(picture.findings.faces):
            because = (
                f"The faces in picture {picture.number} were not all compared. It stays blocked: send the draft again."
            )
            yield Reason(Code.NOT_CHECKED, where, because, (Remedy.TRY_AGAIN, Remedy.LEAVE_OUT))


# -- rule 1: no face without consent, for that channel, on that day ------------------------------------------------

FACE_REMEDIES = (Remedy.COVER, Remedy.LEAVE_OUT, Remedy.ASK_OFFICE)
OPEN_REMEDIES = (Remedy.ANSWER, *FACE_REMEDIES)

STANDING_REASONS: Mapping[Standing, tuple[Code, str]] = {
    Standing.NONE: (Code.NO_CONSENT, "There is no written consent for this person for {channel}."),
    Standing.LAPSED: (Code.CONSENT_LAPSED, "The consent for this person for {channel} has run out."),
    Standing.WITHDRAWN: (Code.CONSENT_WITHDRAWN, "The consent for this person for {channel} was withdrawn."),
    Standing.REFUSED: (Code.CONSENT_REFUSED, "Consent for this person for {channel} was refused."),
    Standing.OTHER_CHANNEL: (Code.NOT_FOR_THIS_CHANNEL, "This person's consent does not cover {channel}."),
    Standing.LEFT: (Code.CONSENT_LAPSED, "This person has left the school, and consent ended then."),
    Standing.NEVER: (Code.NEVER_PUBLISH, "Pictures of this person may never be published."),
}


def faces_without_consent(found: DraftSeen, facts: Facts) -> Iterator[Reason]:
    """Each face must be one person of the register, for certain, whose consent stands for this channel today.

    What recognition leaves open a person may settle: who it is, a visitor who agreed, no face at all. Where the account
    is not known, that is all that is said: a reason for each face that is not recognised would tell which ones are.
    """
    if facts.channel is None and any(picture.findings.faces or picture.answers for picture in found.pictures):
        because = "Nobody's consent could be checked, because the account to post to is not known."
        yield Reason(Code.NOT_CHECKED, Where(field="channel"), because, (Remedy.CHOOSE_ACCOUNT,))
    if facts.channel is None:
        return
    for picture in found.pictures:
        for face, settled in picture.faces():
            where = Where(picture=picture.number, face=face.number, box=face.box)
            if settled.state is State.PERSON:
                reason = _consent_reason(where, settled.person_id or "", facts, facts.channel)
            else:
                reason = _doubt_reason(where, picture, face, settled.state)
            if reason is not None:
                yield reason


def people_in(found: DraftSeen) -> frozenset[str]:
    """Ids of everybody whose face was identified or named by hand."""
    matches = [match for picture in found.pictures for match in picture.identifications if match is not None]
    identified = {match.candidates[0].subject_id for match in matches if match.outcome is Outcome.IDENTIFIED}
    settled = [settled for picture in found.pictures for _, settled in picture.faces()]
    return frozenset(identified | {each.person_id for each in settled if each.person_id is not None})


def _consent_reason(where: Where, person_id: str, facts: Facts, channel: ChannelFacts) -> Reason | None:
    person = facts.people.get(person_id)
    if person is None:
        because = f"Face {where.face} shows somebody who is not in the register."
        return Reason(Code.FACE_NOT_IDENTIFIED, where, because, OPEN_REMEDIES)
    standing = judge(person, channel.scope, facts.day)
    if standing is Standing.GIVEN:
        return None
    code, sentence = STANDING_REASONS[standing]
    return Reason(code, where, sentence.format(channel=channel.name), FACE_REMEDIES)


def _doubt_reason(where: Where, picture: PictureSeen, face: PlacedFace, state: State) -> Reason | None:
    number = face.number
    if state is State.SETTLED:
        return None
    if state is State.CONTRADICTED:
        because = f"What was said about face {number} does not fit what was found. Cover it, or ask the office."
        return Reason(Code.FACE_AMBIGUOUS, where, because, FACE_REMEDIES)
    if state is State.AMBIGUOUS:
        because = f"Face {number} looks like more than one person of the register."
        return Reason(Code.FACE_AMBIGUOUS, where, because, OPEN_REMEDIES)
    if state is State.DOUBTFUL:
        because = (
            f"Is this a face? We are not sure about face {number}: say that it is none, or who it is, or cover it."
        )
        return Reason(Code.FACE_DOUBTFUL, where, because, OPEN_REMEDIES)
    if face.found is None:
        because = f"Face {number} was marked by hand. Say who it is, or cover it."
    elif not picture.compared:
        because = f"Say who face {number} is, or cover it."
    else:
        because = _why_unknown(number, picture.findings.faces[face.found])
    return Reason(Code.FACE_NOT_IDENTIFIED, where, because, OPEN_REMEDIES)


def _why_unknown(number: int, face: Face) -> str:
    if face.template is not None:
        return f"We could not tell who face {number} is."
    quality = face.quality
    if quality is None:
        return f"Face {number} could not be recognised: it is too small, too blurred or turned away."
    if quality.height_px < RECOGNISABLE_HEIGHT:
        return f"Face {number} is too small to be recognised."
    if quality.sharpness < RECOGNISABLE_SHARPNESS:
        return f"Face {number} is too blurred to be recognised."
    return f"Face {number} could not be recognised: it is turned away, or partly hidden."


# -- rule 5: only approved accounts --------------------------------------------------------------------------------


def channels_not_approved(found: DraftSeen, facts: Facts) -> Iterator[Reason]:
    """Posts go to accounts that the register knows and that stand approved today."""
    if facts.channel is None:
        because = f"'{found.channel}' is not an account of this school. Choose one that senior staff approved."
    elif facts.channel.approved:
        return
    else:
        because = facts.channel.problem
    yield Reason(Code.CHANNEL_NOT_APPROVED, Where(field="channel"), because, (Remedy.CHOOSE_ACCOUNT, Remedy.ASK_OFFICE))


# -- rule 6: other people's copyright ------------------------------------------------------------------------------


def rights_of_others(found: DraftSeen, facts: Facts) -> Iterator[Reason]:
    """A copyright or credit line in the file that is neither the school's nor its staff's nor nobody's."""
    remedies = (Remedy.CHOOSE_ANOTHER, Remedy.LEAVE_OUT)
    for picture in found.pictures:
        lines = [item.text for item in picture.findings.metadata if item.kind is MetadataKind.COPYRIGHT]
        others = [" ".join(line.split()) for line in lines if facts.rights.whose(line) is Whose.OTHERS]
        for line in dict.fromkeys(others):  # files say the same in several places
            because = f"Picture {picture.number} says that the rights are somebody else's: '{line[:80]}'."
            yield Reason(Code.THIRD_PARTY_COPYRIGHT, Where(picture=picture.number), because, remedies)


RULES = (
    pictures_nobody_could_check,
    text_nobody_could_check,
    channels_not_approved,
    faces_without_consent,
    words_that_identify,
    codes_in_pictures,
    rights_of_others,
)
