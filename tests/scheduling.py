"""An office in which cron runs the month: its folder, its configuration, what a run leaves."""

import sys

import polars as pl
from openpyxl import load_workbook

from dtkstool.ledger.store import reading
from dtkstool.pipeline.journal import Journal
from dtkstool.pipeline.planning import Wish, plan_of
from dtkstool.pipeline.provenance import sha256
from dtkstool.pipeline.scheduled import run_month
from tests.town import CHILD, HEAD, listed

WRONG = {"NIK": "3201915207800003"}
TOML = """
[run]
files = ["masuk/{bulan}"]
registry = "registri"
out = "hasil/{bulan}"
today = 2026-11-30
[run.expect]
registry_days = 0
"""


def furnished(office, registry):
    (office / "registri").symlink_to(registry)
    (office / "dtkstool.toml").write_text(TOML)
    exported(office, "2026-11", [listed(HEAD, **WRONG), listed(CHILD, "A2")])
    exported(office, "2026-12", [listed(HEAD), listed(CHILD, "A2", **{"Nama": "RUDY HARTONO"})])
    return office


def exported(office, month, rows):
    (office / "masuk" / month).mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_csv(office / "masuk" / month / "dtks.csv")


def plan(office, today=None, **changes):
    wish = {"files": (), "registry": None, "out": None, "config": office / "dtkstool.toml", "ledger": None,
            "column_map": None, "model": None, "today": today, "lang": "id"}  # fmt: skip
    return plan_of(Wish(**(wish | changes)))


def ran(office, today=None, **changes):
    return run_month(plan(office, today, **changes), Journal())


def results(folder):
    """Content of every result file but run.json, whose timings differ."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def recorded(ledger):
    """Everything a ledger knows of months, as rows."""
    with reading(ledger) as opened:
        tables = ("decisions", "findings", "kinds", "records", "workbooks")
        return {
            name: opened.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in tables
        }


def left(month):
    """What a month left behind: its results and its ledger."""
    return results(month.plan.folder), recorded(month.plan.ledger)


def command(office, *more):
    config = str(office / "dtkstool.toml")
    return [sys.executable, "-m", "dtkstool", "run", "--config", config, "--quiet", *more]


def book(office, month="2026-11"):
    (found,) = (office / "hasil" / month).rglob("*_cibinong.xlsx")
    return found


def filled(path):
    """Fill a workbook in as an operator does."""
    workbook = load_workbook(path)
    workbook.worksheets[0]["H40"] = "diisi petugas"
    workbook.save(path)
    return path.read_bytes()
