"""No answer of the API that its description does not hold: tried with each kind of key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.config import Settings
from app.db import writing
from tests.described import known_drafts, try_everything, working
from tests.e2e.conftest import Site, fill_register
from tests.e2e.masked import recast


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(Settings(data=tmp_path_factory.mktemp("described") / "data", quota_drafts=100_000))
    with writing(made.service.engine) as session:
        fill_register(session)
    recast(made)
    yield made
    made.service.engine.dispose()


def test_nothing_is_answered_that_is_not_described(site: Site) -> None:
    drafts = known_drafts(site)
    with working(site):
        tally = try_everything(site, 18, drafts)
    print(tally)
    assert tally.cases > 500
    assert {200, 202, 401, 403, 404, 422} <= set(tally.statuses)
    assert not [status for status in tally.statuses if status >= 500]
