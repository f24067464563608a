"""Matching and deduplicating honour what clerks decided."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.frames import DUPLICATES, TOLD_PERSONS
from dtkstool.link.matching import match
from dtkstool.link.told import arranged, joined, marked, numbered
from dtkstool.link.weights import load
from tests.linking import people, registry
from tests.workbooks import member

PERSON = {"nik": "3201015207800003", "nokk": "3201011203080005", "nama": "SITI AMINAH",
          "tanggal_lahir": date(1980, 7, 12), "jenis_kelamin": "P", "nama_ibu": "SUKARTI",
          "kode_desa": "3201012001", "tempat_lahir": "BOGOR"}  # fmt: skip
OTHER = PERSON | {"nik": "3201015207800004", "nama": "SITI AMINAH", "nokk": "3201011203080099"}
TYPED = PERSON | {"nik": None, "nik_digits": None, "nik_kelas": "kosong"}


def linked(record, *rows):
    """Link one record, `rows` (nik, same) being what a clerk said of it; return its link."""
    _, keys, words = registry(PERSON, OTHER, strangers=300)
    records = people(record)
    told = pl.DataFrame([("r0", nik, same) for nik, same in rows], TOLD_PERSONS, orient="row")
    found = match(records, keys, words, load(None), told)
    return marked(found.links, numbered(told, records, keys)).row(0, named=True)


def test_a_person_a_clerk_refused_is_not_proposed_again_and_the_next_may_be():
    assert linked(TYPED)["nik_dukcapil"] == PERSON["nik"]
    assert linked(TYPED, (PERSON["nik"], False))["nik_dukcapil"] == OTHER["nik"]
    nobody = linked(TYPED, (PERSON["nik"], False), (OTHER["nik"], False))
    assert (nobody["person"], nobody["keputusan"]) == (None, "bukan_kandidat")


def test_a_person_a_clerk_confirmed_is_linked_and_the_link_says_why():
    stranger = PERSON | {"nik": None, "nik_digits": None, "nik_kelas": "kosong", "nama": "LAIN",
                         "tanggal_lahir": date(1955, 1, 3), "nama_ibu": "X", "nokk": None}  # fmt: skip
    assert linked(stranger)["verdict"] == "tidak_ditemukan"
    link = linked(stranger, (OTHER["nik"], True))
    assert (link["nik_dukcapil"], link["verdict"]) == (OTHER["nik"], "padan_perbaikan")
    assert (link["pass"], link["keputusan"], link["level_nama"]) == (
        "keputusan",
        "orangnya",
        "beda",
    )
    assert link["weight"] < 0  # the evidence stays what it is


def groups(*rows):
    """Groups as `duplicates` orders them: (record, group)."""
    return pl.DataFrame(rows, {"record": pl.UInt32, "group": pl.Int64}, orient="row").with_columns(
        keep=pl.int_range(pl.len()).over("group") == 0
    )


def pairs(*rows):
    return pl.DataFrame(rows, {"left": pl.UInt32, "right": pl.UInt32}, orient="row")


def grouped(found):
    """Return the groups as sets, who is kept first."""
    parts = found.sort("keep", descending=True, maintain_order=True).group_by(
        "group", maintain_order=True
    )
    return sorted([part["record"].to_list() for _, part in parts])


@pytest.mark.parametrize(
    ("different", "leaving", "left"),
    [
        ([], [], [[1, 2, 3, 4]]),
        ([(1, 2)], [], [[1, 3, 4]]),
        ([(1, 2), (3, 1)], [], [[1, 4], [2, 3]]),
        ([(1, 2), (1, 3), (1, 4)], [], [[2, 3, 4]]),
        ([(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)], [], []),
        ([], [1], [[2, 3, 4, 1]]),
    ],
)
def test_who_was_said_to_be_another_leaves_the_group(different, leaving, left):
    whole = groups((1, 7), (2, 7), (3, 7), (4, 7))
    out = pl.Series(leaving, dtype=pl.UInt32)
    assert grouped(arranged(whole, pairs(*different), out)) == left


records = st.integers(0, 9)
some_pairs = st.lists(st.tuples(records, records).filter(lambda p: p[0] < p[1]), max_size=12)


@given(st.lists(st.integers(0, 3), min_size=10, max_size=10), some_pairs)
@settings(max_examples=50, deadline=None)
def test_nobody_is_shown_beside_somebody_a_clerk_said_they_are_not(labels, different):
    whole = groups(*sorted(enumerate(labels), key=lambda row: row[1]))
    found = arranged(whole, pairs(*different), pl.Series([], dtype=pl.UInt32))
    assert found["record"].is_unique().all()
    for kept, *others in grouped(found):
        assert not {(kept, o) for o in others} & {*different, *((b, a) for a, b in different)}


def test_two_that_a_clerk_said_are_one_share_a_group_wherever_they_were():
    members = pl.DataFrame(
        [member("7", 1, True), member("7", 2, False), member("8", 3, True), member("8", 4, False)]
    ).select(
        pl.col("record_id").cast(pl.UInt32).alias("record"), pl.col("group_id").cast(pl.Int64).alias("group"),
        "probability", pl.col("reason").cast(DUPLICATES["reason"]),
    )  # fmt: skip
    found = joined(members, pairs((2, 5), (3, 6), (8, 9)))
    parts = found.group_by("group").agg(pl.col("record").sort())["record"].to_list()
    assert sorted(parts) == [[1, 2, 5], [3, 4, 6], [8, 9]]
