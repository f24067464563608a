"""How the register fares from month to month.

The definitions, per record and month:

- *valid*: the month's decision is `tetap`; *open*: it is anything else.
- *recurring*: open in this month and in the month before.
- *new*: open in this month, and clean or not in the register the month before.
- *repaired*: open the month before, and in the register and clean now.
- *gone*: open the month before, and no longer in the register, or out of the counted list.
- Whom a clerk took out (`ingatan` keluar) is in no count, even where the register still has them.

So open now = new + recurring, and open before = repaired + recurring + gone. The month before is
the last one the ledger has before it, not the calendar's. In a view by kode, "open" means that
the record carries the code, whatever was decided; codes that only inform are left out.
"""

import sqlite3
from typing import Literal, get_args

import polars as pl

By = Literal["kecamatan", "desa", "kode", "petugas"]
VIEWS: tuple[By, ...] = get_args(By)
ACTIONS = ("hapus", "ganti", "ubah", "verifikasi", "konsolidasi")
COUNTED = "coalesce(ingatan, '') <> 'keluar'"
COUNTS = ("records", "valid", "open", "recurring", "new", "repaired", "gone", *ACTIONS)
PROGRESS = {
    "month": pl.String(),
    "group": pl.String(),  # null: unresolved, or decided on by no petugas yet
    **dict.fromkeys(COUNTS, pl.Int64()),
    "valid_share": pl.Float64(),  # null without records
    "rank": pl.UInt32(),  # within the month by valid_share, 1 = best
}
"""One row per month and group."""
ITEM = {
    "record": pl.Int64(), "code": pl.String(), "group": pl.String(), "action": pl.String(),
    "open": pl.Boolean(),
}  # fmt: skip
"""One row per record, or in the view by kode per record and code it carries."""


def progress(
    ledger: sqlite3.Connection, by: By, months: list[str], *, quiet_codes: frozenset[str]
) -> pl.DataFrame:
    """Return PROGRESS for every month of `months`, in order, each compared with the one before.

    The first is compared with nothing. `quiet_codes` are left out of the view by kode, where
    `records` is everybody and `valid` who does not carry the code.
    """
    before = pl.DataFrame(schema=ITEM)
    parts = [pl.DataFrame(schema=PROGRESS)]
    for month in months:
        now = items(ledger, by, month, quiet_codes)
        here = now if by != "kode" else _everybody(ledger, month)
        counts = compare(now, before, here)
        if by == "kode":
            everybody = pl.lit(here.height, pl.Int64)
            counts = counts.with_columns(records=everybody, valid=everybody - pl.col("open"))
        parts.append(ranked(counts).with_columns(month=pl.lit(month)).select(PROGRESS.keys()))
        before = now
    return pl.concat(parts)


def _everybody(ledger: sqlite3.Connection, month: str) -> pl.DataFrame:
    rows = ledger.execute(
        f"SELECT record FROM decisions WHERE month = ? AND {COUNTED}", (month,)
    ).fetchall()
    return pl.DataFrame(rows, {"record": pl.Int64}, orient="row")


def items(
    ledger: sqlite3.Connection, by: By, month: str, quiet_codes: frozenset[str]
) -> pl.DataFrame:
    """Return a month's ITEM rows."""
    group = {"kecamatan": "kecamatan", "desa": "desa"}.get(by, "NULL")
    rows = ledger.execute(
        f"SELECT record, codes, {group}, action, action <> 'tetap' FROM decisions"
        f" WHERE month = ? AND {COUNTED}",
        (month,),
    ).fetchall()
    df = pl.DataFrame(rows, {**ITEM, "open": pl.Int64}, orient="row").cast({"open": pl.Boolean})
    if by == "kode":
        return _by_code(df, quiet_codes)
    if by == "petugas":
        clerks = _last_clerk(ledger, month)
        df = df.drop("group").join(clerks, on="record", how="left", maintain_order="left")
    return df.with_columns(code=pl.lit("")).select(ITEM.keys())


def _by_code(df: pl.DataFrame, quiet_codes: frozenset[str]) -> pl.DataFrame:
    return (
        df.with_columns(pl.col("code").str.split(" "), open=pl.lit(True))
        .explode("code", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("code") != "", ~pl.col("code").is_in(quiet_codes))
        .with_columns(group="code")
        .select(ITEM.keys())
    )


def _last_clerk(ledger: sqlite3.Connection, month: str) -> pl.DataFrame:
    """Return record, group: who decided on a record last, up to the end of a month.

    A decision about a pair is one about both; a record may have gone by another id then. Two
    writings of one name are one clerk, shown as written last.
    """
    ids = ("record_id", "other_id", "json_extract(rest, '$.record_id_lama')")
    found = " UNION ALL ".join(
        f"SELECT {name} AS id, who, at, rowid AS nth FROM clerks WHERE who IS NOT NULL"
        for name in ids
    )
    rows = ledger.execute(
        f"SELECT record, who FROM ({found}) JOIN records ON record_id = id"
        " WHERE coalesce(substr(at, 1, 7), '') <= ? ORDER BY at, nth",
        (month,),
    ).fetchall()
    df = pl.DataFrame(rows, {"record": pl.Int64, "group": pl.String}, orient="row")
    name = pl.col("group").str.strip_chars().str.replace_all(r"\s+", " ")
    same = name.str.to_uppercase()
    return df.select("record", group=name.last().over(same)).unique(
        "record", keep="last", maintain_order=True
    )


def compare(now: pl.DataFrame, before: pl.DataFrame, here: pl.DataFrame) -> pl.DataFrame:
    """Return group and COUNTS from a month's ITEM rows and those of the month before.

    `here` has the record of everybody in this month's register. A repaired record counts for the
    group it is in now, one that is gone for its last group.
    """
    key = ["record", "code"]
    now_open, before_open = now.filter("open"), before.filter("open")
    closed = before_open.join(now_open, on=key, how="anti")
    repaired = closed.join(here.select("record"), on="record", how="semi")
    moved = repaired.select(key).join(now.select(*key, "group"), on=key)
    stayed = repaired.join(now, on=key, how="anti")
    parts = {
        "records": [now],
        "valid": [now.filter(~pl.col("open"))],
        "open": [now_open],
        "recurring": [now_open.join(before_open, on=key, how="semi")],
        "new": [now_open.join(before_open, on=key, how="anti")],
        "repaired": [moved, stayed],
        "gone": [closed.join(here, on="record", how="anti")],
        **{action: [now_open.filter(pl.col("action") == action)] for action in ACTIONS},
    }
    tall = pl.concat(
        df.select("group", count=pl.lit(name)) for name, frames in parts.items() for df in frames
    )
    named = [(pl.col("count") == name).sum().cast(pl.Int64).alias(name) for name in COUNTS]
    return tall.group_by("group").agg(named).sort("group", nulls_last=True)


def ranked(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the counts with valid_share and rank."""
    share = pl.when(pl.col("records") > 0).then(pl.col("valid") / pl.col("records"))
    return counts.with_columns(valid_share=share).with_columns(
        rank=pl.col("valid_share").rank("min", descending=True).cast(pl.UInt32)
    )


def total(view: pl.DataFrame) -> pl.DataFrame:
    """Return month, COUNTS and valid_share over all groups; of no use in the view by kode."""
    summed = view.group_by("month").agg(pl.col(COUNTS).sum()).sort("month")
    return ranked(summed).drop("rank")
