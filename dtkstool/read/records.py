"""The people of one sheet as records: every field as typed, composite cells split."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import polars as pl

from dtkstool.columns import COLUMN, FIELDS
from dtkstool.frames import RECORDS
from dtkstool.read import composite
from dtkstool.read.claims import Plan
from dtkstool.read.grid import Grid
from dtkstool.read.people import Keep
from dtkstool.read.rows import Rows

_ALWAYS = {"nik", "nokk", "nama", "tanggal_lahir", "ttl", "nama_ibu", "tick_l", "tick_p"}
"""Fields that tell people from other rows, needed whatever is asked for."""
_PARTS = {
    "rt_rw": {"rt", "rw"},
    "ttl": {"tempat_lahir", "tanggal_lahir"},
    "alamat": set(composite.ADDRESS),
}


@dataclass(frozen=True)
class Records:
    """The people of one sheet."""

    parts: tuple[tuple[int, pl.LazyFrame], ...]
    """Number and `frames.RECORDS` without `record`, only the columns that the sheet has."""
    split: dict[str, str]
    """Field split off another column → that column's field."""


def needed_fields(columns: dict[str, str], only: frozenset[str] | None) -> frozenset[str]:
    """Return the fields whose columns must be loaded to give those in `only`; None asks for all."""
    if only is None:
        return frozenset(columns) | _ALWAYS
    sources = {field for field, parts in _PARTS.items() if parts & only}
    return frozenset(only | sources | _ALWAYS)


def build_records(
    grid: Grid,
    settled: Plan,
    rows: Rows,
    places: dict[str, pl.DataFrame],
    index: int,
    only: frozenset[str] | None,
    keep: Keep,
) -> Records:
    """Return the people of a sheet as records of layout `index`, with the fields in `only`.

    Records whose cells are taken apart for it are worked out at once, and `keep` holds them.
    """
    needed = needed_fields(settled.columns(), only)
    fields = {field: c for field, c in settled.columns().items() if field in needed}
    split = _split(fields, settled)
    sources = {field: source for field, (source, _) in split.items()}
    people = tuple(rows.people.each())
    has_blocks = bool(rows.kk_column)
    sheet = replace(grid, cells=pl.LazyFrame(), blocks=None, pick=None)  # lets go of the text
    in_address = _named_in_address(people, fields, settled.fields.keys() | sources.keys())
    worked_out = bool(split or in_address or places or has_blocks)

    def records(typed: pl.LazyFrame) -> pl.LazyFrame:
        lf = _records(sheet, settled, has_blocks, typed, fields, split, index)
        if in_address:
            lf = _from_address(lf, in_address)
        whole = _only(_with_places(lf, places), only)
        return keep(whole.collect()) if worked_out else whole

    parts = tuple((count, records(typed)) for count, typed in people)
    return Records(parts, sources | dict.fromkeys(in_address, "alamat"))


def _records(
    grid: Grid,
    settled: Plan,
    has_blocks: bool,
    people: pl.LazyFrame,
    columns: dict[str, str],
    split: dict[str, tuple[str, pl.Expr]],
    index: int,
) -> pl.LazyFrame:
    keep_own = _has_own_kk(columns)
    return _with_masks(grid, people, columns, keep_own).select(
        "row",
        "nik_numeric",
        "nokk_numeric",
        pl.lit(grid.file).alias("source_file"),
        pl.lit(grid.sheet).alias("sheet"),
        pl.lit(index, pl.UInt16).alias("layout"),
        pl.when(keep_own).then(_merged_row(grid)).otherwise(pl.col("kk_row")).alias("kk_row"),
        **_typed(columns, settled, keep_own, has_kk="nokk" in columns or has_blocks),
        **{f"{field}_asal": expr for field, (_, expr) in split.items()},
    )


def _has_own_kk(columns: dict[str, str]) -> pl.Expr:
    """Return whether a row's own No KK stands; a sequence number under a family line does not."""
    own = pl.col(columns["nokk"]) if "nokk" in columns else pl.lit(None, pl.String)
    return own.str.contains(r"\d{4}|\D{4}").fill_null(False) | pl.col("kk").is_null()


def _typed(
    columns: dict[str, str], settled: Plan, keep_own: pl.Expr, *, has_kk: bool
) -> dict[str, pl.Expr]:
    """Return the cells of the fields that have a column, and of a No KK from a family line."""
    typed = {f"{f}_asal": pl.col(c) for f, c in columns.items() if not COLUMN[f].parts}
    if settled.ticks:
        typed["jenis_kelamin_asal"] = _ticked(*settled.ticks)
    if has_kk:
        own = typed.get("nokk_asal", pl.lit(None, pl.String))
        typed["nokk_asal"] = pl.when(keep_own).then(own).otherwise(pl.col("kk"))
    return typed


def _ticked(left: str, right: str) -> pl.Expr:
    """Return L or P by the column that is ticked; null if both or none is."""
    one, other = pl.col(left).is_not_null(), pl.col(right).is_not_null()
    return pl.when(one & ~other).then(pl.lit("L")).when(other & ~one).then(pl.lit("P"))


def _merged_row(grid: Grid) -> pl.Expr:
    """Return the row on which the merged No KK cell that covers this row begins, null for none."""
    covered = {row: first for first, last in grid.kk_merges for row in range(first + 1, last + 1)}
    return pl.col("row").replace_strict(
        list(covered), list(covered.values()), default=None, return_dtype=pl.UInt32
    )


def _split(columns: dict[str, str], settled: Plan) -> dict[str, tuple[str, pl.Expr]]:
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
        if source in columns and field not in settled.fields
    }


def _with_masks(
    grid: Grid, people: pl.LazyFrame, columns: dict[str, str], keep_own: pl.Expr
) -> pl.LazyFrame:
    """Add `nik_numeric` and `nokk_numeric`: false where the cell is text or empty."""
    masks = {f: _mask(grid, columns[f]) for f in ("nik", "nokk") if f in columns}
    if grid.numeric is not None and masks:
        named = {f"{f}_mask": mask for f, mask in masks.items()}
        is_number = grid.numeric.lazy().select("row", **named)
        people = people.join(is_number, on="row", how="left", maintain_order="left")
        masks = {f: pl.col(f"{f}_mask") for f in masks}
    nik = masks.get("nik", pl.lit(False))
    nokk = pl.when(keep_own).then(masks.get("nokk", pl.lit(False))).otherwise(pl.col("kk_numeric"))
    return people.with_columns(nik_numeric=nik.fill_null(False), nokk_numeric=nokk.fill_null(False))


def _mask(grid: Grid, column: str) -> pl.Expr:
    if grid.numeric is not None:
        return pl.col(column)
    return pl.lit(column in grid.numeric_columns) & pl.col(column).is_not_null()


def _named_in_address(
    people: Iterable[tuple[int, pl.LazyFrame]], columns: dict[str, str], known: AbstractSet[str]
) -> list[str]:
    """Return the fields without a column that some address names."""
    missing = [field for field in composite.ADDRESS if field not in known]
    if "alamat" not in columns or not missing:
        return []
    named: set[str] = set()
    for _, typed in people:
        address = typed.select(alamat_asal=pl.col(columns["alamat"]))
        unique = address.unique().drop_nulls().collect()
        open_ = [field for field in missing if field not in named]
        found = unique.select(composite.ADDRESS[field].alias(field) for field in open_)
        named |= {field for field in open_ if found[field].count()}
    return [field for field in missing if field in named]


def _from_address(records: pl.LazyFrame, named: list[str]) -> pl.LazyFrame:
    """Fill from the address what no column gives."""
    unique = records.select("alamat_asal").unique().drop_nulls()
    parts = unique.with_columns(composite.ADDRESS[field].alias(f"{field}_asal") for field in named)
    return records.join(parts, on="alamat_asal", how="left", maintain_order="left")


def _with_places(records: pl.LazyFrame, places: dict[str, pl.DataFrame]) -> pl.LazyFrame:
    """Fill places from the titles above each row, where the row's address gave none."""
    for field, events in places.items():
        from_title = pl.col(f"{field}_title")
        name = f"{field}_asal"
        own = [pl.col(name)] if name in records.collect_schema() else []
        records = (
            records.join_asof(events.lazy(), on="row")
            .with_columns(pl.coalesce(*own, from_title).alias(name))
            .drop(f"{field}_title")
        )
    return records


def _only(records: pl.LazyFrame, only: frozenset[str] | None) -> pl.LazyFrame:
    """Return the records in the order of their contract, without fields not asked for."""
    dropped = {f"{f}_asal" for f in FIELDS if only is not None and f not in only}
    there = records.collect_schema()
    return records.select(c for c in RECORDS if c in there and c not in dropped)
