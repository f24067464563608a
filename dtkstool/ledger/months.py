"""Writing a month into the ledger, and what the ledger knows of earlier ones."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from dtkstool.ledger.store import transaction

DECISIONS = ("record_id", "kecamatan", "desa", "status", "action", "codes")
NO_RECORD = 0
"""`findings.record` of what was found about a file or a column."""


@dataclass(frozen=True)
class Start:
    """What is known of a run when it begins."""

    month: str
    started: str
    folder: str
    today: str
    version: str
    fingerprint: str
    registry: str


@dataclass(frozen=True)
class Known:
    """What the ledger knows of an earlier month."""

    month: str
    records: int
    inputs: Mapping[str, str]
    """sha256 → file name."""


def begin(ledger: sqlite3.Connection, start: Start) -> int:
    """Note that a run begins and return its number; runs that were cut off are marked so.

    Only the holder of the ledger's lock may begin a run: then nobody else's can be under way.
    """
    with transaction(ledger):
        ledger.execute("UPDATE runs SET state = 'terputus' WHERE state = 'berjalan'")
        inserted = ledger.execute(
            "INSERT INTO runs"
            " (month, state, started, folder, today, version, fingerprint, registry)"
            " VALUES (?, 'berjalan', ?, ?, ?, ?, ?, ?)",
            (start.month, start.started, start.folder, start.today, start.version,
             start.fingerprint, start.registry),
        )  # fmt: skip
    return int(inserted.lastrowid or 0)


def fail(ledger: sqlite3.Connection, run: int, finished: str) -> None:
    """Note that a run ended with an error."""
    with transaction(ledger):
        ledger.execute(
            "UPDATE runs SET state = 'gagal', finished = ? WHERE run = ?", (finished, run)
        )


def finish(
    ledger: sqlite3.Connection,
    run: int,
    *,
    finished: str,
    inputs: Iterable[Mapping[str, str | int]],
    decisions: pl.DataFrame,
    findings: pl.DataFrame,
) -> None:
    """Write a run's month, in place of what an earlier run of the same month wrote.

    `decisions` has record_id, kecamatan, desa, status, action, codes (list) and perhaps ingatan;
    `findings` as `frames.FINDINGS`, of which no value is kept.
    """
    (month,) = ledger.execute("SELECT month FROM runs WHERE run = ?", (run,)).fetchone()
    with transaction(ledger):
        for table in ("decisions", "findings"):
            ledger.execute(f"DELETE FROM {table} WHERE month = ?", (month,))
        numbers = _numbered(ledger, decisions["record_id"], findings["record_id"])
        _decisions(ledger, month, decisions, numbers)
        _findings(ledger, month, findings, numbers)
        ledger.executemany(
            "INSERT INTO inputs (run, file, bytes, sha256) VALUES (?, ?, ?, ?)",
            [(run, entry["file"], entry["bytes"], entry["sha256"]) for entry in inputs],
        )
        ledger.execute(
            "UPDATE runs SET state = 'selesai', finished = ?, records = ?, findings = ?"
            " WHERE run = ?",
            (finished, decisions.height, findings.height, run),
        )


def _numbered(ledger: sqlite3.Connection, *ids: pl.Series) -> pl.DataFrame:
    """Return record_id, record: the ledger's number of every id, new ones given the next."""
    wanted = pl.concat(ids).drop_nulls().unique().sort()
    ledger.executemany(
        "INSERT OR IGNORE INTO records (record_id) VALUES (?)", ((id,) for id in wanted)
    )
    known = ledger.execute("SELECT record_id, record FROM records").fetchall()
    return pl.DataFrame(known, {"record_id": pl.String, "record": pl.Int64}, orient="row")


def _decisions(
    ledger: sqlite3.Connection, month: str, decisions: pl.DataFrame, numbers: pl.DataFrame
) -> None:
    rows = (
        decisions.select(*DECISIONS, _remembered(decisions))
        .join(numbers, on="record_id")
        .select(
            pl.lit(month),
            "record",
            "kecamatan",
            "desa",
            pl.col("status", "action").cast(pl.String),
            pl.col("codes").list.join(" "),
            "ingatan",
        )
        .sort("record")
    )
    ledger.executemany(
        "INSERT INTO decisions (month, record, kecamatan, desa, status, action, codes, ingatan)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows.iter_rows(),
    )


def _remembered(decisions: pl.DataFrame) -> pl.Expr:
    """Return `ingatan` as text; null for decisions made without any memory."""
    if "ingatan" in decisions.columns:
        return pl.col("ingatan").cast(pl.String)
    return pl.lit(None, pl.String).alias("ingatan")


def _findings(
    ledger: sqlite3.Connection, month: str, findings: pl.DataFrame, numbers: pl.DataFrame
) -> None:
    plain = findings.select(
        "record_id",
        "code",
        field=pl.col("column").fill_null(""),
        severity=pl.col("severity").cast(pl.String),
        action=pl.col("action").cast(pl.String),
    )
    kind = ["code", "field", "severity", "action"]
    ledger.executemany(
        "INSERT OR IGNORE INTO kinds (code, field, severity, action) VALUES (?, ?, ?, ?)",
        plain.select(kind).unique().sort(kind).iter_rows(),
    )
    known = ledger.execute("SELECT code, field, severity, action, kind FROM kinds").fetchall()
    kinds = pl.DataFrame(known, {**dict.fromkeys(kind, pl.String), "kind": pl.Int64}, orient="row")
    rows = (
        plain.join(kinds, on=kind)
        .join(numbers, on="record_id", how="left")
        .group_by(pl.col("record").fill_null(NO_RECORD), "kind")
        .len()
        .sort("record", "kind")
        .select(pl.lit(month), "record", "kind", "len")
    )
    ledger.executemany("INSERT INTO findings VALUES (?, ?, ?, ?)", rows.iter_rows())


def months(ledger: sqlite3.Connection) -> list[str]:
    """Return the months that have decisions, the earliest first."""
    found = ledger.execute("SELECT DISTINCT month FROM runs WHERE state = 'selesai' ORDER BY month")
    return [month for (month,) in found]


def latest_before(ledger: sqlite3.Connection, month: str) -> Known | None:
    """Return the last month before `month`, as its last finished run saw it; None if none is."""
    found = ledger.execute(
        "SELECT run, month, records FROM runs WHERE state = 'selesai' AND month < ?"
        " ORDER BY month DESC, run DESC LIMIT 1",
        (month,),
    ).fetchone()
    if not found:
        return None
    run, known, records = found
    inputs = ledger.execute("SELECT sha256, file FROM inputs WHERE run = ?", (run,)).fetchall()
    return Known(known, records, dict(inputs))


def remember_workbooks(ledger: sqlite3.Connection, month: str, hashes: Mapping[str, str]) -> None:
    """Note the sha256 of workbooks (path → hash) before they are put where operators find them."""
    with transaction(ledger):
        ledger.executemany(
            "INSERT OR IGNORE INTO workbooks (path, sha256, month) VALUES (?, ?, ?)",
            [(path, sha, month) for path, sha in hashes.items()],
        )


def written_hashes(ledger: sqlite3.Connection) -> frozenset[str]:
    """Return the sha256 of every workbook ever written: a file with another one was edited."""
    return frozenset(sha for (sha,) in ledger.execute("SELECT DISTINCT sha256 FROM workbooks"))
