"""What a scheduled run is to do, and what tells one such run from another."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.config.gate import GateConfig
from dtkstool.config.month import Expectations
from dtkstool.messages import Language
from dtkstool.pipeline.month import Order
from dtkstool.pipeline.provenance import program, sha256, versions
from dtkstool.read import expand


@dataclass(frozen=True)
class Plan:
    """What a scheduled run is to do."""

    files: Sequence[str]
    registry: Path
    folder: Path
    ledger: Path
    column_map: Path | None
    model: Path | None
    today: date
    lang: Language
    keputusan: Sequence[str] = ()
    expect: Expectations = field(default_factory=Expectations)
    gate: GateConfig = field(default_factory=GateConfig)

    @property
    def month(self) -> str:
        """The month the run is of, as 2026-11."""
        return f"{self.today:%Y-%m}"

    def order(self, out: Path, decided: pl.DataFrame | None = None) -> Order:
        """Return the plan as the order of a run that writes into `out` and honours `decided`."""
        return Order(
            self.files, self.registry, out, self.column_map, self.model, self.today, self.lang,
            decided, self.gate,
        )  # fmt: skip


def fingerprint(
    plan: Plan, inputs: list[dict[str, str | int]], registry: str, decided: pl.DataFrame
) -> str:
    """Return one sha256 over everything that a run's results follow from."""
    extras = [sha256(path) if path else "" for path in (plan.column_map, plan.model)]
    named = [str(path) for path in expand(plan.files)]
    said = hashlib.sha256(decided.write_csv().encode()).hexdigest()
    whole = [
        inputs, named, registry, extras, str(plan.today), plan.lang, versions(), program(), said,
        repr(plan.gate),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()
