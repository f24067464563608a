"""From scored pairs to one verdict a record: best candidate, margin, probability, band."""

import polars as pl

from dtkstool.frames import LINKS
from dtkstool.link.comparisons import COMPARISONS, NAMA, NIK
from dtkstool.link.weights import Model

ALONE = 60.0
"""The margin, in bits, of a candidate without a runner-up."""


def ranked(scored: pl.DataFrame, owner: pl.Series) -> pl.DataFrame:
    """Return each record's candidates, best first: one row per record and person.

    `owner` gives the record of each left row: a record with an alias has two rows there. Adds
    record, person, rank (1 the best), and drops the weaker of two pairs for one person.
    """
    return (
        scored.with_columns(record=pl.Series(owner.gather(scored["left"])), person="right")
        .sort(["record", "weight", "person"], descending=[False, True, False])
        .unique(["record", "person"], keep="first", maintain_order=True)
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("record"))
    )


def verdicts(candidates: pl.DataFrame, model: Model, *, keep: int = 1) -> pl.DataFrame:
    """Return each record's `keep` best candidates with probability, margin, reason and verdict.

    The probability weighs one candidate against every other and against there being none:
    2^w / (1 + Σ 2^w). The margin is to the strongest other. Two near-equal candidates are never
    automatic, and only the best can be.
    """
    strength = 2.0 ** pl.col("weight").clip(-60, 60)
    best = pl.col("weight").max().over("record")
    second = pl.col("weight").filter(pl.col("rank") == 2).first().over("record")
    other = pl.when(pl.col("rank") == 1).then(second).otherwise(best)
    others = pl.col("rank") > 1
    named = (pl.col("named") & others).any().over("record")
    unnamed = pl.col("level_nama") > NAMA.at("sebagian")
    rival = (pl.col("claimed") & others).any().over("record") | (named & unnamed)
    reason = _reason(model)
    same_nik = pl.col("level_nik") == NIK.at("sama")
    verdict = (
        pl.when((pl.col("reason") == "accepted") & same_nik).then(pl.lit("padan"))
        .when(pl.col("reason") == "accepted").then(pl.lit("padan_perbaikan"))
        .otherwise(pl.lit("tinjau"))
    )  # fmt: skip
    return (
        candidates.with_columns(
            probability=strength / (1 + strength.sum().over("record")),
            margin=(pl.col("weight") - other).fill_null(ALONE),
            rival=rival,
        )
        .filter(pl.col("rank") <= keep)
        .with_columns(reason=reason)
        .with_columns(verdict=verdict.cast(LINKS["verdict"]))
    )


def _reason(model: Model) -> pl.Expr:
    """Return `accepted`, or the first thing that keeps a candidate from an automatic link."""
    weight = pl.col("weight")
    vetoed = ~pl.col("linkable") & ~(pl.col("strict") & (weight >= model.strict))
    return (
        pl.when(weight < model.review).then(pl.lit("hopeless"))
        .when(pl.col("rank") > 1).then(pl.lit("beaten"))
        .when(weight < model.automatic).then(pl.lit("weak"))
        .when(vetoed).then(pl.lit("vetoed"))
        .when(pl.col("margin") < model.margin).then(pl.lit("close"))
        .when(pl.col("rival")).then(pl.lit("claimed"))
        .otherwise(pl.lit("accepted"))
    )  # fmt: skip


def named_levels(links: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with each `level_*` as the level's name instead of its index."""
    return links.with_columns(
        pl.col(f"level_{c.name}").replace_strict(
            list(range(len(c.levels))), c.levels, return_dtype=pl.Enum(c.levels)
        )
        for c in COMPARISONS
    )
