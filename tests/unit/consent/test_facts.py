"""How consent is judged: tables of cases, and what must hold for every register there could be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.facts import (
    ChannelFacts,
    ConsentFact,
    PersonFacts,
    RecognitionFact,
    RecognitionFacts,
    Role,
    Scope,
    Standing,
    judge,
    judge_recognition,
    named_ok,
    today,
)

DAY = date(2026, 11, 20)
LAST_YEAR = date(2025, 9, 1)
THIS_YEAR = date(2026, 9, 1)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def yes(
    giver="mother", *, on=LAST_YEAR, scope=Scope.WEBSITE, starts=None, until=None, withdrawn=None, named=False, pr=True
):
    return ConsentFact(scope, giver, True, on, starts or on, until, withdrawn, named, pr)


def no(giver="mother", *, on=LAST_YEAR, scope=Scope.WEBSITE, until=None, withdrawn=None, pr=True):
    return ConsentFact(scope, giver, False, on, on, until, withdrawn, False, pr)


def a_pupil(*answers, **rest):
    return PersonFacts("ben", Role.PUPIL, answers, **rest)


def a_teacher(*answers, **rest):
    return PersonFacts("ms-okell", Role.STAFF, answers, **rest)


@pytest.mark.parametrize(
    ("person", "standing"),
    [
        pytest.param(a_pupil(yes()), Standing.GIVEN, id="a parent said yes"),
        pytest.param(a_pupil(), Standing.NONE, id="nobody answered: blank is no"),
        # whose yes counts
        pytest.param(a_pupil(yes("aunt", pr=False)), Standing.NONE, id="a yes without parental responsibility"),
        pytest.param(a_pupil(yes("ben")), Standing.NONE, id="a pupil's own yes alone"),
        pytest.param(a_pupil(yes(), yes("ben")), Standing.GIVEN, id="parent and pupil say yes"),
        pytest.param(a_teacher(yes("ms-okell")), Standing.GIVEN, id="staff consent for themselves"),
        pytest.param(a_teacher(yes("husband")), Standing.NONE, id="nobody consents for staff"),
        # any no wins
        pytest.param(a_pupil(no()), Standing.REFUSED, id="a parent said no"),
        pytest.param(a_pupil(yes(), no("father")), Standing.REFUSED, id="one parent yes, one no"),
        pytest.param(a_pupil(no("father"), yes(on=THIS_YEAR)), Standing.REFUSED, id="the other parent's later yes"),
        pytest.param(a_pupil(yes(), no("aunt", pr=False)), Standing.REFUSED, id="a no without parental responsibility"),
        pytest.param(
            a_pupil(yes(), yes("father"), no("ben")), Standing.REFUSED, id="the pupil's own no beats everything"
        ),
        pytest.param(a_teacher(yes("ms-okell"), no("husband")), Standing.REFUSED, id="a no about staff by anybody"),
        pytest.param(a_pupil(yes(), no("father", until=YESTERDAY)), Standing.REFUSED, id="a no does not lapse"),
        pytest.param(a_pupil(yes(), no("father", withdrawn=YESTERDAY)), Standing.REFUSED, id="only a yes lifts a no"),
        pytest.param(a_pupil(yes(), no("father", on=TOMORROW)), Standing.REFUSED, id="a no counts once recorded"),
        # a giver's newer answer
        pytest.param(a_pupil(no(), yes(on=THIS_YEAR)), Standing.GIVEN, id="no, then yes"),
        pytest.param(a_pupil(yes(on=THIS_YEAR), no()), Standing.GIVEN, id="no, then yes, recorded the other way round"),
        pytest.param(a_pupil(yes(), no(on=THIS_YEAR)), Standing.REFUSED, id="yes, then no"),
        pytest.param(a_pupil(no(), yes()), Standing.REFUSED, id="yes and no on one day"),
        pytest.param(
            a_pupil(no("ben"), yes(), yes("ben", on=THIS_YEAR)), Standing.GIVEN, id="the pupil changed their mind"
        ),
        pytest.param(
            a_pupil(no("aunt", pr=False), yes(), yes("aunt", on=THIS_YEAR, pr=False)),
            Standing.GIVEN,
            id="aunt's no lifted",
        ),
        pytest.param(
            a_pupil(yes(), no("father"), yes("father", on=THIS_YEAR, until=YESTERDAY)),
            Standing.REFUSED,
            id="a no comes back when the yes that lifted it has ended",
        ),
        pytest.param(
            a_pupil(yes(), no("father"), yes("father", on=THIS_YEAR, starts=TOMORROW)),
            Standing.REFUSED,
            id="a no is not lifted by a yes that has yet to begin",
        ),
        pytest.param(
            a_pupil(yes(), yes(on=THIS_YEAR, until=YESTERDAY)),
            Standing.LAPSED,
            id="the newer, shorter yes is the one that holds",
        ),
        pytest.param(a_pupil(yes(until=YESTERDAY), yes(on=THIS_YEAR)), Standing.GIVEN, id="renewed"),
        pytest.param(a_pupil(yes(until=YESTERDAY), yes()), Standing.GIVEN, id="two on one day: the one recorded later"),
        pytest.param(
            a_pupil(yes(), yes(until=YESTERDAY)), Standing.LAPSED, id="two on one day, the later one is shorter"
        ),
        pytest.param(
            a_pupil(yes(), yes(on=THIS_YEAR, starts=TOMORROW, until=TOMORROW)), Standing.GIVEN, id="renewal to come"
        ),
        # from, until
        pytest.param(a_pupil(yes(until=DAY)), Standing.GIVEN, id="the last day"),
        pytest.param(a_pupil(yes(until=YESTERDAY)), Standing.LAPSED, id="lapsed yesterday"),
        pytest.param(a_pupil(yes(starts=DAY)), Standing.GIVEN, id="begins today"),
        pytest.param(a_pupil(yes(starts=TOMORROW)), Standing.NONE, id="begins tomorrow"),
        pytest.param(a_pupil(yes(on=TOMORROW, starts=LAST_YEAR)), Standing.NONE, id="dated tomorrow"),
        pytest.param(
            a_pupil(yes(until=YESTERDAY), yes("father")), Standing.GIVEN, id="one parent's lapsed, the other's stands"
        ),
        pytest.param(a_pupil(yes("aunt", until=YESTERDAY, pr=False)), Standing.NONE, id="lapsed, but never counted"),
        # withdrawn
        pytest.param(a_pupil(yes(withdrawn=DAY)), Standing.WITHDRAWN, id="withdrawn today"),
        pytest.param(a_pupil(yes(withdrawn=TOMORROW)), Standing.GIVEN, id="withdrawn from tomorrow"),
        pytest.param(
            a_pupil(yes(withdrawn=YESTERDAY), yes("father")), Standing.WITHDRAWN, id="withdrawn by one parent"
        ),
        pytest.param(
            a_pupil(yes(withdrawn=THIS_YEAR), yes(on=YESTERDAY)), Standing.GIVEN, id="withdrawn, then given anew"
        ),
        pytest.param(
            a_pupil(yes(withdrawn=DAY), yes(on=THIS_YEAR)), Standing.WITHDRAWN, id="withdrawn after the newer yes"
        ),
        pytest.param(
            a_pupil(yes(on=THIS_YEAR), yes(on=YESTERDAY, withdrawn=LAST_YEAR)),
            Standing.WITHDRAWN,
            id="withdrawn on a day before it was given",
        ),
        pytest.param(
            a_pupil(yes(withdrawn=DAY), no("father")), Standing.REFUSED, id="refused is named before withdrawn"
        ),
        pytest.param(a_pupil(yes(withdrawn=DAY), no(on=DAY)), Standing.REFUSED, id="withdrawn and refused on one day"),
        # other channels
        pytest.param(a_pupil(yes(scope=Scope.NEWSLETTER)), Standing.OTHER_CHANNEL, id="for the newsletter only"),
        pytest.param(a_pupil(yes(scope=Scope.NEWSLETTER, until=YESTERDAY)), Standing.NONE, id="newsletter, lapsed"),
        pytest.param(
            a_pupil(yes(scope=Scope.NEWSLETTER), yes(until=YESTERDAY)), Standing.LAPSED, id="lapsed here, given there"
        ),
        pytest.param(a_pupil(yes(), no(scope=Scope.NEWSLETTER)), Standing.GIVEN, id="refused for another channel"),
        # leavers, never publish
        pytest.param(a_pupil(yes(), leaving_date=DAY), Standing.GIVEN, id="the last day in school"),
        pytest.param(a_pupil(yes(), leaving_date=YESTERDAY), Standing.LEFT, id="the day after leaving"),
        pytest.param(a_pupil(leaving_date=YESTERDAY), Standing.LEFT, id="left without an answer"),
        pytest.param(a_pupil(no(), leaving_date=YESTERDAY), Standing.REFUSED, id="refused, then left"),
        pytest.param(a_pupil(yes(), never_publish=True), Standing.NEVER, id="never publish beats a yes"),
        pytest.param(
            a_pupil(no(), never_publish=True, leaving_date=YESTERDAY), Standing.NEVER, id="never publish beats all"
        ),
    ],
)
def test_standing(person, standing):
    assert judge(person, Scope.WEBSITE, DAY) is standing


@pytest.mark.parametrize(
    ("person", "ok"),
    [
        pytest.param(a_pupil(yes()), False, id="nobody said that naming is fine"),
        pytest.param(a_pupil(yes(named=True)), True, id="named"),
        pytest.param(a_pupil(yes(named=True), yes("father")), False, id="one parent without naming"),
        pytest.param(a_pupil(yes(named=True), yes("father", until=YESTERDAY)), False, id="lapsed, but without naming"),
        pytest.param(a_pupil(yes(named=True), yes("ben")), False, id="the pupil without naming"),
        pytest.param(a_pupil(yes(), yes(on=THIS_YEAR, named=True)), True, id="the newer form names"),
        pytest.param(a_pupil(yes(named=True), yes(on=THIS_YEAR)), False, id="the newer form does not"),
        pytest.param(a_pupil(yes(named=True, until=YESTERDAY)), False, id="lapsed"),
        pytest.param(a_pupil(yes(named=True), no("father")), False, id="refused"),
        pytest.param(a_pupil(yes(named=True, scope=Scope.PRESS), yes()), False, id="named for another channel"),
        pytest.param(a_pupil(yes(named=True), never_publish=True), False, id="never publish"),
    ],
)
def test_named_ok(person, ok):
    assert named_ok(person, Scope.WEBSITE, DAY) is ok


@pytest.mark.parametrize(
    ("answers", "leaving", "standing"),
    [
        pytest.param((), None, Standing.NONE, id="blank is no"),
        pytest.param((RecognitionFact("mother", True, LAST_YEAR, LAST_YEAR),), None, Standing.GIVEN, id="given"),
        pytest.param(
            (RecognitionFact("mother", True, LAST_YEAR, LAST_YEAR), RecognitionFact("ben", False, DAY, DAY)),
            None,
            Standing.REFUSED,
            id="the pupil's own no",
        ),
        pytest.param(
            (RecognitionFact("ben", True, LAST_YEAR, LAST_YEAR),), None, Standing.NONE, id="the pupil's own yes"
        ),
        pytest.param(
            (RecognitionFact("mother", True, LAST_YEAR, LAST_YEAR, withdrawn_on=DAY),),
            None,
            Standing.WITHDRAWN,
            id="withdrawn",
        ),
        pytest.param(
            (RecognitionFact("mother", True, LAST_YEAR, LAST_YEAR, until=YESTERDAY),),
            None,
            Standing.LAPSED,
            id="lapsed",
        ),
        pytest.param((RecognitionFact("mother", True, LAST_YEAR, LAST_YEAR),), YESTERDAY, Standing.LEFT, id="left"),
    ],
)
def test_recognition_is_judged_by_the_same_rules(answers, leaving, standing):
    assert judge_recognition(RecognitionFacts("ben", Role.PUPIL, answers, leaving), DAY) is standing


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1), id="summer, a minute to midnight"),
        pytest.param(datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2), id="summer, midnight is at 23 UTC"),
        pytest.param(datetime(2026, 12, 1, 23, 59, tzinfo=UTC), date(2026, 12, 1), id="winter"),
    ],
)
def test_today_is_a_day_in_london(moment, day):
    assert today(lambda: moment) == day


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        today(lambda: datetime(2026, 7, 1, 22, 59))


@pytest.mark.parametrize(("problem", "approved"), [("", True), ("Nobody has approved it.", False)])
def test_a_channel_with_a_problem_is_not_approved(problem, approved):
    assert ChannelFacts("School website", Scope.WEBSITE, problem).approved is approved


# --- what holds for every register -----------------------------------------------------------------------------

days = st.integers(-5, 5).map(lambda n: DAY + timedelta(days=n))
maybe_day = st.none() | days
RESPONSIBLE = {"mother": True, "father": True, "aunt": False, "ben": True}  # of the giver, whatever they answer
scopes = st.sampled_from([Scope.WEBSITE, Scope.NEWSLETTER])
answers = st.builds(
    lambda giver, fact: replace(fact, giver=giver, has_parental_responsibility=RESPONSIBLE[giver]),
    st.sampled_from(sorted(RESPONSIBLE)),
    st.builds(ConsentFact, scopes, st.just(""), st.booleans(), days, days, maybe_day, maybe_day, st.booleans()),
)
people = st.builds(
    PersonFacts,
    st.just("ben"),
    st.sampled_from(Role),
    st.lists(answers, max_size=6).map(tuple),
    leaving_date=maybe_day,
    never_publish=st.booleans(),
)


def _withdrawn_already(answer, day):
    return answer.withdrawn_on is not None and answer.withdrawn_on <= day


def _stands(answer, day):
    return answer.granted and not _withdrawn_already(answer, day) and (answer.until is None or day <= answer.until)


@st.composite
def something_taken_away(draw):
    """A person, and the same person after somebody took consent away.

    Striking out a yes means one that has not ended: the newest form decides, so without a newer and shorter one the
    older would speak again; and a withdrawn yes is on record as a no.
    """
    person, day = draw(people), draw(days)
    n = len(person.answers)
    at = draw(st.integers(0, max(n - 1, 0)))
    how = draw(st.sampled_from(["leave", "never", "refuse"] + ["strike", "end", "withdraw"] * bool(n)))
    facts = list(person.answers)
    if how == "leave":
        earlier = draw(days)
        return person, replace(person, leaving_date=min(earlier, person.leaving_date or earlier)), day
    if how == "never":
        return person, replace(person, never_publish=True), day
    if how == "refuse":
        facts.insert(draw(st.integers(0, n)), replace(draw(answers), granted=False))
    elif how == "strike" and _stands(facts[at], day):
        del facts[at]
    elif how == "end":
        earlier = draw(days)
        facts[at] = replace(facts[at], until=min(earlier, facts[at].until or earlier))
    elif how == "withdraw":
        earlier = draw(days)
        facts[at] = replace(facts[at], withdrawn_on=min(earlier, facts[at].withdrawn_on or earlier))
    return person, replace(person, answers=tuple(facts)), day


@given(something_taken_away(), scopes)
def test_taking_consent_away_never_lets_a_picture_through(case, scope):
    before, after, day = case
    assert not (judge(before, scope, day) is not Standing.GIVEN and judge(after, scope, day) is Standing.GIVEN)


@given(people, st.sampled_from(sorted(RESPONSIBLE)), scopes, days)
def test_striking_out_all_that_one_person_granted_never_lets_a_picture_through(person, giver, scope, day):
    kept = tuple(
        answer
        for answer in person.answers
        if answer.giver != giver or not answer.granted or _withdrawn_already(answer, day)
    )
    if judge(person, scope, day) is not Standing.GIVEN:
        assert judge(replace(person, answers=kept), scope, day) is not Standing.GIVEN


@given(people, scopes, days, st.sampled_from(sorted(RESPONSIBLE)))
def test_a_refusal_on_or_after_the_day_of_the_last_yes_always_blocks(person, scope, day, giver):
    last = max((answer.decided_on for answer in person.answers), default=day)
    refusal = ConsentFact(scope, giver, False, last, last)
    refused = replace(person, answers=(*person.answers, refusal))
    assert judge(refused, scope, day) in {Standing.REFUSED, Standing.WITHDRAWN, Standing.NEVER}


@given(people, scopes, days)
def test_without_a_yes_that_counts_nothing_is_given(person, scope, day):
    counting = [
        answer
        for answer in person.answers
        if _stands(answer, day)
        and answer.scope is scope
        and max(answer.starts_on, answer.decided_on) <= day
        and (answer.giver == "ben" if person.role is Role.STAFF else answer.giver in {"mother", "father"})
    ]
    if not counting:
        assert judge(person, scope, day) is not Standing.GIVEN


@given(people, scopes, days)
def test_whoever_may_be_named_may_be_shown(person, scope, day):
    if named_ok(person, scope, day):
        assert judge(person, scope, day) is Standing.GIVEN
