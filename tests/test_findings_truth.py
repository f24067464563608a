"""Findings on the messy sample agree with the faults that were put into it."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.findings import judge

SAMPLE = Path(__file__).parent.parent / "sample_data"


@pytest.fixture(scope="module")
def tables():
    return judge(SAMPLE)


def test_every_visible_fault_is_found(tables):
    recalls, _, _ = tables
    assert recalls.height >= 35
    assert recalls.filter(pl.col("recall") < 0.99).rows() == []


def test_nothing_else_is_found(tables):
    _, precisions, _ = tables
    assert precisions.height >= 20
    assert precisions.filter(pl.col("precision") < 0.99).rows() == []
