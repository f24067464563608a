"""How often each level occurs: among records of one person, strangers, and relatives.

No labels are needed. A record whose NIK agrees with one person's, and whichever other facts are not
being counted, is that person: each comparison is counted among pairs settled by the *others*.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link import comparisons as c
from dtkstool.link.blocking import SAME_NIK, candidates
from dtkstool.link.comparisons import COMPARISONS, NIK, Bools, Floats, Levels
from dtkstool.link.keys import NO_DATE
from dtkstool.link.matching import People
from dtkstool.link.score import Compared, Everyone, Task, cheap_levels, compare
from dtkstool.link.weigh import date_agrees, shared_rarity
from dtkstool.link.weights import Model

HALF = 0.5
"""Pairs added to every level, so that an unseen one is rare and not impossible."""
JOINT = 10.0
"""Pairs by which the joint table of relatives leans towards independence."""
NAMED = tuple(c.NAMA.at(level) for level in ("sama", "mirip"))


@dataclass(frozen=True)
class World:
    """Register and registry, as weights are learned from them."""

    register: People
    right: Everyone
    model: Model

    @property
    def registry(self) -> pl.DataFrame:
        """The `KEYS` frame of the registry."""
        return self.right.keys

    def task(self, pairs: pl.DataFrame) -> Task:
        """Return the task of comparing pairs of a register row (left) and a person (right)."""
        return Task(pairs, self.register.side(), self.right, self.model)

    def compared(self, pairs: pl.DataFrame) -> Compared:
        """Return how pairs compare, every comparison in full."""
        task = self.task(pairs)
        return compare(task, cheap_levels(task))


@dataclass(frozen=True)
class Settled:
    """Records that carry their own truth."""

    pairs: pl.DataFrame
    """left, right: the records settled by NIK, name and birth date, and their persons."""
    m: dict[str, Floats]
    """Per comparison but the NIK's, the share of each level among records of one person."""
    moved: npt.NDArray[np.float64]
    """The joint share of No KK and place levels; row and column 0 (unknown) are empty."""
    placeholder: float
    """How often a birth date of 1 January or 31 December in the register is the person's own."""


def shares(levels: Levels, size: int, mass: Floats | None = None) -> Floats:
    """Return the smoothed share of each level among the known ones (level 0 is unknown)."""
    total = np.bincount(levels, weights=mass, minlength=size).astype(np.float64) + HALF
    total[0] = 0.0
    return np.asarray(total / total.sum())


def settled(world: World) -> Settled:
    """Return what records that carry their own truth show."""
    found = candidates(world.register.keys, world.registry, SAME_NIK).pairs.select("left", "right")
    levels = world.compared(found).levels
    dated, named = date_agrees(levels), np.isin(levels["nama"], NAMED)
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    others: dict[str, Bools] = {"nama": dated & family, "tanggal_lahir": named & family}
    m = {
        k.name: shares(levels[k.name][others.get(k.name, named & dated)], len(k.levels))
        for k in COMPARISONS
        if k is not NIK
    }
    typed = _placeholders(world.register.keys["birth"])[found["left"].to_numpy()]
    own = levels["tanggal_lahir"][named & family & typed]
    agreed = shares(own, len(c.LAHIR.levels))[c.LAHIR.at("sama_baku")]
    moved = _moved(levels["nokk"][named & dated], levels["tempat_tinggal"][named & dated])
    return Settled(found.filter(pl.Series(named & dated)), m, moved, float(agreed))


def _moved(nokk: Levels, place: Levels) -> npt.NDArray[np.float64]:
    shape = (len(c.NOKK.levels), len(c.TEMPAT.levels))
    cells = np.bincount(nokk.astype(np.int64) * shape[1] + place, minlength=shape[0] * shape[1])
    joint = cells.reshape(shape) + HALF
    joint[0, :], joint[:, 0] = 0.0, 0.0
    return np.asarray(joint / joint.sum())


def _placeholders(birth: pl.Series) -> Bools:
    day = birth.to_frame("day").select(pl.from_epoch("day", time_unit="d")).to_series()
    ends = (day.dt.month().is_in([1, 7]) & (day.dt.day() == 1)) | (
        (day.dt.month() == 12) & (day.dt.day() == 31)
    )
    return np.asarray((ends & (birth != NO_DATE)).to_numpy())


def stranger_shares(world: World, pairs: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return, per comparison, the chance of each level between strangers.

    Where a level's weight grows with the rarity of what is shared, the chance comes divided by
    that rarity's share of the weight: what is left for the level's own bits to say.
    """
    random = pl.DataFrame({
        "left": rng.integers(0, world.register.keys.height, pairs),
        "right": rng.integers(0, world.registry.height, pairs),
    }).cast(pl.UInt32)  # fmt: skip
    task = world.task(random)
    compared = compare(task, cheap_levels(task))
    told = shared_rarity(world.model, task.rarity, compared.levels, compared.names)
    return {
        name: _chances(compared.levels[name], told[name], len(ladder.bits))
        for name, ladder in world.model.ladders.items()
    }


def _chances(levels: Levels, told: Floats, size: int) -> Floats:
    known = max(int((levels > 0).sum()), 1)
    return np.asarray(np.bincount(levels, weights=np.exp2(told), minlength=size) / known)


@dataclass(frozen=True)
class Family:
    """What the relatives of settled persons share with the records."""

    pairs: pl.DataFrame
    levels: dict[str, Levels]
    size: float
    """Relatives a settled person has, on average."""

    def prior(self, absent: float) -> float:
        """Return the prior against relatives, in bits.

        A relative who is in the registry is a candidate and competes as one; only a person who is
        `absent` from it leaves a record to be mistaken for a relative.
        """
        return -float(np.log2(max(self.size, 0.1) * max(absent, 0.005)))

    def nama_lahir(self) -> npt.NDArray[np.float64]:
        """Return the joint share of name and birth-date levels; row or column 0 is marginal."""
        name, date = self.levels["nama"], self.levels["tanggal_lahir"]
        shape = (len(c.NAMA.levels), len(c.LAHIR.levels))
        names, dates = shares(name, shape[0]), shares(date, shape[1])
        known = (name > 0) & (date > 0)
        cell = np.bincount(name[known] * shape[1] + date[known], minlength=shape[0] * shape[1])
        joint = cell.reshape(shape) + JOINT * np.outer(names, dates)
        joint = joint / joint.sum()
        joint[:, 0], joint[0, :] = names, dates
        return np.asarray(joint)


def family(world: World, known: Settled) -> Family:
    """Return how records compare with the other members of their own person's family.

    A relative is a rival only where the person is absent, whose NIK then nobody holds.
    """
    people = world.registry.lazy().select("nokk", right=pl.int_range(pl.len(), dtype=pl.UInt32))
    households = people.filter(pl.col("nokk") > 0)
    pairs = (
        known.pairs.lazy()
        .select("left", own="right")
        .join(people, left_on="own", right_on="right")
        .join(households, on="nokk")
        .filter(pl.col("own") != pl.col("right"))
        .select("left", "right")
        .sort("left", "right")
        .collect()
    )
    levels = replace(world, register=world.register.unowned()).compared(pairs).levels
    return Family(pairs, levels, pairs.height / max(known.pairs.height, 1))
