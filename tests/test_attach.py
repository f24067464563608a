"""Whose line it is in a register of deaths: without NIK, without birth date, with the reporter's NIK."""

from datetime import date

import polars as pl
import pytest

from dtkstool.link.attach import attached
from dtkstool.link.matching import match
from dtkstool.link.weights import load
from tests.linking import people, registry

FAMILY = {"nokk": "3204011203080005", "kode_desa": "3204012001"}
LATE = {
    **FAMILY, "nik": "3204015207500003", "nama": "ANI SURYANINGSIH", "nama_ibu": "SUKARTI",
    "tanggal_lahir": date(1950, 7, 12), "jenis_kelamin": "P",
}  # fmt: skip
SON = {
    **FAMILY, "nik": "3204011005750001", "nama": "DEDE KURNIA", "nama_ibu": "ANI SURYANINGSIH",
    "tanggal_lahir": date(1975, 5, 10), "jenis_kelamin": "L",
}  # fmt: skip
TOLD = {"nama": "ANI SURYANINGSIH", "jenis_kelamin": "P", "kode_desa": "3204012001"}
NUMBERED = [
    {"nik": f"3204{i % 30 + 1:02}{i % 28 + 1:02}{i % 12 + 1:02}{i % 90 + 10:02}{i % 9999 + 1:04}",
     "nama": f"ORANG{i} LAIN{i % 700}"}
    for i in range(100, 130)
]  # fmt: skip
"""Lines about people of `tests.linking.registry`, NIK and all."""


@pytest.fixture(scope="module")
def attach():
    """Whose each line is: the persons of the given ones, and whether by NIK."""
    model = load()

    def given(rows, *persons, day=date(2025, 2, 1), others=NUMBERED):
        _, keys, words = registry(*persons, strangers=800)
        lines = people(*rows, *others).with_columns(tanggal_peristiwa=pl.lit(day))
        found = attached(lines, match(lines, keys, words, model), keys, words, model)
        ours = found.filter(pl.col("record") < len(rows))
        return ours.select("person", "by_nik").rows()

    return given


def test_a_line_with_its_own_nik_is_strong_evidence(attach):
    line = TOLD | {"nik": LATE["nik"], "tanggal_lahir": LATE["tanggal_lahir"]}
    assert attach([line], LATE, SON) == [(0, True)]


def test_a_line_with_name_and_desa_alone_reaches_the_only_one_of_that_name_weakly(attach):
    assert attach([TOLD], LATE, SON) == [(0, False)]


def test_of_two_of_that_name_in_the_desa_nobody_is_declared_dead(attach):
    namesake = LATE | {"nik": "3204014101880007", "nokk": "3204010101010009",
                       "tanggal_lahir": date(1988, 1, 1), "nama_ibu": "ROKAYAH"}  # fmt: skip
    assert attach([TOLD], LATE, namesake) == []
    assert attach([TOLD | {"nama_ibu": "SUKARTI"}], LATE, namesake) == [(0, False)]


def test_a_namesake_of_another_birth_date_or_sex_is_not_meant(attach):
    assert attach([TOLD | {"tanggal_lahir": date(1931, 3, 9)}], LATE) == []
    assert attach([TOLD | {"jenis_kelamin": "L"}], LATE) == []


def test_a_line_under_the_reporters_nik_is_about_the_relative_it_names(attach):
    assert attach([TOLD | {"nik": SON["nik"]}], LATE, SON) == [(0, False)]


def test_nobody_dies_before_being_born(attach):
    assert attach([TOLD], LATE, day=date(1949, 1, 1)) == []


def test_a_shortened_name_beside_the_own_nik_and_birth_date_is_weak_evidence(attach):
    line = TOLD | {"nama": "AN SURYANINGSIH BINTI", "nik": LATE["nik"]}
    assert attach([line | {"tanggal_lahir": LATE["tanggal_lahir"]}], LATE) == [(0, False)]


def test_where_two_desa_share_a_name_both_are_tried(attach):
    here, there = {"kode_desa": "3204282007"}, {"kode_desa": "3204442001"}
    told = TOLD | {"kode_desa": None, "desa_asal": "Ds. Cangkuang"}
    assert attach([told], LATE | here, SON | there) == [(0, False)]
    assert attach([told], LATE | here, LATE | there | {"nik": "3204014101880007"}) == []
    assert attach([told | {"desa_asal": "CIBODAS"}], LATE | here, SON | there) == []


def test_a_joined_name_is_found_by_mother_and_desa(attach):
    assert attach([TOLD | {"nama": "ANISURYANINGSIH", "nama_ibu": "SUKARTI"}], LATE) == [(0, False)]


def test_a_name_with_a_slip_under_the_own_nik_in_the_own_desa_is_weak_evidence(attach):
    told = TOLD | {"nama": "ANI SUXNIMSIH", "nik": LATE["nik"]}
    assert attach([told], LATE, SON) == [(0, False)]
    assert attach([told | {"kode_desa": None}], LATE, SON) == []


def test_the_reporters_own_shared_word_does_not_outweigh_the_relative_who_is_named(attach):
    sister = LATE | {"nik": "3204016205520004", "nama": "ANI ROKAYAH",
                     "tanggal_lahir": date(1952, 5, 22)}  # fmt: skip
    assert attach([TOLD | {"nama": "ANI ROKAYAH", "nik": LATE["nik"]}], LATE, sister) == [
        (1, False)
    ]


def test_nik_birth_date_and_mother_together_make_up_for_any_name(attach):
    line = TOLD | {"nama": "MAK UWO", "nik": LATE["nik"], "nama_ibu": LATE["nama_ibu"],
                   "tanggal_lahir": LATE["tanggal_lahir"]}  # fmt: skip
    assert attach([line], LATE, SON) == [(0, False)]
    assert attach([line | {"nama_ibu": None}], LATE, SON) == []


def test_where_the_extract_leaves_the_dead_out_a_lone_namesake_proves_nothing(attach):
    unknown = [row | {"nik": f"99{row['nik'][2:]}", "nama": f"GAIB {i}"}
               for i, row in enumerate(NUMBERED)]  # fmt: skip
    assert attach([TOLD], LATE, others=unknown) == []
