"""Duplicate groups inside the register.

Three kinds of evidence, strongest first: two records that are automatically the same registry
person; the same usable NIK with names that agree; and, among records not found in the registry,
the same comparisons that match against it, of the register with itself.
"""

import numpy as np
import polars as pl

from dtkstool.frames import DUPLICATES, conform
from dtkstool.link.blocking import BLOCKS, candidates
from dtkstool.link.comparisons import NIK
from dtkstool.link.keys import dictionaries
from dtkstool.link.matching import people
from dtkstool.link.resolve import ranked
from dtkstool.link.score import Everyone, Task, score
from dtkstool.link.weights import Model

FOUND = ("padan", "padan_perbaikan")


def duplicates(records: pl.DataFrame, links: pl.DataFrame | None, model: Model) -> pl.DataFrame:
    """Return the duplicate groups (`frames.DUPLICATES`) of the register's records.

    `links` is None when there is no registry: then only the register speaks.
    """
    found = _found(records, links)
    pairs = _register_pairs(records, found, model)
    members = _members(found, pairs)
    groups = _named(_with_keep(members, records, links))
    return conform(groups.select(*DUPLICATES), DUPLICATES, "duplicates")


def _found(records: pl.DataFrame, links: pl.DataFrame | None) -> pl.DataFrame:
    """Return record, person (null where not found automatically) and the link's probability."""
    if links is None:
        nothing = {"person": pl.lit(None, pl.UInt32), "chance": pl.lit(None, pl.Float64)}
        return records.select("record", **nothing)
    automatic = pl.col("verdict").is_in(FOUND)
    return links.select(
        "record",
        person=pl.when(automatic).then("person"),
        chance=pl.when(automatic).then("probability"),
    )


def _register_pairs(records: pl.DataFrame, found: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Return accepted pairs: left (a record not found), right (a record), weight, same_nik."""
    words = dictionaries(records)
    everyone = people(records, words)
    unfound = found.filter(pl.col("person").is_null())["record"]
    searching = everyone.rows(everyone.owner.is_in(unfound.implode()))
    pairs = candidates(searching.keys, everyone.keys, BLOCKS).pairs
    other = pl.Series(everyone.owner.gather(pairs["right"]))
    pairs = pairs.filter(other != pl.Series(searching.owner.gather(pairs["left"])))
    task = Task.of(
        pairs, searching.side(), Everyone.of(everyone.keys, words, everyone.digits), model
    )
    accepted = score(task).filter(pl.col("linkable") & (pl.col("weight") >= model.automatic))
    by_record = accepted.with_columns(right=pl.Series(everyone.owner.gather(accepted["right"])))
    return ranked(by_record, searching.owner).select(
        left="record",
        right="person",
        weight="weight",
        same_nik=pl.col("level_nik") == NIK.at("sama"),
    )


def _members(found: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return record, group (Int64), chance and reason of every record in a group of two or more.

    A chain never joins two registry persons: records not found form components among themselves,
    and a component joins the one person its strongest pair leads to.
    """
    person = found.select("record", "person")
    component = _components(found, pairs.join(
        person.filter(pl.col("person").is_null()), left_on="right", right_on="record", how="semi"
    ))  # fmt: skip
    anchors = (
        pairs.join(person.drop_nulls(), left_on="right", right_on="record")
        .join(component, left_on="left", right_on="record")
        .sort(["component", "weight", "person"], descending=[False, True, False])
        .unique("component", keep="first", maintain_order=True)
        .select("component", anchor="person")
    )
    best = pairs.sort("weight", descending=True).unique("left", keep="first", maintain_order=True)
    evidence = pl.concat([
        best.select(record="left", weight="weight", same_nik="same_nik"),
        best.select(record="right", weight="weight", same_nik="same_nik"),
    ]).unique("record", keep="first", maintain_order=True)  # fmt: skip
    grouped = (
        found.join(component, on="record", how="left")
        .join(anchors, on="component", how="left")
        .with_columns(owner=pl.coalesce("person", "anchor").cast(pl.Int64))
        .with_columns(group=pl.coalesce("owner", -1 - pl.col("component").cast(pl.Int64)))
        .join(evidence, on="record", how="left")
    )
    size = pl.len().over("group")
    by_person = (pl.col("person").is_not_null().sum().over("group") > 1) & pl.col(
        "person"
    ).is_not_null()
    reason = (
        pl.when(by_person).then(pl.lit("orang_sama"))
        .when(pl.col("same_nik")).then(pl.lit("nik_sama"))
        .otherwise(pl.lit("mirip"))
    )  # fmt: skip
    paired = 1 / (1 + 2.0 ** -pl.col("weight").clip(-60, 60))
    return grouped.filter(pl.col("group").is_not_null() & (size > 1)).select(
        "record",
        "group",
        probability=pl.when(by_person).then("chance").otherwise(paired),
        reason=reason.cast(DUPLICATES["reason"]),
    )


def _components(found: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return record and component of every record in a pair or without a person."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    unfound = found.filter(pl.col("person").is_null())["record"].sort()
    left = unfound.search_sorted(pairs["left"]).to_numpy()
    right = unfound.search_sorted(pairs["right"]).to_numpy()
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(len(unfound),) * 2)
    _, labels = connected_components(graph, directed=False)
    return pl.DataFrame({"record": unfound, "component": labels}).cast({"component": pl.Int64})


def _with_keep(
    members: pl.DataFrame, records: pl.DataFrame, links: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the members with `keep`: one a group, after the keep-rule of GND01.

    Found in the registry with its own NIK and birth date first, then receiving aid now, then the
    older SK, then the lowest id.
    """
    aid = pl.sum_horizontal(
        pl.col(f"{flag}_asal").fill_null("").str.strip_chars().str.to_uppercase()
        .is_in(["1", "YA", "Y", "TRUE", "V", "AKTIF", "PENERIMA"]).cast(pl.Int8)
        for flag in ("pkh", "bpnt", "bst", "pbi")
    )  # fmt: skip
    facts = records.select("record", "record_id", "id_dtks", sk="sk_pertama_asal", aid=aid)
    if links is None:
        facts = facts.with_columns(strength=pl.lit(0))
    else:
        order = {"padan": 0, "padan_perbaikan": 1, "tinjau": 2, "tidak_ditemukan": 3}
        dated = (pl.col("level_tanggal_lahir") == "beda").fill_null(False)
        strength = pl.col("verdict").replace_strict(order, return_dtype=pl.Int64) + 2 * dated
        verdict = links.select("record", strength=strength)
        facts = facts.join(verdict, on="record", how="left")
    preference = ["group", "strength", "aid", "sk", "id_dtks", "record_id"]
    return (
        members.join(facts, on="record")
        .sort(preference, descending=[False, False, True, False, False, False], nulls_last=True)
        .with_columns(keep=pl.int_range(pl.len()).over("group") == 0)
    )


def _named(groups: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("record_id").min().over("group")
    return groups.with_columns(group_id=pl.lit("G-") + first).sort(["group_id", "record_id"])
