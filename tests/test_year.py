"""A year of months in small: exports, clerks with mistakes, relapses, and what has to hold."""

import pytest

from benchmarks.year import Habits, tool, year


def simulated(folder, months, habits, *words):
    tool("sample", "--out", folder / "contoh", *words)
    return year(folder / "kantor", folder / "contoh", months, 1, habits)


@pytest.mark.slow
def test_three_months_of_a_kecamatan_keep_every_promise(tmp_path):
    size = ("--preset", "kecamatan", "--records", 150, "--persons", 900, "--seed", 3)
    whole = simulated(tmp_path, 3, Habits(libreoffice=0), *size)
    assert whole.broken.found == []
    assert whole.table[0]["records"] == 150


@pytest.mark.slow
def test_half_a_year_of_a_kabupaten_with_careless_clerks_keeps_every_promise(tmp_path):
    size = ("--preset", "kabupaten", "--kabupaten", "3471", "--records", 1200, "--persons", 6000,
            "--dirtiness", 2)  # fmt: skip
    habits = Habits(filled=0.7, wrong=0.3, libreoffice=1, disturbed=5, copied=5)
    whole = simulated(tmp_path, 6, habits, *size)
    assert whole.broken.found == []
    shares = [row["valid"] for row in whole.table]
    assert shares[-1] > shares[0]


@pytest.mark.slow
def test_a_broken_promise_is_noticed(tmp_path, monkeypatch):
    """The simulation must not be blind: an `apply` that drops a refused line is found out."""
    from dtkstool.pipeline import applied

    whole = applied.rejected
    monkeypatch.setattr(applied, "rejected", lambda result: whole(result).head(0))
    size = ("--preset", "kecamatan", "--records", 150, "--persons", 900, "--seed", 3)
    found = simulated(tmp_path, 2, Habits(wrong=0.2, libreoffice=0), *size).broken.found
    assert any("in 0 lists" in words for words in found)
