"""How NIKs go wrong: by expectation–maximisation over the records that nothing settles.

Each candidate of such a record is the person, a relative or a stranger. What their other facts say
is held still; only the NIK's levels in the three classes, and the share of records whose person is
in the registry, move.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.blocking import BLOCKS, candidates
from dtkstool.link.comparisons import NIK, Bools, Floats, Levels
from dtkstool.link.counting import HALF, Family, Settled, World
from dtkstool.link.keys import NO_DATE
from dtkstool.link.score import cheap_levels, compare, weighed
from dtkstool.link.weigh import date_agrees
from dtkstool.link.weights import model

SAMPLE = 20_000
ROUNDS = 30
STRONGEST = 24.0
"""No NIK level weighs more bits than this, whatever was counted."""
ABSENT = 0.05
"""The smallest share of records whose person is not in the registry: nowhere is it complete."""
RARE = 5e-4
"""The smallest share of a level among records of one person: other registers are dirtier."""
EXHAUSTIVE = tuple(NIK.at(level) for level in ("sama", "satu_serial", "lima_belas", "beda_serial"))
"""Levels that the NIK blocks find wherever they occur: their number over all pairs is known."""
NIK_BLOCKS = sum(
    block.name.startswith("nik") or block.name == "nokk_di_kolom_nik" for block in BLOCKS
)
SIZE = len(NIK.levels)
BY_DATE = ("date_agrees", "date_differs")

Table = npt.NDArray[np.float64]
"""Two rows (birth date agrees, or not) of one number per NIK level."""


@dataclass(frozen=True)
class Rest:
    """Records that nothing settles, and their candidates."""

    pairs: pl.DataFrame
    """left, right, block."""
    records: int
    all_records: int
    """How many such records there are in the register; `records` of them were looked at."""
    left: pl.Series


@dataclass(frozen=True)
class NikErrors:
    """Shares of the NIK levels among persons, relatives and strangers, by whether dates agree."""

    person: Table
    relative: Table
    stranger: Table
    prior: float
    """Share of records whose person is in the registry."""

    def tables(self, tables: dict[str, Any], family: Family) -> dict[str, Any]:
        """Return the entries of a model file that these shares decide."""
        far, near = log_odds(self.person, self.stranger), log_odds(self.person, self.relative)
        near[:, NIK.at("keluarga")] = 0.0
        return {
            "prior": float(np.log2(self.prior)),
            "absent": max(1 - self.prior, ABSENT),
            "nik": _named(far, self.person, self.stranger),
            "keluarga": {
                **tables["keluarga"],
                "prior": family.prior(1 - self.prior),
                "nik": _named(near),
            },
        }


def log_odds(m: Table, u: Table) -> Table:
    """Return log2(m/u), within ±`STRONGEST`; 0 where the NIK is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.clip(np.log2(np.maximum(m, RARE) / u), -STRONGEST, STRONGEST)
    bits[:, 0] = 0.0
    return np.asarray(bits)


def _named(bits: Table, m: Table | None = None, u: Table | None = None) -> dict[str, Any]:
    counted = {} if m is None or u is None else {"m": m, "u": u}
    return {
        level: {key: float(bits[row, k]) for row, key in enumerate(BY_DATE)}
        | {name: [float(v) for v in table[:, k]] for name, table in counted.items()}
        for k, level in enumerate(NIK.levels)
    }


def residual(world: World, known: Settled) -> Rest:
    """Return the candidates of a sample of the records that are not settled."""
    rows = world.register.keys.with_row_index("left").select("left")
    left = rows.join(known.pairs, on="left", how="anti")["left"].sort()
    chosen = left.sample(min(SAMPLE, len(left)), seed=0).sort()
    pairs = candidates(world.register.keys[chosen], world.registry).pairs
    back = pairs.with_columns(left=chosen.gather(pairs["left"]))
    return Rest(back, len(chosen), len(left), chosen)


@dataclass(frozen=True)
class Seen:
    """The residual pairs as arrays."""

    record: npt.NDArray[np.uint32]
    nik: Levels
    row: npt.NDArray[np.int64]
    """0 where the birth dates agree, else 1."""
    stranger: Floats
    """Weight against strangers without the NIK."""
    relative: Floats
    by_nik: Bools
    """Found by a NIK block: such pairs say nothing about how often strangers' NIKs are alike."""


def nik_errors(
    world: World, tables: dict[str, Any], known: Settled, near: Family, rest: Rest
) -> NikErrors:
    """Return the NIK's errors; `tables` give the weights of everything else."""
    seen = _seen(World(world.register, world.right, model(tables)), rest)
    scale = rest.all_records / max(rest.records, 1)
    totals = _totals(world, known, near, rest)
    start = model(tables)
    far = np.stack([start.nik.date_agrees, start.nik.date_differs])
    close = np.zeros_like(far)
    errors = None
    for _ in range(ROUNDS):
        errors = _maximised(seen, _expected(seen, far, close), totals, scale)
        far = log_odds(errors.person, errors.stranger)
        close = log_odds(errors.person, errors.relative)
    assert errors is not None
    return errors


@dataclass(frozen=True)
class Totals:
    """What is known without guessing: counts of NIK levels and of pairs of strangers."""

    person: Table
    relative: Table
    strangers: npt.NDArray[np.float64]
    """Pairs of strangers of the whole register, by whether birth dates agree."""
    residual_strangers: npt.NDArray[np.float64]


def _totals(world: World, known: Settled, near: Family, rest: Rest) -> Totals:
    person = np.zeros((2, SIZE))
    person[0, NIK.at("sama")] = known.pairs.height
    row = (~date_agrees(near.levels)).astype(np.int64)
    relative = np.bincount(row * SIZE + near.levels["nik"], minlength=2 * SIZE)
    keys = world.register.keys
    return Totals(
        person,
        relative.reshape(2, SIZE).astype(np.float64),
        _strangers(keys, world.registry),
        _strangers(keys[rest.left], world.registry),
    )


def _strangers(rows: pl.DataFrame, everyone: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Return how many pairs of `rows` and `everyone` share a birth date, and how many do not."""
    dates = everyone.group_by("birth").agg(size=pl.len())
    with_nik = rows.filter(pl.col("nik12") > 0)
    dated = with_nik.filter(pl.col("birth") != NO_DATE).join(dates, on="birth")
    same = float(dated["size"].sum())
    return np.array([max(same, 1.0), max(with_nik.height * everyone.height - same, 1.0)])


def _seen(world: World, rest: Rest) -> Seen:
    task = world.task(rest.pairs)
    compared = compare(task, cheap_levels(task))
    found = weighed(task, compared)
    agrees = date_agrees(compared.levels)
    nik = compared.levels["nik"]
    return Seen(
        record=rest.pairs["left"].to_numpy(),
        nik=nik,
        row=(~agrees).astype(np.int64),
        stranger=found.stranger - found.parts["nik"],
        relative=found.relative - world.model.relatives.nik.weights(nik, agrees),
        by_nik=(rest.pairs["block"] < NIK_BLOCKS).to_numpy(),
    )


def _expected(seen: Seen, far: Table, close: Table) -> tuple[Floats, Floats, Floats]:
    """Return each candidate's chance of being the person, a relative, a stranger."""
    stranger = seen.stranger + far[seen.row, seen.nik]
    relative = seen.relative + close[seen.row, seen.nik]
    odds = np.exp2(np.clip(-np.logaddexp2(-stranger, -relative), -60, 60))
    person = odds / (1 + np.bincount(seen.record, weights=odds)[seen.record])
    other = (1 - person) / (1 + np.exp2(np.clip(relative - stranger, -60, 60)))
    return person, other, 1 - person - other


def _maximised(
    seen: Seen, chances: tuple[Floats, Floats, Floats], totals: Totals, scale: float
) -> NikErrors:
    person, relative, stranger = (scale * _table(seen, mass) for mass in chances)
    residual = totals.residual_strangers * scale
    blind = _shares(_table(seen, np.where(seen.by_nik, 0.0, chances[2])))
    for level in EXHAUSTIVE:
        blind[:, level] = (stranger[:, level] + HALF) / residual
    blind[:, NIK.at("sama")] = (stranger[:, NIK.at("sama")] + HALF) / totals.strangers
    found = person.sum() + totals.person.sum()
    records = max(totals.person.sum() + seen_records(seen) * scale, 1.0)
    return NikErrors(
        _shares(person + totals.person),
        _shares(relative + totals.relative),
        blind,
        float(np.clip(found / records, 0.01, 1.0)),
    )


def seen_records(seen: Seen) -> int:
    """Return how many records have candidates at all."""
    return len(np.unique(seen.record))


def _table(seen: Seen, mass: Floats) -> Table:
    cells = np.bincount(seen.row * SIZE + seen.nik, weights=mass, minlength=2 * SIZE)
    return np.asarray(cells.reshape(2, SIZE))


def _shares(counts: Table) -> Table:
    known = counts + HALF
    known[:, 0] = 0.0
    return np.asarray(known / known.sum(axis=1, keepdims=True))
