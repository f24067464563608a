"""Of several events, the one that holds: a household eats or does not because of it."""

from datetime import date

import polars as pl
import pytest

from dtkstool.frames import REGISTRY
from dtkstool.registry import with_latest_events

HERE = "3204012001"
DAY, LATER = date(2026, 10, 29), date(2026, 11, 2)


def event(status, day=DAY, source="register_nik", to=None):
    return {
        "status": status,
        "status_tanggal": day,
        "status_sumber": source,
        "kode_desa_tujuan": to,
    }


DEAD, LEFT = event("meninggal"), event("pindah_keluar", to="3315131003")
BACK, ELSEWHERE = event("pindah_dalam", to=HERE), event("pindah_dalam", to="3204012002")


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([LEFT], "pindah_keluar"),
        ([LEFT, BACK], "hidup"),
        ([LEFT, ELSEWHERE], "pindah_dalam"),
        ([BACK, LEFT | {"status_tanggal": LATER}], "pindah_keluar"),
        ([LEFT | {"status_tanggal": None}, BACK | {"status_tanggal": None}], "hidup"),
        ([LEFT | {"status_tanggal": None}, BACK], "hidup"),
        ([BACK, DEAD], "meninggal"),
        ([DEAD, event("pindah_keluar", LATER, "register_nama")], "meninggal"),
    ],
)
def test_whoever_arrives_on_the_day_of_a_departure_has_not_left(events, status):
    person = {**dict.fromkeys(REGISTRY), "person": 0, "kode_desa": HERE, "status": "hidup",
              "status_sumber": "biodata"}  # fmt: skip
    people = pl.DataFrame([person], schema=REGISTRY)
    happened = pl.DataFrame(
        [{"person": 0, "status_bukti": None, "tujuan": None, **one} for one in events],
        schema={name: REGISTRY[name] for name in (
            "person", "status", "status_tanggal", "status_bukti", "status_sumber", "tujuan",
            "kode_desa_tujuan")},
    )  # fmt: skip
    assert with_latest_events(people, happened)["status"].to_list() == [status]
