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
    bare = first.str.contains(_BARE) & _is_empty(columns, "nama")
    elsewhere = bare & _is_empty(columns, "nik")
    if "nokk" in columns:
        own = members.filter("on_sight")[columns["nokk"]].str.contains(_DIGITS).mean() or 0.0
        if own > 0.5:  # type: ignore[operator]
            return doubtful.head(0)["row"]
        alone = pl.lit(False)
    else:
        alone = bare & (pl.col("filled") == 1)
    lines = doubtful.filter(said | elsewhere)["row"]
    in_nik_column = doubtful.filter(alone & ~pl.col("row").is_in(lines.implode()))
    return (
        lines if _are_people(in_nik_column, members) else pl.concat([lines, in_nik_column["row"]])
    )


def _are_people(rows: pl.DataFrame, members: pl.DataFrame) -> bool:
    """Return whether rows with nothing but a number under NIK are people, not family lines.

    Family lines come more than once, open the list, and never have a woman's birth day.
    """
    if rows.height < 2 or rows["row"].min() != members["row"].min():
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
