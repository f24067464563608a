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


WOMAN = 40
"""What is added to a woman's day of birth."""


def birth_key(nik: str) -> pl.Expr:
    """Return day, month and two-digit year of the 16-digit column `nik` as the integer ddmmyy.

    The day is the calendar's, whatever the sex; null for null.
    """

    def key(niks: pl.Series) -> pl.Series:
        written = _birth_digits(niks.cast(pl.Int64))
        woman = written >= (WOMAN + 1) * 10_000
        return written - woman.cast(pl.Int32) * (WOMAN * 10_000)

    return pl.col(nik).map_batches(key, return_dtype=pl.Int32())


def _birth_digits(number: pl.Series) -> pl.Series:
    return (number // 10_000 % 1_000_000).cast(pl.Int32)


FACTS = pl.Struct({"nik_birth": pl.Date(), "nik_sex": pl.String(), "nik_wilayah": NIK_WILAYAH})


def with_nik_facts(lf: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return `lf` with `nik_birth`, `nik_sex` and `nik_wilayah`; all null where `nik` is null.

    Reads `nik` and `tanggal_lahir`. `nik_birth` takes the century of `tanggal_lahir` where its
    last two digits are the NIK's; else the one that makes the holder 0–110 years old at `today`;
    where both do, the one nearer to `tanggal_lahir`, or without it the child's. Null if there is
    no such day; `nik_sex` is null for day digits 00, 32–40, 72–99.
    """

    def facts(people: pl.Series) -> pl.Series:
        number = people.struct.field("nik").cast(pl.Int64)
        stated = people.struct.field("tanggal_lahir").dt.year()
        holder = read_distinct(_birth_digits(number), lambda lf: _holder(lf, today))
        return holder.select(
            nik_birth=_birth(stated, today), nik_sex="nik_sex", nik_wilayah=_wilayah(number)
        ).to_struct()

    return (
        lf.drop("nik_birth", "nik_sex", "nik_wilayah", strict=False)
        .with_columns(
            _facts=pl.struct("nik", "tanggal_lahir").map_batches(facts, return_dtype=FACTS)
        )
        .unnest("_facts")
    )


def _holder(lf: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return what digits 7–12 in `cell` say: `late, early, late_year, early_year, nik_sex`.

    `late` is the date in the latest century that fits, `early` the one in the 20th.
    """
    written, month, year = (pl.col("cell") // at % 100 for at in (10_000, 100, 1))
    day = pl.when(pl.col("written") > WOMAN).then(pl.col("written") - WOMAN).otherwise("written")
    parts = (pl.col("month"), pl.col("day"))
    return (
        lf.select("cell", written=written, month=month, year=year)
        .with_columns(day=day, nik_sex=_sex())
        .with_columns(
            late=date_or_null(likely_year(pl.col("year"), *parts, today), *parts),
            early=date_or_null(pl.col("year") + 1900, *parts),
        )
        .select(
            "cell", "late", "early", "nik_sex",
            late_year=pl.col("late").dt.year(), early_year=pl.col("early").dt.year(),
        )
    )  # fmt: skip


def _birth(stated_year: pl.Series, today: date) -> pl.Expr:
    late, early = pl.col("late_year"), pl.col("early_year")
    stated = pl.lit(stated_year)
    nearer = (stated - early).abs() < (stated - late).abs()
    is_early = (stated == early) | (nearer & (early >= today.year - MAX_AGE))
    return pl.when(is_early).then("early").otherwise("late")


def _sex() -> pl.Expr:
    day = pl.col("written")
    return (
        pl.when(day.is_between(1, 31)).then(pl.lit("L"))
        .when(day.is_between(41, 71)).then(pl.lit("P"))
    )  # fmt: skip


def _wilayah(number: pl.Series) -> pl.Series:
    def read(lf: pl.LazyFrame) -> pl.LazyFrame:
        prefix = pl.col("cell").cast(pl.String).str.zfill(6)
        return lf.select("cell", status=prefix_status(prefix))

    return read_distinct((number // 10**10).cast(pl.Int32), read)["status"]


def explain_nik(cell: str, today: date) -> dict[str, object]:
    """Return every `nik…` column for one typed NIK, judged by the cell alone."""
    row = pl.LazyFrame(
        {"nik_asal": [cell], "nik_numeric": False, "layout": 0, "nokk_asal": None,
         "nokk_numeric": False, "tanggal_lahir": None},
        schema_overrides={"layout": pl.UInt16, "nokk_asal": pl.String, "tanggal_lahir": pl.Date},
    )  # fmt: skip
    facts = row.pipe(with_nik).pipe(with_nik_facts, today).select(pl.col("^nik.*$")).collect()
    return facts.row(0, named=True)
