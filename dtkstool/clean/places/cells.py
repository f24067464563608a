"""What the nine place cells of a record hold: four names and a code of known width."""

import polars as pl

from dtkstool.clean.cells import says_nothing, visible, without_marks
from dtkstool.distinct import per_distinct
from dtkstool.wilayah.table import WIDTH, Level

CELLS = (
    "kode_wilayah", "kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa", "provinsi",
    "kabupaten", "kecamatan", "desa",
)  # fmt: skip
"""The fields a place is typed in; each comes as `<field>_asal`."""

_LARGER: dict[Level, str] = {
    "desa": "KEC|KECAMATAN|KAB|KABUPATEN|PROV|PROVINSI",
    "kecamatan": "KAB|KABUPATEN|PROV|PROVINSI",
    "kabupaten": "PROV|PROVINSI",
    "provinsi": "INDONESIA",
}
_NUMBER_ONLY = r"^[\d\s.\-]*\d[\d\s.\-]*$"


def _text(cell: pl.Expr) -> pl.Expr:
    text = without_marks(visible(cell)).str.to_uppercase()
    return pl.when(~says_nothing(text)).then(text)


def _name(level: Level) -> pl.Expr:
    """The typed name, less larger regions named behind it; from the code cell if names are there.

    Null if empty or a number.
    """
    typed, code = pl.col(level), pl.col(f"kode_{level}")
    text = pl.coalesce(
        pl.when(~typed.str.contains(_NUMBER_ONLY)).then(typed),
        pl.when(code.str.contains(r"\p{L}{3}")).then(code),
    )
    return text.str.replace(rf"^(.*\w.*?)[\s,;/(-]+(?:{_LARGER[level]})\b.*$", "$1")


def _groups(text: pl.Expr) -> pl.Expr:
    """A code cell's digits, in groups as typed: `32.1.7.2001` → `32`, `1`, `7`, `2001`."""
    return text.str.replace(r"^(\d+)[.,]0+$", "$1").str.extract_all(r"\d+")


def _digits(groups: pl.Expr) -> pl.Expr:
    """Their code: `32.1.7.2001` → `3201072001`, `3201.0` → `3201`; null if none.

    A cell of one or two digits stays so: it is a part of a code, not a whole one.
    """
    prov, kab, kec, desa = (groups.list.get(i, null_on_oob=True) for i in range(4))
    desa_width = pl.when(kec.str.len_chars() == 3).then(3).otherwise(4)
    dotted = pl.concat_str([
        prov,
        kab.str.zfill(2).fill_null(""),
        kec.str.zfill(2).fill_null(""),
        desa.str.zfill(desa_width).fill_null(""),
    ])  # fmt: skip
    is_dotted = (prov.str.len_chars() == 2) & kab.str.len_chars().is_between(1, 2)
    found = pl.when(is_dotted).then(dotted).otherwise(groups.list.join(""))
    return pl.when(found.str.contains("[1-9]")).then(found)


def _code_text(level: Level) -> pl.Expr:
    """The code cell's text, or the name cell's where that is only a number."""
    typed = pl.col(level)
    return pl.coalesce(
        pl.when(pl.col(f"kode_{level}").str.contains(r"\d")).then(f"kode_{level}"),
        pl.when(typed.str.contains(_NUMBER_ONLY)).then(typed),
    )


def _parts() -> dict[str, pl.Expr]:
    length = {level: pl.col(f"kode_{level}").str.len_chars() for level in WIDTH}
    whole = pl.coalesce(
        pl.when(pl.col("kode_wilayah").str.len_chars() >= 2).then(
            pl.col("kode_wilayah").str.head(10)
        ),
        pl.when(length["desa"] >= 10).then(pl.col("kode_desa").str.head(10)),
        pl.when(length["kecamatan"] >= 6).then("kode_kecamatan"),
        pl.when(length["kabupaten"] >= 4).then("kode_kabupaten"),
    )
    trimmed = pl.col("kode_kecamatan").str.strip_chars_start("0")
    short = (length["kecamatan"] <= 3) & (trimmed.str.len_chars() <= 2)
    return {
        "whole": whole,
        "provinsi_part": pl.when(length["provinsi"] >= 2).then(pl.col("kode_provinsi").str.head(2)),
        "kabupaten_part": pl.when(length["kabupaten"] <= 2).then(
            pl.col("kode_kabupaten").str.zfill(2)
        ),
        "kecamatan_part": pl.when(short).then(trimmed.str.zfill(2)),
        "kecamatan_bps": pl.when(length["kecamatan"] <= 3).then(
            pl.col("kode_kecamatan").str.zfill(3)
        ),
        "desa_part": pl.when(length["desa"] == 4).then("kode_desa"),
        "desa_bps": pl.when(length["desa"] <= 3).then(pl.col("kode_desa").str.zfill(3)),
        "three_digits": (length["kecamatan"] == 3) | (length["desa"] <= 3),
    }


def read_cells(typed: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its cells read: names, and codes as digits.

    Reads `CELLS`. The four names become upper case, null if there is none; added are `whole` (the
    longest cumulative code, 2 to 10 digits) and the parts a code is put together from:
    `provinsi_part`, `kabupaten_part`, `kecamatan_part`, `desa_part` (Kemendagri's 2-2-2-4),
    `kecamatan_bps`, `desa_bps` (BPS' 3-3), and `three_digits`, typed as BPS does.
    """
    given = [cell for cell in CELLS if typed[cell].null_count() < typed.height]
    text = typed.with_columns(per_distinct(cell, _text, pl.String()) for cell in given)
    codes = {f"kode_{level}": _code_text(level) for level in WIDTH}
    codes["kode_wilayah"] = pl.col("kode_wilayah")
    grouped = text.with_columns(
        **{level: _name(level) for level in WIDTH},
        **{code: _groups(typed) for code, typed in codes.items()},
    )
    split = grouped.with_columns(_digits(pl.col(code)) for code in codes)
    return split.with_columns(**_parts())
