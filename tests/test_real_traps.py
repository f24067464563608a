"""Real numbers that careless rules reject: nobody is told that a NIK in force is wrong."""

from datetime import date, timedelta

import pytest

from dtkstool.wilayah import RETIRED, regions
from tests.judging import judged

KECAMATAN = regions().filter(level="kecamatan")["code"].sort().to_list()
OLD = [f"{code}{at:02}" for code in RETIRED for at in (1, 30)]


def people(prefixes):
    """One person a prefix, men and women born on every day of the year from 1920 to 2025."""
    rows = []
    for at, prefix in enumerate(prefixes):
        born = date(1920, 2, 29) + timedelta(days=at * 173 % 38_600)
        woman = at % 2 == 1
        digits = f"{born.day + 40 * woman:02}{born:%m%y}"
        rows.append({
            "nik": f"{prefix}{digits}{1 + at % 9999:04}", "nokk": f"{prefix}{1 + at % 28:02}0112{1 + at % 9999:04}",
            "nama": "SUTRISNO", "tanggal_lahir": f"{born:%d-%m-%Y}", "jenis_kelamin": "LP"[woman],
            "status_kawin": "BELUM KAWIN",
        })  # fmt: skip
    return rows


@pytest.mark.parametrize(
    ("prefixes", "said"), [(KECAMATAN, set()), (OLD, {"NIK07"})], ids=["in force", "retired"]
)
def test_a_person_with_a_prefix_in_force_or_retired_breaks_no_rule(prefixes, said):
    assert len({prefix[:2] for prefix in prefixes}) in (38, 2)
    assert set(judged(people(prefixes))["code"]) - {"LYK09"} == said
