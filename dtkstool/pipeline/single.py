"""One stage of the month alone: links without decisions, duplicates without a registry."""

from pathlib import Path

import polars as pl

from dtkstool.link.duplicates import duplicates
from dtkstool.link.weights import load
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.month import matched
from dtkstool.pipeline.register import Register
from dtkstool.pipeline.remembering import memory_of
from dtkstool.registry import open_registry
from dtkstool.write.tables import write_parquet


def write_links(
    register: Register,
    registry_folder: Path,
    out: Path,
    model: Path | None,
    clock: Clock,
    decided: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Match a register against a registry, write `links.parquet`, return the links.

    `decided` is what clerks decided before (`apply.memory.KEPUTUSAN`).
    """
    persons = memory_of(decided, register.cleaned, "id").persons
    links = matched(register, open_registry(registry_folder), model, clock, persons).links
    write_parquet(links.drop("record", "person", "nik_owner"), out / "links.parquet")
    return links


def write_duplicates(
    register: Register,
    out: Path,
    model: Path | None,
    clock: Clock,
    decided: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Find duplicates without a registry, write `duplicates.parquet`, return the groups.

    `decided` is what clerks decided before (`apply.memory.KEPUTUSAN`).
    """
    told = memory_of(decided, register.cleaned, "id").pairs
    with clock.stage("dedupe"):
        groups = duplicates(register.cleaned, None, load(model), told)
    write_parquet(groups, out / "duplicates.parquet")
    return groups
