"""Match weights: what each level is worth in bits, after Fellegi and Sunter (1969).

A weight is log2(m/u): how much likelier a level is between two records of one person than between
two people. Where a value's frequency is known (names, dates, No KK, places) u is that frequency,
so that a shared SUTRISNO counts less than a shared rare name. The model is a readable JSON file.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dtkstool.errors import BadConfiguration, Where
from dtkstool.link.comparisons import COMPARISONS, NIK, Bools, Comparison, Floats, Levels


@dataclass(frozen=True)
class Ladder:
    """The weights of one comparison, by level: bits + rarity x min(rarity of the value, cap)."""

    bits: Floats
    rarity: Floats
    cap: Floats

    def weights(self, levels: Levels, rarity: Floats | float = 0.0) -> Floats:
        """Return each pair's weight in bits."""
        shared = np.minimum(rarity, self.cap[levels])
        return np.asarray(self.bits[levels] + self.rarity[levels] * shared)


@dataclass(frozen=True)
class Model:
    """All weights and the cuts between automatic, review and not linked (bits)."""

    version: int
    ladders: dict[str, Ladder]
    nik_date_agrees: Floats
    nik_date_differs: Floats
    nama_missing: float
    nama_clash: float
    household_discount: float
    automatic: float
    review: float
    margin: float

    def nik_weights(self, levels: Levels, date_agrees: Bools) -> Floats:
        """Return the weight of the NIK levels: the date inside a NIK must not count twice."""
        return np.where(date_agrees, self.nik_date_agrees[levels], self.nik_date_differs[levels])


def load(path: Path | None = None) -> Model:
    """Return the model at `path`, or the one shipped; BadConfiguration if it is not a model."""
    shipped = files("dtkstool").joinpath("data", "model.json")
    text = path.read_text("utf-8") if path else shipped.read_text("utf-8")
    try:
        return _model(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        where = Where(file=str(path or "model.json"))
        raise BadConfiguration("bad_model", where=where, reason=str(error)) from error


def _model(raw: dict[str, Any]) -> Model:
    ladders = {c.name: _ladder(c, raw[c.name]) for c in COMPARISONS if c is not NIK}
    nik = raw[NIK.name]
    return Model(
        version=raw["version"],
        ladders=ladders,
        nik_date_agrees=_levels(NIK, nik, "date_agrees"),
        nik_date_differs=_levels(NIK, nik, "date_differs"),
        **{
            name: float(raw[name])
            for name in (
                "nama_missing", "nama_clash", "household_discount", "automatic", "review", "margin",
            )
        },
    )  # fmt: skip


def _ladder(comparison: Comparison, raw: dict[str, dict[str, float]]) -> Ladder:
    return Ladder(
        _levels(comparison, raw, "bits"),
        _levels(comparison, raw, "rarity", 0.0),
        _levels(comparison, raw, "cap", np.inf),
    )


def _levels(
    comparison: Comparison, raw: dict[str, dict[str, float]], key: str, default: float | None = None
) -> npt.NDArray[np.float64]:
    values = [
        raw[lv][key] if default is None else raw[lv].get(key, default) for lv in comparison.levels
    ]
    return np.array(values, np.float64)


def probability(weight: Floats) -> Floats:
    """Return the match probability of a total weight in bits, without overflow at either end."""
    half = np.exp2(-np.abs(weight))
    return np.where(weight >= 0, 1 / (1 + half), half / (1 + half))
