"""What a pair of names could be worth at most, before any string is compared.

Which words two names share is known from integers. How alike what is left over can be, its letters
bound: each edit puts at most one missing letter right (the bag distance, never above the true one).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.comparisons import NAMA, Bools, Floats, Ints
from dtkstool.link.names import (
    ALIKE,
    CUTOFF,
    NEAR,
    PER_LETTER,
    SLIP,
    Tokens,
    agreement,
    count,
    present,
    sum_bits,
)
from dtkstool.link.nicknames import LONGER, MOST
from dtkstool.link.rarity import WordBits
from dtkstool.link.weights import Model

Bags = npt.NDArray[np.uint64]
TWICE = np.uint64(32)
ONCE = np.uint64(0xFFFF_FFFF)
ROUNDING = 1e-6
"""Similarities come in single precision."""
APART = (1 - LONGER) / LONGER + ROUNDING
"""Letters, of each of a word's own, that a word counted as the same may lack."""


@dataclass(frozen=True)
class Letters:
    """The letters of each word, by code: 0 for code 0 (no word)."""

    bag: Bags
    """A bit for each letter there is in the low half, and for each there is twice in the high."""
    size: Ints
    """How many bytes the word has."""

    @classmethod
    def of(cls, words: pl.Series) -> "Letters":
        """Return the letters of words, the first having code 1."""
        size = words.str.len_bytes().to_numpy().astype(np.int64)
        text = np.frombuffer("".join(words.to_list()).encode(), np.uint8).astype(np.int64)
        cells = np.repeat(np.arange(len(size)), size) * 32 + text % 32
        times = np.bincount(cells, minlength=len(size) * 32).reshape(-1, 32)
        places = np.uint64(1) << np.arange(32, dtype=np.uint64)
        once, twice = (np.where(times >= n, places, 0).sum(axis=1, dtype=np.uint64) for n in (1, 2))
        bag = once | twice << TWICE
        return cls(np.append(np.uint64(0), bag), np.append(0, size))


@dataclass(frozen=True)
class Rest:
    """The letters of what is left over on one side of each pair."""

    bag: Bags
    size: Ints
    words: Ints
    """How many words are left over."""


def name_bounds(
    left: Tokens, right: Tokens, whole: Floats, bits: WordBits, letters: Letters, model: Model
) -> Floats:
    """Return the most bits that each pair of token rows can be worth.

    `whole` is how rare the right name is as a whole. `names.compare_names` and the name's ladder
    never give more; a test holds them to it.
    """
    ladder = model.ladders["nama"]
    shared_left, shared_right = agreement(left, right)
    over_left, over_right = present(left) & ~shared_left, present(right) & ~shared_right
    a, b = _rest(left, over_left, letters), _rest(right, over_right, letters)
    more, fewer = np.maximum(a.words, b.words), np.minimum(a.words, b.words)
    shared = sum_bits(right, shared_right, bits.token)
    rest = sum_bits(right, over_right, bits.token)
    alike, within = _alike(a, b)
    lacking = model.nama_missing * (more - fewer)

    def worth(level: str, agreed: Floats, extra: Floats | float = 0.0) -> Floats:
        at = np.full(len(left), NAMA.at(level))
        return ladder.weights(at, agreed) + extra

    slip = np.maximum(rest - SLIP, 1.0)
    piece = np.minimum(PER_LETTER * np.where(a.words > b.words, b.size, a.size), rest)
    share = np.minimum(a.size, b.size) / np.maximum(np.maximum(a.size, b.size), 1)
    contradicted = lacking + model.nama_clash * fewer
    few = fewer <= MOST
    choices: tuple[tuple[Bools, Floats], ...] = (
        (alike >= NEAR, worth("mirip", shared + slip * alike)),
        (alike >= ALIKE, worth("agak_mirip", shared + slip * alike / 2)),
        (within, worth("terpotong", shared + rest * share)),
        (few & (more > fewer) & _spelled(a, b), worth("sebagian_mirip", shared + slip, lacking)),
        (few, worth("panggilan", shared + piece, lacking)),
        (shared_right > 0, worth("satu_kata", shared, contradicted)),
        (shared_right == 0, worth("beda", np.zeros(len(left)), contradicted)),
    )
    both = np.maximum.reduce([np.where(holds, value, -np.inf) for holds, value in choices])
    one = np.where(more == 0, worth("sama", whole), worth("sebagian", shared, lacking))
    known = (left[:, 0] != 0) & (right[:, 0] != 0)
    unknown = worth("kosong", np.zeros(len(left)), lacking)
    return np.where(known, np.where(fewer == 0, one, both), unknown)


def _rest(tokens: Tokens, mask: Ints, letters: Letters) -> Rest:
    once, twice = np.zeros(len(tokens), np.uint64), np.zeros(len(tokens), np.uint64)
    size = np.zeros(len(tokens), np.int64)
    for position in range(tokens.shape[1]):
        token = np.where((mask >> position) & 1, tokens[:, position], 0)
        bag = letters.bag[token]
        twice |= bag >> TWICE | (once & bag & ONCE)
        once |= bag & ONCE
        size += letters.size[token]
    return Rest(once | twice << TWICE, size, count(mask))


def _alike(a: Rest, b: Rest) -> tuple[Floats, Bools]:
    """Return how alike two rests can be at most, and where one may be the start of the other."""
    lost = np.bitwise_count(a.bag & ~b.bag).astype(np.int64)
    gained = np.bitwise_count(b.bag & ~a.bag).astype(np.int64)
    longest = np.maximum(np.maximum(a.size, b.size), 1)
    apart = np.maximum(np.maximum(lost, gained), np.abs(a.size - b.size))
    alike = 1 + ROUNDING - apart / longest
    within = (lost == 0) | (gained == 0)
    initial = within & (np.minimum(a.size, b.size) == 1)
    return np.where(initial, np.maximum(alike, NEAR), np.where(alike < CUTOFF, 0.0, alike)), within


def _spelled(a: Rest, b: Rest) -> Bools:
    """Return where every word of the side with fewer may be a word of the other, a letter off."""
    swap = a.words > b.words
    short, size = np.where(swap, b.bag, a.bag) & ONCE, np.where(swap, b.size, a.size)
    long = np.where(swap, a.bag, b.bag) & ONCE
    return np.asarray(np.bitwise_count(short & ~long) <= APART * size)
