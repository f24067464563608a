"""Where a field of a record stands: its cell, as a person would name it."""

from collections.abc import Sequence

import polars as pl

from dtkstool.read.result import Layout


def cell(layouts: Sequence[Layout], field: str) -> pl.Expr:
    """Return the cell that `field` of a record stands in, such as `C17`.

    Reads `layout`, `row`, `kk_row`. A No KK of a per-KK block stands on its family's line; a field
    split off another column stands in that column. Null where the layout has no such column.
    """
    letters = {
        layout.index: layout.columns[field][0] for layout in layouts if field in layout.columns
    }
    letter = pl.col("layout").replace_strict(
        list(letters), list(letters.values()), default=None, return_dtype=pl.String
    )
    row = pl.coalesce("kk_row", "row") if field == "nokk" else pl.col("row")
    return letter + row.cast(pl.String)
