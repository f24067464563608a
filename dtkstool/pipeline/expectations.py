"""Whether a month's inputs look like a month's inputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.config.month import Expectations
from dtkstool.ledger.months import Known
from dtkstool.messages import Language, message
from dtkstool.pipeline.register import Register
from dtkstool.registry import Registry
from dtkstool.rules.expected import of_today

LIVELY = 12
"""Births and events that the last weeks of an extract have at least; the middle one of them is
its last day, so that single typing errors do not make it younger."""
QUIET_DAYS = 60
NAMED = 3
"""Files that a warning names before it only counts."""


@dataclass(frozen=True)
class Warned:
    """Something odd about the inputs; its sentence is `ledger.warning.<key>`."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Language) -> str:
        """Return the warning as a sentence."""
        return message(f"ledger.warning.{self.key}", lang, **self.values)


def warnings(
    register: Register,
    registry: Registry,
    inputs: list[dict[str, str | int]],
    before: Known | None,
    *,
    expect: Expectations,
    today: date,
) -> list[Warned]:
    """Return what is odd about a month's inputs; nothing to compare with gives no warning.

    `inputs` has file and sha256 of each input; `before` is the month before, if the ledger knows.
    """
    return [
        *_elsewhere(register.cleaned, expect.kabupaten or str(registry.meta["home"])),
        *_old(registry, expect, today),
        *_unreadable(register),
        *_compared(register.cleaned.height, inputs, before, expect.max_drop),
    ]


def _elsewhere(records: pl.DataFrame, expected: str) -> Iterator[Warned]:
    """Warn when most records with a known kabupaten are of another one than expected."""
    counted = records["kode_kabupaten"].drop_nulls().value_counts(sort=True)
    if not expected or counted.is_empty():
        return
    (today,) = of_today([expected])
    at_home = counted.filter(pl.col("kode_kabupaten") == today)["count"].sum()
    found, _ = counted.sort("count", "kode_kabupaten", descending=[True, False]).row(0)
    if 2 * at_home < counted["count"].sum():
        yield Warned("kabupaten", {"expected": expected, "found": found})


def _old(registry: Registry, expect: Expectations, today: date) -> Iterator[Warned]:
    """Warn when the registry's extracts were taken too long before `today`; says who says so."""
    if not expect.registry_days:
        return
    known = {"registry_old_config": expect.registry_date, "registry_old_dates": None}
    if not expect.registry_date:
        known["registry_old_dates"] = last_date(registry.folder, today)
    built = date.fromtimestamp((registry.folder / "registry.json").stat().st_mtime)
    key, taken = next(((k, day) for k, day in known.items() if day), ("registry_old", built))
    age = (today - taken).days
    if age > expect.registry_days:
        values = {"days": age, "allowed": expect.registry_days, "taken": f"{taken:%d-%m-%Y}"}
        yield Warned(key, values)


def last_date(folder: Path, today: date) -> date | None:
    """Return the last day from which a registry has births or events; None if that says nothing.

    An extract goes on to the day it was taken: births, deaths and moves come every few days. Last
    dates that stand alone are typing errors; one whose dates all do is small and tells nothing.
    """
    scan = pl.scan_parquet(folder / "persons.parquet")
    columns = [scan.select(day=name) for name in ("tanggal_lahir", "status_tanggal")]
    days = pl.concat(columns).filter(pl.col("day") <= today).collect()["day"].drop_nulls()
    last = days.top_k(4 * LIVELY).sort(descending=True).to_frame("day")
    dense = pl.col("day") - pl.col("day").shift(1 - LIVELY) <= pl.duration(days=QUIET_DAYS)
    middle = last.select(pl.col("day").shift(-(LIVELY // 2)).filter(dense).first())
    found: date | None = middle.item()
    return found


def _unreadable(register: Register) -> Iterator[Warned]:
    if register.read.failures:
        yield Warned("unreadable", {"count": len(register.read.failures)})


def _compared(
    records: int, inputs: list[dict[str, str | int]], before: Known | None, max_drop: float
) -> Iterator[Warned]:
    if before is None:
        return
    if records < (1 - max_drop) * before.records:
        share = f"{100 * (1 - records / before.records):.0f}"
        yield Warned(
            "fewer",
            {"records": records, "before": before.records, "share": share, "month": before.month},
        )
    same = [str(entry["file"]) for entry in inputs if entry["sha256"] in before.inputs]
    if same:
        named = ", ".join(same[:NAMED]) + (" …" if len(same) > NAMED else "")
        yield Warned("identical", {"count": len(same), "files": named, "month": before.month})
