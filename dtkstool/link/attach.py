"""Whose death or move a line of an event register is, and on what evidence.

Such lines are written by a family and a village office: many lack the NIK or the birth date, and
some carry the NIK of whoever reported. So a line is read twice: as any other record, and, if
that finds nobody, without its NIK, asking how many people of that name the place could hold.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from dtkstool.link import comparisons as c
from dtkstool.link.blocking import BLOCKS, Block, candidates
from dtkstool.link.comparisons import Bools, Floats
from dtkstool.link.desa import at_each_desa
from dtkstool.link.keys import TOKENS, Dictionaries, extended
from dtkstool.link.matching import Matched, People, people
from dtkstool.link.resolve import CLEAR, ranked
from dtkstool.link.score import (
    NEARLY,
    WHOLE_NAMES,
    Compared,
    Everyone,
    Task,
    cheap_levels,
    compare,
    weighed,
)
from dtkstool.link.weigh import AGREEING_DATES
from dtkstool.link.weights import Model

LIKELY = 3.25
"""Bits from which a line's candidate without a rival is taken for its person."""
ALONE = 0.9
"""Probability a line without a usable NIK needs, against everybody else and nobody: somebody looks
at one person in vain for every nine who did die."""
NOBODY = {True: 0.02, False: 0.05}
"""Least share of lines taken to be about people the registry does not have: of those that name a
desa of the registry, and of those that do not, where the dead may be from elsewhere."""
FEW = 20
"""Lines that count for the share of all lines among those of one kind."""
REPORTER = 8.0
"""Bits for a line under the NIK of a member of the person's family, who reports more often than
not: log2 of half a desa of two thousand over a family of four."""
WORD_IN_DESA = tuple((("desa", 36), (token, 24)) for token in TOKENS)
MOTHER_IN_DESA = ((("desa", 36), ("mother", 24)),)
UNNUMBERED = (
    *(block for block in BLOCKS if not block.name.startswith("nik")),
    Block("kata+desa", WORD_IN_DESA, WORD_IN_DESA),
    Block("ibu+desa", MOTHER_IN_DESA, MOTHER_IN_DESA),
)


def attached(
    register: pl.DataFrame,
    found: Matched,
    registry: pl.DataFrame,
    words: Dictionaries,
    model: Model,
) -> pl.DataFrame:
    """Return record, person and by_nik: whose line each is, where that is at least probable.

    by_nik tells a line whose own NIK leads to the person, under a fitting name. All others are
    weaker evidence: somebody must look, nobody is removed. A NIK under another name is taken to
    be the reporter's, unless the birth date beside it is the holder's too.
    """
    sure = _sure(found.links)
    rest = register.join(sure, on="record", how="anti")
    if rest.is_empty():
        return sure
    nobody = _unknown_shares(found.links, register)
    best = _unnumbered(rest, registry, words, model, nobody)
    alone = best.filter(pl.col("p") >= ALONE).select("record", "person", by_nik=pl.lit(False))
    another = best.filter(pl.col("p") >= 0.5)["record"]
    holder = _holders(found.links).filter(~pl.col("record").is_in(another.implode()))
    holder = holder.join(sure, on="record", how="anti")
    return pl.concat([sure, alone, holder]).sort("record")


def _unknown_shares(links: pl.DataFrame, register: pl.DataFrame) -> dict[bool, float]:
    """Return which share of the lines with a NIK has one that is not in the registry.

    Of lines with and without a known desa, few lines leaning on all. Extracts that leave the dead
    out have few of their NIKs: a lone namesake then proves nothing.
    """
    owned = links.filter(pl.col("nik_owner").is_not_null())["record"]
    lines = register.filter(pl.col("nik").is_not_null()).select(
        placed=pl.col("kode_desa").is_not_null(), unknown=~pl.col("record").is_in(owned.implode())
    )
    overall = int(lines["unknown"].sum()) / (lines.height + 1)
    shares = {}
    for placed, least in NOBODY.items():
        unknown = lines.filter(pl.col("placed") == placed)["unknown"]
        share = (int(unknown.sum()) + FEW * overall) / (len(unknown) + FEW)
        shares[placed] = max(least, share)
    return shares


def _sure(links: pl.DataFrame) -> pl.DataFrame:
    """Return the lines whose own facts lead to a person, NIK or not.

    Under the person's own NIK and birth date the name may share one word only, or, where the
    mother is the same too, be written in any way: what is left is a relative with all three.
    """
    automatic = pl.col("verdict").is_in(["padan", "padan_perbaikan"])
    likely = (pl.col("weight") >= LIKELY) & (pl.col("margin") >= CLEAR)
    named = ~pl.col("level_nama").is_in(["kosong", "satu_kata", "beda"])
    own = _own_nik() & (pl.col("level_tanggal_lahir") == "sama")
    own &= (pl.col("level_nama") == "satu_kata") | (pl.col("level_nama_ibu") == "sama")
    return links.filter((automatic | likely.fill_null(False)) & (named | own)).select(
        "record", "person", by_nik=(pl.col("verdict") == "padan") & named
    )


def _own_nik() -> pl.Expr:
    return (pl.col("level_nik") == "sama") & (pl.col("level_jenis_kelamin") != "beda")


def _holders(links: pl.DataFrame) -> pl.DataFrame:
    """Return the lines about whoever holds their NIK, as it seems, though names only share a word.

    The desa or the mother is the same and no birth date speaks against it. A reporter's NIK says
    all that too, so such a line is another's wherever another fits better.
    """
    home = pl.col("level_tempat_tinggal").is_in(["rt", "desa"]) | (
        pl.col("level_nama_ibu") == "sama"
    )
    agree = (pl.col("level_nama") == "satu_kata") & (pl.col("level_tanggal_lahir") == "kosong")
    likely = (pl.col("weight") >= LIKELY) & (pl.col("margin") >= CLEAR)
    return links.filter(_own_nik() & agree & home & likely).select(
        "record", "person", by_nik=pl.lit(False)
    )


def _unnumbered(
    rest: pl.DataFrame,
    registry: pl.DataFrame,
    words: Dictionaries,
    model: Model,
    nobody: dict[bool, float],
) -> pl.DataFrame:
    """Return record, person, p: who is rather meant than anybody else, whatever NIK is written."""
    words = extended(words, rest.select("nama_folk", "nama_ibu_folk", "tempat_lahir"))
    blank = rest.with_columns(nik=pl.lit(None, pl.String), nik_digits=pl.lit(None, pl.String))
    side = people(at_each_desa(blank, registry["desa"]), words)
    right = Everyone.registered(registry, words)
    family = _reporters(rest, registry)
    pairs = _pairs(side, registry, family)
    task = Task(pairs, side.side(), right, model)
    compared = compare(task, cheap_levels(task))
    weight = _weight(task, compared, _of_reporter(pairs, side, registry, family))
    fits = _fits(compared) & _born_before(pairs, side, registry, rest)
    scored = task.pairs.select("left", "right", weight=pl.Series(weight)).filter(pl.Series(fits))
    strength = 2.0 ** pl.col("weight").clip(-60, 60)
    placed = pl.Series(side.keys["desa"] > 0)
    lines = pl.DataFrame({"record": side.owner, "placed": placed}).unique("record")
    unknown = pl.col("placed").replace_strict(nobody, return_dtype=pl.Float64)
    return (
        ranked(scored, side.owner)
        .join(lines, on="record", maintain_order="left")
        .with_columns(p=strength / (unknown + strength.sum().over("record")))
        .filter(pl.col("rank") == 1)
        .select("record", "person", "p")
    )


def _reporters(rest: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """Return record and the No KK of whoever holds the NIK on the line."""
    typed = rest.select("record", nik=pl.col("nik").cast(pl.UInt64)).drop_nulls()
    return (
        registry.lazy()
        .filter(pl.col("nokk") > 0)
        .select("nik", "nokk")
        .join(typed.lazy(), on="nik")
        .unique("record", keep="first", maintain_order=True)
        .select("record", reporter="nokk")
        .collect()
    )


def _pairs(side: People, registry: pl.DataFrame, family: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of the blocking rules, and everybody in the reporters' families."""
    found = candidates(side.keys, registry, UNNUMBERED).pairs
    lines = pl.DataFrame({"left": pl.int_range(len(side.owner), dtype=pl.UInt32, eager=True),
                          "record": side.owner})  # fmt: skip
    members = (
        registry.lazy()
        .select("nokk", right=pl.int_range(pl.len(), dtype=pl.UInt32))
        .join(family.lazy(), left_on="nokk", right_on="reporter")
        .join(lines.lazy(), on="record")
        .select("left", "right", block=pl.lit(len(UNNUMBERED), pl.UInt8))
        .collect()
    )
    return pl.concat([found, members]).unique(["left", "right"], keep="first", maintain_order=True)


def _of_reporter(
    pairs: pl.DataFrame, side: People, registry: pl.DataFrame, family: pl.DataFrame
) -> Bools:
    """Return which pairs have the candidate in the reporter's family."""
    nokk = registry["nokk"].gather(pairs["right"])
    known = pl.DataFrame({"record": side.owner.gather(pairs["left"])}).join(
        family, on="record", how="left", maintain_order="left"
    )
    return np.asarray((known["reporter"] == nokk).fill_null(False).to_numpy())


def _weight(task: Task, compared: Compared, kin: Bools) -> Floats:
    """Return each pair's weight; `kin` are those in the reporter's family.

    Among strangers mother and place are two facts, so here neither is discounted. Whether a
    relative has that very name the registry tells itself; a lesser name could be a relative's.
    """
    apart = replace(task, model=replace(task.model, household_discount=1.0))
    made = weighed(apart, compared)
    stranger = made.stranger + REPORTER * kin
    whole = np.isin(compared.levels["nama"], WHOLE_NAMES)
    return np.where(whole, stranger, -np.logaddexp2(-stranger, -made.relative))


def _fits(compared: Compared) -> Bools:
    """Return which pairs nothing speaks against: sex and birth date, and the name is there.

    A name that only shares a word needs the very birth date beside it, and not a default one; a
    birth date that differs a little needs the mother or the desa.
    """
    levels = compared.levels
    home = np.isin(levels["tempat_tinggal"], [c.TEMPAT.at(x) for x in ("rt", "desa")])
    home |= (levels["nama_ibu"] == c.IBU.at("sama")) | (levels["nokk"] == c.NOKK.at("sama"))
    sex = levels["jenis_kelamin"] != c.JK.at("beda")
    exact = np.isin(levels["tanggal_lahir"], (c.LAHIR.at("kosong"), *AGREEING_DATES))
    date = exact | (home & np.isin(levels["tanggal_lahir"], NEARLY))
    named = ~np.isin(levels["nama"], [c.NAMA.at(x) for x in ("kosong", "satu_kata", "beda")])
    worded = levels["nama"] == c.NAMA.at("satu_kata")
    born = levels["tanggal_lahir"] == c.LAHIR.at("sama")
    return np.asarray(sex & date & (named | (worded & born)))


def _born_before(
    pairs: pl.DataFrame, side: People, registry: pl.DataFrame, rest: pl.DataFrame
) -> Bools:
    """Return which pairs' candidates were born when the event happened, or may have been."""
    days = rest.select("record", day=pl.col("tanggal_peristiwa").cast(pl.Int32))
    happened = pl.DataFrame({"record": side.owner.gather(pairs["left"])}).join(
        days, on="record", how="left", maintain_order="left"
    )
    born = registry["birth"].gather(pairs["right"])
    return np.asarray((born <= happened["day"]).fill_null(True).to_numpy())
