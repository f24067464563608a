"""Comparisons as ladders: literal pairs and the level each reaches."""

from datetime import date

import numpy as np
import pytest

from dtkstool.link import comparisons as c
from dtkstool.link.keys import NO_DATE, dictionaries, encode, extended
from dtkstool.link.names import compare_names
from dtkstool.link.niks import nik_levels
from tests.linking import people

FIRST = np.array([0])


def days(text):
    return NO_DATE if text is None else (date.fromisoformat(text) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("typed", "swapped", "registered", "level"),
    [
        ("1980-07-12", None, "1980-07-12", "sama"),
        ("1960-01-01", None, "1960-01-01", "sama_baku"),
        ("1960-12-31", None, "1960-12-31", "sama_baku"),
        ("1980-07-12", "1980-12-07", "1980-12-07", "tertukar"),
        ("1980-07-12", None, "1980-07-21", "satu_bagian"),
        ("1980-07-12", None, "1980-08-12", "satu_bagian"),
        ("1980-07-12", None, "1981-07-12", "tahun_dekat"),
        ("1980-07-12", None, "1990-07-12", "tahun_dekat"),
        ("1980-07-12", None, "1980-02-03", "tahun"),
        ("1980-07-12", None, "1975-02-03", "beda"),
        ("1980-01-01", None, "1981-05-09", "tahun"),
        (None, None, "1975-02-03", "kosong"),
        ("1980-07-12", None, None, "kosong"),
    ],
)
def test_birth_dates(typed, swapped, registered, level):
    arrays = (np.array([days(x)]) for x in (typed, swapped, registered))
    assert c.LAHIR.levels[c.birth_levels(*arrays)[0]] == level


@pytest.mark.parametrize(
    ("typed", "registered", "level"),
    [
        ("SITI AMINAH", "SITI AMINAH", "sama"),
        ("AMINAH SITI", "SITI AMINAH", "sama"),
        ("SITI AMINA", "SITI AMINAH", "mirip"),
        ("NUR HALISAH", "NURHALISAH", "mirip"),
        ("M YUSUP", "MUHAMAD YUSUP", "mirip"),
        ("SITI", "SITI AMINAH", "sebagian"),
        ("SITI AMINAH BINTI", "SITI AMINAH", "sebagian"),
        ("SITI AISAH", "SITI RUKAYAH", "satu_kata"),
        ("ASEP ASEP", "ASEP", "sebagian"),
        ("BUDI", "RUDI", "agak_mirip"),
        ("ANI SURYANINGSIH", "ANA SURYANINGRUM", "agak_mirip"),
        ("UMI", "UTI", "beda"),
        ("SITI", "BUDI", "beda"),
        (None, "BUDI", "kosong"),
        ("BUDI", None, "kosong"),
    ],
)
def test_names(typed, registered, level):
    left, right = people({"nama": typed}), people({"nama": registered})
    words = extended(dictionaries(right), left)
    tokens = [c.Side.of(encode(x, words), x["nik_digits"]).tokens(FIRST) for x in (left, right)]
    match = compare_names(*tokens, words.tokens["word"], c.token_bits(words))
    assert c.NAMA.levels[match.level[0]] == level


@pytest.mark.parametrize(
    ("typed", "registered", "level"),
    [
        ("3204015207800003", "3204015207800003", "sama"),
        ("3204015207800003", "3204015207800008", "satu_serial"),
        ("3204105207800003", "3204015207800003", "satu_wilayah"),
        ("320401520780003", "3204015207800003", "satu_ubah"),
        ("320410520780003", "3204105207800003", "satu_ubah"),
        ("3204015207800078", "3204015207800003", "beda_serial"),
        ("3302115207800003", "3204015207800003", "beda_wilayah"),
        ("3204011306720003", "3204015207800003", "beda_tanggal"),
        ("3302111306720007", "3204015207800003", "beda"),
        (None, "3204015207800003", "kosong"),
    ],
)
def test_niks_by_kind_of_error(typed, registered, level):
    left = people({"nik": typed if typed and len(typed) == 16 else None, "nik_digits": typed})
    right = people({"nik": registered})
    words = dictionaries(right)
    sides = [c.Side.of(encode(x, words), x["nik_digits"]) for x in (left, right)]
    assert c.NIK.levels[nik_levels(*sides, FIRST, FIRST)[0]] == level
