"""From levels to one weight a pair: evidence against a stranger, and against a relative."""

from dataclasses import dataclass

import numpy as np

from dtkstool.link import comparisons as c
from dtkstool.link.comparisons import Bools, Floats, Levels
from dtkstool.link.names import NameMatch
from dtkstool.link.rarity import Rarity
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


BY_SERIAL = np.isin(
    np.arange(len(c.NIK.levels)),
    [c.NIK.at(level) for level in ("satu_serial", "lima_belas", "beda_serial")],
)
"""NIK levels that rest on region and date."""


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


def evidence(model: Model, rare: Rarity, levels: dict[str, Levels], names: NameMatch) -> Evidence:
    """Return what the weight of each pair is made of."""
    name = model.ladders["nama"].bits[names.level] + _shared_name(model, rare, names)
    parts = {**without_name(model, rare, levels), "nama": name}
    return Evidence(parts, _against_relatives(model, {**levels, "nama": names.level}))


def _shared_name(model: Model, rare: Rarity, names: NameMatch) -> Floats:
    """Return what a name adds to its level's bits: how rare, which tokens missing or clashing."""
    same = names.level == c.NAMA.at("sama")
    shared = model.ladders["nama"].shared(names.level, np.where(same, rare.name, names.agreed))
    return np.asarray(shared + model.nama_missing * names.missing + model.nama_clash * names.clash)


def shared_rarity(
    model: Model, rare: Rarity, levels: dict[str, Levels], names: NameMatch
) -> dict[str, Floats]:
    """Return, per comparison with a ladder, what its weight adds to the level's own bits."""
    value = {
        "tanggal_lahir": rare.birth,
        "tempat_lahir": rare.birthplace,
        "nokk": rare.nokk,
        "nama_ibu": rare.mother,
        "tempat_tinggal": _place(rare, levels),
        "jenis_kelamin": np.zeros(len(rare.birth)),
    }
    told = {name: model.ladders[name].shared(levels[name], value[name]) for name in value}
    return {**told, "nama": _shared_name(model, rare, names)}


def without_name(model: Model, rare: Rarity, levels: dict[str, Levels]) -> dict[str, Floats]:
    """Return every part of the weight against strangers but the name's."""
    ladders = model.ladders
    return {
        "prior": np.full(len(rare.birth), rare.prior + model.prior),
        "tanggal_lahir": _birth(model, rare, levels),
        "nik": model.nik.weights(levels["nik"], date_agrees(levels))
        - np.where(BY_SERIAL[levels["nik"]], rare.crowd, 0.0),
        "jenis_kelamin": ladders["jenis_kelamin"].weights(levels["jenis_kelamin"]),
        "tempat_lahir": ladders["tempat_lahir"].weights(levels["tempat_lahir"], rare.birthplace),
        **_household(model, rare, levels),
    }


def _birth(model: Model, rare: Rarity, levels: dict[str, Levels]) -> Floats:
    """Return the birth date's part: one that nearly agrees says nothing beside a NIK that does.

    Whoever has the same date in the NIK has a birth date near the one typed beside it.
    """
    birth = levels["tanggal_lahir"]
    bits = model.ladders["tanggal_lahir"].weights(birth, rare.birth)
    told = np.isin(birth, NEARLY_DATES) & DATED[levels["nik"]]
    return np.where(told, np.minimum(bits, 0.0), bits)


def date_agrees(levels: dict[str, Levels]) -> Bools:
    """Return where the birth dates are equal."""
    return np.isin(levels["tanggal_lahir"], AGREEING_DATES)


def _household(model: Model, rare: Rarity, levels: dict[str, Levels]) -> dict[str, Floats]:
    """Return No KK, mother and place as one fact: they agree or fail together.

    The strongest counts in full, the other agreements at a discount, disagreements in full.
    """
    ladders = model.ladders
    place = _place(rare, levels)
    parts = np.stack([
        ladders["nokk"].weights(levels["nokk"], rare.nokk),
        ladders["nama_ibu"].weights(levels["nama_ibu"], rare.mother),
        ladders["tempat_tinggal"].weights(levels["tempat_tinggal"], place)
        + model.moved[levels["nokk"], levels["tempat_tinggal"]],
    ])  # fmt: skip
    full = (np.arange(3)[:, None] == parts.argmax(axis=0)) | (parts < 0)
    return dict(
        zip(HOUSEHOLD, np.where(full, parts, model.household_discount * parts), strict=True)
    )


def _place(rare: Rarity, levels: dict[str, Levels]) -> Floats:
    in_desa = levels["tempat_tinggal"] <= c.TEMPAT.at("desa")
    return np.where(in_desa, rare.desa, rare.kecamatan)


def _against_relatives(model: Model, levels: dict[str, Levels]) -> Floats:
    near = model.relatives
    return np.asarray(
        near.prior
        + near.nama_lahir[levels["nama"], levels["tanggal_lahir"]]
        + near.nik.weights(levels["nik"], date_agrees(levels))
        + near.jk[levels["jenis_kelamin"]]
    )
