"""What a valid-looking NIK says of its holder: birth date, sex, where it was first issued.

Layout: 6 digits region, 2 day (+40 for women), 2 month, 2 year, 4 serial (domain.md §1.1). A NIK is
for life even if its date was encoded wrongly, so a difference to the person is suspicious, never
an error.
"""

from datetime import date

import polars as pl

from dtkstool.clean.civil import date_or_null, likely_year
from dtkstool.clean.nik import with_nik
from dtkstool.distinct import read_distinct
from dtkstool.frames import NIK_WILAYAH
from dtkstool.wilayah import prefix_status

MAX_AGE = 110


BIRTH = pl.Struct({"late": pl.Date(), "early": pl.Date(), "day": pl.Int32()})
"""What digits 7–12 say: the date in the latest century that fits, the one in the 20th, and the day
as written (41–71 for women)."""
WOMAN = 40
"""What is added to a woman's day of birth."""


def birth_key(nik: str) -> pl.Expr:
    """Return day, month and two-digit year of the 16-digit column `nik` as the integer ddmmyy.

    The day is the calendar's, whatever the sex; null for null.
    """
    written = _birth_digits(pl.col(nik))
    woman = written >= (WOMAN + 1) * 10_000
    return written - pl.when(woman).then(WOMAN * 10_000).otherwise(0)


def _birth_digits(nik: pl.Expr) -> pl.Expr:
    return (nik.cast(pl.Int64) // 10_000 % 1_000_000).cast(pl.Int32)


def birth_digits(nik: str, today: date) -> pl.Expr:
    """Return the 16-digit column `nik` as a struct `BIRTH`; null fields for a null NIK."""

    def read(lf: pl.LazyFrame) -> pl.LazyFrame:
        day, month, year = (pl.col("cell") // at % 100 for at in (10_000, 100, 1))
        calendar_day = pl.when(day > WOMAN).then(day - WOMAN).otherwise(day)
        return (
            lf.select("cell", written=day, day=calendar_day, month=month, year=year)
            .with_columns(_readings(today))
            .select("cell", "late", "early", pl.col("written").alias("day"))
        )

    def readings(niks: pl.Series) -> pl.Series:
        return read_distinct(niks, read).drop("cell").to_struct()

    return _birth_digits(pl.col(nik)).map_batches(readings, return_dtype=BIRTH)


def _readings(today: date) -> list[pl.Expr]:
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    return [
        date_or_null(likely_year(year, month, day, today), month, day).alias("late"),
        date_or_null(year + 1900, month, day).alias("early"),
    ]


def with_nik_facts(lf: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return `lf` with `nik_birth`, `nik_sex` and `nik_wilayah`; all null where `nik` is null.

    Reads `nik` and `tanggal_lahir`. `nik_birth` takes the century of `tanggal_lahir` where its
    last two digits are the NIK's; else the one that makes the holder 0–110 years old at `today`;
    where both do, the one nearer to `tanggal_lahir`, or without it the child's. Null if there is
    no such day; `nik_sex` is null for day digits 00, 32–40, 72–99.
    """
    return (
        lf.drop("nik_birth", "nik_sex", "nik_wilayah", strict=False)
        .with_columns(_digits=birth_digits("nik", today))
        .unnest("_digits")
        .with_columns(nik_birth=_birth(today), nik_sex=_sex(), nik_wilayah=_wilayah())
        .drop("late", "early", "day")
    )


def _birth(today: date) -> pl.Expr:
    late, early = pl.col("late").dt.year(), pl.col("early").dt.year()
    stated = pl.col("tanggal_lahir").dt.year()
    nearer = (stated - early).abs() < (stated - late).abs()
    is_early = (stated == early) | (nearer & (early >= today.year - MAX_AGE))
    return pl.when(is_early).then("early").otherwise("late")


def _sex() -> pl.Expr:
    day = pl.col("day")
    return (
        pl.when(day.is_between(1, 31)).then(pl.lit("L"))
        .when(day.is_between(41, 71)).then(pl.lit("P"))
    )  # fmt: skip


def _wilayah() -> pl.Expr:
    def read(lf: pl.LazyFrame) -> pl.LazyFrame:
        return lf.with_columns(status=prefix_status(pl.col("cell")))

    def statuses(niks: pl.Series) -> pl.Series:
        return read_distinct(niks.str.head(6), read)["status"].alias(niks.name)

    return pl.col("nik").map_batches(statuses, return_dtype=NIK_WILAYAH)


def explain_nik(cell: str, today: date) -> dict[str, object]:
    """Return every `nik…` column for one typed NIK, judged by the cell alone."""
    row = pl.LazyFrame(
        {"nik_asal": [cell], "nik_numeric": False, "layout": 0, "nokk_asal": None,
         "nokk_numeric": False, "tanggal_lahir": None},
        schema_overrides={"layout": pl.UInt16, "nokk_asal": pl.String, "tanggal_lahir": pl.Date},
    )  # fmt: skip
    facts = row.pipe(with_nik).pipe(with_nik_facts, today).select(pl.col("^nik.*$")).collect()
    return facts.row(0, named=True)
