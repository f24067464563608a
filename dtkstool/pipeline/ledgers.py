"""What is done with a ledger beside running a month: progress, copies, clerks' decisions."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from dtkstool.errors import BadConfiguration, UnusableInput, Where
from dtkstool.ledger import care
from dtkstool.ledger.clerks import take_clerks
from dtkstool.ledger.lock import locked
from dtkstool.ledger.months import months
from dtkstool.ledger.progress import VIEWS, By, progress, total
from dtkstool.ledger.store import reading, writing
from dtkstool.pipeline.journal import now
from dtkstool.read import expand
from dtkstool.rules.catalogue import RULES
from dtkstool.wilayah import regions
from dtkstool.write.tables import replacing, write_parquet

SQLITE = b"SQLite format 3\0"
"""What every ledger begins with."""

INFORMING = frozenset({rule.code for rule in RULES if rule.severity == "info"} | {"CAP01"})
"""Codes that ask for nothing: CAP01 says that a record is linked by NIK and name."""


@dataclass(frozen=True)
class View:
    """Progress broken down one way."""

    by: By
    months: list[str]
    """The months shown, in order."""
    before: str | None
    """What the newest month is compared with."""
    rows: pl.DataFrame
    """`ledger.progress.PROGRESS` and name, one row per month and group."""
    total: pl.DataFrame | None
    """The same per month over everything; None where groups overlap."""

    @property
    def newest(self) -> str:
        """The last month shown."""
        return self.months[-1]

    def trend(self, group: str | None) -> list[float | None]:
        """Return a group's valid share in each month shown; None where it has no records."""
        mine = self.rows.filter(pl.col("group").eq_missing(pl.lit(group, pl.String)))
        known = dict(mine.select("month", "valid_share").iter_rows())
        return [known.get(month) for month in self.months]


def view(path: Path, by: str, since: str) -> View:
    """Return progress from the ledger at `path`, from the month `since` on (empty: from the first).

    BadConfiguration for a breakdown there is not, or when no month is left.
    """
    if by not in VIEWS:
        known = ", ".join(VIEWS)
        raise BadConfiguration("bad_choice", value=by, option="--by", known=known)
    if since and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", since):
        raise BadConfiguration("bad_month", value=since)
    chosen: By = by
    with reading(path) as ledger:
        known_months = months(ledger)
        shown = [month for month in known_months if month >= since]
        if not shown:
            told = ", ".join(known_months) or "–"
            raise BadConfiguration("no_months", where=Where(str(path)), known=told)
        first = known_months.index(shown[0])
        compared = known_months[max(first - 1, 0) :]
        rows = progress(ledger, chosen, compared, quiet_codes=INFORMING)
    named = _named(rows.filter(pl.col("month").is_in(shown)), chosen)
    whole = None if chosen == "kode" else total(named)
    return View(chosen, shown, compared[-2] if len(compared) > 1 else None, named, whole)


def _named(rows: pl.DataFrame, by: By) -> pl.DataFrame:
    """Return the rows with `name`: the place's, else the group itself; null stays null."""
    if by in ("kode", "petugas"):
        return rows.with_columns(name="group")
    names = regions().select(group="code", name="name")
    return rows.join(names, on="group", how="left", maintain_order="left").with_columns(
        pl.coalesce("name", "group")
    )


def export(path: Path, out: Path) -> dict[Path, int]:
    """Write every table of a ledger as Parquet into `out`; return file → rows."""
    written = {}
    with reading(path) as ledger:
        for name, df in care.tables(ledger):
            write_parquet(df, out / f"{name}.parquet")
            written[out / f"{name}.parquet"] = df.height
    return written


def verify(path: Path) -> tuple[list[str], dict[str, int]]:
    """Return what is wrong with a ledger, and how many rows its tables and months it has."""
    with reading(path) as ledger:
        found = care.problems(ledger)
        return found, {} if found else care.counts(ledger) | {"months": len(months(ledger))}


def backup(path: Path, target: Path) -> None:
    """Copy a ledger, whole or not at all, while others may be using it.

    An older copy is replaced; UnusableInput if the target is a file of another kind.
    """
    if target.is_file() and target.stat().st_size:
        with target.open("rb") as file:
            if file.read(len(SQLITE)) != SQLITE:
                raise UnusableInput("over_foreign", where=Where(str(target)))
    with replacing(target) as temporary:
        care.copy(path, temporary)


def restore(copy: Path, path: Path) -> Path | None:
    """Put a copy in a ledger's place; return where the ledger that was there is kept, if one was.

    UnusableInput if the copy is not sound; LedgerBusy while a run holds the ledger.
    """
    with reading(copy) as ledger:
        found = care.problems(ledger)
    if found:
        raise UnusableInput("ledger_unsound", where=Where(str(copy)), reason=found[0])
    with locked(path, now()):
        aside = _set_aside(path, now()) if path.exists() else None
        with replacing(path) as temporary:
            care.copy(copy, temporary)
    return aside


def _set_aside(path: Path, when: datetime) -> Path:
    """Move a ledger with what its WAL still holds to a name of its own; a damaged one as it is."""
    aside = path.with_name(f"{path.stem}-{when:%Y%m%d-%H%M%S}{path.suffix}")
    try:
        with closing(sqlite3.connect(path)) as ledger:
            ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        pass
    path.replace(aside)
    for old, kept in zip(care.companions(path), care.companions(aside), strict=True):
        if old.exists():
            old.replace(kept)
    return aside


def take(path: Path, files: Sequence[str]) -> int:
    """Take clerks' decisions into a ledger; return how many were new.

    UnusableInput if there is no Parquet file among them.
    """
    written = [file for file in expand(files) if file.suffix == ".parquet"]
    if not written:
        raise UnusableInput("clerks_none", where=Where(", ".join(files)))
    with locked(path, now()), writing(path) as ledger:
        return sum(take_clerks(ledger, pl.read_parquet(file)) for file in written)
