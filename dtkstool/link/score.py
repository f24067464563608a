"""Scoring candidate pairs: levels, weights, and which pairs are worth a string comparison."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from dtkstool.link import comparisons as c
from dtkstool.link.comparisons import COMPARISONS, Bools, Floats, Levels, Side
from dtkstool.link.keys import Dictionaries, twins
from dtkstool.link.mothers import mother_levels
from dtkstool.link.names import NameMatch, compare_names
from dtkstool.link.niks import date_confirmed, nik_levels
from dtkstool.link.weigh import (
    AGREEING_DATES,
    Evidence,
    Rarity,
    evidence,
    frequencies,
    rarity,
    without_name,
)
from dtkstool.link.weights import Model

STRONG_NAMES = tuple(c.NAMA.at(level) for level in ("sama", "mirip", "sebagian"))
WHOLE_NAMES = STRONG_NAMES[:2]
ALIKE_NAMES = tuple(
    c.NAMA.at(level) for level in ("agak_mirip", "sebagian_mirip", "terpotong", "panggilan")
)
OTHER_DATES = tuple(c.LAHIR.at(level) for level in ("hari_bulan", "beda"))
NEARLY = tuple(c.LAHIR.at(level) for level in ("tertukar", "satu_bagian", "tahun_dekat"))
"""Dates that could be one date mistyped; not where the record's own NIK confirms its date."""
NEAR_DATES = (*AGREEING_DATES, *NEARLY)
NEAR_NIKS = tuple(c.NIK.at(level) for level in ("sama", "satu_ubah", "lima_belas"))
SERIAL_ONLY = tuple(c.NIK.at(level) for level in ("satu_serial", "beda_serial"))
SURE_NIKS = tuple(c.NIK.at(level) for level in ("sama", "lima_belas"))
CHEAP_KEYS = (
    "birth", "birth_swapped", "nokk", "mother", "sex", "birthplace", "kecamatan", "desa", "rt",
    "rw",
)  # fmt: skip


@dataclass(frozen=True)
class Everyone:
    """The side that is searched: its keys, dictionaries and frequencies, counted once."""

    keys: pl.DataFrame
    words: Dictionaries
    known: dict[str, pl.DataFrame]
    digits: pl.Series | None
    """NIK digits where some are damaged; None where the NIK says it all."""
    twin: pl.Series | None = None
    """Who shares No KK and birth date with somebody else; None where that is no matter."""

    @classmethod
    def of(
        cls, keys: pl.DataFrame, words: Dictionaries, digits: pl.Series | None = None
    ) -> "Everyone":
        """Return a side from its `KEYS` frame."""
        return cls(keys, words, frequencies(keys), digits)

    @classmethod
    def registered(cls, keys: pl.DataFrame, words: Dictionaries) -> "Everyone":
        """Return the civil registry as a side: each person once, so that twins are two people."""
        return cls(keys, words, frequencies(keys), None, twins(keys))


@dataclass(frozen=True)
class Task:
    """Pairs to score: both sides narrowed to the people in them, and what comparing needs."""

    pairs: pl.DataFrame
    """left, right, block as `blocking.candidates` gave them, and i, j: rows of the two sides."""
    left: Side
    right: Side
    words: Dictionaries
    rarity: Rarity
    model: Model

    @classmethod
    def of(cls, pairs: pl.DataFrame, left: Side, right: "Everyone", model: Model) -> "Task":
        """Return the task of comparing `pairs`, the right side narrowed to the people in them."""
        wanted = pairs["right"].unique().sort()
        rows = right.keys[wanted]
        numbered = pairs.with_columns(i="left", j=wanted.search_sorted(pairs["right"]))
        digits = rows["nik"].cast(pl.String) if right.digits is None else right.digits[wanted]
        rare = rarity(rows, right.known, right.words)
        twin = None if right.twin is None else right.twin[wanted]
        side = Side.of(rows, digits, twin=twin)
        return cls(numbered, left, side, right.words, rare, model)

    def only(self, chosen: pl.DataFrame) -> "Task":
        """Return the same task for some of its pairs."""
        return Task(chosen, self.left, self.right, self.words, self.rarity, self.model)


@dataclass(frozen=True)
class Compared:
    """How pairs compare: the level of every comparison, and the names in detail."""

    levels: dict[str, Levels]
    names: NameMatch


def score(task: Task, floor: float | None = None) -> pl.DataFrame:
    """Return the pairs that reach `floor` (the review cut), with weight and `level_*` columns.

    Adds to left, right, block: weight (bits, prior included), linkable and strict (see `Vetoes`),
    claimed, named (see `_claimed`, `_named`) and `level_<comparison>` (index into the ladder).
    """
    floor = task.model.review if floor is None else floor
    cheap = cheap_levels(task)
    possible = np.flatnonzero(_upper_bound(task, cheap) >= floor)
    kept = task.only(task.pairs[possible])
    compared = compare(kept, {name: values[possible] for name, values in cheap.items()})
    return scored(kept, compared).filter(pl.col("weight") >= floor)


def scored(task: Task, compared: Compared) -> pl.DataFrame:
    """Return every pair of the task with the columns that `score` adds."""
    levels, allowed = compared.levels, vetoes(compared.levels, _twins(task))
    return task.pairs.drop("i", "j").with_columns(
        weight=pl.Series(weighed(task, compared).weight),
        linkable=pl.Series(allowed.linkable),
        strict=pl.Series(allowed.strict),
        claimed=pl.Series(_claimed(levels)),
        named=pl.Series(_named(levels)),
        **{f"level_{x.name}": pl.Series(levels[x.name], dtype=pl.UInt8) for x in COMPARISONS},
    )


def cheap_levels(task: Task) -> dict[str, Levels]:
    """Return the levels that integers decide: all but the name's; the mother's only as equal."""
    i, j = task.pairs["i"].to_numpy(), task.pairs["j"].to_numpy()
    left = {name: task.left.keys[name][i] for name in CHEAP_KEYS}
    right = {name: task.right.keys[name][j] for name in CHEAP_KEYS}
    nik = nik_levels(task.left, task.right, i, j)
    birth = c.birth_levels(left["birth"], left["birth_swapped"], right["birth"])
    confirmed = date_confirmed(task.left)[i] & (nik != c.NIK.at("sama"))
    return {
        "tanggal_lahir": np.where(confirmed & np.isin(birth, NEARLY), c.LAHIR.at("beda"), birth),
        "nik": nik,
        "nokk": c.nokk_levels(left["nokk"], right["nokk"]),
        "nama_ibu": c.equality(left["mother"], right["mother"]),  # 2: to be compared as strings
        "tempat_tinggal": c.place_levels(left, right),
        "jenis_kelamin": c.equality(left["sex"], right["sex"]),
        "tempat_lahir": c.equality(left["birthplace"], right["birthplace"]),
    }


def compare(task: Task, cheap: dict[str, Levels]) -> Compared:
    """Return all levels, names and mothers compared as strings."""
    i, j = task.pairs["i"].to_numpy(), task.pairs["j"].to_numpy()
    tokens, mothers = task.words.tokens["word"], task.words.mothers["word"]
    names = compare_names(task.left.tokens[i], task.right.tokens[j], tokens, task.rarity.token)
    spelled = mother_levels(task.left.keys["mother"][i], task.right.keys["mother"][j], mothers)
    return Compared({**cheap, "nama": names.level, "nama_ibu": spelled}, names)


def weighed(task: Task, compared: Compared) -> Evidence:
    """Return what the weight of each pair is made of."""
    j = task.pairs["j"].to_numpy()
    return evidence(task.model, task.rarity, compared.levels, compared.names, j)


def _upper_bound(task: Task, levels: dict[str, Levels]) -> Floats:
    """Return what each pair could weigh if its names and mothers turned out to agree."""
    j = task.pairs["j"].to_numpy()
    mother = task.model.ladders["nama_ibu"].bits
    best = max(("mirip", "sebagian", "beda"), key=lambda level: mother[c.IBU.at(level)])
    hopeful = np.where(levels["nama_ibu"] == 2, c.IBU.at(best), levels["nama_ibu"])
    parts = without_name(task.model, task.rarity, {**levels, "nama_ibu": hopeful}, j)
    best_name = task.model.ladders["nama"].cap[c.NAMA.at("sama")]
    return np.asarray(sum(parts.values()) + best_name)


@dataclass(frozen=True)
class Vetoes:
    """What keeps a pair from an automatic link, whatever its weight."""

    linkable: Bools
    """Nothing does."""
    strict: Bools
    """A doubt that much more evidence than usual (`Model.strict`) outweighs."""


def _twins(task: Task) -> Bools:
    return np.asarray(task.right.twin[task.pairs["j"].to_numpy()])


def vetoes(levels: dict[str, Levels], twin: Bools | None = None) -> Vetoes:
    """Return which pairs may be linked: household facts never outvote the person.

    Siblings, twins, father and son with one name share everything but name and birth date, so both
    must agree nearly; or the NIK stands in for one of them, the birth date only where the name is
    whole. A name that only shares a word, or none, needs NIK, birth date and family to agree: two
    typos away lives a stranger born the same day. A NIK that differs in its serial alone, under
    another name, is a twin's; and a person who has a twin (`twin`) is nobody but whose name is the
    same, for each may stand under the other's NIK.
    """
    name = levels["nama"]
    date_known = np.isin(levels["tanggal_lahir"], NEAR_DATES)
    same_nik = levels["nik"] == c.NIK.at("sama")
    near_nik = np.isin(levels["nik"], NEAR_NIKS)
    sex_differs = levels["jenis_kelamin"] == c.JK.at("beda")
    date_differs = np.isin(levels["tanggal_lahir"], OTHER_DATES)
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    named, whole = np.isin(name, STRONG_NAMES), np.isin(name, WHOLE_NAMES)
    person = date_known | (near_nik & ~date_differs) | (same_nik & ~sex_differs & whole)
    sure_nik = np.isin(levels["nik"], SURE_NIKS)
    alike = np.isin(name, ALIKE_NAMES) & date_known & sure_nik
    other = same_nik & date_known & family & ~sex_differs
    same_name = name == c.NAMA.at("sama")
    twin = np.zeros(len(name), bool) if twin is None else twin
    doubtful = np.isin(levels["nik"], SERIAL_ONLY) | twin
    linkable = ((named & person) | alike | other) & ~(doubtful & ~same_name)
    worded = named | np.isin(name, ALIKE_NAMES) | (name == c.NAMA.at("satu_kata"))
    kept = (named & ~date_differs) | (worded & same_nik & date_known)
    kept &= ~sex_differs & ~(twin & ~same_name)
    return Vetoes(np.asarray(linkable), np.asarray(kept))


def _claimed(levels: dict[str, Levels]) -> Bools:
    """Return where NIK, birth date and family all say it is this person, whatever the name.

    No other person is then linked automatically: a twin's name may stand on the other's NIK.
    """
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    dated = np.isin(levels["tanggal_lahir"], AGREEING_DATES)
    return np.asarray((levels["nik"] == c.NIK.at("sama")) & dated & family)


def _named(levels: dict[str, Levels]) -> Bools:
    """Return where name, birth date and family all say it is this person, whatever the NIK.

    Nobody whose name does not fit is then linked automatically: the NIK may be the twin's.
    """
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    dated = np.isin(levels["tanggal_lahir"], AGREEING_DATES)
    return np.asarray(np.isin(levels["nama"], WHOLE_NAMES) & dated & family)
