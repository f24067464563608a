"""Records too poor to link to anyone: not even a perfect candidate would be sure enough."""

from dataclasses import replace

import polars as pl

from dtkstool.link.comparisons import Side
from dtkstool.link.rarity import counted_among
from dtkstool.link.score import Everyone, Task, cheap_levels, compare, vetoes, weighed
from dtkstool.link.weights import Model


def poor(keys: pl.DataFrame, side: Side, right: Everyone, model: Model) -> pl.Series:
    """Return, per row of `keys`, whether nobody could reach the automatic cut.

    The perfect candidate of a record is a person of whom the registry says exactly what the record
    says; how much that weighs depends on what the record says at all, and how rare it is.
    """
    row = pl.int_range(keys.height, dtype=pl.UInt32, eager=True)
    pairs = pl.DataFrame({"left": row, "right": row})
    itself = replace(right, side=Side.of(counted_among(keys, right.keys), side.digits))
    task = Task(pairs, side, itself, model)
    compared = compare(task, cheap_levels(task))
    weight, allowed = weighed(task, compared).weight, vetoes(compared.levels)
    enough = (allowed.linkable & (weight >= model.automatic)) | (
        allowed.strict & (weight >= model.strict)
    )
    return pl.Series("poor", ~enough)
