"""Link with dtkstool, or prepare what every peer links.

    python benchmarks/peer_dtkstool.py standardise WORLD STANDARD
    python benchmarks/peer_dtkstool.py link STANDARD OUT

`standardise` cleans the register of a world and exports both sides once, standardised, as
Parquet: STANDARD/records.parquet and STANDARD/registry.parquet beside the prepared registry in
STANDARD/registry. `link` matches the cleaned register against the prepared registry.
"""

import json
import sys
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.month import matched
from dtkstool.pipeline.register import Register, load_register
from dtkstool.registry import open_registry

TODAY = date(2026, 10, 31)
FIELDS = [
    "nik", "nokk", "nama", "nama_eyd", "nama_folk", "nama_ibu", "nama_ibu_folk", "tanggal_lahir",
    "jenis_kelamin", "tempat_lahir", "kode_kecamatan", "kode_desa",
]  # fmt: skip


def standardise(world: Path, standard: Path) -> None:
    """Clean a world's register and export both sides for the peers."""
    clock = Clock()
    register = load_register([str(world / "dtks")], today=TODAY, column_map=None, clock=clock)
    register.cleaned.write_parquet(standard / "cleaned.parquet")
    with clock.stage("export"):
        # damaged numbers keep the digits they have: peers compare them as strings too
        digits = [pl.coalesce(c, f"{c}_digits", f"{c}_kandidat").alias(c) for c in ("nik", "nokk")]
        sides = {
            "records": register.cleaned.with_columns(digits).select(
                "record_id", "source_file", "sheet", "row", *FIELDS, unique_id="record"
            ),
            "registry": pl.read_parquet(standard / "registry" / "persons.parquet").select(
                *FIELDS, unique_id="person"
            ),
        }
        for name, df in sides.items():
            df.write_parquet(standard / f"{name}.parquet")
    stages(standard, clock.seconds)


def link(standard: Path, out: Path) -> None:
    """Match the cleaned register against the prepared registry; write links and stages."""
    clock = Clock()
    with clock.stage("open"):
        registry = open_registry(standard / "registry")
        register = Register(None, pl.read_parquet(standard / "cleaned.parquet"))
        _ = registry.keys, registry.words
    found = matched(register, registry, None, clock)
    linked = found.links.filter(pl.col("person").is_not_null())
    rest = found.nearest.with_columns(verdict=pl.lit("tidak_ditemukan"))
    links = pl.concat(
        [
            linked.select("record", "person", "weight", pl.col("verdict").cast(pl.String)),
            rest,
        ],
        how="vertical_relaxed",
    )
    links.rename({"record": "unique_id_l", "person": "unique_id_r"}).write_parquet(
        out / "links.parquet"
    )
    stages(out, clock.seconds, pairs=int(found.blocks["pairs"].sum()) + linked.height)


def stages(folder: Path, seconds: dict[str, float], **more: object) -> None:
    """Write what each stage took."""
    (folder / "stages.json").write_text(json.dumps({"seconds": seconds, **more}, indent=2))


if __name__ == "__main__":
    todo, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    {"standardise": standardise, "link": link}[todo](source, target)
