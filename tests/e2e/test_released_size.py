"""How large the released pictures are is the school's to choose, for what is checked from then on."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlmodel import select

from app.cli.doctor import released_row
from app.db import reading, writing
from app.models import AuditEvent
from app.school import apply_school, read_school
from tests.e2e.conftest import Site
from vision.testing import a_picture, fake_eyes


def stated(pixels: int) -> bytes:
    return b'{"name": "Wren Primary", "domain": "wren.sch.uk", "released_side": %d}' % pixels


def choose(site: Site, pixels: int) -> list[str]:
    with writing(site.service.engine) as session:
        return apply_school(session, read_school(stated(pixels)))


@pytest.fixture
def site(site: Site) -> Site:
    """Everything real but the models, which find nothing in any picture."""
    site.inspector = fake_eyes()  # type: ignore[assignment]
    return site


def released_size(site: Site, draft: dict[str, object]) -> tuple[int, int]:
    answer = site.client.get(f"/api/v1/drafts/{draft['id']}/pictures/1")
    assert answer.status_code == 200, answer.text
    size: tuple[int, int] = Image.open(io.BytesIO(answer.content)).size
    return size


def test_pictures_are_released_no_larger_than_the_school_chose(site: Site) -> None:
    picture = a_picture(size=(3000, 1500))
    assert released_size(site, site.decided(picture)) == (2048, 1024)
    choose(site, 1000)
    assert released_size(site, site.decided(picture)) == (1000, 500)
    choose(site, 4000)
    assert released_size(site, site.decided(picture)) == (3000, 1500)


def test_what_was_decided_before_stays_as_it_is(site: Site) -> None:
    draft = site.decided(a_picture(size=(3000, 1500)))
    choose(site, 1000)
    assert released_size(site, draft) == (2048, 1024)


def test_the_size_is_set_by_the_schools_file_audited_and_shown(site: Site) -> None:
    assert "Released pictures change: at most 1200 pixels on the long side." in choose(site, 1200)
    assert choose(site, 1200) == []
    with reading(site.service.engine) as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == "released-side:changed"))
    assert (event.subject, event.details) == (site.service.school_id, {"before": 2048, "after": 1200})
    with site.register() as register:
        assert released_row(register).says == "at most 1200 pixels on the long side"
