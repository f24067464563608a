"""Everything known of a record, side by side: the record, its link, its person, its group."""

import polars as pl

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
) -> pl.DataFrame:
    """Return the records with their link, their person's columns (`*_dukcapil`) and their group.

    Adds linked (an automatic link), certain (identity beyond doubt: NIK and name agree, or the
    rest agrees overwhelmingly), dropped, kept_id (the record the group keeps), reason, and
    wrong_owner (the NIK as typed belongs to somebody else).
    """
    theirs = persons.select(pl.all().name.suffix("_dukcapil")).rename({"person_dukcapil": "person"})
    group = _groups(duplicates)
    link = links.drop("record_id", "id_dtks", "nik_dukcapil")
    linked = pl.col("verdict").is_in(LINKED)
    agree = pl.col("level_nama").is_in(SURE_NAMES)
    owned = pl.col("nik_owner").is_not_null()
    elsewhere = pl.col("person").ne_missing(pl.col("nik_owner"))
    return (
        records.join(link, on="record", how="left", maintain_order="left")
        .join(theirs, on="person", how="left", maintain_order="left")
        .join(group, on="record_id", how="left", maintain_order="left")
        .with_columns(
            linked=linked,
            certain=linked & agree & _agreed_twice(),
            wrong_owner=owned & elsewhere,
            dropped=pl.col("keep").eq_missing(False),
        )
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
    found = pl.col("linked")
    applies = {
        "meninggal": found & (status == "meninggal"),
        "pindah_keluar": found & (status == "pindah_keluar"),
        "pindah_dalam": found & moved_inside(),
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


def moved_inside() -> pl.Expr:
    """Return whether the civil registry has the person in another desa of the same kabupaten.

    Either a register says so, or the registry's desa is another than the record's, both being
    known by code or exact name: a misspelt desa is no move.
    """
    registered = pl.col("status_dukcapil").cast(pl.String) == "pindah_dalam"
    certain_place = pl.col("desa_kelas").cast(pl.String).is_in(["kode", "nama"])
    other_desa = certain_place & (pl.col("kode_desa") != pl.col("kode_desa_dukcapil"))
    other_kecamatan = pl.col("kode_kecamatan") != pl.col("kode_kecamatan_dukcapil")
    here = pl.col("kode_kecamatan").str.slice(0, 4)
    same_kabupaten = here == pl.col("kode_kecamatan_dukcapil").str.slice(0, 4)
    elsewhere = same_kabupaten & (other_kecamatan | other_desa.fill_null(False))
    return registered | elsewhere.fill_null(False)
