"""Findings in pieces are told, counted, judged and remembered as if they were held together."""

from collections import Counter
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dtkstool.write import baseline
from dtkstool.write.findings import by_file, by_rule
from dtkstool.write.formats import FORMATS, render
from dtkstool.write.gate import Limits, judge
from dtkstool.write.pieces import stored, whole


def keep(df):
    """Leave a piece where it is: it is small."""
    return df.lazy()


@pytest.fixture(scope="module")
def of_column(huge):
    """The finding on a whole column that stands before those on records."""
    return huge.findings.head(1).with_columns(
        pl.lit(None, pl.UInt32).alias("row"), pl.lit(None, pl.String).alias("record_id")
    )


@pytest.fixture(scope="module")
def both(huge, of_column):
    """The same findings held, and in pieces of whole records, one of them empty."""
    pieces = [of_column, *huge.findings.partition_by("row", maintain_order=True)]
    pieces.insert(3, pieces[0].clear())
    few = replace(huge, records={f"desa {at}.xlsx": 100 for at in range(9)})
    return tuple(replace(few, findings=all_) for all_ in (pl.concat(pieces), stored(pieces, keep)))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_format_says_the_same_of_findings_in_pieces(form, both):
    held, in_pieces = ("".join(render(outcome, form)) for outcome in both)
    assert in_pieces == held


def test_counts_add_up_over_pieces(both):
    held, in_pieces = both
    for count in (by_rule, by_file):
        assert_frame_equal(count(in_pieces), count(held), check_row_order=count is by_rule)


def test_the_gate_judges_pieces_as_one(both):
    limits = Limits("peringatan", 0.001, {"NIK03": 0.0})
    held, in_pieces = (judge(outcome.findings, limits, outcome.total) for outcome in both)
    assert in_pieces == held
    assert {breach.rows for breach in held.breaches} == {0, 40}


def test_a_baseline_knows_findings_in_pieces(both, tmp_path):
    held, in_pieces = (outcome.findings for outcome in both)
    baseline.write(held, tmp_path / "held")
    baseline.write(in_pieces, tmp_path / "pieces")
    assert (tmp_path / "pieces").read_bytes() == (tmp_path / "held").read_bytes()
    known = Counter(dict(list(baseline.load(tmp_path / "held").items())[::2]))
    assert_frame_equal(whole(baseline.unknown(in_pieces, known)), baseline.unknown(held, known))
