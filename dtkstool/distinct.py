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
    keys = cells.hash()
    different = cells.gather(keys.arg_unique()).to_frame("cell").lazy()
    understood = different.pipe(read).collect(engine="in-memory")
    return pl.concat([cells.to_frame("cell"), _at(_keyed(understood), keys)], how="horizontal")


def distinct(cells: pl.Series) -> pl.Series:
    """Return each different cell once."""
    return cells.gather(cells.hash().arg_unique())


def told_apart(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return where each different cell stands first, and for each cell which of them it is like."""
    keys = cells if cells.dtype.is_integer() else cells.hash()
    first = keys.arg_unique()
    known = keys.gather(first).to_frame("cell").with_row_index("number")
    return first, _at(known, keys)["number"]


def spread(understood: pl.DataFrame, cells: pl.Series) -> pl.DataFrame:
    """Return for each cell what is `understood` of it, told apart by `cell`, which is left out."""
    return _at(_keyed(understood), cells.hash())


def _keyed(understood: pl.DataFrame) -> pl.DataFrame:
    return understood.with_columns(pl.col("cell").hash())


def _at(known: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Return for each key what is `known` of it, told apart by `cell`, which is left out."""
    if known.height == 1 and keys.n_unique() == 1 and keys.first() == known["cell"].first():
        return pl.DataFrame([column.new_from_index(0, len(keys)) for column in known.drop("cell")])
    joined = keys.to_frame("cell").join(
        known, on="cell", how="left", nulls_equal=True, maintain_order="left"
    )
    return joined.drop("cell")


def per_distinct(column: str, meaning: Callable[[pl.Expr], pl.Expr], dtype: pl.DataType) -> pl.Expr:
    """Return `meaning` of the column, worked out once per distinct value; its name is kept."""

    def read(lf: pl.LazyFrame) -> pl.LazyFrame:
        return lf.select("cell", meaning(pl.col("cell")).cast(dtype).alias("meaning"))

    def meanings(cells: pl.Series) -> pl.Series:
        return read_distinct(cells, read)["meaning"].alias(cells.name)

    return pl.col(column).map_batches(meanings, return_dtype=dtype)
