"""What clerks' decisions say of persons and pairs, for matching and deduplicating to honour."""

import polars as pl

from dtkstool.frames import TOLD_PERSONS

CHOSEN = ("kandidat_1", "kandidat_2", "kandidat_3")
STANDING = ("sama", "sebelum")
DUPLICATE = "TL04"


def persons(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return `frames.TOLD_PERSONS`: which persons a record is, and which it is not.

    From `frames.RECALLED`: candidates chosen and candidates refused, for as long as the record
    reads as it did before the decision or as the decision made it. Every decision counts, not
    only a record's latest: who was refused once is not proposed again.
    """
    standing = recalled.filter(pl.col("state").is_in(STANDING), pl.col("subject") == "orang")
    chosen = (
        standing.filter(pl.col("decision").is_in(CHOSEN))
        .select("nth", "record_id", nik="value", same=pl.lit(True))
        .unique("record_id", keep="last", maintain_order=True)
    )
    refused = (
        standing.filter(pl.col("decision") == "bukan_kandidat")
        .select("nth", "record_id", nik=pl.col("kandidat").str.split(" "), same=pl.lit(False))
        .explode("nik", empty_as_null=True, keep_nulls=True)
    )
    return (
        pl.concat([chosen, refused])
        .drop_nulls("nik")
        .sort("nth", maintain_order=True)
        .unique(["record_id", "nik"], keep="last", maintain_order=True)
        .select(TOLD_PERSONS.keys())
    )


def pairs(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return `frames.TOLD_PAIRS`: which two records are one person, and which are not."""
    said = _pairs(recalled).filter(pl.col("fate").is_in(["hapus", "tetap"]))
    return said.select(
        left=pl.min_horizontal("record_id", "other_id"),
        right=pl.max_horizontal("record_id", "other_id"),
        same=pl.col("fate") == "hapus",
    )


def leaving(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return record_id, nth: records that a pair's decision took out, and that are still listed."""
    target = pl.when(pl.col("decision") == "hapus_kiri").then("other_id").otherwise("record_id")
    return (
        _pairs(recalled)
        .filter(pl.col("fate") == "hapus")
        .group_by(record_id=target)
        .agg(pl.col("nth").max())
    )


def out(recalled: pl.DataFrame) -> pl.Series:
    """Return record_id of everybody whom a decision took out and who is listed as before."""
    return pl.concat([leaving(recalled)["record_id"], _own(recalled)["record_id"]]).unique().sort()


def reasons(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return record_id, alasan: the reason code for which each record was taken out."""
    by_pair = leaving(recalled).select("record_id", alasan=pl.lit(DUPLICATE))
    own = _own(recalled).select("record_id", alasan="tl")
    return pl.concat([own, by_pair]).unique("record_id", keep="first", maintain_order=True)


def _own(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return the latest decisions about persons that took them out, for as long as they hold."""
    return recalled.filter(
        "latest", pl.col("subject") == "orang", pl.col("fate") == "hapus", pl.col("state") == "sama"
    )


def _pairs(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return the latest decisions about pairs that are there, both, as they were."""
    about = pl.col("subject") == "pasangan"
    apart = pl.col("record_id") != pl.col("other_id")
    return recalled.filter(about, "latest", pl.col("state") == "sama", apart)
