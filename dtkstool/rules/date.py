"""TGL: what a birth date can be wrong about by itself; against the NIK see NIK08."""

import polars as pl

from dtkstool.rules.files import far_above, percent
from dtkstool.rules.nik import dmy
from dtkstool.rules.repeated import any_where
from dtkstool.rules.rule import Rule

OLDEST = 110
DAYS_IN_YEAR = 365.2425
HEAP = 5
"""Per cent. 1 January and 31 December are two days of the year; guessed dates pile up on them."""
HEAP_EXPECTED = 2 / 365
FEWEST = 5
"""One person born on New Year's Day is no heap."""

kelas = pl.col("tanggal_lahir_kelas")
born = pl.col("tanggal_lahir")
swapped = pl.col("tanggal_lahir_tukar")
unsettled = pl.col("nik_birth").is_null() | pl.col("salah_kolom")
by_nik = pl.when(~pl.col("salah_kolom")).then(dmy(pl.col("nik_birth")))
filled = (kelas != "kosong").sum()
piled = (kelas == "baku").sum()
doubtful = pl.when(kelas.is_in(["tak_terbaca", "abad_ditebak"])).then("tanggal_lahir_asal")
typed_year = doubtful.str.extract(r"(?:^|\D)([12]\d{3})(?:\D|$)").cast(pl.Int32)
"""The four-digit year of a date that `clean` could not take as written."""
age = (pl.col("today") - born).dt.total_days() / DAYS_IN_YEAR
written_year = any_where("tanggal_lahir_asal", lambda cell: cell.str.contains(r"\d{4}"))
sure_age = pl.when(written_year | (age > OLDEST - 100)).then(age)
"""Null where two digits of a year leave open whether it is a child or somebody past a hundred."""
year = pl.coalesce(typed_year, born.dt.year())
in_future = (typed_year > pl.col("today").dt.year()).fill_null(False)
too_old = (pl.col("today").dt.year() - typed_year > OLDEST).fill_null(False) | (
    typed_year.is_null() & (age > OLDEST)
).fill_null(False)

TGL: tuple[Rule, ...] = (
    Rule(
        code="TGL01", name="birth-date-unreadable", column="tanggal_lahir",
        severity="peringatan", action="ubah", source="OpenSID Impor_model; SIKS-NG exports",
        violated=(kelas == "tak_terbaca") & ~in_future & ~too_old, suggestion=by_nik,
    ),
    Rule(
        code="TGL02", name="birth-year-in-the-future", column="tanggal_lahir",
        severity="peringatan", action="ubah", source="self-evident", violated=in_future,
        values={"year": year}, suggestion=pl.coalesce(dmy(born), by_nik),
    ),
    Rule(
        code="TGL03", name="age-over-110", column="tanggal_lahir", severity="peringatan",
        action="verifikasi", source="self-evident", violated=too_old, values={"year": year},
        suggestion=pl.when(born.dt.year() != year).then(dmy(born)),
    ),
    Rule(
        code="TGL04", name="birth-date-ambiguous", column="tanggal_lahir",
        severity="peringatan", action="ubah", source="OpenSID reads / as US month/day",
        violated=(kelas == "ambigu") & unsettled & (born != swapped),
        values={"date": dmy(born), "swapped": dmy(swapped)},
    ),
    Rule(
        code="TGL05", name="birth-dates-piled-on-new-year", column="tanggal_lahir",
        severity="peringatan", action="verifikasi", scope="column", source="self-evident",
        violated=(pl.col("share") > HEAP)
        & (pl.col("count") >= FEWEST)
        & far_above(pl.col("count"), pl.col("filled"), HEAP_EXPECTED),
        values={"share": percent(piled / filled), "count": piled, "filled": filled},
    ),
    Rule(
        code="TGL06", name="birth-date-missing", column="tanggal_lahir", severity="peringatan",
        action="ubah", source="self-evident", violated=kelas == "kosong",
        suggestion=by_nik,
    ),
    Rule(
        code="TGL07", name="birth-century-guessed", column="tanggal_lahir", severity="info",
        action="tetap", source="self-evident",
        violated=(kelas == "abad_ditebak") & unsettled & typed_year.is_null(),
        values={"date": dmy(born)}, suggestion=dmy(born),
    ),
)  # fmt: skip
