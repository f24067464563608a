"""USL: why a proposal is returned to the village. Raised by `dtkstool usulan` only.

From January 2023 every proposal carries a photo of the KTP and of the house; who was rejected may
be proposed again when something has changed (letter 73/10/DI.02/1/2023).
"""

from typing import Any

import polars as pl

from dtkstool.rules.faults import letters
from dtkstool.rules.rule import Rule

LETTER = "letter 73/10/DI.02/1/2023: proposals carry house photo and KTP"
PHOTOS = ("foto_ktp", "foto_rumah")

nik = pl.col("nik")
verdict = pl.col("verdict")
gone = pl.col("status_dukcapil").is_in(["meninggal", "pindah_keluar", "tidak_aktif"])
reason_now = letters(pl.coalesce("alasan_asal", "keterangan_asal")).fill_null("")
unchanged = (reason_now == "") | pl.col("ditolak_alasan").list.contains(reason_now)
PERSON = ("nama", "tanggal_lahir", "nokk")
again = pl.any_horizontal(
    pl.all_horizontal(pl.col(name).is_not_null() for name in by) & (pl.len().over(by) > 1)
    for by in (("nik",), ("nik_dukcapil",), PERSON)
)
"""By the NIK as typed or as the registry has it, or by name, birth date and No KK."""


def with_photo_groups(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return proposals with `foto_ganda`: which photo somebody else used too, null for neither.

    And with `foto_lain`, the `file` and `row` of one who did. Reads `foto_ktp_hash` and
    `foto_rumah_hash`. A KTP belongs to one person, a house to the members of one No KK; a photo
    that is both is a mistake.
    """
    ktp, house = (pl.col(f"{photo}_hash") for photo in PHOTOS)
    households = pl.col("nokk").fill_null(pl.col("record").cast(pl.String))
    persons = pl.col("record").cast(pl.String)
    one_ktp = persons.n_unique().over("foto_ktp_hash") > 1
    one_house = households.n_unique().over("foto_rumah_hash") > 1
    return lf.with_columns(
        foto_ganda=pl.when(ktp == house)
        .then(pl.lit("satu"))
        .when(ktp.is_not_null() & one_ktp)
        .then(pl.lit("ktp"))
        .when(house.is_not_null() & one_house)
        .then(pl.lit("rumah"))
    ).with_columns(
        foto_lain=pl.when(pl.col("foto_ganda") == "ktp")
        .then(other_use("foto_ktp_hash", persons))
        .otherwise(other_use("foto_rumah_hash", households))
    )


def other_use(photo: str, owner: pl.Expr) -> pl.Expr:
    """Return `owner`, `file` and `row` of another owner's use of a photo, where there is one."""
    use = pl.struct(owner.alias("owner"), file="source_file", row="row").sort_by(owner, "record")
    first, last = use.first().over(photo), use.last().over(photo)
    return pl.when(first.struct.field("owner") == owner).then(last).otherwise(first)


def proposal(code: str, name: str, column: str, violated: pl.Expr, **more: Any) -> Rule:
    """Return a rule on proposals: breaking it returns the proposal."""
    return Rule(
        code=code, name=name, column=column, severity="galat", action="ubah", source=LETTER,
        scope="usulan", violated=violated, **more,
    )  # fmt: skip


USL: tuple[Rule, ...] = (
    proposal(
        "USL01", "ktp-photo-missing", "foto_ktp", pl.col("foto_ktp_isi") != "gambar",
        variant=pl.col("foto_ktp_isi"),
    ),
    proposal(
        "USL02", "house-photo-missing", "foto_rumah", pl.col("foto_rumah_isi") != "gambar",
        variant=pl.col("foto_rumah_isi"),
    ),
    proposal(
        "USL03", "photo-used-twice", "foto_ktp", pl.col("foto_ganda").is_not_null(),
        variant=pl.col("foto_ganda"), elsewhere={"foto_rumah": pl.col("foto_ganda") == "rumah"},
        values={name: pl.col("foto_lain").struct.field(name) for name in ("file", "row")},
    ),
    proposal(
        "USL04", "proposed-twice", "nik", again,
    ),
    proposal(
        "USL05", "proposal-already-registered", "nik", pl.col("terdaftar_row").is_not_null(),
        values={"file": pl.col("terdaftar_file"), "row": pl.col("terdaftar_row")},
    ),
    proposal(
        "USL06", "rejected-before-without-new-reason", "alasan",
        pl.col("ditolak_row").is_not_null() & unchanged,
        values={"file": pl.col("ditolak_file"), "row": pl.col("ditolak_row")},
    ),
    proposal(
        "USL07", "proposal-not-in-registry", "nik",
        verdict.is_in(["tinjau", "tidak_ditemukan"]), variant=verdict,
    ),
    proposal(
        "USL08", "proposal-of-somebody-gone", "nik",
        ~verdict.is_in(["tinjau", "tidak_ditemukan"]) & gone, variant=pl.col("status_dukcapil"),
    ),
    proposal("USL09", "proposal-without-nik", "nik", nik.is_null()),
)  # fmt: skip
