"""Where the ledger last saw a record."""

import sqlite3

import polars as pl

LAST_SEEN = {"record_id": pl.String(), "last_desa": pl.String()}


def last_seen(ledger: sqlite3.Connection) -> pl.DataFrame:
    """Return `LAST_SEEN`: each record's desa in the last month it was in; null if unresolved."""
    # With max() SQLite takes the other columns from the row that has it.
    rows = ledger.execute(
        "SELECT record_id, desa, max(month) FROM decisions JOIN records USING (record)"
        " GROUP BY record"
    )
    return pl.DataFrame([row[:2] for row in rows], LAST_SEEN, orient="row")
