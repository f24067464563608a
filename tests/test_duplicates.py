"""Duplicate groups: the same registry person, the same NIK, and likeness among the rest."""

from datetime import date

import polars as pl

from dtkstool.link.duplicates import duplicates
from dtkstool.link.weights import load
from tests.linking import people

ANI = {
    "nik": "3204015207800003", "nokk": "3204011203080005", "nama": "ANI SURYANINGSIH",
    "tanggal_lahir": date(1980, 7, 12), "jenis_kelamin": "P", "nama_ibu": "SUKARTI", "kode_desa": "3204012001",
}  # fmt: skip
CROWD = [
    {"nik": f"32040112{i % 12 + 1:02}70{i:04}", "nokk": f"3204011203{i:06}", "nama": f"N{i} W{i % 40}",
     "tanggal_lahir": date(1970, i % 12 + 1, 12), "jenis_kelamin": "L", "kode_desa": "3204012002"}
    for i in range(400)
]  # fmt: skip


def links(*persons):
    """Return links of the first records to these persons (None: not found)."""
    verdicts = ["padan" if p is not None else "tidak_ditemukan" for p in persons]
    return pl.DataFrame(
        {
            "record": range(len(persons)),
            "person": persons,
            "verdict": verdicts,
            "probability": 0.9999,
            "level_tanggal_lahir": "sama",
            "level_tempat_tinggal": "desa",
            "weight": 20.0,
            "probable": False,
        },
        schema_overrides={"record": pl.UInt32, "person": pl.UInt32},
    )


def groups(records, found=None):
    df = duplicates(records, found, load())
    return sorted(df.group_by("group_id").agg(pl.col("record_id").sort())["record_id"].to_list())


def test_records_of_one_registry_person_are_one_group():
    records = people(ANI, {**ANI, "nama": "ANI"}, *CROWD)
    found = links(7, 7, *range(100, 100 + len(CROWD)))
    assert groups(records, found) == [["r0", "r1"]]


def test_without_a_registry_the_same_nik_and_name_are_one_group():
    assert groups(people(ANI, ANI, *CROWD)) == [["r0", "r1"]]


def test_two_niks_of_one_person_are_found_by_name_birth_date_and_family():
    records = people(ANI, {**ANI, "nik": "3204015207800077"}, *CROWD)
    df = duplicates(records, None, load())
    assert df["record_id"].to_list() == ["r0", "r1"]
    assert df["reason"].to_list() == ["mirip", "mirip"]


def test_one_name_one_mother_and_one_desa_are_one_person_unless_a_birth_date_says_no():
    again = {**ANI, "nik": None, "nokk": None, "tanggal_lahir": None}
    assert groups(people(ANI, again, *CROWD)) == [["r0", "r1"]]
    assert groups(people(ANI, {**again, "nama_ibu": None}, *CROWD)) == []
    assert groups(people(ANI, {**again, "tanggal_lahir": date(1991, 3, 2)}, *CROWD)) == []


def test_twins_are_not_duplicates():
    twin = {**ANI, "nik": "3204015207800004", "nama": "ANA SURYANINGRUM"}
    assert groups(people(ANI, twin, *CROWD)) == []


def test_two_people_without_nik_are_not_twins():
    nikless = {"nama": "SUTRISNO", "jenis_kelamin": "L"}
    assert groups(people(nikless, nikless, *CROWD)) == []


def test_a_chain_never_joins_two_registry_persons():
    middle = {**ANI, "nik": None, "nik_digits": None}
    records = people(ANI, middle, {**ANI, "nokk": "3204011203080099"}, *CROWD)
    found = links(1, None, 2, *range(100, 100 + len(CROWD)))
    assert all(not {"r0", "r2"} <= set(group) for group in groups(records, found))


def test_each_group_keeps_exactly_one_and_prefers_who_receives_aid():
    records = people(ANI, ANI, *CROWD).with_columns(
        pkh_asal=pl.when(pl.col("record") == 1).then(pl.lit("YA"))
    )
    df = duplicates(records, None, load())
    assert df.filter("keep")["record_id"].to_list() == ["r1"]
