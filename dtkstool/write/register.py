"""The corrected register: every input file again, in its own layout, the decided cells changed.

Text files keep every other byte, workbooks every other cell; Parquet keeps its schema. Spreadsheets
of other kinds (.xls, .xlsb, XML) come back as .xlsx beside a note, cells and sheets the same,
looks not. Archives are opened and packed again.
"""

import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import polars as pl

from dtkstool.write.register_cells import CellEdit, Removed, fitted
from dtkstool.write.register_ods import CONTENT, SPREADSHEET, edit_spreadsheet
from dtkstool.write.register_text import edit_text
from dtkstool.write.register_xlsx import edit_workbook
from dtkstool.write.tables import replacing

FOLDER = "register"
MADE = datetime(2000, 1, 1)
"""The date in a converted file's properties: fixed, so that equal inputs give equal bytes."""
EXACT = 16
"""Digits that XlsxWriter writes of a number: one stays one, or its damage would not show."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Changes:
    """What changes in one file (`source_file` of the records)."""

    edits: dict[str, list[CellEdit]] = field(default_factory=dict)
    """By sheet; a text file's is empty."""
    removed: dict[str, Removed] = field(default_factory=dict)
    rows: dict[str, set[int]] = field(default_factory=dict)
    """The rows on which records stand, changed or not."""

    def __bool__(self) -> bool:
        return bool(self.edits or self.removed)


@dataclass(frozen=True)
class Ways:
    """How files are understood, as the reader does: given from above, so that both agree."""

    delimiter: Callable[[bytes], str]
    """Of a text file."""
    sheets: Callable[[str, bytes], list[tuple[str, pl.DataFrame, pl.DataFrame | None]]]
    """Of a spreadsheet: name, cells (`row`, `c0` …), which of them are numbers (or None)."""


@dataclass
class Corrected:
    """The files as they become, and what could not be done."""

    unplaced: list[int] = field(default_factory=list)
    """Edits whose cell does not hold what was read there."""
    missing: set[tuple[str, str, int]] = field(default_factory=set)
    """Removed rows that were not found: file, sheet, row."""
    contents: list[tuple[str, bytes]] = field(default_factory=list)
    """Per file what its name gains (`.xlsx` where it had to be converted) and its bytes."""
    converted: list[str] = field(default_factory=list)
    """Files that could only be result as another format."""


def corrected(files: Iterable[Path], changes: dict[str, Changes], ways: Ways) -> Corrected:
    """Return every file as it becomes, changed where `changes` (by name as read) says so.

    A file without changes keeps its bytes.
    """
    result = Corrected()
    for path in files:
        data, suffix = _corrected(path.as_posix(), path.read_bytes(), changes, ways, result)
        result.contents.append((suffix, data))
    return result


def write_register(result: Corrected, targets: Iterable[Path]) -> list[Path]:
    """Write every file to its target, whole, then renamed; return where they are."""
    paths = []
    for (suffix, data), target in zip(result.contents, targets, strict=True):
        path = target.with_name(target.name + suffix)
        with replacing(path) as temporary:
            temporary.write_bytes(data)
        paths.append(path)
    return paths


def _corrected(
    name: str, data: bytes, changes: dict[str, Changes], ways: Ways, result: Corrected
) -> tuple[bytes, str]:
    """Return a file's new bytes and what its name gains (`.xlsx` where it had to be converted)."""
    if data[:2] == b"\x1f\x8b":
        inner = gzip.decompress(data)
        new, suffix = _corrected(name, inner, changes, ways, result)
        return (data, "") if new == inner else (gzip.compress(new, mtime=0), suffix)
    if data[:4] == b"PK\x03\x04" and _is_archive(data):
        return _archive(name, data, changes, ways, result), ""
    wanted = changes.get(name)
    if not wanted:
        return data, ""
    if data[:4] == b"PAR1":
        return _parquet(name, data, wanted, result), ""
    if data[:4] == b"PK\x03\x04" and _is_xlsx(data):
        new, unplaced, missing = edit_workbook(data, wanted.edits, wanted.removed)
        _note(result, name, unplaced, missing)
        return new, ""
    if _is_ods(data) and (ods := edit_spreadsheet(data, wanted.edits, wanted.removed)):
        _note(result, name, *ods[1:])
        return ods[0], ""
    if (
        data[:4] == b"PK\x03\x04"
        or data[:8] == OLE
        or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    ):
        result.converted.append(name)
        return _converted(name, data, wanted, ways, result), ".xlsx"
    return _text(name, data, wanted, ways, result), ""


def _text(name: str, data: bytes, wanted: Changes, ways: Ways, result: Corrected) -> bytes:
    edits, removed = wanted.edits.get("", []), wanted.removed.get("", {})
    new, unplaced, missing = edit_text(
        data, edits, removed, wanted.rows.get("", set()), ways.delimiter(data)
    )
    _note(result, name, unplaced, {"": missing})
    return new


def _note(result: Corrected, name: str, unplaced: list[int], missing: dict[str, set[int]]) -> None:
    result.unplaced += unplaced
    result.missing |= {(name, sheet, row) for sheet, rows in missing.items() for row in rows}


def _members(data: bytes) -> set[str]:
    with ZipFile(BytesIO(data)) as archive:
        return set(archive.namelist())


def _is_archive(data: bytes) -> bool:
    names = _members(data)
    return "[Content_Types].xml" not in names and "mimetype" not in names


def _is_xlsx(data: bytes) -> bool:
    return "xl/workbook.xml" in _members(data)


def _is_ods(data: bytes) -> bool:
    if data[:4] != b"PK\x03\x04":
        return False
    with ZipFile(BytesIO(data)) as archive:
        return {"mimetype", CONTENT} <= set(archive.namelist()) and archive.read(
            "mimetype"
        ).startswith(SPREADSHEET)


def _archive(
    name: str, data: bytes, changes: dict[str, Changes], ways: Ways, result: Corrected
) -> bytes:
    if not any(source.startswith(f"{name}/") and wanted for source, wanted in changes.items()):
        return data
    packed = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(packed, "w") as target:
        for member in source.infolist():
            inner = f"{name}/{member.filename}"
            touched = any(
                (s == inner or s.startswith(f"{inner}/")) and w for s, w in changes.items()
            )
            content = source.read(member)
            new, suffix = (
                _corrected(inner, content, changes, ways, result) if touched else (content, "")
            )
            member.filename += suffix
            target.writestr(member, new)
    return packed.getvalue()


def _parquet(name: str, data: bytes, wanted: Changes, result: Corrected) -> bytes:
    """Return the Parquet file with its cells changed; what a column cannot hold is not placed."""
    df = pl.read_parquet(BytesIO(data))
    new_values: dict[str, dict[int, Any]] = {}
    for edit in wanted.edits.get("", []):
        column = df.columns[edit.column]
        cell = df[column][edit.row - 2]
        new = fitted("" if cell is None else _as_read(cell), edit)
        value = None if new is None else _typed(new, df.schema[column])
        if value is None and new != "":
            result.unplaced.append(edit.id)
            continue
        new_values.setdefault(column, {})[edit.row - 2] = value
    for column, values in new_values.items():
        fresh = pl.Series(list(values.values()), dtype=df.schema[column])
        df = df.with_columns(df[column].scatter(list(values), fresh))
    held = [row for row, probe in wanted.removed.get("", {}).items() if _holds(df, row, probe)]
    result.missing |= {(name, "", row) for row in wanted.removed.get("", {}).keys() - set(held)}
    gone = [row - 2 for row in held]
    kept = df.with_row_index("_place").filter(~pl.col("_place").is_in(gone)).drop("_place")
    packed = BytesIO()
    kept.write_parquet(packed, compression="zstd")
    return packed.getvalue()


def _holds(df: pl.DataFrame, row: int, probe: CellEdit | None) -> bool:
    if probe is None:
        return True
    cell = df[df.columns[probe.column]][row - 2]
    return fitted("" if cell is None else _as_read(cell), probe) is not None


def _as_read(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _typed(text: str, dtype: pl.DataType) -> Any:
    if isinstance(dtype, (pl.Date, pl.Datetime)):
        day = pl.Series([text]).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        return day.cast(dtype).item()
    return pl.Series([text]).cast(dtype, strict=False).item()


def _converted(name: str, data: bytes, wanted: Changes, ways: Ways, result: Corrected) -> bytes:
    """Return a spreadsheet as .xlsx: all its sheets, texts and numbers, with the changes made."""
    import xlsxwriter

    packed = BytesIO()
    with xlsxwriter.Workbook(
        packed, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": MADE})
        for sheet, cells, numeric in ways.sheets(name, data):
            rows = {row: list(texts) for row, *texts in cells.iter_rows()}
            numbers = (
                {row: flags for row, *flags in numeric.iter_rows()} if numeric is not None else {}
            )
            fresh = _applied(rows, wanted.edits.get(sheet, []), result)
            removed = wanted.removed.get(sheet, {})
            gone = {row for row, probe in removed.items() if _in_row(rows.get(row), probe)}
            result.missing |= {(name, sheet, row) for row in removed.keys() - gone}
            _sheet(book.add_worksheet(sheet[:31]), rows, numbers, gone, fresh)
    return packed.getvalue()


def _in_row(cells: list[str | None] | None, probe: CellEdit | None) -> bool:
    if cells is None or probe is None:
        return cells is not None
    return probe.column < len(cells) and fitted(cells[probe.column] or "", probe) is not None


def _applied(
    rows: dict[int, list[str | None]], edits: list[CellEdit], result: Corrected
) -> set[tuple[int, int]]:
    """Make the edits in `rows`; return the cells changed."""
    fresh = set()
    for edit in edits:
        cells = rows.get(edit.row, [])
        new = fitted(cells[edit.column] or "", edit) if edit.column < len(cells) else None
        if new is None:
            result.unplaced.append(edit.id)
            continue
        cells[edit.column] = new
        fresh.add((edit.row, edit.column))
    return fresh


def _sheet(
    worksheet: Any,
    rows: dict[int, list[str | None]],
    numbers: dict[int, list[bool | None]],
    gone: set[int],
    fresh: set[tuple[int, int]],
) -> None:
    shift = 0
    for row in sorted(rows):
        if row in gone:
            shift += 1
            continue
        flags = numbers.get(row, [])
        for column, text in enumerate(rows[row]):
            if text is None:
                continue
            number = column < len(flags) and bool(flags[column]) and (row, column) not in fresh
            place = (row - 1 - shift, column)
            if number and len(text) <= EXACT and _is_number(text):
                worksheet.write_number(*place, float(text))
            else:
                worksheet.write_string(*place, text)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
