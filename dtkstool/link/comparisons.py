"""Comparisons: each is a ladder of levels, from unknown and equal down to different.

Cheap ones work on the integers of `keys`; names, mothers and NIKs that are not equal are then
scored as strings, in bulk, only for the pairs that ask for it.
"""

from dataclasses import dataclass
from functools import cache, cached_property
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
    "nama",
    (
        "kosong", "sama", "mirip", "sebagian", "agak_mirip", "sebagian_mirip", "terpotong",
        "panggilan", "satu_kata", "beda",
    ),
)  # fmt: skip
"""`sama` the same tokens in any order; `mirip` the rest differs by spelling, joining or initials,
`agak_mirip` by more than that (BUDI and RUDI, ANI SURYANINGSIH and ANA SURYANINGRUM);
`sebagian` one side lacks tokens the other has, `sebagian_mirip` with a slip in what it does have
(HSAN and IHSAN HAKIM); `terpotong` the text of one stops inside the other's; `panggilan` what is
left of one is a piece of, or a nickname for, a token of the other (WATI and KUSUMAWATI);
`satu_kata` tokens agree but others contradict."""
LAHIR = Comparison(
    "tanggal_lahir",
    (
        "kosong", "sama", "sama_baku", "tertukar", "satu_bagian", "tahun_dekat", "hari_bulan",
        "tahun", "beda",
    ),
)  # fmt: skip
"""`sama_baku` both on the same 1 January, 1 July or 31 December, which stand for "unknown";
`satu_bagian` one of day, month and year differs; `tahun_dekat` same day and month, year off by one,
two or tens; `hari_bulan` any other year; `tahun` only the year agrees, or nearly where day and
month are none."""
NIK = Comparison(
    "nik",
    (
        "kosong", "sama", "satu_ubah", "satu_serial", "satu_wilayah", "lima_belas", "dua_ubah",
        "dua_tetangga", "beda_serial", "beda_wilayah", "beda_tanggal", "tanggal_saja",
        "nokk_tertulis", "di_kolom_nokk", "keluarga", "beda",
    ),
)  # fmt: skip
"""`satu_ubah` one digit changed, lost, added, or two neighbours exchanged, `dua_ubah` two such
slips, neither where a neighbour's NIK differs (kecamatan, last two digits), `dua_tetangga` any two;
`satu_serial` one digit of the last four of a whole NIK, where a twin's own differs too,
`satu_wilayah` one of the kecamatan's, where a namesake's next door does; `lima_belas` only the 16th
digit differs and the record's is damaged; `tanggal_saja` only the date inside agrees;
`nokk_tertulis` the person's No KK is there, `di_kolom_nokk` the NIK stands in the No KK's place;
`keluarga` somebody's on the person's No KK is there."""
NOKK = Comparison("nokk", ("kosong", "sama", "mirip", "beda"))
IBU = Comparison("nama_ibu", ("kosong", "sama", "mirip", "sebagian", "beda"))
"""`sebagian` one side has only some of the other's tokens."""
TEMPAT = Comparison("tempat_tinggal", ("kosong", "rt", "desa", "kecamatan", "beda"))
JK = Comparison("jenis_kelamin", ("kosong", "sama", "beda"))
KOTA_LAHIR = Comparison("tempat_lahir", ("kosong", "sama", "beda"))
COMPARISONS = (NAMA, LAHIR, NIK, NOKK, IBU, TEMPAT, JK, KOTA_LAHIR)


@dataclass(frozen=True)
class Side:
    """One side of the pairs: its keys as arrays, and the NIK digits as typed."""

    keys: dict[str, Ints]
    digits: pl.Series | None
    """None where the keys' NIK says it all."""
    damaged: Bools | None
    """Whether the NIK's 16th digit is known to be lost; None where no one's is."""

    @classmethod
    def of(
        cls,
        keys: pl.DataFrame,
        digits: pl.Series | None = None,
        damaged: pl.Series | None = None,
    ) -> "Side":
        """Return a side from its `KEYS` frame and its NIK digits, row by row."""
        arrays = {name: keys[name].to_numpy() for name in keys.columns}
        return cls(arrays, digits, None if damaged is None else damaged.to_numpy())

    def tokens(self, rows: Ints) -> npt.NDArray[np.uint32]:
        """Return the name's token codes of `rows`, one column a token."""
        return np.stack([self.keys[token][rows] for token in TOKENS], dtype=np.uint32).T

    def bcd(self, rows: Ints) -> npt.NDArray[np.uint64]:
        """Return the NIKs of `rows`, four bits a digit; 0 where there are not sixteen."""
        return packed(self.keys["nik"] if self.digits is None else self._whole, rows)

    def written(self, rows: Ints) -> list[str]:
        """Return the NIK digits of `rows` as typed, "" where there are none."""
        if self.digits is None:
            return pl.Series(self.keys["nik"][rows]).cast(pl.String).to_list()
        return self.digits.gather(rows).fill_null("").to_list()

    def has_digits(self, rows: Ints, digits: int) -> Bools:
        """Return which of `rows` have a NIK of exactly so many digits as typed."""
        if self.digits is None:
            return np.zeros(len(rows), bool)
        return np.asarray(self._length.to_numpy()[rows] == digits)

    @cached_property
    def date_confirmed(self) -> Bools:
        """Where the date inside a person's own NIK is the birth date beside it."""
        year, month, day = calendar(self.keys["birth"])
        women = np.where(self.keys["sex"] == 2, 40, 0)
        written = ((day + women) * 100 + month) * 100 + year % 100
        inside = self.keys["nik12"].astype(np.int64) % 1_000_000
        return np.asarray((inside == written) & (self.keys["birth"] != NO_DATE))

    @cached_property
    def _length(self) -> pl.Series:
        assert self.digits is not None
        return self.digits.str.len_bytes().fill_null(0)

    @cached_property
    def _whole(self) -> Ints:
        assert self.digits is not None
        kept = self.digits.zip_with(self._length == 16, pl.Series([None], dtype=pl.String))
        return kept.cast(pl.UInt64, strict=False).fill_null(0).to_numpy()


@cache
def _four_digits() -> npt.NDArray[np.uint64]:
    """Return the numbers from 0 to 9999 with four bits a digit."""
    number = np.arange(10_000, dtype=np.uint64)
    places = [(number // 10**k % 10) << np.uint64(4 * k) for k in range(4)]
    return np.asarray(np.bitwise_or.reduce(places))


def packed(numbers: Ints, rows: Ints) -> npt.NDArray[np.uint64]:
    """Return the sixteen-digit numbers of `rows` with four bits a digit, 0 for shorter ones."""
    table, rest = _four_digits(), numbers[rows]
    rest = np.where(rest < 10**15, 0, rest)
    found = np.zeros(len(rows), np.uint64)
    for group in range(4):
        rest, four = np.divmod(rest, 10_000)
        found |= table[four] << np.uint64(16 * group)
    return found


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
    y1, m1, d1 = calendar(left)
    y2, m2, d2 = calendar(right)
    placeholder = ((d1 == 1) & ((m1 == 1) | (m1 == 7))) | ((d1 == 31) & (m1 == 12))
    same_day = (d1 == d2) & (m1 == m2)
    apart = np.abs(y1 - y2)
    near_year = np.isin(apart, (1, 2, 10, 20, 100))
    one_part = (y1 == y2) & ((d1 == d2) | (m1 == m2))
    unknown = (left == NO_DATE) | (right == NO_DATE)
    return ladder(
        len(left),
        (unknown, LAHIR.at("kosong")),
        ((left == right) & placeholder, LAHIR.at("sama_baku")),
        (left == right, LAHIR.at("sama")),
        (swapped == right, LAHIR.at("tertukar")),
        (one_part, LAHIR.at("satu_bagian")),
        (same_day & ~placeholder & near_year, LAHIR.at("tahun_dekat")),
        (same_day & ~placeholder, LAHIR.at("hari_bulan")),
        ((y1 == y2) | (placeholder & (apart <= 1)), LAHIR.at("tahun")),
        (placeholder & same_day & near_year, LAHIR.at("tahun")),
        otherwise=LAHIR.at("beda"),
    )


def calendar(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Return year, month and day of days since 1970; days outside 1800 to 2200 are its ends."""
    table = _calendar()
    packed_days = table[np.clip(days - FIRST_DAY, 0, len(table) - 1)]
    return packed_days // 512, packed_days // 32 % 16, packed_days % 32


FIRST_DAY, LAST_DAY = -62_091, 84_370
"""1 January 1800 and 31 December 2200, in days since 1970."""


@cache
def _calendar() -> npt.NDArray[np.int32]:
    """Return year, month and day as one number, for each day from `FIRST_DAY` to `LAST_DAY`."""
    days = np.arange(FIRST_DAY, LAST_DAY + 1).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    number = months.astype(np.int64)
    day = (days - months).astype(np.int64) + 1
    packed_days = (number // 12 + 1970) * 512 + (number % 12 + 1) * 32 + day
    return np.asarray(packed_days, np.int32)


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


ONE_DIGIT = np.array([d * 10**place for place in range(16) for d in range(1, 10)], np.uint64)
"""How far apart numbers are that differ in one digit; some that differ in more are, too."""


def nokk_levels(left: Ints, right: Ints) -> Levels:
    """Return the NOKK level; `mirip` is one digit changed."""
    levels = equality(left, right)
    levels[levels == 2] = NOKK.at("beda")
    apart = np.where(left > right, left - right, right - left)
    nearest = np.minimum(np.searchsorted(ONE_DIGIT, apart), len(ONE_DIGIT) - 1)
    rows = np.flatnonzero((ONE_DIGIT[nearest] == apart) & (levels == NOKK.at("beda")))
    levels[rows[_digits_apart(left[rows], right[rows]) == 1]] = NOKK.at("mirip")
    return levels


def _digits_apart(left: Ints, right: Ints) -> Ints:
    apart = np.zeros(len(left), np.int64)
    for _ in range(16):
        apart += left % 10 != right % 10
        left, right = left // 10, right // 10
    return apart


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
