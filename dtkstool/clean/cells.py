"""What any typed cell may carry around its value: marks, invisible characters, words for nothing.

Sources: domain.md §1.5 (values seen in the field), §7 (hidden characters in Dukcapil files).
"""

import polars as pl

QUOTES = "'\"`´‘’‚‛“”„′″＇＂"
"""Everything people and exports put before a number to keep Excel from counting with it."""

INVISIBLE = r"[\p{Cf}\p{Cc}\p{Co}\x{FFFD}\x{034F}\x{FE00}-\x{FE0F}]+"
ESCAPED_BLANK = r"_[xX]000[9aAdD]_|&nbsp;|&#160;|&#x[aA]0;|Â\x{00A0}"
"""A blank or line break as Excel, HTML and mis-decoded UTF-8 spell it."""
BLANK = rf"{ESCAPED_BLANK}|[\t\r\n\x0B\x0C\x{{0085}}\p{{Z}}]"

EMPTY_WORDS = (
    "", "NULL", "NAN", "NA", "NONE", "NIL", "NIHIL", "KOSONG", "REF", "VALUE", "NAME", "NUM",
    "DIV0", "BLANK", "EMPTY", "UNDEFINED", "TIDAK", "TDK", "BELUM", "BLM", "X", "NO", "NAT",
    "HILANG", "DALAMPROSES", "PROSES", "UNKNOWN", "LUPA",
)  # fmt: skip
EMPTY_PHRASE = r"^\W*(?:TIDAK|TDK|TAK|BELUM|BLM|BLUM|TANPA|GAK|GA|NOT)\b[^0-9]*$"


def visible(cell: pl.Expr) -> pl.Expr:
    """Return the cell with one form per character, invisible ones gone, blanks as single spaces.

    Null stays null. Full-width digits become digits (NFKC); line breaks and tabs become spaces.
    """
    return (
        cell.str.replace_all("[´′]", "'")
        .str.replace_all(BLANK, " ")
        .str.replace_all(INVISIBLE, "")
        .str.normalize("NFKC")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def without_marks(text: pl.Expr) -> pl.Expr:
    """Return the text without quotation marks and the `=` of `="3201…"`; null stays null."""
    return text.str.replace(r"^\s*=+", "").str.replace_all(f"[{QUOTES}]", "").str.strip_chars()


def says_nothing(text: pl.Expr) -> pl.Expr:
    """Return whether an upper-case text is a way of writing nothing: `-`, `#N/A`, `BELUM PUNYA`.

    Null says nothing. A bare `0` does too; other numbers do not.
    """
    word = text.str.replace_all(r"[^\p{L}\p{N}]", "")
    phrase = text.str.contains(EMPTY_PHRASE)
    zero = text.str.contains(r"^0(?:[.,]0+)?$")
    return (word.is_in(EMPTY_WORDS) | phrase | zero).fill_null(True)
