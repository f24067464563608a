"""Working out few cells or days instead of all gives what working out all of them gives."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.rules import repeated
from dtkstool.rules.evidence import birth_key
from dtkstool.rules.repeated import any_where
from tests.examples import examples

DAYS = st.dates(date(1900, 1, 1), date(2030, 1, 1))
CLOSE = st.dates(date(1969, 12, 25), date(1970, 1, 8))


@examples(8, 100)
@given(st.lists(st.none() | CLOSE, max_size=40) | st.lists(st.none() | DAYS, max_size=9))
def test_a_birth_date_is_written_by_day_month_and_year_however_far_apart_they_are(born):
    df = pl.DataFrame({"tanggal_lahir": pl.Series(born, dtype=pl.Date)})
    expected = [None if day is None else int(day.strftime("%d%m%y")) for day in born]
    assert df.select(birth_key()).to_series().to_list() == expected


@pytest.mark.parametrize("small", [0, 100])
@pytest.mark.parametrize("cells", [["1", None, "A", "1"], [None, None], []])
def test_few_cells_are_tried_as_many_are(monkeypatch, small, cells):
    monkeypatch.setattr(repeated, "SMALL", small)
    df = pl.DataFrame({"x": pl.Series(cells, dtype=pl.String)})
    found = df.select(any_where("x", lambda cell: cell.str.contains("[0-9]"))).to_series()
    assert found.to_list() == [cell == "1" for cell in cells]
