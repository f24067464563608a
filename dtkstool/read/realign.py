"""Lines of text longer than the header: a delimiter typed inside a cell, put back together."""

import re
from collections.abc import Callable
from dataclasses import replace

import polars as pl

from dtkstool.columns import COLUMN
from dtkstool.read.content import DATE, SEX
from dtkstool.read.grid import BLANK, Grid, filled
from dtkstool.read.header import Header
from dtkstool.read.result import Note

_ACCIDENTAL = 0.2
"""Share of long lines above which they are the file's way and not an accident."""
_LOOKS: dict[str, Callable[[str], bool]] = {
    "nik": lambda cell: bool(re.fullmatch(r"\W*\d{16}\W*", cell)),
    "nokk": lambda cell: bool(re.fullmatch(r"\W*\d{16}\W*", cell)),
    "tanggal": lambda cell: bool(re.match(rf"\W*{DATE}", cell, re.I)),
    "jk": lambda cell: cell.strip().upper() in SEX or cell.strip() in ("1", "2"),
    "rt": lambda cell: bool(re.fullmatch(r"\s*\d{1,3}\s*", cell)),
}


def realigned(grid: Grid, header: Header | None, columns: dict[str, str]) -> Grid:
    """Return the grid with long lines joined again where their typed cells show how.

    A line is changed only if its numbers, dates and sexes then stand under their headers and did
    not before; the joined cell is what was typed, delimiter included. The others stay as they are,
    counted in a note, their extra cells unused.
    """
    if not grid.delimiter or header is None:
        return grid
    end = max(i for i, text in enumerate(header.shown) if text) + 1
    extra = [filled(pl.col(c)).is_not_null() for c in grid.columns[end:]]
    if not extra:
        return grid
    of_body = pl.col("row") > header.last_row
    long = grid.cells.filter(of_body & pl.any_horizontal(extra)).collect(engine="streaming")
    if long.is_empty():
        return grid
    mapped = {int(column[1:]): field for field, column in columns.items()}
    usual = grid.head.select(pl.any_horizontal(extra).mean()).item() or 0.0
    fixed = [] if usual > _ACCIDENTAL else list(_fixed(long, grid, end, mapped))
    left = long.filter(~pl.col("row").is_in([row[0] for row in fixed]))
    notes = [
        Note(key, {"count": len(rows), "row": rows[0]})
        for key, rows in (
            ("realigned", [row[0] for row in fixed]),
            ("ragged_long", left["row"].to_list()),
        )
        if rows
    ]
    return replace(grid, cells=_replaced(grid.cells, fixed, long), notes=(*grid.notes, *notes))


def _replaced(
    cells: pl.LazyFrame, fixed: list[tuple[object, ...]], like: pl.DataFrame
) -> pl.LazyFrame:
    if not fixed:
        return cells
    rows = pl.DataFrame(fixed, schema=like.schema, orient="row")
    others = cells.filter(~pl.col("row").is_in(rows["row"].implode()))
    return pl.concat([others, rows.lazy()]).sort("row")


def _fixed(  # type: ignore[no-untyped-def]
    long: pl.DataFrame, grid: Grid, end: int, mapped: dict[int, str]
):
    """Yield the long rows that can be put together, as (row, cells …)."""
    for row, *typed in long.iter_rows():
        cells = [cell or "" for cell in typed]
        surplus = max(i for i, cell in enumerate(cells) if cell.strip(BLANK)) + 1 - end
        best = _best_join(cells, surplus, end, grid.delimiter, mapped)
        if best:
            yield (row, *(cell or None for cell in best))


def _best_join(
    cells: list[str], surplus: int, end: int, delimiter: str, mapped: dict[int, str]
) -> list[str] | None:
    """Return the cells with `surplus` + 1 neighbours joined so that most fit; None if none gain."""
    width = len(cells)
    best, best_score = None, _fitting(cells, mapped)
    for start in range(end):
        if start in mapped and COLUMN[mapped[start]].kind in _LOOKS:
            continue
        merged = delimiter.join(cells[start : start + surplus + 1])
        joined = [*cells[:start], merged, *cells[start + surplus + 1 :], *[""] * surplus][:width]
        score = _fitting(joined, mapped)
        if score > best_score or (score == best_score and best and mapped.get(start) == "alamat"):
            best, best_score = joined, score
    return best


def _fitting(cells: list[str], mapped: dict[int, str]) -> int:
    """Return how many cells look like the field they stand under."""
    looks = ((cells[i], _LOOKS.get(COLUMN[field].kind)) for i, field in mapped.items())
    return sum(1 for cell, fits in looks if fits and fits(cell))
