"""Parents who live in another household: grown children of families that are in the world."""

import numpy as np
import numpy.typing as npt

from dtkstool.sample.families import HEAD, INLAW, PARENT_F, SPOUSE, YEAR, Families, Ints

WIDTH = 1 << 20
"""More than the days any birth date can be apart: keeps areas apart in one sort key."""


def _mothers_in(
    area: npt.NDArray[np.int64], them: Families, rng: np.random.Generator, children: Ints
) -> Ints:
    """Return for each child a woman of the same area 17 to 41 years older, or -1."""
    wives = np.flatnonzero(
        them.female & np.isin(them.slot, (HEAD, SPOUSE, PARENT_F)) & (them.status != 1)
    )
    birth = them.birth.astype(np.int64) + WIDTH // 2
    keys = area[wives] * WIDTH + birth[wives]
    by_key = np.argsort(keys, kind="stable")
    wives, keys = wives[by_key], keys[by_key]
    wanted = area[children] * WIDTH + birth[children]
    low = np.searchsorted(keys, wanted - int(41 * YEAR))
    high = np.searchsorted(keys, wanted - int(17 * YEAR))
    picked = low + (rng.random(len(children)) * (high - low)).astype(np.int64)
    found = wives[np.minimum(picked, len(wives) - 1)] if len(wives) else picked
    return np.where(high > low, found, -1).astype(np.int32)


def parents(
    rng: np.random.Generator, them: Families, desa: Ints, kecamatan: npt.NDArray[np.int64]
) -> tuple[Ints, Ints]:
    """Return everybody's mother and father, -1 if not in the world.

    Heads, spouses and children-in-law get parents from their desa or kecamatan, so that brothers
    and sisters live in several households and share a mother's name.
    """
    mother, father = them.mother.copy(), them.father.copy()
    alone = np.flatnonzero((mother < 0) & np.isin(them.slot, (HEAD, SPOUSE, INLAW)))
    where = rng.random(len(alone))
    for rows, area in (
        (alone[where < 0.5], desa.astype(np.int64)),
        (alone[(where >= 0.5) & (where < 0.78)], kecamatan),
    ):
        mother[rows] = _mothers_in(area, them, rng, rows.astype(np.int32))
    found = alone[mother[alone] >= 0]
    own = them.household[mother[found]] == them.household[found]
    siblings = (them.spouse[found] >= 0) & (mother[found] == mother[them.spouse[found]])
    mother[found[own | siblings]] = -1
    linked = found[~(own | siblings)]
    unknown = linked[father[linked] < 0]
    father[unknown] = them.spouse[mother[unknown]]
    return mother, father
