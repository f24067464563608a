"""Typed codes to Kemendagri codes, where the column holds Kemendagri's and not BPS'.

199 of 514 kabupaten have another code at BPS, and 166 of those are another kabupaten's here: a
column's system is judged by the names beside the codes, then by the codes' build.
"""

import polars as pl

from dtkstool.clean.places.match import candidates
from dtkstool.wilayah.prefix import RETIRED
from dtkstool.wilayah.table import Level, level_table

_BPS_BELOW = 0.5
_MANY = 5
_HARDLY_ANY = 0.2


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
    is_ours = known & pl.col("whole").str.contains(r"^\d{6}[123]\d{3}$")
    return (
        pl.when(length == 10).then(~is_ours)
        .when(length == 7).then(True)
        .when(pl.col("three_digits").is_not_null()).then("three_digits")
        .when(length == 6).then(False)
    )  # fmt: skip


def _agreement(places: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Per layout: `pairs` of code and name, and the share in which the code bears that name."""
    code = f"code_{level}"
    pairs = places.select("layout", code, level).drop_nulls().unique()
    asks = pairs.select(parent=code, name=level).unique().with_row_index("ask")
    agreed = candidates(asks, level).select("ask").unique().with_columns(agrees=True)
    judged = asks.join(agreed, on="ask", how="left").with_columns(
        pl.col("agrees").fill_null(False)
    )
    joined = pairs.join(judged, left_on=[code, level], right_on=["parent", "name"])
    return joined.group_by("layout").agg(
        pl.len().alias(f"pairs_{level}"), pl.col("agrees").mean().alias(f"agree_{level}")
    )


def _is_bps() -> pl.Expr:
    looks = (pl.col("looks") >= _BPS_BELOW).fill_null(False)
    kecamatan, kabupaten = pl.col("agree_kecamatan"), pl.col("agree_kabupaten")
    strange = (kecamatan < _HARDLY_ANY) & (pl.col("pairs_kecamatan") >= _MANY)
    return (
        pl.when(kecamatan >= _BPS_BELOW).then(False)
        .when(kecamatan.is_not_null()).then(looks | strange)
        .when(kabupaten < _BPS_BELOW).then(looks | (pl.col("pairs_kabupaten") > 1))
        .otherwise(looks)
    )  # fmt: skip


def _systems(places: pl.DataFrame) -> pl.DataFrame:
    """Return layout, is_bps."""
    looks = places.group_by("layout").agg(_looks_bps().mean().alias("looks"))
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
