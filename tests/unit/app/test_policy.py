"""The decision, rule by rule. Each case says what must block, and that nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import policy
from app.answers import Answer, AnswerKind
from app.policy import decide, people_in
from app.reasons import Code
from app.seen import DraftSeen, Facts
from captions.findings import FieldName, Kind, TextProblem
from consent.facts import ChannelFacts, ConsentFact, PersonFacts, Scope
from tests.factories import (
    BEFORE,
    SAFE_FILE,
    TODAY,
    a_box,
    a_consent,
    a_draft,
    a_face,
    a_field,
    a_finding,
    a_person,
    a_picture,
    an_answer,
    said_to_be,
    the_facts,
)
from vision.findings import Barcode, Box, MetadataItem, MetadataKind, Problem, ProblemCode
from vision.quality import FaceQuality
from vision.thresholds import RECOGNISABLE_HEIGHT, RECOGNISABLE_SHARPNESS

BEN = a_face("ben")
UNREADABLE = Problem(ProblemCode.UNREADABLE, "The file is damaged.")
DETECTOR_FAILED = Problem(ProblemCode.NOT_CHECKED, "The faces could not be looked for.")
GALLERY_CREDIT = MetadataItem(MetadataKind.COPYRIGHT, "EXIF Copyright", "(c) Press Pictures Ltd")
OWN_CREDIT = MetadataItem(MetadataKind.COPYRIGHT, "EXIF Copyright", "© Wren  Primary 2026")
GPS = MetadataItem(MetadataKind.GPS, "EXIF GPSInfo", "51.5, -0.1")


def codes(found: DraftSeen, facts: Facts) -> list[Code]:
    return [reason.code for reason in decide(found, facts).reasons]


PUBLISHED = [
    pytest.param(a_draft(a_picture(BEN)), the_facts(), id="one-cleared-face"),
    pytest.param(a_draft(a_picture(BEN, BEN), a_picture(BEN, number=2)), the_facts(), id="several-cleared-faces"),
    pytest.param(a_draft(a_picture()), the_facts(), id="nobody-in-the-picture"),
    pytest.param(a_draft(), the_facts(), id="words-alone"),
    pytest.param(a_draft(a_picture(BEN, metadata=[GPS])), the_facts(), id="gps-is-left-out-of-what-is-released"),
    pytest.param(
        a_draft(a_picture(metadata=[OWN_CREDIT])), the_facts(own=("Wren Primary",)), id="the-schools-own-rights"
    ),
    pytest.param(
        a_draft(a_picture(metadata=[replace(GALLERY_CREDIT, text=" \n")])), the_facts(), id="a-blank-copyright-line"
    ),
    pytest.param(
        a_draft(a_picture(), fields=[a_field(FieldName.METADATA, 1, 0)], found=[a_finding()]),
        the_facts(),
        id="a-name-in-metadata-only",
    ),
]


@pytest.mark.parametrize(("found", "facts"), PUBLISHED)
def test_nothing_stands_against_publishing(found: DraftSeen, facts: Facts) -> None:
    decision = decide(found, facts)
    assert decision.reasons == ()
    assert decision.publish
    assert decision.outcome == "publish"


def a_ben(*answers: object, **changes: object) -> Facts:
    return the_facts(a_person("ben", *answers, **changes))  # type: ignore[arg-type]


def words(field: FieldName, kind: Kind) -> DraftSeen:
    part = 0 if field is FieldName.OCR else None
    return a_draft(a_picture(texts=["Ben"]), fields=[a_field(field, 1, part)], found=[a_finding(kind)])


def with_an_unread_code() -> DraftSeen:
    seen = a_picture()
    codes = (Barcode(Box(1, 1, 20, 20), "QR Code", None),)
    return a_draft(replace(seen, findings=replace(seen.findings, barcodes=codes)))


BLOCKED = [
    # doubt blocks
    pytest.param(a_draft(a_picture(problems=[UNREADABLE])), the_facts(), Code.PICTURE_UNREADABLE, id="unreadable"),
    pytest.param(a_draft(a_picture(problems=[DETECTOR_FAILED])), the_facts(), Code.NOT_CHECKED, id="detector-failed"),
    pytest.param(a_draft(picture_count=1), the_facts(), Code.NOT_CHECKED, id="picture-never-looked-at"),
    pytest.param(with_an_unread_code(), the_facts(), Code.DETAIL_IN_PICTURE, id="code-unread"),
    pytest.param(a_draft(a_picture(released=None)), the_facts(), Code.NOT_CHECKED, id="no-safe-file"),
    pytest.param(
        a_draft(replace(a_picture(BEN), identifications=())), the_facts(), Code.NOT_CHECKED, id="face-never-compared"
    ),
    pytest.param(
        a_draft(fields=[a_field()], problems=[TextProblem(0, "Too long.")]),
        the_facts(),
        Code.NOT_CHECKED,
        id="text-unread",
    ),
    # faces
    pytest.param(a_draft(a_picture(a_face())), the_facts(), Code.FACE_NOT_IDENTIFIED, id="unknown-face"),
    pytest.param(
        a_draft(a_picture(a_face("ben", template=False))), the_facts(), Code.FACE_NOT_IDENTIFIED, id="too-small-a-face"
    ),
    pytest.param(
        a_draft(a_picture(a_face("gone"))), the_facts(), Code.FACE_NOT_IDENTIFIED, id="person-no-longer-registered"
    ),
    pytest.param(a_draft(a_picture(a_face("ben", "bob"))), the_facts(), Code.FACE_AMBIGUOUS, id="look-alikes"),
    pytest.param(a_draft(a_picture(BEN)), a_ben(answers=()), Code.NO_CONSENT, id="no-answer"),
    pytest.param(a_draft(a_picture(BEN)), a_ben(a_consent(until=BEFORE)), Code.CONSENT_LAPSED, id="lapsed"),
    pytest.param(
        a_draft(a_picture(BEN)), a_ben(a_consent(withdrawn_on=TODAY)), Code.CONSENT_WITHDRAWN, id="withdrawn-today"
    ),
    pytest.param(
        a_draft(a_picture(BEN)),
        a_ben(a_consent(), a_consent(granted=False, giver="other")),
        Code.CONSENT_REFUSED,
        id="one-parent-refused",
    ),
    pytest.param(
        a_draft(a_picture(BEN)), a_ben(a_consent(scope=Scope.NEWSLETTER)), Code.NOT_FOR_THIS_CHANNEL, id="other-channel"
    ),
    pytest.param(a_draft(a_picture(BEN)), a_ben(leaving_date=BEFORE), Code.CONSENT_LAPSED, id="left-the-school"),
    pytest.param(a_draft(a_picture(BEN)), a_ben(never_publish=True), Code.NEVER_PUBLISH, id="never-publish"),
    # words
    pytest.param(words(FieldName.CAPTION, Kind.PUPIL_NAME), the_facts(), Code.PUPIL_NAMED, id="pupil-in-caption"),
    pytest.param(words(FieldName.ALT, Kind.PUPIL_NAME), the_facts(), Code.PUPIL_NAMED, id="pupil-in-alt-text"),
    pytest.param(words(FieldName.HASHTAGS, Kind.PUPIL_NAME), the_facts(), Code.PUPIL_NAMED, id="pupil-in-hashtag"),
    pytest.param(words(FieldName.FILENAME, Kind.PUPIL_NAME), the_facts(), Code.PUPIL_NAMED, id="pupil-in-file-name"),
    pytest.param(words(FieldName.FILENAME, Kind.UPN), the_facts(), Code.PERSONAL_DETAIL, id="upn-in-file-name"),
    pytest.param(words(FieldName.CAPTION, Kind.PERSON_NAME), the_facts(), Code.PERSON_NAMED, id="other-person-named"),
    pytest.param(words(FieldName.CAPTION, Kind.PHONE), the_facts(), Code.PERSONAL_DETAIL, id="phone-number"),
    pytest.param(words(FieldName.CAPTION, Kind.LINK), the_facts(), Code.LINK_NEEDS_CARE, id="link"),
    pytest.param(words(FieldName.CAPTION, Kind.LANGUAGE), the_facts(), Code.LANGUAGE, id="language"),
    pytest.param(words(FieldName.OCR, Kind.PUPIL_NAME), the_facts(), Code.NAME_IN_PICTURE, id="name-in-picture"),
    pytest.param(words(FieldName.OCR, Kind.PERSON_NAME), the_facts(), Code.NAME_IN_PICTURE, id="other-name-in-picture"),
    pytest.param(words(FieldName.OCR, Kind.VEHICLE), the_facts(), Code.DETAIL_IN_PICTURE, id="number-plate-in-picture"),
    pytest.param(words(FieldName.OCR, Kind.LANGUAGE), the_facts(), Code.LANGUAGE, id="language-in-picture"),
    # accounts
    pytest.param(a_draft(), the_facts(channel=None), Code.CHANNEL_NOT_APPROVED, id="unknown-account"),
    pytest.param(
        a_draft(a_picture(BEN)),
        the_facts(channel=ChannelFacts("Page", Scope.WEBSITE, problem="Suspended.")),
        Code.CHANNEL_NOT_APPROVED,
        id="suspended-account",
    ),
    # rights
    pytest.param(
        a_draft(a_picture(metadata=[GALLERY_CREDIT])),
        the_facts(own=("Wren Primary", "")),
        Code.THIRD_PARTY_COPYRIGHT,
        id="somebody-elses-picture",
    ),
]


@pytest.mark.parametrize(("found", "facts", "code"), BLOCKED)
def test_one_thing_stands_against_publishing(found: DraftSeen, facts: Facts, code: Code) -> None:
    assert codes(found, facts) == [code]
    assert not decide(found, facts).publish
    assert decide(found, facts).outcome == "block"


@pytest.mark.parametrize(("found", "facts", "code"), BLOCKED)
def test_every_reason_is_a_sentence_and_offers_something_to_do(found: DraftSeen, facts: Facts, code: Code) -> None:
    (reason,) = decide(found, facts).reasons
    assert reason.because.endswith(".")
    assert reason.remedies


@pytest.mark.parametrize("rule", policy.RULES, ids=lambda rule: rule.__name__)
def test_without_a_rule_something_would_be_published(rule: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule is redundant: for each there is a case that it alone blocks."""
    monkeypatch.setattr(policy, "RULES", tuple(each for each in policy.RULES if each is not rule))
    assert any(decide(*case.values[:2]).publish for case in BLOCKED)  # type: ignore[arg-type]


def test_every_rule_speaks_at_once() -> None:
    found = a_draft(
        a_picture(a_face(), texts=["Ben"], metadata=[GALLERY_CREDIT]),
        a_picture(number=2, problems=[UNREADABLE]),
        fields=[a_field(), a_field(FieldName.OCR, 1, 0)],
        found=[a_finding(), a_finding(field_index=1)],
    )
    facts = the_facts(channel=ChannelFacts("Page", Scope.WEBSITE, problem="Suspended."))
    assert codes(found, facts) == [
        Code.PICTURE_UNREADABLE,
        Code.CHANNEL_NOT_APPROVED,
        Code.FACE_NOT_IDENTIFIED,
        Code.PUPIL_NAMED,
        Code.NAME_IN_PICTURE,
        Code.THIRD_PARTY_COPYRIGHT,
    ]


def test_with_an_unknown_account_nobodys_consent_is_taken_as_checked() -> None:
    found = a_draft(a_picture(BEN, a_face()))
    assert codes(found, the_facts(channel=None)) == [Code.CHANNEL_NOT_APPROVED, Code.NOT_CHECKED]


def test_a_reason_says_where() -> None:
    found = a_draft(a_picture(BEN, a_face()), fields=[a_field()], found=[a_finding()])
    face, name = decide(found, the_facts()).reasons
    assert (face.where.picture, face.where.face, face.where.box) == (1, 2, found.pictures[0].findings.faces[1].box)
    assert (name.where.field, name.where.start, name.where.end) == ("caption", 10, 13)
    assert name.replacement == "a pupil"


def test_text_in_a_picture_is_shown_with_its_box() -> None:
    (reason,) = decide(words(FieldName.OCR, Kind.PUPIL_NAME), the_facts()).reasons
    assert reason.where.box == a_picture(texts=["Ben"]).findings.texts[0].box


# -- answers by a person -------------------------------------------------------------------------------------------

ZOSIA = a_person("zosia", a_consent(granted=False))  # refused
ELSEWHERE = a_box(60, 60)
VISITOR, NO_FACE = an_answer(AnswerKind.VISITOR), an_answer(AnswerKind.NOT_A_FACE)
MARKED = an_answer(AnswerKind.MISSED, box=ELSEWHERE, drawn=True)


@pytest.mark.parametrize("answer", [None, said_to_be("zosia"), NO_FACE])
def test_with_an_unknown_account_nothing_tells_whether_a_face_is_in_the_register(answer: Answer | None) -> None:
    answers = [answer] if answer else []
    unknown, known, alike = (
        decide(a_draft(a_picture(a_face(*who), answers=answers)), the_facts(channel=None))
        for who in ((), ("ben",), ("ben", "zosia"))
    )
    assert unknown == known == alike


def answered(*answers: Answer, who: tuple[str, ...] = (), doubtful: bool = False, template: bool = True) -> DraftSeen:
    """A picture with one face, and what was said about it."""
    return a_draft(a_picture(a_face(*who, doubtful=doubtful, template=template), answers=answers))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        # the consent rules apply to whoever was named
        pytest.param(answered(said_to_be("ben")), [], id="named"),
        pytest.param(answered(said_to_be("ben"), template=False), [], id="too-small-and-named"),
        pytest.param(answered(said_to_be("zosia")), [Code.CONSENT_REFUSED], id="named-and-refused"),
        pytest.param(answered(said_to_be("gone")), [Code.FACE_NOT_IDENTIFIED], id="named-and-no-longer-registered"),
        pytest.param(answered(VISITOR), [], id="visitor"),
        pytest.param(answered(NO_FACE), [], id="no-face"),
        # doubtful
        pytest.param(answered(doubtful=True), [Code.FACE_DOUBTFUL], id="doubtful"),
        pytest.param(answered(doubtful=True, template=False), [Code.FACE_DOUBTFUL], id="doubtful-and-too-small"),
        pytest.param(answered(NO_FACE, doubtful=True), [], id="doubtful-and-no-face"),
        pytest.param(answered(VISITOR, doubtful=True), [], id="doubtful-and-a-visitor"),
        pytest.param(answered(said_to_be("ben"), doubtful=True), [], id="doubtful-and-named"),
        pytest.param(answered(said_to_be("zosia"), doubtful=True), [Code.CONSENT_REFUSED], id="doubtful-and-refused"),
        pytest.param(answered(who=("ben",), doubtful=True), [], id="doubtful-and-recognised"),
        pytest.param(
            answered(who=("zosia",), doubtful=True), [Code.CONSENT_REFUSED], id="doubtful-recognised-and-refused"
        ),
        # what recognition found stands
        pytest.param(answered(said_to_be("ben"), who=("ben",)), [], id="recognised-and-named"),
        pytest.param(answered(said_to_be("ben"), who=("zosia",)), [Code.FACE_AMBIGUOUS], id="recognised-as-another"),
        pytest.param(answered(said_to_be("zosia"), who=("ben",)), [Code.FACE_AMBIGUOUS], id="named-as-another"),
        pytest.param(answered(VISITOR, who=("ben",)), [Code.FACE_AMBIGUOUS], id="recognised-and-called-a-visitor"),
        pytest.param(answered(NO_FACE, who=("zosia",)), [Code.FACE_AMBIGUOUS], id="recognised-and-called-no-face"),
        pytest.param(answered(said_to_be("ben"), who=("ben", "bob")), [], id="one-of-the-look-alikes"),
        pytest.param(
            answered(said_to_be("zosia"), who=("ben", "zosia")), [Code.CONSENT_REFUSED], id="the-refused-look-alike"
        ),
        pytest.param(
            answered(said_to_be("ben"), who=("bob", "zosia")), [Code.FACE_AMBIGUOUS], id="none-of-the-look-alikes"
        ),
        pytest.param(answered(VISITOR, who=("ben", "bob")), [Code.FACE_AMBIGUOUS], id="look-alikes-called-a-visitor"),
        # faces that a person drew
        pytest.param(a_draft(a_picture(answers=[MARKED])), [Code.FACE_NOT_IDENTIFIED], id="marked"),
        pytest.param(a_draft(a_picture(answers=[MARKED], covers=[ELSEWHERE])), [], id="marked-and-covered"),
        pytest.param(
            a_draft(a_picture(BEN, answers=[said_to_be("ben", box=ELSEWHERE, drawn=True)])), [], id="marked-and-named"
        ),
        pytest.param(
            a_draft(a_picture(BEN, answers=[said_to_be("zosia", box=ELSEWHERE, drawn=True)])),
            [Code.CONSENT_REFUSED],
            id="marked-and-refused",
        ),
        pytest.param(
            a_draft(a_picture(answers=[an_answer(AnswerKind.VISITOR, box=ELSEWHERE, drawn=True)])),
            [],
            id="marked-and-a-visitor",
        ),
        pytest.param(
            a_draft(a_picture(answers=[said_to_be("zosia")])), [Code.CONSENT_REFUSED], id="named-and-no-longer-found"
        ),
        pytest.param(a_draft(a_picture(answers=[NO_FACE])), [], id="no-face-and-none-found"),
    ],
)
def test_an_answer_settles_what_was_left_open_and_overrules_nothing(found: DraftSeen, expected: list[Code]) -> None:
    assert codes(found, the_facts(a_person("ben"), a_person("bob"), ZOSIA)) == expected


def test_a_contradiction_does_not_tell_who_was_found() -> None:
    (reason,) = decide(answered(said_to_be("ben"), who=("zosia",)), the_facts(a_person("ben"), ZOSIA)).reasons
    assert reason.because == "What was said about face 1 does not fit what was found. Cover it, or ask the office."


def test_a_marked_face_is_numbered_after_the_found_ones_and_says_where_it_is() -> None:
    (reason,) = decide(a_draft(a_picture(BEN, BEN, answers=[MARKED])), the_facts()).reasons
    assert (reason.where.face, reason.where.box) == (3, ELSEWHERE)
    assert reason.because == "Face 3 was marked by hand. Say who it is, or cover it."


def test_a_marked_face_is_checked_against_an_account_too() -> None:
    found = a_draft(a_picture(answers=[said_to_be("ben", box=ELSEWHERE, drawn=True)]))
    assert codes(found, the_facts(channel=None)) == [Code.CHANNEL_NOT_APPROVED, Code.NOT_CHECKED]


SHARP = RECOGNISABLE_SHARPNESS * 2


@pytest.mark.parametrize(
    ("face", "compared", "because"),
    [
        pytest.param(a_face(), True, "We could not tell who face 1 is.", id="unknown"),
        pytest.param(a_face(template=False), False, "Say who face 1 is, or cover it.", id="nobody-may-be-recognised"),
        pytest.param(
            a_face(template=False, quality=FaceQuality(RECOGNISABLE_HEIGHT - 1, SHARP, 0, 0)),
            True,
            "Face 1 is too small to be recognised.",
            id="too-small",
        ),
        pytest.param(
            a_face(template=False, quality=FaceQuality(RECOGNISABLE_HEIGHT, RECOGNISABLE_SHARPNESS / 2, 0, 0)),
            True,
            "Face 1 is too blurred to be recognised.",
            id="too-blurred",
        ),
        pytest.param(
            a_face(template=False, quality=FaceQuality(RECOGNISABLE_HEIGHT, SHARP, 0.9, 0)),
            True,
            "Face 1 could not be recognised: it is turned away, or partly hidden.",
            id="turned-away",
        ),
        pytest.param(
            a_face(template=False),
            True,
            "Face 1 could not be recognised: it is too small, too blurred or turned away.",
            id="not-measured",
        ),
    ],
)
def test_a_face_nobody_could_be_told_from_says_why(face: object, compared: bool, because: str) -> None:
    (reason,) = decide(a_draft(a_picture(face, compared=compared)), the_facts()).reasons  # type: ignore[arg-type]
    assert (reason.code, reason.because) == (Code.FACE_NOT_IDENTIFIED, because)


def test_everybody_recognised_or_named_counts_as_being_in_the_post() -> None:
    found = a_draft(
        a_picture(BEN, answers=[said_to_be("bob", box=ELSEWHERE)]),
        a_picture(a_face(), a_face("amara", "zosia", box=ELSEWHERE), number=2, answers=[said_to_be("kofi")]),
        a_picture(number=3, answers=[said_to_be("covered", box=ELSEWHERE)], covers=[ELSEWHERE]),
    )
    assert people_in(found) == {"ben", "bob", "kofi"}


BOXES = tuple(a_box(at * 40) for at in range(3))
whoever = st.sampled_from([(), ("ben",), ("zosia",), ("ben", "zosia"), ("gone",)])
whatever = st.builds(
    lambda kind, person, box, drawn: an_answer(
        kind, person if kind is AnswerKind.PERSON else None, box=box, drawn=drawn
    ),
    st.sampled_from(AnswerKind),
    st.sampled_from(["ben", "zosia", "gone"]),
    st.sampled_from([*BOXES, Box(2, 10, 22, 30), ELSEWHERE]),
    st.booleans(),
)
faces_anywhere = st.tuples(
    *(st.builds(lambda who, d, b=box: a_face(*who, doubtful=d, box=b), whoever, st.booleans()) for box in BOXES)
)


@given(faces=faces_anywhere, answers=st.lists(whatever, max_size=4))
def test_no_answer_clears_a_face_that_was_recognised_as_somebody_without_consent(
    faces: tuple[object, ...], answers: list[Answer]
) -> None:
    facts = the_facts(a_person("ben"), ZOSIA)
    found = a_draft(a_picture(*faces, answers=answers))  # type: ignore[arg-type]
    blocked = {reason.where.face for reason in decide(found, facts).reasons}
    for number, match in enumerate(found.pictures[0].identifications, start=1):
        if match and [each.subject_id for each in match.candidates] in (["zosia"], ["gone"]):
            assert number in blocked


@given(faces=faces_anywhere, at=st.sampled_from(range(3)), answer=whatever)
def test_an_answer_about_one_face_changes_no_reason_of_another(
    faces: tuple[object, ...], at: int, answer: Answer
) -> None:
    facts = the_facts(a_person("ben"), ZOSIA)
    before = decide(a_draft(a_picture(*faces)), facts).reasons  # type: ignore[arg-type]
    mine = replace(answer, box=BOXES[at])
    after = decide(a_draft(a_picture(*faces, answers=[mine])), facts).reasons  # type: ignore[arg-type]

    def of_others(reasons: tuple[object, ...]) -> list[object]:
        return [each for each in reasons if each.where.face in {1, 2, 3} - {at + 1}]  # type: ignore[attr-defined]

    assert of_others(after) == of_others(before)


@given(faces=faces_anywhere, answer=whatever, box=st.sampled_from([*BOXES, ELSEWHERE]))
def test_marking_a_face_that_was_missed_never_lets_a_post_through(
    faces: tuple[object, ...], answer: Answer, box: Box
) -> None:
    marked = an_answer(AnswerKind.MISSED, box=box, drawn=True)
    found = a_draft(a_picture(*faces, answers=[answer, marked]))  # type: ignore[arg-type]
    assert not decide(found, the_facts(a_person("ben"), ZOSIA)).publish


# -- consent -------------------------------------------------------------------------------------------------------

consents = st.builds(
    a_consent,
    granted=st.booleans(),
    scope=st.sampled_from(Scope),
    giver=st.sampled_from(["mother", "father", "ben"]),
    decided_on=st.dates(BEFORE, TODAY),
    until=st.none() | st.dates(BEFORE),
    withdrawn_on=st.none() | st.dates(BEFORE),
)


@given(
    answers=st.lists(consents, max_size=4),
    responsible=st.sets(st.sampled_from(["mother", "father"])),
    dropped=st.integers(0, 3),
    never=st.booleans(),
    left=st.booleans(),
    refuser=st.sampled_from(["mother", "ben", "somebody"]),
)
def test_taking_consent_away_never_lets_a_post_through(
    answers: list[ConsentFact], responsible: set[str], dropped: int, never: bool, left: bool, refuser: str
) -> None:
    found = a_draft(a_picture(BEN))
    stated = tuple(replace(each, has_parental_responsibility=each.giver in responsible) for each in answers)
    before = a_person("ben", answers=stated)
    refusal = a_consent(granted=False, giver=refuser, decided_on=TODAY)
    grants = [at for at, answer in enumerate(before.answers) if answer.granted and not answer.withdrawn_on]
    fewer = tuple(answer for at, answer in enumerate(before.answers) if at not in grants[dropped : dropped + 1])
    afterwards: list[PersonFacts] = [
        replace(before, answers=fewer),
        replace(before, answers=(*before.answers, refusal)),
        replace(before, never_publish=before.never_publish or never),
        replace(before, leaving_date=BEFORE if left else before.leaving_date),
        replace(before, answers=tuple(replace(each, withdrawn_on=TODAY) for each in before.answers)),
    ]
    if not decide(found, the_facts(before)).publish:
        for after in afterwards:
            assert not decide(found, the_facts(after)).publish


def test_a_safe_file_beside_a_problem_changes_nothing() -> None:
    picture = a_picture(problems=[UNREADABLE])
    picture = replace(picture, findings=replace(picture.findings, released=SAFE_FILE))
    assert codes(a_draft(picture), the_facts()) == [Code.PICTURE_UNREADABLE]
