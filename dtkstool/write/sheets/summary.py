"""The RINGKASAN counts: records received, kept as they are, and work per desa and sheet."""

import polars as pl

from dtkstool.write.sheets.definition import SHEETS

COUNTS = ("diterima", "tetap", "ubah_orang", *(sheet.key for sheet in SHEETS))
"""What is counted: records, records kept as is, people on UBAH, then rows per sheet."""


def summary(
    places: pl.DataFrame, decisions: pl.DataFrame, rows: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return `kecamatan`, `desa` and one count per name of COUNTS, sorted by desa.

    Rows per sheet are counted from the sheets themselves, so that totals agree with what is there.
    """
    kept = decisions.filter(pl.col("action") == "tetap").select("record_id")
    people = rows["ubah"].unique("record_id")
    counted = {
        "diterima": places,
        "tetap": places.join(kept, on="record_id", how="semi"),
        "ubah_orang": people,
        **{sheet.key: rows[sheet.key] for sheet in SHEETS},
    }
    tall = pl.concat(
        df.select("kecamatan", "desa", kind=pl.lit(kind)) for kind, df in counted.items()
    )
    counts = [(pl.col("kind") == kind).sum().cast(pl.Int64).alias(kind) for kind in COUNTS]
    return tall.group_by("kecamatan", "desa").agg(counts).sort("kecamatan", "desa", nulls_last=True)
