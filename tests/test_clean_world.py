"""A gate is never wrongly red: on a world without a fault no rule of severity galat fires."""

import polars as pl
import pytest

from dtkstool.pipeline import checking
from dtkstool.sample.generate import generate
from dtkstool.sample.settings import Rates, Settings
from dtkstool.write.pieces import whole

REAL_FAULTS = (
    "nik_tanggal_beda", "meninggal", "pindah_keluar", "pindah_dalam", "ganda_persis", "ganda_nik",
    "ganda_dua_nik", "ganda_desa_lain", "rumah_lama",
)  # fmt: skip


def findings_on_a_clean_world(folder, records, **size):
    rates = Rates(0, dict.fromkeys(REAL_FAULTS, 0.0))
    persons = int(records / 0.69)
    settings = Settings(seed=7, persons=persons, records=records, rates=rates, **size)
    generate(settings, folder)
    checked = checking.validate(
        [str(folder / "dtks")], today=settings.today, column_map=None, lang="id"
    )
    assert checked.outcome.total == records
    return whole(checked.outcome.findings)


def severe(findings):
    return findings.filter(pl.col("severity").is_in(["galat", "fatal"]))["code"].to_list()


def test_nothing_severe_is_found_on_a_clean_world(tmp_path):
    findings = findings_on_a_clean_world(tmp_path, 5_000, kecamatan=3)
    assert severe(findings) == []


@pytest.mark.slow
def test_nothing_severe_is_found_on_a_clean_world_of_100_000(tmp_path):
    findings = findings_on_a_clean_world(tmp_path, 100_000, kabupaten=("3201", "9171", "5103"))
    assert severe(findings) == []
