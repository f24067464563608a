"""Candidate pairs: which registry persons a record is compared with at all.

A blocking rule gives each side keys; people who share one are compared. Unknown values never form
a key. A key that many registry persons share (a hot key) is refined by sex and birth year instead
of being dropped, and is counted. Each pair comes once, with the first rule that found it.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import polars as pl

from dtkstool.link.keys import NO_DATE, TOKENS

HOT = 300
"""Registry persons one key may have before it is refined."""
SHOWN = 3
"""Hot keys of a rule that are told by name."""


Key = tuple[tuple[str, int], ...]
"""Columns of `KEYS` that together make one key, and the bits each may take in it."""
DATE_ZERO = 200_000
"""Days added to a birth date, so that no packed one is negative."""


def packed(parts: Key) -> pl.Expr:
    """Return one UInt64 key from columns; null where one of them is unknown."""
    known = pl.all_horizontal(
        pl.col(name) != (NO_DATE if is_date(name) else 0) for name, _ in parts
    )
    whole = pl.lit(0, pl.UInt64)
    for name, bits in parts:
        value = pl.col(name) + DATE_ZERO if is_date(name) else pl.col(name)
        whole = whole * pl.lit(1 << bits, pl.UInt64) + value.cast(pl.UInt64, strict=False)
    return pl.when(known).then(whole)


def unpacked(parts: Key, key: int) -> dict[str, int]:
    """Return the values a packed key was made of, by column, in order."""
    values = {}
    for name, bits in reversed(parts):
        values[name] = key % (1 << bits) - (DATE_ZERO if is_date(name) else 0)
        key >>= bits
    return dict(reversed(values.items()))


def is_date(name: str) -> bool:
    """Say whether a column of `KEYS` counts days, `NO_DATE` being unknown."""
    return name in ("birth", "birth_swapped")


LEFT, RIGHT = 1 << 36, 1 << 4
"""What a pair's rows are multiplied with to make one number of them and one of sixteen rules."""


@dataclass(frozen=True)
class Block:
    """One blocking rule: any key of `left` that equals any key of `right` makes a pair."""

    name: str
    left: tuple[Key, ...]
    right: tuple[Key, ...]


def _same(name: str, *parts: tuple[str, int]) -> Block:
    return Block(name, (parts,), (parts,))


def _a_word(name: str, *parts: tuple[str, int]) -> Block:
    return Block(name, _with_tokens(*parts), _with_tokens(*parts))


def _with_tokens(*parts: tuple[str, int]) -> tuple[Key, ...]:
    return tuple((*parts, (token, 24)) for token in TOKENS)


BLOCKS: tuple[Block, ...] = (
    _same("nik", ("nik", 63)),
    _same("nik_tanpa_serial", ("nik12", 63)),
    _a_word("nik_tanpa_wilayah", ("nik10", 40)),
    _same("nik_tanpa_tanggal", ("nik6", 20), ("nik4", 14), ("name", 24)),
    Block("nokk_di_kolom_nik", ((("nik", 63),),), ((("nokk", 63),),)),
    Block("nik_di_kolom_nokk", ((("nokk", 63),),), ((("nik", 63),),)),
    _same("nokk", ("nokk", 63)),
    _a_word("tanggal_lahir+kata", ("birth", 20)),
    Block(
        "tanggal_tertukar+kata",
        _with_tokens(("birth_swapped", 20)),
        _with_tokens(("birth", 20)),
    ),
    _same("tanggal_lahir+desa+jk", ("birth", 20), ("desa", 36), ("sex", 2)),
    _same("tanggal_lahir+ibu", ("birth", 20), ("mother", 24)),
    _a_word("ibu+kata+tahun", ("mother", 24), ("birth_year", 12)),
    _same("nama+desa", ("name", 24), ("desa", 36)),
    _same("nama+tahun", ("name", 24), ("birth_year", 12)),
    _same("nama+ibu", ("name", 24), ("mother", 24)),
)
SAME_NIK = BLOCKS[:1]
COUNTS: dict[str, pl.DataType] = {
    "block": pl.String(),
    "hot_keys": pl.UInt32(),
    "dropped": pl.UInt32(),
    "hottest": pl.List(pl.Struct({"key": pl.UInt64(), "persons": pl.UInt32()})),
}


@dataclass(frozen=True)
class Candidates:
    """Pairs to compare, and what each rule gave."""

    pairs: pl.DataFrame
    """left UInt32, right UInt32 (row numbers of the two sides), block UInt8 (index into BLOCKS)."""
    counts: pl.DataFrame
    """One row per rule: block, pairs (new ones), hot_keys (refined), dropped (still too hot), and
    hottest: up to `SHOWN` hot keys as structs of key (UInt64) and persons, the hottest first."""


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
    rules = list(blocks)
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        each = list(pool.map(lambda block: _pairs_of(block, left, right), rules))
    pairs = _once(pl.concat(_numbered(found, index) for index, (found, _) in enumerate(each)))
    counts = [{"block": rule.name, **count} for rule, (_, count) in zip(rules, each, strict=True)]
    new = pairs.group_by("block").agg(pairs=pl.len())
    table = (
        pl.DataFrame(counts, schema=COUNTS)
        .with_row_index("index")
        .join(new, left_on=pl.col("index").cast(pl.UInt8), right_on="block", how="left")
    )
    return Candidates(
        pairs, table.select("block", pl.col("pairs").fill_null(0), "hot_keys", "dropped", "hottest")
    )


def _numbered(pairs: pl.DataFrame, block: int) -> pl.Series:
    """Return each pair and its rule as one number, which sorts as they do."""
    left, right = pl.col("left").cast(pl.UInt64), pl.col("right").cast(pl.UInt64)
    return pairs.select(pair=left * LEFT + right * RIGHT + block).to_series()


def _once(numbered: pl.Series) -> pl.DataFrame:
    """Return left, right and block of each pair once, in order, with the first of its rules."""
    pair = pl.col("pair")
    in_order = numbered.sort().to_frame().lazy().filter((pair // RIGHT).diff().fill_null(1) != 0)
    return in_order.select(
        left=(pair // LEFT).cast(pl.UInt32),
        right=(pair // RIGHT % (LEFT // RIGHT)).cast(pl.UInt32),
        block=(pair % RIGHT).cast(pl.UInt8),
    ).collect()


def _keyed(side: pl.DataFrame, keys: tuple[Key, ...]) -> pl.LazyFrame:
    needed = side.lazy()
    parts = [
        needed.select("row", "sex", "birth_year", key=packed(k)).drop_nulls("key") for k in keys
    ]
    return pl.concat(parts) if len(parts) > 1 else parts[0]


def _pairs_of(
    block: Block, left: pl.DataFrame, right: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return left and right of a rule's pairs, and what there is to say of its hot keys."""
    mine = _keyed(left, block.left).unique().collect()
    wanted = mine.lazy().select("key").unique()
    theirs = _keyed(right, block.right).join(wanted, on="key", how="semi").unique().collect()
    sizes = theirs.group_by("key").agg(persons=pl.len())
    hot = sizes.filter(pl.col("persons") > HOT)
    cool = theirs.join(hot, on="key", how="anti") if hot.height else theirs
    pairs = [_joined(mine, cool, ["key"])]
    dropped = 0
    if hot.height:
        refined = theirs.join(hot, on="key", how="semi")
        keys = ["key", "sex", "birth_year"]
        still = refined.group_by(keys).agg(size=pl.len()).filter(pl.col("size") > HOT)
        pairs.append(_joined(mine, refined.join(still, on=keys, how="anti"), keys))
        dropped = still.height
    hottest = hot.sort(["persons", "key"], descending=[True, False]).head(SHOWN).to_dicts()
    return pl.concat(pairs), {"hot_keys": hot.height, "dropped": dropped, "hottest": hottest}


def _joined(mine: pl.DataFrame, theirs: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    joined = mine.join(theirs, on=keys, suffix="_right")
    return joined.select(left="row", right="row_right")
