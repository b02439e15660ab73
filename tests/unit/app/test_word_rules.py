"""The naming rule and the questions about words: who may be named, what is asked, and what the safe wording is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answers import AnswerKind
from app.policy import decide
from app.reasons import Code, Reason, Remedy
from app.seen import DraftSeen, Facts, PictureSeen
from app.word_answers import WordAnswer, WordAnswerKind, spot_of
from app.word_rules import GIVES_AWAY, IN_A_PHOTOGRAPH, NO_NAMING_CONSENT, QUESTION, read_words, safe_wording
from captions.findings import FieldName, Kind, TextField, TextFinding, TextProblem
from consent.facts import ConsentFact, NamingRule, PersonFacts, Scope
from tests.factories import BEFORE, TODAY, a_consent, a_draft, a_face, a_person, a_picture, an_answer, the_facts

NEVER, WITH_CONSENT = NamingRule.NEVER, NamingRule.WITH_CONSENT
CAPTION = "Well done Ben! We are proud."
NAMED = a_consent(named_ok=True)
BEN, BOB = a_person("ben", NAMED), a_person("bob", NAMED)


def a_name(*pupils: str, kind: Kind = Kind.PUPIL_NAME, doubtful: bool = False, why: str = "A name.") -> TextFinding:
    return TextFinding(0, kind, 10, 13, 0.9, why, pupils, "a pupil", "register", ("first name",), doubtful)


def named(
    *findings: TextFinding,
    pictures: tuple[PictureSeen, ...] = (),
    said: WordAnswerKind | None = None,
    text: str = CAPTION,
) -> DraftSeen:
    answers = [WordAnswer(spot_of("caption", None, CAPTION, 10, 13), said, "R. Patel")] if said else []
    return a_draft(*pictures, fields=[TextField(FieldName.CAPTION, text)], found=findings, word_answers=answers)


def of_words(found: DraftSeen, facts: Facts) -> list[Reason]:
    return [reason for reason in decide(found, facts).reasons if reason.where.field == "caption"]


# -- the naming rule -----------------------------------------------------------------------------------------------

CONSENTS: dict[str, tuple[ConsentFact, ...]] = {
    "named": (NAMED,),
    "given, not named": (a_consent(),),
    "named elsewhere": (a_consent(), a_consent(scope=Scope.NEWSLETTER, named_ok=True)),
    "named, run out": (a_consent(named_ok=True, until=BEFORE),),
    "named, taken back": (a_consent(named_ok=True, withdrawn_on=TODAY),),
    "one parent leaves naming out": (NAMED, a_consent(giver="other")),
    "one parent refused": (NAMED, a_consent(granted=False, giver="other")),
}
PICTURES = {
    "faces": (a_picture(a_face("ben")),),
    "no face": (a_picture(),),
    "no picture": (),
    "a face that is none": (a_picture(a_face(doubtful=True), answers=[an_answer(AnswerKind.NOT_A_FACE)]),),
}
CANDIDATES = {
    "one": ("ben",),
    "two who may": ("ben", "bob"),
    "two, one of whom may not": ("ben", "zosia"),
    "one no longer registered": ("gone",),
    "nobody": (),
}
TABLE = list(product(NamingRule, CONSENTS, PICTURES, CANDIDATES))


@pytest.mark.parametrize(("rule", "consent", "shown", "who"), TABLE, ids=[" | ".join(row) for row in TABLE])
def test_a_pupil_is_named_only_where_the_rule_and_everybodys_consent_say_so(
    rule: NamingRule, consent: str, shown: str, who: str
) -> None:
    found = named(a_name(*CANDIDATES[who]), pictures=PICTURES[shown])
    facts = the_facts(a_person("ben", *CONSENTS[consent]), BOB, a_person("zosia"), naming=rule)
    may = rule is WITH_CONSENT and consent == "named" and who in ("one", "two who may")
    reasons = of_words(found, facts)
    assert [reason.code for reason in reasons] == ([] if may else [Code.PUPIL_NAMED])
    assert read_words(found, facts).named == (frozenset(CANDIDATES[who]) if may else frozenset())
    sentences = {reason.because.removeprefix("A name. ") for reason in reasons}
    if rule is WITH_CONSENT:
        assert sentences <= {NO_NAMING_CONSENT}
    else:
        assert sentences == {IN_A_PHOTOGRAPH if shown == "faces" else GIVES_AWAY}


def test_a_refused_pupil_reads_as_one_whose_parents_were_never_asked() -> None:
    refused = the_facts(a_person("ben", a_consent(granted=False)), naming=WITH_CONSENT)
    unasked = the_facts(a_person("ben", a_consent()), naming=WITH_CONSENT)
    assert of_words(named(a_name("ben")), refused) == of_words(named(a_name("ben")), unasked)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (FieldName.CAPTION, Code.PUPIL_NAMED),
        (FieldName.ALT, Code.PUPIL_NAMED),
        (FieldName.HASHTAGS, Code.PUPIL_NAMED),
        (FieldName.FILENAME, Code.PUPIL_NAMED),
        (FieldName.OCR, Code.NAME_IN_PICTURE),
    ],
)
def test_the_rule_is_the_same_wherever_the_name_stands(field: FieldName, code: Code) -> None:
    part = 0 if field is FieldName.OCR else None
    found = a_draft(a_picture(texts=[CAPTION]), fields=[TextField(field, CAPTION, 1, part)], found=[a_name("ben")])
    assert [reason.code for reason in decide(found, the_facts(BEN)).reasons] == [code]
    assert decide(found, the_facts(BEN, naming=WITH_CONSENT)).publish


def test_with_an_unknown_account_nobody_is_named() -> None:
    found = named(a_name("ben"))
    assert of_words(found, the_facts(BEN, channel=None, naming=WITH_CONSENT))
    assert not read_words(found, the_facts(BEN, channel=None, naming=WITH_CONSENT)).named


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.PUPIL_NAME}))
def test_consent_to_be_named_lets_nothing_else_through(kind: Kind) -> None:
    assert of_words(named(a_name("ben", kind=kind)), the_facts(BEN, naming=WITH_CONSENT))


def test_what_stands_beside_a_name_that_may_stand_blocks_by_itself() -> None:
    age = TextFinding(0, Kind.AGE, 17, 19, 0.9, "An age.")
    (reason,) = of_words(named(a_name("ben"), age), the_facts(BEN, naming=WITH_CONSENT))
    assert (reason.code, reason.because) == (Code.PERSONAL_DETAIL, "An age.")


people = st.builds(
    lambda who, ok, granted, withdrawn: a_person(
        who, a_consent(named_ok=ok, granted=granted, withdrawn_on=TODAY if withdrawn else None)
    ),
    st.sampled_from(["ben", "bob"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(
    people=st.lists(people, max_size=2), who=st.sets(st.sampled_from(["ben", "bob", "gone"])), doubtful=st.booleans()
)
def test_whoever_may_be_named_under_one_rule_is_never_named_under_the_other(
    people: list[PersonFacts], who: set[str], doubtful: bool
) -> None:
    found = named(a_name(*sorted(who), doubtful=doubtful))
    assert of_words(found, the_facts(*people, naming=NEVER))
    if not of_words(found, the_facts(*people, naming=WITH_CONSENT)):
        assert who
        assert not doubtful
        assert who <= {person.person_id for person in people}


# -- questions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", NamingRule)
@pytest.mark.parametrize("kind", [Kind.PUPIL_NAME, Kind.PERSON_NAME])
def test_a_doubt_is_a_question_to_a_person_whatever_the_rule(kind: Kind, rule: NamingRule) -> None:
    (reason,) = of_words(named(a_name("ben", kind=kind, doubtful=True, why="Is it Ben?")), the_facts(BEN, naming=rule))
    assert reason.code is (Code.PUPIL_NAMED if kind is Kind.PUPIL_NAME else Code.PERSON_NAMED)
    assert reason.because == "Is it Ben?"
    assert reason.remedies == (Remedy.ANSWER, Remedy.REWORD)
    assert reason.asks_about_words
    assert reason.evidence == ("first name",)


def test_a_doubt_that_only_states_is_asked_all_the_same() -> None:
    (reason,) = of_words(named(a_name(kind=Kind.PERSON_NAME, doubtful=True, why="'Ben' is somebody.")), the_facts())
    assert reason.because == f"'Ben' is somebody. {QUESTION}"


@pytest.mark.parametrize("said", WordAnswerKind)
@pytest.mark.parametrize(
    ("finding", "settled"),
    [
        pytest.param(a_name("ben", doubtful=True), True, id="a-word"),
        pytest.param(a_name(kind=Kind.PERSON_NAME, doubtful=True), True, id="a-namesake"),
        pytest.param(a_name("ben"), False, id="a-sure-pupil"),
        pytest.param(a_name(kind=Kind.PERSON_NAME), False, id="a-sure-person"),
        pytest.param(a_name(kind=Kind.PHONE, doubtful=True), False, id="a-doubtful-detail"),
    ],
)
def test_an_answer_settles_a_doubt_and_never_what_is_sure(
    finding: TextFinding, settled: bool, said: WordAnswerKind
) -> None:
    found = named(finding, said=said)
    assert bool(of_words(found, the_facts())) is not settled
    assert of_words(replace(found, word_answers=()), the_facts())
    assert read_words(found, the_facts()).named == frozenset()


def test_a_sentence_that_changed_is_asked_about_anew() -> None:
    found = named(a_name("ben", doubtful=True), said=WordAnswerKind.NOT_A_NAME, text="Well done Ben and all!")
    assert of_words(found, the_facts())


def test_a_doubtful_detail_is_no_question_about_a_name() -> None:
    (reason,) = of_words(named(a_name(kind=Kind.MEDICAL, doubtful=True)), the_facts())
    assert reason.remedies == (Remedy.REWORD,)


@pytest.mark.parametrize(
    ("field", "remedies"),
    [
        pytest.param(FieldName.OCR, (Remedy.ANSWER, Remedy.COVER, Remedy.LEAVE_OUT), id="in-a-picture"),
        pytest.param(FieldName.FILENAME, (Remedy.ANSWER, Remedy.NEUTRAL_NAME), id="in-a-file-name"),
    ],
)
def test_a_doubt_is_asked_wherever_it_stands(field: FieldName, remedies: tuple[Remedy, ...]) -> None:
    text = TextField(field, "Ben 10", 1, 0 if field is FieldName.OCR else None)
    doubt = replace(a_name("ben", doubtful=True), start=0, end=3)
    found = a_draft(a_picture(texts=["Ben 10"]), fields=[text], found=[doubt])
    (reason,) = decide(found, the_facts()).reasons
    assert reason.remedies == remedies
    answer = WordAnswer(spot_of(field.value, 1, "Ben 10", 0, 3), WordAnswerKind.NOT_A_NAME, "R. Patel")
    assert decide(replace(found, word_answers=(answer,)), the_facts()).publish


CLASS = TextFinding(0, Kind.CLASS_DETAIL, 17, 19, 0.9, "A class.")


@pytest.mark.parametrize(
    ("findings", "codes"),
    [
        pytest.param([a_name("ben", doubtful=True), CLASS], [], id="beside-what-was-no-name"),
        pytest.param([CLASS], [Code.PERSONAL_DETAIL], id="beside-nothing"),
        pytest.param(
            [a_name("ben", doubtful=True), CLASS, replace(a_name("bob"), start=20, end=23)],
            [Code.PERSONAL_DETAIL, Code.PUPIL_NAMED],
            id="beside-another-name",
        ),
        pytest.param(
            [a_name("ben", doubtful=True), replace(CLASS, kind=Kind.MEDICAL)], [Code.PERSONAL_DETAIL], id="health"
        ),
    ],
)
def test_a_class_or_an_age_is_nobodys_where_nobody_is_named(findings: list[TextFinding], codes: list[Code]) -> None:
    found = named(*findings, said=WordAnswerKind.NOT_A_NAME)
    assert [reason.code for reason in of_words(found, the_facts())] == codes


@pytest.mark.parametrize(
    ("field", "finding", "naming", "blocked"),
    [
        pytest.param(FieldName.ALT, a_name("ben"), NEVER, True, id="named"),
        pytest.param(FieldName.ALT, a_name("ben"), WITH_CONSENT, True, id="named-by-consent"),
        pytest.param(FieldName.ALT, a_name(kind=Kind.PERSON_NAME, doubtful=True), NEVER, True, id="a-question-is-open"),
        pytest.param(FieldName.METADATA, a_name("ben"), NEVER, False, id="named-in-what-is-left-out"),
        pytest.param(FieldName.ALT, a_name(kind=Kind.PHONE), NEVER, True, id="nobody-and-no-name"),
    ],
)
def test_a_class_is_of_whoever_another_field_names(
    field: FieldName, finding: TextFinding, naming: NamingRule, blocked: bool
) -> None:
    fields = [TextField(FieldName.CAPTION, CAPTION), TextField(field, CAPTION, 1)]
    found = a_draft(a_picture(), fields=fields, found=[CLASS, replace(finding, field_index=1)])
    codes = [reason.code for reason in of_words(found, the_facts(BEN, naming=naming))]
    assert codes == ([Code.PERSONAL_DETAIL] if blocked else [])


# -- the safe wording ----------------------------------------------------------------------------------------------


def test_the_safe_wording_is_of_every_text_against_which_something_stands() -> None:
    fields = [
        TextField(FieldName.CAPTION, CAPTION),
        TextField(FieldName.HASHTAGS, "#fun"),
        TextField(FieldName.ALT, "We cheer Ben now", 1),
        TextField(FieldName.ALT, "A dog", 2),
        TextField(FieldName.FILENAME, "well done ben.jpg", 1),
        TextField(FieldName.OCR, "Well done Ben", 1, 0),
    ]
    at = {0: 10, 2: 9, 4: 10, 5: 10}
    findings = [replace(a_name("ben"), field_index=i, start=start, end=start + 3) for i, start in at.items()]
    found = a_draft(a_picture(texts=["Well done Ben"]), a_picture(number=2), fields=fields, found=findings)
    wording = safe_wording(found, the_facts()).as_json()
    assert wording.keys() == {"caption", "alt_texts"}
    assert "Ben" not in str(wording)
    assert wording["alt_texts"] == {"1": "We cheer a pupil now"}


@pytest.mark.parametrize(
    ("found", "facts"),
    [
        pytest.param(named(), the_facts(), id="nothing-found"),
        pytest.param(named(a_name("ben")), the_facts(BEN, naming=WITH_CONSENT), id="named-by-consent"),
        pytest.param(
            named(a_name("ben", doubtful=True), said=WordAnswerKind.ADULT), the_facts(), id="settled-by-an-answer"
        ),
        pytest.param(named(CLASS), the_facts(), id="nothing-to-put-otherwise"),
        pytest.param(
            a_draft(
                fields=[TextField(FieldName.CAPTION, CAPTION)],
                found=[a_name("ben")],
                problems=[TextProblem(0, "Too long.")],
            ),
            the_facts(),
            id="not-read-to-its-end",
        ),
    ],
)
def test_there_is_no_safe_wording(found: DraftSeen, facts: Facts) -> None:
    assert safe_wording(found, facts).as_json() == {}


def test_with_an_age_beside_it_even_a_name_that_may_stand_goes_from_the_safe_wording() -> None:
    """The age alone gives nobody away, and is left in."""
    text = "Well done Ben, 7, and all."
    findings = [a_name("ben"), TextFinding(0, Kind.AGE, 15, 16, 0.9, "An age.")]
    wording = safe_wording(named(*findings, text=text), the_facts(BEN, naming=WITH_CONSENT))
    assert wording.caption is not None
    assert "Ben" not in wording.caption


def test_with_a_class_in_another_field_a_name_that_may_stand_goes_from_the_safe_wording() -> None:
    fields = [TextField(FieldName.CAPTION, CAPTION), TextField(FieldName.HASHTAGS, "#TeamRobins")]
    detail = TextFinding(1, Kind.CLASS_DETAIL, 5, 11, 0.75, "A class.")
    found = a_draft(fields=fields, found=[a_name("ben"), detail])
    wording = safe_wording(found, the_facts(BEN, naming=WITH_CONSENT))
    assert wording.caption is not None
    assert "Ben" not in wording.caption
    assert wording.hashtags is None
