"""Names for everybody: by people, sex and cohort, with family names, twins and namesakes."""

import numpy as np
import numpy.typing as npt

from dtkstool.sample.families import CHILD, Families, Ints
from dtkstool.sample.settings import Rates
from dtkstool.sample.stock import COHORTS, SEXES, Ids, Stock, Style

WORDS = 4
"""Most words in a name."""
MODERN = ("jawa", "sunda", "bugis", "melayu")
"""Peoples whose children get Arabic names as often as not."""


def _draw_style(
    rng: np.random.Generator, stock: Stock, style: Style, order: npt.NDArray[np.uint8]
) -> tuple[Ids, npt.NDArray[np.int8]]:
    """Return word ids (one row per person) and the place of the family name, -1 for none."""
    n = len(order)
    words = np.zeros((n, WORDS), dtype=np.uint16)
    marga_at = np.full(n, -1, dtype=np.int8)
    chosen = np.searchsorted(style.cumulative, rng.random(n), side="right")
    for number, pattern in enumerate(style.patterns):
        rows = np.flatnonzero(chosen == number)
        for place, slot in enumerate(pattern.slots):
            if slot == "U":
                for position, names in enumerate(stock.birth_order):
                    mine = rows[order[rows] % 4 == position]
                    words[mine, place] = names.draw(rng, len(mine))
            elif slot == "C" and style.marga is not None:
                words[rows, place] = style.marga.draw(rng, len(rows))
                marga_at[rows] = place
            elif not isinstance(slot, str):
                words[rows, place] = slot.draw(rng, len(rows))
    return words, marga_at


def draw_names(
    rng: np.random.Generator,
    stock: Stock,
    people: npt.NDArray[np.uint8],
    female: npt.NDArray[np.bool_],
    birth: Ints,
    order: npt.NDArray[np.uint8],
) -> tuple[Ids, npt.NDArray[np.int8]]:
    """Return word ids (n × 4, 0 = no word) and the place of the family name, -1 for none.

    A word never follows itself by chance except where a pattern says `A A`.
    """
    n = len(people)
    words = np.zeros((n, WORDS), dtype=np.uint16)
    marga_at = np.full(n, -1, dtype=np.int8)
    cohort = np.digitize(birth, [-5 * 365, 20 * 365 + 5])
    group = (people.astype(np.int32) * 2 + female) * 3 + cohort
    by_group = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[by_group], np.arange(len(stock.peoples) * 6 + 1))
    for code in np.flatnonzero(np.diff(bounds)):
        rows = by_group[bounds[code] : bounds[code + 1]]
        key = (stock.peoples[code // 6], SEXES[code // 3 % 2], COHORTS[code % 3])
        words[rows], marga_at[rows] = _draw_style(rng, stock, stock.styles[key], order[rows])
    return _without_echo(words), marga_at


def _without_echo(words: Ids) -> Ids:
    """Return the words with a third word that repeats the second left out."""
    echo = (words[:, 2] > 0) & (words[:, 2] == words[:, 1])
    words[echo, 2] = words[echo, 3]
    words[echo, 3] = 0
    return words


def _inherit_marga(words: Ids, marga_at: npt.NDArray[np.int8], father: Ints) -> None:
    heirs = np.flatnonzero((father >= 0) & (marga_at >= 0))
    heirs = heirs[marga_at[father[heirs]] >= 0]
    fathers = father[heirs]
    words[heirs, marga_at[heirs]] = words[fathers, marga_at[fathers]]


def _father_in_name(rng: np.random.Generator, words: Ids, father: Ints, rate: float) -> None:
    """Add the father's first word to some short names."""
    short = (words[:, 2] == 0) & (father >= 0) & (rng.random(len(father)) < rate)
    for place in (1, 2):
        rows = np.flatnonzero(short & (words[:, place] == 0) & (words[:, place - 1] > 0))
        words[rows, place] = words[father[rows], 0]
        short[rows] = False


def _like_the_father(rng: np.random.Generator, words: Ids, them: Families, rate: float) -> None:
    sons = (them.father >= 0) & ~them.female & (rng.random(len(them.father)) < rate)
    rows = np.flatnonzero(sons)
    words[rows] = words[them.father[rows]]


def _twins(rng: np.random.Generator, stock: Stock, words: Ids, them: Families) -> None:
    """Give most twins of one sex similar names: a pair of first words, the rest shared."""
    rows = np.flatnonzero(them.twin >= 0)
    rows = rows[them.female[rows] == them.female[them.twin[rows]]]
    rows = rows[rng.random(len(rows)) < 0.85]
    for female, sex in enumerate(SEXES):
        mine = rows[them.female[rows] == bool(female)]
        pairs = stock.twins[sex][rng.integers(0, len(stock.twins[sex]), len(mine))]
        elder = them.twin[mine]
        words[mine, 1:] = words[elder, 1:]
        words[elder, 0], words[mine, 0] = pairs[:, 0], pairs[:, 1]


def children_people(
    rng: np.random.Generator, stock: Stock, people: npt.NDArray[np.uint8], them: Families
) -> npt.NDArray[np.uint8]:
    """Return whose names are borne: children's mostly their father's people, some Arabic."""
    out = people.copy()
    islam = stock.peoples.index("islam")
    modern = np.isin(people, [stock.peoples.index(p) for p in MODERN])
    out[modern & (them.birth > 15 * 365) & (rng.random(len(people)) < 0.3)] = islam
    return out


def names(
    rng: np.random.Generator,
    stock: Stock,
    people: npt.NDArray[np.uint8],
    them: Families,
    father: Ints,
    rates: Rates,
) -> Ids:
    """Return everybody's name as word ids, n × 4."""
    random_order = rng.integers(0, 4, len(people)).astype(np.uint8)
    order = np.where(them.slot >= CHILD, (them.slot - CHILD) % 4, random_order).astype(np.uint8)
    bearers = children_people(rng, stock, people, them)
    words, marga_at = draw_names(rng, stock, bearers, them.female, them.birth, order)
    _inherit_marga(words, marga_at, father)
    _inherit_marga(words, marga_at, them.father)
    _father_in_name(rng, words, them.father, rates["nama_ayah_ikut"])
    _like_the_father(rng, words, them, rates["nama_ayah_sama"])
    _twins(rng, stock, words, them)
    return words
