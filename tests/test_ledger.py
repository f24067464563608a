"""The ledger: what goes in comes out, old ones are brought forward, damage is told."""

import os
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime

import polars as pl
import pytest

from dtkstool.errors import UnusableInput
from dtkstool.frames import FINDINGS
from dtkstool.ledger.clerks import clerk_decisions, take_clerks
from dtkstool.ledger.lock import LedgerBusy, lock_path, locked
from dtkstool.ledger.months import (
    Start,
    begin,
    finish,
    latest_before,
    months,
    remember_workbooks,
    written_hashes,
)
from dtkstool.ledger.schema import APPLICATION, MIGRATIONS, VERSION
from dtkstool.ledger.store import migrate, reading, transaction, writing
from dtkstool.pipeline import ledgers

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def begun(ledger, month="2026-11"):
    return begin(
        ledger, Start(month, "2026-11-22T08:00:00+00:00", "hasil", f"{month}-01", "0", "f", "r")
    )


def decisions(*rows):
    """Frame of (record_id, action) or (record_id, action, kecamatan)."""
    full = [(r[0], r[1], r[2] if len(r) > 2 else "352501") for r in rows]
    return pl.DataFrame(
        {
            "record_id": [r[0] for r in full],
            "kecamatan": [r[2] for r in full],
            "desa": [r[2] and f"{r[2]}2001" for r in full],
            "status": ["padan" if r[1] == "tetap" else "perbaikan" for r in full],
            "action": [r[1] for r in full],
            "codes": pl.Series([["CAP01", "KK01"]] * len(full), dtype=pl.List(pl.String)),
        },
        schema_overrides={"record_id": pl.String, "kecamatan": pl.String, "desa": pl.String},
    )


def findings(*rows):
    """Frame of (record_id, code)."""
    filled = [{"record_id": r, "code": c, "column": "nik", "value": "3525010101010001",
               "severity": "galat", "action": "ubah"} for r, c in rows]  # fmt: skip
    return pl.DataFrame(filled, schema=FINDINGS)


def recorded(path, month, *rows, found=(), inputs=()):
    with writing(path) as ledger:
        run = begun(ledger, month)
        finish(
            ledger,
            run,
            finished="x",
            inputs=inputs,
            decisions=decisions(*rows),
            findings=findings(*found),
        )


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


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_ledger_of_every_earlier_version_is_brought_forward_with_what_it_holds(tmp_path, version):
    path = tmp_path / "l.sqlite"
    old = sqlite3.connect(path, isolation_level=None)
    migrate(old, path, MIGRATIONS[:version])
    old.execute(
        "INSERT INTO runs VALUES (1, '2026-10', 'selesai', 'a', 'b', 'c', 'd', '0', 'f', 'r', 1, 0)"
    )
    old.execute("INSERT INTO records VALUES (1, 'A1')")
    old.execute(
        "INSERT INTO decisions (month, record, kecamatan, status, action, codes)"
        " VALUES ('2026-10', 1, '352501', 'perbaikan', 'ubah', 'KK01')"
    )
    old.close()
    recorded(path, "2026-11", ("A1", "tetap"))
    shown = ledgers.view(path, "kecamatan", "")
    assert shown.rows.select("month", "records", "open", "repaired").rows() == [
        ("2026-10", 1, 1, 0),
        ("2026-11", 1, 0, 1),
    ]
    with reading(path) as ledger:
        assert ledger.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert ledgers.care.problems(ledger) == []


def test_reading_an_old_ledger_brings_it_forward_too(tmp_path):
    path = tmp_path / "l.sqlite"
    old = sqlite3.connect(path, isolation_level=None)
    migrate(old, path, MIGRATIONS[:1])
    old.close()
    with reading(path) as ledger:
        assert clerk_decisions(ledger).is_empty()


def test_a_ledger_that_was_cut_off_while_it_was_made_is_an_empty_one(tmp_path):
    path = tmp_path / "l.sqlite"
    path.touch()
    with reading(path) as ledger:
        assert months(ledger) == []


def test_a_migration_that_breaks_off_leaves_the_ledger_as_it_was(tmp_path):
    path = tmp_path / "l.sqlite"
    old = sqlite3.connect(path, isolation_level=None)
    migrate(old, path, MIGRATIONS[:1])
    with pytest.raises(sqlite3.OperationalError):
        migrate(old, path, (MIGRATIONS[0], "CREATE TABLE baru (x);\nCREATE TABLE runs (y);"))
    assert old.execute("PRAGMA user_version").fetchone() == (1,)
    assert old.execute("SELECT count(*) FROM sqlite_master WHERE name = 'baru'").fetchone() == (0,)
    old.close()


def test_a_ledger_from_the_future_is_refused_with_both_versions(tmp_path):
    path = tmp_path / "l.sqlite"
    with writing(path) as ledger:
        ledger.execute("PRAGMA user_version = 99")
    with pytest.raises(UnusableInput, match="version 99"), reading(path):
        pass


@pytest.mark.parametrize(
    ("content", "key"), [(b"bukan basis data", "ledger_failed"), (None, "ledger_missing")]
)
def test_what_is_no_ledger_is_told(tmp_path, content, key):
    path = tmp_path / "l.sqlite"
    if content:
        path.write_bytes(content)
    with pytest.raises(UnusableInput) as told, reading(path):
        pass
    assert told.value.key == key


def test_another_programs_database_is_not_touched(tmp_path):
    path = tmp_path / "l.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(UnusableInput) as told, writing(path):
        pass
    assert told.value.key == "ledger_foreign"
    assert path.read_bytes() == before


def test_a_reader_is_not_blocked_by_a_run_that_writes(tmp_path):
    path = tmp_path / "l.sqlite"
    recorded(path, "2026-10", ("A1", "ubah"))
    with writing(path) as ledger, transaction(ledger):
        ledger.execute("DELETE FROM decisions")
        started = time.monotonic()
        assert ledgers.view(path, "kecamatan", "").rows["open"].to_list() == [1]
        assert time.monotonic() - started < 5


def test_a_copy_made_during_a_run_is_whole_and_can_be_put_back(tmp_path):
    path, copy = tmp_path / "l.sqlite", tmp_path / "salinan" / "l.sqlite"
    recorded(path, "2026-10", ("A1", "ubah"))
    with writing(path) as ledger, transaction(ledger):
        ledger.execute("DELETE FROM decisions")
        ledgers.backup(path, copy)
    recorded(path, "2026-11", ("A1", "tetap"))
    aside = ledgers.restore(copy, path)
    with reading(path) as ledger:
        assert months(ledger) == ["2026-10"]
    with reading(aside) as ledger:
        assert months(ledger) == ["2026-10", "2026-11"]


def test_a_damaged_copy_is_not_put_back(tmp_path):
    path, copy = tmp_path / "l.sqlite", tmp_path / "rusak.sqlite"
    recorded(path, "2026-10", ("A1", "ubah"), ("A2", "ubah"))
    ledgers.backup(path, copy)
    other = sqlite3.connect(copy)
    other.execute("DELETE FROM decisions WHERE record = 1")
    other.commit()
    other.close()
    assert ledgers.verify(copy)[0] == ["2026-10: 1 decisions, the run had 2"]
    with pytest.raises(UnusableInput, match="1 decisions"):
        ledgers.restore(copy, path)
    assert ledgers.verify(path)[1]["decisions"] == 2


def test_verify_notices_a_page_that_was_overwritten(tmp_path):
    path = tmp_path / "l.sqlite"
    recorded(path, "2026-10", *[(f"A{i}", "ubah") for i in range(2000)])
    ledgers.backup(path, tmp_path / "c.sqlite")
    content = bytearray((tmp_path / "c.sqlite").read_bytes())
    content[4096 * 5 : 4096 * 9] = os.urandom(4096 * 4)
    (tmp_path / "c.sqlite").write_bytes(content)
    try:
        assert ledgers.verify(tmp_path / "c.sqlite")[0]
    except UnusableInput as told:
        assert told.key == "ledger_failed"


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


def test_the_second_to_ask_for_the_lock_is_told_who_holds_it_and_since_when(tmp_path):
    path = tmp_path / "l.sqlite"
    with locked(path, NOW) as dead:
        assert dead is None
        with pytest.raises(LedgerBusy) as told, locked(path, NOW):
            pass
    assert f"process {os.getpid()} on " in str(told.value)
    assert "since 2026-11-22T08:00:00+00:00" in str(told.value)
    with locked(path, NOW) as dead:
        assert dead is None


def test_the_lock_of_a_dead_process_is_taken_over_and_its_name_told(tmp_path):
    path = tmp_path / "l.sqlite"
    code = (
        "import os, sys; from pathlib import Path; from datetime import datetime;"
        "from dtkstool.ledger.lock import locked;"
        "held = locked(Path(sys.argv[1]), datetime(2026, 11, 1)); held.__enter__(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    with locked(path, NOW) as dead:
        assert dead.since == "2026-11-01T00:00:00"
    assert lock_path(path).read_bytes() == b""


def test_a_ledger_says_what_it_is(tmp_path):
    with writing(tmp_path / "l.sqlite") as ledger:
        assert ledger.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert ledger.execute("PRAGMA journal_mode").fetchone() == ("wal",)
