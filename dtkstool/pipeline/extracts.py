"""From the civil registry's extracts to a prepared registry."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.clean import clean
from dtkstool.clean.dates import parse_dates
from dtkstool.clean.places import with_destination
from dtkstool.errors import DtksError, UnusableInput, Where
from dtkstool.frames import CLEANED
from dtkstool.link.weights import load
from dtkstool.pipeline.believable import demand_few, demand_kind, of_kind
from dtkstool.pipeline.register import folk_of
from dtkstool.read import ReadResult, expand, read_files
from dtkstool.registry import VERSION, build, open_registry, persons, save

BIODATA_FIELDS = frozenset({
    "nik", "nokk", "nama", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "hubungan",
    "status_kawin", "nama_ibu", "alamat", "rt", "rw", "kode_wilayah", "kode_provinsi",
    "kode_kabupaten", "kode_kecamatan", "kode_desa", "provinsi", "kabupaten", "kecamatan", "desa",
    "status_hidup", "rt_rw", "ttl",
})  # fmt: skip
"""What a registry needs of the biodata; the rest of a SIAK extract is not kept in memory."""


@dataclass(frozen=True)
class Built:
    """A registry that was built, or found to be up to date."""

    folder: Path
    persons: int
    events: dict[str, tuple[int, int]]
    """Per kind of register: entries, and how many were linked to their person."""
    reused: bool
    failures: tuple[DtksError, ...]


def build_registry(
    biodata: Sequence[str],
    registers: dict[str, list[str]],
    out: Path,
    *,
    today: date,
    column_map: Path | None,
    model_path: Path | None,
) -> Built:
    """Write the registry of these extracts to `out`, unless it holds exactly that already.

    A registry is the same when every extract's content, the model and the version are.
    """
    _demand_apart(biodata, registers)
    if (out / "run.json").is_file():
        raise UnusableInput("registry_into_results", where=Where(str(out)))
    mark = fingerprint([*biodata, *(p for paths in registers.values() for p in paths)], model_path)
    if (out / "registry.json").is_file():
        known = _known(out, mark)
        if known:
            return known
    read = read_files(biodata, column_map=column_map, only=BIODATA_FIELDS)
    _demand_records(read)
    events = {kind: read_files(paths, column_map=column_map) for kind, paths in registers.items()}
    for kind, found in events.items():
        demand_kind(found, kind)
    happened = {
        kind: [_cleaned_events(of_kind(found.records, kind), today)]
        for kind, found in events.items()
        if not found.records.is_empty()
    }
    failures = (*read.failures, *(f for found in events.values() for f in found.failures))
    people = persons(clean(read.records.lazy(), today=today))
    del read  # its text is as large as everything that follows
    people, keys, words, meta = build(people, happened, load(model_path))
    demand_few(meta["events"], people.height)
    save(out, people, keys, words, {**meta, "fingerprint": mark, "complete": not failures})
    return Built(out, people.height, meta["events"], False, failures)


def _known(out: Path, mark: str) -> Built | None:
    try:
        meta = open_registry(out).meta
    except UnusableInput:
        return None
    if meta["fingerprint"] != mark or not meta["complete"]:
        return None
    events = {kind: (total, linked) for kind, (total, linked) in meta["events"].items()}
    return Built(out, meta["persons"], events, True, ())


def _demand_apart(biodata: Sequence[str], registers: dict[str, list[str]]) -> None:
    """Raise UnusableInput if biodata are given as events too: everybody would be dead or gone."""
    people = {path.resolve() for path in expand(biodata)}
    for kind, paths in registers.items():
        for path in expand(paths):
            if path.resolve() in people:
                raise UnusableInput("extract_twice", where=Where(str(path)), kind=kind)


def _demand_records(read: ReadResult) -> None:
    if read.records.is_empty():
        raise read.failures[0] if read.failures else UnusableInput("no_records")


def _cleaned_events(records: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return an event register cleaned, with tanggal_peristiwa, kode_desa_tujuan, alias_folk."""
    df = (
        clean(records.lazy(), today=today)
        .pipe(with_destination)
        .pipe(parse_dates, "tanggal_peristiwa", today)
        .pipe(parse_dates, "tanggal_lapor", today)
        .with_columns(pl.col("tanggal_peristiwa").fill_null(pl.col("tanggal_lapor")))
        .collect()
    )
    return df.with_columns(alias_folk=folk_of(df["nama_alias"])).select(
        *CLEANED, "tanggal_peristiwa", "kode_desa_tujuan", "alias_folk"
    )


def fingerprint(paths: Sequence[str], model_path: Path | None) -> str:
    """Return one sha256 over version, model and the content of every extract, in order of name."""
    total = hashlib.sha256(f"registry {VERSION}".encode())
    extras = [model_path] if model_path else []
    for path in [*expand(paths), *extras]:
        with path.open("rb") as stream:
            total.update(path.name.encode() + hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()
