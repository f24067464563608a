"""Households and who lives in them: ages, relations and parents that fit each other."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from dtkstool.sample.settings import Rates

Ints = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating[Any]]
YEAR = 365.2425
CHILDREN = 7

HEAD, SPOUSE, CHILD = 0, 1, 2
MARRIED, INLAW, GRAND, PARENT_F, PARENT_M, PARENT_LAW, OTHER = 9, 10, 11, 13, 14, 15, 16
SLOTS = 17
"""A household is a row of 17 places: head, spouse, seven children, a married child with spouse and
two children, the head's mother and father, the spouse's mother, another relative."""

ROLE = np.array([1, 3, *[4] * CHILDREN, 4, 5, 6, 6, 7, 7, 8, 9], dtype=np.uint8)
"""SIAK's relation code per place (husbands of women who head a family become 2)."""


@dataclass(frozen=True)
class Families:
    """People by household; every array has one value per person unless said otherwise."""

    desa: Ints
    """Per household: index into the desa table."""
    household: Ints
    slot: npt.NDArray[np.uint8]
    role: npt.NDArray[np.uint8]
    female: Flags
    birth: Ints
    """Days since 1970-01-01."""
    status: npt.NDArray[np.uint8]
    """SIAK's marital status 1–4."""
    mother: Ints
    """Index of the mother if she lives in the same household, else -1."""
    father: Ints
    spouse: Ints
    twin: Ints
    """Index of the elder twin, else -1."""


@dataclass
class _Grid:
    """Households as rows, places as columns."""

    there: Flags
    birth: Floats
    female: Flags
    couple: Flags
    twin: Flags


def _heads(rng: np.random.Generator, n: int) -> tuple[Floats, Flags, Flags]:
    age = 20 + 70 * rng.beta(1.9, 2.9, n)
    female = rng.random(n) < np.clip(0.05 + (age - 42) * 0.009, 0.05, 0.5)
    married = np.where(female, 0.04, np.select([age < 24, age < 64], [0.7, 0.93], 0.74))
    return age, female, rng.random(n) < married


def _children(rng: np.random.Generator, grid: _Grid, mother: Floats, today: float) -> None:
    """Fill the children's places from the mother's birth day."""
    n = len(mother)
    year = 1970 + mother / YEAR
    born = rng.poisson(np.select([year < 1960, year < 1980], [4.4, 3.0], 2.2))
    first = np.clip(rng.normal(22.5, 3.6, n), 16.2, 39)
    gaps = 1.1 + rng.gamma(2.0, 1.5, (n, CHILDREN))
    gaps[:, 0] = 0
    at = first[:, None] + np.cumsum(gaps, axis=1)
    births = np.floor(mother[:, None] + at * YEAR)
    leaves = np.clip(rng.normal(24.5, 5, (n, CHILDREN)), 17, 60)
    home = births + leaves * YEAR > today
    number = np.arange(CHILDREN)[None, :]
    lone = ~grid.couple & (rng.random(n) < 0.25)
    there = (number < born[:, None]) & (at < 45) & (births < today) & home & ~lone[:, None]
    grid.there[:, CHILD : CHILD + CHILDREN] = there
    grid.birth[:, CHILD : CHILD + CHILDREN] = births
    grid.female[:, CHILD : CHILD + CHILDREN] = rng.random((n, CHILDREN)) < 0.487


def _twins(rng: np.random.Generator, grid: _Grid, rate: float) -> None:
    for slot in range(CHILD + 1, CHILD + CHILDREN):
        both = grid.there[:, slot] & grid.there[:, slot - 1] & ~grid.twin[:, slot - 1]
        twin = both & (rng.random(len(both)) < rate)
        grid.twin[twin, slot] = True
        grid.birth[twin, slot] = grid.birth[twin, slot - 1]
        same_sex = twin & (rng.random(len(both)) < 0.7)
        grid.female[same_sex, slot] = grid.female[same_sex, slot - 1]


def _second_family(rng: np.random.Generator, grid: _Grid, mother: Floats, today: float) -> None:
    """Fill in a married child with spouse and children for some older households."""
    n = len(mother)
    married = mother + rng.uniform(18, 27, n) * YEAR
    age = (today - married) / YEAR
    there = (age > 19) & (age < 50) & (rng.random(n) < 0.16)
    partner = there & (rng.random(n) < 0.82)
    female = rng.random(n) < 0.55
    gap = rng.normal(3, 2.5, n) * YEAR
    partner_birth = np.minimum(np.where(female, married - gap, married + gap), today - 17 * YEAR)
    young = np.where(female, married, partner_birth)
    for place, flag in ((MARRIED, there), (INLAW, partner)):
        grid.there[:, place] = flag
    grid.female[:, MARRIED], grid.female[:, INLAW] = female, ~female
    grid.birth[:, MARRIED], grid.birth[:, INLAW] = married, partner_birth
    for i, wait in enumerate((21, 25)):
        birth = young + (wait + rng.uniform(-2, 3, n)) * YEAR
        grid.there[:, GRAND + i] = there & (birth < today) & (rng.random(n) < 0.8)
        grid.birth[:, GRAND + i] = birth
        grid.female[:, GRAND + i] = rng.random(n) < 0.49


def _elders(rng: np.random.Generator, grid: _Grid, head: Floats, age: Floats) -> None:
    n = len(head)
    mother = head - rng.uniform(17, 33, n) * YEAR
    hosts = (age > 22) & (age < 62)
    grid.there[:, PARENT_F] = hosts & (rng.random(n) < 0.06)
    grid.birth[:, PARENT_F] = mother
    with_her = rng.random(n) < np.where(grid.there[:, PARENT_F], 0.3, 0.012)
    grid.there[:, PARENT_M] = hosts & with_her
    grid.birth[:, PARENT_M] = mother - rng.uniform(0, 9, n) * YEAR
    grid.there[:, PARENT_LAW] = hosts & grid.there[:, SPOUSE] & (rng.random(n) < 0.035)
    grid.birth[:, PARENT_LAW] = grid.birth[:, SPOUSE] - rng.uniform(17, 33, n) * YEAR
    grid.there[:, OTHER] = rng.random(n) < 0.035
    grid.female[:, [PARENT_F, PARENT_LAW]] = True


def _grid(rng: np.random.Generator, n: int, today: float, rates: Rates) -> _Grid:
    age, female, married = _heads(rng, n)
    grid = _Grid(
        there=np.zeros((n, SLOTS), dtype=bool),
        birth=np.zeros((n, SLOTS)),
        female=np.zeros((n, SLOTS), dtype=bool),
        couple=married,
        twin=np.zeros((n, SLOTS), dtype=bool),
    )
    head = today - age * YEAR
    gap = rng.normal(3.8, 3.6, n) * YEAR
    grid.there[:, HEAD], grid.birth[:, HEAD], grid.female[:, HEAD] = True, head, female
    grid.there[:, SPOUSE], grid.female[:, SPOUSE] = married, ~female
    spouse = np.where(female, head - gap, head + gap)
    grid.birth[:, SPOUSE] = np.minimum(spouse, today - 16.5 * YEAR)
    mother = np.where(female, head, grid.birth[:, SPOUSE])
    _children(rng, grid, mother, today)
    _twins(rng, grid, rates["kembar"])
    _second_family(rng, grid, mother, today)
    _elders(rng, grid, head, age)
    grid.birth[:, OTHER] = today - rng.uniform(0, 78, n) * YEAR
    grid.female[:, OTHER] = rng.random(n) < 0.5
    return grid


def _parents(grid: _Grid, position: Ints) -> tuple[Ints, Ints]:
    """Return the mother's and father's index for every place of every household."""
    nobody = np.full(position.shape, -1, dtype=np.int32)
    mother, father = nobody, nobody.copy()
    female_head = grid.female[:, HEAD]
    wife = np.where(female_head, position[:, HEAD], position[:, SPOUSE])
    man = np.where(female_head, position[:, SPOUSE], position[:, HEAD])
    for slot in (*range(CHILD, CHILD + CHILDREN), MARRIED):
        mother[:, slot], father[:, slot] = wife, man
    young_f = np.where(grid.female[:, MARRIED], position[:, MARRIED], position[:, INLAW])
    young_m = np.where(grid.female[:, MARRIED], position[:, INLAW], position[:, MARRIED])
    for slot in (GRAND, GRAND + 1):
        mother[:, slot], father[:, slot] = young_f, young_m
    mother[:, HEAD], father[:, HEAD] = position[:, PARENT_F], position[:, PARENT_M]
    mother[:, SPOUSE] = position[:, PARENT_LAW]
    return mother, father


def _spouses(grid: _Grid, position: Ints) -> Ints:
    spouse = np.full(position.shape, -1, dtype=np.int32)
    for a, b in ((HEAD, SPOUSE), (MARRIED, INLAW), (PARENT_F, PARENT_M)):
        spouse[:, a], spouse[:, b] = position[:, b], position[:, a]
    return spouse


def _status(
    rng: np.random.Generator, slot: npt.NDArray[Any], spouse: Ints, age: Floats
) -> npt.NDArray[np.uint8]:
    alone = rng.random(len(slot))
    child = (slot >= CHILD) & (slot < CHILD + CHILDREN) | (slot == GRAND) | (slot == GRAND + 1)
    single = (alone < np.select([age < 25, age < 35, age < 50], [0.9, 0.5, 0.15], 0.04)) & (
        (slot < PARENT_F) | (slot == OTHER)
    )
    widowed = rng.random(len(slot)) < np.clip((age - 28) / 40, 0.1, 0.95)
    stays = child & ((age < 21) | (alone < 0.93)) | (age < 17)
    return np.select(
        [spouse >= 0, stays | single, widowed], [2, 1, 4], 3
    ).astype(np.uint8)  # fmt: skip


def _default_dates(rng: np.random.Generator, birth: Ints, rate: float, today: int) -> Ints:
    """Return birth days before `today`, the old heaped on 1 January, 31 December and 1 July."""
    years = birth.astype("datetime64[D]").astype("datetime64[Y]")
    number = years.astype(int) + 1970
    share = np.select([number < 1945, number < 1955, number < 1965, number < 1975],
                      [0.34, 0.2, 0.08, 0.015], 0.001)  # fmt: skip
    hit = np.flatnonzero(rng.random(len(birth)) < share * rate)
    year = number[hit] - np.where(rng.random(len(hit)) < 0.3, number[hit] % 5, 0)
    month = rng.choice([0, 11, 6], len(hit), p=[0.48, 0.34, 0.18])
    day = np.where(month == 11, 30, 0)
    months = (year - 1970) * 12 + month
    heaped = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day
    out = birth.copy()
    out[hit] = np.where(heaped < today, heaped, birth[hit])
    return out


def _positions(grid: _Grid, persons: int) -> Ints:
    """Return the index of the person in each place, -1 where nobody is or the world is full."""
    there = grid.there.ravel()
    position = np.where(there, np.cumsum(there) - 1, -1).astype(np.int32)
    position[position >= persons] = -1
    return position.reshape(grid.there.shape)


def families(
    rng: np.random.Generator, persons: int, share: Floats, today: date, rates: Rates
) -> Families:
    """Return exactly `persons` people in households spread over the desa by `share`."""
    day = float((today - date(1970, 1, 1)).days)
    grid = _grid(rng, max(4, int(persons / 2.6)), day, rates)
    last = int(np.searchsorted(np.cumsum(grid.there.sum(axis=1)), persons)) + 1
    grid = _Grid(*(part[:last] for part in vars(grid).values()))
    position = _positions(grid, persons)
    kept = position >= 0
    household, slot = (part.astype(np.int32) for part in np.nonzero(kept))
    mother, father = _parents(grid, position)
    birth = np.clip(np.floor(grid.birth[kept]), day - 104 * YEAR, day - 1).astype(np.int32)
    female = grid.female[kept]
    spouse = _spouses(grid, position)[kept]
    role = ROLE[slot].copy()
    role[(slot == SPOUSE) & ~female] = 2
    return Families(
        desa=np.sort(rng.choice(len(share), last, p=share)).astype(np.int32),
        household=household,
        slot=slot.astype(np.uint8),
        role=role,
        female=female,
        birth=_default_dates(rng, birth, rates["tanggal_baku"], int(day)),
        status=_status(rng, slot, spouse, (day - birth) / YEAR),
        mother=mother[kept],
        father=father[kept],
        spouse=spouse,
        twin=np.where(grid.twin, np.roll(position, 1, axis=1), -1)[kept],
    )
