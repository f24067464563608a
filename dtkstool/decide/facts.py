"""Everything known of a record, side by side: the record, its link, its person, its group."""

import polars as pl

from dtkstool.decide.twins import of_a_twin
from dtkstool.frames import DECISIONS, STATUS

LINKED = ("padan", "padan_perbaikan")
SURE_NAMES = ("sama", "mirip")
BEYOND_DOUBT = 15.0
"""Bits of match weight from which a link without an equal NIK counts as certain (1 in 32,768)."""


def facts(
    records: pl.DataFrame,
    links: pl.DataFrame,
    duplicates: pl.DataFrame,
    persons: pl.DataFrame,
    households: pl.DataFrame,
) -> pl.DataFrame:
    """Return the records with their link, their person's columns (`*_dukcapil`) and their group.

    Adds linked (an automatic link), certain (identity beyond doubt: NIK and name agree, or the
    rest agrees overwhelmingly, and the name is not spelled as that person's twin's), dropped,
    kept_id (the record the group keeps) and what that one says (kept_certain, kept_birth,
    kept_name), housed (a record of the group stands where the registry has its person), reason,
    and wrong_owner (the NIK as typed belongs to somebody else).
    """
    theirs = persons.select(pl.all().name.suffix("_dukcapil")).rename({"person_dukcapil": "person"})
    group = _groups(duplicates)
    link = links.drop("record_id", "id_dtks", "nik_dukcapil")
    linked = pl.col("verdict").is_in(LINKED)
    agree = pl.col("level_nama").is_in(SURE_NAMES)
    owned = pl.col("nik_owner").is_not_null()
    another = pl.col("person").ne_missing(pl.col("nik_owner"))
    joined = (
        records.join(link, on="record", how="left", maintain_order="left")
        .join(theirs, on="person", how="left", maintain_order="left")
        .join(group, on="record_id", how="left", maintain_order="left")
    )
    own = ~pl.col("record").is_in(of_a_twin(joined, households).implode())
    known = joined.with_columns(
        linked=linked,
        certain=linked & agree & own & _agreed_twice(),
        wrong_owner=owned & another,
        dropped=pl.col("keep").eq_missing(False),
    )
    kept = known.select(
        kept_id="record_id",
        kept_certain="certain",
        kept_birth="tanggal_lahir",
        kept_name="nama_folk",
    )
    theirs_here = (pl.col("linked") | pl.col("probable")) & ~elsewhere() & _same_kabupaten()
    housed = theirs_here.any().over("group_id")
    return known.join(kept, on="kept_id", how="left", maintain_order="left").with_columns(
        housed=pl.col("group_id").is_not_null() & housed.fill_null(False)
    )


def _agreed_twice() -> pl.Expr:
    """Return whether two independent facts beside the name say it is this person.

    A usable NIK that is not this person's speaks against it: it may be a namesake's own.
    """
    nik = pl.col("level_nik") == "sama"
    unusable = pl.col("level_nik").is_in(["kosong", "lima_belas"])
    born = pl.col("level_tanggal_lahir").is_in(["sama", "sama_baku"])
    family = (pl.col("level_nokk") == "sama") | (pl.col("level_nama_ibu") == "sama")
    contradicted = (pl.col("level_tanggal_lahir") == "beda") | (
        pl.col("level_jenis_kelamin") == "beda"
    )
    strong = unusable & born & family & (pl.col("weight") >= BEYOND_DOUBT)
    return (nik | strong) & ~contradicted


def _groups(duplicates: pl.DataFrame) -> pl.DataFrame:
    kept = duplicates.filter("keep").select("group_id", kept_id="record_id")
    return duplicates.select("group_id", "record_id", "keep", "reason").join(
        kept, on="group_id", how="left"
    )


def flags() -> pl.Expr:
    """Return every status that applies to a record, in order of precedence."""
    status = pl.col("status_dukcapil").cast(pl.String)
    found, known = pl.col("linked"), pl.col("linked") | pl.col("probable")
    applies = {
        "meninggal": known & (status == "meninggal"),
        "pindah_keluar": known & (status == "pindah_keluar"),
        "pindah_dalam": pl.col("moved"),
        "ganda": pl.col("group_id").is_not_null() & pl.col("dropped"),
        "nik_orang_lain": pl.col("wrong_owner"),
        "perbaikan": pl.col("changed"),
        "padan": found,
        "tinjau": pl.col("verdict") == "tinjau",
        "tidak_ditemukan": pl.col("verdict") == "tidak_ditemukan",
    }
    held = [
        pl.when(condition).then(pl.lit(name, STATUS)).otherwise(None)
        for name, condition in applies.items()
    ]
    return pl.concat_list(held).list.drop_nulls().cast(DECISIONS["flags"])


def current_desa() -> pl.Expr:
    """Return the desa (10 digits, or 6: the kecamatan) where the registry has the person now.

    The destination of a registered move that the biodata does not show yet, else the biodata's.
    """
    moved = pl.col("status_dukcapil").cast(pl.String) == "pindah_dalam"
    return pl.coalesce(pl.when(moved).then("kode_desa_tujuan_dukcapil"), "kode_desa_dukcapil")


def _same_kabupaten() -> pl.Expr:
    """Return whether the registry has the person here, living, in the record's own kabupaten."""
    here = pl.col("status_dukcapil").cast(pl.String).is_in(["hidup", "pindah_dalam"])
    same = pl.col("kode_kecamatan").str.slice(0, 4) == current_desa().str.slice(0, 4)
    return here & same.fill_null(False)


def elsewhere() -> pl.Expr:
    """Return whether the record shows another desa than the civil registry.

    Only where the record's own place is known, by code or exact name for the desa: a misspelt
    desa is no move.
    """
    now = current_desa()
    certain_place = pl.col("desa_kelas").cast(pl.String).is_in(["kode", "nama"])
    other_desa = certain_place & ~pl.col("kode_desa").str.starts_with(now)
    other_kecamatan = pl.col("kode_kecamatan") != now.str.slice(0, 6)
    return other_kecamatan.fill_null(False) | other_desa.fill_null(False)


def moved_inside() -> pl.Expr:
    """Return whether the person moved to another desa of the kabupaten and no record followed.

    Only of people the registry has here. Where another record of the person stands at the
    registry's address nobody moved: the list has one person twice, in two places.
    """
    known = pl.col("linked") | pl.col("probable")
    return known & _same_kabupaten() & elsewhere() & ~pl.col("housed")


def misplaced() -> pl.Expr:
    """Return whether the record's address should become the registry's: moved, or kept of two."""
    kept = pl.col("housed") & ~pl.col("dropped")
    return pl.col("linked") & _same_kabupaten() & elsewhere() & (~pl.col("housed") | kept)
