"""Findings for people and programs: what was found, counted and masked for showing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from dtkstool.frames import SEVERITY
from dtkstool.masking import mask_cell, mask_sentence
from dtkstool.messages import Language, message
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.rule import Rule
from dtkstool.write.pieces import Findings, first, pieces_of, summed

PLACE = ("source_file", "sheet", "row")
SEVERITIES = ("info", "peringatan", "galat", "fatal")
"""From harmless to severe, as in `frames.SEVERITY`."""
JUDGING = tuple(rule for rule in RULES if rule.scope != "registry")
"""The rules that need nothing but the register."""


@dataclass(frozen=True)
class Outcome:
    """What a validation found, ready to be reported."""

    findings: Findings
    """`frames.FINDINGS`, in pieces where they are too many to be held."""
    records: Mapping[str, int]
    """Rows checked by source file, also of files without findings."""
    lang: Language = "id"
    rules: tuple[Rule, ...] = JUDGING
    """The rules judged by, also those that nothing broke."""
    fail_on: str = "galat"
    """The severity from which a finding fails the gate, or `never`."""
    profiles: Mapping[str, str] = field(default_factory=dict)
    """The kind of each file, by its name; empty where nobody asked."""
    unmasked: bool = False
    """Whether `shown` gives personal values whole."""

    @property
    def total(self) -> int:
        """Rows checked."""
        return sum(self.records.values())

    @cached_property
    def catalogue(self) -> dict[str, Rule]:
        """The rules judged by, by code."""
        return {rule.code: rule for rule in self.rules}

    def worst(self, count: int, by: Sequence[str] = ()) -> pl.DataFrame:
        """Return the most severe findings (of each `by`), else in the order found."""
        return first(self.findings, count, by, worst=True)

    def shown(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return findings as they may be shown; whatever a form prints of a cell goes through it.

        Forms cut down to what they print first: masking costs more than counting.
        """
        return findings if self.unmasked else masked(findings)

    def fails(self, severity: str) -> bool:
        """Return whether a finding of this severity may fail the gate."""
        return self.fail_on != "never" and (
            SEVERITIES.index(severity) >= SEVERITIES.index(self.fail_on)
        )

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the page `findings` in the outcome's language."""
        return message(f"findings.{key}", self.lang, **values)


def masked(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with every personal value masked, and without record ids.

    A file's name is shown: it is what people look a finding up by.
    """
    field = pl.col("column")
    return findings.with_columns(
        mask_cell(pl.col("value"), field),
        mask_cell(pl.col("suggestion"), field),
        mask_sentence(pl.col("message")),
        pl.lit(None, pl.String).alias("record_id"),
        pl.lit(None, pl.String).alias("id_dtks"),
    )


def affected(findings: Findings, which: pl.Expr | None = None) -> int:
    """Return how many rows have a finding (of those asked for); on columns and files none has."""
    read = (*PLACE, *(which.meta.root_names() if which is not None else ()))
    on_row = pl.col("row").is_not_null()
    wanted = on_row if which is None else on_row & which
    pieces = pieces_of(findings, list(dict.fromkeys(read)))
    return sum(piece.filter(wanted).select(PLACE).n_unique() for piece in pieces)


def by_rule(outcome: Outcome) -> pl.DataFrame:
    """Return one row per code found, most severe and most frequent first.

    Columns: code, severity, count (findings), affected (rows), share (0–1 of the rows checked).
    """
    rows = pl.struct(PLACE).filter(pl.col("row").is_not_null()).n_unique()
    return (
        summed(outcome.findings, ("code", "severity"), count=pl.len(), affected=rows)
        .with_columns((pl.col("affected") / max(outcome.total, 1)).round(6).alias("share"))
        .sort("severity", "count", "code", descending=[True, True, False])
    )


def by_file(outcome: Outcome) -> pl.DataFrame:
    """Return one row per file, in the order given, files without findings among them.

    Columns: source_file, records, one count per severity, affected (rows), share (0–1), and
    `profile` where the files' kinds are known.
    """
    files = pl.DataFrame(
        {"source_file": list(outcome.records), "records": list(outcome.records.values())},
        schema={"source_file": pl.String, "records": pl.Int64},
    )
    rows = pl.struct(PLACE).filter(pl.col("row").is_not_null()).n_unique()
    counts = summed(
        outcome.findings,
        ("source_file",),
        **{name: (pl.col("severity") == name).sum() for name in SEVERITY.categories},
        affected=rows,
    )
    share = (pl.col("affected") / pl.col("records").clip(1)).round(6).alias("share")
    joined = files.join(counts, on="source_file", how="full", coalesce=True, maintain_order="left")
    counted = joined.with_columns(pl.exclude("source_file").fill_null(0)).with_columns(share)
    if not outcome.profiles:
        return counted
    kinds = {"source_file": list(outcome.profiles), "profile": list(outcome.profiles.values())}
    return counted.join(
        pl.DataFrame(kinds), on="source_file", how="left", maintain_order="left"
    ).with_columns(pl.col("profile").fill_null(""))
