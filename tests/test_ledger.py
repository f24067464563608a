"""The ledger: what goes in comes out, old ones are brought forward, damage is told."""

import time

import polars as pl
import pytest

from dtkstool.errors import UnusableInput
from dtkstool.ledger.clerks import clerk_decisions, take_clerks
from dtkstool.ledger.months import (
    finish,
    latest_before,
    months,
    remember_workbooks,
    written_hashes,
)
from dtkstool.ledger.schema import APPLICATION
from dtkstool.ledger.store import reading, transaction, writing
from dtkstool.pipeline import ledgers
from tests.months import begun, decisions, findings, recorded


def test_a_month_comes_out_as_it_went_in_without_anybodys_values(tmp_path):
    path = tmp_path / "l.sqlite"
    recorded(
        path,
        "2026-11",
        ("A1", "tetap"),
        ("A2", "ubah"),
        found=[("A2", "NIK03"), ("A2", "NIK03"), (None, "FIL03")],
    )
    with reading(path) as ledger:
        tables = dict(ledgers.care.tables(ledger))
    assert tables["decisions"].select("month", "record_id", "action").rows() == [
        ("2026-11", "A1", "tetap"),
        ("2026-11", "A2", "ubah"),
    ]
    assert tables["findings"].select("record_id", "code", "times").rows() == [
        (None, "FIL03", 1),
        ("A2", "NIK03", 2),
    ]
    assert b"3525010101010001" not in path.read_bytes()


def test_a_second_run_of_a_month_takes_the_place_of_the_first(tmp_path):
    path = tmp_path / "l.sqlite"
    recorded(path, "2026-11", ("A1", "ubah"), ("A2", "ubah"))
    recorded(path, "2026-11", ("A1", "tetap"))
    with reading(path) as ledger:
        assert ledger.execute("SELECT record, action FROM decisions").fetchall() == [(1, "tetap")]
        assert months(ledger) == ["2026-11"]
        assert ledgers.care.problems(ledger) == []


def test_the_month_before_is_the_last_one_recorded_not_the_calendars(tmp_path):
    path = tmp_path / "l.sqlite"
    recorded(path, "2026-08", ("A1", "ubah"), inputs=[{"file": "a.csv", "bytes": 1, "sha256": "s"}])
    with reading(path) as ledger:
        before = latest_before(ledger, "2026-11")
        assert (before.month, before.records, dict(before.inputs)) == ("2026-08", 1, {"s": "a.csv"})
        assert latest_before(ledger, "2026-08") is None


def test_a_run_that_was_cut_off_is_marked_by_the_next(tmp_path):
    with writing(tmp_path / "l.sqlite") as ledger:
        begun(ledger)
        begun(ledger)
        states = [state for (state,) in ledger.execute("SELECT state FROM runs ORDER BY run")]
    assert states == ["terputus", "berjalan"]


def test_seventy_seven_thousand_decisions_and_their_findings_take_less_than_two_seconds(tmp_path):
    ids = pl.Series("record_id", [f"{i:012X}" for i in range(77_000)])
    many = decisions(("A1", "ubah")).drop("record_id").join(ids.to_frame(), how="cross")
    found = findings(("A1", "NIK03")).drop("record_id").join(ids.to_frame(), how="cross")
    with writing(tmp_path / "l.sqlite") as ledger:
        run, started = begun(ledger), time.process_time()
        finish(ledger, run, finished="x", inputs=[], decisions=many, findings=found)
        assert time.process_time() - started < 4  # 0.7 s alone; the machine may be busy


def test_a_ledger_that_was_cut_off_while_it_was_made_is_an_empty_one(tmp_path):
    path = tmp_path / "l.sqlite"
    path.touch()
    with reading(path) as ledger:
        assert months(ledger) == []


def test_a_reader_is_not_blocked_by_a_run_that_writes(tmp_path):
    path = tmp_path / "l.sqlite"
    recorded(path, "2026-10", ("A1", "ubah"))
    with writing(path) as ledger, transaction(ledger):
        ledger.execute("DELETE FROM decisions")
        started = time.monotonic()
        assert ledgers.view(path, "kecamatan", "").rows["open"].to_list() == [1]
        assert time.monotonic() - started < 5


KEPUTUSAN = pl.DataFrame({
    "record_id": ["A1", "A1", "A2"],
    "column": ["nik", None, None],
    "decision": ["setuju", "bukan_orang_sama", "hidup"],
    "record_id_right": [None, "A9", None],
    "who": ["Siti", "Siti", "Budi"],
    "at": ["2026-11-20", "2026-11-20", "2026-11-21"],
    "sheet": ["UBAH", "GANDA", "VERIFIKASI"],
    "reason": ["", "", "masih aktif"],
})  # fmt: skip


def test_clerks_decisions_are_taken_in_by_the_names_of_their_columns_and_only_once(tmp_path):
    with writing(tmp_path / "l.sqlite") as ledger:
        assert take_clerks(ledger, KEPUTUSAN) == 3
        assert take_clerks(ledger, KEPUTUSAN.reverse()) == 0
        kept = clerk_decisions(ledger)
    assert kept.select("record_id", "other_id", "field", "decision", "who").rows() == [
        ("A1", None, "nik", "setuju", "Siti"),
        ("A1", "A9", None, "bukan_orang_sama", "Siti"),
        ("A2", None, None, "hidup", "Budi"),
    ]
    assert kept["rest"].to_list()[2] == '{"reason": "masih aktif"}'


def test_clerks_decisions_without_a_record_are_refused(tmp_path):
    with writing(tmp_path / "l.sqlite") as ledger, pytest.raises(UnusableInput, match="record_id"):
        take_clerks(ledger, KEPUTUSAN.drop("record_id", "record_id_right"))


def test_a_workbook_is_known_by_every_content_it_was_written_with(tmp_path):
    with writing(tmp_path / "l.sqlite") as ledger:
        remember_workbooks(ledger, "2026-10", {"koreksi/a.xlsx": "s1"})
        remember_workbooks(ledger, "2026-10", {"koreksi/a.xlsx": "s2"})
        assert written_hashes(ledger) == {"s1", "s2"}


def test_a_ledger_says_what_it_is(tmp_path):
    with writing(tmp_path / "l.sqlite") as ledger:
        assert ledger.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert ledger.execute("PRAGMA journal_mode").fetchone() == ("wal",)
