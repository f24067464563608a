"""Scoring candidate pairs: levels, weights, and which pairs are worth a string comparison."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from dtkstool.link import comparisons as c
from dtkstool.link.comparisons import COMPARISONS, Bools, Floats, Ints, Levels, Side
from dtkstool.link.keys import Dictionaries
from dtkstool.link.names import NameMatch, compare_names
from dtkstool.link.weights import Model

AGREEING_DATES = tuple(c.LAHIR.at(level) for level in ("sama", "sama_baku"))
STRONG_NAMES = tuple(c.NAMA.at(level) for level in ("sama", "mirip", "sebagian"))
NEARLY = tuple(c.LAHIR.at(level) for level in ("tertukar", "satu_bagian", "tahun_dekat"))
"""Dates that could be one date mistyped; not where the record's own NIK confirms its date."""
NEAR_DATES = (*AGREEING_DATES, *NEARLY)
NEAR_NIKS = tuple(c.NIK.at(level) for level in ("sama", "satu_ubah", "lima_belas"))
SERIAL_ONLY = tuple(c.NIK.at(level) for level in ("satu_serial", "beda_serial"))
SURE_NIKS = tuple(c.NIK.at(level) for level in ("sama", "lima_belas"))


@dataclass(frozen=True)
class Rarity:
    """How rare the right side's values are, in bits, row by row; and tokens by code."""

    name: Floats
    birth: Floats
    nokk: Floats
    mother: Floats
    desa: Floats
    kecamatan: Floats
    birthplace: Floats
    token: Floats
    prior: float
    """log2 of the chance that a given record and a given person are the same: 1/persons."""


def rarity(right: pl.DataFrame, words: Dictionaries) -> Rarity:
    """Return the rarity of everything on the right side (`KEYS`), out of `words.persons`."""

    def of(column: str) -> Floats:
        counts = right.select(pl.len().over(column)).to_series().to_numpy()
        return c.bits(counts, max(words.persons, right.height))

    return Rarity(
        name=of("name"),
        birth=of("birth"),
        nokk=of("nokk"),
        mother=of("mother"),
        desa=of("desa"),
        kecamatan=of("kecamatan"),
        birthplace=of("birthplace"),
        token=c.token_bits(words),
        prior=-float(np.log2(max(words.persons, 2))),
    )


@dataclass(frozen=True)
class Task:
    """What scoring needs: two sides, their dictionaries, and the model."""

    left: Side
    right: Side
    words: Dictionaries
    rarity: Rarity
    model: Model


def score(task: Task, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that can reach the review cut, with weight and one `level_*` a comparison.

    Adds to left, right, block: weight (bits, prior included), linkable (nothing vetoes an
    automatic link), claimed (see `_claimed`) and `level_<comparison>` (index into the ladder).
    """
    cheap = _cheap_levels(task, pairs)
    possible = np.flatnonzero(_upper_bound(task, pairs, cheap) >= task.model.review)
    kept = pairs[possible]
    levels = {name: values[possible] for name, values in cheap.items()}
    i, j = kept["left"].to_numpy(), kept["right"].to_numpy()
    tokens = task.words.tokens["word"]
    names = compare_names(task.left.tokens[i], task.right.tokens[j], tokens, task.rarity.token)
    levels["nama"] = names.level
    mothers = task.words.mothers["word"]
    levels["nama_ibu"] = c.mother_levels(
        task.left.keys["mother"][i], task.right.keys["mother"][j], mothers
    )
    weight = _weight(task, levels, names, j)
    return kept.with_columns(
        weight=pl.Series(weight),
        linkable=pl.Series(_linkable(levels, names)),
        claimed=pl.Series(_claimed(levels)),
        **{f"level_{x.name}": pl.Series(levels[x.name], dtype=pl.UInt8) for x in COMPARISONS},
    ).filter(pl.col("weight") >= task.model.review)


def _cheap_levels(task: Task, pairs: pl.DataFrame) -> dict[str, Levels]:
    i, j = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    columns = (
        "birth",
        "birth_swapped",
        "nokk",
        "mother",
        "sex",
        "birthplace",
        "kecamatan",
        "desa",
        "rt",
        "rw",
    )
    left = {name: task.left.keys[name][i] for name in columns}
    right = {name: task.right.keys[name][j] for name in columns}
    nik = c.nik_levels(task.left, task.right, i, j)
    birth = c.birth_levels(left["birth"], left["birth_swapped"], right["birth"])
    confirmed = c.date_confirmed(task.left)[i] & (nik != c.NIK.at("sama"))
    return {
        "tanggal_lahir": np.where(confirmed & np.isin(birth, NEARLY), c.LAHIR.at("beda"), birth),
        "nik": nik,
        "nokk": c.nokk_levels(left["nokk"], right["nokk"]),
        "nama_ibu": c.equality(left["mother"], right["mother"]),
        "tempat_tinggal": c.place_levels(left, right),
        "jenis_kelamin": c.equality(left["sex"], right["sex"]),
        "tempat_lahir": c.equality(left["birthplace"], right["birthplace"]),
    }


def _upper_bound(task: Task, pairs: pl.DataFrame, levels: dict[str, Levels]) -> Floats:
    """Return what each pair could weigh if its names and mothers turned out to agree."""
    j = pairs["right"].to_numpy()
    hopeful = np.where(
        levels["nama_ibu"] == c.IBU.at("beda"), c.IBU.at("mirip"), levels["nama_ibu"]
    )
    best_name = task.model.ladders["nama"].cap[c.NAMA.at("sama")]
    return np.asarray(_without_name(task, {**levels, "nama_ibu": hopeful}, j) + best_name)


def _without_name(task: Task, levels: dict[str, Levels], j: Ints) -> Floats:
    ladders, rare = task.model.ladders, task.rarity
    date_agrees = np.isin(levels["tanggal_lahir"], AGREEING_DATES)
    return np.asarray(
        rare.prior
        + ladders["tanggal_lahir"].weights(levels["tanggal_lahir"], rare.birth[j])
        + task.model.nik_weights(levels["nik"], date_agrees)
        + ladders["jenis_kelamin"].weights(levels["jenis_kelamin"])
        + ladders["tempat_lahir"].weights(levels["tempat_lahir"], rare.birthplace[j])
        + _household(task, levels, j)
    )


def _household(task: Task, levels: dict[str, Levels], j: Ints) -> Floats:
    """Return the weight of No KK, mother and place as one fact: they agree or fail together.

    The strongest counts in full, the other agreements at a discount, disagreements in full.
    """
    ladders, rare = task.model.ladders, task.rarity
    desa = levels["tempat_tinggal"] <= c.TEMPAT.at("desa")
    place = np.where(desa, rare.desa[j], rare.kecamatan[j])
    parts = np.stack([
        ladders["nokk"].weights(levels["nokk"], rare.nokk[j]),
        ladders["nama_ibu"].weights(levels["nama_ibu"], rare.mother[j]),
        ladders["tempat_tinggal"].weights(levels["tempat_tinggal"], place),
    ])  # fmt: skip
    agreeing = np.maximum(parts, 0)
    strongest = agreeing.max(axis=0)
    others = agreeing.sum(axis=0) - strongest
    return np.asarray(
        strongest + task.model.household_discount * others + np.minimum(parts, 0).sum(axis=0)
    )


def _weight(task: Task, levels: dict[str, Levels], names: NameMatch, j: Ints) -> Floats:
    same = names.level == c.NAMA.at("sama")
    rare = np.where(same, task.rarity.name[j], names.agreed)
    name = task.model.ladders["nama"].weights(names.level, rare)
    name = name + task.model.nama_missing * names.missing + task.model.nama_clash * names.clash
    return np.asarray(_without_name(task, levels, j) + name)


def _linkable(levels: dict[str, Levels], names: NameMatch) -> Bools:
    """Return where nothing forbids an automatic link: household facts never outvote the person.

    Siblings, twins, father and son with one name share everything but name and birth date, so both
    must agree nearly; or the NIK stands in for one of them. A name that only shares a word, or
    none, needs NIK, birth date and family to agree: two typos away lives a stranger born the same
    day. A NIK that differs in its serial alone, under another name, is a twin's.
    """
    date_known = np.isin(levels["tanggal_lahir"], NEAR_DATES)
    same_nik = levels["nik"] == c.NIK.at("sama")
    near_nik = np.isin(levels["nik"], NEAR_NIKS)
    sex_differs = levels["jenis_kelamin"] == c.JK.at("beda")
    date_differs = levels["tanggal_lahir"] == c.LAHIR.at("beda")
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    person = date_known | (near_nik & ~date_differs) | (same_nik & ~sex_differs)
    strong = np.isin(names.level, STRONG_NAMES) & person
    sure_nik = np.isin(levels["nik"], SURE_NIKS)
    alike = (names.level == c.NAMA.at("agak_mirip")) & date_known & sure_nik
    other = same_nik & date_known & family & ~sex_differs
    twin = np.isin(levels["nik"], SERIAL_ONLY) & (names.level != c.NAMA.at("sama"))
    return np.asarray((strong | alike | other) & ~twin)


def _claimed(levels: dict[str, Levels]) -> Bools:
    """Return where NIK, birth date and family all say it is this person, whatever the name.

    No other person is then linked automatically: a twin's name may stand on the other's NIK.
    """
    family = (levels["nokk"] == c.NOKK.at("sama")) | (levels["nama_ibu"] == c.IBU.at("sama"))
    dated = np.isin(levels["tanggal_lahir"], AGREEING_DATES)
    return np.asarray((levels["nik"] == c.NIK.at("sama")) & dated & family)
