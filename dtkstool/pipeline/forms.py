"""Filled workbooks read back: every row that a clerk could have decided, whatever was done to it.

Sheets are known by the keys in their hidden first row, not by name, place or order of columns;
where that row is gone, by the header in either language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from dtkstool.apply.decision import ENTRIES, TYPED_NIKS, lossy
from dtkstool.errors import DtksError, UnusableInput, Where
from dtkstool.messages import page
from dtkstool.read.grid import Grid, filled, index_of
from dtkstool.read.sources import Source, expand, open_path
from dtkstool.read.workbook import workbook_grids
from dtkstool.write.sheets.definition import MACHINE_SHEET, SCHEMA_VERSION, SHEETS, Sheet

RENAMED = {"record_id_kiri": "left_id"}
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
TOP = 60
"""Rows among which the key row or header is looked for."""
WHO = ("petugas", "jabatan", "selesai")
MARKS = ("keputusan", "record_id")
TELLING = {
    "ubah": "column",
    "hapus_ganti": "usulan",
    "ganda": "record_id_kiri",
    "verifikasi": "codes",
}
"""The column that only this sheet has."""


@dataclass(frozen=True)
class Forms:
    """What the filled workbooks hold."""

    entries: pl.DataFrame
    """`apply.decision.ENTRIES`, decided or not."""
    words: tuple[tuple[str, str, str], ...]
    """(sheet, key, writing) of the drop-downs as the workbooks themselves list them."""
    failures: tuple[DtksError, ...]


@dataclass
class _Reading:
    parts: list[pl.DataFrame] = field(default_factory=list)
    words: dict[tuple[str, str, str], None] = field(default_factory=dict)
    failures: list[DtksError] = field(default_factory=list)


def read_forms(paths: Sequence[str]) -> Forms:
    """Return what the workbooks in `paths` hold; one that is not ours is a failure beside it.

    UnusableInput if a path names no file at all.
    """
    reading = _Reading()
    for path in expand(paths):
        for source in open_path(path):
            if isinstance(source, DtksError):
                reading.failures.append(source)
                continue
            try:
                _read(source, reading)
            except DtksError as error:
                reading.failures.append(error)
    return Forms(_stacked(reading.parts), tuple(reading.words), tuple(reading.failures))


def _stacked(parts: list[pl.DataFrame]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=ENTRIES).drop("entry")
    rows = pl.concat([empty, *parts], how="diagonal").with_row_index("entry")
    return rows.select(list(ENTRIES))


def _read(source: Source, reading: _Reading) -> None:
    """Add one workbook's rows; UnusableInput if none of its sheets is one of ours."""
    if source.kind not in WORKBOOKS:
        raise UnusableInput("not_a_form", where=Where(source.name))
    grids = _grids(source, numbers=False)
    facts = _facts(grids, reading)
    if int(facts.get("schema") or SCHEMA_VERSION) > SCHEMA_VERSION:
        raise UnusableInput("form_too_new", where=Where(source.name))
    found = [part for grid in grids.values() if (part := _rows(grid)) is not None]
    if not found:
        raise UnusableInput("not_a_form", where=Where(source.name))
    if any(_doubtful(part) for part in found):
        numbered = _grids(source, numbers=True).values()
        found = [part for grid in numbered if (part := _rows(grid)) is not None]
    about = {
        key: pl.lit(facts.get(key) or None, pl.String) for key in ("period", "kecamatan", *WHO)
    }
    reading.parts += [part.with_columns(file=pl.lit(source.name), **about) for part in found]


def _grids(source: Source, *, numbers: bool) -> dict[str, Grid]:
    """Return the workbook's sheets by name; raises what one of them cannot be read for."""
    grids = {}
    for grid in workbook_grids(source, numbers=numbers):
        if isinstance(grid, DtksError):
            raise grid
        grids[grid.sheet] = grid
    return grids


def _doubtful(part: pl.DataFrame) -> bool:
    """Return whether it matters of a typed NIK if its cell is a number: rarely, and it costs."""
    typed = [name for name in TYPED_NIKS if name in part.columns]
    asked = part.select(pl.any_horizontal(pl.lit(False), *(lossy(pl.col(n)) for n in typed)).any())
    return bool(asked.item())


def _facts(grids: dict[str, Grid], reading: _Reading) -> dict[str, str]:
    """Return the hidden sheet's facts and who filled the workbook in; note its drop-down words."""
    machine = grids.get(MACHINE_SHEET)
    if machine is None:
        return {}
    columns: dict[str, list[str | None]] = {}
    for name in machine.columns:
        head, *rest = machine.cells.select(name).collect()[name].to_list()
        if head:
            columns[head] = rest
    facts = {
        str(key): value or ""
        for key, value in zip(columns.get("fact", []), columns.get("value", []), strict=False)
        if key
    }
    for head, texts in columns.items():
        if head.startswith("words:"):
            name = head.removeprefix("words:")
            keys = columns.get(f"keys:{name}", [])
            pairs = zip(texts, keys, strict=False)
            reading.words.update({(name, key, text): None for text, key in pairs if text and key})
    return facts | {who: _cell(grids, facts.get(f"cell:{who}", "")) for who in WHO}


def _cell(grids: dict[str, Grid], place: str) -> str:
    """Return the text of a cell such as `PETUNJUK!B6`; empty if there is none."""
    sheet, _, cell = place.partition("!")
    grid = grids.get(sheet)
    letters = cell.rstrip("0123456789")
    row = cell.removeprefix(letters)
    if grid is None or not letters or not row:
        return ""
    column = index_of(letters) - grid.first_column
    if not 0 <= column < grid.width:
        return ""
    found = (
        grid.cells.filter(pl.col("row") == int(row)).select(filled(pl.col(f"c{column}"))).collect()
    )
    return str(found.item() or "").strip() if found.height else ""


@cache
def _labels() -> dict[str, str]:
    """Return the header texts in all languages by what they are the header of."""
    return {
        text: key for key, texts in page("workbook")["columns"].items() for text in texts.values()
    }


@cache
def _bands() -> frozenset[str]:
    return frozenset(text for texts in page("workbook")["band"].values() for text in texts.values())


def _rows(grid: Grid) -> pl.DataFrame | None:
    """Return a work sheet's data rows (`ENTRIES` without the workbook's facts), else None."""
    if not grid.width:
        return None
    columns, start = _columns(grid)
    sheet = _sheet(columns)
    if sheet is None:
        return None
    wanted = {key: column for key, column in columns.items() if RENAMED.get(key, key) in ENTRIES}
    texts = {RENAMED.get(key, key): filled(pl.col(column)) for key, column in wanted.items()}
    body = grid.cells.filter(pl.col("row") > start).select("row", **texts).collect()
    said = pl.any_horizontal(pl.exclude("row").is_not_null())
    band = pl.col("keputusan").is_in(_bands())
    rows = body.filter(said, ~band.fill_null(False))
    if grid.numeric is not None:
        masks = {f"{k}_numeric": pl.col(columns[k]) for k in TYPED_NIKS if k in columns}
        rows = rows.join(
            grid.numeric.select("row", **masks), on="row", how="left", maintain_order="left"
        )
    return rows.with_columns(
        pl.col("row").cast(pl.UInt32), tab=pl.lit(grid.sheet), sheet=pl.lit(sheet.key)
    )


def _columns(grid: Grid) -> tuple[dict[str, str], int]:
    """Return column key → cell column, and the last row of the head."""
    columns: dict[str, str] = {}
    start = 0
    for row, keys in _head(grid):
        named = {key: f"c{place}" for place, key in enumerate(keys) if key}
        if not columns and all(mark in named for mark in MARKS):
            columns, start = named, row
        by_label = {_labels()[key]: column for key, column in named.items() if key in _labels()}
        if all(mark in by_label for mark in MARKS):
            columns = columns or by_label
            start = row
    return columns, start


def _head(grid: Grid) -> Iterator[tuple[int, list[str]]]:
    for row, *cells in grid.cells.head(TOP).collect().iter_rows():
        yield row, [(cell or "").strip() for cell in cells]


def _sheet(columns: dict[str, str]) -> Sheet | None:
    return next((s for s in SHEETS if columns and TELLING[s.key] in columns), None)
