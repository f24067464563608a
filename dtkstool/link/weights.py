"""Match weights: what each level is worth in bits, after Fellegi and Sunter (1969).

A weight is log2(m/u): how much likelier a level is between two records of one person than between
strangers. Where a value's frequency is known (names, dates, No KK, places) u is that frequency, so
that a shared SUTRISNO counts less than a shared rare name. Relatives of the person are a rival of
their own: they share the family's facts, so against them only name, birth date, sex and NIK count.
The model is a readable JSON file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dtkstool.errors import BadConfiguration, Where
from dtkstool.link.comparisons import (
    COMPARISONS,
    JK,
    LAHIR,
    NAMA,
    NIK,
    NOKK,
    TEMPAT,
    Bools,
    Comparison,
    Floats,
    Levels,
)

VERSION = 4
CUTS = ("automatic", "strict", "review", "margin")
PER_TOKEN = ("nama_missing", "nama_clash")


@dataclass(frozen=True)
class Ladder:
    """The weights of one comparison, by level: bits + rarity x min(rarity of the value, cap)."""

    bits: Floats
    rarity: Floats
    cap: Floats

    def weights(self, levels: Levels, rarity: Floats | float = 0.0) -> Floats:
        """Return each pair's weight in bits."""
        return np.asarray(self.bits[levels] + self.shared(levels, rarity))

    def shared(self, levels: Levels, rarity: Floats | float) -> Floats:
        """Return the part of each weight that comes from how rare the shared value is."""
        return np.asarray(self.rarity[levels] * np.minimum(rarity, self.cap[levels]))


@dataclass(frozen=True)
class ByDate:
    """Weights of the NIK levels; a date inside a NIK must not count twice."""

    date_agrees: Floats
    date_differs: Floats

    def weights(self, levels: Levels, date_agrees: Bools) -> Floats:
        """Return each pair's weight in bits."""
        return np.where(date_agrees, self.date_agrees[levels], self.date_differs[levels])


@dataclass(frozen=True)
class Relatives:
    """Weights against a member of the person's own family, in bits."""

    prior: float
    """−log2 of how many relatives a person has."""
    nama_lahir: Floats
    """Name and birth date jointly, one row per name level: twins agree on one, nearly on both."""
    nik: ByDate
    jk: Floats


@dataclass(frozen=True)
class Model:
    """All weights and the cuts between automatic, review and not linked (bits)."""

    ladders: dict[str, Ladder]
    nik: ByDate
    relatives: Relatives
    prior: float
    """log2 of the share of records whose person is in the registry."""
    absent: float
    """The share of records whose person is not: what any candidate competes with."""
    moved: Floats
    """Bits for No KK and place together, one row per No KK level: who moves changes both."""
    nama_missing: float
    nama_clash: float
    household_discount: float
    lost: float
    """Share of persons whom the search does not find without a usable NIK."""
    automatic: float
    strict: float
    """What a pair needs that a veto keeps from the automatic cut, where anything does."""
    review: float
    margin: float


def load(path: Path | None = None) -> Model:
    """Return the model at `path`, or the one shipped; BadConfiguration if it is not a model."""
    try:
        return model(read(path))
    except (ValueError, KeyError, TypeError) as error:
        where = Where(file=str(path or "model.json"))
        raise BadConfiguration("bad_model", where=where, reason=str(error)) from error


def read(path: Path | None = None) -> dict[str, Any]:
    """Return the model file at `path`, or the one shipped, as nested tables."""
    shipped = files("dtkstool").joinpath("data", "model.json")
    text = path.read_text("utf-8") if path else shipped.read_text("utf-8")
    raw: dict[str, Any] = json.loads(text)
    if raw["version"] != VERSION:
        raise ValueError(f"version {raw['version']} instead of {VERSION}")
    return raw


def model(raw: Mapping[str, Any]) -> Model:
    """Return the model that a model file's tables describe."""
    near = raw["keluarga"]
    joint = [_bits(LAHIR, near["nama_lahir"][level]) for level in NAMA.levels]
    return Model(
        ladders={c.name: _ladder(c, raw[c.name]) for c in COMPARISONS if c is not NIK},
        nik=_by_date(raw["nik"]),
        relatives=Relatives(
            prior=float(near["prior"]),
            nama_lahir=np.stack(joint),
            nik=_by_date(near["nik"]),
            jk=_bits(JK, near["jenis_kelamin"]),
        ),
        prior=float(raw["prior"]),
        absent=float(raw["absent"]),
        moved=np.stack([_bits(TEMPAT, raw["pindah"][level]) for level in NOKK.levels]),
        household_discount=float(raw["household_discount"]),
        lost=float(raw["lost"]),
        **{name: float(raw[name]) for name in (*PER_TOKEN, *CUTS)},
    )


def _by_date(raw: Mapping[str, Mapping[str, float]]) -> ByDate:
    return ByDate(
        *(
            np.array([float(raw[level][key]) for level in NIK.levels])
            for key in ("date_agrees", "date_differs")
        )
    )


def _bits(comparison: Comparison, raw: Mapping[str, float]) -> npt.NDArray[np.float64]:
    return np.array([float(raw[level]) for level in comparison.levels])


def _ladder(comparison: Comparison, raw: Mapping[str, Mapping[str, float]]) -> Ladder:
    def column(key: str, default: float) -> Floats:
        return np.array([float(raw[level].get(key, default)) for level in comparison.levels])

    bits = np.array([float(raw[level]["bits"]) for level in comparison.levels])
    return Ladder(bits, column("rarity", 0.0), column("cap", np.inf))


def probability(weight: Floats) -> Floats:
    """Return the match probability of a total weight in bits, without overflow at either end."""
    half = np.exp2(-np.abs(weight))
    return np.where(weight >= 0, 1 / (1 + half), half / (1 + half))
