"""The school's setting of face recognition through the whole flow: no template is made that may not be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner

import app.cli.looking as looking_cli
import app.cli.register as register_cli
from app.checking import Looker
from app.cli import app
from app.cli.doctor import recognition_rows
from app.config import Settings
from app.db import open_engine, reading, writing
from app.main import open_service
from app.models import AuditEvent, AuditTag
from consent.facts import RecognitionMode, today
from consent.models import Person
from consent.register import NewAnswer, Register, the_school
from tests.e2e.conftest import ScriptedInspector, Site, fill_register, template_of
from tests.schools import DAYS
from vision.detection import DetectedFace
from vision.embedding import Template
from vision.findings import Box
from vision.images import Pixels
from vision.inspection import Eyes
from vision.testing import FakeDetector, FakeEncoder, FakeReader, a_detected_face, a_picture

OFF, ROSTERS, ON = RecognitionMode.OFF, RecognitionMode.ROSTERS, RecognitionMode.ON
WILLOW = ["Willow"]  # the class of the three pupils, who have all consented
run = CliRunner().invoke


def switch(site: Site, mode: RecognitionMode) -> None:
    with site.register() as register:
        register.set_recognition(mode, today=today())


def ask_more(site: Site, answer: bool | None, class_name: str = "Willow") -> None:
    """One more pupil, who consented to recognition, refused it, or never answered."""
    with site.register() as register:
        dan = register.add_person(
            Person(school_id=register.school_id, given="Dan", family="Reed", class_name=class_name)
        )
        father = register.add_guardian(dan.id, "Mr Reed", "father", parental_responsibility=True)
        if answer is not None:
            register.record_recognition(dan.id, NewAnswer(granted=answer, decided_on=today(), guardian_id=father.id))


def told(draft: dict[str, Any]) -> list[str]:
    return [each["because"] for each in draft["decision"]["notices"] if each["code"] == "faces-only-counted"]


def codes(draft: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in draft["decision"]["reasons"]]


# --- the real eyes, with an encoder that counts ----------------------------------------------------------------


FACE = a_detected_face(Box(10, 10, 40, 40))


@dataclass(frozen=True)
class CountingEncoder(FakeEncoder):
    """Knows the face as ben's, and notes every face that it was shown."""

    templates: Mapping[Box, Template] = field(default_factory=lambda: {FACE.box: template_of("ben")})
    shown: list[DetectedFace] = field(default_factory=list)

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]:
        self.shown.extend(faces)
        return super().encode(pixels, faces)


@dataclass
class Seeing:
    """A site whose worker looks with the real eyes: one face in every picture."""

    site: Site
    encoder: CountingEncoder = field(default_factory=CountingEncoder)

    def __post_init__(self) -> None:
        self.site.inspector = Eyes(FakeDetector((FACE,)), self.encoder, FakeReader())  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("mode", "classes", "pupil", "encoded", "ran"),
    [
        pytest.param(ON, [], None, 1, "on", id="on"),
        pytest.param(ON, [], "silent", 1, "on", id="on-where-not-all-consented"),
        pytest.param(OFF, WILLOW, None, 0, "off", id="off"),
        pytest.param(ROSTERS, WILLOW, None, 1, "rosters", id="roster"),
        pytest.param(ROSTERS, [" WILLOW"], "granted", 1, "rosters", id="roster-spelt-otherwise"),
        pytest.param(ROSTERS, [], None, 0, "off: no class was named", id="no-class"),
        pytest.param(
            ROSTERS, ["Birch"], None, 0, "off: a class was named that the register does not know", id="unknown"
        ),
        pytest.param(ROSTERS, WILLOW, "silent", 0, "off: not every pupil of Willow has consented", id="no-answer"),
        pytest.param(ROSTERS, WILLOW, "refused", 0, "off: not every pupil of Willow has consented", id="refused"),
    ],
)
def test_the_encoder_is_called_only_where_recognition_may_run(
    site: Site, mode: RecognitionMode, classes: list[str], pupil: str | None, encoded: int, ran: str
) -> None:
    seeing = Seeing(site)
    switch(site, mode)
    if pupil:
        ask_more(site, {"granted": True, "refused": False, "silent": None}[pupil])
    draft = site.decided(a_picture(), taken_of=classes)
    assert len(seeing.encoder.shown) == encoded
    assert draft["decision"]["versions"]["recognition"] == ran
    assert codes(draft) == ([] if encoded else ["face-not-identified"])
    assert len(told(draft)) == (not encoded)
    assert "Reed" not in json.dumps(draft)
    assert "Dan" not in json.dumps(draft)


@pytest.mark.parametrize(
    ("mode", "classes", "says"),
    [
        (OFF, [], "Face recognition is off at this school: say who is in the picture, or cover the face."),
        (ROSTERS, [], "Face recognition did not run for this draft: choose the classes in the picture"),
        (ROSTERS, ["Birch"], "the register does not know every class that was named"),
        (ROSTERS, WILLOW, "not every pupil of Willow has agreed to face recognition"),
    ],
)
def test_the_teacher_is_told_why_faces_were_only_counted(
    site: Site, mode: RecognitionMode, classes: list[str], says: str
) -> None:
    switch(site, mode)
    ask_more(site, None)
    draft = site.decided(b"picture of ben", b"picture", taken_of=classes)
    (because,) = told(draft)
    assert says in because
    assert "say who is in the picture, or cover the face" in because
    assert says in site.client.get(f"/drafts/{draft['id']}").text
    assert site.inspector.templates_made == 0


def test_by_rosters_only_the_classes_named_are_compared(site: Site) -> None:
    switch(site, ROSTERS)
    with site.register() as register:
        register.update_person("zosia", class_name="Hazel")
    draft = site.decided(b"picture of ben, zosia", taken_of=WILLOW)
    assert [(reason["code"], reason["where"]["face"]) for reason in draft["decision"]["reasons"]] == [
        ("face-not-identified", 2)
    ]
    assert codes(site.decided(b"picture of ben, zosia", taken_of=["Willow", "hazel"])) == []


# --- switched while a draft is checked -------------------------------------------------------------------------


def test_switched_off_while_a_picture_is_looked_at_nobody_is_recognised(site: Site) -> None:
    site.inspector.before_look = lambda: switch(site, OFF)
    draft = site.decided(b"picture of ben")
    assert site.inspector.templates_made == 1
    assert codes(draft) == ["face-not-identified"]
    assert draft["decision"]["versions"]["recognition"] == "off"


def test_switched_off_between_two_pictures_no_further_template_is_made(site: Site) -> None:
    site.inspector.before_look = lambda: switch(site, OFF)
    draft = site.decided(b"picture of ben", b"picture of amara")
    assert site.inspector.templates_made == 1
    assert codes(draft) == ["face-not-identified"] * 2


def test_switched_on_while_a_draft_is_checked_faces_stay_unknown(site: Site) -> None:
    switch(site, OFF)
    site.inspector.before_look = lambda: switch(site, ON)
    draft = site.decided(b"picture of ben", b"picture of amara")
    assert site.inspector.templates_made == 0
    assert codes(draft) == ["face-not-identified"] * 2
    assert draft["decision"]["versions"]["recognition"] == "off: not allowed yet when the pictures were looked at"
    assert "Check it again" in told(draft)[0]


def test_switched_off_and_on_again_between_pictures_nobody_is_recognised(site: Site) -> None:
    modes = iter((OFF, ON))
    site.inspector.before_look = lambda: switch(site, next(modes))
    draft = site.decided(b"picture of ben", b"picture of amara")
    assert codes(draft) == ["face-not-identified"] * 2


def test_a_consent_withdrawn_while_a_roster_is_looked_at_stops_it(site: Site) -> None:
    switch(site, ROSTERS)

    def withdraw() -> None:
        with site.register() as register:
            for consent in register.recognition_consents("zosia"):
                register.withdraw_recognition(consent.id, today())

    site.inspector.before_look = withdraw
    draft = site.decided(b"picture of ben", taken_of=WILLOW)
    assert codes(draft) == ["face-not-identified"]
    assert draft["decision"]["versions"]["recognition"] == "off: not every pupil of Willow has consented"


# --- the form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", RecognitionMode)
def test_the_form_asks_for_classes_only_where_rosters_decide(site: Site, mode: RecognitionMode) -> None:
    switch(site, mode)
    page = site.client.get("/").text
    assert ('name="taken_of" value="Willow"' in page) is (mode is ROSTERS)
    assert ("You say who it is, or cover it" in page) is (mode is OFF)


def test_classes_ticked_on_the_form_are_kept_when_the_form_comes_back(site: Site) -> None:
    switch(site, ROSTERS)
    ask_more(site, None, class_name="Birch")
    fields = {"channel": "School website", "taken_of": ["Willow", "Nowhere"]}
    answer = site.client.post("/drafts", data=fields, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert 'value="Willow" checked' in answer.text
    assert 'value="Birch">' in answer.text


def test_classes_ticked_on_the_form_let_the_roster_be_recognised(site: Site) -> None:
    switch(site, ROSTERS)
    files = [("pictures", ("a.jpg", b"picture of ben", "image/jpeg"))]
    answer = site.client.post(
        "/drafts", data={"channel": "School website", "taken_of": WILLOW}, files=files, follow_redirects=False
    )
    site.work()
    draft = site.read(answer.headers["location"])
    assert draft["decision"]["versions"]["recognition"] == "rosters"


def test_classes_that_were_forgotten_are_named_in_a_revision(site: Site) -> None:
    switch(site, ROSTERS)
    draft = site.decided(b"picture of ben")
    assert codes(draft) == ["face-not-identified"]
    answer = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json={"taken_of": WILLOW})
    assert answer.status_code == 202, answer.text
    site.work()
    again = site.client.get(f"/api/v1/drafts/{answer.json()['id']}").json()
    assert codes(again) == []
    assert again["decision"]["versions"]["recognition"] == "rosters"


def test_the_result_page_asks_for_the_classes_too_and_keeps_them(site: Site) -> None:
    switch(site, ROSTERS)
    ask_more(site, None, class_name="Birch")
    draft = site.decided(b"picture of ben", caption="Fun")
    assert 'name="taken_of" value="Willow">' in site.client.get(f"/drafts/{draft['id']}").text
    fields = {"taken_of": ["", "Birch"], "caption": "Fun"}
    answer = site.client.post(f"/drafts/{draft['id']}/revisions", data=fields, follow_redirects=False)
    site.work()
    page = site.client.get(answer.headers["location"]).text
    assert 'value="Birch" checked' in page
    assert 'value="Willow">' in page
    fields = {"taken_of": [""], "caption": "Fun"}
    none = site.client.post(f"{answer.headers['location']}/revisions", data=fields, follow_redirects=False)
    site.work()
    assert 'value="Birch">' in site.client.get(none.headers["location"]).text


# --- the command line ------------------------------------------------------------------------------------------

OPTIONS = [word for name, day in DAYS.items() for word in (f"--{name.replace('_', '-')}", day.isoformat())]


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder with a school in which nothing is recorded yet."""
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    open_service(Settings())


@contextmanager
def the_register() -> Iterator[Register]:
    with reading(open_engine(Settings())) as session:
        school = the_school(session)
        assert school is not None
        yield Register(session, school.id)


def changes() -> list[dict[str, Any]]:
    with the_register() as register:
        events = register.session.exec(
            select(AuditEvent).where(AuditEvent.tag == AuditTag.RECOGNITION_CHANGED.value)
        ).all()
        assert {event.subject for event in events} <= {register.school_id}
        return [event.details for event in events]


def test_the_setting_is_shown_with_what_is_missing(fresh: None) -> None:
    result = run(app, ["recognition"])
    assert result.exit_code == 0
    assert "Face recognition: off." in result.output
    assert result.output.count("Before it can be switched on: No day is recorded for") == 3
    assert changes() == []


def test_looking_at_the_setting_makes_no_school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    assert run(app, ["recognition"]).exit_code == 0
    with reading(open_engine(Settings())) as session:
        assert the_school(session) is None


def test_it_is_switched_on_and_off_and_audited(fresh: None) -> None:
    assert run(app, ["recognition", "rosters", *OPTIONS]).exit_code == 0
    shown = json.loads(run(app, ["recognition", "--json"]).stdout)
    assert (shown["mode"], shown["in_force"], shown["dpia_on"], shown["missing"], shown["changed"]) == (
        "rosters",
        "rosters",
        "2024-06-03",
        [],
        False,
    )
    assert run(app, ["recognition", "off"]).exit_code == 0
    days = {name: day.isoformat() for name, day in DAYS.items()}
    nothing = dict.fromkeys(DAYS)
    assert changes() == [
        {"before": {"mode": "off", **nothing}, "after": {"mode": "rosters", **days}},
        {"before": {"mode": "rosters", **days}, "after": {"mode": "off", **days}},
    ]


def test_it_is_not_switched_on_without_the_days(fresh: None) -> None:
    result = run(app, ["recognition", "on", *OPTIONS[:2], "--consulted-on", "2999-01-01"])
    assert result.exit_code == 2
    assert "Face recognition cannot be on." in result.output
    assert "(dpo_advice_on)" in result.output
    assert "2999-01-01, lies in the future" in result.output
    assert "(dpia_on)" not in result.output
    assert changes() == []


def a_school_file(tmp_path: Path, **recognition: Any) -> str:
    path = tmp_path / "school.json"
    document: dict[str, Any] = {"name": "Wren Primary"}
    path.write_text(json.dumps(document | ({"recognition": recognition} if recognition else {})), encoding="utf-8")
    return str(path)


def test_the_schools_file_sets_it_when_it_is_applied(fresh: None, tmp_path: Path) -> None:
    days = {name: day.isoformat() for name, day in DAYS.items()}
    file = a_school_file(tmp_path, mode="on", **days)
    assert "Face recognition changes: on (dpia_on 2024-06-03" in run(app, ["school", file]).output
    assert changes() == []
    assert run(app, ["school", file, "--apply"]).exit_code == 0
    assert len(changes()) == 1
    assert "Nothing to change" in run(app, ["school", file, "--apply"]).output
    assert "Nothing to change" in run(app, ["school", a_school_file(tmp_path), "--apply"]).output
    with the_register() as register:
        assert register.recognition_setting().mode is ON


@pytest.mark.parametrize("apply", [[], ["--apply"]], ids=["dry-run", "apply"])
def test_the_schools_file_cannot_switch_it_on_without_the_days(fresh: None, tmp_path: Path, apply: list[str]) -> None:
    result = run(app, ["school", a_school_file(tmp_path, mode="on", dpia_on="2026-09-01"), *apply])
    assert result.exit_code == 2
    assert "(dpo_advice_on)" in result.output
    assert "(consulted_on)" in result.output
    assert "Nothing was changed." in result.output
    with the_register() as register:
        assert register.school().name != "Wren Primary"


def test_the_schools_file_cannot_take_a_day_away_while_it_is_on(fresh: None, tmp_path: Path) -> None:
    run(app, ["recognition", "on", *OPTIONS])
    result = run(app, ["school", a_school_file(tmp_path, mode="on", dpia_on=None), "--apply"])
    assert (result.exit_code, "(dpia_on)" in result.output) == (2, True)
    assert run(app, ["school", a_school_file(tmp_path, mode="off", dpia_on=None), "--apply"]).exit_code == 0


def test_while_it_is_off_no_reference_photo_is_looked_at(
    fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = CountingEncoder()

    @contextmanager
    def opened(_settings: Settings) -> Iterator[Looker]:
        yield Looker(Eyes(FakeDetector((FACE,)), encoder, FakeReader()))

    monkeypatch.setattr(register_cli, "open_looker", opened)
    with writing(open_engine(Settings())) as session:
        fill_register(session)
    run(app, ["recognition", "off"])
    (tmp_path / "ben.jpg").write_bytes(a_picture())
    result = run(app, ["enrol", "Ben Marsh", str(tmp_path / "ben.jpg")])
    assert result.exit_code == 2
    assert "face recognition is off at this school" in result.output
    assert encoder.shown == []


def test_check_takes_the_classes(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened(_settings: Settings) -> Iterator[Looker]:
        yield Looker(ScriptedInspector())

    monkeypatch.setattr(looking_cli, "open_looker", opened)
    with writing(open_engine(Settings())) as session:
        fill_register(session)
    run(app, ["recognition", "rosters"])
    (tmp_path / "a.jpg").write_bytes(b"picture of ben")
    words = ["check", str(tmp_path / "a.jpg"), "--channel", "School website"]
    without, named = run(app, words), run(app, [*words, "--taken-of", "willow"])
    assert (without.exit_code, "note (picture 1): Face recognition did not run" in without.output) == (1, True)
    assert (named.exit_code, "PUBLISH" in named.output) == (0, True)


def test_inspect_makes_no_template(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = CountingEncoder()

    @contextmanager
    def opened(_settings: Settings) -> Iterator[Looker]:
        yield Looker(Eyes(FakeDetector((FACE,)), encoder, FakeReader()))

    monkeypatch.setattr(looking_cli, "open_looker", opened)
    (tmp_path / "a.jpg").write_bytes(a_picture())
    result = run(app, ["inspect", str(tmp_path / "a.jpg")])
    assert "face 1 at" in result.output
    assert encoder.shown == []


@pytest.mark.parametrize("mode", RecognitionMode)
def test_doctor_says_how_it_stands(site: Site, mode: RecognitionMode) -> None:
    switch(site, mode)
    ask_more(site, None, class_name="")
    with site.register() as register:
        rows = {row.what: (row.ok, row.says) for row in recognition_rows(register)}
    if mode is OFF:
        assert rows["recognition"][0] is None
    else:
        assert rows["recognition"] == (
            True,
            f"{mode.value} (DPIA 2024-06-03, advice 2024-06-17, consultation 2024-07-08)",
        )
    assert ("rosters" in rows) is (mode is ROSTERS)


def test_doctor_says_what_is_missing(fresh: None) -> None:
    with the_register() as register:
        (row,) = recognition_rows(register)
        assert (row.ok, row.says.count("No day is recorded")) == (None, 3)
        register.school().recognition = ON
        (row,) = recognition_rows(register)
        assert (row.ok, "counts as off" in row.says) == (False, True)
