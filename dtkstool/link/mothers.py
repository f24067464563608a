"""Comparing mothers' names, which are kept whole: as strings, then token by token."""

import numpy as np
import polars as pl

from dtkstool.link.comparisons import IBU, Bools, Ints, Levels, equality, similarity

NEAR = 0.8


def mother_levels(left: Ints, right: Ints, words: pl.Series) -> Levels:
    """Return the IBU level of pairs of mothers' codes into `words`."""
    levels = equality(left, right)
    levels[levels == 2] = IBU.at("beda")
    different = np.flatnonzero(levels == IBU.at("beda"))
    i, j = left[different] - 1, right[different] - 1
    score = similarity(words, words, i, j, NEAR)
    levels[different[score >= NEAR]] = IBU.at("mirip")
    rest = score < NEAR
    levels[different[rest][_within(words, i[rest], j[rest])]] = IBU.at("sebagian")
    return levels


def _within(words: pl.Series, i: Ints, j: Ints) -> Bools:
    """Return where the one name has only some of the other's tokens."""
    pairs = i.astype(np.uint64) * np.uint64(1 << 32) + j.astype(np.uint64)
    unique, back = np.unique(pairs, return_inverse=True)
    sides = pl.DataFrame({
        "a": words.gather(unique >> np.uint64(32)),
        "b": words.gather(unique & np.uint64(0xFFFFFFFF)),
    }).select(pl.all().str.split(" "))  # fmt: skip
    a, b = pl.col("a"), pl.col("b")
    shared = a.list.set_intersection(b).list.len()
    fewer = pl.min_horizontal(a.list.n_unique(), b.list.n_unique())
    return sides.select((shared == fewer) & (shared > 0)).to_series().to_numpy()[back]
