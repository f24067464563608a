"""TGL: what a birth date can be wrong about by itself; against the NIK see NIK08."""

import polars as pl

from dtkstool.rules.files import far_above, percent
from dtkstool.rules.nik import dmy
from dtkstool.rules.rule import Rule

OLDEST = 110
HEAP = 5
HEAP_EXPECTED = 2 / 365
"""1 January and 31 December are two days of the year; guessed dates pile up on them. `HEAP` is per cent."""

kelas = pl.col("tanggal_lahir_kelas")
born = pl.col("tanggal_lahir")
swapped = pl.col("tanggal_lahir_tukar")
unsettled = pl.col("nik_birth").is_null() | pl.col("tertukar")
filled = (kelas != "kosong").sum()
piled = (kelas == "baku").sum()

TGL: tuple[Rule, ...] = (
    Rule(
        code="TGL01", name="birth-date-unreadable", column="tanggal_lahir",
        severity="peringatan", action="ubah", source="OpenSID Impor_model; SIKS-NG exports",
        violated=kelas == "tak_terbaca",
        suggestion=pl.when(~pl.col("tertukar")).then(dmy(pl.col("nik_birth"))),
    ),
    Rule(
        code="TGL02", name="birth-date-in-the-future", column="tanggal_lahir",
        severity="peringatan", action="ubah", source="self-evident", violated=born > pl.col("today"),
        values={"date": dmy(born)},
    ),
    Rule(
        code="TGL03", name="age-over-110", column="tanggal_lahir", severity="peringatan",
        action="verifikasi", source="self-evident",
        violated=born.dt.offset_by(f"{OLDEST}y") < pl.col("today"),
        values={"age": pl.col("today").dt.year() - born.dt.year(), "date": dmy(born)},
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
        & far_above(pl.col("count"), pl.col("filled"), HEAP_EXPECTED),
        values={"share": percent(piled / filled), "count": piled, "filled": filled},
    ),
    Rule(
        code="TGL06", name="birth-date-missing", column="tanggal_lahir", severity="peringatan",
        action="ubah", source="self-evident", violated=kelas == "kosong",
        suggestion=pl.when(~pl.col("tertukar")).then(dmy(pl.col("nik_birth"))),
    ),
    Rule(
        code="TGL07", name="birth-century-guessed", column="tanggal_lahir", severity="info",
        action="tetap", source="self-evident", violated=(kelas == "abad_ditebak") & unsettled,
        values={"date": dmy(born)}, suggestion=dmy(born),
    ),
)  # fmt: skip
