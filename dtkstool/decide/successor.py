"""Who could take over when the person who receives for a household has died or moved away."""

from datetime import date

import polars as pl

ADULT = 17
"""Age from which a person can be pengurus (West Java's list of refusals: under 17)."""
ORDER = {"istri": 0, "suami": 0, "pasangan": 0, "anak": 1, "menantu": 2, "orang_tua": 3}
"""Who comes first; anybody else after them. Within one relation the oldest."""


def successors(gone: pl.DataFrame, households: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return record, successor_nik, successor_nama, successor_hubungan and minors_left.

    `gone` has record and nokk_dukcapil of the people who left; `households` are the registry's
    persons of those No KK. Only living adults still registered there are proposed; minors_left
    counts the children for whom nobody is left to receive.
    """
    age = (pl.lit(today) - pl.col("tanggal_lahir")).dt.total_days() // 365.25
    here = households.filter(pl.col("status").cast(pl.String).is_in(["hidup", "pindah_dalam"]))
    order = pl.col("hubungan").cast(pl.String).replace_strict(ORDER, default=9)
    family = here.select(
        "nokk", "nik", "nama_asal", "hubungan", "tanggal_lahir", adult=age >= ADULT, order=order
    )
    joined = gone.select("record", "person", "nokk_dukcapil").join(
        family, left_on="nokk_dukcapil", right_on="nokk"
    )
    minors = joined.group_by("record").agg(minors_left=(~pl.col("adult")).sum())
    first = (
        joined.filter(pl.col("adult") & pl.col("nik").is_not_null())
        .sort("record", "order", "tanggal_lahir", "nik", nulls_last=True)
        .unique("record", keep="first", maintain_order=True)
        .select(
            "record",
            successor_nik="nik",
            successor_nama="nama_asal",
            successor_hubungan=pl.col("hubungan").cast(pl.String),
        )
    )
    return (
        gone.select("record")
        .join(first, on="record", how="left")
        .join(minors, on="record", how="left")
        .with_columns(pl.col("minors_left").fill_null(0))
    )
