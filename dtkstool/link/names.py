"""Comparing names token by token: which agree, what is left over, and how alike the rest is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.comparisons import NAMA, Bools, Floats, Ints, Levels, ladder, similarity
from dtkstool.link.keys import TOKENS
from dtkstool.link.nicknames import Partners, cut_short, partners

Tokens = npt.NDArray[np.uint32]

CUTOFF = 0.6
"""Similarity below which leftovers are nothing alike."""
NEAR = 0.8
"""Similarity from which leftovers are one name spelled twice: one letter in five."""
ALIKE = 0.65
PER_LETTER = 1.5
"""Bits that each letter of a nickname is worth: fewer than the name's own rarity."""


SLIP = 3.0
"""Bits that a misspelling takes from a word's rarity."""
EXPLAINED = tuple(NAMA.at(level) for level in ("sebagian_mirip", "terpotong", "panggilan"))
WORTH = ("mirip", "agak_mirip", "terpotong", "sebagian_mirip", "panggilan")
"""Levels at which leftovers are worth something, in the order `_agreed` tells how much."""


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


@dataclass(frozen=True)
class Leftovers:
    """What of each pair's names no equal token accounts for."""

    left: Ints
    """Token positions, as a bit mask."""
    right: Ints
    more: Ints
    """Tokens left over on the side that has more of them, and on the other."""
    fewer: Ints
    alike: Floats
    """Similarity of what is left over on both sides, joined (0 to 1)."""
    cut: Floats
    """How much of the longer rest the shorter is the start of; 0 where it is not."""
    rows: Ints
    """The pairs whose leftovers are no spelling of one another, and `partners` of each."""
    partners: Partners


def compare_names(left: Tokens, right: Tokens, words: pl.Series, rarity: Floats) -> NameMatch:
    """Return how each pair of token rows compares; `rarity` is bits by token code."""
    shared_left, shared_right = agreement(left, right)
    over = _leftovers(
        left, present(left) & ~shared_left, right, present(right) & ~shared_right, words
    )
    level = _levels(left, right, shared_right, over)
    whole = (over.alike >= ALIKE) & ~np.isin(level, EXPLAINED)
    cut = level == NAMA.at("terpotong")
    return NameMatch(
        level=level,
        agreed=_agreed(level, over, right, shared_right, rarity),
        missing=np.where(whole | cut, 0, over.more - over.fewer),
        clash=np.where(whole | np.isin(level, EXPLAINED), 0, over.fewer),
        rest=over.alike,
    )


def _leftovers(
    left: Tokens, rest_left: Ints, right: Tokens, rest_right: Ints, words: pl.Series
) -> Leftovers:
    over_left, over_right = count(rest_left), count(rest_right)
    both = np.flatnonzero((over_left > 0) & (over_right > 0))
    alike, cut = np.zeros(len(left)), np.zeros(len(left))
    alike[both], cut[both] = _spelled(
        left[both], rest_left[both], right[both], rest_right[both], words
    )
    rows = both[alike[both] < NEAR]
    found = partners(
        _only(left[rows], rest_left[rows]), _only(right[rows], rest_right[rows]), words
    )
    return Leftovers(
        left=rest_left,
        right=rest_right,
        more=np.maximum(over_left, over_right),
        fewer=np.minimum(over_left, over_right),
        alike=alike,
        cut=cut,
        rows=rows,
        partners=found,
    )


def _levels(left: Tokens, right: Tokens, shared: Ints, over: Leftovers) -> Levels:
    size = len(left)
    similar, short = np.zeros(size, bool), np.zeros(size, bool)
    similar[over.rows], short[over.rows] = over.partners.similar, over.partners.short
    return ladder(
        size,
        ((left[:, 0] == 0) | (right[:, 0] == 0), NAMA.at("kosong")),
        (over.more == 0, NAMA.at("sama")),
        (over.alike >= NEAR, NAMA.at("mirip")),
        ((over.fewer == 0), NAMA.at("sebagian")),
        (over.cut > 0, NAMA.at("terpotong")),
        (similar & (over.more > over.fewer), NAMA.at("sebagian_mirip")),
        (over.alike >= ALIKE, NAMA.at("agak_mirip")),
        (short, NAMA.at("panggilan")),
        (shared > 0, NAMA.at("satu_kata")),
        otherwise=NAMA.at("beda"),
    )


def _agreed(level: Levels, over: Leftovers, right: Tokens, shared: Ints, rarity: Floats) -> Floats:
    """Return the rarity of what the names share, in bits; of a piece of a word only a part."""
    rest = sum_bits(right, over.right, rarity)
    misspelled = np.maximum(rest - SLIP, 1) * over.alike
    known = np.zeros(len(level))
    known[over.rows] = sum_bits(right[over.rows], over.partners.right, rarity)
    letters = np.zeros(len(level))
    letters[over.rows] = PER_LETTER * over.partners.letters
    worth = np.select(
        [level == NAMA.at(name) for name in WORTH],
        [
            misspelled,
            misspelled / 2,
            rest * over.cut,
            np.maximum(known - SLIP, 1),
            np.minimum(letters, known),
        ],
        0.0,
    )
    return np.asarray(sum_bits(right, shared, rarity) + worth)


def _only(tokens: Tokens, mask: Ints) -> Tokens:
    chosen = np.stack([(mask >> p) & 1 == 1 for p in range(len(TOKENS))], axis=1)
    return np.where(chosen, tokens, np.uint32(0))


def present(tokens: Tokens) -> Ints:
    """Return, as a bit mask, which token positions hold a token."""
    mask = np.zeros(len(tokens), np.uint8)
    for position in range(tokens.shape[1]):
        mask |= (tokens[:, position] != 0).astype(np.uint8) << position
    return mask


def count(mask: Ints) -> Ints:
    """Return how many positions each mask has."""
    return np.bitwise_count(mask).astype(np.int64)


def sum_bits(tokens: Tokens, mask: Ints, rarity: Floats) -> Floats:
    """Return the rarity, in bits, of the tokens in each mask; `rarity` is bits by token code."""
    total = np.zeros(len(tokens))
    for position in range(tokens.shape[1]):
        chosen = (mask >> position) & 1 == 1
        total[chosen] += rarity[tokens[chosen, position]]
    return total


def _spelled(
    left: Tokens, mask_left: Ints, right: Tokens, mask_right: Ints, words: pl.Series
) -> tuple[Floats, Floats]:
    """Return the similarity of the leftovers, spelled joined, and how much of one a cut left.

    Initials count as their word.
    """
    texts_left, i = _joined(left, mask_left, words)
    texts_right, j = _joined(right, mask_right, words)
    score = similarity(texts_left, texts_right, i, j, CUTOFF)
    short = np.minimum(
        texts_left.str.len_chars().to_numpy()[i], texts_right.str.len_chars().to_numpy()[j]
    )
    initial = _initials(texts_left, texts_right, i, j)
    unclear = (short <= 3) & (score < NEAR)
    return (
        np.where(initial, NEAR, np.where(unclear, 0.0, score)),
        cut_short(texts_left, texts_right, i, j),
    )


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
