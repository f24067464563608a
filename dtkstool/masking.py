"""Personal values as they may be shown on screens and in logs; result files hold them whole.

Null stays null. What is kept is enough to recognise a value one already has: four digits at
either end of a number, the initials of a name, the year of a date.
"""

import polars as pl

from dtkstool.columns import COLUMN

OPEN = {
    "provinsi", "kabupaten", "kecamatan", "desa", "provinsi_tujuan", "kabupaten_tujuan",
    "kecamatan_tujuan", "desa_tujuan", "program", "sk_pertama", "nominal",
}  # fmt: skip
"""Text fields that say nothing about one person."""
MASKED_KIND = {
    "nik": "number", "nokk": "number", "id": "number", "nama": "name", "tanggal": "date",
    "teks": "name",
}  # fmt: skip
LONG_NUMBER = r"(\d(?:[ .'\-]?\d){3})(?:[ .'\-]?\d){3,}[ .'\-]?(\d(?:[ .'\-]?\d){3})"
"""Eleven digits or more, also with separators between them; ten are a region code."""


def mask_number(number: pl.Expr) -> pl.Expr:
    """Return a NIK, No KK or other id as `3201********0001`, whatever signs stand in it."""
    typed = number.str.strip_chars()
    length = typed.str.len_chars()
    return (
        pl.when(length >= 12)
        .then(typed.str.head(4) + "********" + typed.str.tail(4))
        .when(length > 4)
        .then(typed.str.head(3) + "****")
        .otherwise(typed)
    )


def mask_name(name: pl.Expr) -> pl.Expr:
    """Return a name or address with the first sign of each word: `S*** A*****`."""
    return name.str.replace_all(r"\B\w", "*")


def mask_date(date: pl.Expr) -> pl.Expr:
    """Return a date, however written, with at most its year: `**-**-1970`."""
    return (
        date.str.replace_all(r"\d{5,}", "*****")
        .str.replace_all(r"\b\d{1,2}\b", "**")
        .str.replace_all(r"\d{1,2}([[:alpha:]]+)\d{2,4}", "**${1}**")
    )


def mask_sentence(sentence: pl.Expr) -> pl.Expr:
    """Return a sentence with the long numbers and dates in it masked."""
    return sentence.str.replace_all(LONG_NUMBER, "${1}********${2}").str.replace_all(
        r"\b\d{1,2}[-/.]\d{1,2}[-/.](\d{4})\b", "**-**-${1}"
    )


def mask_cell(cell: pl.Expr, field: pl.Expr) -> pl.Expr:
    """Return a cell masked by what the canonical field it belongs to holds.

    A code or sex is shown as it is, except for a long number that strayed into it.
    """
    kinds = {
        name: MASKED_KIND.get(column.kind, "")
        for name, column in COLUMN.items()
        if name not in OPEN
    }
    kind = field.replace_strict(kinds, default="", return_dtype=pl.String)
    return (
        pl.when(kind == "number")
        .then(mask_number(cell))
        .when(kind == "name")
        .then(mask_name(cell))
        .when(kind == "date")
        .then(mask_date(cell))
        .otherwise(mask_sentence(cell))
    )
