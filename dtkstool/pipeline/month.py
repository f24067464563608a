"""A month's run: match, dedupe, decide, write. Nothing here but the stages in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.config.gate import GateConfig
from dtkstool.decide import Inputs, decide
from dtkstool.frames import TOLD_PERSONS
from dtkstool.link.duplicates import duplicates
from dtkstool.link.estimate import estimates, sound_nik
from dtkstool.link.matching import Matched, match
from dtkstool.link.simil import with_simil
from dtkstool.link.told import marked, numbered
from dtkstool.link.weights import load
from dtkstool.messages import Language
from dtkstool.pipeline.absent import absent
from dtkstool.pipeline.checking import demand_sound, of_register
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.register import Register, letters, load_register
from dtkstool.pipeline.remembering import Memory, memory_of, with_memory, write_out
from dtkstool.pipeline.reporting import write_report
from dtkstool.pipeline.summarizing import summary
from dtkstool.pipeline.watch import Watch
from dtkstool.registry import Registry, open_registry
from dtkstool.wilayah import regions
from dtkstool.write.tables import write_json, write_parquet
from dtkstool.write.workbook import write_workbooks


def matched(
    register: Register,
    registry: Registry,
    model_path: Path | None,
    clock: Clock,
    persons: pl.DataFrame | None = None,
) -> Matched:
    """Return the register's links into the registry, with the official name measure.

    `persons` is what clerks decided (`frames.TOLD_PERSONS`); `keputusan` of the links says so.
    """
    said = pl.DataFrame(schema=TOLD_PERSONS) if persons is None else persons
    with clock.stage("match"):
        found = match(register.cleaned, registry.keys, registry.words, load(model_path), said)
        typed = register.cleaned.sort("record")["nama_asal"]
        links = with_simil(found.links, typed, registry.names(found.links["person"]))
        told = numbered(said, register.cleaned, registry.keys)
        return Matched(marked(links, told), found.candidates, found.blocks, found.nearest)


@dataclass(frozen=True)
class Outcome:
    """Everything a run found."""

    register: Register
    findings: pl.DataFrame
    links: pl.DataFrame
    duplicates: pl.DataFrame
    decisions: pl.DataFrame
    """`frames.DECISIONS` and `frames.REMEMBERED`."""
    changes: pl.DataFrame
    """`frames.CHANGES` and keputusan_lalu."""
    candidates: pl.DataFrame
    """record_id, rank and what the civil registry has of who might be meant."""
    blocks: pl.DataFrame
    memory: Memory
    silenced: pl.DataFrame
    """record_id, column of changes a clerk refused before."""
    estimates: dict[str, Any]
    """False, waiting and missed links to be expected, of all and by kecamatan."""


def outcome(
    register: Register,
    registry: Registry,
    *,
    findings: pl.DataFrame,
    today: date,
    lang: Language,
    places: pl.DataFrame,
    model_path: Path | None,
    memory: Memory,
    watch: Watch,
) -> Outcome:
    """Return links, duplicates, decisions and changes of a register against a registry."""
    clock = watch.clock
    found = watch.keep(
        "match", lambda: matched(register, registry, model_path, clock, memory.persons)
    )
    with clock.stage("dedupe"):
        groups = duplicates(register.cleaned, found.links, load(model_path), memory.pairs)
    with clock.stage("decide"):
        wanted = pl.concat([found.links["person"].drop_nulls(), found.candidates["person"]])
        persons = registry.persons(wanted)
        double = found.links.filter(pl.col("record_id").is_in(groups["record_id"].implode()))
        at_stake = persons.filter(
            pl.col("status").cast(pl.String).is_in(["meninggal", "pindah_keluar"])
            | pl.col("person").is_in(double["person"].drop_nulls().implode())
        )
        inputs = Inputs(
            records=register.cleaned,
            findings=findings,
            links=found.links,
            margin=load(model_path).margin,
            duplicates=groups,
            persons=persons,
            households=registry.households(at_stake["nokk"]),
            fields=letters(register.read),
            places=places,
        )
        proposed = decide(inputs, today=today, lang=lang)
        left = memory.decided(*proposed, found.links, register.cleaned)
    return Outcome(
        register,
        with_memory(findings, left),
        found.links,
        groups,
        left.decisions,
        left.changes,
        _candidates(found, persons, register.cleaned, left.decisions),
        found.blocks,
        memory,
        left.silenced,
        estimated(found.links, register.cleaned, model_path),
    )


def estimated(
    links: pl.DataFrame, records: pl.DataFrame, model_path: Path | None
) -> dict[str, Any]:
    """Return what `link.estimate` expects of the links of a cleaned register."""
    told = records.sort("record").select("kode_kecamatan", sound=sound_nik())
    return estimates(links, told["kode_kecamatan"], load(model_path).lost, told["sound"])


def _candidates(
    found: Matched, persons: pl.DataFrame, records: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Return up to three candidates of each record that goes to verification."""
    asking = decisions.filter(pl.col("action").cast(pl.String) == "verifikasi")
    links = found.links.filter(pl.col("person").is_not_null()).select(
        "record", "person", rank=pl.lit(1, pl.UInt32)
    )
    ranked = pl.concat([links, found.candidates.select("record", "person", "rank")])
    shown = persons.select(
        "person", "nik", "tanggal_lahir", "nokk",
        nama="nama_asal", nama_ibu="nama_ibu_asal", alamat="alamat_asal",
    )  # fmt: skip
    return (
        ranked.unique(["record", "person"], keep="first", maintain_order=True)
        .join(records.select("record", "record_id"), on="record")
        .join(asking.select("record_id"), on="record_id", how="semi")
        .join(shown, on="person")
        .sort("record", "rank")
        .select("record_id", "rank", "nik", "nama", "tanggal_lahir", "nokk", "nama_ibu", "alamat")
    )


@dataclass(frozen=True)
class Order:
    """What a run was asked to do."""

    files: Sequence[str]
    registry: Path
    out: Path
    column_map: Path | None
    model: Path | None
    today: date
    lang: Language
    keputusan: pl.DataFrame | None = None
    """What clerks decided before (`apply.memory.KEPUTUSAN`)."""
    gate: GateConfig = field(default_factory=GateConfig)
    """Which rules judge: section [validate] of the configuration."""


@dataclass(frozen=True)
class Done:
    """A finished run."""

    outcome: Outcome
    workbooks: pl.DataFrame
    clock: Clock
    out: Path


def run(order: Order, watch: Watch | None = None) -> Done:
    """Read, clean, check, match, dedupe, decide and write everything into `order.out`.

    Result files: `docs/results.md`. Each is written whole; `run.json` comes last.
    """
    watch = watch or Watch()
    clock = watch.clock
    registry, register, findings = looked_at(order, watch)
    places = regions().select("code", "name")
    result = outcome(
        register,
        registry,
        findings=findings,
        today=order.today,
        lang=order.lang,
        places=places,
        model_path=order.model,
        memory=memory_of(order.keputusan, register.cleaned, order.lang),
        watch=watch,
    )
    with clock.stage("write"):
        missing = absent(register, result.links, registry, order.gate, order.lang)
        missing.write(order.out)
        result = replace(result, findings=missing.beside(result.findings))
        workbooks = write(result, order)
        write_report(result, order, registry)
    write_json(summary(result, workbooks, order, registry, clock), order.out / "run.json")
    return Done(result, workbooks, clock, order.out)


def looked_at(order: Order, watch: Watch) -> tuple[Registry, Register, pl.DataFrame]:
    """Return the registry, the register and its findings: a run before it decides anything."""
    clock = watch.clock
    registry = open_registry(order.registry)
    demand_sound(order.gate)
    register = load_register(
        order.files, today=order.today, column_map=order.column_map, clock=clock
    )
    watch.loaded(register, registry)
    findings = watch.keep(
        "check",
        lambda: of_register(register, order.gate, today=order.today, lang=order.lang, clock=clock),
    )
    return registry, register, findings


def write(result: Outcome, order: Order) -> pl.DataFrame:
    """Write the tables and workbooks of a run; return one row per workbook."""
    tables = {
        "findings": result.findings,
        "links": result.links.drop("record", "person", "nik_owner"),
        "duplicates": result.duplicates,
        "decisions": result.decisions,
        "changes": result.changes,
        "skipped": result.register.read.skipped,
    }
    for name, df in tables.items():
        write_parquet(df, order.out / f"{name}.parquet")
    write_out(result.decisions, result.register.cleaned, result.memory, order.out / "keluar.csv")
    return write_workbooks(
        order.out,
        records=result.register.cleaned,
        decisions=result.decisions,
        changes=result.changes,
        duplicates=result.duplicates,
        candidates=result.candidates,
        earlier=result.memory.earlier_pairs,
        period=f"{order.today:%Y-%m}",
        lang=order.lang,
    )
