"""Damage to everything else: sex, relation, places, addresses."""

import numpy as np
import polars as pl

from dtkstool.sample.fault import Fault, Slip
from dtkstool.sample.faults_names import first_change, typo

Rng = np.random.Generator

RELATIONS = (
    "KEPALA KELUARGA", "SUAMI", "ISTRI", "ANAK", "MENANTU", "CUCU", "ORANG TUA", "MERTUA",
    "FAMILI LAIN", "PEMBANTU", "LAINNYA",
)  # fmt: skip
"""SIAK's relations 1–11 in words."""

SEX_FORMS = {
    "L": ["LAKI-LAKI", "Laki-laki", "LK", "1", "l", "LAKI - LAKI", "Pria", "L "],
    "P": ["PEREMPUAN", "Perempuan", "PR", "2", "p", "WANITA", "W", "P "],
}


def _words(*words: str) -> Slip:
    return lambda rng, rows: pl.Series(rng.choice(words, rows.height))


def _blank(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    return pl.Series([""] * rows.height, dtype=pl.String)


def _other_sex(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    return rows["jenis_kelamin"].replace({"L": "P", "P": "L"})


def _sex_form(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    men, women = (pl.Series(rng.choice(SEX_FORMS[s], rows.height)) for s in "LP")
    male = rows["jenis_kelamin"] == "L"
    return pl.select(pl.when(male).then(men).otherwise(women).alias("s")).to_series()


def _before(column: str, *prefixes: str) -> Slip:
    def slip(rng: Rng, rows: pl.DataFrame) -> pl.Series:
        return pl.Series(rng.choice(prefixes, rows.height)) + rows[column]

    return slip


def _misspelled(column: str) -> Slip:
    """Return a slip that spells a place otherwise: blanks, sounds, or a typo."""

    def slip(rng: Rng, rows: pl.DataFrame) -> pl.Series:
        name = rows[column]
        return first_change(rng, name, [
            name.str.replace(" ", ""), name.str.to_titlecase(), name + " ",
            name.str.replace("U", "OE"), name.str.replace("Y", "I"), name.str.replace("H$", ""),
            name.str.replace("^(.{4,}?)([A-Z]{4,})$", "${1} ${2}"), typo(rng, name),
        ])  # fmt: skip

    return slip


def _typo(column: str) -> Slip:
    return lambda rng, rows: typo(rng, rows[column])


def _take(column: str) -> Slip:
    return lambda rng, rows: rows[column]


def _block_form(column: str, word: str) -> Slip:
    def slip(rng: Rng, rows: pl.DataFrame) -> pl.Series:
        number = rows[column].str.strip_chars_start("0")
        return first_change(rng, rows[column], [
            number, number.str.zfill(2), f"{word}." + number.str.zfill(2), f"{word} " + number,
            number + ".0", "0" + number.str.zfill(3),
        ])  # fmt: skip

    return slip


def _other_block(column: str) -> Slip:
    def slip(rng: Rng, rows: pl.DataFrame) -> pl.Series:
        return pl.Series(rng.integers(1, 15, rows.height)).cast(pl.String).str.zfill(3)

    return slip


REST_FAULTS: tuple[Fault, ...] = (
    Fault("jk_salah", "jenis_kelamin", _other_sex),
    Fault("jk_kosong", "jenis_kelamin", _words("", "", "-")),
    Fault("jk_bentuk", "jenis_kelamin", _sex_form),
    Fault("tempat_awalan", "tempat_lahir",
          _before("tempat_lahir", "KAB. ", "KAB ", "KABUPATEN ", "KOTA ")),
    Fault("tempat_ejaan", "tempat_lahir", _misspelled("tempat_lahir")),
    Fault("tempat_kosong", "tempat_lahir", _words("", "-")),
    Fault("tempat_desa", "tempat_lahir", _take("desa")),
    Fault("hubungan_salah", "hubungan",
          _words("ANAK", "FAMILI LAIN", "LAINNYA", "KEPALA KELUARGA")),
    Fault("hubungan_kosong", "hubungan", _blank),
    Fault("alamat_lama", "alamat", _take("alamat_lain")),
    Fault("alamat_kosong", "alamat", _words("", "-")),
    Fault("alamat_typo", "alamat", _typo("alamat")),
    Fault("rt_bentuk", "rt", _block_form("rt", "RT")),
    Fault("rt_salah", "rt", _other_block("rt")),
    Fault("rt_kosong", "rt", _words("", "-", "000", "0")),
    Fault("rw_bentuk", "rw", _block_form("rw", "RW")),
    Fault("rw_kosong", "rw", _words("", "-", "000", "0")),
    Fault("desa_awalan", "desa", _before("desa", "DESA ", "DS. ", "DS ", "KEL. ", "KELURAHAN ")),
    Fault("desa_ejaan", "desa", _misspelled("desa")),
    Fault("desa_kosong", "desa", _blank),
    Fault("desa_lain", "desa", _take("desa_lain")),
    Fault("kecamatan_awalan", "kecamatan", _before("kecamatan", "KEC. ", "KEC ", "KECAMATAN ")),
    Fault("kecamatan_ejaan", "kecamatan", _misspelled("kecamatan")),
    Fault("kecamatan_kosong", "kecamatan", _blank),
)  # fmt: skip
