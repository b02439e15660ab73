"""A data folder with an invented school and a draft in every state, for looking at the pages: no models, no worker."""

from __future__ import annotations

from app.actors import Actor
from app.answers import Answer, AnswerKind
from app.db import writing
from app.deps import Service
from app.models import DraftStatus, WorkerSeen
from app.policy import FACE_REMEDIES
from app.reasons import Code, Reason, Remedy, Where
from consent.facts import Scope, today
from consent.register import Register
from tests.browser.drawing import Drawn, draw
from tests.browser.reading_states import class_list, unread_alone
from tests.browser.school import fill_school
from tests.browser.shots import INSTAGRAM, Shot, States, face_reason, said_of, text_reason, words_reason
from tests.browser.word_states import a_question, asked, words_answered
from vision.findings import Box

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
TURNED = "holiday\u202egpj.elif"


GPS = "The file says where it was taken. It is left out of the safe file."


def all_clear(states: States) -> str:
    shots = [
        Shot(draw(1, 3), notices=(GPS,), alt_text="Three pupils with their medals"),
        Shot(draw(2, 1, "SPORTS DAY"), read=("SPORTS DAY",), file_name="IMG_2042.jpg"),
        Shot(draw(3, 2, size=(800, 1100)), file_name="IMG_2043.jpg"),
        Shot(draw(4, 0), file_name="IMG_2044.jpg"),
    ]
    caption = "What an afternoon! Year 4 ran, jumped and cheered each other on.\n\nThank you to everyone who came."
    return states.decide(shots, caption=caption, hashtags="#SportsDay #HeronHill")


def mixed(states: States) -> str:
    caption = "Well done to Olivia Smith and everyone in Year 4! Ring 01632 960123 for the photos."
    group = Shot(draw(11, 5, "YEAR 4"), read=("YEAR 4",), notices=(GPS,))
    group.reasons = [face_reason(group, 1, 2), face_reason(group, 1, 4, Code.CONSENT_REFUSED, "Consent was refused.")]
    award = Shot(
        draw(12, 1, "Star of the week: Olivia S", "WELL DONE"),
        read=("Star of the week: Olivia S", "WELL DONE"),
        file_name="olivia-smith-award.jpg",
        alt_text="Olivia holds her certificate",
    )
    award.reasons = [
        text_reason(award, 2, 0, "Olivia S", "The name of a pupil can be read: “Olivia S”."),
        words_reason(
            "filename",
            award.file_name,
            "olivia-smith",
            "“olivia-smith” is a pupil's name.",
            picture=2,
            remedy=Remedy.NEUTRAL_NAME,
        ),
        words_reason("alt", award.alt_text, "Olivia", "“Olivia” is a pupil's name.", picture=2, replacement="A pupil"),
    ]
    broken = Shot(None, file_name="IMG_2050.heic")
    broken.reasons = [
        Reason(
            Code.PICTURE_UNREADABLE,
            Where(picture=3),
            "The file of picture 3 is damaged: it ends in the middle.",
            (Remedy.CHOOSE_ANOTHER, Remedy.LEAVE_OUT),
        )
    ]
    clear = [Shot(draw(20 + at, 1 + at % 4), file_name=f"IMG_206{at}.jpg") for at in range(6)]
    words = [
        words_reason(
            "caption", caption, "Olivia Smith", "“Olivia Smith” is a pupil's name.", replacement="a Year 4 pupil"
        ),
        words_reason(
            "caption", caption, "01632 960123", "“01632 960123” is a telephone number.", code=Code.PERSONAL_DETAIL
        ),
    ]
    rewritten = {
        "caption": "Well done to a Year 4 pupil and everyone in Year 4! Ask the office for the photos.",
        "alt_texts": {"2": "A pupil holds their certificate"},
    }
    return states.decide(
        [group, award, broken, *clear], words, rewritten=rewritten, caption=caption, hashtags="#SportsDay"
    )


def crowd(states: States) -> str:
    shot = Shot(draw(31, 25, size=(2000, 1300)), file_name="whole-school.jpg")
    shot.reasons = [face_reason(shot, 1, face) for face in (1, 2, 7, 13, 18, 24, 25)]
    return states.decide([shot], caption="The whole school on the field")


def account_blocked(states: States) -> str:
    reason = Reason(
        Code.CHANNEL_NOT_APPROVED,
        Where(field="channel"),
        "Senior staff have not approved this account.",
        (Remedy.CHOOSE_ACCOUNT, Remedy.ASK_OFFICE),
    )
    return states.decide([Shot(draw(41, 2))], [reason], caption="Our trip to the coast", channel=INSTAGRAM)


def unreadable(states: States) -> str:
    shot = Shot(None, file_name="notes.jpg")
    remedies = (Remedy.CHOOSE_ANOTHER, Remedy.LEAVE_OUT)
    because = "Picture 1 is no picture: the file holds text. Choose another."
    shot.reasons = [Reason(Code.PICTURE_UNREADABLE, Where(picture=1), because, remedies)]
    return states.decide([shot], caption="The new library")


def not_checked(states: States) -> str:
    shot = Shot(draw(51, 2))
    because = "Reading the text in picture 1 took too long and was stopped."
    shot.reasons = [Reason(Code.NOT_CHECKED, Where(picture=1), because, (Remedy.TRY_AGAIN, Remedy.LEAVE_OUT))]
    return states.decide([shot], caption="Harvest festival")


def hostile(states: States) -> str:
    caption = f"Look {HOSTILE} and {TURNED} by Olivia"
    shot = Shot(
        draw(61, 1, HOSTILE[:20]),
        read=(HOSTILE,),
        file_name=f"{HOSTILE}{TURNED}",
        alt_text=f"{HOSTILE} Olivia",
    )
    shot.reasons = [
        text_reason(shot, 1, 0, "<script>", f"The text {HOSTILE} can be read."),
        words_reason("alt", shot.alt_text, "Olivia", f"“Olivia” {TURNED} is a pupil's name.", picture=1),
    ]
    words = [words_reason("caption", caption, HOSTILE, f"Not {HOSTILE} here.", replacement=HOSTILE)]
    return states.decide([shot], words, caption=caption, channel=f"{HOSTILE}{TURNED}")


def covered(states: States) -> str:
    drawn = draw(71, 4, covers=2)
    open_faces = Drawn(drawn.content, drawn.width, drawn.height, drawn.faces[2:], ())
    shot = Shot(open_faces, covers=drawn.faces[:2], notices=(GPS,))
    return states.decide([shot], caption="Two of us, covered")


def doubtful(states: States) -> str:
    """Two boxes that may be no face, and a face that nobody could name."""
    shot = Shot(draw(72, 5), doubtful=(2, 5))
    shot.reasons = [
        face_reason(shot, 1, 2, Code.FACE_DOUBTFUL, "Is this a face?"),
        face_reason(shot, 1, 4),
        face_reason(shot, 1, 5, Code.FACE_DOUBTFUL, "Is this a face?"),
    ]
    return states.decide([shot, Shot(draw(73, 2), file_name="IMG_2042.jpg")], caption="Our trip to the coast")


def answered(states: States) -> str:
    """Faces that were named, called a visitor and no face; one marked by hand; one whose answer does not fit."""
    with writing(states.service.engine) as session:
        register = Register(session, states.service.school_id)
        olivia, zosia = (register.find_person(name).id for name in ("Olivia Smith", "Zosia Nowak"))
    shot = Shot(draw(74, 6), doubtful=(3,))
    marked = Answer(Box(20, 560, 120, 690), AnswerKind.MISSED, "A. Jones", drawn=True)
    shot.answers = (
        said_of(shot, 1, AnswerKind.PERSON, olivia),
        said_of(shot, 2, AnswerKind.VISITOR),
        said_of(shot, 3, AnswerKind.NOT_A_FACE),
        said_of(shot, 5, AnswerKind.PERSON, zosia),
        marked,
    )
    shot.reasons = [
        face_reason(shot, 1, 5, Code.FACE_AMBIGUOUS, "What was said about face 5 does not fit what was found."),
        Reason(Code.FACE_NOT_IDENTIFIED, Where(picture=1, face=7, box=marked.box), "Face 7 was marked.", FACE_REMEDIES),
    ]
    return states.decide([shot], caption="The whole team")


def settled(states: States) -> str:
    """Cleared by what a person said."""
    shot = Shot(draw(75, 3), doubtful=(3,))
    with writing(states.service.engine) as session:
        mohammed = Register(session, states.service.school_id).find_person("Mohammed Rahman").id
    shot.answers = (said_of(shot, 2, AnswerKind.PERSON, mohammed), said_of(shot, 3, AnswerKind.NOT_A_FACE))
    return states.decide([shot, Shot(draw(76, 0), file_name="IMG_2043.jpg")], people=[mohammed], caption="Chess club")


def void(states: States) -> str:
    """Cleared, and then somebody in it took consent back."""
    with writing(states.service.engine) as session:
        register = Register(session, states.service.school_id)
        person = register.find_person("Kofi Mensah")
        consents = [each for each in register.consents(person.id) if each.scope is Scope.WEBSITE]
        person_id, consent_id = person.id, consents[0].id
    draft_id = states.decide([Shot(draw(81, 2))], people=[person_id], caption="Chess club won again")
    with writing(states.service.engine) as session:
        Register(session, states.service.school_id).withdraw(consent_id, today())
    return draft_id


def queued(states: States) -> str:
    return states.take_in([Shot(draw(91, 2))], caption="Waiting for its turn")


def checking(states: States) -> str:
    draft_id = states.take_in([Shot(draw(92, 1)) for _ in range(12)], caption="Sports day, Year 4")
    states.progress(draft_id, DraftStatus.CHECKING, 3)
    return draft_id


def failed(states: States) -> str:
    draft_id = states.take_in([Shot(draw(93, 1))], caption="Assembly on Friday")
    states.give_up(draft_id)
    return draft_id


ALL = {
    "clear": all_clear,
    "mixed": mixed,
    "crowd": crowd,
    "account": account_blocked,
    "unreadable": unreadable,
    "not-checked": not_checked,
    "hostile": hostile,
    "covered": covered,
    "doubtful": doubtful,
    "answered": answered,
    "settled": settled,
    "asked": asked,
    "question": a_question,
    "words-answered": words_answered,
    "class-list": class_list,
    "unread": unread_alone,
    "queued": queued,
    "checking": checking,
    "failed": failed,
    "void": void,  # last: it changes the register
}


def fill(service: Service, actor: Actor) -> dict[str, str]:
    """Fill an empty service with the actor's drafts; returns the id of the draft in each state."""
    with writing(service.engine) as session:
        fill_school(Register(session, service.school_id))
    states = States(service, actor)
    made = {name: make(states) for name, make in ALL.items()}
    with writing(service.engine) as session:
        session.add(WorkerSeen(id="looking-on", ready=True))
    return made
