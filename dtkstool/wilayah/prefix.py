"""What the first six digits of a NIK or No KK say about where it was first issued."""

from functools import cache

import polars as pl

from dtkstool.wilayah.table import level_table

STATUS = pl.Enum(["berlaku", "kode_lama", "tak_dikenal", "mustahil"])
"""The same as `frames.NIK_WILAYAH`, which stands on this floor."""

_PROVINCES = (
    *range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82,
    *range(91, 98),
)  # fmt: skip
# ^ 97 is BPS' code of Papua Pegunungan; it stands on real cards, so it is no error

RETIRED = {
    "9101": "9301", "9102": "9501", "9104": "9401", "9107": "9402", "9108": "9403",
    "9109": "9404", "9112": "9502", "9113": "9503", "9114": "9504", "9116": "9302",
    "9117": "9303", "9118": "9304", "9121": "9505", "9122": "9506", "9123": "9507",
    "9124": "9508", "9125": "9405", "9126": "9406", "9127": "9407", "9128": "9408",
    "9201": "9601", "9204": "9602", "9205": "9603", "9209": "9604", "9210": "9605",
    "9271": "9671",
}  # fmt: skip
"""Kabupaten codes retired in 2022 (Papua) and 2023 (Papua Barat), and the same kabupaten today."""

_SPLIT_OFF = (6404, 6405, 6406, 6410, 6473, 7319, 7320, 7321, 7323, 7325)
# ^ gaps in Kaltim's and Sulsel's numbering, left when Kaltara (65) and Sulbar (76) split off; no
#   dataset says which is which today


@cache
def _kecamatan() -> pl.Series:
    return level_table("kecamatan")["code"].cast(pl.Int32)


def is_possible(number: pl.Expr) -> pl.Expr:
    """Return whether a 6-digit prefix, as a number, may be a region's; null for null."""
    two_digits = number // 100 % 100
    known = (number // 10_000).is_in(_PROVINCES)
    return known & ~two_digits.is_in((0, 70)) & (number % 100 != 0)


def prefix_status(prefix: pl.Expr) -> pl.Expr:
    """Return a 6-digit prefix as one of `frames.NIK_WILAYAH`; null for null.

    `berlaku`: a kecamatan in force. `kode_lama`: in a kabupaten code that is retired. `mustahil`:
    a province there never was, kabupaten 00 or 70, kecamatan 00, or not six digits; only this one
    is ever an error, since older codes are in no list.
    """
    number = pl.when(prefix.str.contains(r"^\d{6}$")).then(prefix.cast(pl.Int32, strict=False))
    kabupaten = number // 100
    possible = is_possible(number).fill_null(False)  # not six digits
    retired = kabupaten.is_in((*map(int, RETIRED), *_SPLIT_OFF))
    return (
        pl.when(prefix.is_null()).then(None)
        .when(~possible).then(pl.lit("mustahil"))
        .when(number.is_in(_kecamatan().implode())).then(pl.lit("berlaku"))
        .when(retired).then(pl.lit("kode_lama"))
        .otherwise(pl.lit("tak_dikenal"))
        .cast(STATUS)
    )  # fmt: skip
