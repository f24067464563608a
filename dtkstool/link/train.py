"""A model file from data: counted levels, the NIK's errors by EM, and cuts that keep a promise."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.errors import UnusableInput
from dtkstool.link import comparisons as c
from dtkstool.link.blocking import BLOCKS, candidates
from dtkstool.link.comparisons import COMPARISONS, NIK
from dtkstool.link.counting import (
    Family,
    Settled,
    World,
    family,
    settled,
    shares,
    stranger_shares,
)
from dtkstool.link.keys import Dictionaries, extended
from dtkstool.link.matching import People, people
from dtkstool.link.nik_errors import nik_errors, residual
from dtkstool.link.niks import OWNER_NOKK
from dtkstool.link.resolve import ranked, verdicts
from dtkstool.link.score import Everyone, score
from dtkstool.link.weights import VERSION, model

RANDOM_PAIRS = 2_000_000
SAMPLE = 100_000
"""Records that training looks at; more would hardly move a weight."""
LEAST_SETTLED = 500
"""Records that carry their own truth from which a weight can be learned: what one in fifty shows is
then seen ten times; fewer tell chance."""
LEAST = 1e-4
"""The smallest chance of a level among strangers that random pairs can show."""
EXACT = {
    "nama": ("sama",),
    "tanggal_lahir": ("sama", "sama_baku"),
    "nokk": ("sama",),
    "nama_ibu": ("sama",),
    "tempat_lahir": ("sama",),
}
"""Levels whose chance among strangers is the frequency of the value itself."""
RARE = 2e-3
"""The smallest share of a level among records of one person: other registers are dirtier."""
ABSENT = 0.03
"""Share of records whose person is not in the registry, until training has found it."""
AWAY = ("kecamatan", "beda")
"""Levels of No KK and place that a move changes together."""
TOGETHER = 4.0
"""No more bits than this are given back for a move."""
MOST = 16.0
"""No pair of name and birth date says more bits than this against a relative."""
PRECISION = 0.9998
SAFETY = 2.0
"""The automatic cut leaves room for this many times the false links the model itself expects."""
STRICTER = 6.0
"""Bits more than the automatic cut that a pair with a veto needs: 64 times the evidence."""
AUTOMATIC = ("padan", "padan_perbaikan")
CUTS = np.arange(6.0, 20.25, 0.25)
"""Automatic cuts to choose from: at the lowest, a single link is wrong once in 64."""
HIDDEN = 10_000

Tables = dict[str, Any]


def train(
    records: pl.DataFrame,
    registry: pl.DataFrame,
    words: Dictionaries,
    start: Tables,
    *,
    seed: int = 1,
    precision: float = PRECISION,
    random_pairs: int = RANDOM_PAIRS,
) -> Tables:
    """Return the tables of the model that `records` (as for `match`) and `registry` show.

    `start` is a model file's tables: its slopes, caps, per-token weights, review cut and margin
    stay, its bits are replaced. The same inputs and seed give the same model. UnusableInput when
    fewer than `LEAST_SETTLED` records carry their own truth.
    """
    rng = np.random.default_rng(seed)
    sampled = records.sample(min(SAMPLE, records.height), seed=seed).sort("record")
    words = extended(words, sampled.select("nama_folk", "nama_ibu_folk", "tempat_lahir"))
    world = World(
        people(sampled, words).looked_up(registry), Everyone.of(registry, words), model(start)
    )
    known = settled(world)
    if known.pairs.height < LEAST_SETTLED:
        raise UnusableInput("train_few", count=known.pairs.height, needed=LEAST_SETTLED)
    near = family(world, known)
    strangers = stranger_shares(world, random_pairs, rng)
    tables = {**start, **_ladders(start, known, strangers)}
    tables["keluarga"] = _relatives(known, near, start)
    tables["pindah"] = _moved(known)
    rest = residual(world, known)
    errors = nik_errors(world, tables, known, near, rest)
    tables = {**tables, **errors.tables(tables, near)}
    tables["automatic"] = automatic_cut(world, tables, precision)
    tables["strict"] = tables["automatic"] + STRICTER
    tables["lost"] = lost_share(world, tables, known)
    made_from = {
        "records": records.height,
        "sampled": sampled.height,
        "persons": registry.height,
        "settled": known.pairs.height,
        "relatives": near.pairs.height,
        "random_pairs": random_pairs,
        "residual_records": rest.records,
        "residual_pairs": rest.pairs.height,
        "seed": seed,
        "precision_target": precision,
    }
    return _rounded({**tables, "version": VERSION, "made_from": made_from})


def _ladders(
    start: Tables, known: Settled, strangers: dict[str, npt.NDArray[np.float64]]
) -> Tables:
    return {
        comparison.name: {
            level: _level(start[comparison.name][level], comparison, k, known, strangers)
            for k, level in enumerate(comparison.levels)
        }
        for comparison in COMPARISONS
        if comparison is not NIK
    }


def _level(
    before: Tables,
    comparison: c.Comparison,
    k: int,
    known: Settled,
    strangers: dict[str, npt.NDArray[np.float64]],
) -> Tables:
    """Return a level's entry: m and u as counted, and bits = log2(m/u)."""
    if k == 0:
        return {**before, "bits": 0.0}
    level, m = comparison.levels[k], known.m[comparison.name]
    agreed = float(m[k])
    u = max(float(strangers[comparison.name][k]), LEAST)
    if level in EXACT.get(comparison.name, ()):
        agreed, u = float(m[1]), 1.0
    if comparison is c.LAHIR and level in EXACT["tanggal_lahir"]:
        whole = float(m[1] + m[2])
        agreed = known.placeholder if level == "sama_baku" else whole
    return {**before, "m": agreed, "u": u, "bits": float(np.log2(max(agreed, RARE) / u))}


def _moved(known: Settled) -> Tables:
    """Return the bits by which No KK and place fail together oftener than each alone would."""
    shares_ = known.moved
    apart = np.outer(shares_.sum(axis=1), shares_.sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.clip(np.nan_to_num(np.log2(shares_ / apart)), 0.0, TOGETHER)
    away = np.outer(np.isin(c.NOKK.levels, AWAY), np.isin(c.TEMPAT.levels, AWAY))
    bits = np.where(away, bits, 0.0)
    return {
        level: dict(zip(c.TEMPAT.levels, map(float, bits[k]), strict=True))
        for k, level in enumerate(c.NOKK.levels)
    }


def _relatives(known: Settled, near: Family, start: Tables) -> Tables:
    """Return the weights against relatives; rows or columns of unknown hold the other's alone."""
    joint = near.nama_lahir()
    name, date = (np.maximum(known.m[k], RARE) for k in ("nama", "tanggal_lahir"))
    own = np.outer(name, date)
    own[:, 0], own[0, :] = name, date
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.nan_to_num(np.log2(own / joint), nan=0.0, posinf=0.0, neginf=0.0)
    bits = np.clip(bits, -MOST, MOST)
    sex = shares(near.levels["jenis_kelamin"], len(c.JK.levels))
    ratio = known.m["jenis_kelamin"][1:] / sex[1:]
    return {
        "prior": near.prior(ABSENT),
        "nama_lahir": {
            level: dict(zip(c.LAHIR.levels, map(float, bits[k]), strict=True))
            for k, level in enumerate(c.NAMA.levels)
        },
        "jenis_kelamin": dict(zip(c.JK.levels, [0.0, *map(float, np.log2(ratio))], strict=True)),
        "nik": start["keluarga"]["nik"],
    }


def automatic_cut(world: World, tables: Tables, precision: float) -> float:
    """Return the lowest cut at which the model expects `precision` with room to spare.

    The false links it expects among those above the cut are Σ(1 − probability).
    """
    judged = model({**tables, "automatic": float(CUTS[0])})
    found = candidates(world.register.keys, world.registry, BLOCKS)
    pairs = score(World(world.register, world.right, judged).task(found.pairs))
    best = verdicts(ranked(pairs, world.register.owner), judged)
    best = best.filter(pl.col("verdict").cast(pl.String).is_in(AUTOMATIC))
    weight, wrong = best["weight"].to_numpy(), 1 - best["probability"].to_numpy()
    allowed = (1 - precision) / SAFETY
    for cut in CUTS:
        above = weight >= cut
        if wrong[above].sum() <= allowed * max(int(above.sum()), 1):
            return float(cut)
    return float(CUTS[-1])


def lost_share(world: World, tables: Tables, known: Settled) -> float:
    """Return how many settled persons are not found when the NIK is hidden.

    That is what happens to records whose own NIK is of no use, and whom nobody can count.
    """
    some = known.pairs.sample(min(HIDDEN, known.pairs.height), seed=0).sort("left")
    rows = some["left"]
    keys = world.register.keys[rows]
    niks = [name for name in keys.columns if name.startswith("nik") or name == OWNER_NOKK]
    hidden = People(
        keys.with_columns(pl.lit(0).cast(keys.schema[name]).alias(name) for name in niks),
        pl.Series([None] * len(rows), dtype=pl.String),
        world.register.damaged.gather(rows),
        pl.Series(range(len(rows)), dtype=pl.UInt32),
    )
    blind = World(hidden, world.right, model(tables))
    pairs = candidates(hidden.keys, world.registry).pairs
    best = ranked(score(blind.task(pairs)), hidden.owner).filter(pl.col("rank") == 1)
    right = (pl.Series(some["right"].gather(best["record"])) == best["person"]).sum()
    return 1 - (int(right) + 0.5) / (len(rows) + 1)


def pooled(several: list[Tables]) -> Tables:
    """Return the mean of models, number by number, with the strictest of their cuts."""
    first = several[0]
    cuts = {name: max(t[name] for t in several) for name in ("automatic", "strict")}
    made_from = [t["made_from"] for t in several]
    made_from = [m for part in made_from for m in (part if isinstance(part, list) else [part])]
    body = [{k: v for k, v in t.items() if k not in ("note", "made_from")} for t in several]
    return _rounded({**first, **_mean(body), **cuts, "version": VERSION, "made_from": made_from})


def _mean(values: list[Any]) -> Any:
    if isinstance(values[0], dict):
        return {key: _mean([value[key] for value in values]) for key in values[0]}
    if isinstance(values[0], list):
        return [_mean(list(row)) for row in zip(*values, strict=True)]
    return sum(values) / len(values)


def _rounded(value: Tables) -> Tables:
    """Return the tables with numbers of four significant digits: more were never counted."""

    def short(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: short(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [short(inner) for inner in part]
        return float(f"{part:.4g}") if isinstance(part, float) else part

    return {key: short(part) for key, part in value.items()}
