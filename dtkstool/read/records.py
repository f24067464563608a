"""One sheet into records: its layout settled, its rows sorted out, its composite cells split."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from dtkstool.columns import COLUMN, FIELDS
from dtkstool.errors import DtksError, UnusableInput, Where
from dtkstool.frames import RECORDS, SKIPPED
from dtkstool.read import composite
from dtkstool.read.grid import Grid, count_filled
from dtkstool.read.header import Header, find_header, header_at
from dtkstool.read.layout import Plan, plan
from dtkstool.read.mapfile import Mapping, forced_columns, mapping_for
from dtkstool.read.merged import spread
from dtkstool.read.realign import realigned
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
    records: pl.DataFrame
    """`RECORDS` without `record`, only the columns that the sheet has."""
    skipped: pl.DataFrame


def read_sheet(
    grid: Grid, mappings: Sequence[Mapping], index: int, only: frozenset[str] | None
) -> SheetRead | DtksError:
    """Return the people of one sheet, or why it cannot be used."""
    if not grid.width:
        return _not_people(grid)
    mapping = mapping_for(mappings, grid)
    header = _header(grid, mapping)
    forced = forced_columns(mapping, grid, header)
    body = grid.head.filter(pl.col("row") > (header.last_row if header else 0))
    try:
        settled = plan(grid, header, forced, body)
    except UnusableInput as error:
        return error
    if not _is_people(settled):
        return _not_people(grid)
    grid = realigned(grid, header, settled.columns())
    grid = spread(grid, header, settled.columns())
    rows = sort_out(grid, header, settled.columns())
    if rows.people.height + rows.skipped.height != rows.seen:
        return UnusableInput("rows_lost", where=Where(grid.file, grid.sheet), seen=rows.seen)
    layout = _layout(grid, header, settled, rows, index)
    records, split = _records(grid, settled, rows, layout)
    layout = _with_split(layout, split)
    places = title_places(grid, rows.skipped, settled.columns(), header.last_row if header else 0)
    records = _with_places(records, places)
    layout = replace(layout, notes=(*layout.notes, *_place_notes(places)))
    records = _only(records, only)
    return SheetRead(_sheet(grid, rows), layout, records, _skipped(grid, rows.skipped))


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
    return SheetRead(sheet, None, pl.DataFrame(), pl.DataFrame(schema=SKIPPED))


def _sheet(grid: Grid, rows: Rows) -> Sheet:
    read = rows.people.height
    return Sheet(
        grid.file, grid.sheet, grid.hidden, rows.seen, read, rows.skipped.height,
        "" if read else "no_rows", rows.blank,
    )  # fmt: skip


def _layout(grid: Grid, header: Header | None, settled: Plan, rows: Rows, index: int) -> Layout:
    columns = {
        name: (grid.letter(claim.column), claim.header) for name, claim in settled.fields.items()
    }
    if rows.kk_column and "nokk" not in columns:
        columns["nokk"] = (grid.letter(int(rows.kk_column[1:])), "")
    shown = header.shown if header else ("",) * grid.width
    taken = {claim.column for claim in settled.fields.values()}
    holds = grid.head.filter(pl.col("row") > (header.last_row if header else 0)).select(
        pl.col(c).is_not_null().any() for c in grid.columns
    )
    unmapped = tuple(
        (grid.letter(i), shown[i])
        for i in range(grid.width)
        if i not in taken and (shown[i] or holds.item(0, i))
    )
    notes = (*grid.notes, *settled.notes)
    if header is None:
        notes = (*notes, Note("no_header"))
    if rows.kk_column:
        notes = (*notes, Note("kk_blocks"))
    first = header.rows[0] if header else None
    return Layout(index, grid.file, grid.sheet, first, columns, unmapped, grid.hidden, notes)


def _records(
    grid: Grid, settled: Plan, rows: Rows, layout: Layout
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the records and, for fields split off another column, which column that was."""
    columns = settled.columns()
    wanted = [field for field in columns if not COLUMN[field].parts]
    typed = {f"{field}_asal": pl.col(columns[field]) for field in wanted}
    own_kk = typed.get("nokk_asal", pl.lit(None, pl.String))
    keep_own = own_kk.str.contains(r"\d{4}|\D{4}").fill_null(False) | pl.col("kk").is_null()
    if "nokk" in columns or rows.kk_column:
        typed["nokk_asal"] = pl.when(keep_own).then(own_kk).otherwise(pl.col("kk"))
    split = _split(columns)
    people = _with_masks(grid, rows.people, columns, keep_own)
    origin = {
        "source_file": pl.lit(grid.file),
        "sheet": pl.lit(grid.sheet),
        "layout": pl.lit(layout.index, pl.UInt16),
        "kk_row": pl.when(keep_own).then(_merged_row(grid)).otherwise(pl.col("kk_row")),
    }
    split_expressions = {f"{field}_asal": expr for field, (_, expr) in split.items()}
    records = people.select("row", "nik_numeric", "nokk_numeric", **origin, **typed,
                            **split_expressions)  # fmt: skip
    sources = {field: source for field, (source, _) in split.items()}
    if "alamat" in columns:
        records, sources = _from_address(records, sources)
    return records, sources


def _merged_row(grid: Grid) -> pl.Expr:
    """Return the row on which the merged No KK cell that covers this row begins, null for none."""
    covered = {row: first for first, last in grid.kk_merges for row in range(first + 1, last + 1)}
    return pl.col("row").replace_strict(
        list(covered), list(covered.values()), default=None, return_dtype=pl.UInt32
    )


def _split(columns: dict[str, str]) -> dict[str, tuple[str, pl.Expr]]:
    """Return field → (composite field, expression) for parts without a column of their own."""
    parts = {
        "rt": ("rt_rw", composite.rt_of),
        "rw": ("rt_rw", composite.rw_of),
        "tempat_lahir": ("ttl", composite.birth_place_of),
        "tanggal_lahir": ("ttl", composite.birth_date_of),
    }
    return {
        field: (source, part(pl.col(columns[source])))
        for field, (source, part) in parts.items()
        if source in columns and field not in columns
    }


def _with_masks(
    grid: Grid, people: pl.DataFrame, columns: dict[str, str], keep_own: pl.Expr
) -> pl.DataFrame:
    """Add `nik_numeric` and `nokk_numeric`: false where the cell is text or empty."""
    masks = {f: _mask(grid, columns[f]) for f in ("nik", "nokk") if f in columns}
    if grid.numeric is not None and masks:
        named = {f"{f}_mask": mask for f, mask in masks.items()}
        people = people.join(
            grid.numeric.select("row", **named), on="row", how="left", maintain_order="left"
        )
        masks = {f: pl.col(f"{f}_mask") for f in masks}
    nik = masks.get("nik", pl.lit(False))
    nokk = pl.when(keep_own).then(masks.get("nokk", pl.lit(False))).otherwise(pl.col("kk_numeric"))
    return people.with_columns(nik_numeric=nik.fill_null(False), nokk_numeric=nokk.fill_null(False))


def _mask(grid: Grid, column: str) -> pl.Expr:
    if grid.numeric is not None:
        return pl.col(column)
    return pl.lit(column in grid.numeric_columns) & pl.col(column).is_not_null()


def _from_address(
    records: pl.DataFrame, sources: dict[str, str]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Fill what no column gives from the address; only fields that some address names."""
    missing = [field for field in composite.ADDRESS if f"{field}_asal" not in records.columns]
    unique = records.select("alamat_asal").unique().drop_nulls()
    found = unique.with_columns(
        composite.ADDRESS[field].alias(f"{field}_asal") for field in missing
    )
    named = [f for f in missing if found[f"{f}_asal"].count()]
    if not named:
        return records, sources
    parts = found.select("alamat_asal", *(f"{field}_asal" for field in named))
    joined = records.join(parts, on="alamat_asal", how="left", maintain_order="left")
    return joined, sources | dict.fromkeys(named, "alamat")


def _with_split(layout: Layout, split: dict[str, str]) -> Layout:
    """Return the layout with the fields that were split off, at the column they came from."""
    columns = dict(layout.columns)
    notes = []
    for field, source in split.items():
        columns[field] = columns[source]
        notes.append(Note("split", {"field": COLUMN[field].label, "source": COLUMN[source].label}))
    return replace(layout, columns=columns, notes=(*layout.notes, *notes))


def _skipped(grid: Grid, rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.select(
        pl.lit(grid.file).alias("source_file"), pl.lit(grid.sheet).alias("sheet"), pl.all()
    )
    return named.sort("row").select(list(SKIPPED)).cast(SKIPPED)  # type: ignore[arg-type]


def _with_places(records: pl.DataFrame, places: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Fill places from the titles above each row, where the row's address gave none."""
    for field, events in places.items():
        from_title = pl.col(f"{field}_title")
        name = f"{field}_asal"
        own = [pl.col(name)] if name in records.columns else []
        records = (
            records.join_asof(events, on="row")
            .with_columns(pl.coalesce(*own, from_title).alias(name))
            .drop(f"{field}_title")
        )
    return records


def _place_notes(places: dict[str, pl.DataFrame]) -> list[Note]:
    return [
        Note("title_place", {"field": COLUMN[field].label, "place": events[f"{field}_title"][0]})
        for field, events in places.items()
    ]


def _only(records: pl.DataFrame, only: frozenset[str] | None) -> pl.DataFrame:
    """Return the records in the order of their contract, without fields not asked for."""
    dropped = {f"{f}_asal" for f in FIELDS if only is not None and f not in only}
    return records.select(c for c in RECORDS if c in records.columns and c not in dropped)
