"""Looking after a ledger: checking it, taking it out as tables, copying it and putting it back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import polars as pl

from dtkstool.ledger.schema import TABLES
from dtkstool.ledger.store import reading

EXPORTS = {
    "runs": "SELECT * FROM runs ORDER BY run",
    "inputs": "SELECT run, month, file, bytes, sha256 FROM inputs JOIN runs USING (run)"
    " ORDER BY run, file",
    "decisions": "SELECT month, record_id, kecamatan, desa, status, decisions.action, codes,"
    " ingatan FROM decisions JOIN records USING (record) ORDER BY month, record_id",
    "findings": "SELECT month, record_id, code, field, severity, action, times FROM findings"
    " LEFT JOIN records USING (record) JOIN kinds USING (kind)"
    " ORDER BY month, record_id, code, field",
    "workbooks": "SELECT month, path, sha256 FROM workbooks ORDER BY month, path, sha256",
    "clerks": "SELECT * FROM clerks ORDER BY at, mark",
}
NUMBERS = ("run", "bytes", "records", "findings", "times")


def tables(ledger: sqlite3.Connection) -> Iterator[tuple[str, pl.DataFrame]]:
    """Return each table as a frame, records by their id and not by the ledger's number."""
    for name, query in EXPORTS.items():
        cursor = ledger.execute(query)
        columns = [described[0] for described in cursor.description]
        schema = {column: pl.Int64 if column in NUMBERS else pl.String for column in columns}
        yield name, pl.DataFrame(cursor.fetchall(), schema, orient="row")


def problems(ledger: sqlite3.Connection) -> list[str]:
    """Return what is wrong with a ledger, in SQLite's words and ours; empty if it is sound."""
    found = [text for (text,) in ledger.execute("PRAGMA integrity_check") if text != "ok"]
    broken = ledger.execute("PRAGMA foreign_key_check").fetchall()
    found += [f"{table}: row {row} names a {parent} that is not there"
              for table, row, parent, _ in broken]  # fmt: skip
    counted = ledger.execute(
        "SELECT month, records, (SELECT count(*) FROM decisions d WHERE d.month = runs.month)"
        " FROM runs WHERE run IN (SELECT max(run) FROM runs WHERE state = 'selesai' GROUP BY month)"
    )
    found += [f"{month}: {held} decisions, the run had {records}"
              for month, records, held in counted if held != records]  # fmt: skip
    return found


def counts(ledger: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {name: ledger.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}


def copy(source: Path, target: Path) -> None:
    """Copy a ledger to the file `target` while others may be using it; the copy needs no WAL."""
    with reading(source) as ledger, closing(sqlite3.connect(target)) as other:
        ledger.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")


def companions(path: Path) -> tuple[Path, Path]:
    """Return the files SQLite keeps beside a ledger in use."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
