"""A ledger's care: old ones are brought forward, damage is told, copies are whole, one writes at a time."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from dtkstool.errors import UnusableInput
from dtkstool.ledger.clerks import clerk_decisions
from dtkstool.ledger.lock import LedgerBusy, lock_path, locked
from dtkstool.ledger.months import (
    months,
)
from dtkstool.ledger.schema import MIGRATIONS, VERSION
from dtkstool.ledger.store import migrate, reading, transaction, writing
from dtkstool.pipeline import ledgers
from tests.months import recorded

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


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
