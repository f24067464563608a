"""How alike two names are, which tells one person from two who share a NIK."""

from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.rules.alike import dice_shares
from tests.examples import examples
from tests.judging import judged

NAMES = st.lists(st.tuples(*2 * [st.text("ABÉ ", max_size=6)]), min_size=1, max_size=8)


def share(left, right):
    a, b = ({x + y for x, y in pairwise(n)} for n in (left, right))
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else None


@examples(5, 40)
@given(NAMES)
def test_the_share_of_common_letter_pairs_is_that_of_the_sets_of_pairs(pairs):
    left, right = (pl.Series(side, dtype=pl.String) for side in zip(*pairs, strict=True))
    expected = [share(a.replace(" ", ""), b.replace(" ", "")) for a, b in pairs]
    assert dice_shares(left, right).to_list() == expected


def test_two_people_of_one_letter_each_on_one_nik_are_not_alike():
    other = {"nama": "B", "nokk": "3201010904120011"}
    found = judged([{"nama": "A"}, other]).filter(pl.col("code").is_in(["GND01", "GND02"]))
    assert found["code"].to_list() == ["GND02", "GND02"]
    assert found["message"].str.contains("orang lain").all()
