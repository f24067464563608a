"""What is true about every written row: for tests, benchmarks and the report's honesty."""

from pathlib import Path

import numpy as np
import polars as pl

from dtkstool.sample.events import REPORTED as TOLD
from dtkstool.sample.events import SILENT, STATUS, Events
from dtkstool.sample.listing import KINDS, ORIGINAL
from dtkstool.sample.register import Register
from dtkstool.sample.world import World

REPORTED = (*TOLD, "biodata")
"""How a register knows of a death or move; `biodata`: it only shows another address."""

FAULTS = {
    "record": pl.UInt32, "id_dtks": pl.String, "source_file": pl.String, "sheet": pl.String,
    "row": pl.UInt32, "column": pl.String, "fault": pl.String, "value": pl.String,
}  # fmt: skip


def _names(words: tuple[str, ...], index: np.ndarray) -> pl.Series:
    return pl.Series(words).gather(pl.Series(index.astype(np.uint32)))


def _corruptions(register: Register) -> pl.DataFrame:
    every = pl.DataFrame({"record": register.written["record"]})
    grouped = register.log.group_by("record").agg(corruptions=pl.col("fault").unique().sort())
    return every.join(grouped, on="record", how="left", maintain_order="left").with_columns(
        pl.col("corruptions").fill_null([])
    )


def _told_desa(world: World, events: Events, register: Register) -> pl.Series:
    """Return the desa where the civil registry has each record's person, by all it was told."""
    who = register.listing.who
    told = (events.new_home[who] >= 0) & (events.reported[who] != SILENT)
    home = np.where(told, events.new_home[who], world.people["household"].to_numpy()[who])
    return world.places.desa["kode_desa"].gather(world.households["desa"].gather(home))


def records_truth(
    world: World, events: Events, register: Register, places: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per record; `places` holds record, source_file, sheet, row.

    `kode_desa` is where the record has the person, `kode_desa_dukcapil` where the civil registry
    does. Of two records of a person who stand in two desa, one of them the registry's, neither is
    `pindah_dalam`: they are duplicates. `nik_benar` is null for people who are in no extract;
    `in_registry` means in the biodata (a few of the dead and moved stand only in the registers of
    events).
    """
    listed, clean = register.listing, register.clean
    known = listed.known[listed.who]
    listed_once = pl.Series(listed.who).is_unique()
    nik = clean["nik"]
    frame = pl.DataFrame({
        "record": register.written["record"],
        "id_dtks": register.written["id_dtks"],
        "person": clean["person"],
        "nik_benar": pl.select(pl.when(pl.Series(known)).then(nik)).to_series(),
        "in_registry": pl.Series(known & ~events.unlisted[listed.who]),
        "status_benar": _names(STATUS, listed.status),
        "reported": _names(REPORTED, listed.reported),
        "duplicate_group": pl.select(
            pl.when(~listed_once).then(pl.Series(listed.who, dtype=pl.UInt32))
        ).to_series(),
        "is_original": pl.Series(listed.kind == ORIGINAL),
        "duplicate_kind": _names(KINDS, listed.kind),
        "kode_kecamatan": clean["kode_kecamatan"],
        "kode_desa": clean["kode_desa"],
        "kode_desa_dukcapil": _told_desa(world, events, register),
        "nik": nik,
        "nokk": clean["nokk"],
        "nama": clean["nama"],
        "tanggal_lahir": clean["lahir"],
        "jenis_kelamin": clean["jenis_kelamin"],
        "nama_ibu": clean["nama_ibu_benar"],
    })  # fmt: skip
    frame = frame.join(places, on="record", how="left", maintain_order="left")
    return frame.join(_corruptions(register), on="record", how="left", maintain_order="left")


def faults_truth(register: Register, places: pl.DataFrame) -> pl.DataFrame:
    """Return one row per damaged cell, with the value as written."""
    long = register.written.unpivot(index="record", variable_name="column", value_name="value")
    ids = register.written.select("record", "id_dtks")
    found = register.log.join(places, on="record").join(ids, on="record")
    return (
        found.join(long, on=["record", "column"])
        .select(*FAULTS)
        .cast(FAULTS)  # type: ignore[arg-type]
        .sort("record", "column", "fault")
    )


def persons_truth(world: World, events: Events, register: Register) -> pl.DataFrame:
    """Return one row per person of the civil registry: person, nik, status, reported."""
    known = np.flatnonzero(register.listing.known)
    return pl.DataFrame({
        "person": pl.Series(known, dtype=pl.UInt32),
        "nik": world.people["nik"].gather(known).cast(pl.String),
        "status_benar": _names(STATUS, events.status[known]),
        "reported": _names(REPORTED, events.reported[known]),
        "in_biodata": ~pl.Series(events.unlisted[known]),
    })  # fmt: skip


def write_truth(
    world: World, events: Events, register: Register, places: pl.DataFrame, to: Path
) -> int:
    """Write the three truth files; return how many damaged cells there are."""
    faults = faults_truth(register, places)
    records_truth(world, events, register, places).write_parquet(to / "records.parquet")
    faults.write_parquet(to / "faults.parquet")
    persons_truth(world, events, register).write_parquet(to / "persons.parquet")
    return faults.height
