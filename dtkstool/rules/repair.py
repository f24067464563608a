"""What the rules with a certain repair would write, cell by cell."""

from collections.abc import Iterable

import polars as pl

from dtkstool.rules.rule import Rule

REPAIRED = {
    "record": pl.UInt32(),
    "field": pl.String(),
    "old": pl.String(),  # as typed
    "new": pl.String(),
    "codes": pl.String(),  # comma-separated, in the order they were applied
}
"""One row per cell that changes."""


def repairs(df: pl.DataFrame, rules: Iterable[Rule]) -> pl.DataFrame:
    """Return `REPAIRED` for the records of `with_evidence` that break a rule with `repairs`.

    One rule after the other, each on what the ones before it left: a cell may need several. Done on
    its own result this gives nothing.
    """
    made = []
    for rule in rules:
        assert rule.violated is not None
        for field, repair in rule.repairs.items():
            typed = f"{field}_asal"
            new = df.select(pl.when(rule.violated).then(repair).alias("new"))["new"]
            changed = ((new != df[typed]) & new.is_not_null()).fill_null(False)
            if changed.any():
                cells = df.filter(changed).select("record", old=typed, new=new.filter(changed))
                made.append(cells.with_columns(field=pl.lit(field), codes=pl.lit(rule.code)))
                df = df.with_columns(pl.when(changed).then(new).otherwise(typed).alias(typed))
    if not made:
        return pl.DataFrame(schema=REPAIRED)
    by_cell = pl.concat(made).group_by("record", "field", maintain_order=True)
    cells = by_cell.agg(pl.first("old"), pl.last("new"), pl.col("codes").str.join(","))
    return cells.select(REPAIRED.keys()).sort("record", maintain_order=True)


def repaired(records: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the records with the cells of `REPAIRED` as they become; a repaired cell is text."""
    for (field,), of_field in cells.group_by("field", maintain_order=True):
        new = of_field.select("record", _new="new")
        typed = f"{field}_asal"
        records = (
            records.join(new, on="record", how="left", maintain_order="left")
            .with_columns(pl.coalesce("_new", typed).alias(typed))
            .drop("_new")
        )
    return records
