"""The stages in order, nothing else: read, clean, check, match, dedupe, decide, write."""

import hashlib
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.clean import clean
from dtkstool.clean.names import standardise
from dtkstool.columns import COLUMNS
from dtkstool.decide import Inputs, decide
from dtkstool.errors import DtksError, UnusableInput
from dtkstool.frames import CLEANED, conform
from dtkstool.link.duplicates import duplicates
from dtkstool.link.matching import Matched, match
from dtkstool.link.simil import with_simil
from dtkstool.link.weights import load
from dtkstool.messages import Language
from dtkstool.read import ReadResult, read_files
from dtkstool.registry import Registry

LIBRARIES = ("polars", "pandera", "rapidfuzz", "fastexcel", "xlsxwriter")


@dataclass
class Clock:
    """Seconds spent in each stage, in the order they ran."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a `with` block under `name`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)


@dataclass(frozen=True)
class Register:
    """The register as read and understood."""

    read: ReadResult
    cleaned: pl.DataFrame
    """`frames.CLEANED` plus alias_folk, the folk key of the name's alias."""


def load_register(
    paths: list[str], *, today: date, column_map: Path | None, clock: Clock
) -> Register:
    """Return the register in `paths`, cleaned; UnusableInput when no file gave a single record.

    Files that could not be read are in `read.failures`; the others are not affected by them.
    """
    with clock.stage("read"):
        read = read_files(paths, column_map=column_map)
    if read.records.is_empty():
        raise read.failures[0] if read.failures else UnusableInput("no_records")
    with clock.stage("clean"):
        return Register(read, cleaned(read.records, today))


def cleaned(records: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the records cleaned, with `alias_folk`."""
    df = conform(clean(records.lazy(), today=today).collect(), CLEANED, "clean")
    folk = standardise(df["nama_alias"])["nama_folk"]
    return df.with_columns(alias_folk=folk)


def letters(read: ReadResult) -> pl.DataFrame:
    """Return layout, field, letter: which column of each layout a field stands in."""
    rows = [
        (layout.index, name, letter)
        for layout in read.layouts
        for name, (letter, _) in layout.columns.items()
    ]
    schema = {"layout": pl.UInt16, "field": pl.String, "letter": pl.String}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    composite = pl.DataFrame(
        [(column.name, part) for column in COLUMNS for part in column.parts],
        schema={"field": pl.String, "part": pl.String},
        orient="row",
    )
    parts = found.join(composite, on="field").select("layout", field="part", letter="letter")
    return pl.concat([found, parts]).unique(["layout", "field"], keep="first", maintain_order=True)


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
    clock: Clock,
) -> Outcome:
    """Return links, duplicates, decisions and changes of a register against a registry."""
    found = matched(register, registry, model_path, clock)
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


def fingerprints(paths: list[Path]) -> list[dict[str, str | int]]:
    """Return name, size and sha256 of each input file."""
    return [
        {"file": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)} for path in paths
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions a run used: of the tool, Python and the libraries that decide results."""
    own = {"dtkstool": version("dtkstool"), "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}


def failures(read: ReadResult, lang: Language) -> list[dict[str, Any]]:
    """Return the files that could not be read, as what, where and fix."""
    return [_told(error, lang) for error in read.failures]


def _told(error: DtksError, lang: Language) -> dict[str, Any]:
    return {"what": error.what(lang), "where": error.where.describe(lang), "fix": error.fix(lang)}
