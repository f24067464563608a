"""Candidate pairs: what the rules find, each once, and nothing from what is unknown."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.link import blocking
from dtkstool.link.blocking import BLOCKS, candidates
from dtkstool.link.hot import named
from dtkstool.link.keys import dictionaries, encode, extended
from tests.examples import examples
from tests.linking import people

TOKENS = st.sampled_from(["SITI", "AMINAH", "BUDI", "SARI"])
PERSON = st.fixed_dictionaries(
    {},
    optional={
        "nama": st.lists(TOKENS, min_size=1, max_size=3).map(" ".join),
        "tanggal_lahir": st.integers(0, 3).map(lambda d: date(1980, 1, 1) + timedelta(days=d)),
        "nokk": st.sampled_from(["3204011203080005", "3204011203080006"]),
        "nama_ibu": st.sampled_from(["SUKARTI", "WARNI"]),
        "jenis_kelamin": st.sampled_from(["L", "P"]),
        "kode_desa": st.sampled_from(["3204012001", "3204012002"]),
    },
)


def shares_a_key(a, b):
    """Say, rule by rule and slowly, whether two people (dicts) are to be compared."""

    def same(*fields):
        return all(a.get(f) is not None and a.get(f) == b.get(f) for f in fields)

    def year(person):
        return person["tanggal_lahir"].year if person.get("tanggal_lahir") else None

    words = lambda p: set((p.get("nama") or "").split())  # noqa: E731
    a_word = bool(words(a) & words(b))
    sorted_name = sorted((a.get("nama") or "").split()) == sorted((b.get("nama") or "").split())
    one_name = sorted_name and bool(words(a))
    one_year = year(a) is not None and year(a) == year(b)
    return (
        same("nokk")
        or (same("tanggal_lahir") and a_word)
        or same("tanggal_lahir", "kode_desa", "jenis_kelamin")
        or same("tanggal_lahir", "nama_ibu")
        or (same("nama_ibu") and a_word and one_year)
        or (one_name and (same("kode_desa") or one_year or same("nama_ibu")))
    )


@examples(10, 50)
@given(st.lists(PERSON, min_size=1, max_size=6), st.lists(PERSON, min_size=1, max_size=6))
def test_the_rules_find_exactly_the_pairs_that_share_a_key(left, right):
    registered = people(*right)
    words = dictionaries(registered)
    mine = people(*left)
    words_of_both = extended(words, mine)
    found = candidates(encode(mine, words_of_both), encode(registered, words_of_both)).pairs
    expected = {
        (i, j) for i, a in enumerate(left) for j, b in enumerate(right) if shares_a_key(a, b)
    }
    assert sorted(found.select("left", "right").rows()) == sorted(expected)


def test_a_hot_key_is_refined_and_reported(monkeypatch):
    monkeypatch.setattr(blocking, "HOT", 3)
    family = {"nokk": "3204011203080005", "nama": "A"}
    rows = [
        {**family, "jenis_kelamin": "LP"[i % 2], "tanggal_lahir": date(1980 + i, 1, 1)}
        for i in range(8)
    ]
    registered = people(*rows)
    words = dictionaries(registered)
    keys = encode(registered, words)
    found = candidates(keys[:1], keys, [b for b in BLOCKS if b.name == "nokk"])
    assert named(found.counts, words).rows() == [("nokk", 1, 1, 0, "3204********0005 (8)")]
    assert found.pairs.select("left", "right").rows() == [(0, 0)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("nama+tahun", "AMINAH SITI 1980 (2)"),
        ("nama+ibu", "AMINAH SITI WARNI (2)"),
        ("nama+desa", "AMINAH SITI 3204012001 (2)"),
        ("tanggal_lahir+desa+jk", "1980-02-29 3204012001 P (2)"),
    ],
)
def test_a_hot_key_is_told_in_the_words_it_was_made_of(rule, said, monkeypatch):
    monkeypatch.setattr(blocking, "HOT", 1)
    person = {
        "nama": "SITI AMINAH",
        "nama_ibu": "WARNI",
        "tanggal_lahir": date(1980, 2, 29),
        "jenis_kelamin": "P",
        "kode_desa": "3204012001",
    }
    registered = people(person, person)
    words = dictionaries(registered)
    keys = encode(registered, words)
    found = candidates(keys[:1], keys, [b for b in BLOCKS if b.name == rule])
    assert named(found.counts, words)["hottest"].to_list() == [said]


def test_unknown_values_pair_with_nobody():
    nobody = people({}, {})
    keys = encode(nobody, dictionaries(nobody))
    assert candidates(keys, keys).pairs.is_empty()


def test_each_pair_names_the_first_rule_that_found_it():
    person = people({"nik": "3204015207800003", "nokk": "3204011203080005", "nama": "SITI"})
    keys = encode(person, dictionaries(person))
    pairs = candidates(keys, keys).pairs
    assert pairs.with_columns(rule=pl.lit(BLOCKS[pairs["block"][0]].name)).rows() == [
        (0, 0, 0, "nik")
    ]
