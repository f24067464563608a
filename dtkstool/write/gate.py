"""The gate: whether what was found is good enough, and why not.

It is the report that a program reads: an exit code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dtkstool.frames import SEVERITY
from dtkstool.write.findings import affected
from dtkstool.write.pieces import Findings, pieces_of

CLEAN, GATE_FAILED, COULD_NOT_RUN = 0, 1, 2
NEVER = "never"
_JUDGED = ("code", "severity", "row")


@dataclass(frozen=True)
class Limits:
    """What may be found before the gate fails; shares are 0–1 of the rows checked."""

    fail_on: str = "galat"
    """The severity from which findings fail the gate, or `never`."""
    max_rate: float | None = None
    """The share of rows that may have such findings; None allows no row."""
    max_rates: Mapping[str, float] = field(default_factory=dict)
    """Rules with a share of their own, by code. Such a rule fails the gate when more rows than
    that break it, whatever its severity, and counts for nothing in `max_rate`."""


@dataclass(frozen=True)
class Breach:
    """One reason why the gate failed."""

    rows: int
    """Rows with such findings; 0 for findings on whole columns or files."""
    share: float
    allowed: float
    code: str = ""
    """The rule that has a limit of its own, or that found fault with a whole column or file."""


@dataclass(frozen=True)
class Verdict:
    """What the gate says: its exit code, and every reason for failing."""

    code: int
    breaches: tuple[Breach, ...] = ()


def judge(findings: Findings, limits: Limits, records: int) -> Verdict:
    """Return the gate's verdict on `frames.FINDINGS` over `records` checked rows.

    A finding on a whole column or file is no row, so it fails the gate whatever the share allowed.
    Zero records are never a success.
    """
    if records == 0:
        return Verdict(COULD_NOT_RUN)
    if limits.fail_on == NEVER:
        return Verdict(CLEAN)
    own = pl.col("code").is_in(list(limits.max_rates))
    common = ~own & (pl.col("severity") >= pl.lit(limits.fail_on, SEVERITY))
    breaches = [
        *whole(findings, common),
        *rows(affected(findings, common), limits.max_rate or 0.0, records),
    ]
    for code, allowed in limits.max_rates.items():
        of_rule = pl.col("code") == code
        breaches += whole(findings, of_rule)
        breaches += rows(affected(findings, of_rule), allowed, records, code)
    return Verdict(GATE_FAILED if breaches else CLEAN, tuple(breaches))


def whole(findings: Findings, failing: pl.Expr) -> tuple[Breach, ...]:
    """Return a breach for each rule that found fault with a whole column or file."""
    wanted = failing & pl.col("row").is_null()
    parts = (piece.filter(wanted)["code"] for piece in pieces_of(findings, _JUDGED))
    codes = pl.concat(parts).unique(maintain_order=True)
    return tuple(Breach(0, 1.0, 0.0, code) for code in codes)


def rows(count: int, allowed: float, records: int, code: str = "") -> tuple[Breach, ...]:
    """Return a breach if more rows fail than the allowed share."""
    return (Breach(count, count / records, allowed, code),) if count > allowed * records else ()
