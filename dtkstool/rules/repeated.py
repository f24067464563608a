"""Judging few cells instead of all: each value once, or only those that a cheap test leaves.

A mask of nulls saves nothing, for Polars works out what lies behind a null too.
"""

from collections.abc import Callable

import polars as pl

SMALL = 2_000
"""Cells that are tried faster one by one than told apart first."""


def any_where(column: str, test: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Return whether `test` holds of each cell, tried on the distinct ones; null holds nothing.

    Cells are told apart by a hash of 64 bits, at a fifth of the time that comparing texts takes;
    in a register of a million cells two share one by chance in one of ten million registers.
    """

    told = test(pl.col("cell")).fill_null(False)

    def tried(cells: pl.Series) -> pl.Series:
        if cells.null_count() == len(cells):
            return pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True).alias(cells.name)
        if len(cells) <= SMALL:
            return cells.to_frame("cell").select(told).to_series().alias(cells.name)
        key = cells.hash()
        first = key.arg_unique()
        passed = cells.gather(first).to_frame("cell").select(told).to_series()
        if not passed.any():
            return pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True).alias(cells.name)
        return key.is_in(key.gather(first.filter(passed)).implode()).alias(cells.name)

    return pl.col(column).map_batches(tried, return_dtype=pl.Boolean, is_elementwise=True)


def where(
    flag: str, column: str, meaning: Callable[[pl.Expr], pl.Expr], dtype: pl.DataType
) -> pl.Expr:
    """Return `meaning` of the cells whose `flag` is true, worked out for them alone; else null."""

    def meant(rows: pl.Series) -> pl.Series:
        df = rows.struct.unnest()
        nothing = pl.repeat(None, df.height, dtype=dtype, eager=True).alias(column)
        if not df[flag].any():
            return nothing
        # Lazily, for what stands in `meaning` more than once is worked out once then.
        flagged = df.lazy().filter(flag).select(meaning(pl.col(column)).cast(dtype))
        few = flagged.collect(engine="in-memory").to_series()
        return nothing.scatter(df[flag].arg_true(), few)

    return pl.struct(flag, column).map_batches(meant, return_dtype=dtype, is_elementwise=True)
