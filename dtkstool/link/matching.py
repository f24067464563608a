"""Finding each record of the register in the civil registry: the passes, cheapest first."""

from dataclasses import dataclass, replace

import polars as pl

from dtkstool.frames import LINKS, TOLD_PERSONS, conform
from dtkstool.link.blocking import BLOCKS, SAME_NIK, Block, candidates
from dtkstool.link.comparisons import LAHIR, NAMA, Side
from dtkstool.link.hot import named
from dtkstool.link.keys import Dictionaries, encode, extended
from dtkstool.link.niks import OWNER_NOKK, with_owners
from dtkstool.link.poor import poor
from dtkstool.link.resolve import named_levels, ranked, verdicts
from dtkstool.link.score import Everyone, Task, score
from dtkstool.link.told import confirmed, numbered, without_refused
from dtkstool.link.weights import Model

BELOW = 6.0
"""Bits below the review cut down to which candidates are remembered as nearest, and compete with
one that is not as many above it."""
DAMAGED = ("rusak_digit16", "rusak_float")
TAKEN_WHOLE = ("sama", "mirip")
"""Name levels that settle an equal NIK at once; a shared first name with the rest missing does
not: two typos away lives a stranger born the same day."""


@dataclass(frozen=True)
class People:
    """One side to be linked: its keys and what comparisons need beside them."""

    keys: pl.DataFrame
    digits: pl.Series
    damaged: pl.Series
    owner: pl.Series
    """The record (or person) each row belongs to: an alias gives its record a second row."""

    def rows(self, chosen: pl.Series) -> "People":
        """Return only the chosen rows (a Boolean mask)."""
        return People(
            self.keys.filter(chosen),
            self.digits.filter(chosen),
            self.damaged.filter(chosen),
            self.owner.filter(chosen),
        )

    def looked_up(self, registry: pl.DataFrame) -> "People":
        """Return the same people with the No KK of whoever holds their NIK in the registry."""
        return replace(self, keys=with_owners(self.keys, registry))

    def unowned(self) -> "People":
        """Return the same people as if nobody in the registry held their NIKs."""
        return replace(self, keys=self.keys.with_columns(pl.lit(0, pl.UInt64).alias(OWNER_NOKK)))

    def side(self) -> Side:
        """Return the arrays that comparisons work on."""
        return Side.of(self.keys, self.digits, self.damaged)


@dataclass(frozen=True)
class Matched:
    """What matching found."""

    links: pl.DataFrame
    """`frames.LINKS` plus `level_*` and nik_owner (the person who holds the NIK as typed)."""
    candidates: pl.DataFrame
    """record, person, rank, weight: up to three per record that a person must look at."""
    blocks: pl.DataFrame
    """Per blocking rule: pairs, hot_keys, dropped, and hottest in words."""
    nearest: pl.DataFrame | None = None
    """record, person, weight: the best candidate of records it is not enough for."""


def people(records: pl.DataFrame, words: Dictionaries) -> People:
    """Return the register's side; a record with an alias has a second row under that name.

    A temporary NIK (beginning with 0) is no fact about the person's own.
    """
    usable = pl.col("nik_kelas").cast(pl.String).ne_missing("sementara")
    records = records.with_columns(pl.when(usable).then(pl.col("nik", "nik_digits")))
    alias = records.filter(pl.col("nama_alias").is_not_null())
    aliased = alias.with_columns(nama_folk=pl.col("alias_folk"))
    rows = pl.concat([records, aliased])
    return People(
        keys=encode(rows, words),
        digits=rows["nik_digits"],
        damaged=rows["nik_kelas"].cast(pl.String).is_in(DAMAGED).fill_null(False),
        owner=rows["record"],
    )


def match(
    records: pl.DataFrame,
    registry: pl.DataFrame,
    words: Dictionaries,
    model: Model,
    persons: pl.DataFrame | None = None,
) -> Matched:
    """Return the link of every record (`frames.CLEANED` and alias_folk) into the registry's keys.

    `registry` is a `KEYS` frame whose row number is the person; `persons` what clerks decided
    (`frames.TOLD_PERSONS`).
    """
    said = pl.DataFrame(schema=TOLD_PERSONS) if persons is None else persons
    told = numbered(said, records, registry)
    words = extended(words, records.select("nama_folk", "nama_ibu_folk", "tempat_lahir"))
    register = people(records, words).looked_up(registry)
    right = Everyone.registered(registry, words)

    def scored(side: People, blocks: tuple[Block, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
        found = candidates(side.keys, registry, blocks)
        task = Task(found.pairs, side.side(), right, model)
        pairs = score(task, remembered=BELOW)
        pairs = without_refused(pairs, side.owner, told)
        names = [block.name for block in blocks]
        return ranked(pairs, side.owner).with_columns(
            pl.col("block").replace_strict(list(range(len(names))), names).alias("pass")
        ), found.counts

    by_nik, _ = scored(register, SAME_NIK)
    settled = verdicts(by_nik, model).filter(_settles())
    open_rows = ~register.owner.is_in(settled["record"].implode())
    searched, blocks = scored(register.rows(open_rows), BLOCKS)
    best = pl.concat([settled, verdicts(searched, model)])
    nearest = best.filter(pl.col("weight") < model.review).select("record", "person", "weight")
    links = best.filter(pl.col("weight") >= model.review)
    links = confirmed(links, register.owner, register.side, right, model, told)
    unsure = register.rows(~register.owner.is_in(_automatic(links).implode()))
    near = (pl.col("rank") <= 3) & (pl.col("weight") >= model.review)
    return Matched(
        links=_links(records, registry, links, _poor(unsure, right, model)),
        candidates=searched.filter(near).select("record", "person", "rank", "weight"),
        blocks=named(blocks, words),
        nearest=nearest,
    )


def _settles() -> pl.Expr:
    names = [NAMA.at(level) for level in TAKEN_WHOLE]
    return (
        (pl.col("verdict") == "padan")
        & pl.col("level_nama").is_in(names)
        & ~pl.col("level_tanggal_lahir").is_in([LAHIR.at("hari_bulan"), LAHIR.at("beda")])
    )


def _automatic(links: pl.DataFrame) -> pl.Series:
    return links.filter(pl.col("verdict").cast(pl.String) != "tinjau")["record"]


def _poor(unsure: People, right: Everyone, model: Model) -> pl.DataFrame:
    """Return record and poor of the records that nothing linked; all of their names must be."""
    hopeless = poor(unsure.keys, unsure.side(), right, model)
    return (
        pl.DataFrame({"record": unsure.owner, "poor": hopeless})
        .group_by("record")
        .agg(pl.col("poor").all())
    )


def _links(
    records: pl.DataFrame, registry: pl.DataFrame, links: pl.DataFrame, poor: pl.DataFrame
) -> pl.DataFrame:
    typed = records.select("record", nik=pl.col("nik").cast(pl.UInt64)).drop_nulls()
    owners = (
        registry.lazy()
        .select("nik", nik_owner=pl.int_range(pl.len(), dtype=pl.UInt32))
        .join(typed.lazy().select("nik").unique(), on="nik", how="semi")
        .group_by("nik")
        .agg(pl.col("nik_owner").min())
        .collect()
    )
    typed = typed.join(owners, on="nik", how="left")
    keep = ["record", "person", "pass", "weight", "probability", "margin", "verdict", "probable"]
    levels = [name for name in links.columns if name.startswith("level_")]
    nik = registry["nik"].gather(links["person"]).cast(pl.String)
    found = named_levels(links).select(*keep, *levels).with_columns(nik_dukcapil=nik)
    whole = (
        records.select("record_id", "id_dtks", "record")
        .join(found, on="record", how="left")
        .join(typed.select("record", "nik_owner"), on="record", how="left")
        .join(poor, on="record", how="left")
        .with_columns(
            pl.col("poor", "probable").fill_null(False),
            pl.col("verdict").fill_null("tidak_ditemukan"),
            simil=pl.lit(None, pl.Float64),
        )
        .sort("record")
    )
    return conform(whole.select(*LINKS, *levels, "nik_owner"), LINKS, "links")
