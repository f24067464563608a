"""Places: Kemendagri codes for where people live and where they moved to."""

import polars as pl

from dtkstool.clean.places.cells import CELLS
from dtkstool.clean.places.levels import resolve
from dtkstool.frames import CLEAN_PLACES

__all__ = ["with_destination", "with_places"]

_NIK_PREFIXES = ("nik_digits", "nokk_digits")


def _varies(column: pl.Series) -> bool:
    return column.null_count() < len(column) and not column.eq_missing(column.first()).all()


def _distinct(cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Return the distinct rows, numbered as `place`, and each row's number.

    Joins on one hash instead of ten columns of text: four times as fast on a million rows. A seed
    is sought under which no two distinct rows share a hash.
    """
    varying = [column.name for column in cells if _varies(column)] or ["layout"]
    distinct = cells.unique(varying)
    row = pl.struct(varying)
    seed = next(
        seed for seed in range(64) if distinct.select(row.hash(seed)).to_series().is_unique().all()
    )
    numbered = distinct.with_row_index("place").with_columns(hash=row.hash(seed))
    places = cells.select(hash=row.hash(seed)).join(
        numbered.select("hash", "place"), on="hash", how="left", maintain_order="left"
    )
    return numbered.drop("hash"), places["place"]


def _prefix_votes(df: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """place, kabupaten, votes: where the NIK and No KK of those who live there come from."""
    prefixes = [
        pl.DataFrame([places, df[column].str.head(4).alias("kabupaten")])
        for column in _NIK_PREFIXES
        if column in df.columns
    ]
    empty = pl.DataFrame(schema={"place": places.dtype, "kabupaten": pl.String()})
    counted = pl.concat([empty, *prefixes]).drop_nulls().group_by("place", "kabupaten")
    return counted.agg(votes=pl.len().cast(pl.Int64))


def _resolved(rows: pl.Series) -> pl.Series:
    df = rows.struct.unnest()
    distinct, places = _distinct(df.select("layout", *CELLS))
    resolved = resolve(distinct, lambda: _prefix_votes(df, places))
    answers = resolved.sort("place").select(pl.col(CLEAN_PLACES.keys()).gather(places))
    return answers.to_struct(rows.name)


def _resolution(lf: pl.LazyFrame, cells: dict[str, pl.Expr]) -> pl.Expr:
    """A struct of `CLEAN_PLACES`, worked out for the column as a whole."""
    there = lf.collect_schema().names()
    nothing = pl.lit(None, dtype=pl.String)
    layout = pl.col("layout") if "layout" in there else pl.lit(0, dtype=pl.UInt16)
    prefixes = [pl.col(column) for column in _NIK_PREFIXES if column in there]
    typed = [cells.get(cell, nothing).alias(cell) for cell in CELLS]
    return pl.struct(layout.alias("layout"), *typed, *prefixes).map_batches(
        _resolved, return_dtype=pl.Struct(CLEAN_PLACES)
    )


def with_places(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add `frames.CLEAN_PLACES`: where each record lives, as Kemendagri codes.

    Reads the typed codes and names (`kode_wilayah_asal` … `desa_asal`, those there are), `layout`
    (absent: one layout), and `nik_digits`, `nokk_digits` where there are any, to break ties. A
    level that is not known is null, and its `_kelas` says why; all cells null gives all codes null
    and `kosong`. Needs the whole column: the kabupaten of a file that names none is the one its
    kecamatan and desa exist in.
    """
    there = lf.collect_schema().names()
    cells = {cell: pl.col(f"{cell}_asal") for cell in CELLS if f"{cell}_asal" in there}
    resolved = _resolution(lf, cells).alias("_places")
    return lf.with_columns(resolved).unnest("_places")
