"""KK10: who stands in a family's KK at Dukcapil and is not in the register."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dtkstool.config.gate import GateConfig
from dtkstool.messages import Language
from dtkstool.pipeline.register import Register, letters
from dtkstool.registry import Registry
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.check import ORIGIN, placed
from dtkstool.rules.selection import chosen, with_severity
from dtkstool.rules.sentence import stated
from dtkstool.write.tables import write_csv, write_parquet

KK10 = next(rule for rule in RULES if rule.code == "KK10")
NAME = "belum_terdaftar"
"""The list's file, as Parquet and CSV."""
HEADS_ONLY = 0.7
"""From this share of heads a list holds families by their heads, and misses nobody."""
HERE = ("hidup", "pindah_dalam")
LISTED = (
    "nokk", "nik", "nama", "tanggal_lahir", "jenis_kelamin", "hubungan", "kode_desa", "record_id",
    "id_dtks", "source_file", "sheet", "row",
)  # fmt: skip


@dataclass(frozen=True)
class Absent:
    """Members of registered families who are not registered."""

    members: pl.DataFrame
    """One row each: `LISTED`; the last five name the family's first record in the register."""
    findings: pl.DataFrame
    """`frames.FINDINGS`, one per family."""

    def beside(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return other findings with these after them."""
        return pl.concat([findings, self.findings], how="diagonal")

    def write(self, folder: Path) -> None:
        """Write the list into a folder."""
        write_parquet(self.members, folder / f"{NAME}.parquet")
        write_csv(self.members, folder / f"{NAME}.csv")


def absent(
    register: Register, links: pl.DataFrame, registry: Registry, gate: GateConfig, lang: Language
) -> Absent:
    """Return who is missing from the families that lists of members hold; nobody without KK10.

    A family is the No KK that Dukcapil has for a record found there. Who died, moved away, is
    linked to any record or whose NIK anybody has in the register is not missing.
    """
    judging = with_severity(chosen((KK10,), gate.select, gate.ignore), gate.severity)
    found = links.filter(pl.col("person").is_not_null() & pl.lit(bool(judging)))
    sure = found.filter(pl.col("verdict").is_in(["padan", "padan_perbaikan"]))
    listing = _lists_of_members(register.cleaned)
    rows = register.cleaned.filter(pl.col("layout").is_in(listing.implode())).select(
        *ORIGIN, "nokk_asal"
    )
    owners = registry.persons(sure["person"]).select("person", family="nokk")
    of_family = (
        rows.join(sure.select("record", "person"), on="record", maintain_order="left")
        .join(owners.drop_nulls(), on="person", maintain_order="left")
        .sort("record")
        .unique("family", keep="first", maintain_order=True)
    )
    members = (
        registry.households(of_family["family"])
        .filter(
            pl.col("status").cast(pl.String).is_in(HERE),
            ~pl.col("person").is_in(found["person"].implode()),
            ~pl.col("nik").is_in(register.cleaned["nik"].drop_nulls().implode()),
        )
        .rename({"nama": "_nama", "nama_asal": "nama"})
    )
    first = of_family.select(
        "family", "record", "record_id", "id_dtks", "source_file", "sheet", "row"
    )
    listed = members.join(first, left_on="nokk", right_on="family", maintain_order="left")
    counts = listed.group_by("record").agg(pl.len().alias("count"))
    speaking = of_family.join(counts, on="record", maintain_order="left")
    (rule,) = judging or (KK10,)
    said = speaking.select(*ORIGIN, *stated(rule, lang), cell=pl.lit(None, pl.String))
    ordered = listed.sort("record", "person").select(LISTED)
    return Absent(ordered, placed(said, letters(register.read)))


def _lists_of_members(cleaned: pl.DataFrame) -> pl.Series:
    """Return the layouts that list members and not only heads: others miss nobody."""
    heads = (pl.col("hubungan") == "kepala").mean()
    shares = cleaned.group_by("layout").agg(heads.alias("heads"))
    return shares.filter(pl.col("heads") < HEADS_ONLY)["layout"]
