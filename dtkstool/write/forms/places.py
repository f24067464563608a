"""Where a finding is, as CI servers want to hear it, and how much of a cell is shown."""

import re
from urllib.parse import quote

import polars as pl

LONGEST = 160
"""Signs shown of one cell; a cell of a workbook can hold 32,767."""
MOST = 25_000
"""Findings in one file for a CI server: GitHub refuses a SARIF run with more results
(docs.github.com, "SARIF support for code scanning"). The most severe go first; what is left out is
said."""


def brief(*columns: str) -> pl.Expr:
    """Return texts with at most `LONGEST` signs; null stays null."""
    text = pl.col(*columns)
    return (
        pl.when(text.str.len_chars() > LONGEST)
        .then(text.str.head(LONGEST - 1) + "…")
        .otherwise(text)
        .name.keep()
    )


def uri(file: str) -> str:
    """Return a file's name as a URI reference: relative as it is, absolute with `file://`."""
    path = file.replace("\\", "/")
    if re.match(r"[A-Za-z]:/", path):
        return "file:///" + quote(path, safe="/:")
    return ("file://" if path.startswith("/") else "") + quote(path)


def column_number(cell: str | None) -> int | None:
    """Return the number of a cell's column, 1 for `A7`; None without a letter."""
    letters = re.match(r"[A-Z]*", cell or "")
    number = 0
    for letter in letters.group() if letters else "":
        number = number * 26 + ord(letter) - 64
    return number or None
