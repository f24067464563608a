"""Honouring what clerks decided: who a record is, who it is not, which records are one person."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from dtkstool.frames import DUPLICATES, LINKS, TOLD_PAIRS
from dtkstool.link.comparisons import NIK, Side
from dtkstool.link.resolve import ALONE, ranked, verdicts
from dtkstool.link.score import Everyone, Task, cheap_levels, compare, scored
from dtkstool.link.weights import Model

PASS = "keputusan"
"""The pass of a link that rests on a clerk's decision."""
AUTOMATIC = ("padan", "padan_perbaikan")
NUMBERED = {"record": pl.UInt32(), "person": pl.UInt32(), "same": pl.Boolean()}


def numbered(persons: pl.DataFrame, records: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Return record, person, same (Boolean) from `frames.TOLD_PERSONS`.

    `keys` is the registry's, whose row number is the person; who is not in it is left out.
    """
    if persons.is_empty():
        return pl.DataFrame(schema=NUMBERED)
    wanted = persons.with_columns(nik=pl.col("nik").cast(pl.UInt64, strict=False)).drop_nulls("nik")
    holders = (
        keys.lazy()
        .select("nik", person=pl.int_range(pl.len(), dtype=pl.UInt32))
        .filter(pl.col("nik").is_in(wanted["nik"].unique().implode()))
        .group_by("nik")
        .agg(pl.col("person").min())
        .collect()
    )
    return (
        wanted.join(records.select("record", "record_id"), on="record_id")
        .join(holders, on="nik")
        .select("record", "person", "same")
        .sort("record", "person")
    )


def without_refused(pairs: pl.DataFrame, owner: pl.Series, told: pl.DataFrame) -> pl.DataFrame:
    """Return scored pairs without the persons a clerk said the record is not.

    `owner` gives the record of each left row; `told` is what `numbered` gives.
    """
    refused = told.filter(~pl.col("same"))
    if refused.is_empty():
        return pairs
    owned = pairs.with_columns(record=pl.Series(owner.gather(pairs["left"])))
    return owned.join(
        refused, left_on=["record", "right"], right_on=["record", "person"], how="anti",
        maintain_order="left",
    ).drop("record")  # fmt: skip


def confirmed(
    links: pl.DataFrame,
    owner: pl.Series,
    side: Callable[[], Side],
    right: Everyone,
    model: Model,
    told: pl.DataFrame,
) -> pl.DataFrame:
    """Return the links with those a clerk confirmed in place of what was found, or was not.

    `owner` gives the record of each row of the register's side. Weight, probability and levels
    are those of the pair, untouched; only the verdict is the clerk's, and the pass says so. A
    record that is linked to that person on its own stays as it is.
    """
    own = links.filter(pl.col("verdict").cast(pl.String).is_in(AUTOMATIC))
    said = told.filter("same").join(own, on=["record", "person"], how="anti")
    if said.is_empty():
        return links
    rows = owner.rename("record").to_frame().with_row_index("left")
    pairs = rows.join(said, on="record").select(
        "left", right="person", block=pl.lit(0, pl.UInt8)
    ).sort("left")  # fmt: skip
    task = Task(pairs, side(), right, model)
    found = verdicts(ranked(scored(task, compare(task, cheap_levels(task))), owner), model)
    same_nik = pl.col("level_nik") == NIK.at("sama")
    verdict = pl.when(same_nik).then(pl.lit("padan")).otherwise(pl.lit("padan_perbaikan"))
    decided = found.with_columns(
        pl.lit(PASS).alias("pass"), margin=pl.lit(ALONE), verdict=verdict.cast(LINKS["verdict"])
    )
    others = links.join(decided, on="record", how="anti", maintain_order="left")
    return pl.concat([others, decided.select(others.columns)])


def marked(links: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return the links with `keputusan`: what a clerk said of the record and the registry.

    `orangnya`: this very person was confirmed; `bukan_kandidat`: others were refused; else null.
    """
    same = told.filter("same").select("record", "person", sure=pl.lit(True))
    refused = told.filter(~pl.col("same")).select("record", others=pl.lit(True)).unique()
    return (
        links.join(same, on=["record", "person"], how="left", maintain_order="left")
        .join(refused, on="record", how="left", maintain_order="left")
        .with_columns(
            keputusan=pl.when("sure").then(pl.lit("orangnya"))
            .when("others").then(pl.lit("bukan_kandidat"))
        )
        .drop("sure", "others")
    )  # fmt: skip


@dataclass(frozen=True)
class ToldPairs:
    """What clerks decided of pairs, and who is to go."""

    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TOLD_PAIRS))
    leaving: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.String))
    """record_id of everybody a decision takes out: never the one that a group keeps."""

    def numbered(self, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the pairs that are one person and those that are two: left, right (records)."""
        found = self.pairs
        for side in ("left", "right"):
            ids = records.select(**{side: "record_id", f"n_{side}": "record"})
            found = found.join(ids, on=side, how="inner", maintain_order="left")
        known = found.select("same", left="n_left", right="n_right")
        return known.filter("same").drop("same"), known.filter(~pl.col("same")).drop("same")

    def leaving_records(self, records: pl.DataFrame) -> pl.Series:
        """Return the records of those who are to go."""
        return records.filter(pl.col("record_id").is_in(self.leaving.implode()))["record"]


def apart(pairs: pl.DataFrame, different: pl.DataFrame) -> pl.DataFrame:
    """Return scored pairs (left, right: records) without those that are two people."""
    both = pl.concat([different, different.select(left="right", right="left")])
    return pairs.join(both, on=["left", "right"], how="anti", maintain_order="left")


def joined(members: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """Return group members with pairs a clerk said are one person in one group.

    `members` has record, group, probability, reason; `same` left and right, both records.
    """
    if same.is_empty():
        return members
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    new = pl.concat([same["left"], same["right"]]).unique()
    new = new.filter(~new.is_in(members["record"].implode())).sort()
    added = pl.DataFrame({"record": new}).select(
        "record", group=-1 - pl.col("record").cast(pl.Int64) - pl.len(),
        probability=pl.lit(None, pl.Float64), reason=pl.lit("keputusan").cast(DUPLICATES["reason"]),
    )  # fmt: skip
    least = members["group"].min()
    floor = int(least) if isinstance(least, int) else 0
    every = pl.concat([members, added.with_columns(pl.col("group") + min(floor, 0))])
    every = every.with_columns(node=pl.col("group").rank("dense") - 1)
    node = every.select("record", "node")
    ends = [
        same.select(record=side).join(node, on="record", how="left", maintain_order="left")["node"]
        for side in ("left", "right")
    ]
    size = every["node"].n_unique()
    ones = [True] * same.height
    graph = coo_array((ones, (ends[0].to_numpy(), ends[1].to_numpy())), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    group = pl.Series("group", labels[every["node"].to_numpy()], pl.Int64)
    return every.with_columns(group).drop("node")


def arranged(groups: pl.DataFrame, different: pl.DataFrame, leaving: pl.Series) -> pl.DataFrame:
    """Return the groups without pairs a clerk said are two people; who is to go is not kept.

    `groups` has group, record and `keep`, the best of each group first; `different` left and
    right, both records. Who is not the kept record's person leaves its group, and those who do
    may still be one person among themselves.
    """
    if different.is_empty() and leaving.is_empty():
        return groups
    going = pl.col("record").is_in(leaving.implode())
    rest = groups.with_columns(going=going).sort("group", "going", maintain_order=True)
    both = pl.concat([different, different.select(left="right", right="left")])
    done = []
    while rest.height:
        first = rest.with_columns(left=pl.col("record").first().over("group"))
        foes = first.join(both, left_on=["left", "record"], right_on=["left", "right"], how="semi",
                          maintain_order="left")  # fmt: skip
        done.append(rest.join(foes, on="record", how="anti", maintain_order="left"))
        top = max(int(part["group"].cast(pl.Int64).max() or 0) for part in done)  # type: ignore[arg-type]
        rest = foes.drop("left").with_columns(
            group=pl.col("group").rank("dense").cast(pl.Int64) + top
        )
    if not done:
        return groups
    whole = pl.concat(part.cast({"group": pl.Int64}) for part in done)
    alone = pl.len().over("group") == 1
    kept = pl.int_range(pl.len()).over("group") == 0
    return whole.drop("going").filter(~alone).with_columns(keep=kept)
