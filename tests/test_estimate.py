"""What is expected to be false or missed, told by nobody."""

import polars as pl
import pytest

from dtkstool.frames import LINKS
from dtkstool.link.estimate import estimates, lost_share


def links(found, nowhere):
    """That many records linked by NIK, then that many found nowhere."""
    verdicts = ["padan"] * found + ["tidak_ditemukan"] * nowhere
    return pl.DataFrame(
        {"verdict": verdicts, "probability": [0.999] * found + [None] * nowhere, "pass": "nik"}
    ).with_columns(pl.col("verdict").cast(LINKS["verdict"]))


def test_records_without_a_sound_nik_that_are_found_less_often_were_lost_by_the_search():
    df = pl.concat([links(95, 5), links(80, 20)])
    sound = pl.Series([True] * 100 + [False] * 100)
    assert lost_share(df, sound) == pytest.approx(15 / 20)
    found = estimates(df, pl.Series(["320101"] * 100 + ["320102"] * 100), 0.0, sound)
    assert found["all"]["missed"] == pytest.approx(15)
    assert found["kecamatan"]["320101"]["missed"] == 0
    assert found["kecamatan"]["320102"]["missed"] == pytest.approx(15)


def test_where_both_are_found_alike_nobody_was_lost():
    df = pl.concat([links(95, 5), links(96, 4)])
    assert lost_share(df, pl.Series([True] * 100 + [False] * 100)) == 0
