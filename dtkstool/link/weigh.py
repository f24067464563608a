"""From levels to one weight a pair: evidence against a stranger, and against a relative."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from dtkstool.link import comparisons as c
from dtkstool.link.comparisons import Bools, Floats, Ints, Levels
from dtkstool.link.keys import Dictionaries
from dtkstool.link.names import NameMatch
from dtkstool.link.weights import Model

AGREEING_DATES = tuple(c.LAHIR.at(level) for level in ("sama", "sama_baku"))
NEARLY_DATES = tuple(
    c.LAHIR.at(level) for level in ("tertukar", "satu_bagian", "tahun_dekat", "hari_bulan", "tahun")
)
DATED = np.isin(
    np.arange(len(c.NIK.levels)),
    [
        c.NIK.at(level)
        for level in (
            "sama", "satu_serial", "satu_wilayah", "lima_belas", "beda_serial", "beda_wilayah",
            "tanggal_saja",
        )
    ],
)  # fmt: skip
"""NIK levels in which the date inside is the same."""
HOUSEHOLD = ("nokk", "nama_ibu", "tempat_tinggal")
FAMILY = "keluarga"
"""The part of a weight that a relative takes away: 0 where none could be meant instead."""


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
    crowd: Floats
    """Bits by which more people than usual share a NIK up to its serial, which then says less."""
    token: Floats
    prior: float
    """log2 of the chance that a given record and a given person are the same: 1/persons."""


COUNTED = ("birth", "nokk", "desa", "kecamatan")
CROWD = 4
"""People whose NIKs share region and date, as many as in any kecamatan; default dates draw more."""
BY_SERIAL = np.isin(
    np.arange(len(c.NIK.levels)),
    [c.NIK.at(level) for level in ("satu_serial", "lima_belas", "beda_serial")],
)
"""NIK levels that rest on region and date."""


def frequencies(everyone: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return, per key column in `COUNTED`, how many of `everyone` (`KEYS`) have each value."""
    counted = [everyone.lazy().group_by(name).agg(size=pl.len()) for name in COUNTED]
    crowds = everyone.lazy().filter(pl.col("nik12") > 0).group_by("nik12").agg(size=pl.len())
    several = pl.collect_all([*counted, crowds.filter(pl.col("size") > CROWD)])
    return dict(zip((*COUNTED, "nik12"), several, strict=True))


def rarity(rows: pl.DataFrame, known: dict[str, pl.DataFrame], words: Dictionaries) -> Rarity:
    """Return the rarity of everything in `rows` (`KEYS`) in a registry of `words.persons`.

    `known` are the registry's `frequencies`; what it lacks is as rare as can be.
    """
    persons = words.persons

    def counted(column: str) -> Floats:
        found = rows.select(column).join(
            known[column], on=column, how="left", maintain_order="left"
        )
        return c.bits(found["size"].fill_null(0).to_numpy(), persons)

    def crowd() -> Floats:
        found = rows.select("nik12").join(
            known["nik12"], on="nik12", how="left", maintain_order="left"
        )
        return np.asarray(np.log2(found["size"].fill_null(CROWD).to_numpy() / CROWD))

    def worded(column: str, dictionary: pl.DataFrame) -> Floats:
        counts = np.concatenate([[persons], dictionary["count"].to_numpy()])
        return c.bits(counts[rows[column].to_numpy()], persons)

    return Rarity(
        name=worded("name", words.names),
        birth=counted("birth"),
        nokk=counted("nokk"),
        mother=worded("mother", words.mothers),
        desa=counted("desa"),
        kecamatan=counted("kecamatan"),
        birthplace=worded("birthplace", words.birthplaces),
        crowd=crowd(),
        token=c.token_bits(words),
        prior=-float(np.log2(max(persons, 2))),
    )


@dataclass(frozen=True)
class Evidence:
    """What the weight of each pair is made of, in bits."""

    parts: dict[str, Floats]
    """`prior` and one entry a comparison; they add up to the weight against strangers."""
    relative: Floats
    """The weight against a member of the same family."""

    @property
    def stranger(self) -> Floats:
        """The weight against anybody else in the registry."""
        return np.asarray(sum(self.parts.values()))

    @property
    def weight(self) -> Floats:
        """Both rivals at once: −log2(2^−stranger + 2^−relative), a little under the smaller."""
        return np.asarray(-np.logaddexp2(-self.stranger, -self.relative))


def evidence(
    model: Model, rare: Rarity, levels: dict[str, Levels], names: NameMatch, j: Ints
) -> Evidence:
    """Return what the weight of each pair is made of; `j` are the pairs' rows in `rare`."""
    name = model.ladders["nama"].bits[names.level] + _shared_name(model, rare, names, j)
    parts = {**without_name(model, rare, levels, j), "nama": name}
    return Evidence(parts, _against_relatives(model, {**levels, "nama": names.level}))


def _shared_name(model: Model, rare: Rarity, names: NameMatch, j: Ints) -> Floats:
    """Return what a name adds to its level's bits: how rare, which tokens missing or clashing."""
    same = names.level == c.NAMA.at("sama")
    shared = model.ladders["nama"].shared(names.level, np.where(same, rare.name[j], names.agreed))
    return np.asarray(shared + model.nama_missing * names.missing + model.nama_clash * names.clash)


def shared_rarity(
    model: Model, rare: Rarity, levels: dict[str, Levels], names: NameMatch, j: Ints
) -> dict[str, Floats]:
    """Return, per comparison with a ladder, what its weight adds to the level's own bits."""
    value = {
        "tanggal_lahir": rare.birth[j],
        "tempat_lahir": rare.birthplace[j],
        "nokk": rare.nokk[j],
        "nama_ibu": rare.mother[j],
        "tempat_tinggal": _place(rare, levels, j),
        "jenis_kelamin": np.zeros(len(j)),
    }
    told = {name: model.ladders[name].shared(levels[name], value[name]) for name in value}
    return {**told, "nama": _shared_name(model, rare, names, j)}


def without_name(
    model: Model, rare: Rarity, levels: dict[str, Levels], j: Ints
) -> dict[str, Floats]:
    """Return every part of the weight against strangers but the name's."""
    ladders = model.ladders
    return {
        "prior": np.full(len(j), rare.prior + model.prior),
        "tanggal_lahir": _birth(model, rare, levels, j),
        "nik": model.nik.weights(levels["nik"], date_agrees(levels))
        - np.where(BY_SERIAL[levels["nik"]], rare.crowd[j], 0.0),
        "jenis_kelamin": ladders["jenis_kelamin"].weights(levels["jenis_kelamin"]),
        "tempat_lahir": ladders["tempat_lahir"].weights(levels["tempat_lahir"], rare.birthplace[j]),
        **_household(model, rare, levels, j),
    }


def _birth(model: Model, rare: Rarity, levels: dict[str, Levels], j: Ints) -> Floats:
    """Return the birth date's part: one that nearly agrees says nothing beside a NIK that does.

    Whoever has the same date in the NIK has a birth date near the one typed beside it.
    """
    birth = levels["tanggal_lahir"]
    bits = model.ladders["tanggal_lahir"].weights(birth, rare.birth[j])
    told = np.isin(birth, NEARLY_DATES) & DATED[levels["nik"]]
    return np.where(told, np.minimum(bits, 0.0), bits)


def date_agrees(levels: dict[str, Levels]) -> Bools:
    """Return where the birth dates are equal."""
    return np.isin(levels["tanggal_lahir"], AGREEING_DATES)


def _household(model: Model, rare: Rarity, levels: dict[str, Levels], j: Ints) -> dict[str, Floats]:
    """Return No KK, mother and place as one fact: they agree or fail together.

    The strongest counts in full, the other agreements at a discount, disagreements in full.
    """
    ladders = model.ladders
    place = _place(rare, levels, j)
    parts = np.stack([
        ladders["nokk"].weights(levels["nokk"], rare.nokk[j]),
        ladders["nama_ibu"].weights(levels["nama_ibu"], rare.mother[j]),
        ladders["tempat_tinggal"].weights(levels["tempat_tinggal"], place)
        + model.moved[levels["nokk"], levels["tempat_tinggal"]],
    ])  # fmt: skip
    full = (np.arange(3)[:, None] == parts.argmax(axis=0)) | (parts < 0)
    return dict(
        zip(HOUSEHOLD, np.where(full, parts, model.household_discount * parts), strict=True)
    )


def _place(rare: Rarity, levels: dict[str, Levels], j: Ints) -> Floats:
    in_desa = levels["tempat_tinggal"] <= c.TEMPAT.at("desa")
    return np.where(in_desa, rare.desa[j], rare.kecamatan[j])


def _against_relatives(model: Model, levels: dict[str, Levels]) -> Floats:
    near = model.relatives
    return np.asarray(
        near.prior
        + near.nama_lahir[levels["nama"], levels["tanggal_lahir"]]
        + near.nik.weights(levels["nik"], date_agrees(levels))
        + near.jk[levels["jenis_kelamin"]]
    )
