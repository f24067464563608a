"""Desa that a name alone cannot tell apart: two of one name in a kabupaten, and no kecamatan."""

import polars as pl

from dtkstool.wilayah.table import level_table

MOST = 4
"""Desa of one name up to which each is tried: more say nothing."""
KIND = r"^(DESA|DS|KELURAHAN|KEL)\b\W*"


def at_each_desa(register: pl.DataFrame, homes: pl.Series) -> pl.DataFrame:
    """Return the register with one row per desa a line may mean, where only the name is known.

    Reads desa_asal, kode_desa, kode_kecamatan; `homes` are the codes (integers) of the desa the
    registry has people in. A line whose desa is known, or like none of them, stays one row.
    """
    name = pl.col("name").str.to_uppercase().str.replace(KIND, "").str.replace_all(r"[^A-Z]", "")
    codes = homes.unique().cast(pl.String).implode()
    known = level_table("desa").filter(pl.col("code").is_in(codes))
    named = known.select("code", key=name).filter(pl.len().over("key").is_between(2, MOST))
    unsaid = register.filter(pl.col("kode_desa").is_null() & pl.col("desa_asal").is_not_null())
    options = (
        unsaid.select("record", name="desa_asal")
        .select("record", key=name)
        .join(named, on="key")
        .select("record", "code")
        .sort("record", "code")
    )
    tried = register.drop("kode_desa", "kode_kecamatan").join(
        options.select("record", kode_desa="code", kode_kecamatan=pl.col("code").str.head(6)),
        on="record", maintain_order="right",
    )  # fmt: skip
    rest = register.join(options, on="record", how="anti", maintain_order="left")
    return pl.concat([rest, tried.select(rest.columns)])
