"""NAM: what a name can be wrong about; what is no name at all is told in `faults.name_fault`."""

import polars as pl

from dtkstool.rules.faults import ALIAS, MOTHER, of_peculiar_name
from dtkstool.rules.linkage import by_name
from dtkstool.rules.rule import Rule

fault = pl.col("nama_cacat")
is_baby = fault == "bayi"
mother = of_peculiar_name(lambda name: name.str.contains(f"(?i){MOTHER}"))
second_name = of_peculiar_name(lambda name: name.str.contains(rf"(?i)/|@|\(\s*\pL|{ALIAS}"))
"""A sign that another name follows, also where that is the same again."""
addition = (
    pl.when(by_name)
    .then(pl.lit("almarhum"))
    .when(pl.col("nama_alias").is_not_null())
    .then(pl.lit("alias"))
    .when(pl.col("nama_bin").is_not_null())
    .then(pl.lit("bin"))
    .when(pl.col("nama_gelar").is_not_null())
    .then(pl.lit("gelar"))
    .when(second_name)
    .then(pl.lit("alias"))
    .when(mother)
    .then(pl.lit("ibu"))
)

NAM: tuple[Rule, ...] = (
    Rule(
        code="NAM01", name="name-missing-or-placeholder", column="nama", severity="galat",
        action="ubah", source="BPK DTKS 2020: 5,702 empty names; Jabar alasanditolak",
        violated=~is_baby, variant=fault,
    ),
    Rule(
        code="NAM02", name="name-with-additions", column="nama", severity="info", action="ubah",
        source="Permendagri 73/2022; SIAK keeps GLR_AGAMA, GLR_AKADEMIS apart",
        violated=addition.is_not_null() & fault.is_null(), variant=addition,
        values={"gelar": pl.col("nama_gelar")},
    ),
    Rule(
        code="NAM03", name="baby-without-a-name", column="nama", severity="peringatan",
        action="ubah", source="Permendagri 73/2022",
        violated=is_baby,
    ),
)  # fmt: skip
