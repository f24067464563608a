"""Three outcomes to write: messy, clean, empty; and one that is too large to show whole."""

import polars as pl
import pytest

from dtkstool.frames import FINDINGS
from dtkstool.write.findings import JUDGING, Outcome
from tests.formats.outcomes import MESSY_ROWS
from tests.judging import judged


@pytest.fixture(scope="module")
def messy():
    return Outcome(judged(MESSY_ROWS), {"desa.xlsx": 3, "bersih.csv": 10})


@pytest.fixture
def clean():
    return Outcome(pl.DataFrame(schema=FINDINGS), {"bersih.csv": 10})


@pytest.fixture
def empty():
    return Outcome(pl.DataFrame(schema=FINDINGS), {})


@pytest.fixture(scope="module")
def huge():
    """Every rule broken 40 times, in long cells."""
    many = pl.DataFrame(
        [
            {
                "source_file": f"desa {at % 700}.xlsx", "sheet": "Sheet1", "row": at + 2,
                "cell": f"B{at + 2}", "column": "alamat", "value": "JALAN " * 40, "code": rule.code,
                "severity": rule.severity, "message": "<&\">" * 60, "action": rule.action,
                "record_id": f"r{at}",
            }
            for at in range(40) for rule in JUDGING
        ],
        schema=FINDINGS,
    )  # fmt: skip
    return Outcome(many, {f"desa {at}.xlsx": 100 for at in range(700)})


@pytest.fixture
def limit(monkeypatch):
    """CI servers' limit, low enough for a test to reach."""
    for name in ("sarif", "gitlab"):
        monkeypatch.setattr(f"dtkstool.write.forms.{name}.MOST", 1_000)
    return 1_000
