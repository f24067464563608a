"""TKS, NAM04, TGL08: cells that say the right thing in a wrong writing, all safe to repair.

What each sign becomes is certain: nobody is called by a non-breaking space. `validate --fix` writes
the repairs; nothing else follows from these rules.
"""

from collections.abc import Callable, Mapping

import polars as pl

from dtkstool.rules.faults import of_peculiar_name
from dtkstool.rules.nik import dmy
from dtkstool.rules.repeated import any_where
from dtkstool.rules.rule import Rule

ESCAPED = {
    "\u00c2\u00a0": " ", "&nbsp;": " ", "&#160;": " ", "&#xa0;": " ", "&#xA0;": " ",
    "_x000D_": " ", "_x000d_": " ", "_x000A_": " ", "_x000a_": " ", "_x0009_": " ",
    "\u00e2\u20ac\u2122": "'", "\u00e2\u20ac\u02dc": "'", "\u00e2\u20ac\u0153": '"',
}  # fmt: skip
"""Blanks and quotes as HTML, Excel and UTF-8 read as Windows-1252 spell them."""
ACCENTED = {
    "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in sign.encode()): sign
    for sign in map(chr, range(0xA1, 0x100))
}
"""Letters with marks as UTF-8 read as Windows-1252 spells them: one foreign byte in a file does it
to all the others."""
BLANKS = "\t\n\r\x0b\x0c\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    chr(code) for code in (*range(0x00, 0x09), *range(0x0E, 0x20), 0x7F, *range(0x202A, 0x202F))
)
TYPOGRAPHIC = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02bb\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2026": "...", "\ufb01": "fi", "\ufb02": "fl",
}  # fmt: skip
FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
SIGNS = {
    **dict.fromkeys(BLANKS, " "), **dict.fromkeys(INVISIBLE, ""), **FULL_WIDTH, **TYPOGRAPHIC,
}  # fmt: skip
STRAY = "|".join(
    (
        "^ | $|  ",
        "[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in SIGNS) + "]",
        *("".join(f"\\x{{{ord(sign):x}}}" for sign in spelt) for spelt in ESCAPED),
        r"[\x{c2}\x{c3}][^\x00-\x7f]",
    )
)
"""A regex for any of them, and for blanks at the ends or in a row; half the time of a word list."""

NAMES = ("nama", "nama_ibu", "nama_ayah", "nama_kepala")
PLACES = ("tempat_lahir", "alamat", "dusun", "desa", "kecamatan", "kabupaten", "provinsi")
CODED = ("jenis_kelamin", "hubungan", "status_kawin", "rt", "rw", "tanggal_lahir")
DECIMAL = r"^\s*\d{1,3}[.,]0+\s*$"

typed_date = pl.col("tanggal_lahir_asal")
THREE_NUMBERS = r"\d[^\d\pL]{1,3}\d{1,2}[^\d\pL]{1,3}\d{2}"
MONTH_NAME = r"(?i)[a-z]{3}"
understood = pl.col("tanggal_lahir_kelas").is_in(["sah", "baku"])
in_words = any_where("tanggal_lahir_asal", lambda cell: cell.str.contains(MONTH_NAME))
unusual = any_where("tanggal_lahir_asal", lambda cell: ~cell.str.contains(THREE_NUMBERS))
as_in_nik = (pl.col("nik_birth") == pl.col("tanggal_lahir")) & ~pl.col("salah_kolom")
certain = as_in_nik | (in_words & pl.col("nik_birth").is_null())
"""A date that contradicts the NIK stays as it is, for whoever compares them."""
exception = unusual.sum().over("layout") * 2 < typed_date.count().over("layout")
"""In a column where most dates are in words, words are its layout and no slip."""


def is_stray(field: str) -> pl.Expr:
    """Return whether a cell has blanks too many or a sign that is not seen or not typed.

    Null has none.
    """
    if field == "nama":
        return of_peculiar_name(lambda name: name.str.contains(STRAY)).fill_null(False)
    return any_where(f"{field}_asal", lambda cell: cell.str.contains(STRAY))


def tidied(field: str) -> pl.Expr:
    """Return a cell with single blanks and only signs that a keyboard has; doing so twice is once.

    Letters keep their marks, other scripts and what was lost (U+FFFD) stay.
    """
    typed = pl.col(f"{field}_asal")
    spelt = ESCAPED | ACCENTED
    plain = typed.str.replace_many(spelt).str.replace_many(SIGNS).str.replace_many(spelt)
    return plain.str.replace_all(" {2,}", " ").str.strip_chars(" ")


def decimal(field: str) -> pl.Expr:
    """Return whether a small number was written as a fraction that it is not: `3.0`."""
    return any_where(f"{field}_asal", lambda cell: cell.str.contains(DECIMAL))


def is_odd_code(field: str) -> pl.Expr:
    """Return whether a coded cell `is_stray` or `decimal`."""
    return any_where(f"{field}_asal", lambda cell: cell.str.contains(f"{STRAY}|{DECIMAL}"))


def whole(field: str) -> pl.Expr:
    """Return a coded cell `tidied`, without the `.0` of a number."""
    plain = tidied(field)
    return pl.when(decimal(field)).then(plain.str.replace(r"[.,]0+$", "")).otherwise(plain)


def others(wrong: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return the fields a finding names where the first of them is right, each with when."""
    first, *rest = wrong
    return {field: wrong[field] & ~wrong[first] for field in rest}


def named(wrong: Mapping[str, pl.Expr], repair: Callable[[str], pl.Expr]) -> pl.Expr:
    """Return the repair of the cell that a finding names, the first that is wrong."""
    return pl.coalesce(pl.when(here).then(repair(field)) for field, here in wrong.items())


def small() -> pl.Expr:
    """Return whether the name has small letters and no capital."""
    return of_peculiar_name(
        lambda name: name.str.contains(r"\p{Ll}") & ~name.str.contains(r"\p{Lu}")
    )


texts = {field: is_stray(field) for field in (*NAMES, *PLACES)}
codes = {field: is_odd_code(field) for field in CODED}

TKS: tuple[Rule, ...] = (
    Rule(
        code="TKS01", name="text-with-stray-signs", column="nama", severity="info",
        action="tetap", source="OpenSID#88; BIP cells with U+00A0",
        violated=pl.any_horizontal(texts.values()), elsewhere=others(texts),
        suggestion=named(texts, tidied), repairs={field: tidied(field) for field in texts},
    ),
    Rule(
        code="TKS02", name="code-with-stray-signs", column="jenis_kelamin", severity="info",
        action="tetap", source="SIAK prints numbers with a leading blank",
        violated=pl.any_horizontal(codes.values()), elsewhere=others(codes),
        suggestion=named(codes, whole), repairs={field: whole(field) for field in codes},
    ),
)  # fmt: skip
"""One finding a row, at its first such cell; every one of them is repaired."""
NAM_SMALL: tuple[Rule, ...] = (
    Rule(
        code="NAM04", name="name-in-small-letters", column="nama", severity="info",
        action="tetap", source="SIAK prints names in capitals",
        violated=small() & pl.col("nama_cacat").is_null(),
        suggestion=pl.col("nama_asal").str.to_uppercase(),
        repairs={"nama": pl.col("nama_asal").str.to_uppercase()},
    ),
)  # fmt: skip
TGL_LAYOUT: tuple[Rule, ...] = (
    Rule(
        code="TGL08", name="birth-date-in-words-or-serial", column="tanggal_lahir",
        severity="info", action="tetap", scope="group",
        source="SIKS-NG exports; Excel serials as text",
        violated=understood & unusual & exception & certain,
        suggestion=dmy(pl.col("tanggal_lahir")),
        repairs={"tanggal_lahir": dmy(pl.col("tanggal_lahir"))},
    ),
)  # fmt: skip
"""Only dates that can be read in one way: with the month's name, or as the NIK has them."""
