from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.clean.codes import with_codes
from dtkstool.clean.hubungan import MK_DTKS, SIAK
from dtkstool.frames import CLEAN_PERSON, conform

FIELDS = ("jenis_kelamin", "hubungan", "status_kawin", "rt", "rw", "tempat_lahir")
ASAL = [f"{field}_asal" for field in FIELDS]


def records(layout=1, **columns):
    height = max(len(cells) for cells in columns.values())
    born = columns.pop("tanggal_lahir", [None] * height)
    typed = {f"{field}_asal": columns.get(field, [None] * height) for field in FIELDS}
    return pl.LazyFrame(
        {**typed, "tanggal_lahir": born, "layout": layout},
        schema={**dict.fromkeys(ASAL, pl.String), "tanggal_lahir": pl.Date, "layout": pl.UInt16},
    )


def read(field, *cells, **others):
    return records(**{field: list(cells)}, **others).pipe(with_codes).collect()[field].to_list()


@pytest.mark.parametrize(
    ("field", "meaning", "cells"),
    [
        ("jenis_kelamin", "L", ["1", "01", "1.0", "L", "l", "LK", "Lk.", "Laki-laki", "LAKI - LAKI",
                                "laki", "Pria", "1. LAKI-LAKI", "'1", "L\u00a0", "LAKI LAKI"]),
        ("jenis_kelamin", "P", ["2", "P", "PR", "Pr.", "Perempuan", "PEREMPAUN", "W", "Wanita",
                                "2 - Perempuan", "F"]),
        ("jenis_kelamin", None, ["", "-", "3", "L/P", "M", None, "?"]),
        ("status_kawin", "belum_kawin", ["1", "BK", "Belum Kawin", "BELUM", "Blm Kawin", "Lajang"]),
        ("status_kawin", "kawin", ["2", "K", "Kawin", "KAWIN TERCATAT", "Kawin Belum Tercatat",
                                   "Menikah"]),
        ("status_kawin", "cerai_hidup", ["3", "CH", "Cerai Hidup", "CERAI HIDUP TERCATAT"]),
        ("status_kawin", "cerai_mati", ["4", "CM", "Cerai Mati", "4. CERAI MATI"]),
        ("status_kawin", None, ["", "-", "9", "CERAI", "JANDA", None]),
        ("hubungan", "kepala", ["Kepala Keluarga", "KK", "KRT", "KEPALA RUMAH TANGGA", "1", "01",
                                "1. KEPALA KELUARGA"]),
        ("hubungan", "istri", ["Istri", "ISTERI", "3 - Istri"]),
        ("hubungan", "pasangan", ["Istri/Suami", "SUAMI / ISTRI"]),
        ("hubungan", "anak", ["Anak", "ANAK KANDUNG", "Anak Tiri"]),
        ("hubungan", "menantu", ["Menantu", "ANAK MENANTU"]),
        ("hubungan", "orang_tua", ["Orang Tua", "ORANGTUA", "ortu"]),
        ("hubungan", "orang_tua_mertua", ["Orang Tua/Mertua"]),
        ("hubungan", "famili_lain", ["Famili Lain", "FAMILI LAINNYA", "Keponakan"]),
        ("hubungan", "lainnya", ["Lainnya", "LAIN-LAIN"]),
        ("hubungan", None, ["", "-", "2", "3", "12", "0", "saya", None]),
        ("rt", 1, ["1", "01", "001", "RT 01", "RT.001", "rt:1", "1.0", "001/002", "RT 1 RW 2", "I"]),
        ("rw", 2, ["2", "002", "RW 02", "001/002", "RT 1 RW 2", "RT.01/RW.02", "II"]),
        ("rt", None, ["", "-", "000", "0", "01-Feb", "2026-02-01 00:00:00", "9999", "RW 02 X", None]),
        ("tempat_lahir", "BOGOR", ["Bogor", " BOGOR ", "KAB. BOGOR", "Kabupaten Bogor", "KOTA BOGOR",
                                   "BOGOR, 12-05-1980", "BOGOR."]),
        ("tempat_lahir", "KOTABUMI", ["Kotabumi"]),
        ("tempat_lahir", "JAKARTA", ["JKT", "DKI JAKARTA"]),
        ("tempat_lahir", None, ["", "-", "0", "tidak tahu", "12", None]),
    ],
)  # fmt: skip
def test_every_spelling_of_a_code_means_the_same(field, meaning, cells):
    found = read(field, *cells)
    assert dict(zip(cells, found, strict=True)) == dict.fromkeys(cells, meaning)


def test_m_is_a_man_only_beside_f():
    assert read("jenis_kelamin", "M", "F") == ["L", "P"]
    assert read("jenis_kelamin", "F", "0", "P/L", "?") == ["P", None, None, None]
    assert read("jenis_kelamin", "M", "P") == [None, "P"]


def family(*people):
    """People as (number, sex, marital status); returns the keyword columns."""
    number, sex, kawin = zip(*people, strict=True)
    return {"hubungan": list(number), "jenis_kelamin": list(sex), "status_kawin": list(kawin)}


def test_wives_numbered_3_show_that_the_list_is_siak():
    column = family(("1", "L", "2"), ("3", "P", "2"), ("4", "L", "1"), ("4", "P", "1"))
    df = records(**column).pipe(with_codes).collect()
    assert df["hubungan"].to_list() == ["kepala", "istri", "anak", "anak"]


def test_wives_numbered_2_show_that_the_list_is_mk_dtks():
    column = family(("1", "L", "2"), ("2", "P", "2"), ("3", "L", "1"), ("3", "P", "1"))
    df = records(**column).pipe(with_codes).collect()
    assert df["hubungan"].to_list() == ["kepala", "pasangan", "anak", "anak"]


def test_numbers_above_8_show_that_the_list_is_siak():
    assert read("hubungan", "1", "9", "2") == ["kepala", "famili_lain", "suami"]


def test_children_aged_5_are_no_wives():
    born = [date(1970, 1, 1), date(2020, 1, 1), date(2021, 1, 1), date(2024, 1, 1)]
    assert read("hubungan", "1", "3", "3", "4", tanggal_lahir=born)[0] == "kepala"
    assert read("hubungan", *["1", "3", "3"] * 3, tanggal_lahir=born[:3] * 3)[1] == "anak"


def test_each_layout_has_its_own_list():
    siak = records(1, **family(("3", "P", "2"), ("4", "L", "1"), ("4", "P", "1")))
    mk = records(2, **family(("2", "P", "2"), ("3", "L", "1"), ("3", "P", "1")))
    df = pl.concat([siak, mk]).pipe(with_codes).collect()
    assert df["hubungan"].to_list() == ["istri", "anak", "anak", "pasangan", "anak", "anak"]


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_families_numbered_by_either_list_read_back(data):
    names, wife = data.draw(st.sampled_from([(SIAK, "istri"), (MK_DTKS, "pasangan")]))
    children = data.draw(st.lists(st.sampled_from("LP"), min_size=6, max_size=12))
    people = [("kepala", "L", "2"), (wife, "P", "2")] * 3 + [("anak", sex, "1") for sex in children]
    column = family(*((str(names.index(role) + 1), sex, kawin) for role, sex, kawin in people))
    found = records(**column).pipe(with_codes).collect()["hubungan"].to_list()
    assert found == [role for role, _, _ in people]


def test_the_codes_keep_their_contract_on_an_empty_frame():
    df = records(rt=[]).pipe(with_codes).collect()
    conform(df, {field: CLEAN_PERSON[field] for field in FIELDS}, "codes")


@settings(max_examples=12, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1, max_size=8))
def test_no_cell_breaks_the_codes(cells):
    df = records(**dict.fromkeys(FIELDS, cells)).pipe(with_codes).collect()
    assert set(df["jenis_kelamin"]) <= {"L", "P", None}
