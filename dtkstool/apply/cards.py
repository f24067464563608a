"""Reading a workbook's cards back: `Label: value` lines, as the sheets print them."""

import polars as pl

from dtkstool.messages import page

EMPTY = "–"
"""What a card prints for a missing value."""


def line(card: pl.Expr, key: str) -> pl.Expr:
    """Return what a card says on its line `key` (`workbook.card.<key>`), in either language.

    Null for a missing line and for the dash of a missing value.
    """
    labels = "|".join(sorted(set(page("workbook")["card"][key].values())))
    value = card.str.replace_all("\r\n?", "\n").str.extract(rf"(?m)^(?:{labels}): ?(.*)$")
    plain = value.str.strip_chars()
    return pl.when(plain.is_in(["", EMPTY]).not_()).then(plain)


def chosen_card() -> pl.Expr:
    """Return the card of the candidate that a decision chooses, null for other decisions."""
    return pl.coalesce(
        pl.when(pl.col("decision") == f"kandidat_{place}").then(f"kandidat_{place}")
        for place in (1, 2, 3)
    )
