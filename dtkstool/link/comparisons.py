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
        "beda_serial", "beda_wilayah", "beda_tanggal", "tanggal_saja", "nokk_tertulis",
        "di_kolom_nokk", "keluarga", "beda",
    ),
)  # fmt: skip
"""`satu_ubah` one digit changed, lost, added, or two neighbours exchanged, `dua_ubah` two such
slips; `satu_serial` one digit of the last four of a whole NIK, where a twin's own differs too,
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
    tokens: npt.NDArray[np.uint32]
    digits: pl.Series
    bcd: npt.NDArray[np.uint64]
    """The NIK's digits, four bits each; 0 where there are not sixteen."""
    length: Ints
    """How many digits the NIK has."""
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
            packed(digits),
            digits.str.len_bytes().fill_null(0).to_numpy(),
            nobody if damaged is None else damaged.to_numpy(),
            nobody if twin is None else twin.to_numpy(),
        )


def packed(digits: pl.Series) -> npt.NDArray[np.uint64]:
    """Return sixteen-digit numbers with four bits a digit, 0 for all others."""
    whole = digits.str.len_bytes() == 16
    rest = digits.zip_with(whole, pl.Series([None], dtype=pl.String)).cast(pl.UInt64, strict=False)
    number, found = rest.fill_null(0).to_numpy(), np.zeros(len(digits), np.uint64)
    for place in range(16):
        number, digit = np.divmod(number, np.uint64(10))
        found |= digit << np.uint64(4 * place)
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
    """Return year, month and day of days since 1970."""
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
