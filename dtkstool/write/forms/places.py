"""Where a finding is, as CI servers want to hear it."""

import re
from urllib.parse import quote

MOST = 25_000
"""Findings in one file for a CI server: GitHub refuses a SARIF run with more results
(docs.github.com, "SARIF support for code scanning"). The most severe go first; what is left out is
said."""


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
