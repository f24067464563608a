"""Who follows a person that leaves: checked against the registry, put into the row."""

import polars as pl

PERSONAL = (
    "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "hubungan", "status_kawin", "agama",
    "pekerjaan", "pendidikan", "nama_ibu", "nik_ibu", "nama_ayah", "nik_ayah", "status_hidup",
    "padan", "no_peristiwa", "tanggal_peristiwa",
)  # fmt: skip
"""Fields about one person: a row that passes to somebody else must not keep them. What belongs to
the family (No KK, address, place, programmes, cards) stays."""


def registry_problems(replacing: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Return entry, problem, detail of successors the civil registry contradicts.

    `replacing` has entry, successor_nik, nokk (of the family); `persons` nik, nokk, status and
    minor (too young to receive for a family; null where no birth date is known).
    """
    found = replacing.join(
        persons.select("nik", "minor", person_nokk="nokk", status=pl.col("status").cast(pl.String)),
        left_on="successor_nik", right_on="nik", how="left", maintain_order="left",
    )  # fmt: skip
    gone = pl.col("status").is_in(["meninggal", "pindah_keluar"])
    elsewhere = (pl.col("nokk") != pl.col("person_nokk")).fill_null(False)
    problem = (
        pl.when(pl.col("status").is_null()).then(pl.lit("pengganti_tak_dikenal"))
        .when(gone).then(pl.lit("pengganti_tiada"))
        .when(elsewhere).then(pl.lit("pengganti_beda_kk"))
        .when("minor").then(pl.lit("pengganti_anak"))
    )  # fmt: skip
    return found.select("entry", problem=problem, detail="status").filter(
        pl.col("problem").is_not_null()
    )


def passed_on(
    replacing: pl.DataFrame, persons: pl.DataFrame | None, fields: list[str]
) -> pl.DataFrame:
    """Return `edits.EDITS` that put the successor into the row: NIK, name, the rest of PERSONAL.

    What is not known of the successor is emptied (`new` is ""). `replacing` has entry, target,
    own_id (the row's id names the person, not the family), successor_nik, successor_nama.
    """
    known = replacing
    if persons is not None:
        facts = persons.rename(lambda name: name if name == "nik" else f"{name}_known")
        known = known.join(
            facts, left_on="successor_nik", right_on="nik", how="left", maintain_order="left"
        )
    values = {
        "nik": pl.col("successor_nik"),
        "nama": pl.coalesce(
            *([pl.col("nama_known")] if "nama_known" in known.columns else []), "successor_nama"
        ),
        **{field: _known(known, field) for field in PERSONAL if field in fields},
        "id_dtks": pl.when(pl.col("own_id")).then(pl.lit("")),
    }
    rows = [
        known.select(
            "entry",
            record="target",
            column=pl.lit(field),
            lama=pl.lit(None, pl.String),
            new=value,
            soft=pl.lit(False),
        )
        for field, value in values.items()
        if field in fields
    ]
    return pl.concat(rows).filter(pl.col("new").is_not_null())


def _known(frame: pl.DataFrame, field: str) -> pl.Expr:
    name = f"{field}_known"
    return pl.col(name).fill_null("") if name in frame.columns else pl.lit("")
