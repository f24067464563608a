"""Candidate pairs: which registry persons a record is compared with at all.

A blocking rule gives each side keys; people who share one are compared. Unknown values never form
a key. A key that many registry persons share (a hot key) is refined by sex and birth year instead
of being dropped, and is counted. Each pair comes once, with the first rule that found it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from dtkstool.link.keys import NO_DATE, TOKENS

HOT = 300
"""Registry persons one key may have before it is refined."""


def key(*parts: tuple[str, int]) -> pl.Expr:
    """Return one UInt64 key from columns and the bits each may take; null where one is unknown."""
    known = pl.all_horizontal(
        pl.col(name) != (NO_DATE if _is_date(name) else 0) for name, _ in parts
    )
    packed = pl.lit(0, pl.UInt64)
    for name, bits in parts:
        value = pl.col(name) + 200_000 if _is_date(name) else pl.col(name)
        packed = packed * pl.lit(1 << bits, pl.UInt64) + value.cast(pl.UInt64, strict=False)
    return pl.when(known).then(packed)


def _is_date(name: str) -> bool:
    return name.startswith("birth") and name not in ("birthplace", "birth_year")


@dataclass(frozen=True)
class Block:
    """One blocking rule: any key of `left` that equals any key of `right` makes a pair."""

    name: str
    left: tuple[pl.Expr, ...]
    right: tuple[pl.Expr, ...]


def _same(name: str, *keys: pl.Expr) -> Block:
    return Block(name, keys, keys)


def _with_tokens(*parts: tuple[str, int]) -> tuple[pl.Expr, ...]:
    return tuple(key(*parts, (token, 24)) for token in TOKENS)


BLOCKS: tuple[Block, ...] = (
    _same("nik", key(("nik", 63))),
    _same("nik_tanpa_serial", key(("nik12", 63))),
    _same("nik_tanpa_wilayah", *_with_tokens(("nik10", 40))),
    _same("nik_tanpa_tanggal", key(("nik6", 20), ("nik4", 14), ("name", 24))),
    Block("nokk_di_kolom_nik", (key(("nik", 63)),), (key(("nokk", 63)),)),
    Block("nik_di_kolom_nokk", (key(("nokk", 63)),), (key(("nik", 63)),)),
    _same("nokk", key(("nokk", 63))),
    _same("tanggal_lahir+kata", *_with_tokens(("birth", 20))),
    Block(
        "tanggal_tertukar+kata",
        _with_tokens(("birth_swapped", 20)),
        _with_tokens(("birth", 20)),
    ),
    _same("tanggal_lahir+desa+jk", key(("birth", 20), ("desa", 36), ("sex", 2))),
    _same("tanggal_lahir+ibu", key(("birth", 20), ("mother", 24))),
    _same("ibu+kata+tahun", *_with_tokens(("mother", 24), ("birth_year", 12))),
    _same("nama+desa", key(("name", 24), ("desa", 36))),
    _same("nama+tahun", key(("name", 24), ("birth_year", 12))),
    _same("nama+ibu", key(("name", 24), ("mother", 24))),
)
SAME_NIK = BLOCKS[:1]


@dataclass(frozen=True)
class Candidates:
    """Pairs to compare, and what each rule gave."""

    pairs: pl.DataFrame
    """left UInt32, right UInt32 (row numbers of the two sides), block UInt8 (index into BLOCKS)."""
    counts: pl.DataFrame
    """One row per rule: block, pairs (new ones), hot_keys (refined), dropped (still too hot)."""


def with_birth_year(keys: pl.DataFrame) -> pl.DataFrame:
    """Return keys with `birth_year` (UInt16, 0 unknown) and `row` (UInt32), as rules need them."""
    year = pl.from_epoch(pl.col("birth"), time_unit="d").dt.year()
    return keys.with_columns(
        birth_year=pl.when(pl.col("birth") != NO_DATE).then(year).otherwise(0).cast(pl.UInt16),
        row=pl.int_range(pl.len(), dtype=pl.UInt32),
    )


def candidates(
    left: pl.DataFrame, right: pl.DataFrame, blocks: Iterable[Block] = BLOCKS
) -> Candidates:
    """Return every pair some rule finds between two `KEYS` frames, once, first rule first."""
    left, right = with_birth_year(left), with_birth_year(right)
    found, counts = [], []
    for index, block in enumerate(blocks):
        pairs, hot, dropped = _pairs_of(block, left, right)
        found.append(pairs.with_columns(block=pl.lit(index, pl.UInt8)))
        counts.append({"block": block.name, "hot_keys": hot, "dropped": dropped})
    pairs = pl.concat(found).unique(["left", "right"], keep="first", maintain_order=True)
    new = pairs.group_by("block").agg(pairs=pl.len())
    table = (
        pl.DataFrame(counts)
        .with_row_index("index")
        .join(new, left_on=pl.col("index").cast(pl.UInt8), right_on="block", how="left")
    )
    return Candidates(
        pairs, table.select("block", pl.col("pairs").fill_null(0), "hot_keys", "dropped")
    )


def _keyed(side: pl.DataFrame, keys: tuple[pl.Expr, ...]) -> pl.LazyFrame:
    parts = [side.lazy().select("row", "sex", "birth_year", key=k).drop_nulls("key") for k in keys]
    return pl.concat(parts) if len(parts) > 1 else parts[0]


def _pairs_of(
    block: Block, left: pl.DataFrame, right: pl.DataFrame
) -> tuple[pl.DataFrame, int, int]:
    mine = _keyed(left, block.left).unique().collect()
    wanted = mine.lazy().select("key").unique()
    theirs = _keyed(right, block.right).join(wanted, on="key", how="semi").unique().collect()
    sizes = theirs.group_by("key").agg(size=pl.len())
    hot = sizes.filter(pl.col("size") > HOT)
    cool = theirs.join(hot, on="key", how="anti") if hot.height else theirs
    pairs = [_joined(mine, cool, ["key"])]
    dropped = 0
    if hot.height:
        refined = theirs.join(hot, on="key", how="semi")
        keys = ["key", "sex", "birth_year"]
        still = refined.group_by(keys).agg(size=pl.len()).filter(pl.col("size") > HOT)
        pairs.append(_joined(mine, refined.join(still, on=keys, how="anti"), keys))
        dropped = still.height
    return pl.concat(pairs), hot.height, dropped


def _joined(mine: pl.DataFrame, theirs: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    joined = mine.join(theirs, on=keys, suffix="_right")
    return joined.select(left="row", right="row_right").sort("left", "right")
