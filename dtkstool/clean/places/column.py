"""A column of places as a whole: its distinct ones resolved, each row given its answer."""

from collections.abc import Callable, Iterable

import polars as pl

from dtkstool.clean.places.address import AddressPart, in_address
from dtkstool.clean.places.cells import CELLS
from dtkstool.clean.places.levels import resolve
from dtkstool.distinct import told_apart
from dtkstool.frames import CLEAN_PLACES


def _varies(column: pl.Series) -> bool:
    return column.null_count() < len(column) and not column.eq_missing(column.first()).all()


def _distinct(cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Return the distinct rows, numbered as `place` and counted as `rows`, and each row's number.

    Told apart by one hash of the columns that vary, as `distinct` tells cells apart.
    """
    varying = [column.name for column in cells if _varies(column)] or ["layout"]
    first, place = told_apart(cells.select(pl.struct(varying).hash()).to_series())
    rows = place.value_counts(name="rows").sort(place.name)["rows"]
    return cells[first].with_columns(rows).with_row_index("place"), place.alias("place")


def _votes(df: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """place, kabupaten, votes: what the other columns of those who live there begin with."""
    others = [column for column in df.columns if column not in ("layout", *CELLS)]
    empty = pl.DataFrame(schema={"place": places.dtype, "kabupaten": pl.String()})
    heads = [pl.DataFrame([places, df[other].str.head(4).alias("kabupaten")]) for other in others]
    counted = pl.concat([empty, *heads]).drop_nulls().group_by("place", "kabupaten")
    return counted.agg(votes=pl.len().cast(pl.Int64))


def _resolved(rows: pl.Series, known: pl.DataFrame | None) -> pl.Series:
    df = rows.struct.unnest()
    distinct, places = _distinct(df.select("layout", *CELLS))
    if known is None:
        resolved = resolve(distinct, lambda: _votes(df, places)).sort("place")
    else:
        typed = distinct.select("layout", pl.col(CELLS).name.prefix("typed_"))
        resolved = typed.join(
            known, on=typed.columns, how="left", nulls_equal=True, maintain_order="left"
        )
    return resolved.select(pl.col(CLEAN_PLACES.keys()).gather(places)).to_struct(rows.name)


def _typed(there: list[str], cells: dict[str, pl.Expr], ties: tuple[str, ...]) -> list[pl.Expr]:
    nothing = pl.lit(None, dtype=pl.String)
    layout = pl.col("layout") if "layout" in there else pl.lit(0, dtype=pl.UInt16)
    hints = [pl.col(column).alias(f"_{column}") for column in ties if column in there]
    return [
        layout.alias("layout"), *(cells.get(cell, nothing).alias(cell) for cell in CELLS), *hints
    ]  # fmt: skip


def _resolution(
    there: list[str],
    cells: dict[str, pl.Expr],
    ties: tuple[str, ...],
    known: pl.DataFrame | None = None,
) -> pl.Expr:
    """A struct of `CLEAN_PLACES`, worked out for the column as a whole."""
    return pl.struct(_typed(there, cells, ties)).map_batches(
        lambda rows: _resolved(rows, known), return_dtype=pl.Struct(CLEAN_PLACES)
    )


TIES = ("nik_digits", "nokk_digits")


def with_places(lf: pl.LazyFrame, known: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Add `frames.CLEAN_PLACES`: where each record lives, as Kemendagri codes.

    Reads the typed codes and names (`kode_wilayah_asal` … `desa_asal`, those there are), `layout`
    (absent: one layout), and `nik_digits`, `nokk_digits` where there are any, to break ties. A
    level that is not known is null, and its `_kelas` says why; all cells null gives all codes null
    and `kosong`. Needs the whole column: the kabupaten of a file that names none is the one its
    kecamatan and desa exist in; or a slice of it with the `known_places` of all.
    """
    there = lf.collect_schema().names()
    cells = {cell: pl.col(f"{cell}_asal") for cell in CELLS if f"{cell}_asal" in there}
    resolved = _resolution(there, cells, TIES, known)
    return lf.with_columns(resolved.alias("_places")).unnest("_places")


def typed_places(df: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct places of a slice as typed, how many `rows` each, to be put together."""
    typed = df.select("layout", *(pl.col(f"{cell}_asal").alias(cell) for cell in CELLS))
    return _distinct(typed)[0].select("layout", *CELLS, "rows")


def known_places(
    typed: Iterable[pl.DataFrame], residents: Callable[[], Iterable[pl.DataFrame]]
) -> pl.DataFrame:
    """Return the places of all slices as typed (`typed_<cell>`), with `frames.CLEAN_PLACES`.

    `residents` gives the slices again, with `TIES`; it is asked only where places are tied.
    """
    on = ["layout", *CELLS]
    distinct = pl.concat(typed).group_by(on).agg(pl.col("rows").sum()).with_row_index("place")

    def votes() -> pl.DataFrame:
        counted = pl.concat(_votes_of(df, distinct.select(*on, "place")) for df in residents())
        return counted.group_by("place", "kabupaten").agg(pl.col("votes").sum())

    resolved = resolve(distinct, votes)
    as_typed = distinct.select("place", "layout", pl.col(CELLS).name.prefix("typed_"))
    return as_typed.join(resolved, on="place").drop("place")


def _votes_of(df: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    typed = df.select("layout", *(pl.col(f"{cell}_asal").alias(cell) for cell in CELLS))
    on = ["layout", *CELLS]
    at = typed.join(places, on=on, how="left", nulls_equal=True, maintain_order="left")["place"]
    return _votes(df.select(TIES), at)


def with_destination(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add `kode_desa_tujuan`: 10 digits, or 6 where only the kecamatan of a move is known.

    Reads the `*_tujuan_asal` fields there are, `alamat_tujuan_asal` for what those leave open, and
    `kode_kabupaten`, the home, where a kecamatan of the name exists in several kabupaten. Null
    where no kecamatan can be told.
    """
    there = lf.collect_schema().names()
    parts: tuple[AddressPart, ...] = ("provinsi", "kabupaten", "kecamatan", "desa")
    nothing = pl.lit(None, dtype=pl.String)

    def typed(field: str) -> pl.Expr:
        return pl.col(field) if field in there else nothing

    cells = {
        str(part): pl.coalesce(
            typed(f"{part}_tujuan_asal"), in_address(typed("alamat_tujuan_asal"), part)
        )
        for part in parts
    }
    cells["kode_wilayah"] = typed("kode_wilayah_tujuan_asal")
    resolved = _resolution(there, cells, ("kode_kabupaten",)).alias("_destination")
    place = pl.col("_destination").struct
    code = pl.coalesce(place.field("kode_desa"), place.field("kode_kecamatan"))
    return lf.with_columns(resolved).with_columns(kode_desa_tujuan=code).drop("_destination")
