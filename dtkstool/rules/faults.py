"""What is wrong inside one value: the digits of a NIK or No KK, the letters of a name.

Each expression returns a word for the fault, null where there is none or nothing to judge.
"""

from collections.abc import Callable

import polars as pl

from dtkstool.rules.repeated import where
from dtkstool.wilayah import is_possible

EMPTY = "null|nan|none|n/a|#n/a|#ref!|#value!|#name\\?|tidak ada|tdk ada|nihil"
BLANK = rf"(?i)^([\W_]*|{EMPTY})$"
"""What stands in a cell that is empty to its reader."""
PLACEHOLDERS = (
    "TES|TEST|TESTING|TESTER|COBA|COBA COBA|DUMMY|CONTOH|SAMPLE|ASDF\\w*|QWERTY?\\w*|ZXCV\\w*|"
    "ABC|ABCD\\w*|ANONIM|ANONYMOUS|ANONIMUS|N N|NN|NO NAME|NONAME|UNKNOWN|"
    "TANPA NAMA|TAK BERNAMA|TIDAK BERNAMA|BELUM BERNAMA|BELUM ADA|BELUM ADA NAMA|BELUM DIISI|"
    "BELUM PUNYA NAMA|TIDAK DIKETAHUI|TDK DIKETAHUI|TIDAK TAHU|TDK TAHU|TIDAK JELAS|KOSONG|"
    "NAMA|NAMA LENGKAP|NAMA PENDUDUK|X{2,}|A{3,}|Z{2,}|Y{3,}|Q{2,}"
)
"""Whole names that are no name. Only whole names: TESSA, NANA, XAVERIUS and UU are people."""
UNNAMED_BABY = r"(BAYI|BY) (NY|NYONYA|IBU|NN|TN|TUAN) \w.*"
"""A newborn under a parent's name: a doubt, not a fault."""
ALIAS, MOTHER = r"\b(ALS|ALIAS)\b", r"\w\W+IBU\W+\w"
PECULIAR = (
    rf"[^A-Z ]|^ | $|  |^.?$|^(?:BAYI|BY) |IBU|ALS|ALIAS|^(?:{EMPTY.upper()}|{PLACEHOLDERS})$"
)
"""What a name has of which more is to be said than that it is words in capital letters. Every
pattern on names, here and in `name` and `stray`, needs one of these: few names are held to them."""


def date_fault(number: str) -> pl.Expr:
    """Return what the date in a NIK or No KK breaks: `hari`, `bulan` or `tanggal`.

    Days 41–71 pass, being women's. The 29th of February passes in every fourth year, since the
    digits do not say the century (2000 was a leap year, 1900 was not).
    """
    day, month, year = (pl.col(f"{number}_{part}") for part in ("day", "month", "year"))
    plain = pl.when(day > 40).then(day - 40).otherwise(day)
    too_long = (
        ((plain == 31) & month.is_in([4, 6, 9, 11]))
        | ((plain > 29) & (month == 2))
        | ((plain == 29) & (month == 2) & (year % 4 != 0))
    )
    return (
        pl.when(~plain.is_between(1, 31))
        .then(pl.lit("hari"))
        .when(~month.is_between(1, 12))
        .then(pl.lit("bulan"))
        .when(too_long)
        .then(pl.lit("tanggal"))
    )


def nokk_fault() -> pl.Expr:
    """Return what a No KK breaks: `wilayah` (a code no region can have), else as `date_fault`."""
    nowhere = ~is_possible(pl.col("nokk_awalan"))
    return pl.coalesce(pl.when(nowhere).then(pl.lit("wilayah")), date_fault("nokk"))


def letters(typed: pl.Expr) -> pl.Expr:
    """Return a text in upper case with single blanks for all other signs."""
    return typed.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ")


def peculiar(typed: pl.Expr) -> pl.Expr:
    """Return whether a name is none, or anything but words in capital letters; see `PECULIAR`."""
    return typed.str.contains(PECULIAR).fill_null(True)


def of_peculiar_name(test: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Return `test` of the names as typed that are `peculiar` (`nama_ganjil`), null for others."""
    return where("nama_ganjil", "nama_asal", test, pl.Boolean())


def name_letters() -> pl.Expr:
    """Return the `letters` of the name as typed; reads `nama_ganjil`."""
    plain = where("nama_ganjil", "nama_asal", letters, pl.String())
    return pl.when("nama_ganjil").then(plain).otherwise("nama_asal")


def name_fault() -> pl.Expr:
    """Return what a name is instead of one: `kosong`, `angka`, `bukan_nama`, `satu_huruf`, `bayi`.

    Reads `nama_asal` and, as `nama_ganjil`, whether it is `peculiar`. One word is a name, and
    rarity is never a fault.
    """
    return where("nama_ganjil", "nama_asal", fault_of_name, pl.String())


def fault_of_name(typed: pl.Expr) -> pl.Expr:
    """Return the `name_fault` of a name as typed."""
    plain = letters(typed)
    return (
        pl.when(typed.is_null() | typed.str.contains(BLANK))
        .then(pl.lit("kosong"))
        .when(typed.str.contains(r"[0-9]"))
        .then(pl.lit("angka"))
        .when(plain.str.contains(f"^(?:{PLACEHOLDERS})$"))
        .then(pl.lit("bukan_nama"))
        .when(plain.str.len_chars() == 1)
        .then(pl.lit("satu_huruf"))
        .when(plain.str.contains(f"^{UNNAMED_BABY}$"))
        .then(pl.lit("bayi"))
    )
