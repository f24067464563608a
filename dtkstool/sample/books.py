"""Writes sheets of cells as files: spreadsheets, delimited text, archives, Parquet."""

import gzip
import importlib.util
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.sample.grid import Cell, Row, Sheet
from dtkstool.sample.layouts import Layout
from dtkstool.sample.ods import STILL, write_ods_tables

INSTEAD = {"xls": ("xlwt", "xlsx")}
"""Suffix → the library that writes it, and the suffix where that is not installed."""


def usable_suffix(suffix: str) -> str:
    """Return the suffix, or another where the library that writes it is not installed."""
    library, other = INSTEAD.get(suffix, ("", suffix))
    return suffix if not library or importlib.util.find_spec(library) else other


def _plain(cell: Cell) -> str:
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def write_xlsx(sheets: list[Sheet], path: Path, _layout: Layout | None = None) -> None:
    """Write a workbook: texts as text, numbers and dates as such."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    book.set_properties({"created": datetime(*STILL[:3])})
    bold = book.add_format({"bold": True, "align": "center"})
    for number, part in enumerate(sheets):
        page = book.add_worksheet(part.name)
        for i, row in enumerate(part.rows):
            for j, cell in enumerate(row):
                _put(page, i, j, cell)
        for row_, first, last, text in part.merges:
            page.merge_range(row_, first, row_, last, text, bold)
        if part.hidden:
            page.hide()
        elif number == 0:
            page.activate()
    book.close()


def write_book(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as a workbook of one sheet, all cells text."""
    texts = frame.select(pl.all().cast(pl.String))
    rows: list[Row] = [tuple(frame.columns), *texts.iter_rows()]
    write_xlsx([Sheet("BIODATA", rows, [None] * len(rows))], path)


def _put(page: Any, i: int, j: int, cell: Cell) -> None:
    if isinstance(cell, str):
        if cell:
            page.write_string(i, j, cell)
    elif isinstance(cell, int):
        page.write_number(i, j, cell)
    elif cell is not None:
        page.write_datetime(i, j, cell)


def write_xls(sheets: list[Sheet], path: Path, _layout: Layout) -> None:
    """Write an Excel 97 workbook."""
    import xlwt  # type: ignore[import-untyped]

    book = xlwt.Workbook(encoding="utf-8")
    for part in sheets:
        page = book.add_sheet(part.name[:31])
        page.visibility = int(part.hidden)
        for i, row in enumerate(part.rows):
            for j, cell in enumerate(row):
                if cell not in (None, ""):
                    page.write(i, j, cell)
    book.save(str(path))


def write_ods(sheets: list[Sheet], path: Path, _layout: Layout) -> None:
    """Write an OpenDocument spreadsheet, all cells text."""
    tables = [(part.name, [[_plain(cell) for cell in row] for row in part.rows]) for part in sheets]
    write_ods_tables(tables, path)


def _quoted(cell: str, separator: str) -> str:
    needs = any(sign in cell for sign in (separator, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if needs else cell


def text_lines(part: Sheet, layout: Layout) -> list[str]:
    """Return the lines of a sheet as delimited text; a line may hold line breaks in quotes."""

    def cell_text(cell: Cell) -> str:
        text = _plain(cell)
        return _quoted(text, layout.separator) if layout.quoted else text

    return [layout.separator.join(map(cell_text, row)) for row in part.rows]


def _text(part: Sheet, layout: Layout) -> bytes:
    text = "\r\n".join(text_lines(part, layout)) + "\r\n"
    return text.encode(layout.encoding)


def write_text(sheets: list[Sheet], path: Path, layout: Layout) -> None:
    """Write one sheet as delimited text."""
    path.write_bytes(_text(sheets[0], layout))


def write_gz(sheets: list[Sheet], path: Path, layout: Layout) -> None:
    """Write one sheet as gzipped text."""
    path.write_bytes(gzip.compress(_text(sheets[0], layout), mtime=0))


def write_zip(sheets: list[Sheet], path: Path, layout: Layout) -> None:
    """Write each sheet as a text file of its own inside a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sheets:
            entry = zipfile.ZipInfo(f"{part.name}.csv", STILL)
            archive.writestr(entry, _text(part, layout), zipfile.ZIP_DEFLATED)


def write_parquet(sheets: list[Sheet], path: Path, _layout: Layout) -> None:
    """Write one sheet as Parquet: the first row names the columns, blanks are empty texts."""
    names, *rows = sheets[0].rows
    columns = zip(*rows, strict=True)
    table = {str(name): [_plain(cell) for cell in column]
             for name, column in zip(names, columns, strict=True)}  # fmt: skip
    pl.DataFrame(table, schema=dict.fromkeys(table, pl.String)).write_parquet(path)


Writer = Callable[[list[Sheet], Path, Layout], None]
WRITERS: dict[str, Writer] = {
    "xlsx": write_xlsx, "xlsm": write_xlsx, "xls": write_xls, "ods": write_ods,
    "csv": write_text, "tsv": write_text, "txt": write_text, "csv.gz": write_gz,
    "zip": write_zip, "parquet": write_parquet,
}  # fmt: skip

SPREADSHEETS = ("xlsx", "xlsm", "xls", "ods")
