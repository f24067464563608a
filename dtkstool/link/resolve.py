"""From scored pairs to one verdict a record: best candidate, margin, probability, band."""

import polars as pl

from dtkstool.frames import LINKS
from dtkstool.link.comparisons import COMPARISONS, NIK
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


def verdicts(candidates: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Return each record's best candidate with probability, margin and verdict.

    The probability weighs the best against every other candidate and against there being none:
    2^w / (1 + Σ 2^w). Two near-equal candidates are never automatic.
    """
    strength = (2.0 ** pl.col("weight").clip(-60, 60)).sum().over("record")
    runner_up = pl.col("weight").filter(pl.col("rank") == 2).first().over("record")
    margin = (pl.col("weight") - runner_up).fill_null(ALONE)
    rival = (pl.col("claimed") & (pl.col("rank") > 1)).any().over("record")
    automatic = (
        pl.col("linkable")
        & ~pl.col("rival")
        & (pl.col("weight") >= model.automatic)
        & (pl.col("margin") >= model.margin)
    )
    same_nik = pl.col("level_nik") == NIK.at("sama")
    verdict = (
        pl.when(automatic & same_nik).then(pl.lit("padan"))
        .when(automatic).then(pl.lit("padan_perbaikan"))
        .otherwise(pl.lit("tinjau"))
    )  # fmt: skip
    return (
        candidates.with_columns(
            probability=2.0 ** pl.col("weight").clip(-60, 60) / (1 + strength),
            margin=margin,
            rival=rival,
        )
        .filter(pl.col("rank") == 1)
        .with_columns(verdict=verdict.cast(LINKS["verdict"]))
    )


def named_levels(links: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with each `level_*` as the level's name instead of its index."""
    return links.with_columns(
        pl.col(f"level_{c.name}").replace_strict(
            list(range(len(c.levels))), c.levels, return_dtype=pl.Enum(c.levels)
        )
        for c in COMPARISONS
    )
