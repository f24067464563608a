"""Per-KK blocks: a family line with the No KK, then the members without one of their own."""

import polars as pl

from dtkstool.read.grid import Grid, filled
from dtkstool.read.people import DIGITS, Body, Families

_EIGHT_DIGITS = r"(?:\d[\s.'`-]?){8}"
_SAID = rf"(?i)\b(?:kk|kartu keluarga)\b[^\d|]{{0,20}}\|?[^\d|]{{0,6}}({DIGITS})\b"
_BARE = rf"^\W*({DIGITS})\W*$"


def kk_lines(
    doubtful: pl.DataFrame, columns: dict[str, str], cells: list[str], *, members: Body
) -> pl.Series:
    """Return the rows of `doubtful` that are family lines.

    A line says so ("No KK : 3201…"), or has 16 digits in its first filled cell and neither NIK nor
    name. The latter counts only where most members have no number of their own.
    """
    said = pl.col("text").str.contains(_SAID)
    first = pl.coalesce(filled(pl.col(c)) for c in cells)
    bare = first.str.contains(_BARE) & _is_empty(columns, "nama")
    elsewhere = bare & _is_empty(columns, "nik")
    if "nokk" in columns:
        if members.own_numbers > 0.5:
            return doubtful.head(0)["row"]
        alone = pl.lit(False)
    else:
        alone = bare & (pl.col("filled") == 1)
    lines = doubtful.filter(said | elsewhere)["row"]
    in_nik_column = doubtful.filter(alone & ~pl.col("row").is_in(lines.implode()))
    return (
        lines if _are_people(in_nik_column, members) else pl.concat([lines, in_nik_column["row"]])
    )


def _are_people(rows: pl.DataFrame, members: Body) -> bool:
    """Return whether rows with nothing but a number under NIK are people, not family lines.

    Family lines come more than once, open the list, and never have a woman's birth day.
    """
    if rows.height < 2 or rows["row"].min() != members.rows["row"].min():
        return True
    digits = rows["text"].str.replace_all(r"\D", "").str.slice(6, 2)
    return bool((digits.cast(pl.Int16, strict=False) > 31).fill_null(True).any())


def _is_empty(columns: dict[str, str], field: str) -> pl.Expr:
    return filled(pl.col(columns[field])).is_null() if field in columns else pl.lit(True)


def kk_number(cells: list[str]) -> pl.Expr:
    """Return the No KK of a family line as typed."""
    first = pl.coalesce(filled(pl.col(c)) for c in cells)
    said = pl.col("text").str.extract(_SAID)
    return pl.when(first.str.contains(_BARE)).then(first).otherwise(said)


def family_lines(grid: Grid, lines: pl.DataFrame) -> Families | None:
    """Return what the family lines of a sheet say; None without any."""
    if lines.is_empty():
        return None
    first = pl.coalesce(
        pl.when(pl.col(c).str.contains(_EIGHT_DIGITS)).then(pl.lit(c)) for c in grid.columns
    )
    above = lines.sort("row").select("row", kk=kk_number(grid.columns), kk_row="row", kk_in=first)
    column = str(above["kk_in"].mode().sort()[0])
    if grid.numeric is not None:
        is_number = grid.numeric.select("row", kk_numeric=pl.col(column))
        above = above.join(is_number, on="row", how="left", maintain_order="left")
    else:
        above = above.with_columns(kk_numeric=pl.lit(False))
    return Families(above.drop("kk_in"), column)
