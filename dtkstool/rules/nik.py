"""NIK: what one NIK cell can be wrong about.

Precedence is by `nik_kelas`: each class of cell that is not a number has one rule of its own, and
every rule on digits asks for `nik`, which is null for all those classes.
"""

import polars as pl

from dtkstool.rules.rule import Rule

KLATEN = "dukcapil.klaten.go.id/arti-16-digit-nomor-induk-kependudukan-nik"
PERMANENT = "PP 40/2019 Ps 30(2)"
DAMAGED = ("rusak_ilmiah", "rusak_digit16", "rusak_float")

kelas = pl.col("nik_kelas")
nik = pl.col("nik")
in_place = ~pl.col("salah_kolom")
born, nik_birth = pl.col("tanggal_lahir"), pl.col("nik_birth")
malformed = kelas.is_in(["panjang_salah", "bukan_angka"])


day = nik_birth.dt.day() == born.dt.day()
month = nik_birth.dt.month() == born.dt.month()
year = nik_birth.dt.year() % 100 == born.dt.year() % 100
date_differs = in_place & nik_birth.is_not_null() & (pl.col("nik_lahir") != pl.col("lahir"))
swapped_date = nik_birth == pl.col("tanggal_lahir_tukar")
placeholder = (pl.col("tanggal_lahir_kelas") == "baku") & year
how_date_differs = (
    pl.when(swapped_date)
    .then(pl.lit("tukar"))
    .when(placeholder)
    .then(pl.lit("baku"))
    .when(day & month)
    .then(pl.lit("tahun"))
    .when(month & year)
    .then(pl.lit("hari"))
    .when(day & year)
    .then(pl.lit("bulan"))
    .otherwise(pl.lit("lain"))
)


def dmy(date: pl.Expr) -> pl.Expr:
    """Return a date as people write it here, dd-mm-yyyy."""
    return date.dt.to_string("%d-%m-%Y")


def digit_count(number: str) -> dict[str, pl.Expr]:
    """Return how many digits a cell holds, for its message."""
    kept = pl.col(f"{number}_digits").str.len_chars()
    typed = pl.col(f"{number}_asal").str.count_matches("[0-9]")
    return {"digits": pl.coalesce(kept, typed, 0)}


def repair_made(number: str) -> pl.Expr:
    """Return what was taken out of a number: the one repair `clean` names, else `beberapa`."""
    made = pl.col(f"{number}_repair")
    return pl.when(made.str.contains(",", literal=True)).then(pl.lit("beberapa")).otherwise(made)


NIK: tuple[Rule, ...] = (
    Rule(
        code="NIK01", name="nik-missing", column="nik", severity="galat", action="verifikasi",
        source="BPK DTKS 2020; OpenSID#5249",
        violated=kelas.is_in(["kosong", "sentinel"]), variant=kelas.cast(pl.String),
    ),
    Rule(
        code="NIK02", name="nik-not-16-digits", column="nik", severity="galat", action="ubah",
        source=KLATEN, violated=malformed & pl.col("nik_kandidat").is_null(),
        variant=kelas.cast(pl.String), values=digit_count("nik"),
    ),
    Rule(
        code="NIK03", name="nik-date-impossible", column="nik", severity="galat", action="ubah",
        source=KLATEN, violated=in_place & pl.col("nik_cacat").is_not_null(),
        variant=pl.col("nik_cacat"),
        values={"part": nik.str.slice(6, 6)},
    ),
    Rule(
        code="NIK04", name="nik-serial-zero", column="nik", severity="galat", action="ubah",
        source=KLATEN, violated=in_place & (pl.col("nik_urut") == 0),
    ),
    Rule(
        code="NIK05", name="nik-region-impossible", column="nik", severity="galat",
        action="ubah", source="Kepmendagri 300.2.2-2430/2025",
        violated=in_place & (pl.col("nik_wilayah") == "mustahil"),
        values={"part": nik.str.slice(0, 6)},
    ),
    Rule(
        code="NIK06", name="nik-region-unknown", column="nik", severity="peringatan",
        action="tetap", source="Kepmendagri 300.2.2-2430/2025",
        violated=in_place & (pl.col("nik_wilayah") == "tak_dikenal"),
        variant=pl.when(nik.str.starts_with("97")).then(pl.lit("bps")).otherwise(pl.lit("umum")),
        values={"part": nik.str.slice(0, 6)},
    ),
    Rule(
        code="NIK07", name="nik-region-retired", column="nik", severity="info", action="tetap",
        source="Kepmendagri 300.2.2-2430/2025; the splits of Papua 2022–2023",
        violated=in_place & (pl.col("nik_wilayah") == "kode_lama"),
        values={"part": nik.str.slice(0, 6)},
    ),
    Rule(
        code="NIK08", name="nik-date-differs-from-birth-date", column="tanggal_lahir",
        severity="peringatan", action="ubah", source=PERMANENT,
        violated=date_differs, variant=how_date_differs,
        values={"nik_date": dmy(nik_birth), "date": dmy(born)},
        suggestion=pl.when(swapped_date | placeholder).then(dmy(nik_birth)),
    ),
    Rule(
        code="NIK09", name="nik-sex-differs", column="jenis_kelamin", severity="peringatan",
        action="ubah", source=PERMANENT,
        violated=in_place & (pl.col("nik_sex") != pl.col("jenis_kelamin")),
        variant=pl.when(pl.col("jenis_kelamin") == "P")
        .then(pl.lit("tanpa_40"))
        .otherwise(pl.lit("dengan_40")),
        values={"day": pl.col("nik_day")}, suggestion=pl.col("nik_sex"),
    ),
    Rule(
        code="NIK10", name="nik-masked-or-temporary", column="nik", severity="galat",
        action="verifikasi", source="OpenSID Penduduk_model::nik_sementara; OpenSID#6998",
        violated=kelas.is_in(["tersamar", "sementara"]), variant=kelas.cast(pl.String),
    ),
    Rule(
        code="NIK11", name="nik-repaired", column="nik", severity="info", action="ubah",
        source="OpenSID#88; kab-solok-dtsen fix_idsubsls_apostrof_persisten",
        violated=nik.is_not_null() & pl.col("nik_repair").is_not_null(),
        variant=repair_made("nik"), suggestion=nik,
        repairs={"nik": nik},
    ),
    Rule(
        code="NIK12", name="nik-repairable-if-matched", column="nik", severity="peringatan",
        action="ubah", source="Trenggalek Dukcapil (radartulungagung 2018)",
        violated=malformed & pl.col("nik_kandidat").is_not_null(),
        suggestion=pl.col("nik_kandidat"),
    ),
    Rule(
        code="NIK13", name="nik-two-values", column="nik", severity="galat", action="verifikasi",
        source="SIKS-NG lists as received", violated=kelas == "dua_nilai",
    ),
    Rule(
        code="NIK14", name="nik-damaged-by-spreadsheet", column="nik", severity="galat",
        action="ubah", source="OpenSID#71, #3501, #10324",
        violated=kelas.is_in(DAMAGED), variant=kelas.cast(pl.String),
    ),
)  # fmt: skip
