"""A data folder with an invented school and a draft in every state, for looking at the pages: no models, no worker."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from app import drafts
from app.answers import Answer, AnswerKind
from app.db import writing
from app.deps import Service
from app.drafts import NewDraft, NewPicture
from app.models import DecisionRecord, Draft, DraftPicture, DraftStatus, Job, JobStatus, WorkerSeen
from app.policy import FACE_REMEDIES, POLICY_VERSION
from app.reasons import Code, Reason, Remedy, Where, reason_to_json
from consent.facts import Role, Scope, today
from consent.models import Channel, Person
from consent.register import NewAnswer, Register
from tests.browser.drawing import Drawn, draw
from tests.schools import allow_recognition
from vision.findings import Box

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
TURNED = "holiday\u202egpj.elif"
WEBSITE, INSTAGRAM, NEWSLETTER = "School website", "Year 6 Instagram", "Parents' newsletter"


@dataclass(slots=True)
class Shot:
    """One picture of a draft in some state: what was drawn, what was read in it, what stands against it."""

    drawn: Drawn | None
    read: tuple[str, ...] = ()
    reasons: list[Reason] = field(default_factory=list)
    notices: tuple[str, ...] = ()
    file_name: str = "IMG_2041.jpg"
    alt_text: str = ""
    covers: tuple[tuple[int, int, int, int], ...] = ()
    doubtful: tuple[int, ...] = ()  # numbers of faces that may be none
    answers: tuple[Answer, ...] = ()

    def findings(self) -> dict[str, Any]:
        if self.drawn is None:
            return {"width": 0, "height": 0, "format": "", "faces": [], "texts": [], "metadata": [], "problems": []}
        read = zip(self.drawn.texts, self.read, strict=True)
        return {
            "width": self.drawn.width,
            "height": self.drawn.height,
            "format": "JPEG",
            "faces": [
                {"box": list(box), "detection_score": 0.9, "doubtful": number in self.doubtful}
                for number, box in enumerate(self.drawn.faces, start=1)
            ],
            "texts": [{"box": list(box), "text": text, "score": 0.9} for box, text in read],
            "metadata": [],
            "problems": [],
        }


def face_reason(
    shot: Shot, picture: int, face: int, code: Code = Code.FACE_NOT_IDENTIFIED, because: str = ""
) -> Reason:
    assert shot.drawn is not None
    where = Where(picture=picture, face=face, box=Box(*shot.drawn.faces[face - 1]))
    return Reason(code, where, because or f"We could not tell who face {face} is.", FACE_REMEDIES)


def said_of(shot: Shot, face: int, kind: AnswerKind, person_id: str | None = None, by: str = "R. Patel") -> Answer:
    """What a person said about a found face."""
    assert shot.drawn is not None
    return Answer(Box(*shot.drawn.faces[face - 1]), kind, by, person_id)


def text_reason(shot: Shot, picture: int, line: int, said: str, because: str) -> Reason:
    """Something in a line of text read in the picture; `said` is the part that stands against it."""
    assert shot.drawn is not None
    start = shot.read[line].index(said)
    box = Box(*shot.drawn.texts[line])
    where = Where(field="ocr", picture=picture, box=box, start=start, end=start + len(said))
    return Reason(Code.NAME_IN_PICTURE, where, because, (Remedy.COVER, Remedy.LEAVE_OUT))


def words_reason(
    field_name: str,
    text: str,
    said: str,
    because: str,
    *,
    picture: int | None = None,
    replacement: str | None = None,
    code: Code = Code.PUPIL_NAMED,
    remedy: Remedy = Remedy.REWORD,
) -> Reason:
    start = text.index(said)
    where = Where(field=field_name, picture=picture, start=start, end=start + len(said))
    return Reason(code, where, because, (remedy,), replacement)


# -- the school ----------------------------------------------------------------------------------------------------

SCHOOL_YEAR = (
    ("Olivia", "Smith", "Year 4", "Heron", "yes"),
    ("Kofi", "Mensah", "Year 4", "Heron", "yes"),
    ("Zosia", "Nowak", "Year 4", "Heron", "no website"),
    ("Amara", "Okafor-Whittington", "Year 4", "Heron", "never"),
    ("Siân", "Pryce", "Year 4", "Heron", "no answer"),
    ("Mohammed", "Rahman", "Year 6", "Kestrel", "yes"),
    ("Isla", "Fraser", "Year 6", "Kestrel", "lapsed"),
    ("Tomás", "Ó Briain", "Year 6", "Kestrel", "withdrawn"),
    ("Freya", "Lindqvist", "Year 10", "10B", "left"),
)


def fill_school(register: Register) -> None:
    allow_recognition(register)
    day = today()
    begun = day - timedelta(days=200)
    for given, family, year, class_name, story in SCHOOL_YEAR:
        person = register.add_person(
            Person(
                school_id=register.school_id,
                given=given,
                family=family,
                year=year,
                class_name=class_name,
                never_publish=story == "never",
                leaving_date=day - timedelta(days=30) if story == "left" else None,
            )
        )
        _answers(register, person.id, story, begun, day)
    for given, family, title in (("Ruth", "Adeyemi", "Mrs"), ("Daniel", "Hughes", "Mr")):
        person = register.add_person(
            Person(school_id=register.school_id, role=Role.STAFF, given=given, family=family, title=title)
        )
        for scope in Scope:
            register.record_consent(person.id, scope, NewAnswer(granted=True, decided_on=begun, named_ok=True))
    _channels(register, begun)


def _answers(register: Register, person_id: str, story: str, begun: date, day: date) -> None:
    if story == "no answer":
        return
    parent = register.add_guardian(person_id, "A parent", "mother", parental_responsibility=True)
    until = day - timedelta(days=5) if story == "lapsed" else None
    for scope in (Scope.DISPLAY, Scope.NEWSLETTER, Scope.WEBSITE, Scope.SOCIAL):
        granted = not (story == "no website" and scope in (Scope.WEBSITE, Scope.SOCIAL))
        answer = NewAnswer(granted=granted, decided_on=begun, until=until if granted else None, guardian_id=parent.id)
        recorded = register.record_consent(person_id, scope, answer)
        if story == "withdrawn" and scope is Scope.WEBSITE:
            register.withdraw(recorded.id, day - timedelta(days=2))
    if story == "yes":
        yes = NewAnswer(granted=True, decided_on=begun, guardian_id=parent.id)
        register.record_recognition(person_id, yes)
        for at in range(3):
            template = [1.0 if place == at else 0.0 for place in range(128)]
            register.add_reference(person_id, template, quality=0.9, taken_on=begun, day=day)


def _channels(register: Register, begun: date) -> None:
    school_id, mail = register.school_id, "office@heronhill.sch.example"
    for name, scope in ((WEBSITE, Scope.WEBSITE), (NEWSLETTER, Scope.NEWSLETTER)):
        register.add_channel(
            Channel(
                school_id=school_id,
                name=name,
                scope=scope,
                official_email=mail,
                notified_on=begun,
                approved_by="The head",
                approved_on=begun,
            )
        )
    register.add_channel(
        Channel(school_id=school_id, name=INSTAGRAM, scope=Scope.SOCIAL, official_email=mail, notified_on=begun)
    )
    register.add_channel(Channel(school_id=school_id, name="PTA Facebook", scope=Scope.SOCIAL))


# -- drafts --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class States:
    """Puts drafts in known states into a service."""

    service: Service

    def take_in(self, shots: Iterable[Shot], caption: str = "", hashtags: str = "", channel: str = WEBSITE) -> str:
        pictures = [
            NewPicture(
                shot.file_name,
                io.BytesIO(shot.drawn.content if shot.drawn else b"?"),
                shot.alt_text,
                shot.covers,
                shot.answers,
            )
            for shot in shots
        ]
        new = NewDraft(channel=channel, caption=caption, hashtags=hashtags, pictures=pictures)
        service = self.service
        return drafts.submit(service.engine, service.store, service.settings, service.school_id, new)

    def progress(self, draft_id: str, status: DraftStatus, done: int) -> None:
        with writing(self.service.engine) as session:
            draft = session.get_one(Draft, draft_id)
            draft.status, draft.pictures_done = status.value, done

    def give_up(self, draft_id: str) -> None:
        """As after the last try."""
        self.progress(draft_id, DraftStatus.FAILED, 0)
        with writing(self.service.engine) as session:
            session.exec(select(Job).where(Job.draft_id == draft_id)).one().status = JobStatus.FAILED.value

    def decide(
        self, shots: list[Shot], reasons: Iterable[Reason] = (), people: Iterable[str] = (), **draft: str
    ) -> str:
        """A draft with its decision: the shots' reasons and `reasons` about the rest."""
        draft_id = self.take_in(shots, **draft)
        told = [*reasons, *(reason for shot in shots for reason in shot.reasons)]
        service = self.service
        with writing(service.engine) as session:
            kept = session.exec(select(DraftPicture).where(DraftPicture.draft_id == draft_id)).all()
            for picture in kept:
                shot = shots[picture.number - 1]
                picture.findings = shot.findings()
                if shot.drawn is None:
                    continue
                content = shot.drawn.content
                service.store.put(draft_id, drafts.released_name(picture.number), content)
                picture.released_sha256 = hashlib.sha256(content).hexdigest()
                picture.released_media_type = "image/jpeg"
            notices = [
                {"code": "metadata-gps", "where": {"picture": number}, "because": each}
                for number, shot in enumerate(shots, start=1)
                for each in shot.notices
            ]
            session.add(
                DecisionRecord(
                    draft_id=draft_id,
                    outcome="block" if told else "publish",
                    reasons=[reason_to_json(reason) for reason in told],
                    notices=notices,
                    people=list(people),
                    versions={},
                    policy_version=POLICY_VERSION,
                    register_version=Register(session, service.school_id).version(),
                    decided_for=today().isoformat(),
                )
            )
            draft_row = session.get_one(Draft, draft_id)
            draft_row.status, draft_row.pictures_done = DraftStatus.DECIDED.value, len(shots)
            session.exec(select(Job).where(Job.draft_id == draft_id)).one().status = JobStatus.DONE.value
        return draft_id


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
    return states.decide([group, award, broken, *clear], words, caption=caption, hashtags="#SportsDay")


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
    "queued": queued,
    "checking": checking,
    "failed": failed,
    "void": void,  # last: it changes the register
}


def fill(service: Service) -> dict[str, str]:
    """Fill an empty service; returns the id of the draft in each state."""
    with writing(service.engine) as session:
        fill_school(Register(session, service.school_id))
    states = States(service)
    made = {name: make(states) for name, make in ALL.items()}
    with writing(service.engine) as session:
        session.add(WorkerSeen(id="looking-on", ready=True))
    return made
