"""Comparisons: each is a ladder of levels, from unknown and equal down to different.

Cheap ones work on the integers of `keys`; names, mothers and NIKs that are not equal are then
scored as strings, in bulk, only for the pairs that ask for it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.keys import NO_DATE, TOKENS, Dictionaries

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Comparison:
    """A ladder of levels; a pair's level is an index into it, 0 always meaning unknown."""

    name: str
    levels: tuple[str, ...]

    def at(self, level: str) -> int:
        """Return the index of a level."""
        return self.levels.index(level)


NAMA = Comparison(
    "nama", ("kosong", "sama", "mirip", "sebagian", "agak_mirip", "satu_kata", "beda")
)
"""`sama` the same tokens in any order; `mirip` the rest differs by spelling, joining or initials,
`agak_mirip` by more than that (BUDI and RUDI, ANI SURYANINGSIH and ANA SURYANINGRUM);
`sebagian` one side lacks tokens the other has; `satu_kata` tokens agree but others contradict."""
LAHIR = Comparison(
    "tanggal_lahir",
    ("kosong", "sama", "sama_baku", "tertukar", "satu_bagian", "tahun_dekat", "tahun", "beda"),
)
"""`sama_baku` both on the same 1 January or 31 December; `satu_bagian` one of day, month and year
differs; `tahun_dekat` same day and month, year off by one or ten; `tahun` only the year agrees."""
NIK = Comparison(
    "nik",
    (
        "kosong", "sama", "satu_ubah", "satu_serial", "lima_belas", "beda_serial", "beda_wilayah",
        "beda_tanggal", "nokk_tertulis", "beda",
    ),
)  # fmt: skip
"""`satu_ubah` one digit changed, lost, added, or two neighbours exchanged; `satu_serial` one digit
of the last four of a whole NIK, where a twin's or a namesake's own differs too; `lima_belas` only
the 16th digit differs and the record's is damaged; `nokk_tertulis` the person's No KK is there."""
NOKK = Comparison("nokk", ("kosong", "sama", "mirip", "beda"))
IBU = Comparison("nama_ibu", ("kosong", "sama", "mirip", "beda"))
TEMPAT = Comparison("tempat_tinggal", ("kosong", "rt", "desa", "kecamatan", "beda"))
JK = Comparison("jenis_kelamin", ("kosong", "sama", "beda"))
KOTA_LAHIR = Comparison("tempat_lahir", ("kosong", "sama", "beda"))
COMPARISONS = (NAMA, LAHIR, NIK, NOKK, IBU, TEMPAT, JK, KOTA_LAHIR)


@dataclass(frozen=True)
class Side:
    """One side of the pairs: its keys as arrays, and the NIK digits as typed."""

    keys: dict[str, Ints]
    tokens: npt.NDArray[np.uint32]
    digits: pl.Series
    damaged: Bools
    """Whether the NIK's 16th digit is known to be lost."""
    twin: Bools
    """Whether somebody else has the same No KK and birth date."""

    @classmethod
    def of(
        cls,
        keys: pl.DataFrame,
        digits: pl.Series,
        damaged: pl.Series | None = None,
        twin: pl.Series | None = None,
    ) -> "Side":
        """Return a side from its `KEYS` frame and its NIK digits, row by row."""
        nobody = np.zeros(keys.height, bool)
        return cls(
            {name: keys[name].to_numpy() for name in keys.columns},
            keys.select(TOKENS).to_numpy(),
            digits,
            nobody if damaged is None else damaged.to_numpy(),
            nobody if twin is None else twin.to_numpy(),
        )


def ladder(size: int, *steps: tuple[Bools, int], otherwise: int) -> Levels:
    """Return each pair's level: that of the first step that holds."""
    levels = np.full(size, otherwise, np.uint8)
    for holds, level in reversed(steps):
        levels[holds] = level
    return levels


def equality(left: Ints, right: Ints) -> Levels:
    """Return 0 unknown, 1 equal, 2 different, for codes in which 0 means unknown."""
    unknown = (left == 0) | (right == 0)
    return ladder(len(left), (unknown, 0), (left == right, 1), otherwise=2)


def birth_levels(left: Ints, swapped: Ints, right: Ints) -> Levels:
    """Return the LAHIR level of pairs of days since 1970; `swapped` has day and month exchanged."""
    y1, m1, d1 = _calendar(left)
    y2, m2, d2 = _calendar(right)
    placeholder = ((d1 == 1) & (m1 == 1)) | ((d1 == 31) & (m1 == 12))
    same_day = (d1 == d2) & (m1 == m2)
    apart = np.abs(y1 - y2)
    one_part = (y1 == y2) & ((d1 == d2) | (m1 == m2))
    unknown = (left == NO_DATE) | (right == NO_DATE)
    return ladder(
        len(left),
        (unknown, LAHIR.at("kosong")),
        ((left == right) & placeholder, LAHIR.at("sama_baku")),
        (left == right, LAHIR.at("sama")),
        (swapped == right, LAHIR.at("tertukar")),
        (one_part, LAHIR.at("satu_bagian")),
        (same_day & ~placeholder & np.isin(apart, (1, 2, 10, 20, 100)), LAHIR.at("tahun_dekat")),
        ((y1 == y2) | (placeholder & (apart <= 1)), LAHIR.at("tahun")),
        otherwise=LAHIR.at("beda"),
    )


def _calendar(days: Ints) -> tuple[Ints, Ints, Ints]:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    month_numbers = months.astype(np.int64)
    day = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    return month_numbers // 12 + 1970, month_numbers % 12 + 1, day


def place_levels(left: dict[str, Ints], right: dict[str, Ints]) -> Levels:
    """Return the TEMPAT level of pairs from desa, kecamatan, rt and rw."""
    unknown = (left["kecamatan"] == 0) | (right["kecamatan"] == 0)
    same_desa = (left["desa"] == right["desa"]) & (left["desa"] > 0)
    same_rt = (left["rt"] == right["rt"]) & (left["rw"] == right["rw"]) & (left["rt"] > 0)
    return ladder(
        len(unknown),
        (unknown, TEMPAT.at("kosong")),
        (same_desa & same_rt, TEMPAT.at("rt")),
        (same_desa, TEMPAT.at("desa")),
        (left["kecamatan"] == right["kecamatan"], TEMPAT.at("kecamatan")),
        otherwise=TEMPAT.at("beda"),
    )


def nik_levels(left: Side, right: Side, i: Ints, j: Ints) -> Levels:
    """Return the NIK level of the pairs (i, j); shorter numbers have no parts to agree in."""
    mine = {k: left.keys[k][i] for k in ("nik", "nik6", "nik12", "nik10", "nik4")}
    theirs = {k: right.keys[k][j] for k in ("nik", "nik6", "nik12", "nik10", "nik4", "nokk")}
    parts = (mine["nik12"] > 0) & (theirs["nik12"] > 0)
    whole = mine["nik"] > 0
    short = ~parts & whole & (mine["nik12"] == 0) & (theirs["nik12"] == 0) & (theirs["nik"] > 0)
    unknown = ~parts & ~short
    serial = (mine["nik12"] == theirs["nik12"]) & parts
    region = (mine["nik10"] == theirs["nik10"]) & parts
    dated = (mine["nik6"] == theirs["nik6"]) & (mine["nik4"] == theirs["nik4"]) & parts
    same = (mine["nik"] == theirs["nik"]) & whole
    near = np.flatnonzero(~unknown & ~same & (serial | region | dated | short))
    one_edit = np.zeros(len(i), bool)
    one_edit[near] = _one_edit(left.digits, right.digits, i[near], j[near])
    return ladder(
        len(i),
        (unknown, NIK.at("kosong")),
        (same, NIK.at("sama")),
        (serial & one_edit & left.damaged[i], NIK.at("lima_belas")),
        (serial & one_edit & whole, NIK.at("satu_serial")),
        (dated & one_edit & whole & date_confirmed(left)[i], NIK.at("beda_tanggal")),
        (one_edit, NIK.at("satu_ubah")),
        ((mine["nik"] == theirs["nokk"]) & whole, NIK.at("nokk_tertulis")),
        (serial, NIK.at("beda_serial")),
        (region, NIK.at("beda_wilayah")),
        (dated, NIK.at("beda_tanggal")),
        otherwise=NIK.at("beda"),
    )


def date_confirmed(side: Side) -> Bools:
    """Return where the date inside a person's own NIK is the birth date beside it."""
    year, month, day = _calendar(side.keys["birth"])
    women = np.where(side.keys["sex"] == 2, 40, 0)
    written = ((day + women) * 100 + month) * 100 + year % 100
    inside = side.keys["nik12"].astype(np.int64) % 1_000_000
    return np.asarray((inside == written) & (side.keys["birth"] != NO_DATE))


def _one_edit(left: pl.Series, right: pl.Series, i: Ints, j: Ints) -> Bools:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    if len(i) == 0:
        return np.zeros(0, bool)
    distance = cpdist(
        left.gather(i).fill_null("").to_list(),
        right.gather(j).fill_null("").to_list(),
        scorer=OSA.distance,
        score_cutoff=1,
        workers=-1,
    )
    return np.asarray(distance <= 1)


def nokk_levels(left: Ints, right: Ints) -> Levels:
    """Return the NOKK level; `mirip` is one digit changed."""
    levels = equality(left, right)
    different = np.flatnonzero(levels == 2)
    close = _digits_apart(left[different], right[different]) == 1
    levels[different] = np.where(close, NOKK.at("mirip"), NOKK.at("beda"))
    return levels


def _digits_apart(left: Ints, right: Ints) -> Ints:
    apart = np.zeros(len(left), np.int64)
    for _ in range(16):
        apart += left % 10 != right % 10
        left, right = left // 10, right // 10
    return apart


def mother_levels(left: Ints, right: Ints, words: pl.Series) -> Levels:
    """Return the IBU level of pairs of mothers' codes into `words`."""
    levels = equality(left, right)
    different = np.flatnonzero(levels == 2)
    score = similarity(words, words, left[different] - 1, right[different] - 1, 0.8)
    levels[different] = np.where(score >= 0.8, IBU.at("mirip"), IBU.at("beda"))
    return levels


def similarity(left: pl.Series, right: pl.Series, i: Ints, j: Ints, cutoff: float) -> Floats:
    """Return the OSA similarity of left[i] and right[j] by pair: 0 to 1, 0 below `cutoff`."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    if len(i) == 0:
        return np.zeros(0)
    pairs = i.astype(np.uint64) * np.uint64(1 << 32) + j.astype(np.uint64)
    unique, back = np.unique(pairs, return_inverse=True)
    scores = cpdist(
        left.gather(unique >> np.uint64(32)).to_list(),
        right.gather(unique & np.uint64(0xFFFFFFFF)).to_list(),
        scorer=OSA.normalized_similarity,
        score_cutoff=cutoff,
        workers=-1,
    )
    return np.asarray(scores, np.float64)[back]


def bits(counts: Ints, persons: int) -> Floats:
    """Return how rare each word is, in bits (log2): −log2 of its share, smoothed by one half."""
    return np.asarray(-np.log2((counts + 0.5) / (persons + 1.0)))


def token_bits(words: Dictionaries) -> Floats:
    """Return the rarity of each token by code, 0 for code 0 (no token)."""
    return np.concatenate([[0.0], bits(words.tokens["count"].to_numpy(), words.persons)])
