"""Judging few cells instead of all: each value once, or only those that a cheap test leaves.

A mask of nulls saves nothing, for Polars works out what lies behind a null too.
"""

from collections.abc import Callable

import polars as pl


def any_where(column: str, test: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Return whether `test` holds of each cell, tried on the distinct ones; null holds nothing.

    Cells are told apart by a hash of 64 bits, at a fifth of the time that comparing texts takes;
    in a register of a million cells two share one by chance in one of ten million registers.
    """

    def tried(cells: pl.Series) -> pl.Series:
        key = cells.hash()
        first = key.arg_unique()
        distinct = cells.gather(first).alias("cell").to_frame()
        passed = distinct.select(test(pl.col("cell")).fill_null(False)).to_series()
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
        few = df.filter(flag).select(meaning(pl.col(column)).cast(dtype)).to_series()
        nothing = pl.repeat(None, df.height, dtype=dtype, eager=True)
        return nothing.scatter(df[flag].arg_true(), few).alias(column)

    return pl.struct(flag, column).map_batches(meant, return_dtype=dtype, is_elementwise=True)
