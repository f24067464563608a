"""How old a registry is: as its content says, not as its files do."""

import os
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from dtkstool.config.month import Expectations
from dtkstool.pipeline.expectations import last_date, warnings
from dtkstool.registry import Registry

TODAY = date(2026, 11, 30)


def registry(folder, births, events=()):
    """A registry folder with nothing but dates, its file touched today."""
    rows = [{"tanggal_lahir": day, "status_tanggal": None} for day in births]
    rows += [{"tanggal_lahir": None, "status_tanggal": day} for day in events]
    schema = {"tanggal_lahir": pl.Date, "status_tanggal": pl.Date}
    pl.DataFrame(rows, schema=schema).write_parquet(folder / "persons.parquet")
    (folder / "registry.json").write_text('{"home": ""}')
    at = datetime(2026, 11, 29).timestamp()
    os.utime(folder / "registry.json", (at, at))
    return Registry(folder)


def until(last, count=200, every=2):
    return [last - timedelta(days=every * n) for n in range(count)]


class Nothing:
    """A register without a place or a failure."""

    cleaned = pl.DataFrame({"kode_kabupaten": [None]}, schema={"kode_kabupaten": pl.String})

    class read:  # noqa: N801
        failures = ()


def warned(known, **expect):
    found = warnings(Nothing, known, [], None, expect=Expectations(**expect), today=TODAY)
    return [(w.key, w.values["days"]) for w in found]


def test_a_registry_is_as_old_as_its_last_births_and_events_however_new_its_file(tmp_path):
    known = registry(tmp_path, until(date(2026, 9, 1)), [date(2026, 8, 30)])
    (found,) = warned(known)
    assert found[0] == "registry_old_dates" and 90 <= found[1] <= 105


def test_typing_errors_and_dates_to_come_make_it_no_younger(tmp_path):
    odd = [date(2026, 11, 29), date(2026, 11, 3), date(2062, 1, 1)]
    known = registry(tmp_path, until(date(2026, 9, 1)) + odd)
    assert warned(known)[0][0] == "registry_old_dates"


@pytest.mark.parametrize("births", [[], until(date(2026, 9, 1), count=5), until(TODAY, every=400)])
def test_where_its_content_says_nothing_its_file_does(tmp_path, births):
    known = registry(tmp_path, births)
    assert last_date(known.folder, TODAY) is None
    assert warned(known) == []
    assert warned(known, registry_days=0) == []


def test_the_day_in_the_configuration_comes_first(tmp_path):
    known = registry(tmp_path, until(TODAY))
    assert warned(known) == []
    assert warned(known, registry_date=date(2026, 9, 1)) == [("registry_old_config", 90)]
