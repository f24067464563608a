"""NIK and No KK: region of first registration or issue, date, serial number."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.families import Ints
from dtkstool.sample.places import OLD_PREFIXES, Places

Numbers = npt.NDArray[np.signedinteger[Any]]


def ddmmyy(days: npt.NDArray[np.integer], female: npt.NDArray[np.bool_] | None = None) -> Numbers:
    """Return days since 1970 as the integer DDMMYY, with 40 added to the day of women."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year = month.astype("datetime64[Y]").astype(np.int64) + 1970
    day = (date - month).astype(np.int64) + 1
    if female is not None:
        day = day + 40 * female
    return np.asarray(day * 10_000 + (month.astype(np.int64) % 12 + 1) * 100 + year % 100)


def with_serials(
    rng: np.random.Generator, prefix: Numbers, gap: npt.NDArray[np.float64]
) -> Numbers:
    """Return 12-digit prefixes with a serial that rises within equal prefixes.

    `gap` is the mean step between serials: 1 where everybody of the prefix is in this world.
    """
    step = rng.geometric(1 / gap)
    table = pl.DataFrame({"prefix": prefix, "step": step, "turn": rng.random(len(prefix))})
    serial = table.select(pl.col("step").cum_sum().over("prefix", order_by="turn"))
    return np.asarray(prefix * 10_000 + np.minimum(serial["step"].to_numpy(), 9_999))


def _elsewhere(rng: np.random.Generator, places: Places, n: int) -> Numbers:
    """Return region codes outside the kabupaten: same province, other provinces, retired."""
    kind = rng.random(n)
    return np.select(
        [kind < 0.55, kind < 0.95],
        [rng.choice(places.same_province, n), rng.choice(places.other, n)],
        rng.choice(np.array(OLD_PREFIXES), n),
    )


def _first_region(
    rng: np.random.Generator, places: Places, home: Numbers, child: npt.NDArray[np.bool_],
    rate: float,
) -> Numbers:  # fmt: skip
    kind = rng.random(len(home)) / max(rate, 1e-9)
    outside = np.where(child, 0.03, 0.11)
    nearby = np.where(child, 0.05, 0.16)
    return np.select(
        [kind < outside, kind < outside + nearby],
        [_elsewhere(rng, places, len(home)), rng.choice(places.kecamatan, len(home))],
        home,
    )


def _encoded_birth(
    rng: np.random.Generator, birth: Ints, today: int, rate: float
) -> npt.NDArray[np.int64]:
    """Return the date a NIK encodes: mostly the birth date, sometimes one encoded in error."""
    out = birth.astype(np.int64)
    wrong = np.flatnonzero(rng.random(len(birth)) < rate)
    shift = rng.choice([-3653, -366, -365, -31, -10, -1, 1, 9, 30, 365, 731], len(wrong))
    out[wrong] = np.minimum(out[wrong] + shift, today - 1)
    return out


def niks(
    rng: np.random.Generator, places: Places, home: Numbers, birth: Ints,
    female: npt.NDArray[np.bool_], today: int, elsewhere: float, misdated: float,
) -> Numbers:  # fmt: skip
    """Return a NIK per person, all different; `home` is the 6-digit kecamatan code."""
    region = _first_region(rng, places, home, birth > today - 17 * 365, elsewhere)
    date = ddmmyy(_encoded_birth(rng, birth, today, misdated), female)
    gap = np.where(np.isin(region, places.kecamatan), 1.12, 7.0)
    return with_serials(rng, region * 1_000_000 + date, gap)


def nokks(rng: np.random.Generator, places: Places, home: Numbers, today: int) -> Numbers:
    """Return a No KK per household, all different, issued since 2004, most of them lately."""
    kind = rng.random(len(home))
    other = rng.choice(places.kecamatan, len(home))
    away = np.where(kind < 0.01, _elsewhere(rng, places, len(home)), other)
    region = np.where(kind < 0.05, away, home)
    since = 12_600
    issued = since + ((today - since) * rng.beta(1.6, 1.2, len(home))).astype(np.int64)
    return with_serials(rng, region * 1_000_000 + ddmmyy(issued), np.full(len(home), 1.3))
