"""Properties try the same examples in every run; `HYPOTHESIS_PROFILE=search` looks for new ones."""

import gc
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import settings

from dtkstool.pipeline.extracts import build_registry
from tests.examples import PROFILE
from tests.gate import FAULTY, HEADINGS, SOUND
from tests.scheduling import furnished, ran
from tests.town import CHILD, HEAD, TODAY, strangers

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("all", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(PROFILE)


def pytest_collection_finish():
    """Spare the garbage collector the modules and tests, which stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def registry(tmp_path_factory):
    """A registry of two people and many strangers; only to look at."""
    folder = tmp_path_factory.mktemp("registri")
    pl.DataFrame([HEAD, CHILD, *strangers()]).write_csv(folder / "biodata.csv")
    extracts = [str(folder / "biodata.csv")]
    build_registry(extracts, {}, folder / "r", today=TODAY, column_map=None, model_path=None)
    return folder / "r"


@pytest.fixture
def office(tmp_path, registry):
    """A folder with a configuration, the registry and two months of a register."""
    return furnished(tmp_path, registry)


@pytest.fixture(scope="session")
def worked(tmp_path_factory, registry):
    """An office whose two months were run; only to look at."""
    office = furnished(tmp_path_factory.mktemp("kantor"), registry)
    months = {"november": ran(office), "december": ran(office, date(2026, 12, 31))}
    return SimpleNamespace(office=office, **months)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with one clean file, one with a fault, one that cannot be read, one without rows."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "bersih.csv": HEADINGS + SOUND,
        "salah.csv": HEADINGS + SOUND + FAULTY,
        "rusak.xls": "<html><body>NIK</body></html>",
        "kosong.csv": HEADINGS,
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path
