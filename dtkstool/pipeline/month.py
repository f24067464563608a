"""A month's run: match, dedupe, decide, write. Nothing here but the stages in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.decide import Inputs, decide
from dtkstool.errors import DtksError
from dtkstool.link.duplicates import duplicates
from dtkstool.link.evaluate import estimates
from dtkstool.link.matching import Matched, match
from dtkstool.link.simil import with_simil
from dtkstool.link.weights import load
from dtkstool.messages import Language
from dtkstool.pipeline.checking import of_register
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.provenance import fingerprints, versions
from dtkstool.pipeline.register import Register, letters, load_register
from dtkstool.pipeline.reporting import write_report
from dtkstool.pipeline.watch import Watch
from dtkstool.read import ReadResult, expand
from dtkstool.registry import Registry, open_registry
from dtkstool.wilayah import regions
from dtkstool.write.tables import write_json, write_parquet
from dtkstool.write.workbook import write_workbooks


def matched(
    register: Register, registry: Registry, model_path: Path | None, clock: Clock
) -> Matched:
    """Return the register's links into the registry, with the official name measure."""
    with clock.stage("match"):
        found = match(register.cleaned, registry.keys, registry.words, load(model_path))
        names = registry.persons(found.links["person"]).select("person", "nama_asal")
        linked = found.links.select("person").join(
            names, on="person", how="left", maintain_order="left"
        )
        typed = register.cleaned.sort("record")["nama_asal"]
        return Matched(
            with_simil(found.links, typed, linked["nama_asal"]), found.candidates, found.blocks
        )


@dataclass(frozen=True)
class Outcome:
    """Everything a run found."""

    register: Register
    findings: pl.DataFrame
    links: pl.DataFrame
    duplicates: pl.DataFrame
    decisions: pl.DataFrame
    changes: pl.DataFrame
    candidates: pl.DataFrame
    """record_id, rank and what the civil registry has of who might be meant."""
    blocks: pl.DataFrame


def outcome(
    register: Register,
    registry: Registry,
    *,
    findings: pl.DataFrame,
    today: date,
    lang: Language,
    places: pl.DataFrame,
    model_path: Path | None,
    watch: Watch,
) -> Outcome:
    """Return links, duplicates, decisions and changes of a register against a registry."""
    clock = watch.clock
    found = watch.keep("match", lambda: matched(register, registry, model_path, clock))
    with clock.stage("dedupe"):
        groups = duplicates(register.cleaned, found.links, load(model_path))
    with clock.stage("decide"):
        wanted = pl.concat([found.links["person"].drop_nulls(), found.candidates["person"]])
        persons = registry.persons(wanted)
        gone = persons.filter(
            pl.col("status").cast(pl.String).is_in(["meninggal", "pindah_keluar"])
        )
        inputs = Inputs(
            records=register.cleaned,
            findings=findings,
            links=found.links,
            duplicates=groups,
            persons=persons,
            households=registry.households(gone["nokk"]),
            fields=letters(register.read),
            places=places,
        )
        decisions, changes = decide(inputs, today=today, lang=lang)
    return Outcome(
        register,
        findings,
        found.links,
        groups,
        decisions,
        changes,
        _candidates(found, persons, register.cleaned, decisions),
        found.blocks,
    )


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
        watch=watch,
    )
    with clock.stage("write"):
        workbooks = write(result, order)
        write_report(result, order, registry)
    write_json(summary(result, workbooks, order, registry, clock), order.out / "run.json")
    return Done(result, workbooks, clock, order.out)


def looked_at(order: Order, watch: Watch) -> tuple[Registry, Register, pl.DataFrame]:
    """Return the registry, the register and its findings: a run before it decides anything."""
    clock = watch.clock
    registry = open_registry(order.registry)
    register = load_register(
        order.files, today=order.today, column_map=order.column_map, clock=clock
    )
    watch.loaded(register, registry)
    findings = watch.keep(
        "check",
        lambda: of_register(register, today=order.today, lang=order.lang, clock=clock),
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
    return write_workbooks(
        order.out,
        records=result.register.cleaned,
        decisions=result.decisions,
        changes=result.changes,
        duplicates=result.duplicates,
        candidates=result.candidates,
        period=f"{order.today:%Y-%m}",
        lang=order.lang,
    )


def summary(
    result: Outcome, workbooks: pl.DataFrame, order: Order, registry: Registry, clock: Clock
) -> dict[str, Any]:
    """Return what `run.json` says: inputs, counts, timings, versions, configuration."""
    read = result.register.read
    return {
        "inputs": fingerprints(expand(order.files)),
        "registry": {key: registry.meta[key] for key in ("fingerprint", "persons", "home")},
        "counts": {
            "records": read.records.height,
            "skipped_rows": read.skipped.height,
            "failed_files": failures(read, order.lang),
            "findings": result.findings.height,
            "links": counted(result.links, "verdict"),
            "status": counted(result.decisions, "status"),
            "action": counted(result.decisions, "action"),
            "duplicate_groups": result.duplicates["group_id"].n_unique(),
            "changes": result.changes.height,
            "workbooks": workbooks.height,
        },
        "blocking": result.blocks.to_dicts(),
        "estimates": estimates(result.links, result.decisions["kecamatan"], load(order.model).lost),
        "seconds": clock.seconds,
        "versions": versions(),
        "configuration": {
            "today": order.today,
            "lang": order.lang,
            "map": order.column_map,
            "model": order.model,
        },
    }


def counted(df: pl.DataFrame, column: str) -> dict[str, int]:
    """Return how many rows have each value of `column`, the most frequent first."""
    rows = (
        df.group_by(pl.col(column).cast(pl.String))
        .len()
        .sort("len", column, descending=[True, False])
    )
    return dict(rows.rows())


def write_links(
    register: Register, registry_folder: Path, out: Path, model: Path | None, clock: Clock
) -> pl.DataFrame:
    """Match a register against a registry, write `links.parquet`, return the links."""
    links = matched(register, open_registry(registry_folder), model, clock).links
    write_parquet(links.drop("record", "person", "nik_owner"), out / "links.parquet")
    return links


def write_duplicates(
    register: Register, out: Path, model: Path | None, clock: Clock
) -> pl.DataFrame:
    """Find duplicates without a registry, write `duplicates.parquet`, return the groups."""
    with clock.stage("dedupe"):
        groups = duplicates(register.cleaned, None, load(model))
    write_parquet(groups, out / "duplicates.parquet")
    return groups


def failures(read: ReadResult, lang: Language) -> list[dict[str, Any]]:
    """Return the files that could not be read, as what, where and fix."""
    return [_told(error, lang) for error in read.failures]


def _told(error: DtksError, lang: Language) -> dict[str, Any]:
    return {"what": error.what(lang), "where": error.where.describe(lang), "fix": error.fix(lang)}
