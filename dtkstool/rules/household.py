"""Group rules: one NIK on several rows (GND), and what the members of one No KK show (KK, SHD).

Which rows are held against each other is told in `evidence.nik_groups` and `families`.
"""

import polars as pl

from dtkstool.rules.date import sure_age
from dtkstool.rules.rule import Rule

AUDIT = "BPK DTKS 2020: 86,465 NIK ganda"
LARGE_FAMILY = 15

YEAR = 365.2425
CHILD_GAP, GRANDCHILD_GAP = 10, 22
"""Years a parent is older at least; a stepchild may be as close as that, seldom closer."""

same_nik = pl.col("nik_sama")
other_row = {"file": pl.col("nik_sama_file"), "row": pl.col("nik_sama_row")}
speaks = pl.col("urutan_wakil") == pl.col("kk_wakil")
heads, members = pl.col("kk_kepala"), pl.col("kk_anggota")
too_many = heads > 1
no_head = (heads == 0) & (members > 1) & (pl.col("kk_hubungan") == members)
large = members > LARGE_FAMILY
scattered = pl.col("kk_tersebar").fill_null(False)
apart = pl.col("kk_rt_rw").fill_null(False)
relation = pl.col("hubungan").cast(pl.String)
younger = (pl.col("tanggal_lahir") - pl.col("kk_kepala_lahir")).dt.total_days() / YEAR
"""Years by which a member is younger than the head; negative if older."""
grown_head = (pl.col("today") - pl.col("kk_kepala_lahir")).dt.total_days() > CHILD_GAP * YEAR
"""A head of under ten was born in another century, or is told of by LYK09."""

KK_GROUP: tuple[Rule, ...] = (
    Rule(
        code="KK07", name="nik-in-several-nokk", column="nokk", severity="galat",
        action="verifikasi", scope="group", source="Permendagri 109/2019: one person, one KK",
        violated=(same_nik != "orang_lain") & (pl.col("nik_nokk") > 1),
        values={"count": pl.col("nik_nokk"), **other_row},
    ),
    Rule(
        code="KK08", name="family-without-exactly-one-head", column="hubungan",
        severity="peringatan", action="verifikasi", scope="group", source="SIAK: one head per KK",
        violated=speaks & (too_many | no_head),
        variant=pl.when(too_many).then(pl.lit("banyak")).otherwise(pl.lit("tanpa")),
        values={"heads": heads, "members": members},
    ),
    Rule(
        code="KK09", name="family-unlikely", column="nokk", severity="peringatan",
        action="verifikasi", scope="group", source="linggapura.desa.id",
        violated=speaks & (large | scattered | apart),
        variant=pl.when(large)
        .then(pl.lit("besar"))
        .when(scattered)
        .then(pl.lit("tersebar"))
        .otherwise(pl.lit("alamat")),
        values={"members": members},
    ),
    Rule(
        code="KK10", name="family-members-not-registered", column="nokk", severity="info",
        action="tetap", scope="registry", values={"count": pl.col("count")},
        source="KPK 2021: 17,783,885 core family members missing",
    ),
)  # fmt: skip
SHD_GROUP: tuple[Rule, ...] = (
    Rule(
        code="SHD04", name="child-older-than-head", column="hubungan", severity="peringatan",
        action="verifikasi", scope="group", source="self-evident",
        violated=(pl.col("hubungan") == "anak")
        & (pl.col("tanggal_lahir") < pl.col("kk_kepala_lahir"))
        & grown_head,
    ),
    Rule(
        code="SHD05", name="generations-too-close", column="hubungan", severity="peringatan",
        action="verifikasi", scope="group", source="self-evident",
        violated=same_nik.is_null()
        & grown_head
        & (
            ((pl.col("hubungan") == "anak") & younger.is_between(0, CHILD_GAP, closed="left"))
            | (
                (pl.col("hubungan") == "orang_tua")
                & (younger > -CHILD_GAP)
                & sure_age.is_not_null()
            )
            | ((pl.col("hubungan") == "cucu") & (younger < GRANDCHILD_GAP))
        ),
        variant=relation, values={"years": younger.abs().floor().cast(pl.Int64)},
    ),
)  # fmt: skip
GND: tuple[Rule, ...] = (
    Rule(
        code="GND01", name="person-listed-twice", column="nik", severity="galat",
        action="verifikasi", scope="group", source=AUDIT, values=other_row,
        violated=(same_nik == "orang_sama") & pl.col("nik_sama_list"),
    ),
    Rule(
        code="GND02", name="nik-shared-by-different-people", column="nik", severity="galat",
        action="verifikasi", scope="group", source=AUDIT,
        violated=same_nik != "orang_sama", variant=same_nik, values=other_row,
    ),
    Rule(
        code="GND03", name="person-under-two-niks", column="nik", severity="peringatan",
        action="verifikasi", scope="group", source="OpenSID#3520, #6998, #9592",
        violated=pl.col("kembar_row").is_not_null(),
        values={"file": pl.col("kembar_file"), "row": pl.col("kembar_row")},
    ),
    Rule(
        code="GND04", name="person-in-several-lists", column="nik", severity="peringatan",
        action="verifikasi", scope="group", source=AUDIT, values=other_row,
        violated=(same_nik == "orang_sama") & ~pl.col("nik_sama_list"),
    ),
)  # fmt: skip
