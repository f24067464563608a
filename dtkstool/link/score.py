"""Scoring candidate pairs: levels, weights, and which pairs are worth a string comparison."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from dtkstool.link import comparisons as c
from dtkstool.link.bounds import Letters, name_bounds
from dtkstool.link.comparisons import COMPARISONS, Bools, Floats, Ints, Levels, Side
from dtkstool.link.keys import Dictionaries
from dtkstool.link.mothers import mother_levels
from dtkstool.link.names import NameMatch, compare_names
from dtkstool.link.niks import nik_levels
from dtkstool.link.rarity import Rarity, WordBits, counted, rarity
from dtkstool.link.weigh import (
    AGREEING_DATES,
    Evidence,
    evidence,
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
SLICE = 1 << 18
"""Pairs scored at once: few enough for their arrays to stay in the processor's cache."""


@dataclass(frozen=True)
class Everyone:
    """The side that is searched: its keys, dictionaries and frequencies, counted once."""

    keys: pl.DataFrame
    side: Side
    """The same with `COUNTS`."""
    words: Dictionaries
    bits: WordBits
    letters: Letters
    one_by_one: bool
    """Whether each row is a person of its own, so that twins are two people."""

    @classmethod
    def of(
        cls, keys: pl.DataFrame, words: Dictionaries, digits: pl.Series | None = None
    ) -> "Everyone":
        """Return a side from its `KEYS` frame; `digits` where some NIKs are damaged."""
        side = Side.of(counted(keys), digits)
        letters = Letters.of(words.tokens["word"])
        return cls(keys, side, words, WordBits.of(words), letters, one_by_one=False)

    @classmethod
    def registered(cls, keys: pl.DataFrame, words: Dictionaries) -> "Everyone":
        """Return the civil registry as a side: each person once, so that twins are two people."""
        return replace(cls.of(keys, words), one_by_one=True)


@dataclass(frozen=True)
class Task:
    """Pairs to score: both sides, and what comparing needs."""

    pairs: pl.DataFrame
    """left, right, block as `blocking.candidates` gave them: row numbers of the two sides."""
    left: Side
    right: Everyone
    model: Model

    @cached_property
    def rows(self) -> tuple[Ints, Ints]:
        """The rows of each pair on either side."""
        return self.pairs["left"].to_numpy(), self.pairs["right"].to_numpy()

    @cached_property
    def rarity(self) -> Rarity:
        """How rare the values of each pair's right person are."""
        return rarity(self.right.side.keys, self.rows[1], self.right.bits)

    def only(self, chosen: pl.DataFrame) -> "Task":
        """Return the same task for some of its pairs."""
        return replace(self, pairs=chosen)

    def slices(self) -> list["Task"]:
        """Return the task in pieces of about `SLICE` pairs, each left row whole in one of them."""
        left = self.rows[0]
        ends = np.append(np.searchsorted(left, left[SLICE::SLICE]), len(left))
        starts = np.append(0, ends[:-1])
        return [self.only(self.pairs[a:b]) for a, b in zip(starts, ends, strict=True) if a < b]


@dataclass(frozen=True)
class Compared:
    """How pairs compare: the level of every comparison, and the names in detail."""

    levels: dict[str, Levels]
    names: NameMatch


def score(task: Task, floor: float | None = None, remembered: float = 0.0) -> pl.DataFrame:
    """Return the pairs that reach `floor` (the review cut), with weight and `level_*` columns.

    The pairs come in order of left. Of left rows whose best pair is not `remembered` bits above
    the floor, also those down to as many bits below it are returned.

    Adds to left, right, block: weight (bits, prior included), linkable and strict (see `Vetoes`),
    claimed, named (see `_claimed`, `_named`) and `level_<comparison>` (index into the ladder).
    """
    floor = task.model.review if floor is None else floor
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        found = list(pool.map(lambda part: _score(part, floor, remembered), task.slices()))
    return pl.concat(found) if found else scored(task, compare(task, cheap_levels(task)))


def _score(task: Task, floor: float, remembered: float) -> pl.DataFrame:
    cheap = cheap_levels(task)
    lowest = floor - remembered
    bounds = upper_bounds(task, cheap, lowest)
    likely = (bounds >= floor) | (_family_born(cheap) & (bounds >= lowest))
    found = _reaching(task, cheap, likely, lowest)
    sure = found.filter(pl.col("weight") >= floor + remembered)["left"].unique()
    rest = (bounds >= lowest) & ~likely & ~np.isin(task.rows[0], sure.to_numpy())
    return pl.concat([found, _reaching(task, cheap, rest, lowest)]) if rest.any() else found


def _reaching(task: Task, cheap: dict[str, Levels], chosen: Bools, floor: float) -> pl.DataFrame:
    rows = np.flatnonzero(chosen)
    kept = task.only(task.pairs[rows])
    compared = compare(kept, {name: values[rows] for name, values in cheap.items()})
    return scored(kept, compared).filter(pl.col("weight") >= floor)


def scored(task: Task, compared: Compared) -> pl.DataFrame:
    """Return every pair of the task with the columns that `score` adds."""
    levels, allowed = compared.levels, vetoes(compared.levels, _twins(task))
    return task.pairs.with_columns(
        weight=pl.Series(weighed(task, compared).weight),
        linkable=pl.Series(allowed.linkable),
        strict=pl.Series(allowed.strict),
        claimed=pl.Series(_claimed(levels)),
        named=pl.Series(_named(levels)),
        **{f"level_{x.name}": pl.Series(levels[x.name], dtype=pl.UInt8) for x in COMPARISONS},
    )


def cheap_levels(task: Task) -> dict[str, Levels]:
    """Return the levels that integers decide: all but the name's; the mother's only as equal."""
    i, j = task.rows
    left = {name: task.left.keys[name][i] for name in CHEAP_KEYS}
    right = {name: task.right.side.keys[name][j] for name in CHEAP_KEYS}
    nik = nik_levels(task.left, task.right.side, i, j)
    birth = c.birth_levels(left["birth"], left["birth_swapped"], right["birth"])
    confirmed = task.left.date_confirmed[i] & (nik != c.NIK.at("sama"))
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
    (i, j), words, right = task.rows, task.right.words, task.right.side
    names = compare_names(
        task.left.tokens(i), right.tokens(j), words.tokens["word"], task.right.bits.token
    )
    spelled = mother_levels(
        task.left.keys["mother"][i], right.keys["mother"][j], words.mothers["word"]
    )
    return Compared({**cheap, "nama": names.level, "nama_ibu": spelled}, names)


def weighed(task: Task, compared: Compared) -> Evidence:
    """Return what the weight of each pair is made of."""
    return evidence(task.model, task.rarity, compared.levels, compared.names)


def upper_bounds(task: Task, cheap: dict[str, Levels], floor: float) -> Floats:
    """Return what each pair could weigh at most, −inf where that is below `floor`.

    The cheap levels are known; mothers are taken to agree as well as they can, and names as well
    as their shared words and the letters of the others allow.
    """
    mother = task.model.ladders["nama_ibu"].bits
    best = max(("mirip", "sebagian", "beda"), key=lambda level: mother[c.IBU.at(level)])
    hopeful = np.where(cheap["nama_ibu"] == 2, c.IBU.at(best), cheap["nama_ibu"])
    parts = without_name(task.model, task.rarity, {**cheap, "nama_ibu": hopeful})
    apart = np.asarray(sum(parts.values()))
    ladder = task.model.ladders["nama"]
    bounds = np.asarray(apart + ladder.weights(np.full(len(hopeful), c.NAMA.at("sama")), np.inf))
    rows = np.flatnonzero(bounds >= floor)
    i, j = (side[rows] for side in task.rows)
    right, whole = task.right, task.rarity.name[rows]
    tokens = task.left.tokens(i), right.side.tokens(j)
    names = name_bounds(*tokens, whole, right.bits, right.letters, task.model)
    bounds = np.full(len(hopeful), -np.inf)
    bounds[rows] = apart[rows] + names
    return bounds


@dataclass(frozen=True)
class Vetoes:
    """What keeps a pair from an automatic link, whatever its weight."""

    linkable: Bools
    """Nothing does."""
    strict: Bools
    """A doubt that much more evidence than usual (`Model.strict`) outweighs."""


def _twins(task: Task) -> Bools | None:
    twin = task.right.side.keys["twin"].astype(bool, copy=False)
    return twin[task.rows[1]] if task.right.one_by_one else None


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
    return np.asarray((levels["nik"] == c.NIK.at("sama")) & _family_born(levels))


def _named(levels: dict[str, Levels]) -> Bools:
    """Return where name, birth date and family all say it is this person, whatever the NIK.

    Nobody whose name does not fit is then linked automatically: the NIK may be the twin's.
    """
    return np.asarray(np.isin(levels["nama"], WHOLE_NAMES) & _family_born(levels))


def _family_born(levels: dict[str, Levels]) -> Bools:
    """Return where birth date and family agree: what makes a rival of a candidate."""
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    return np.asarray(family & np.isin(levels["tanggal_lahir"], AGREEING_DATES))
