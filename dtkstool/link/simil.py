"""The official name measure: MK-DTKS calls a pair padan when NIK is found and Simil is ≥ 60 %."""

from difflib import SequenceMatcher

import polars as pl

ALIAS_MARK = "/"


def simil(left: str, right: str) -> float:
    """Return Ratcliff and Obershelp's similarity, 0 to 1; of an `A / B` name the better half.

    Source: MK-DTKS compares upper-case names without quotes, then each part of a name with `/`.
    """
    whole = _ratio(left, right)
    if ALIAS_MARK not in left and ALIAS_MARK not in right:
        return whole
    halves = [(a, b) for a in left.split(ALIAS_MARK) for b in right.split(ALIAS_MARK)]
    return max(whole, *(_ratio(a.strip(), b.strip()) for a, b in halves))


def _ratio(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def with_simil(links: pl.DataFrame, typed: pl.Series, registered: pl.Series) -> pl.DataFrame:
    """Return the links with `simil` from the names as typed and as registered, row by row.

    Null where either name is missing. Equal names are 1 without being compared, and each distinct
    pair is compared once.
    """
    names = pl.DataFrame({"left": typed, "right": registered}).select(
        pl.all().str.to_uppercase().str.replace_all(r"[\"'`]", "").str.strip_chars()
    )
    differing = names.filter(pl.col("left") != pl.col("right")).unique(maintain_order=True)
    scores = [simil(left, right) for left, right in differing.rows()]
    scored = differing.with_columns(simil=pl.Series(scores, dtype=pl.Float64))
    found = names.join(scored, on=["left", "right"], how="left", maintain_order="left")
    equal = pl.when(pl.col("left") == pl.col("right")).then(1.0)
    return links.with_columns(simil=found.select(equal.otherwise("simil")).to_series())
