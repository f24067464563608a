"""Where people live and come from: the desa of the chosen kabupaten, and every other region."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.settings import Settings
from dtkstool.sample.stock import region_table

Codes = npt.NDArray[np.int64]

OLD_PREFIXES = (
    910101, 910203, 910402, 910902, 911301, 912101, 912502, 920103, 920402, 927101,
    640401, 640502, 640602, 641001, 647301, 731901, 732002, 732103, 732301, 732503,
)  # fmt: skip
"""Retired region codes that NIKs still carry: old Papua, old Kaltim, old Sulsel."""


@dataclass(frozen=True)
class Places:
    """The regions a world needs."""

    desa: pl.DataFrame
    """One row per desa: kode_desa, desa, kode_kecamatan, kecamatan, kode_kabupaten, kabupaten,
    provinsi, all text; in the order of the codes."""
    share: npt.NDArray[np.float64]
    """Share of the people per desa, sums to 1."""
    kecamatan: Codes
    """6-digit code per desa."""
    same_province: Codes
    """6-digit codes elsewhere in the province."""
    other: Codes
    """6-digit codes in other provinces."""
    towns: pl.DataFrame
    """Every kabupaten/kota: code (int), name (upper case, without KABUPATEN)."""
    destinations: pl.DataFrame
    """Desa in other kabupaten where people move to, with the columns of `desa`."""


def _with_parents(table: pl.DataFrame) -> pl.DataFrame:
    """Return the desa of a region table with the names of all the levels above."""
    names = table.with_columns(pl.col("name").str.to_uppercase())

    def level(length: int, code: str, name: str) -> pl.DataFrame:
        rows = names.filter(pl.col("code").str.len_chars() == length)
        return rows.rename({"code": code, "name": name})

    desa = level(10, "kode_desa", "desa").with_columns(
        kode_kecamatan=pl.col("kode_desa").str.head(6),
        kode_kabupaten=pl.col("kode_desa").str.head(4),
        kode_provinsi=pl.col("kode_desa").str.head(2),
    )
    return (
        desa.join(level(6, "kode_kecamatan", "kecamatan"), on="kode_kecamatan")
        .join(level(4, "kode_kabupaten", "kabupaten"), on="kode_kabupaten")
        .join(level(2, "kode_provinsi", "provinsi"), on="kode_provinsi")
        .sort("kode_desa")
    )


def _chosen(desa: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    here = desa.filter(pl.col("kode_kabupaten").is_in(list(settings.kabupaten)))
    rank = pl.col("kode_kecamatan").rank("dense").over("kode_kabupaten")
    if settings.kecamatan is not None:
        here = here.filter(rank <= settings.kecamatan)
    if settings.desa is not None:
        here = here.filter(pl.int_range(pl.len()).over("kode_kecamatan") < settings.desa)
    return here


def _codes(table: pl.DataFrame, length: int) -> Codes:
    rows = table.filter(pl.col("code").str.len_chars() == length)
    return rows["code"].cast(pl.Int64).to_numpy()


def _towns(table: pl.DataFrame) -> pl.DataFrame:
    rows = table.filter(pl.col("code").str.len_chars() == 4)
    short = pl.col("name").str.to_uppercase().str.replace(r"^(KABUPATEN|KOTA) (ADM\. )?", "")
    return rows.select(pl.col("code").cast(pl.Int64), name=short)


def places(settings: Settings, rng: np.random.Generator) -> Places:
    """Return the regions of a world; ValueError for a code that is no kabupaten."""
    table = region_table()
    desa = _with_parents(table)
    here = _chosen(desa, settings)
    missing = set(settings.kabupaten) - set(here["kode_kabupaten"])
    if missing:
        raise ValueError(f"no such kabupaten: {sorted(missing)}")
    prefixes = _codes(table, 6)
    provinces = {int(code[:2]) for code in settings.kabupaten}
    in_province = np.isin(prefixes // 10_000, list(provinces))
    elsewhere = desa.filter(~pl.col("kode_kabupaten").is_in(list(settings.kabupaten)))
    picked = rng.choice(elsewhere.height, 2_000, replace=False)
    weights = rng.lognormal(0, 0.55, here.height)
    return Places(
        desa=here,
        share=weights / weights.sum(),
        kecamatan=here["kode_kecamatan"].cast(pl.Int64).to_numpy(),
        same_province=prefixes[in_province],
        other=prefixes[~in_province],
        towns=_towns(table),
        destinations=elsewhere[np.sort(picked)],
    )
