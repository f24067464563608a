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
        *_old(registry, expect.registry_days, today),
        *_unreadable(register),
        *_compared(register.cleaned.height, inputs, before, expect.max_drop),
    ]


def _elsewhere(records: pl.DataFrame, expected: str) -> Iterator[Warned]:
    """Warn when most records with a known kabupaten are of another one than expected."""
    counted = records["kode_kabupaten"].drop_nulls().value_counts(sort=True)
    if not expected or counted.is_empty():
        return
    at_home = counted.filter(pl.col("kode_kabupaten") == expected)["count"].sum()
    found, _ = counted.sort("count", "kode_kabupaten", descending=[True, False]).row(0)
    if 2 * at_home < counted["count"].sum():
        yield Warned("kabupaten", {"expected": expected, "found": found})


def _old(registry: Registry, days: int, today: date) -> Iterator[Warned]:
    """Warn when the registry was built more than `days` before `today`."""
    age = (today - date.fromtimestamp(_built(registry.folder))).days
    if days and age > days:
        yield Warned("registry_old", {"days": age, "allowed": days})


def _built(folder: Path) -> float:
    return (folder / "registry.json").stat().st_mtime


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
