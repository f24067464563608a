"""What is left of a name when only a piece of it was written: nicknames, cut text, slips."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.comparisons import Bools, Floats, Ints, similarity

SIMILAR = 0.79
"""Similarity from which two words are one, a letter off: one in five."""
LONGER = 0.74
"""The same where the shorter word has four letters and the longer begins or ends like it."""
PIECE, INSIDE = 3, 4
"""Letters from which the beginning or end of a word, or a piece from inside it, is a nickname."""
STOPPED = 3
"""Letters that a name must have been cut behind."""
MOST = 2
"""Leftovers of the shorter side that are looked at one by one."""


@dataclass(frozen=True)
class Partners:
    """For the leftovers of each pair of names, what of the shorter side the other explains."""

    similar: Bools
    """Each is a word of the other side, a letter off."""
    short: Bools
    """Each is that, or a nickname for a word of the other side, or the other way round."""
    letters: Ints
    """Letters of the shorter of the words that belong together, summed."""
    right: npt.NDArray[np.uint8]
    """The right side's tokens that have a partner, as a bit mask."""


def cut_short(left: pl.Series, right: pl.Series, i: Ints, j: Ints) -> Floats:
    """Return the share of the longer text left[i] or right[j] that the other is the start of."""
    texts = pl.DataFrame({"a": left.gather(i), "b": right.gather(j)})
    a, b = pl.col("a"), pl.col("b")
    shorter = pl.min_horizontal(a.str.len_bytes(), b.str.len_bytes())
    longer = pl.max_horizontal(a.str.len_bytes(), b.str.len_bytes())
    starts = (a.str.starts_with(b) | b.str.starts_with(a)) & (shorter >= STOPPED)
    share = pl.when(starts & (shorter < longer)).then(shorter / longer).otherwise(0.0)
    return texts.select(share).to_series().to_numpy()


def partners(left: npt.NDArray[Any], right: npt.NDArray[Any], words: pl.Series) -> Partners:
    """Return the partners among leftover tokens: codes into `words`, 0 where there is none."""
    size, width = len(left), left.shape[1]
    swap = (left != 0).sum(axis=1) > (right != 0).sum(axis=1)
    short, long = np.where(swap[:, None], right, left), np.where(swap[:, None], left, right)
    few = (short != 0).sum(axis=1) <= MOST
    rows, a, b = _crossed(short, long, few)
    kind, letters = _kinds(short[rows, a], long[rows, b], words)
    best = np.zeros((size, width), np.uint8)
    np.maximum.at(best, (rows, a), kind)
    present = short != 0
    spelled = np.zeros((size, width), np.int64)
    good = kind > 0
    np.maximum.at(spelled, (rows[good], a[good]), letters[good])
    mask = np.zeros(size, np.uint8)
    np.bitwise_or.at(mask, rows[good], (1 << np.where(swap[rows], a, b)[good]).astype(np.uint8))
    return Partners(
        similar=few & ((best == 2) | ~present).all(axis=1),
        short=few & ((best > 0) | ~present).all(axis=1),
        letters=spelled.sum(axis=1),
        right=mask,
    )


def _crossed(
    short: npt.NDArray[Any], long: npt.NDArray[Any], few: Bools
) -> tuple[Ints, Ints, Ints]:
    """Return row, position in short and in long of every two tokens to compare."""
    width = short.shape[1]
    found = [
        (rows, np.full(len(rows), a), np.full(len(rows), b))
        for a in range(width)
        for b in range(width)
        for rows in [np.flatnonzero(few & (short[:, a] != 0) & (long[:, b] != 0))]
    ]
    rows, a, b = (np.concatenate(part) for part in zip(*found, strict=True))
    return rows, a, b


def _kinds(left: Ints, right: Ints, words: pl.Series) -> tuple[npt.NDArray[np.uint8], Ints]:
    """Return 2 where two tokens are a letter off, 1 for a nickname, else 0; and letters."""
    pairs = left.astype(np.uint64) << np.uint64(32) | right.astype(np.uint64)
    unique, back = np.unique(pairs, return_inverse=True)
    i, j = unique >> np.uint64(32), unique & np.uint64(0xFFFFFFFF)
    texts = pl.DataFrame({"a": words.gather(i - 1), "b": words.gather(j - 1)})
    a, b = pl.col("a"), pl.col("b")
    known = texts.join(nicknames(), on=["a", "b"], how="left", maintain_order="left")["nickname"]
    told = texts.with_columns(
        known=known.fill_null(False),
        score=pl.Series(similarity(words, words, i - 1, j - 1, LONGER)),
        letters=pl.min_horizontal(a.str.len_bytes(), b.str.len_bytes()).cast(pl.Int64),
    ).with_columns(piece=_piece(a, b) | _piece(b, a))
    near = (pl.col("score") >= SIMILAR) | ((pl.col("score") >= LONGER) & pl.col("piece"))
    kinds = told.select(
        kind=pl.when(near & (pl.col("letters") >= PIECE)).then(2)
        .when(pl.col("known") | pl.col("piece")).then(1)
        .otherwise(0)
        .cast(pl.UInt8),
        letters="letters",
    )  # fmt: skip
    return kinds["kind"].to_numpy()[back], kinds["letters"].to_numpy()[back]


def _piece(word: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Return whether `word` is how `name` begins or ends, or a good piece of it."""
    size = word.str.len_bytes()
    ends = name.str.starts_with(word) | name.str.ends_with(word)
    inside = (size >= INSIDE) & name.str.contains(word, literal=True)
    return (word != name) & (((size >= PIECE) & ends) | inside)


@cache
def nicknames() -> pl.DataFrame:
    """Return the words that stand for one another, as folk keys: a, b, nickname (true).

    `data/panggilan.csv` is the list in `data/nama.toml` as it sounds; a test keeps them together.
    """
    listed = pl.read_csv(files("dtkstool").joinpath("data", "panggilan.csv").read_bytes())
    both = pl.concat(
        [listed.select(a="panggilan", b="nama"), listed.select(a="nama", b="panggilan")]
    )
    return both.unique(maintain_order=True).with_columns(nickname=pl.lit(True))
