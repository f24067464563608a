"""The people of a synthetic world, as compact columns: words and numbers, no text yet."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.families import CHILD, INLAW, SPOUSE, Families, Ints, families
from dtkstool.sample.kin import parents
from dtkstool.sample.naming import draw_names, names
from dtkstool.sample.numbering import niks, nokks
from dtkstool.sample.places import Places, places
from dtkstool.sample.settings import Settings
from dtkstool.sample.stock import Ids, Stock, stock

STAGES = (
    "tempat", "keluarga", "suku", "kerabat", "nama", "orang_tua", "nomor", "alamat", "peristiwa",
    "daftar", "kerusakan", "tata_letak", "berkas", "baku",
)  # fmt: skip


def stage_rng(settings: Settings, stage: str) -> np.random.Generator:
    """Return the random numbers of one stage: more of them in one leave the others alone."""
    return np.random.default_rng([settings.seed, STAGES.index(stage)])


def days(day: date) -> int:
    """Return a date as days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


@dataclass(frozen=True)
class World:
    """Everybody there is, whether the civil registry knows them or not.

    `people`: one row per person (its index is the person's id): household, slot, role, female,
    birth (days), status, mother, father, spouse (indexes, -1 none), words w0–w3, mother's m0–m3,
    father's f0–f3 (ids into the stock's words, 0 none), people, old_spelling, town (index), nik.
    `households`: one row per household: desa (index), nokk, rt, rw, street, number, hamlet.
    """

    settings: Settings
    places: Places
    stock: Stock
    people: pl.DataFrame
    households: pl.DataFrame

    @property
    def desa(self) -> Ints:
        """The desa index per person."""
        return np.asarray(self.households["desa"].to_numpy()[self.people["household"].to_numpy()])


def _peoples(
    rng: np.random.Generator, stock: Stock, places: Places, them: Families
) -> npt.NDArray[np.uint8]:
    """Return each person's people: families mostly of one, desa each with their own mix."""
    provinces = places.desa["kode_provinsi"].to_list()
    mixes = [stock.mix.get(province, stock.mix["lain"]) for province in provinces]
    shares = np.cumsum([rng.dirichlet(mix * 6 + 1e-3) for mix in mixes], axis=1)
    desa = them.desa

    def draw() -> npt.NDArray[np.uint8]:
        drawn = (rng.random(len(desa))[:, None] > shares[desa]).sum(axis=1)
        return np.asarray(np.minimum(drawn, len(stock.peoples) - 1), dtype=np.uint8)

    family, married_in = draw(), draw()
    mixed = rng.random(len(desa)) < 0.12
    other = np.where(mixed, married_in, family)
    incomer = (them.slot == SPOUSE) | (them.slot == INLAW)
    return np.where(incomer, other[them.household], family[them.household]).astype(np.uint8)


def _parent_names(
    rng: np.random.Generator, stock: Stock, people: npt.NDArray[np.uint8], them: Families,
    parent: Ints, words: Ids, *, female: bool,
) -> Ids:  # fmt: skip
    """Return the words of everybody's mother or father, invented where not in the world."""
    out = words[np.maximum(parent, 0)]
    lone = np.flatnonzero(parent < 0)
    age = rng.integers(18 * 365, 36 * 365, len(lone)).astype(np.int32)
    order = rng.integers(0, 4, len(lone)).astype(np.uint8)
    sex = np.full(len(lone), female)
    out[lone], _ = draw_names(rng, stock, people[lone], sex, them.birth[lone] - age, order)
    return _shared_by_siblings(out, them, parent)


def _shared_by_siblings(words: Ids, them: Families, parent: Ints) -> Ids:
    """Return parents' words with brothers and sisters of one household given the same."""
    lone = np.flatnonzero((parent < 0) & (them.slot >= CHILD) & (them.slot < CHILD + 8))
    household = them.household[lone]
    eldest = lone[np.searchsorted(household, household)]
    words[lone] = words[eldest]
    return words


def _columns(name: str, words: Ids) -> dict[str, Ids]:
    return {f"{name}{i}": np.ascontiguousarray(words[:, i]) for i in range(words.shape[1])}


def _birth_towns(rng: np.random.Generator, places: Places, nik: npt.NDArray[np.int64]) -> Ids:
    """Return the town of birth: mostly where the NIK was issued."""
    codes = places.towns["code"].to_numpy()
    here = np.searchsorted(codes, nik // 10**12)
    here = np.where(codes[np.minimum(here, len(codes) - 1)] == nik // 10**12, here, 0)
    other = rng.integers(0, len(codes), len(nik))
    return np.where(rng.random(len(nik)) < 0.06, other, here).astype(np.uint16)


def _households(
    rng: np.random.Generator, settings: Settings, where: Places, them: Families
) -> pl.DataFrame:
    n = len(them.desa)
    numbers = stage_rng(settings, "nomor")
    hamlets = rng.integers(0, 10_000, where.desa.height * 8).reshape(-1, 8)
    rw = np.minimum(rng.geometric(0.22, n), 24)
    return pl.DataFrame(
        {
            "desa": them.desa,
            "nokk": nokks(numbers, where, where.kecamatan[them.desa], days(settings.today)),
            "rt": np.minimum(rng.geometric(0.28, n), 18).astype(np.int16),
            "rw": rw.astype(np.int16),
            "street": rng.integers(0, 10_000, n).astype(np.int16),
            "number": np.where(rng.random(n) < 0.45, 0, rng.integers(1, 240, n)).astype(np.int16),
            "hamlet": hamlets[them.desa, rw % 8].astype(np.int16),
        }
    )


def world(settings: Settings) -> World:
    """Return the people of a world: `settings.persons` of them, in households."""
    words, rates = stock(), settings.rates
    where = places(settings, stage_rng(settings, "tempat"))
    them = families(
        stage_rng(settings, "keluarga"), settings.persons, where.share, settings.today, rates
    )
    desa = them.desa[them.household]
    home = where.kecamatan[desa]
    peoples = _peoples(stage_rng(settings, "suku"), words, where, them)
    mother, father = parents(stage_rng(settings, "kerabat"), them, desa, home)
    own = names(stage_rng(settings, "nama"), words, peoples, them, father, rates)
    rng = stage_rng(settings, "orang_tua")
    mothers = _parent_names(rng, words, peoples, them, mother, own, female=True)
    fathers = _parent_names(rng, words, peoples, them, father, own, female=False)
    numbers = stage_rng(settings, "nomor")
    nik = niks(
        numbers, where, home, them.birth, them.female, days(settings.today),
        rates["nik_daerah_lain"], rates["nik_tanggal_beda"],
    )  # fmt: skip
    rng = stage_rng(settings, "alamat")
    old = (them.birth < -15 * 365) & (rng.random(len(nik)) < rates["ejaan_lama"])
    people = pl.DataFrame({
        "household": them.household, "slot": them.slot, "role": them.role,
        "female": them.female, "birth": them.birth, "status": them.status,
        "mother": mother, "father": father, "spouse": them.spouse,
        **_columns("w", own), **_columns("m", mothers), **_columns("f", fathers),
        "people": peoples, "old_spelling": old, "town": _birth_towns(rng, where, nik), "nik": nik,
    })  # fmt: skip
    return World(settings, where, words, people, _households(rng, settings, where, them))
