"""Reading each distinct cell once: registers repeat their values, and parsing them is dear.

Cells are told apart by Polars' 64-bit hash of their text, which is five times as fast as by the
text itself; that two of a million different ones share it happens once in 30 million registers.
"""

from collections.abc import Callable

import polars as pl

Read = Callable[[pl.LazyFrame], pl.LazyFrame]
"""From a frame with the distinct values as `cell` to the same rows with what was understood."""


def read_distinct(cells: pl.Series, read: Read) -> pl.DataFrame:
    """Return what `read` understands of each cell, row for row, beside `cell`; null is a value.

    Null throughout where `read` leaves a cell out.
    """
    understood = distinct(cells).to_frame("cell").lazy().pipe(read).collect()
    return pl.concat([cells.to_frame("cell"), spread(understood, cells)], how="horizontal")


def distinct(cells: pl.Series) -> pl.Series:
    """Return each different cell once."""
    return cells.gather(cells.hash().arg_unique())


def spread(understood: pl.DataFrame, cells: pl.Series) -> pl.DataFrame:
    """Return for each cell what is `understood` of it, told apart by `cell`, which is left out."""
    known = understood.with_columns(pl.col("cell").hash())
    keys = cells.hash().to_frame("cell")
    return keys.join(known, on="cell", how="left", maintain_order="left").drop("cell")


def per_distinct(column: str, meaning: Callable[[pl.Expr], pl.Expr], dtype: pl.DataType) -> pl.Expr:
    """Return `meaning` of the column, worked out once per distinct value; its name is kept."""

    def read(lf: pl.LazyFrame) -> pl.LazyFrame:
        return lf.select("cell", meaning(pl.col("cell")).cast(dtype).alias("meaning"))

    def meanings(cells: pl.Series) -> pl.Series:
        return read_distinct(cells, read)["meaning"].alias(cells.name)

    return pl.col(column).map_batches(meanings, return_dtype=dtype)
