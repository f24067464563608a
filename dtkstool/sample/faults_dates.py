"""Damage to birth dates, and the forms offices write them in."""

from collections.abc import Callable

import numpy as np
import polars as pl

from dtkstool.sample.fault import Fault, Slip

Rng = np.random.Generator
MONTHS = (
    "JANUARI", "PEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER",
    "OKTOBER", "NOPEMBER", "DESEMBER",
)  # fmt: skip
SHORT_MONTHS = (
    "JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGT", "SEP", "OKT", "NOV", "DES",
)  # fmt: skip
FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y")
"""How one file writes dates; `%B` and `%b` are Indonesian months."""
TWO_DIGITS = ("%d/%m/%y", "%d-%m-%y")


def _month_name(day: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    return (
        day.dt.month()
        .cast(pl.Int64)
        .replace_strict(dict(enumerate(names, 1)), return_dtype=pl.String)
    )


def shown(day: pl.Series, form: str) -> pl.Series:
    """Return dates in one form; null stays null."""
    column = pl.col("day")
    if "%B" in form or "%b" in form:
        names = MONTHS if "%B" in form else SHORT_MONTHS
        sign = form[2]
        text = pl.concat_str(
            column.dt.strftime("%d"), _month_name(column, names), column.dt.strftime("%Y"),
            separator=sign,
        )  # fmt: skip
    else:
        text = column.dt.strftime(form)
    return day.to_frame("day").select(text).to_series()


def in_forms(day: pl.Series, form: pl.Series) -> pl.Series:
    """Return each date in the form its own row names."""
    frame = pl.DataFrame({"form": form})
    texts = [pl.when(pl.col("form") == f).then(shown(day, f)) for f in (*FORMS, *TWO_DIGITS)]
    return frame.select(pl.coalesce(texts)).to_series()


def _moved(change: Callable[[Rng, pl.DataFrame], pl.Expr]) -> Slip:
    """Return a slip that writes another date in the row's own form; impossible ones stay."""

    def slip(rng: Rng, rows: pl.DataFrame) -> pl.Series:
        day = rows.select(change(rng, rows).alias("d")).to_series()
        text = in_forms(day, rows["form"])
        return pl.select(pl.coalesce(text, rows["tanggal_lahir"]).alias("d")).to_series()

    return slip


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return a date, null where there is none such."""
    text = pl.format("{}-{}-{}", year, month, day)
    return text.str.to_date("%Y-%m-%d", strict=False)


_Y, _M, _D = (
    pl.col("lahir").dt.year(), pl.col("lahir").dt.month(), pl.col("lahir").dt.day(),
)  # fmt: skip


def _swapped(rng: Rng, rows: pl.DataFrame) -> pl.Expr:
    return _date(_Y, _D, _M)


def _offset(values: list[int]) -> Callable[[Rng, pl.DataFrame], pl.Series]:
    return lambda rng, rows: pl.Series(rng.choice(values, rows.height))


def _year_off(values: list[int]) -> Callable[[Rng, pl.DataFrame], pl.Expr]:
    return lambda rng, rows: _date(_Y + _offset(values)(rng, rows), _M, _D)


def _day_off(rng: Rng, rows: pl.DataFrame) -> pl.Expr:
    steps = _offset([-1, 1, -10, 10, 20, -20, -2, 2, 3, 7])(rng, rows)
    day = (_D.cast(pl.Int64) + steps - 1) % 28 + 1
    return _date(_Y, _M, day)


def _month_off(rng: Rng, rows: pl.DataFrame) -> pl.Expr:
    month = (_M.cast(pl.Int64) + _offset([-1, 1, 2, 6, 10])(rng, rows) - 1) % 12 + 1
    return _date(_Y, month, _D)


def _default(rng: Rng, rows: pl.DataFrame) -> pl.Expr:
    last = pl.Series(rng.random(rows.height) < 0.35)
    month, day = pl.select(
        m=pl.when(last).then(12).otherwise(1), d=pl.when(last).then(31).otherwise(1)
    )
    return _date(_Y, pl.lit(month), pl.lit(day))


def _impossible(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    day = pl.Series(
        rng.choice(["31-02-", "30-02-", "31/04/", "00-00-", "15/13/", "31-11-"], rows.height)
    )
    return day + rows["lahir"].dt.strftime("%Y")


def _year_only(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    age = (2026 - rows["lahir"].dt.year()).cast(pl.String)
    year = rows["lahir"].dt.strftime("%Y")
    use = pl.Series(rng.random(rows.height) < 0.6)
    return pl.select(pl.when(use).then(year).otherwise(age + " TAHUN").alias("y")).to_series()


def _other_form(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    form = pl.Series(rng.choice([*FORMS, *TWO_DIGITS], rows.height))
    return in_forms(rows["lahir"], form)


def _serial(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    """Return Excel's day numbers (1900 system)."""
    return (rows["lahir"].cast(pl.Int32) + 25_569).cast(pl.String)


def _with_time(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    iso = pl.Series(rng.random(rows.height) < 0.5)
    day = rows["lahir"]
    return pl.select(
        pl.when(iso).then(day.dt.strftime("%Y-%m-%d") + " 00:00:00")
        .otherwise(day.dt.strftime("%d-%m-%Y") + " 00:00:00").alias("d")
    ).to_series()  # fmt: skip


def _words(*words: str) -> Slip:
    return lambda rng, rows: pl.Series(rng.choice(words, rows.height))


DATE_FAULTS: tuple[Fault, ...] = (
    Fault("tanggal_kosong", "tanggal_lahir", _words("", "", "-")),
    Fault("tanggal_nol", "tanggal_lahir", _words("0000-00-00", "00/00/0000", "1900-01-00")),
    Fault("tanggal_tukar", "tanggal_lahir", _moved(_swapped)),
    Fault("tanggal_tahun", "tanggal_lahir", _moved(_year_off([-1, 1, -1, 1, -2, 2, -10, 10]))),
    Fault("tanggal_tahun_jauh", "tanggal_lahir", _moved(_year_off([-100, 100, -9, 9, -20, 30]))),
    Fault("tanggal_hari", "tanggal_lahir", _moved(_day_off)),
    Fault("tanggal_bulan", "tanggal_lahir", _moved(_month_off)),
    Fault("tanggal_baku", "tanggal_lahir", _moved(_default)),
    Fault("tanggal_mustahil", "tanggal_lahir", _impossible),
    Fault("tanggal_tahun_saja", "tanggal_lahir", _year_only),
    Fault("tanggal_format", "tanggal_lahir", _other_form),
    Fault("tanggal_serial", "tanggal_lahir", _serial),
    Fault("tanggal_jam", "tanggal_lahir", _with_time),
)
