"""The engine of damage: kinds of fault as values, drawn per cell, applied to whole columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.settings import Rates

Slip = Callable[[np.random.Generator, pl.DataFrame], pl.Series]
Floats = npt.NDArray[np.float64]

LOG = {"record": pl.UInt32, "column": pl.String, "fault": pl.String}


@dataclass(frozen=True)
class Fault:
    """One kind of damage to one column."""

    name: str
    """Its class, and its rate's name in `settings.FAULT_RATES`."""
    column: str
    apply: Slip
    """Rows to be damaged → the column's new cells; an unchanged cell was not damaged after all."""


def _drawn(
    rng: np.random.Generator, filth: Floats, rates: Sequence[float]
) -> npt.NDArray[np.int64]:
    """Return per row the number of the fault that hits it; `len(rates)` = none."""
    total = np.cumsum(rates)
    luck = rng.random(len(filth)) / np.maximum(filth, 1e-9)
    return np.searchsorted(total, luck, side="right")


def replaced(column: pl.Series, at: npt.NDArray[np.int64], values: pl.Series) -> pl.Series:
    """Return a column with `values` at positions `at`."""
    return column.clone().scatter(at, values.cast(column.dtype))


def hit(
    rng: np.random.Generator, rows: pl.DataFrame, fault: Fault, at: npt.NDArray[np.int64]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with one fault applied at positions `at`, and the log of changed cells."""
    before = rows[fault.column].gather(at)
    after = fault.apply(rng, rows[at]).cast(before.dtype)
    changed = np.flatnonzero(after.ne_missing(before).to_numpy())
    where = at[changed]
    column = replaced(rows[fault.column], where, after.gather(changed)).alias(fault.column)
    log = pl.DataFrame({"record": rows["record"].gather(where)}).with_columns(
        column=pl.lit(fault.column), fault=pl.lit(fault.name)
    )
    return rows.with_columns(column), log.cast(LOG)  # type: ignore[arg-type]


def damage(
    rng: np.random.Generator,
    rows: pl.DataFrame,
    faults: Sequence[Fault],
    rates: Rates,
    filth: Floats,
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return the rows with each column damaged at most once per row, and the logs.

    `filth` multiplies the rates row by row.
    """
    logs = []
    for column in dict.fromkeys(fault.column for fault in faults):
        mine = [fault for fault in faults if fault.column == column]
        drawn = _drawn(rng, filth, [rates.fault(fault.name) for fault in mine])
        for number, fault in enumerate(mine):
            at = np.flatnonzero(drawn == number)
            if len(at):
                rows, log = hit(rng, rows, fault, at)
                logs.append(log)
    return rows, logs
