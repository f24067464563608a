"""How rare what two people share is: how many of the registry have each value, and bits of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from dtkstool.link.comparisons import Floats, Ints, bits, token_bits
from dtkstool.link.keys import Dictionaries, twins

COUNTED = ("birth", "nokk", "desa", "kecamatan", "nik12")
COUNTS: dict[str, pl.DataType] = {
    **{f"n_{name}": pl.UInt32() for name in COUNTED},
    "twin": pl.Boolean(),
}
"""How many of the registry share a person's value of a key; and whether somebody else has the same
No KK and birth date."""
CROWD = 4
"""People whose NIKs share region and date, as many as in any kecamatan; default dates draw more."""


def counted(keys: pl.DataFrame) -> pl.DataFrame:
    """Return a registry's `KEYS` with `COUNTS`, which are left alone where they are there."""
    if set(COUNTS) <= set(keys.columns):
        return keys
    return keys.with_columns(*_counts(keys, keys), twins(keys).alias("twin"))


def counted_among(keys: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """Return `keys` of people who need not be in `registry` with `COUNTS`; nobody is a twin."""
    return keys.with_columns(*_counts(keys, registry), pl.lit(False).alias("twin"))


def _counts(keys: pl.DataFrame, registry: pl.DataFrame) -> list[pl.Series]:
    """Return how many of `registry` have each row's value, one series for each of `COUNTED`."""
    found = []
    for name in COUNTED:
        wanted = registry.lazy().select(name)
        if registry is not keys:
            wanted = wanted.join(keys.lazy().select(name).unique(), on=name, how="semi")
        sizes = wanted.group_by(name).agg(pl.len().alias(f"n_{name}"))
        each = keys.lazy().select(name).join(sizes, on=name, how="left", maintain_order="left")
        found.append(each.select(pl.col(f"n_{name}").fill_null(0)).collect().to_series())
    return found


@dataclass(frozen=True)
class WordBits:
    """How rare each word is, in bits, by its code; what a registry lacks is as rare as can be."""

    token: Floats
    """0 for code 0 (no token)."""
    name: Floats
    mother: Floats
    birthplace: Floats
    persons: int

    @classmethod
    def of(cls, words: Dictionaries) -> "WordBits":
        """Return the bits of every word of a registry's dictionaries."""
        whole = np.array([words.persons])

        def each(dictionary: pl.DataFrame) -> Floats:
            return bits(np.concatenate([whole, dictionary["count"].to_numpy()]), words.persons)

        return cls(
            token=token_bits(words),
            name=each(words.names),
            mother=each(words.mothers),
            birthplace=each(words.birthplaces),
            persons=words.persons,
        )


@dataclass(frozen=True)
class Rarity:
    """How rare the values of each pair's right person are, in bits, pair by pair."""

    name: Floats
    birth: Floats
    nokk: Floats
    mother: Floats
    desa: Floats
    kecamatan: Floats
    birthplace: Floats
    crowd: Floats
    """Bits by which more people than usual share a NIK up to its serial, which then says less."""
    prior: float
    """log2 of the chance that a given record and a given person are the same: 1/persons."""


def rarity(keys: Mapping[str, Ints], rows: Ints, words: WordBits) -> Rarity:
    """Return the rarity of everything in `rows` of a side's `KEYS` and `COUNTS`."""

    def shared(name: str) -> Floats:
        return bits(keys[f"n_{name}"][rows], words.persons)

    crowd = np.where(keys["nik12"][rows] > 0, keys["n_nik12"][rows], 0)
    return Rarity(
        name=words.name[keys["name"][rows]],
        birth=shared("birth"),
        nokk=shared("nokk"),
        mother=words.mother[keys["mother"][rows]],
        desa=shared("desa"),
        kecamatan=shared("kecamatan"),
        birthplace=words.birthplace[keys["birthplace"][rows]],
        crowd=np.log2(np.maximum(crowd, CROWD) / CROWD),
        prior=-float(np.log2(max(words.persons, 2))),
    )
