"""Spreadsheets as grids: xlsx, xlsm, xls, xlsb, ods, read from their bytes by calamine."""

import io
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Literal

import polars as pl

from dtkstool.errors import DtksError, UnreadableFile, Where
from dtkstool.read.grid import Grid
from dtkstool.read.odf import with_signs
from dtkstool.read.result import Note
from dtkstool.read.sources import Source, refuse_bomb

if TYPE_CHECKING:
    import fastexcel

# calamine logs every chart sheet it passes over; what matters is said in `Sheet.reason`.
logging.getLogger("calamine").addHandler(logging.NullHandler())

Typed = Literal["string", "boolean"]


def workbook_grids(source: Source, *, numbers: bool = True) -> Iterator[Grid | DtksError]:
    """Yield each sheet of a workbook as a grid, or the error that stands in its place.

    Without `numbers` the grids do not say which cells are numeric, in half the time.

    The workbook is opened from bytes: by path, the library would trust the suffix. Text and the
    mask of numeric cells are two loads in two threads, each with a reader of its own; a boolean
    load is non-null exactly for numbers and booleans.
    """
    import fastexcel

    if source.kind != "xls":
        refuse_bomb(source.name, source.data[:])
    try:
        with ThreadPoolExecutor(2) as pool:
            data = with_signs(source.data[:]) if source.kind == "ods" else source.data[:]
            copies = [data] * (2 if numbers else 1)
            readers = tuple(pool.map(fastexcel.read_excel, copies))
    except BaseException as error:
        yield _unreadable(source, "", error)
        return
    for sheet in readers[0].sheet_names:
        try:
            grid = _grid(source, readers, sheet)
        except BaseException as error:
            yield _unreadable(source, sheet, error)
        else:
            yield grid


def _unreadable(source: Source, sheet: str, error: BaseException) -> DtksError:
    """Return the error for a workbook that the library cannot read; raise what is not its doing.

    Damaged .xls files make calamine panic, and a panic is a BaseException without a public name.
    """
    import fastexcel

    panic = type(error).__name__ == "PanicException"
    if not panic and not isinstance(error, (fastexcel.FastExcelError, OSError)):
        raise error
    detail = next(iter(str(error).splitlines()), "")
    locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
    key = "locked_file" if locked else "broken_workbook"
    values = {} if locked else {"kind": source.kind, "detail": detail}
    return UnreadableFile(key, where=Where(source.name, sheet), **values)


def _grid(source: Source, readers: tuple["fastexcel.ExcelReader", ...], sheet: str) -> Grid:
    kinds: tuple[Typed, ...] = ("string", "boolean")
    with ThreadPoolExecutor(2) as pool:
        (cells, hidden, first), *masks = pool.map(_load, readers, [sheet] * 2, kinds)
    notes = (*source.notes, *((Note("hidden_sheet"),) if hidden else ()))
    return Grid(
        file=source.name,
        sheet=sheet,
        cells=cells.lazy(),
        width=cells.width - 1,
        hidden=hidden,
        first_column=first,
        numeric=masks[0][0].select("row", pl.exclude("row").is_not_null()) if masks else None,
        merges=partial(_merges, source, sheet, first),
        notes=notes,
    )


def _merges(source: Source, sheet: str, first_column: int) -> list[tuple[str, int, int]]:
    """Return (cell column, first row, last row) of every cell of one column merged downwards."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.data[:]))
        ranges = workbook.get_sheet_by_name(sheet).merged_cell_ranges or []
    except (python_calamine.CalamineError, OSError):
        return []
    return [
        (f"c{left - first_column}", top + 1, bottom + 1)
        for (top, left), (bottom, right) in ranges
        if bottom > top and left == right
    ]


def _load(
    reader: "fastexcel.ExcelReader", sheet: str, typed: Typed
) -> tuple[pl.DataFrame, bool, int]:
    loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=typed)
    cells = pl.DataFrame(loaded)
    columns = loaded.available_columns()
    first = min((column.absolute_index for column in columns), default=0)
    named = cells.rename({name: f"c{i}" for i, name in enumerate(cells.columns)})
    rows = pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("row")
    return named.select(rows, pl.all()), loaded.visible != "visible", first
