"""Places written as codes: Kemendagri's, retired ones, BPS's; and where codes and names disagree."""

import pytest

from tests.places import CODES, KELAS, resolved, typed


@pytest.mark.parametrize(
    "cells",
    [
        {"kode_wilayah": "3201072001"},
        {"kode_wilayah": "32.01.07.2001"},
        {"kode_wilayah": "32.1.7.2001"},
        {"kode_wilayah": "'3201072001"},
        {"kode_provinsi": "32", "kode_kabupaten": "1", "kode_kecamatan": "7", "kode_desa": "2001"},
        {"kode_provinsi": "32.0", "kode_kabupaten": "01", "kode_kecamatan": "07.0", "kode_desa": "2001"},
        {"kode_kabupaten": "3201", "kode_kecamatan": "320107", "kode_desa": "3201072001"},
        {"kode_kecamatan": "32.01.07", "kode_desa": "2001"},
        {"kode_desa": "32.01.07.2001"},
        {"kabupaten": "KAB. BOGOR", "kode_kecamatan": "7", "kode_desa": "2001"},
        {"kabupaten": "3201", "kecamatan": "320107", "desa": "3201072001"},
    ],
)  # fmt: skip
def test_a_code_is_read_in_every_way_it_is_written(cells):
    frame = typed(*cells, rows=[tuple(cells.values())])
    assert resolved(frame, "kode_kecamatan", "kode_desa") == [("320107", "3201072001")]


def test_a_retired_desa_code_still_gives_its_kecamatan():
    frame = typed("kode_wilayah", rows=[("3201072999",)])
    assert resolved(frame, "kode_kecamatan", "kode_desa", "desa_kelas") == [
        ("320107", None, "tak_dikenal")
    ]


def test_a_retired_papua_code_is_todays_kabupaten():
    frame = typed("kode_kabupaten", "kecamatan", rows=[("9101", "Semangga")])
    assert resolved(frame, "kode_kabupaten", "kode_kecamatan") == [("9301", "930105")]


def test_where_code_and_name_disagree_the_name_is_kept_and_said_so():
    frame = typed(
        "kode_kabupaten", "kode_kecamatan", "kecamatan",
        rows=[("3201", "320101", "Ciawi"), *[("3201", "320102", "Gunungputri")] * 3],
    )  # fmt: skip
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas")[0] == ("320124", "bertentangan")


def test_a_misspelt_name_beside_its_own_code_is_that_code():
    frame = typed("kode_kecamatan", "kecamatan", rows=[("320101", "Cibinnonng")])
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas") == [("320101", "kode")]


JAKARTA_BPS = [
    ("31", "71", "050", "JAKARTA SELATAN", "TEBET"),
    ("31", "72", "100", "JAKARTA TIMUR", "MATRAMAN"),
]


BPS_COLUMNS = ("kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kabupaten", "kecamatan")


def test_bps_codes_are_known_by_the_names_beside_them():
    rows = resolved(typed(*BPS_COLUMNS, rows=JAKARTA_BPS), "kode_kecamatan", "kecamatan_kelas")
    assert rows == [("317401", "bps"), ("317501", "bps")]


def test_a_bps_code_without_a_name_is_translated_by_the_rows_that_have_one():
    frame = typed(*BPS_COLUMNS, rows=[*JAKARTA_BPS, ("31", "72", "100", None, None)])
    assert resolved(frame, "kode_kabupaten", "kode_kecamatan", "kecamatan_kelas")[-1] == (
        "3175", "317501", "bps",
    )  # fmt: skip


def test_bps_codes_without_any_name_are_marked_and_not_guessed():
    frame = typed(
        "kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa",
        rows=[("52", "06", "020", "007"), ("52", "06", "020", "008")],
    )  # fmt: skip
    assert resolved(frame, *CODES)[0] == ("52", None, None, None)
    assert resolved(frame, *KELAS)[0] == ("bps", "bps", "bps")


def test_some_wrong_names_do_not_make_a_column_bps():
    right = [("3201", "07", "Cileungsi")] * 90
    wrong = [
        ("3201", "07", name) for name in ("Ciawi", "Jonggol", "Cariu", "Parung", "Tajurhalang")
    ]
    frame = typed("kode_kabupaten", "kode_kecamatan", "kecamatan", rows=[*right, *wrong])
    assert resolved(frame, "kecamatan_kelas")[-1] == ("bertentangan",)
    assert resolved(frame, "kecamatan_kelas")[0] == ("kode",)


def test_a_list_from_before_papua_was_split_holds_kemendagri_codes():
    places = ["SEMANGGA", "KURIK", "TANAH MIRING", "JAGEBOB", "SOTA", "MUTING"]
    rows = [(f"9101{at}2002", "MERAUKE", place) for at, place in enumerate(places, start=11)]
    frame = typed("kode_wilayah", "kabupaten", "kecamatan", rows=rows)
    found = resolved(frame, "kode_kabupaten", "kabupaten_kelas", "kecamatan_kelas")
    assert found == [("9301", "kode", "nama")] * len(rows)


def test_bps_codes_of_papua_barat_are_not_taken_for_retired_ones():
    rows = [
        ("9101", "FAKFAK"),
        ("9102", "KAIMANA"),
        ("9103", "TELUK WONDAMA"),
        ("9108", "RAJA AMPAT"),
    ]
    found = resolved(typed("kode_kabupaten", "kabupaten", rows=rows), "kabupaten_kelas")
    assert found == [("bps",)] * len(rows)
