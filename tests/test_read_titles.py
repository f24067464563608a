"""A place that only a title names reaches the people under it."""

import pytest

from dtkstool.read import read_files
from dtkstool.read.titles import places_in


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("KECAMATAN CIBINONG KABUPATEN BOGOR", {"kecamatan": "CIBINONG", "kabupaten": "KABUPATEN BOGOR"}),
        ("DESA : SUKA MAJU", {"desa": "SUKA MAJU"}),
        ("Desa/Kelurahan | : | Sukamaju", {"desa": "Sukamaju"}),
        ("DAFTAR KPM DESA SUKAMAJU KEC. CIBINONG TAHUN 2026", {"desa": "SUKAMAJU", "kecamatan": "CIBINONG"}),
        ("PEMERINTAH KOTA BOGOR", {"kabupaten": "KOTA BOGOR"}),
        ("Verval 530813 Kota Baru", {}),
        ("KOTA JAKARTA SELATAN", {"kabupaten": "KOTA JAKARTA SELATAN"}),
        ("Provinsi Jawa Barat", {"provinsi": "Jawa Barat"}),
        ("DESA : SEMUA", {}),
        ("DATA PER DESA", {}),
        ("REKAP KECAMATAN TAHUN 2026", {}),
        ("Kepala Dinas Sosial", {}),
    ],
)  # fmt: skip
def test_a_title_names_its_places(title, places):
    assert places_in(title) == places


def read(tmp_path, text, name="data.csv"):
    (tmp_path / name).write_text(text)
    return read_files([str(tmp_path / name)])


def test_titles_above_hold_for_the_sheet_and_those_between_for_the_people_below(tmp_path):
    result = read(
        tmp_path,
        "KECAMATAN CIBINONG KABUPATEN BOGOR;;\nNIK;NAMA;JK\nDESA : A JAYA;;\n"
        "3201014107700001;SITI;P\nDESA : B JAYA;;\n3201010107700002;BUDI;L\n",
    )
    found = result.records.select("kecamatan_asal", "desa_asal", "kabupaten_asal")
    assert found.rows() == [
        ("CIBINONG", "A JAYA", "KABUPATEN BOGOR"),
        ("CIBINONG", "B JAYA", "KABUPATEN BOGOR"),
    ]
    assert "title_place" in {note.key for note in result.layouts[0].notes}


def test_a_column_of_its_own_is_never_overruled(tmp_path):
    result = read(
        tmp_path, "KECAMATAN CIBINONG;;\nNIK;NAMA;KECAMATAN\n3201014107700001;SITI;\n"
    )  # fmt: skip
    assert result.records["kecamatan_asal"].to_list() == [None]


def test_two_places_in_the_titles_decide_nothing(tmp_path):
    result = read(
        tmp_path, "KECAMATAN A JAYA;;\nKECAMATAN B JAYA;;\nNIK;NAMA;JK\n3201014107700001;SITI;P\n"
    )
    assert result.records["kecamatan_asal"].to_list() == [None]


def test_the_name_of_the_file_is_the_last_resort(tmp_path):
    result = read(tmp_path, "NIK;NAMA\n3201014107700001;SITI\n", "BNBA_Kec_Cibinong.csv")
    assert result.records["kecamatan_asal"].to_list() == ["Cibinong"]
