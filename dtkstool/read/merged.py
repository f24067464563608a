"""Cells merged downwards: one No KK or desa beside all the members it belongs to."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from dtkstool.read.grid import Grid, filled
from dtkstool.read.header import Header
from dtkstool.read.result import Note

SHARED = (
    "nokk", "nama_kepala", "alamat", "rt", "rw", "rt_rw", "dusun", "desa", "kecamatan",
    "kabupaten", "provinsi", "kode_wilayah", "kode_desa", "kode_kecamatan", "id_keluarga",
)  # fmt: skip
"""Fields that several rows may share; a NIK or name is never shared."""


def spread(grid: Grid, header: Header | None, columns: dict[str, str]) -> Grid:
    """Return the grid with shared fields repeated on every row that their merged cell covers.

    The merges are only asked for where such a column has gaps: that reads the workbook again. Rows
    that are otherwise blank stay blank.
    """
    start = header.last_row if header else 0
    merges = _merges(grid, {columns[field] for field in SHARED if field in columns}, start)
    if not merges:
        return grid
    there = pl.any_horizontal(filled(pl.col(c)).is_not_null() for c in grid.columns)
    cells, numeric = grid.cells.with_columns(there=there), grid.numeric
    for column, ranges in merges.items():
        cells = _spread(cells, column, ranges, pl.col("there"))
        if numeric is not None:
            numeric = _spread(numeric.lazy(), column, ranges, pl.lit(True)).collect()
    letters = ", ".join(grid.letter(int(c[1:])) for c in merges)
    return replace(
        grid,
        cells=cells.drop("there"),
        numeric=numeric,
        kk_merges=tuple(merges.get(columns.get("nokk", ""), ())),
        notes=(*grid.notes, Note("merged_cells", {"columns": letters})),
    )


def _merges(grid: Grid, shared: set[str], start: int) -> dict[str, list[tuple[int, int]]]:
    """Return column → (first, last row) of merged cells below row `start`, where there are gaps."""
    body = grid.head.filter(pl.col("row") > start)
    gaps = [c for c in sorted(shared) if 0 < body[c].null_count() < body.height]
    if grid.merges is None or not gaps:
        return {}
    known = [span for span in grid.merges() if span[1] > start]
    found = {c: [(first, last) for column, first, last in known if column == c] for c in gaps}
    return {c: spans for c, spans in found.items() if spans}


def _spread(
    lf: pl.LazyFrame, column: str, ranges: Sequence[tuple[int, int]], where: pl.Expr
) -> pl.LazyFrame:
    """Repeat the first cell of each range of rows down to its last row."""
    spans = pl.LazyFrame(
        {"row": [first for first, _ in ranges], "last": [last for _, last in ranges]},
        schema={"row": pl.UInt32, "last": pl.UInt32},
    ).sort("row")
    tops = spans.join(lf.select("row", top=pl.col(column)), on="row", how="left").sort("row")
    covered = (pl.col("row") <= pl.col("last")).fill_null(False) & where
    cell = pl.when(covered).then(pl.col("top")).otherwise(pl.col(column))
    return lf.join_asof(tops, on="row").with_columns(cell.alias(column)).drop("top", "last")
