"""Duplicate groups inside the register.

Evidence, strongest first: two records that are automatically the same registry person; the same
usable NIK with names that agree; among records not found in the registry the same comparisons that
match against it, of the register with itself; and a link to be reviewed whose person has no rival.
Only the first can ever support a removal.
"""

import numpy as np
import polars as pl

from dtkstool.frames import DUPLICATES, conform
from dtkstool.link.blocking import BLOCKS, candidates
from dtkstool.link.comparisons import IBU, JK, LAHIR, NAMA, NIK, NOKK, TEMPAT
from dtkstool.link.keys import dictionaries
from dtkstool.link.matching import people
from dtkstool.link.resolve import ranked
from dtkstool.link.score import Everyone, Task, score
from dtkstool.link.told import ToldPairs, apart, arranged, joined
from dtkstool.link.weights import Model

FOUND = ("padan", "padan_perbaikan")
ENDS = ("left", "right")


def duplicates(
    records: pl.DataFrame, links: pl.DataFrame | None, model: Model, told: ToldPairs | None = None
) -> pl.DataFrame:
    """Return the duplicate groups (`frames.DUPLICATES`) of the register's records.

    `links` is None when there is no registry: then only the register speaks. `told` is what
    clerks decided.
    """
    told = told or ToldPairs()
    found = _found(records, links)
    same, different = told.numbered(records)
    pairs = apart(_register_pairs(records, found, model), different)
    members = joined(_members(found, pairs), same)
    ordered = _with_keep(members, records, links)
    groups = _named(arranged(ordered, different, told.leaving_records(records)))
    return conform(groups.select(*DUPLICATES), DUPLICATES, "duplicates")


def _found(records: pl.DataFrame, links: pl.DataFrame | None) -> pl.DataFrame:
    """Return record, person (null where not found automatically), chance, suspect, held, other.

    suspect is the person of a link to be reviewed that is almost certain, held its weight; other
    the person of any link to be reviewed.
    """
    if links is None:
        nothing = {"person": pl.UInt32, "chance": pl.Float64, "suspect": pl.UInt32,
                   "held": pl.Float64, "other": pl.UInt32}  # fmt: skip
        return records.select("record", **{n: pl.lit(None, t) for n, t in nothing.items()})
    automatic = pl.col("verdict").is_in(FOUND)
    return links.select(
        "record",
        person=pl.when(automatic).then("person"),
        chance=pl.when(automatic).then("probability"),
        suspect=pl.when("probable").then("person"),
        held=pl.when("probable").then("weight"),
        other=pl.when(~automatic).then("person"),
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
    task = Task(pairs, searching.side(), Everyone.of(everyone.keys, words, everyone.digits), model)
    sure = pl.col("linkable") | _at_home()
    accepted = score(task).filter(sure & (pl.col("weight") >= model.automatic))
    by_record = accepted.with_columns(right=pl.Series(everyone.owner.gather(accepted["right"])))
    return ranked(by_record, searching.owner).select(
        left="record",
        right="person",
        weight="weight",
        same_nik=pl.col("level_nik") == NIK.at("sama"),
    )


def _at_home() -> pl.Expr:
    """Return which pairs have one name, one mother and one home, and no birth date or sex against.

    The home is the family, or the desa where a No KK is not known or was renewed.
    """
    one = [(NAMA, "sama"), (IBU, "sama")]
    same = pl.all_horizontal(pl.col(f"level_{c.name}") == c.at(level) for c, level in one)
    desa = pl.col("level_tempat_tinggal").is_in([TEMPAT.at(x) for x in ("rt", "desa")])
    home = (pl.col("level_nokk") == NOKK.at("sama")) | desa
    unknown = pl.col("level_tanggal_lahir") == LAHIR.at("kosong")
    return same & home & unknown & (pl.col("level_jenis_kelamin") != JK.at("beda"))


def _members(found: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return record, group (Int64), chance and reason of every record in a group of two or more.

    Groups are chains of accepted pairs. A chain that would join two registry persons is cut at
    its weakest link, so each end stays with the person it hangs on more firmly.
    """
    edges = held(_edges(found, pairs))
    group = groups_of(_nodes(found), edges)
    evidence = (
        pl.concat([
            edges.select(node=side, weight="weight", same_nik="same_nik") for side in ENDS
        ])
        .sort("weight", "same_nik", descending=True)
        .unique("node", keep="first", maintain_order=True)
    )  # fmt: skip
    grouped = (
        found.with_columns(node=_node())
        .join(group, on="node", how="left", maintain_order="left")
        .join(evidence, on="node", how="left", maintain_order="left")
    )
    size = pl.len().over("group")
    on_person = pl.col("person").is_not_null()
    by_person = (on_person.sum().over("group") > 1) & on_person
    reason = (
        pl.when(by_person).then(pl.lit("orang_sama"))
        .when(pl.col("same_nik")).then(pl.lit("nik_sama"))
        .otherwise(pl.lit("mirip"))
    )  # fmt: skip
    paired = 1 / (1 + 2.0 ** -pl.col("weight").clip(-60, 60))
    return grouped.filter(size > 1).select(
        "record",
        "group",
        probability=pl.when(by_person).then("chance").otherwise(paired),
        reason=reason.cast(DUPLICATES["reason"]),
    )


def _node() -> pl.Expr:
    """Return what a record stands for: its registry person (−1 − person), else itself."""
    own = pl.col("record").cast(pl.Int64)
    return pl.coalesce(-1 - pl.col("person").cast(pl.Int64), own)


def _nodes(found: pl.DataFrame) -> pl.Series:
    """Return every node there is, in order: of the records, and of the persons suspected."""
    suspects = found.select(-1 - pl.col("suspect").cast(pl.Int64)).to_series().drop_nulls()
    return pl.concat([found.select(node=_node()).to_series(), suspects]).unique().sort()


def _edges(found: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return left, right (nodes), weight and same_nik: accepted pairs, and almost certain links.

    Who is rather another registry person is no copy of this one's records: twins share the rest.
    """
    node = found.select("record", "person", node=_node())
    other = found.select("record", "other")
    between = (
        pairs.join(other, left_on="left", right_on="record", how="left", maintain_order="left")
        .join(node, left_on="right", right_on="record", how="left", maintain_order="left")
        .filter((pl.col("other") == pl.col("person")).fill_null(True))
        .select(pl.col("left").cast(pl.Int64), "weight", "same_nik", right="node")
    )
    suspected = found.filter(pl.col("suspect").is_not_null()).select(
        left=_node(),
        right=-1 - pl.col("suspect").cast(pl.Int64),
        weight="held",
        same_nik=pl.lit(False),
    )
    return pl.concat([between.select(suspected.columns), suspected])


def held(edges: pl.DataFrame) -> pl.DataFrame:
    """Return the edges that hold chains together: the strongest that join no two persons.

    `edges` has left and right (nodes; a negative one is a registry person) and weight. All persons
    taken for one root, these are the edges of the heaviest spanning forest: between two persons
    the weakest link of the chain is left out.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    turned = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
    ranked = (
        edges.with_columns(left=turned[0], right=turned[1])
        .filter((pl.col("left") != pl.col("right")) & (pl.col("right") >= 0))
        .sort("weight", "left", "right", descending=[True, False, False], maintain_order=True)
        .with_columns(a=pl.max_horizontal("left", -1), b="right")
        .unique(["a", "b"], keep="first", maintain_order=True)
    )
    nodes = pl.concat([ranked["a"], ranked["b"]]).unique().sort()
    ends = [nodes.search_sorted(ranked[name]).to_numpy() for name in ("a", "b")]
    cost = np.arange(1, ranked.height + 1, dtype=np.float64)
    graph = coo_array((cost, tuple(ends)), shape=(len(nodes),) * 2).tocsr()
    kept = np.sort(minimum_spanning_tree(graph).data.astype(np.int64)) - 1
    return ranked[kept].select(edges.columns)


def groups_of(nodes: pl.Series, edges: pl.DataFrame) -> pl.DataFrame:
    """Return node and group of every node; `edges` join left and right."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left = nodes.search_sorted(edges["left"]).to_numpy()
    right = nodes.search_sorted(edges["right"]).to_numpy()
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(len(nodes),) * 2)
    _, labels = connected_components(graph, directed=False)
    return pl.DataFrame({"node": nodes, "group": labels}).cast({"group": pl.Int64})


def _with_keep(
    members: pl.DataFrame, records: pl.DataFrame, links: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the members with `keep`: one a group, after the keep-rule of GND01.

    Found in the registry with its own NIK and birth date first, then receiving aid now, then the
    older SK, then at the registry's address, then the lowest id.
    """
    aid = pl.sum_horizontal(
        pl.col(f"{flag}_asal").fill_null("").str.strip_chars().str.to_uppercase()
        .is_in(["1", "YA", "Y", "TRUE", "V", "AKTIF", "PENERIMA"]).cast(pl.Int8)
        for flag in ("pkh", "bpnt", "bst", "pbi")
    )  # fmt: skip
    facts = records.select("record", "record_id", "id_dtks", sk="sk_pertama_asal", aid=aid)
    if links is None:
        facts = facts.with_columns(strength=pl.lit(0), away=pl.lit(False))
    else:
        order = {"padan": 0, "padan_perbaikan": 1, "tinjau": 2, "tidak_ditemukan": 3}
        dated = (pl.col("level_tanggal_lahir") == "beda").fill_null(False)
        strength = pl.col("verdict").replace_strict(order, return_dtype=pl.Int64) + 2 * dated
        away = ~pl.col("level_tempat_tinggal").cast(pl.String).is_in(["rt", "desa"])
        verdict = links.select("record", strength=strength, away=away.fill_null(True))
        facts = facts.join(verdict, on="record", how="left")
    preference = ["group", "strength", "aid", "sk", "away", "id_dtks", "record_id"]
    return (
        members.join(facts, on="record")
        .sort(preference, descending=[name == "aid" for name in preference], nulls_last=True)
        .with_columns(keep=pl.int_range(pl.len()).over("group") == 0)
    )


def _named(groups: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("record_id").min().over("group")
    return groups.with_columns(group_id=pl.lit("G-") + first).sort(["group_id", "record_id"])
