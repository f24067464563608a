"""What a clerk wrote in a drop-down cell, as a key: case, spacing and signs do not matter."""

import re

import polars as pl

WORDS = {"sheet": pl.String(), "word": pl.String(), "key": pl.String()}
"""One row per accepted writing of a decision on a sheet; the reasons' sheet is `alasan`."""
SIGNS = r"[^\p{L}\p{N}]+"
REASON = r"^TL ?(\d{2})\b"


def told(expr: pl.Expr) -> pl.Expr:
    """Return a text as its words in capitals, single blanks between; null if nothing is left."""
    plain = expr.str.to_uppercase().str.replace_all(SIGNS, " ").str.strip_chars()
    return pl.when(plain != "").then(plain)


def vocabulary(words: list[tuple[str, str, str]]) -> pl.DataFrame:
    """Return `WORDS` of (sheet, key, writing) with every writing as `told` leaves it."""
    rows = [(sheet, _told(writing), key) for sheet, key, writing in words]
    return pl.DataFrame(rows, schema=WORDS, orient="row").unique(
        ["sheet", "word"], keep="first", maintain_order=True
    )


def _told(writing: str) -> str:
    return re.sub(r"[\W_]+", " ", writing.upper()).strip()


def with_keys(entries: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with `decision` and `tl`, null for an empty cell or an unknown word.

    Reads `sheet`, `keputusan`, `alasan`. A reason counts by its code, else by its words.
    """
    reasons = words.filter(pl.col("sheet") == "alasan").select(reason="word", coded="key")
    decisions = words.rename({"word": "said", "key": "decision"})
    reason = told(pl.col("alasan"))
    coded = pl.format("TL{}", reason.str.extract(REASON))
    known = coded.is_in(reasons["coded"].implode())
    return (
        entries.with_columns(said=told(pl.col("keputusan")), reason=reason)
        .join(decisions, on=["sheet", "said"], how="left", maintain_order="left")
        .join(reasons, on="reason", how="left", maintain_order="left")
        .with_columns(tl=pl.when(known).then(coded).otherwise("coded"))
        .drop("said", "reason", "coded")
    )
