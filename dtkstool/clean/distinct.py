"""Reading each distinct cell once: registers repeat their values, and parsing them is dear."""

from collections.abc import Callable

import polars as pl

Read = Callable[[pl.LazyFrame], pl.LazyFrame]
"""From a frame with the distinct values as `cell` to the same rows with what was understood."""


def read_distinct(cells: pl.Series, read: Read) -> pl.DataFrame:
    """Return what `read` understands of each cell, row for row, beside `cell`; null is a value."""
    asked = cells.alias("cell").to_frame()
    understood = asked.lazy().unique().pipe(read).collect()
    return asked.join(understood, on="cell", how="left", nulls_equal=True, maintain_order="left")


def per_distinct(column: str, meaning: Callable[[pl.Expr], pl.Expr], dtype: pl.DataType) -> pl.Expr:
    """Return `meaning` of the column, worked out once per distinct value; its name is kept."""

    def read(lf: pl.LazyFrame) -> pl.LazyFrame:
        return lf.select("cell", meaning(pl.col("cell")).cast(dtype).alias("meaning"))

    def meanings(cells: pl.Series) -> pl.Series:
        return read_distinct(cells, read)["meaning"].alias(cells.name)

    return pl.col(column).map_batches(meanings, return_dtype=dtype)
