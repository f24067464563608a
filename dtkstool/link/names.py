"""Comparing names token by token: which agree, what is left over, and how alike the rest is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.comparisons import NAMA, Bools, Floats, Ints, Levels, ladder, similarity
from dtkstool.link.keys import TOKENS

Tokens = npt.NDArray[np.uint32]

NEAR = 0.8
"""Similarity from which leftovers are one name spelled twice: one letter in five."""
ALIKE = 0.65


@dataclass(frozen=True)
class NameMatch:
    """How the names of each pair compare."""

    level: Levels
    agreed: Floats
    """Rarity, in bits, of what the two names share, spelling variants included."""
    missing: Ints
    """Tokens that only one of the two names has."""
    clash: Ints
    """Tokens on the shorter side that contradict the other's."""
    rest: Floats
    """Similarity of what is left over on both sides, joined (0 to 1)."""


def agreement(left: Tokens, right: Tokens) -> tuple[Ints, Ints]:
    """Return, as bit masks, which token positions of each side have an equal on the other.

    A token that stands once on one side and twice on the other agrees only once.
    """
    of_left = np.zeros(len(left), np.uint8)
    of_right = np.zeros(len(left), np.uint8)
    for a in range(left.shape[1]):
        open_left = left[:, a] != 0
        for b in range(right.shape[1]):
            free = open_left & (of_right & (1 << b) == 0)
            equal = free & (left[:, a] == right[:, b])
            of_left[equal] |= 1 << a
            of_right[equal] |= 1 << b
            open_left &= ~equal
    return of_left, of_right


def compare_names(left: Tokens, right: Tokens, words: pl.Series, rarity: Floats) -> NameMatch:
    """Return how each pair of token rows compares; `rarity` is bits by token code."""
    shared_left, shared_right = agreement(left, right)
    rest_left = _present(left) & ~shared_left
    rest_right = _present(right) & ~shared_right
    over_left, over_right = _count(rest_left), _count(rest_right)
    both = np.flatnonzero((over_left > 0) & (over_right > 0))
    rest = np.zeros(len(left))
    rest[both] = _rest_similarity(left[both], rest_left[both], right[both], rest_right[both], words)
    near, alike = rest >= NEAR, rest >= ALIKE
    agreed = _sum_bits(right, shared_right, rarity)
    spelled = np.maximum(_sum_bits(right, rest_right, rarity) - 3, 1) * rest
    agreed += np.where(near, spelled, np.where(alike, spelled / 2, 0))
    return NameMatch(
        level=_levels(left, right, shared_right, over_left, over_right, rest),
        agreed=agreed,
        missing=np.where(alike, 0, np.abs(over_left - over_right)),
        clash=np.where(alike, 0, np.minimum(over_left, over_right)),
        rest=rest,
    )


def _present(tokens: Tokens) -> Ints:
    mask = np.zeros(len(tokens), np.uint8)
    for position in range(tokens.shape[1]):
        mask |= (tokens[:, position] != 0).astype(np.uint8) << position
    return mask


def _count(mask: Ints) -> Ints:
    return np.bitwise_count(mask).astype(np.int64)


def _sum_bits(tokens: Tokens, mask: Ints, rarity: Floats) -> Floats:
    total = np.zeros(len(tokens))
    for position in range(tokens.shape[1]):
        chosen = (mask >> position) & 1 == 1
        total[chosen] += rarity[tokens[chosen, position]]
    return total


def _levels(
    left: Tokens, right: Tokens, shared: Ints, over_left: Ints, over_right: Ints, rest: Floats
) -> Levels:
    unknown = (left[:, 0] == 0) | (right[:, 0] == 0)
    return ladder(
        len(left),
        (unknown, NAMA.at("kosong")),
        ((over_left == 0) & (over_right == 0), NAMA.at("sama")),
        (rest >= NEAR, NAMA.at("mirip")),
        (rest >= ALIKE, NAMA.at("agak_mirip")),
        (np.minimum(over_left, over_right) == 0, NAMA.at("sebagian")),
        (shared > 0, NAMA.at("satu_kata")),
        otherwise=NAMA.at("beda"),
    )


def _rest_similarity(
    left: Tokens, mask_left: Ints, right: Tokens, mask_right: Ints, words: pl.Series
) -> Floats:
    """Return the similarity of the leftovers, spelled joined; initials count as their word."""
    texts_left, i = _joined(left, mask_left, words)
    texts_right, j = _joined(right, mask_right, words)
    score = similarity(texts_left, texts_right, i, j, 0.6)
    short = np.minimum(
        texts_left.str.len_chars().to_numpy()[i], texts_right.str.len_chars().to_numpy()[j]
    )
    initial = _initials(texts_left, texts_right, i, j)
    unclear = (short <= 3) & (score < NEAR)
    return np.where(initial, NEAR, np.where(unclear, 0.0, score))


def _joined(tokens: Tokens, mask: Ints, words: pl.Series) -> tuple[pl.Series, Ints]:
    """Return the distinct leftovers as joined text, and each row's index into them."""
    kept = [np.where((mask >> p) & 1, tokens[:, p], 0) for p in range(tokens.shape[1])]
    rows = pl.DataFrame(dict(zip(TOKENS, kept, strict=True)))
    distinct = rows.unique(maintain_order=True).with_row_index("index")
    index = rows.join(distinct, on=list(TOKENS), how="left", maintain_order="left")["index"]
    spelled = pl.concat([pl.Series("word", [""]), words.rename("word")])
    text = distinct.select(
        pl.concat_str(pl.lit(spelled).gather(pl.col(token)) for token in TOKENS)
    ).to_series()
    return text, index.to_numpy()


def _initials(left: pl.Series, right: pl.Series, i: Ints, j: Ints) -> Bools:
    """Return where one leftover is a single letter and the other starts with it."""
    first_left, first_right = left.str.slice(0, 1), right.str.slice(0, 1)
    single_left = (left.str.len_chars() == 1).to_numpy()[i]
    single_right = (right.str.len_chars() == 1).to_numpy()[j]
    letters = pl.concat([first_left, first_right]).unique().sort()
    same = (
        letters.search_sorted(first_left).to_numpy()[i]
        == letters.search_sorted(first_right).to_numpy()[j]
    )
    return np.asarray((single_left | single_right) & same)
