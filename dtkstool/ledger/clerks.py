"""What clerks decided on the workbooks, kept for the months to come."""

import hashlib
import json
import sqlite3

import polars as pl

from dtkstool.apply.memory import KEPUTUSAN
from dtkstool.errors import UnusableInput
from dtkstool.ledger.store import transaction

ALIASES = {
    "record_id": ("record_id", "record_id_left", "record_id_1"),
    "other_id": ("other_id", "record_id_right", "record_id_2", "pair"),
    "field": ("field", "column", "kolom"),
    "decision": ("decision", "keputusan"),
    "values": ("values_hash", "hash", "values"),
    "who": ("who", "petugas", "clerk"),
    "at": ("at", "when", "applied", "tanggal"),
    "sheet": ("sheet", "lembar"),
    "file": ("file", "source_file", "berkas"),
}
"""The ledger's column → what it may be called in `keputusan.parquet`, the likeliest first."""
NEEDED = ("record_id", "decision")


def take_clerks(ledger: sqlite3.Connection, decisions: pl.DataFrame) -> int:
    """Add clerks' decisions and return how many were new; a line already known is not added twice.

    `decisions` is what `apply` wrote (`keputusan.parquet`). Columns are found by name; those the
    ledger has no column for are kept as JSON. UnusableInput without record_id and decision; lines
    where either is null are left out.
    """
    found = {
        ours: name
        for ours, names in ALIASES.items()
        if (name := next((n for n in names if n in decisions.columns), None))
    }
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise UnusableInput("clerks_columns", missing=", ".join(missing))
    wanted = decisions.drop_nulls([found[name] for name in NEEDED])
    known = wanted.select(
        (pl.col(found[ours]).cast(pl.String) if ours in found else pl.lit(None, pl.String)).alias(
            ours
        )
        for ours in ALIASES
    )
    rest = [name for name in decisions.columns if name not in found.values()]
    more = wanted.select(rest).to_dicts() if rest else [{}] * wanted.height
    rows = [
        (*line, json.dumps(other, default=str, sort_keys=True))
        for line, other in zip(known.iter_rows(), more, strict=True)
    ]
    with transaction(ledger):
        before = _count(ledger)
        ledger.executemany(
            f"INSERT OR IGNORE INTO clerks VALUES (?{', ?' * (len(ALIASES) + 1)})",
            [(_mark(row), *row) for row in rows],
        )
        return _count(ledger) - before


def clerk_decisions(ledger: sqlite3.Connection) -> pl.DataFrame:
    """Return all clerks' decisions: the columns of ALIASES and `rest` (JSON), oldest first."""
    names = [*ALIASES, "rest"]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = ledger.execute(f"SELECT {columns} FROM clerks ORDER BY at, rowid").fetchall()
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def keputusan(ledger: sqlite3.Connection) -> pl.DataFrame:
    """Return all clerks' decisions as `apply` wrote them, oldest first (`memory.KEPUTUSAN`)."""
    ours = {"field": "column", "values": "values_hash", "who": "petugas", "at": "applied"}
    known = clerk_decisions(ledger).rename(ours)
    rest = [name for name in KEPUTUSAN if name not in known.columns]
    decoded = known["rest"].str.json_decode(pl.Struct(dict.fromkeys(rest, pl.String)))
    whole = known.hstack(decoded.struct.unnest())
    return whole.select(
        pl.col(name).str.to_date(strict=False) if dtype == pl.Date else pl.col(name).cast(dtype)
        for name, dtype in KEPUTUSAN.items()
    )


def _mark(row: tuple[str | None, ...]) -> str:
    return hashlib.sha256(json.dumps(row).encode()).hexdigest()


def _count(ledger: sqlite3.Connection) -> int:
    (count,) = ledger.execute("SELECT count(*) FROM clerks").fetchone()
    return int(count)
