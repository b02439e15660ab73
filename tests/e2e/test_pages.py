"""The pages over HTTP: every state, without scripts, on real SQLite."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response

from app.config import Settings
from app.db import writing
from app.drafts import released_name
from consent.facts import Scope, today
from consent.register import NewAnswer
from tests.browser import states
from tests.browser.audit import Page
from tests.browser.shots import States
from tests.browser.states import HOSTILE
from tests.e2e.conftest import Site

HTML = {"Accept": "text/html,application/xhtml+xml"}
WEBSITE = "School website"


def open_page(site: Site, path: str, status: int = 200) -> Page:
    answer = site.client.get(path, headers=HTML)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


def send_form(site: Site, path: str, data: object = None, files: object = None) -> Response:
    return site.client.post(path, data=data, files=files, headers=HTML, follow_redirects=False)  # type: ignore[arg-type]


def send_without_pictures(site: Site, **fields: str) -> Response:
    """The form as a browser sends it when no picture was chosen: one file without a name and without content."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    parts.append('Content-Disposition: form-data; name="pictures"; filename=""\r\n')
    parts[-1] += "Content-Type: application/octet-stream\r\n\r\n\r\n"
    body = "".join(f"--limit\r\n{part}" for part in parts) + "--limit--\r\n"
    headers = {**HTML, "Content-Type": "multipart/form-data; boundary=limit"}
    return site.client.post("/drafts", content=body.encode(), headers=headers, follow_redirects=False)


def sent(site: Site, *scripts: bytes, **fields: object) -> str:
    """Send a new draft as the form does; the path of its page."""
    files = [("pictures", (f"IMG_{at}.jpg", script, "image/jpeg")) for at, script in enumerate(scripts, start=1)]
    answer = send_form(site, "/drafts", {"channel": WEBSITE, **fields}, files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def decided(site: Site, *scripts: bytes, **fields: object) -> str:
    path = sent(site, *scripts, **fields)
    site.work()
    return path


def revised(site: Site, path: str, data: object = None) -> str:
    """Send a change and have it checked; the path of the new draft's page."""
    answer = send_form(site, f"{path}/revisions", data)
    assert answer.status_code == 303, answer.text
    site.work()
    return answer.headers["location"]


# -- every state ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, dict[str, str]]:
    """A site with an invented school and a draft in every state."""
    site = Site(Settings(data=tmp_path_factory.mktemp("states") / "data"))
    return site, states.fill(site.service, site.me.actor)


PAGES = ["/", "/register", "/register?q=heron", "/register?q=%22%3E%3Cb%3E", "/help"]
PAGES += ["/account", "/account/second-factor", "/confirm", "/people", "/keys", "/keys/new", "/alerts", "/audit"]
PAGES += ["/audit/export"]


@pytest.mark.parametrize("path", [*PAGES, *(f"/drafts/{name}" for name in states.ALL)])
def test_every_page_is_sound_and_carries_nothing_that_the_content_policy_forbids(
    filled: tuple[Site, dict[str, str]], path: str
) -> None:
    site, drafts = filled
    for name, draft_id in drafts.items():
        path = re.sub(rf"/drafts/{name}$", f"/drafts/{draft_id}", path)
    answer = site.client.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert Page(answer.text).faults == []


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("clear", "Nothing here stops this post."),
        ("covered", "Nothing here stops this post."),
        ("doubtful", "This post must not go out yet: 3 things to settle."),
        ("answered", "This post must not go out yet: 2 things to settle."),
        ("settled", "Nothing here stops this post."),
        ("mixed", "This post must not go out yet: 8 things to settle."),
        ("crowd", "This post must not go out yet: 7 things to settle."),
        ("account", "This post must not go out yet: 1 thing to settle."),
        ("unreadable", "This post must not go out yet: 1 thing to settle."),
        ("not-checked", "This post must not go out yet: 1 thing to settle."),
        ("queued", "Checking your draft"),
        ("checking", "Checking your draft"),
        ("failed", "This post must not go out: the check did not finish."),
        ("void", "This post must not go out: it has to be checked again."),
    ],
)
def test_every_state_begins_with_what_it_means(filled: tuple[Site, dict[str, str]], name: str, heading: str) -> None:
    site, drafts = filled
    assert open_page(site, f"/drafts/{drafts[name]}").heading == heading


def test_only_a_cleared_draft_offers_files(filled: tuple[Site, dict[str, str]]) -> None:
    site, drafts = filled
    offering = {
        name
        for name, draft_id in drafts.items()
        if any(link.endswith("/file") for link in open_page(site, f"/drafts/{draft_id}").links)
    }
    assert offering == {"clear", "covered", "settled", "unread", "words-answered"}


def test_what_is_hostile_is_shown_and_never_carried_out(filled: tuple[Site, dict[str, str]]) -> None:
    site, drafts = filled
    answer = site.client.get(f"/drafts/{drafts['hostile']}", headers=HTML)
    assert "<script>alert" not in answer.text
    assert "onerror=alert(1)>" not in answer.text
    assert HOSTILE in Page(answer.text).words
    assert "\u202e" not in re.sub(r"<textarea.*?</textarea>", "", answer.text, flags=re.DOTALL)
    listed = site.client.get("/", headers=HTML).text
    assert "<script>alert" not in listed
    assert "\u202e" not in listed


def test_the_list_of_drafts_tells_each_state(filled: tuple[Site, dict[str, str]]) -> None:
    site, _ = filled
    words = open_page(site, "/").words
    for state in ("8 things to settle", "3 of 12 pictures looked at", "Waiting to be checked", "It stays blocked"):
        assert state in words


def test_accounts_that_may_not_be_used_are_shown_with_the_reason_and_cannot_be_chosen(
    filled: tuple[Site, dict[str, str]],
) -> None:
    site, _ = filled
    page = open_page(site, "/")
    choices = [field for field in page.fields if field.get("name") == "channel"]
    assert [(each["value"], "disabled" in each) for each in choices] == [
        ("Parents' newsletter", False),
        (WEBSITE, False),
        ("PTA Facebook", True),
        ("Year 6 Instagram", True),
    ]
    assert "Cannot be used: Senior staff have not approved this account." in page.words


def test_the_page_tells_how_far_the_check_is_without_scripts(filled: tuple[Site, dict[str, str]]) -> None:
    site, drafts = filled
    answer = site.client.get(f"/drafts/{drafts['checking']}", headers=HTML)
    assert "3 of 12 pictures looked at" in answer.text
    assert '<progress max="12" value="3"' in answer.text
    assert '<noscript><meta http-equiv="refresh"' in answer.text


def test_the_register_shows_who_may_be_shown_and_hides_why_not(filled: tuple[Site, dict[str, str]]) -> None:
    site, _ = filled
    page = open_page(site, "/register")
    assert "Heron, Year 4 (5)" in page.words
    assert "Staff (2)" in page.words
    assert "never" not in page.words.lower()
    found = open_page(site, "/register?q=okafor")
    assert "1 of 11 people match" in found.words
    assert "Amara Okafor-Whittington" in found.words


def test_previews_are_made_anew_and_typed(filled: tuple[Site, dict[str, str]]) -> None:
    site, drafts = filled
    answer = site.client.get(f"/drafts/{drafts['mixed']}/pictures/1/preview")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("place", ["unreadable/pictures/1", "mixed/pictures/99", "queued/pictures/1"])
def test_there_is_no_preview_of_what_was_never_made_anew(filled: tuple[Site, dict[str, str]], place: str) -> None:
    site, drafts = filled
    name, _, rest = place.partition("/")
    assert site.client.get(f"/drafts/{drafts[name]}/{rest}/preview").status_code == 404


# -- the road of a draft -------------------------------------------------------------------------------------------


def test_a_first_visit_teaches_what_to_do(settings: Settings) -> None:
    page = open_page(Site(settings), "/")
    assert "gatepost import register.csv" in page.words
    assert "None yet." in page.words
    assert "No account is in the register yet" in page.words
    assert page.faults == []
    assert "Nobody is in the register yet" in open_page(Site(settings), "/register").words


def test_the_form_takes_a_draft_in_shows_its_progress_and_its_result(site: Site) -> None:
    path = sent(site, b"picture of ben", b"picture of amara", caption="A fine day", alt_texts=["Running", ""])
    waiting = open_page(site, path)
    assert waiting.heading == "Checking your draft"
    assert "No worker is running" in waiting.words
    site.work()
    page = open_page(site, path)
    assert page.heading == "Nothing here stops this post."
    links = [link for link in page.links if link.endswith("/file")]
    assert len(links) == 2
    for link in links:
        answer = site.client.get(link)
        assert answer.status_code == 200
        assert answer.content.startswith(b"safe picture")
    assert "A fine day" in open_page(site, "/").words


def test_a_form_without_pictures_is_a_draft_of_words(site: Site) -> None:
    answer = send_without_pictures(site, channel=WEBSITE, caption="A fine day")
    assert answer.status_code == 303
    site.work()
    assert open_page(site, answer.headers["location"]).heading == "Nothing here stops this post."


def test_a_draft_that_is_refused_keeps_what_was_typed(site: Site) -> None:
    answer = send_without_pictures(site, channel=WEBSITE, caption="x" * 10_001, hashtags="#go &quot; <b>")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.faults == []
    assert page.title.startswith("Not sent:")
    assert "This draft was not taken in" in page.words
    assert "10,001 characters; 10,000 are allowed" in page.words
    assert next(field for field in page.fields if field.get("name") == "hashtags")["value"] == "#go &quot; <b>"
    assert "x" * 10_001 in page.words
    chosen = next(field for field in page.fields if field.get("value") == WEBSITE)
    assert "checked" in chosen


def test_a_program_that_posts_the_form_gets_problem_details(site: Site) -> None:
    answer = site.client.post("/drafts", data={"channel": WEBSITE}, files=[("pictures", ("", b""))])
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_draft_that_is_not_there_has_a_page_that_says_so(site: Site) -> None:
    page = open_page(site, "/drafts/nothing", status=404)
    assert page.heading == "Not found"
    assert "no such draft" in page.words
    assert page.faults == []
    assert "nothing at this address" in open_page(site, "/nowhere", status=404).words


def test_covering_a_face_makes_a_new_draft_that_is_checked_and_the_old_one_stays(site: Site) -> None:
    path = decided(site, b"picture of ben, stranger")
    before = open_page(site, path)
    assert "Face 2 is not cleared for School website." in before.words
    assert "Face 1" not in before.words
    new = revised(site, path, {"cover": "1:2"})
    page = open_page(site, new)
    assert page.heading == "Nothing here stops this post."
    assert path in page.links
    assert open_page(site, path).words == before.words


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"cover_faces": "1", "cover_box": "1:0,40,60,50", "reword": "1"}, id="ticked-one-by-one"),
        pytest.param({"settle": "all"}, id="in-one-press"),
    ],
)
def test_a_post_is_made_safe(site: Site, data: dict[str, str]) -> None:
    path = decided(site, b"picture of stranger, ben, stranger says Amara Okafor", caption="Well done Ben Marsh!")
    reasons = site.read(path)["decision"]["reasons"]
    wording = next(at for at, reason in enumerate(reasons) if reason["code"] == "pupil-named")
    if "reword" in data:
        data = {**data, "reword": str(wording)}
    page = open_page(site, revised(site, path, data))
    assert page.heading == "Nothing here stops this post."
    assert "Ben Marsh" not in page.words


def test_going_on_with_what_may_go_out_leaves_the_rest_behind(site: Site) -> None:
    path = decided(site, b"picture of ben", b"picture of stranger", b"broken")
    page = open_page(site, revised(site, path, {"settle": "go-on"}))
    assert page.heading == "Nothing here stops this post."
    assert len([link for link in page.links if link.endswith("/file")]) == 1


def test_another_account_can_be_chosen(site: Site) -> None:
    path = decided(site, b"picture of ben", channel="Club page")
    assert "The school has not been told of this account" in open_page(site, path).words
    choices = [field for field in open_page(site, path).fields if field.get("name") == "channel"]
    assert not any("required" in field for field in choices)  # it may be approved by now: checking again is enough
    assert open_page(site, revised(site, path, {"channel": WEBSITE})).heading == "Nothing here stops this post."


def test_a_change_that_makes_no_sense_is_told_on_a_page(site: Site) -> None:
    path = decided(site, b"picture of ben")
    answer = send_form(site, f"{path}/revisions", {"cover": "1:7"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Picture 1 has no face 7" in page.words
    assert page.faults == []


def test_a_change_cannot_bring_a_file(site: Site) -> None:
    path = decided(site, b"picture of ben")
    answer = send_form(site, f"{path}/revisions", None, [("caption", ("a.jpg", b"x", "image/jpeg"))])
    assert answer.status_code == 422


def test_a_draft_whose_check_failed_can_be_sent_again(site: Site) -> None:
    path = sent(site, b"picture of ben")
    States(site.service, site.me.actor).give_up(path.rpartition("/")[2])
    assert "What was not checked stays blocked." in open_page(site, path).words
    assert open_page(site, revised(site, path)).heading == "Nothing here stops this post."


def test_when_the_register_changes_there_is_nothing_to_download_until_it_is_checked_again(site: Site) -> None:
    path = decided(site, b"picture of ben")
    with site.register() as register:
        consent = next(each for each in register.consents("ben") if each.scope is Scope.WEBSITE)
        register.withdraw(consent.id, today() - timedelta(days=1))
    page = open_page(site, path)
    assert page.heading == "This post must not go out: it has to be checked again."
    assert "The register changed after this draft was checked." in page.words
    assert not [link for link in page.links if link.endswith("/file")]
    again = open_page(site, revised(site, path))
    assert "Face 1 is not cleared for School website." in again.words


def test_an_unknown_face_and_a_refused_one_read_the_same_on_every_page(site: Site) -> None:
    with site.register() as register:
        mother = register.guardians("zosia")[0]
        no = NewAnswer(granted=False, decided_on=today(), guardian_id=mother.id)
        register.record_consent("zosia", Scope.WEBSITE, no)
    unknown, refused = decided(site, b"picture of ben, stranger"), decided(site, b"picture of ben, zosia")

    def page(path: str) -> str:
        html = site.client.get(path, headers=HTML).text.replace(path, "THIS")
        return re.sub(r"\d\d:\d\d", "TIME", html)

    assert "Face 2 is not cleared" in page(unknown)
    assert page(unknown) == page(refused)


def said(**fields: str) -> dict[str, str]:
    return {"answered_by": "R. Patel", **fields}


@pytest.mark.parametrize(
    ("shown", "fields", "words"),
    [
        pytest.param("shadow", {"answer_1_1": "not-a-face"}, "Not a face, said by R. Patel.", id="not-a-face"),
        pytest.param(
            "stranger", {"answer_1_1": "visitor"}, "An adult visitor who agreed, said by R. Patel.", id="visitor"
        ),
        pytest.param(
            "stranger",
            {"answer_1_1": "person", "who_1_1": "Zosia Nowak, Willow"},
            "Zosia Nowak, Willow, said by R. Patel.",
            id="named-from-the-list",
        ),
        pytest.param("stranger", {"who_1_1": "zosia nowak"}, "Zosia Nowak, Willow, said by R. Patel.", id="name-alone"),
    ],
)
def test_what_a_teacher_says_about_a_face_clears_it(site: Site, shown: str, fields: dict[str, str], words: str) -> None:
    path = decided(site, f"picture of {shown}".encode())
    asked = open_page(site, path)
    assert ("Is this a face?" in asked.words) is (shown == "shadow")
    page = open_page(site, revised(site, path, said(**fields)))
    assert page.heading == "Nothing here stops this post."
    assert words in page.words
    assert page.faults == []


A_MARK = {
    "missed_picture": "1",
    "missed_left": "80",
    "missed_top": "30",
    "missed_width": "15",
    "missed_height": "35",
    "missed_is": "missed",
    "missed_who": "",
}


def test_a_missed_face_marked_on_a_cleared_post_blocks_it(site: Site) -> None:
    path = decided(site, b"picture of ben")
    assert "We found 1 face. Is that everyone?" in open_page(site, path).words
    blocked = revised(site, path, said(**A_MARK))
    page = open_page(site, blocked)
    assert page.heading == "This post must not go out yet: 1 thing to settle."
    assert "Face 2 is not cleared for School website." in page.words
    assert "Marked by hand, said by R. Patel." in page.words
    assert "We found 2 faces." in page.words
    assert open_page(site, revised(site, blocked, {"cover": "1:2"})).heading == "Nothing here stops this post."


def test_everybody_at_the_school_can_be_named_whatever_they_consented_to(site: Site) -> None:
    with site.register() as register:
        register.update_person("zosia", never_publish=True)
        register.update_person("amara", leaving_date=today() - timedelta(days=1))
    page = site.client.get(decided(site, b"picture of stranger"), headers=HTML).text
    assert re.findall('<option value="([^"]*, Willow)">', page) == ["Ben Marsh, Willow", "Zosia Nowak, Willow"]


def test_a_refused_answer_is_told_on_the_page_and_everything_stays_ticked_and_typed(site: Site) -> None:
    path = decided(site, b"picture of stranger, stranger, ben", caption="A fine day")
    data = said(answer_1_1="person", who_1_1="Nobody", cover="1:2", leave_out="1", caption="Another day", **A_MARK)
    answer = send_form(site, f"{path}/revisions", data)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.faults == []
    assert page.title.startswith("Nothing was changed:")
    assert "For face 1 in picture 1: nobody at the school is called “Nobody”." in page.words
    fields = {(field.get("name"), field.get("value")): field for field in page.fields}
    for ticked in (("answer_1_1", "person"), ("cover", "1:2"), ("leave_out", "1")):
        assert "checked" in fields[ticked]
    for typed in (("who_1_1", "Nobody"), ("missed_left", "80"), ("missed_height", "35")):
        assert typed in fields
    assert "Another day" in page.words


def test_an_answer_is_kept_with_the_name_of_whoever_is_signed_in(site: Site) -> None:
    path = decided(site, b"picture of stranger")
    path = revised(site, path, {"answer_1_1": "visitor", "answered_by": "Somebody else"})
    assert [answer["by"] for answer in site.read(path)["pictures"][0]["answers"]] == ["R. Patel"]


def test_a_preview_is_never_the_file_that_was_sent_nor_one_that_was_changed_since(site: Site) -> None:
    path = decided(site, b"picture of ben, stranger gps")
    shown = site.client.get(f"{path}/pictures/1/preview")
    assert shown.content.startswith(b"safe ")
    site.service.store.put(path.rpartition("/")[2], released_name(1), b"something else")
    assert site.client.get(f"{path}/pictures/1/preview").status_code == 404


def test_another_schools_draft_has_no_page(site: Site) -> None:
    with writing(site.service.engine) as session:
        from app.models import Draft
        from consent.register import create_school

        other = create_school(session, "Another school")
        session.add(theirs := Draft(school_id=other.id, channel="Website"))
    path = f"/drafts/{theirs.id}"
    assert open_page(site, path, status=404).heading == "Not found"
    assert site.client.get(f"{path}/pictures/1/preview").status_code == 404
    assert send_form(site, f"{path}/revisions").status_code == 404


def test_modules_and_styles_are_small_and_served_as_what_they_are(site: Site) -> None:
    folder = Path(__file__).parents[2] / "app" / "pages" / "static"
    files = [path for path in folder.iterdir() if path.suffix in (".css", ".mjs")]
    assert sum(path.stat().st_size for path in files) < 100_000
    for path in files:
        answer = site.client.get(f"/static/{path.name}")
        assert answer.status_code == 200
        wanted = "text/css" if path.suffix == ".css" else "javascript"
        assert wanted in answer.headers["content-type"]
        assert "http" not in answer.text.replace("http-equiv", "")


def test_the_waiting_page_is_told_how_far_the_check_is_and_no_reason(site: Site) -> None:
    draft = site.decided(b"picture of ben, stranger")
    told = site.client.get(f"/drafts/{draft['id']}/progress").json()
    assert told == {"status": "decided", "pictures": 1, "pictures_done": 1}
