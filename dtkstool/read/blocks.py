"""Per-KK blocks: a family line with the No KK, then the members without one of their own."""

import polars as pl

from dtkstool.read.grid import filled

_DIGITS = r"(?:\d[\s.'`-]?){15}\d"
_SAID = rf"(?i)\b(?:kk|kartu keluarga)\b[^\d|]{{0,20}}\|?[^\d|]{{0,6}}({_DIGITS})\b"
_BARE = rf"^\W*({_DIGITS})\W*$"


def kk_lines(
    doubtful: pl.DataFrame, columns: dict[str, str], cells: list[str], *, members: pl.DataFrame
) -> pl.Series:
    """Return the rows of `doubtful` that are family lines.

    A line says so ("No KK : 3201…"), or has 16 digits in its first filled cell and neither NIK nor
    name. The latter counts only where most members have no number of their own.
    """
    said = pl.col("text").str.contains(_SAID)
    first = pl.coalesce(filled(pl.col(c)) for c in cells)
    bare = first.str.contains(_BARE) & _is_empty(columns, "nama") & (pl.col("filled") <= 3)
    elsewhere = bare & _is_empty(columns, "nik")
    if "nokk" in columns:
        own = members.filter("on_sight")[columns["nokk"]].str.contains(_DIGITS).mean() or 0.0
        if own > 0.5:  # type: ignore[operator]
            return doubtful.head(0)["row"]
        alone = pl.lit(False)
    else:
        alone = bare & (pl.col("filled") == 1)
    found = doubtful.filter(said | elsewhere | alone)["row"]
    starts = members["row"].min() if members.height else None
    if doubtful.filter(said | elsewhere).is_empty() and starts not in found:
        return doubtful.head(0)["row"]
    return found


def _is_empty(columns: dict[str, str], field: str) -> pl.Expr:
    return filled(pl.col(columns[field])).is_null() if field in columns else pl.lit(True)


def kk_number(cells: list[str]) -> pl.Expr:
    """Return the No KK of a family line as typed."""
    first = pl.coalesce(filled(pl.col(c)) for c in cells)
    said = pl.col("text").str.extract(_SAID)
    return pl.when(first.str.contains(_BARE)).then(first).otherwise(said)
