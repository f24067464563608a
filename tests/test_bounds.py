"""Pairs are left out before strings are compared only where no string could have saved them."""

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.link.blocking import candidates
from dtkstool.link.bounds import name_bounds
from dtkstool.link.keys import dictionaries, encode, extended
from dtkstool.link.matching import people as register_of
from dtkstool.link.score import Everyone, Task, cheap_levels, compare, score, scored, weighed
from dtkstool.link.weights import load
from tests.examples import examples
from tests.linking import people

WORDS = ("SITI", "AMINAH", "SURYANINGSIH", "WATI", "KUSUMAWATI", "BAMBANG", "BENG", "M", "MUHAMAD",
         "NUR", "NURHAYATI", "AAN", "ABDULAH", "KADIR", "ABDULKADIR", "AYU")  # fmt: skip
MODEL = load()


@st.composite
def names(draw):
    """A few words, some of them with a letter changed, lost, doubled, or the rest cut off."""
    words = draw(st.lists(st.sampled_from(WORDS), max_size=4))
    slips = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=2))
    for kind, place in slips:
        text = " ".join(words)
        at = place % max(len(text), 1)
        words = (text[:at] + ("X", "", text[at : at + 1] * 2, "")[kind] + text[at + (kind != 2) :]
                 if kind < 3 else text[:at]).split()  # fmt: skip
    return " ".join(words) or None


@given(st.lists(st.tuples(names(), names()), min_size=1, max_size=40))
@examples(8, 150)
def test_no_name_is_worth_more_than_its_bound(pairs):
    typed, registered = (people(*[{"nama": pair[k]} for pair in pairs]) for k in (0, 1))
    task = each_with_its_own(typed, registered)
    compared = compare(task, cheap_levels(task))
    worth = weighed(task, compared).parts["nama"]
    rows, right = np.arange(len(pairs)), task.right
    bounds = name_bounds(
        task.left.tokens(rows), right.side.tokens(rows), task.rarity.name, right.bits,
        right.letters, MODEL,
    )  # fmt: skip
    assert (bounds >= worth - 1e-9).all()


PERSON = st.fixed_dictionaries({
    "nama": names(),
    "nama_ibu": names(),
    "tanggal_lahir": st.sampled_from([None, date(1980, 7, 12), date(1980, 12, 7), date(1990, 7, 12)]),
    "nik": st.sampled_from([None, "3204015207800003", "3204015207800004", "3204011207800003"]),
    "nokk": st.sampled_from([None, "3204011203080005", "3204011203080006", "3204015207800003"]),
    "jenis_kelamin": st.sampled_from([None, "L", "P"]),
    "kode_desa": st.sampled_from([None, "3204012001", "3204022001"]),
})  # fmt: skip


@given(st.lists(PERSON, min_size=1, max_size=6), st.lists(PERSON, min_size=1, max_size=12))
@examples(8, 150)
def test_what_is_scored_is_what_scoring_everything_leaves(typed, registered):
    task = everybody_with_everybody(people(*typed), people(*registered))
    whole = scored(task, compare(task, cheap_levels(task)))
    kept = score(task)
    assert kept.equals(whole.filter(pl.col("weight") >= MODEL.review))


@given(st.lists(PERSON, min_size=1, max_size=6), st.lists(PERSON, min_size=1, max_size=12))
@examples(8, 150)
def test_a_record_nothing_is_enough_for_keeps_its_nearest(typed, registered):
    task = everybody_with_everybody(people(*typed), people(*registered))
    whole = scored(task, compare(task, cheap_levels(task)))
    unsure = pl.col("weight").max().over("left") < MODEL.review + 6
    nearly = whole.filter(unsure & (pl.col("weight") >= MODEL.review - 6))
    kept = score(task, remembered=6)
    assert kept.join(nearly, on=["left", "right"], how="semi").height == nearly.height


def each_with_its_own(typed, registered):
    rows = pl.int_range(typed.height, dtype=pl.UInt32, eager=True)
    return task_of(typed, registered, pl.DataFrame({"left": rows, "right": rows, "block": rows}))


def everybody_with_everybody(typed, registered):
    left = typed.select(left="record", block=pl.lit(0, pl.UInt8))
    pairs = left.join(registered.select(right="record"), how="cross")
    return task_of(typed, registered, pairs.select("left", "right", "block"))


def task_of(typed, registered, pairs):
    words = extended(dictionaries(registered), typed.select("nama_folk", "nama_ibu_folk",
                                                            "tempat_lahir"))  # fmt: skip
    keys = encode(registered, words)
    side = register_of(typed.with_columns(nama_alias=None), words).looked_up(keys).side()
    return Task(pairs, side, Everyone.registered(keys, words), MODEL)


def test_pairs_come_once_in_order_with_the_first_rule_that_found_them():
    one = {"nik": "3204015207800003", "nama": "SITI AMINAH", "tanggal_lahir": date(1980, 7, 12)}
    both = people(one, {**one, "nik": "3204015207800011"})
    keys = encode(both, dictionaries(both))
    pairs = candidates(keys, keys).pairs
    assert pairs.select("left", "right").rows() == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert pairs["block"].to_list() == [0, 1, 1, 0]
