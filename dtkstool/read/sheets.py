"""One sheet into records: its layout settled, its rows sorted out, its records built."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from dtkstool.columns import COLUMN
from dtkstool.errors import DtksError, UnusableInput, Where
from dtkstool.frames import SKIPPED
from dtkstool.read.claims import Plan
from dtkstool.read.grid import Grid, count_filled
from dtkstool.read.header import Header, find_header, header_at
from dtkstool.read.layout import plan
from dtkstool.read.mapfile import Mapping, forced_columns, mapping_for
from dtkstool.read.merged import spread
from dtkstool.read.people import Keep, in_memory
from dtkstool.read.realign import realigned
from dtkstool.read.records import build_records, needed_fields
from dtkstool.read.result import Layout, Note, Sheet
from dtkstool.read.rows import Rows, sort_out
from dtkstool.read.titles import title_places

_BESIDE_NAME = {
    "nik", "nokk", "tanggal_lahir", "ttl", "jenis_kelamin", "hubungan", "nama_ibu", "id_dtks",
    "alamat", "tanggal_peristiwa", "no_kks", "no_rekening", "tempat_lahir", "no_peristiwa", "rt_rw",
    "rt", "status_hidup",
}  # fmt: skip
"""Fields of which a list of names needs one to be a list of people."""


@dataclass(frozen=True)
class SheetRead:
    """One sheet, read; without a layout it held no people."""

    sheet: Sheet
    layout: Layout | None
    records: tuple[tuple[int, pl.LazyFrame], ...]
    """Number and `RECORDS` without `record`, only the columns that the sheet has, part by part."""
    skipped: pl.DataFrame


def read_sheet(
    grid: Grid,
    mappings: Sequence[Mapping],
    index: int,
    only: frozenset[str] | None,
    keep: Keep = in_memory,
) -> SheetRead | DtksError:
    """Return the people of one sheet, or why it cannot be used; `keep` holds its parts."""
    if not grid.width:
        return _not_people(grid)
    mapping = mapping_for(mappings, grid)
    header = _header(grid, mapping)
    forced = forced_columns(mapping, grid, header)
    start = header.last_row if header else 0
    try:
        settled = plan(grid, header, forced, grid.head.filter(pl.col("row") > start))
    except UnusableInput as error:
        return error
    if not _is_people(settled):
        return _not_people(grid)
    columns = settled.columns()
    grid = spread(realigned(grid, header, columns), header, columns)
    needed = needed_fields(columns, only)
    rows = sort_out(grid, header, columns | settled.tick_columns(), needed, keep)
    if rows.people.height + rows.skipped.height != rows.seen:
        return UnusableInput("rows_lost", where=Where(grid.file, grid.sheet), seen=rows.seen)
    places = title_places(grid, rows.skipped, columns, start)
    records = build_records(grid, settled, rows, places, index, only, keep)
    layout = _layout(grid, header, settled, rows, records.split, places, index)
    return SheetRead(_sheet(grid, rows), layout, records.parts, _skipped(grid, rows.skipped))


def _header(grid: Grid, mapping: Mapping | None) -> Header | None:
    if mapping is None or mapping.header_row is None or grid.header is not None:
        return find_header(grid)
    if mapping.header_row == 0:
        return None
    return header_at(grid, mapping.header_row)


def _is_people(settled: Plan) -> bool:
    fields = settled.fields.keys()
    return "nik" in fields or ("nama" in fields and bool(fields & _BESIDE_NAME))


def _not_people(grid: Grid) -> SheetRead:
    """Return a sheet without people: its rows are counted, not listed."""
    holds = count_filled(grid.columns) > 0 if grid.width else pl.col("row").is_null()
    counted = grid.cells.select(holds.alias("holds")).collect(engine="streaming")["holds"]
    seen = int(counted.sum())
    sheet = Sheet(
        grid.file, grid.sheet, grid.hidden, seen, 0, seen,
        "not_people" if seen else "empty_sheet", len(counted) - seen,
    )  # fmt: skip
    return SheetRead(sheet, None, (), pl.DataFrame(schema=SKIPPED))


def _sheet(grid: Grid, rows: Rows) -> Sheet:
    read = rows.people.height
    return Sheet(
        grid.file, grid.sheet, grid.hidden, rows.seen, read, rows.skipped.height,
        "" if read else "no_rows", rows.blank,
    )  # fmt: skip


def _layout(
    grid: Grid,
    header: Header | None,
    settled: Plan,
    rows: Rows,
    split: dict[str, str],
    places: dict[str, pl.DataFrame],
    index: int,
) -> Layout:
    """Return how the sheet was understood."""
    columns = {f: (grid.letter(claim.column), claim.header) for f, claim in settled.fields.items()}
    if settled.ticks:
        columns["jenis_kelamin"] = (grid.letter(int(settled.ticks[0][1:])), "L | P")
    if rows.kk_column and "nokk" not in columns:
        columns["nokk"] = (grid.letter(int(rows.kk_column[1:])), "")
    columns |= {field: columns[source] for field, source in split.items()}
    notes = (
        *grid.notes,
        *settled.notes,
        *([Note("no_header")] if header is None else []),
        *_family_notes(rows),
        *_split_notes(split),
        *_place_notes(places),
    )
    first = header.rows[0] if header else None
    unmapped = _unmapped(grid, header, settled)
    return Layout(index, grid.file, grid.sheet, first, columns, unmapped, grid.hidden, notes)


def _unmapped(grid: Grid, header: Header | None, settled: Plan) -> tuple[tuple[str, str], ...]:
    """Return (letter, header) of the columns that hold or name something and are no field."""
    shown = header.shown if header else ("",) * grid.width
    taken = {f"c{claim.column}" for claim in settled.fields.values()} | set(settled.ticks or ())
    body = grid.head.filter(pl.col("row") > (header.last_row if header else 0))
    return tuple(
        (grid.letter(i), shown[i])
        for i, column in enumerate(grid.columns)
        if column not in taken and (shown[i] or body[column].null_count() < body.height)
    )


def _family_notes(rows: Rows) -> list[Note]:
    if rows.filled:
        return [Note("kk_heads", {"count": rows.filled})]
    return [Note("kk_blocks")] if rows.kk_column else []


def _split_notes(split: dict[str, str]) -> list[Note]:
    return [
        Note("split", {"field": COLUMN[field].label, "source": COLUMN[source].label})
        for field, source in split.items()
    ]


def _place_notes(places: dict[str, pl.DataFrame]) -> list[Note]:
    return [
        Note("title_place", {"field": COLUMN[field].label, "place": events[f"{field}_title"][0]})
        for field, events in places.items()
    ]


def _skipped(grid: Grid, rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.select(
        pl.lit(grid.file).alias("source_file"), pl.lit(grid.sheet).alias("sheet"), pl.all()
    )
    return named.sort("row").select(list(SKIPPED)).cast(SKIPPED)  # type: ignore[arg-type]
