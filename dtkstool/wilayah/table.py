"""The region table that ships with the package, and the names people read.

Source: Kepmendagri 300.2.2-2430/2025, compiled by idn-area-data 4.0.1 under the ODbL 1.0; its
attribution and licence lie beside it in `data/wilayah.LICENSE`.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

Level = Literal["provinsi", "kabupaten", "kecamatan", "desa"]
WIDTH: dict[Level, int] = {"provinsi": 2, "kabupaten": 4, "kecamatan": 6, "desa": 10}
"""Digits of a code at each level; a parent's code is its child's beginning."""

_PARENT_WIDTH = {4: 2, 6: 4, 10: 6}
_LEVELS = pl.Enum(list(WIDTH))
_SHORT = {
    "Kabupaten Administrasi ": "Kab. Adm. ",
    "Kota Administrasi ": "Kota Adm. ",
    "Kabupaten ": "Kab. ",
}


@cache
def regions() -> pl.DataFrame:
    """Return all 91,599 regions in code order: code, name, level, parent (null for a provinsi).

    Names are the regulation's own, spelling mistakes included. Read once and kept.
    """
    with files("dtkstool").joinpath("data", "wilayah.parquet").open("rb") as file:
        table = pl.read_parquet(file)
    code, digits = pl.col("code"), pl.col("code").str.len_bytes()
    level = digits.replace_strict(
        {width: level for level, width in WIDTH.items()}, return_dtype=_LEVELS
    )
    parent = code.str.head(digits.replace_strict(_PARENT_WIDTH, default=None))
    return table.with_columns(level=level, parent=parent)


@cache
def level_table(level: Level) -> pl.DataFrame:
    """Return the regions of one level: code, name, parent."""
    return regions().filter(pl.col("level") == level).select("code", "name", "parent")


def children(code: str) -> pl.DataFrame:
    """Return the regions directly below `code`: code, name, in code order; `""` for provinsi."""
    return regions().filter(pl.col("parent").fill_null("") == code).select("code", "name")


def _label() -> pl.Expr:
    """`name` as people read it; what `names` says of each level."""
    short = pl.col("name").str.replace_many(list(_SHORT), list(_SHORT.values()), leftmost=True)
    return (
        pl.when(pl.col("level") == "kabupaten").then(short)
        .when(pl.col("level") == "kecamatan").then(pl.lit("Kecamatan ") + pl.col("name"))
        .otherwise("name")
    )  # fmt: skip


@cache
def _labels() -> pl.DataFrame:
    return regions().select("code", label=_label())


@cache
def _label_of() -> dict[str, str]:
    return dict(_labels().iter_rows())


def names(code: pl.Expr) -> pl.Expr:
    """Return codes as names to read; null for null and for a code not in force.

    `Jawa Barat`, `Kab. Bogor` or `Kota Bogor`, `Kecamatan Cibinong`; a desa by its bare name. One
    column may mix levels.
    """
    labels = _labels()
    return code.replace_strict(
        labels["code"], labels["label"], default=None, return_dtype=pl.String
    )


def name_of(code: str) -> str:
    """Return one code's name as `names` writes it, or the code itself if it is not in force."""
    return _label_of().get(code, code)
