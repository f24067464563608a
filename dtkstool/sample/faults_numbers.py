"""Damage to NIK and No KK: what typing, Excel and copying do to sixteen digits."""

from collections.abc import Callable

import numpy as np
import polars as pl

from dtkstool.sample import digits
from dtkstool.sample.fault import Fault, Slip

Rng = np.random.Generator
EMPTY = ["", "", "", "", "-", "0", "NULL", "NaN", "#N/A", "tidak ada", "belum punya", "BELUM ADA"]
SENTINELS = [
    "0000000000000000", "1111111111111111", "9999999999999999", "1234567890123456",
    "3333333333333333", "9998", "9999", "1111111111111112",
]  # fmt: skip


def _of(column: str, slip: Callable[[Rng, pl.Series], pl.Series]) -> Slip:
    return lambda rng, rows: slip(rng, rows[column])


def _one_of(words: list[str]) -> Slip:
    return lambda rng, rows: pl.Series(rng.choice(words, rows.height))


def _take(column: str) -> Slip:
    return lambda rng, rows: rows[column]


def _temporary(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    """Return OpenSID's temporary numbers: 0, the desa's code, a serial."""
    serial = pl.Series(rng.integers(1, 900, rows.height)).cast(pl.String).str.zfill(5)
    return "0" + rows["kode_desa"] + serial


def _masked(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    kept = rng.choice([0, 4, 6, 10], rows.height)
    sign = pl.Series(rng.choice(["*", "X", "x"], rows.height))
    frame = pl.DataFrame({"n": rows["nik"], "k": kept, "s": sign})
    stars = pl.concat_list([pl.col("s")] * 16).list.head(16 - pl.col("k")).list.join("")
    return frame.select(pl.col("n").str.head(pl.col("k")) + stars).to_series()


def _two_values(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    joint = pl.Series(rng.choice([" / ", "/", " ", "; ", "\n"], rows.height))
    return rows["nik"] + joint + rows["nik_pasangan"]


def _old_number(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    """Return another number of the same person: other region, same date, other serial."""
    serial = pl.Series(rng.integers(1, 30, rows.height)).cast(pl.String).str.zfill(4)
    return rows["prefix_lain"] + rows["nik"].str.slice(6, 6) + serial


def _apostrophe(rng: Rng, number: pl.Series) -> pl.Series:
    mark = pl.Series(rng.choice(["'", "`", "'", "’", '="'], len(number)))
    end = pl.select(pl.when(mark == '="').then(pl.lit('"')).otherwise(pl.lit(""))).to_series()
    return mark + number + end


def _blank(rng: Rng, number: pl.Series) -> pl.Series:
    signs = [" ", "\u00a0", "\t", "\u200b", "\ufeff", "  "]
    sign = pl.Series(rng.choice(signs, len(number)))
    front, at = pl.Series(rng.random(len(number)) < 0.4), rng.integers(1, 16, len(number))
    inside = pl.Series(rng.random(len(number)) < 0.15)
    frame = pl.DataFrame({"n": number, "s": sign, "f": front, "i": inside, "at": at})
    number_, sign_ = pl.col("n"), pl.col("s")
    head, tail = number_.str.head(pl.col("at")), number_.str.slice(pl.col("at"))
    return frame.select(
        pl.when("i").then(head + sign_ + tail)
        .when("f").then(sign_ + number_)
        .otherwise(number_ + sign_)
    ).to_series()  # fmt: skip


def _float_tail(rng: Rng, number: pl.Series) -> pl.Series:
    return number + pl.Series(rng.choice([".0", ".0", ",00", ".00"], len(number)))


def _zeroed(rng: Rng, number: pl.Series) -> pl.Series:
    return digits.last_digit_zeroed(number)


def _fresh_kk(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    """Return the family's former number: often another kecamatan, an earlier issue."""
    seed = pl.Series((rows["keluarga"].to_numpy().astype(np.int64) * 2_654_435) % 3_650)
    prefix = pl.select(
        pl.when(seed % 10 < 7).then(rows["nokk"].str.head(6)).otherwise(rows["prefix_keluarga"])
    ).to_series()
    issued = (seed + 12_700).cast(pl.Int32).cast(pl.Date).dt.strftime("%d%m%y")
    serial = pl.Series((seed % 37) + 1).cast(pl.String).str.zfill(4)
    return prefix + issued + serial


NUMBER_FAULTS: tuple[Fault, ...] = (
    Fault("nik_kosong", "nik", _one_of(EMPTY)),
    Fault("nik_sentinel", "nik", _one_of(SENTINELS[:5])),
    Fault("nik_sementara", "nik", _temporary),
    Fault("nik_tersamar", "nik", _masked),
    Fault("nik_ilmiah", "nik", _of("nik", digits.scientific)),
    Fault("nik_digit16", "nik", _of("nik", _zeroed)),
    Fault("nik_huruf", "nik", _of("nik", digits.letters)),
    Fault("nik_14_digit", "nik", _of("nik", digits.two_digits_lost)),
    Fault("nik_15_digit", "nik", _of("nik", digits.digit_lost)),
    Fault("nik_17_digit", "nik", _of("nik", digits.digit_doubled)),
    Fault("nik_satu_digit", "nik", _of("nik", digits.one_digit_wrong)),
    Fault("nik_tertukar_digit", "nik", _of("nik", digits.transposed)),
    Fault("nik_dua_digit", "nik", _of("nik", digits.two_digits_wrong)),
    Fault("nik_tanpa_40", "nik", _of("nik", digits.other_sex)),
    Fault("nik_pasangan", "nik", _take("nik_pasangan")),
    Fault("nik_keluarga", "nik", _take("nik_keluarga")),
    Fault("nik_orang_lain", "nik", _take("nik_orang_lain")),
    Fault("nik_isi_nokk", "nik", _take("nokk")),
    Fault("nik_lama", "nik", _old_number),
    Fault("nik_dua_nilai", "nik", _two_values),
    Fault("nik_ekor_float", "nik", _of("nik", _float_tail)),
    Fault("nik_apostrof", "nik", _of("nik", _apostrophe)),
    Fault("nik_pemisah", "nik", _of("nik", digits.separated)),
    Fault("nik_spasi", "nik", _of("nik", _blank)),
    Fault("nokk_kosong", "nokk", _one_of(EMPTY)),
    Fault("nokk_sentinel", "nokk", _one_of(SENTINELS)),
    Fault("nokk_ilmiah", "nokk", _of("nokk", digits.scientific)),
    Fault("nokk_digit16", "nokk", _of("nokk", _zeroed)),
    Fault("nokk_huruf", "nokk", _of("nokk", digits.letters)),
    Fault("nokk_15_digit", "nokk", _of("nokk", digits.digit_lost)),
    Fault("nokk_17_digit", "nokk", _of("nokk", digits.digit_doubled)),
    Fault("nokk_satu_digit", "nokk", _of("nokk", digits.one_digit_wrong)),
    Fault("nokk_tertukar_digit", "nokk", _of("nokk", digits.transposed)),
    Fault("nokk_isi_nik", "nokk", _take("nik_kepala")),
    Fault("nokk_spasi", "nokk", _of("nokk", _blank)),
    Fault("nokk_apostrof", "nokk", _of("nokk", _apostrophe)),
)

OLD_FAMILY_NUMBER = Fault("nokk_lama", "nokk", _fresh_kk)
"""Drift of whole families, before anything else."""

SECOND_NUMBER = Fault("ganda_dua_nik", "nik", _old_number)
"""The other NIK of a person listed twice."""
