"""KK: what one No KK cell can be wrong about.

Digits 7–12 of a No KK are the date of issue, without the +40 of women's NIKs. A No KK that
differs from Dukcapil's is normal drift and no rule here. Precedence is by `nokk_kelas`, and a
No KK that is a NIK (KK05, KK06) is not also judged as a No KK.
"""

import polars as pl

from dtkstool.rules.evidence import NIK_DI_NOKK
from dtkstool.rules.nik import DAMAGED, digit_count, repair_made
from dtkstool.rules.rule import Rule

AUDIT = "BPK DTKS 2020: 16,373,682 invalid No KK"
LAYOUT = "mixmarriageindiaindonesia.blogspot.com, quoting the regulation"

kelas = pl.col("nokk_kelas")
nokk = pl.col("nokk")
in_place = ~pl.col("tertukar") & ~NIK_DI_NOKK.fill_null(False)
malformed = kelas.is_in(["panjang_salah", "bukan_angka"])
fault = pl.col("nokk_cacat")
day, month, year = (pl.col(f"nokk_{part}") for part in ("day", "month", "year"))
sound = in_place & fault.is_null()
somebodys = pl.col("nokk_orang").fill_null(False)
today = pl.col("today").dt
in_future = year * 10000 + month * 100 + day > (
    today.year() % 100 * 10000 + today.month().cast(pl.Int64) * 100 + today.day()
)
"""After today in this century: issued last century, when there was no SIAK, or mistyped."""
child_of_the_day = (
    ~pl.col("salah_kolom") & (day <= 40) & ~in_future & (pl.col("kk_anggota") > 0).fill_null(False)
)
"""NIK and No KK may be one number by right: a boy born on the day when his family's KK was issued.
Others then have that No KK too, and it could have been issued on that date."""

KK: tuple[Rule, ...] = (
    Rule(
        code="KK01", name="nokk-missing", column="nokk", severity="peringatan",
        action="verifikasi", source=AUDIT + "; desa survey form, 9998/9999",
        violated=kelas.is_in(["kosong", "sentinel"]), variant=kelas.cast(pl.String),
    ),
    Rule(
        code="KK02", name="nokk-not-16-digits", column="nokk", severity="galat", action="ubah",
        source=AUDIT, variant=kelas.cast(pl.String), values=digit_count("nokk"),
        violated=(malformed & pl.col("nokk_kandidat").is_null())
        | kelas.is_in(["tersamar", "sementara", "dua_nilai"]),
    ),
    Rule(
        code="KK03", name="nokk-impossible", column="nokk", severity="galat", action="ubah",
        source=LAYOUT, violated=in_place & fault.is_not_null(), variant=fault,
        values={"region": nokk.str.slice(0, 6), "part": nokk.str.slice(6, 6)},
    ),
    Rule(
        code="KK04", name="nokk-is-a-womans-nik", column="nokk", severity="peringatan",
        action="ubah", source=LAYOUT, violated=sound & (day > 40), values={"day": day},
    ),
    Rule(
        code="KK05", name="nokk-equals-nik", column="nokk", severity="galat", action="ubah",
        scope="group", source=AUDIT, violated=NIK_DI_NOKK & ~child_of_the_day,
        variant=pl.when("salah_kolom")
        .then(pl.lit("nokk_di_nik"))
        .when(pl.col("tanggal_lahir").is_not_null())
        .then(pl.lit("nik_di_nokk"))
        .otherwise(pl.lit("tidak_jelas")),
        elsewhere={"nik": pl.col("salah_kolom")},
    ),
    Rule(
        code="KK06", name="nik-and-nokk-swapped", column="nokk", severity="galat", action="ubah",
        source=LAYOUT, violated=pl.col("tertukar"), suggestion=pl.col("nik"),
    ),
    Rule(
        code="KK11", name="nokk-date-unlikely", column="nokk", severity="info", action="tetap",
        scope="group", source=LAYOUT,
        violated=sound & (day <= 40) & in_future & ~somebodys,
        values={"part": nokk.str.slice(6, 6)},
    ),
    Rule(
        code="KK12", name="nokk-damaged-by-spreadsheet", column="nokk", severity="galat",
        action="ubah", source="OpenSID#71, #3501, #10324",
        violated=kelas.is_in(DAMAGED), variant=kelas.cast(pl.String),
    ),
    Rule(
        code="KK13", name="nokk-repaired", column="nokk", severity="info", action="ubah",
        source="OpenSID#88", violated=nokk.is_not_null() & pl.col("nokk_repair").is_not_null(),
        variant=repair_made("nokk"), suggestion=nokk,
        repairs={"nokk": nokk},
    ),
    Rule(
        code="KK14", name="nokk-repairable-if-matched", column="nokk", severity="peringatan",
        action="ubah", source="Trenggalek Dukcapil (radartulungagung 2018)",
        violated=malformed & pl.col("nokk_kandidat").is_not_null(),
        suggestion=pl.col("nokk_kandidat"),
    ),
    Rule(
        code="KK15", name="nokk-is-somebodys-nik", column="nokk", severity="peringatan",
        action="ubah", scope="group", source=LAYOUT,
        violated=sound & (day <= 40) & in_future & somebodys,
    ),
)  # fmt: skip
