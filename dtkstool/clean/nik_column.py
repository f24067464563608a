"""Whether Excel or a float damaged a column of NIK or No KK: judged per column, never per cell.

Excel keeps 15 digits: a NIK typed as a number ends in 0. In a healthy column at most one number in
ten does (serials start at 0001, so really fewer), and such a number is nobody's fault.
"""

import math

import polars as pl

from dtkstool.clean.nik_cell import FLOAT_EXACT
from dtkstool.frames import NIK_KELAS

ZERO_SHARE = 0.1
"""Share of last digits 0 that chance gives."""
DAMAGED_SHARE = 0.2
"""Above it a number ending in 0 is damaged more likely than not."""
SURE = math.log(1e4)
"""A column is condemned at odds of 10 000 to 1 (Chernoff bound); four zeros out of four do."""
UNSURE = math.log(100)
SOUND_NUMBERS = 5
"""Numeric cells that must end in 1–9 before a column's numbers are believed to be exact."""
EVEN_NUMBERS = 14
"""So many numbers above 2^53, all even, are no chance: 2^-14 is 1 in 16 384."""

_NUMERIC = pl.col("numeric").fill_null(False).cast(pl.Int8) * 2
SOURCES = 3  # of a number: text, float, number cell
SOURCE = pl.when(_NUMERIC == 2).then(_NUMERIC).otherwise(pl.col("via_float").cast(pl.Int8))


def with_column_verdict(df: pl.DataFrame, damage: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return `df` with the numbers condemned that a damaged column explains.

    Reads `layout, numeric` and what `read_cells` gives; only cells showing the symptom change:
    `rusak_digit16` ends in 0, `rusak_float` is even and above 2^53. Their `nik` and `repair`
    become null, `digits` stay. `damage` is `damage_of` the whole columns where `df` is a slice.
    """
    keyed = df.with_columns(source=SOURCE)
    verdicts = damage_of(keyed) if damage is None else damage
    if not verdicts["zero_damaged"].any() and not verdicts["even_damaged"].any():
        return df
    return _condemned(
        keyed.join(verdicts, on=["layout", "source"], how="left", maintain_order="left")
    )


def numbers(df: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct `value` of a slice by `layout, source`: all that `damage_of` needs."""
    return df.select("layout", "value", source=SOURCE).drop_nulls("value").unique()


def damage_of(keyed: pl.DataFrame) -> pl.DataFrame:
    """Return `zero_damaged, even_damaged` per `layout, source` (0 text, 1 float, 2 number).

    Reads `layout, source, value` of whole columns. Each number counts once per layout, for a No KK
    is repeated by every member of the family.
    """
    value = pl.col("value")
    big = value > FLOAT_EXACT
    column = pl.col("layout").cast(pl.Int32) * SOURCES + pl.col("source")
    counts = (
        keyed.select("value", column=column)
        .drop_nulls("value")
        .group_by("column")
        .agg(
            n=value.n_unique().cast(pl.Float64),
            zeros=value.filter(value % 10 == 0).n_unique().cast(pl.Float64),
            big=value.filter(big).n_unique(),
            odd=(big & (value % 2 == 1)).sum(),
        )
        .with_columns(
            layout=(pl.col("column") // SOURCES).cast(pl.UInt16),
            source=(pl.col("column") % SOURCES).cast(pl.Int8),
        )
    )
    text = pl.col("source") < 2
    high = (pl.col("zeros") > DAMAGED_SHARE * pl.col("n")) & (excess() >= SURE - 1e-6)
    exact = (pl.col("n") - pl.col("zeros") >= SOUND_NUMBERS) & (excess() < UNSURE)
    enough = pl.when(pl.col("source") == 0).then(EVEN_NUMBERS).otherwise(1)
    return counts.select(
        "layout",
        "source",
        zero_damaged=pl.when(text).then(high).otherwise(~exact),
        even_damaged=(pl.col("odd") == 0) & (pl.col("big") >= enough),
    )


def excess() -> pl.Expr:
    """Return -log of the Chernoff bound on seeing `zeros` of `n` by chance; 0 below the share."""
    share = pl.col("zeros") / pl.col("n")
    up = pl.when(share > 0).then(share * (share / ZERO_SHARE).log()).otherwise(0.0)
    rest = 1 - share
    down = pl.when(rest > 0).then(rest * (rest / (1 - ZERO_SHARE)).log()).otherwise(0.0)
    return pl.when(share > ZERO_SHARE).then(pl.col("n") * (up + down)).otherwise(0.0)


def _condemned(df: pl.DataFrame) -> pl.DataFrame:
    is_number = pl.col("kelas") == "nomor"
    digit16 = is_number & pl.col("zero_damaged") & (pl.col("value") % 10 == 0)
    even = is_number & pl.col("even_damaged") & (pl.col("value") % 2 == 0)
    rounded = even & (pl.col("value") > FLOAT_EXACT)
    kelas = (
        pl.when(digit16).then(pl.lit("rusak_digit16", NIK_KELAS))
        .when(rounded).then(pl.lit("rusak_float", NIK_KELAS))
        .otherwise("kelas")
    )  # fmt: skip
    sound = ~(digit16 | rounded).fill_null(False)
    return df.with_columns(
        kelas=kelas, nik=pl.when(sound).then("nik"), repair=pl.when(sound).then("repair")
    )
