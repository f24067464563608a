"""Evidence made for Indonesian registers: nicknames, cut names, kinds of NIK error, moves."""

from importlib.resources import files

import numpy as np
import polars as pl
import pytest

from dtkstool.clean.name_words import table
from dtkstool.clean.names import standardise
from dtkstool.clean.phonetics import eyd, folk
from dtkstool.link import comparisons as c
from dtkstool.link.keys import dictionaries, encode, extended
from dtkstool.link.mothers import mother_levels
from dtkstool.link.names import compare_names
from dtkstool.link.niks import nik_levels, with_owners
from dtkstool.link.weights import load
from tests.linking import people
from tests.test_comparisons import days

NIK = "3204015207800003"
FIRST = np.array([0])
NAMES = ("panggilan", "nama")


def compared(typed, registered):
    others = [{"nama": f"ORANG LAIN{i}"} for i in range(200)]
    left, right = people({"nama": typed}), people({"nama": registered}, *others)
    words = extended(dictionaries(right), left)
    tokens = [c.Side.of(encode(x, words), x["nik_digits"]).tokens(FIRST) for x in (left, right)]
    return compare_names(*tokens, words.tokens["word"], c.token_bits(words))


@pytest.mark.parametrize(
    ("typed", "registered", "level"),
    [
        ("WATI", "KUSUMAWATI", "panggilan"),
        ("UDIN", "WAHYUDIN", "panggilan"),
        ("BILA", "YULI SALSABILA ABDUL", "panggilan"),
        ("SITI YANTI", "SITI SURYANTI", "panggilan"),
        ("HSAN", "IHSAN HAKIM", "sebagian_mirip"),
        ("ARIFN", "MUHAMMAD ARIFIN", "sebagian_mirip"),
        ("AHMAD FAUZ", "AHMAD FAUZAN HIDAYATULLAH", "terpotong"),
        ("SUTRI", "SUTRISNO", "terpotong"),
        ("MUHAMMAD N", "MUHAMMAD NASIR", "mirip"),
        ("INDAHHERLINA", "INDAH HERLINA", "mirip"),
        ("WATI", "KUSUMAWARDANI", "beda"),
    ],
)
def test_names_that_people_go_by(typed, registered, level):
    assert c.NAMA.levels[compared(typed, registered).level[0]] == level
    assert c.NAMA.levels[compared(registered, typed).level[0]] == level


def test_a_nickname_that_is_no_piece_of_the_name_is_known():
    typed, registered = standardise(pl.Series(["UCUP", "YUSUF HIDAYAT"]))["nama_folk"]
    assert c.NAMA.levels[compared(typed, registered).level[0]] == "panggilan"


def test_the_list_of_nicknames_is_kept_as_it_sounds():
    listed = [(one, name) for name, some in table("nama")["panggilan"].items() for one in some]
    heard = pl.DataFrame({
        name: folk(eyd(pl.Series([row[k] for row in listed]))) for k, name in enumerate(NAMES)
    })  # fmt: skip
    sounded = heard.filter(pl.col("panggilan") != pl.col("nama")).unique(maintain_order=True)
    data = files("dtkstool").joinpath("data", "panggilan.csv")
    assert data.read_text("utf-8") == sounded.write_csv()


@pytest.mark.parametrize(
    ("typed", "registered"),
    [("WATI", "KUSUMAWATI"), ("HSAN", "IHSAN HAKIM"), ("AHMAD FAUZ", "AHMAD FAUZAN HIDAYAT")],
)
def test_a_piece_of_a_name_is_worth_less_than_the_name_and_more_than_nothing(typed, registered):
    whole = compared(registered, registered).agreed[0]
    assert 0 < compared(typed, registered).agreed[0] < whole


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("3204016207810003", "dua_ubah"),
        ("3204016207800004", "dua_tetangga"),
        ("3204015207800030", "satu_serial"),
        ("3204015207800078", "beda_serial"),
        ("3204015208700003", "satu_ubah"),
        ("3204015270800003", "satu_ubah"),
        ("3204055207800003", "satu_wilayah"),
        ("3304015207800003", "satu_ubah"),
        ("32040152078003", "satu_ubah"),
        ("3371045207800019", "tanggal_saja"),
        ("3302111306720007", "beda"),
    ],
)
def test_a_nik_goes_wrong_in_ways_of_its_own(typed, level):
    left = people({"nik": typed if len(typed) == 16 else None, "nik_digits": typed})
    right = people({"nik": NIK})
    sides = [c.Side.of(encode(x, dictionaries(right)), x["nik_digits"]) for x in (left, right)]
    assert c.NIK.levels[nik_levels(*sides, FIRST, FIRST)[0]] == level


def test_the_nik_of_a_family_member_points_to_the_family():
    head, wife = {"nik": "3204011105780001"}, {"nik": NIK}
    registry = people(head | {"nokk": "3204012003120004"}, wife | {"nokk": "3204012003120004"})
    words = dictionaries(registry)
    keys = encode(registry, words)
    typed = people(head | {"nokk": None})
    left = c.Side.of(with_owners(encode(typed, words), keys), typed["nik_digits"])
    right = c.Side.of(keys, registry["nik"])
    found = nik_levels(left, right, np.array([0, 0]), np.array([0, 1]))
    assert [c.NIK.levels[level] for level in found] == ["sama", "keluarga"]


def test_a_nik_in_the_no_kk_column_is_the_person():
    registry, typed = people({"nik": NIK}), people({"nik": None, "nokk": NIK})
    words = dictionaries(registry)
    left, right = (c.Side.of(encode(x, words), x["nik"]) for x in (typed, registry))
    assert c.NIK.levels[nik_levels(left, right, FIRST, FIRST)[0]] == "di_kolom_nokk"


@pytest.mark.parametrize(
    ("typed", "registered", "level"),
    [
        ("1980-07-12", "1947-07-12", "hari_bulan"),
        ("1960-07-01", "1960-07-01", "sama_baku"),
        ("1957-01-01", "1955-01-01", "tahun"),
        ("1957-01-01", "1931-01-01", "beda"),
    ],
)
def test_a_default_birth_date_is_a_year_and_little_more(typed, registered, level):
    arrays = (np.array([days(x)]) for x in (typed, typed, registered))
    assert c.LAHIR.levels[c.birth_levels(*arrays)[0]] == level


@pytest.mark.parametrize(
    ("typed", "registered", "level"),
    [
        ("FATIMAH", "FATIMAH MUNIROH", "sebagian"),
        ("ANDI SITI", "SITI MARTHA", "beda"),
        ("LEIGLAH", "LEGILAH", "mirip"),
    ],
)
def test_a_mother_may_have_lost_a_word(typed, registered, level):
    words = pl.Series([typed, registered])
    assert c.IBU.levels[mother_levels(np.array([1]), np.array([2]), words)[0]] == level


def test_a_move_is_one_event_though_no_kk_and_place_both_change():
    moved = load().moved
    assert moved[c.NOKK.at("beda"), c.TEMPAT.at("beda")] > 1
    assert not moved[c.NOKK.at("sama")].any()
