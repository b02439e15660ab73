"""The API tried against its description for longer than a test may take, from a seed that is printed.

python -m tests.benchmarks.schemathesis_deep [EXAMPLES] [SEED]
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from pathlib import Path

from app.config import Settings
from app.db import writing
from tests.described import known_drafts, try_everything, working
from tests.e2e.conftest import Site, fill_register
from tests.e2e.masked import recast


def main(examples: int = 150, seed: int = 0) -> None:
    seed = seed or secrets.randbelow(2**31)
    print(f"{examples} examples of each kind, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="gatepost-described-") as folder:
        site = Site(Settings(data=Path(folder) / "data", quota_drafts=1_000_000, quota_pictures=1_000_000))
        with writing(site.service.engine) as session:
            fill_register(session)
        recast(site)
        drafts, began = known_drafts(site), time.monotonic()
        with working(site):
            tally = try_everything(site, examples, drafts, seed=seed)
        site.service.engine.dispose()
    print(tally)
    print(f"every answer as described, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
