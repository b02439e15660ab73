"""EasyOCR's own code, in a virtual environment that has it: `make test-easyocr`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.easyocr.generated import believe_in, generate
from vision import weights

GENUINE = os.environ.get("GATEPOST_EASYOCR_WEIGHTS", "")
LEFT_OUT = "The test with EasyOCR's published weights is left out: GATEPOST_EASYOCR_WEIGHTS names no folder with them."


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "genuine: needs EasyOCR's published weights")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if item.get_closest_marker("genuine") and not GENUINE]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_report_collectionfinish() -> list[str]:
    return [] if GENUINE else [LEFT_OUT]


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        generate(folder)
    return folder


@pytest.fixture(scope="module")
def believed(generated: Path) -> Iterator[Path]:
    """The generated weights, which count as the published ones for as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setattr(weights, "EASYOCR", weights.EASYOCR)  # put back at the end
        believe_in(generated)
        yield generated


@pytest.fixture(scope="session", autouse=True)
def parts_are_found() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        patch.delenv("GATEPOST_EASYOCR_WEIGHTS", raising=False)
        yield
