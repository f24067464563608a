"""Calendar arithmetic on columns: a date from its parts, and the century of a two-digit year."""

from datetime import date

import polars as pl

OLDEST = date(1900, 1, 1)
"""No date before this one is believed."""


def date_or_null(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the date, or null where the parts are null or name no day between 1900 and 2199."""
    short = month.is_in([4, 6, 9, 11])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = pl.when(month == 2).then(28 + leap.cast(pl.Int32)).otherwise(31 - short.cast(pl.Int32))
    exists = (
        month.is_between(1, 12) & day.is_between(1, length) & year.is_between(1900, 2199)
    )  # fmt: skip
    # pl.date raises on 31 February, so it only ever sees days that exist.
    parts = [pl.when(exists).then(part.cast(pl.Int32)) for part in (year, month, day)]
    return pl.date(*parts)


def likely_year(year: pl.Expr, month: pl.Expr, day: pl.Expr, today: date) -> pl.Expr:
    """Return the latest year ending in the same two digits whose date is not after `today`.

    Where 1916 and 2016 both fit, the child is taken: there are hundreds for each centenarian.
    """
    digits = year % 100
    until = (today.year % 100) * 10_000 + today.month * 100 + today.day
    return digits + pl.when(digits * 10_000 + month * 100 + day <= until).then(2000).otherwise(1900)
