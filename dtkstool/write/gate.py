"""The gate: whether what was found is good enough, and why not.

It is the report that a program reads: an exit code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dtkstool.frames import SEVERITY
from dtkstool.write.findings import affected

CLEAN, GATE_FAILED, COULD_NOT_RUN = 0, 1, 2
NEVER = "never"


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


def judge(findings: pl.DataFrame, limits: Limits, records: int) -> Verdict:
    """Return the gate's verdict on `frames.FINDINGS` over `records` checked rows.

    A finding on a whole column or file is no row, so it fails the gate whatever the share allowed.
    Zero records are never a success.
    """
    if records == 0:
        return Verdict(COULD_NOT_RUN)
    if limits.fail_on == NEVER:
        return Verdict(CLEAN)
    own = pl.col("code").is_in(list(limits.max_rates))
    common = findings.filter(~own & (pl.col("severity") >= pl.lit(limits.fail_on, SEVERITY)))
    breaches = (*whole(common), *rows(common, limits.max_rate or 0.0, records))
    for code, allowed in limits.max_rates.items():
        of_rule = findings.filter(code=code)
        breaches += (*whole(of_rule), *rows(of_rule, allowed, records, code))
    return Verdict(GATE_FAILED if breaches else CLEAN, breaches)


def whole(failing: pl.DataFrame) -> tuple[Breach, ...]:
    """Return a breach for each rule that found fault with a whole column or file."""
    codes = failing.filter(pl.col("row").is_null())["code"].unique(maintain_order=True)
    return tuple(Breach(0, 1.0, 0.0, code) for code in codes)


def rows(failing: pl.DataFrame, allowed: float, records: int, code: str = "") -> tuple[Breach, ...]:
    """Return a breach if more rows fail than the allowed share."""
    count = affected(failing)
    return (Breach(count, count / records, allowed, code),) if count > allowed * records else ()
