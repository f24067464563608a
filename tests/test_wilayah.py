from importlib.resources import files

import polars as pl
import pytest

from dtkstool.frames import NIK_WILAYAH
from dtkstool.wilayah import RETIRED, children, name_of, names, place_key, prefix_status, regions


def one(expr, value):
    return pl.DataFrame({"value": [value]}, schema={"value": pl.String}).select(expr).item()


def test_the_table_holds_every_region_of_the_2025_regulation():
    levels = regions().group_by("level").len().sort("level")["len"].to_list()
    assert levels == [38, 514, 7_285, 83_762]


def test_the_tables_licence_and_source_lie_beside_it():
    licence = files("dtkstool").joinpath("data", "wilayah.LICENSE").read_text("utf-8")
    assert "idn-area-data" in licence
    assert "Open Database License (ODbL)" in licence


def test_every_region_but_a_province_has_its_parent_in_the_table():
    below = regions().filter(pl.col("level") != "provinsi")
    assert below.join(regions(), left_on="parent", right_on="code", how="anti").is_empty()
    assert regions().filter(pl.col("level") == "provinsi")["parent"].null_count() == 38


def test_every_kecamatan_in_force_is_a_valid_prefix():
    prefixes = (
        regions().filter(pl.col("level") == "kecamatan").select(prefix_status(pl.col("code")))
    )
    assert prefixes.to_series().unique().to_list() == ["berlaku"]
    assert prefixes.to_series().dtype == NIK_WILAYAH


@pytest.mark.parametrize(
    ("prefix", "status"),
    [
        ("320101", "berlaku"),
        ("910101", "kode_lama"),  # Merauke until 2022
        ("927103", "kode_lama"),  # Kota Sorong until 2023
        ("640401", "kode_lama"),  # Bulungan, before Kalimantan Utara
        ("732103", "kode_lama"),  # before Sulawesi Barat
        ("320199", "tak_dikenal"),
        ("329901", "tak_dikenal"),
        ("970101", "tak_dikenal"),  # BPS' Papua Pegunungan stands on real cards
        ("200101", "mustahil"),
        ("320001", "mustahil"),
        ("327001", "mustahil"),
        ("320100", "mustahil"),
        ("32010", "mustahil"),
        ("3201O1", "mustahil"),
        (None, None),
    ],
)
def test_a_prefix_is_in_force_old_unknown_or_impossible(prefix, status):
    assert one(prefix_status(pl.col("value")), prefix) == status


def test_every_retired_kabupaten_is_one_of_today_and_its_old_code_is_gone():
    codes = set(regions()["code"])
    assert len(RETIRED) == 26
    assert set(RETIRED.values()) <= codes
    assert not set(RETIRED) & codes


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("32", "Jawa Barat"),
        ("3201", "Kab. Bogor"),
        ("3271", "Kota Bogor"),
        ("3171", "Kota Adm. Jakarta Pusat"),
        ("320101", "Kecamatan Cibinong"),
        ("3201011012", "Pabuaran"),
    ],
)
def test_a_code_reads_as_people_write_the_region(code, name):
    assert name_of(code) == name
    assert one(names(pl.col("value")), code) == name


def test_a_code_not_in_force_has_no_name():
    assert one(names(pl.col("value")), "910101") is None
    assert one(names(pl.col("value")), None) is None
    assert name_of("910101") == "910101"


def test_children_are_the_regions_directly_below():
    assert children("3201")["code"].to_list()[:2] == ["320101", "320102"]
    assert len(children("3201")) == 40
    assert len(children("")) == 38
    assert children("3201011012").is_empty()


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Gunung Jati", "Gunungjati"),
        ("Cibeber II", "CIBEBER 2"),
        ("Sei Lepan", "Sungai\xa0Lepan"),
        ("Tj. Karang", "Tanjungkarang"),
        ("Sa'dan", "SADAN"),
        ("Fak-Fak", "fak fak"),
    ],
)
def test_one_name_has_one_key(name, same):
    key = place_key(pl.col("value"))
    assert one(key, name) == one(key, same)


def test_a_key_keeps_every_word():
    assert one(place_key(pl.col("value")), "Kota Baru") == "KOTABARU"
    assert one(place_key(pl.col("value")), "Baru") == "BARU"
