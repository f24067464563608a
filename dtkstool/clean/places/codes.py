"""Typed codes to Kemendagri codes, where the column holds Kemendagri's and not BPS'.

199 of 514 kabupaten have another code at BPS, and 166 of those are another kabupaten's here: a
column's system is judged by the names beside the codes, then by the codes' build.
"""

import polars as pl

from dtkstool.clean.places.match import candidates
from dtkstool.wilayah.prefix import RETIRED
from dtkstool.wilayah.table import Level, level_table

_BPS_BELOW = 0.5
_SEVERAL, _MANY = 3, 5
_HARDLY_ANY = 0.2
_NEARLY_ALL = 0.8


def _codes() -> dict[str, pl.Expr]:
    whole, length = pl.col("whole"), pl.col("whole").str.len_chars()
    provinsi = pl.coalesce(whole.str.head(2), "provinsi_part")
    kabupaten = pl.coalesce(
        pl.when(length >= 4).then(whole.str.head(4)), provinsi + pl.col("kabupaten_part")
    )
    kecamatan = pl.coalesce(
        pl.when(length.is_in((6, 10))).then(whole.str.head(6)), kabupaten + pl.col("kecamatan_part")
    )
    kecamatan_bps = pl.coalesce(
        pl.when(length >= 7).then(whole.str.head(7)), kabupaten + pl.col("kecamatan_bps")
    )
    return {
        "code_provinsi": provinsi,
        "code_kabupaten": kabupaten,
        "code_kecamatan": kecamatan,
        "code_desa": pl.coalesce(
            pl.when(length == 10).then(whole), kecamatan + pl.col("desa_part")
        ),
        "bps_kabupaten": kabupaten,
        "bps_kecamatan": kecamatan_bps,
        "bps_desa": pl.coalesce(
            pl.when(length == 10).then(whole), kecamatan_bps + pl.col("desa_bps")
        ),
    }


def _looks_bps() -> pl.Expr:
    """Whether a code is built as only BPS builds them; null without one below kabupaten."""
    length = pl.col("whole").str.len_chars()
    known = pl.col("whole").str.head(6).is_in(level_table("kecamatan")["code"].implode())
    known |= pl.col("whole").str.head(4).is_in(list(RETIRED))
    is_ours = known & pl.col("whole").str.contains(r"^\d{6}[123]\d{3}$")
    return (
        pl.when(length == 10).then(~is_ours)
        .when(length == 7).then(True)
        .when(pl.col("three_digits").is_not_null()).then("three_digits")
        .when(length == 6).then(False)
    )  # fmt: skip


def _agreement(places: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Per layout: how many `pairs` of code and name, and the share of rows they agree in.

    Rows are counted, since a mistake makes a new pair each time and the rule only one. A retired
    kabupaten counts under its code of today; how its kecamatan were numbered is in no table.
    """
    code = f"code_{level}"
    retired = pl.col("code_kabupaten").is_in(list(RETIRED)).fill_null(False)
    if level == "kecamatan":
        places = places.filter(~retired)
    places = places.with_columns(pl.col("code_kabupaten").replace(RETIRED))
    pairs = places.drop_nulls([code, level]).group_by("layout", parent=code, name=level)
    counted = pairs.agg(pl.col("rows").sum())
    asks = counted.select("parent", "name").unique().with_row_index("ask")
    agreed = candidates(asks, level).select("ask").unique()
    agrees = pl.col("ask").is_in(agreed["ask"].implode())
    share = (agrees * pl.col("rows")).sum() / pl.col("rows").sum()
    return (
        counted.join(asks, on=["parent", "name"])
        .group_by("layout")
        .agg(pl.len().alias(f"pairs_{level}"), share.alias(f"agree_{level}"))
    )


def _counts_like_bps() -> pl.Expr:
    """Whether a layout's kecamatan are numbered 10, 20, 30, or most of their codes are not ours."""
    is_old = pl.col("code_kabupaten").is_in(list(RETIRED))
    codes = pl.when(~is_old).then("code_kecamatan").drop_nulls().unique()
    in_tens = codes.str.ends_with("0").mean() >= _BPS_BELOW
    ours = codes.is_in(level_table("kecamatan")["code"].implode()).mean()
    return (codes.len() >= _SEVERAL) & (in_tens | (ours < _BPS_BELOW))


def _is_bps() -> pl.Expr:
    looks = (pl.col("looks") >= _BPS_BELOW).fill_null(False) | pl.col("counts").fill_null(False)
    kecamatan, kabupaten = pl.col("agree_kecamatan"), pl.col("agree_kabupaten")
    strange = (kecamatan < _HARDLY_ANY) & (pl.col("pairs_kecamatan") >= _MANY)
    return (
        pl.when(kecamatan >= _BPS_BELOW).then(False)
        .when(kecamatan.is_not_null()).then(looks | strange)
        .when(kabupaten < _NEARLY_ALL).then(looks | (pl.col("pairs_kabupaten") > 2))
        .otherwise(looks)
    )  # fmt: skip


def _systems(places: pl.DataFrame) -> pl.DataFrame:
    """Return layout, is_bps."""
    looks = places.group_by("layout").agg(looks=_looks_bps().mean(), counts=_counts_like_bps())
    for level in ("kecamatan", "kabupaten"):
        looks = looks.join(_agreement(places, level), on="layout", how="left")
    return looks.select("layout", is_bps=_is_bps())


def with_region_codes(places: pl.DataFrame) -> pl.DataFrame:
    """Return the places with `is_bps` and one typed code per level, unchecked.

    `code_<level>` is Kemendagri's, null in a layout that holds BPS codes (but for provinces, which
    agree outside Papua); `bps_<level>` is BPS', null elsewhere. Retired kabupaten codes are
    today's. Reads what `cells.read_cells` adds.
    """
    coded = places.with_columns(**_codes())
    known = coded.join(_systems(coded), on="layout", how="left")
    is_bps = pl.col("is_bps")
    same = pl.col("code_provinsi").str.head(1) != "9"
    ours = ("code_kabupaten", "code_kecamatan", "code_desa")
    theirs = ("bps_kabupaten", "bps_kecamatan", "bps_desa")
    return known.with_columns(
        pl.when(~is_bps | same).then("code_provinsi").alias("code_provinsi"),
        *(pl.when(~is_bps).then(column).alias(column) for column in ours),
        *(pl.when(is_bps).then(column).alias(column) for column in theirs),
    ).with_columns(pl.col("code_kabupaten").replace(RETIRED))
