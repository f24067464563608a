"""Findings for people and programs: how many of what, and each of them in the asked form.

Whether an outcome is good enough is decided here too (`gate`), since it is the third way of
reporting: by exit code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from dtkstool.frames import SEVERITY
from dtkstool.masking import mask_cell, mask_sentence
from dtkstool.messages import Language

PLACE = ("source_file", "sheet", "row")
CLEAN, GATE_FAILED, COULD_NOT_RUN = 0, 1, 2


@dataclass(frozen=True)
class Outcome:
    """What a validation found, ready to be reported."""

    findings: pl.DataFrame
    """`frames.FINDINGS`."""
    records: Mapping[str, int]
    """Rows checked by source file, also of files without findings."""
    lang: Language = "id"

    @property
    def total(self) -> int:
        """Rows checked."""
        return sum(self.records.values())


def masked(outcome: Outcome) -> Outcome:
    """Return the outcome with every personal value masked, and without record ids.

    A file's name is shown: it is what people look a finding up by.
    """
    field = pl.col("column")
    return replace(
        outcome,
        findings=outcome.findings.with_columns(
            mask_cell(pl.col("value"), field),
            mask_cell(pl.col("suggestion"), field),
            mask_sentence(pl.col("message")),
            pl.lit(None, pl.String).alias("record_id"),
            pl.lit(None, pl.String).alias("id_dtks"),
        ),
    )


def affected(findings: pl.DataFrame) -> int:
    """Return how many rows have a finding; findings on a column or file count for none."""
    return findings.filter(pl.col("row").is_not_null()).select(PLACE).n_unique()


def by_rule(outcome: Outcome) -> pl.DataFrame:
    """Return one row per code found, most severe and most frequent first.

    Columns: code, severity, count (findings), affected (rows), share (0–1 of the rows checked).
    """
    rows = pl.struct(PLACE).filter(pl.col("row").is_not_null()).n_unique()
    return (
        outcome.findings.group_by("code", "severity")
        .agg(pl.len().alias("count"), rows.alias("affected"))
        .with_columns((pl.col("affected") / max(outcome.total, 1)).round(6).alias("share"))
        .sort("severity", "count", "code", descending=[True, True, False])
    )


def by_file(outcome: Outcome) -> pl.DataFrame:
    """Return one row per file, in the order given, files without findings among them.

    Columns: source_file, records, one count per severity, affected (rows), share (0–1).
    """
    files = pl.DataFrame(
        {"source_file": list(outcome.records), "records": list(outcome.records.values())},
        schema={"source_file": pl.String, "records": pl.Int64},
    )
    rows = pl.struct(PLACE).filter(pl.col("row").is_not_null()).n_unique()
    counts = outcome.findings.group_by("source_file").agg(
        *((pl.col("severity") == name).sum().alias(name) for name in SEVERITY.categories),
        rows.alias("affected"),
    )
    share = (pl.col("affected") / pl.col("records").clip(1)).round(6).alias("share")
    joined = files.join(counts, on="source_file", how="full", coalesce=True, maintain_order="left")
    return joined.with_columns(pl.exclude("source_file").fill_null(0)).with_columns(share)


def gate(
    findings: pl.DataFrame, *, fail_on: str, max_rate: float | None = None, records: int
) -> int:
    """Return the exit code: 0 clean, 1 the gate failed, 2 there was nothing to judge.

    `fail_on` is a severity, or `never`. With `max_rate` (0–1) rows may fail up to that share of
    `records`; a finding on a whole column or file is no row, so it fails the gate whatever the
    share. Zero records are never a success.
    """
    if records == 0:
        return COULD_NOT_RUN
    if fail_on == "never":
        return CLEAN
    failing = findings.filter(pl.col("severity") >= pl.lit(fail_on, SEVERITY))
    whole = failing.filter(pl.col("row").is_null()).height
    allowed = 0 if max_rate is None else max_rate * records
    return GATE_FAILED if whole or affected(failing) > allowed else CLEAN
