"""A map overrides what the reader would find, and says precisely what is wrong with itself."""

import pytest

from dtkstool.errors import BadConfiguration
from dtkstool.read import read_files, save_map

TEXT = "DAFTAR\nKode;Orang;Lain\n3201014107700001;SITI;X\n3201010107700002;BUDI;Y\n"


def mapped(tmp_path, toml, text=TEXT):
    (tmp_path / "data.csv").write_text(text)
    (tmp_path / "peta.toml").write_text(toml, "utf-8")
    return read_files([str(tmp_path / "data.csv")], column_map=tmp_path / "peta.toml")


@pytest.mark.parametrize("names", ['Kode = "nik"\nOrang = "nama"', 'A = "nik"\nB = "nama"'])
def test_columns_are_named_by_header_or_letter(tmp_path, names):
    result = mapped(
        tmp_path, f"[[peta]]\nberkas = '*.csv'\nbaris_kepala = 2\n[peta.kolom]\n{names}\n"
    )
    assert result.records.select("row", "nik_asal", "nama_asal").rows() == [
        (3, "3201014107700001", "SITI"),
        (4, "3201010107700002", "BUDI"),
    ]
    assert result.layouts[0].unmapped == (("C", "Lain"),)


def test_an_empty_field_leaves_a_column_out(tmp_path):
    text = "NIK;NAMA;RT\n3201014107700001;SITI;1\n"
    result = mapped(tmp_path, "[[peta]]\n[peta.kolom]\nRT = ''\n", text)
    assert set(result.layouts[0].columns) == {"nik", "nama"}


def test_the_map_decides_between_two_nik_columns(tmp_path):
    rows = "".join(f"320101410770{i:04d};320202010180{i:04d};ANI\n" for i in range(1, 9))
    result = mapped(tmp_path, "[[peta]]\n[peta.kolom]\nA = ''\n", "NIK;NIK;NAMA\n" + rows)
    assert result.layouts[0].columns["nik"][0] == "B"


def test_a_file_without_header_is_read_by_letters(tmp_path):
    result = mapped(
        tmp_path,
        "[[peta]]\nbaris_kepala = 0\n[peta.kolom]\nA = 'nik'\nB = 'nama'\n",
        "3201014107700001;SITI\n3201010107700002;BUDI\n",
    )
    assert result.records["nama_asal"].to_list() == ["SITI", "BUDI"]


def test_a_saved_map_reads_the_same_again_and_can_be_edited(tmp_path):
    (tmp_path / "data.csv").write_text('NIK;Nama "asli";RT/RW;;X\n3201014107700001;SITI;1/2;z;w\n')
    first = read_files([str(tmp_path / "data.csv")])
    save_map(first, tmp_path / "peta.toml")
    again = read_files([str(tmp_path / "data.csv")], column_map=tmp_path / "peta.toml")
    assert again.records.equals(first.records)
    text = (tmp_path / "peta.toml").read_text("utf-8")
    assert '"RT/RW" = "rt_rw"' in text and '"X" = ""' in text


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ("peta = 1", "map_syntax"),
        ("[[peta]\n", "map_syntax"),
        ("[[peta]]\nfile = 'x'\n", "map_key"),
        ("[[peta]]\nbaris_kepala = '2'\n", "map_key"),
        ("[[peta]]\n[peta.kolom]\nKode = 'nikk'\n", "map_field"),
        ("[[peta]]\n[peta.kolom]\nKode = 1\n", "map_field"),
        ("[[peta]]\nbaris_kepala = 2\n[peta.kolom]\nKodee = 'nik'\n", "map_column"),
        ("[[peta]]\nbaris_kepala = 2\n[peta.kolom]\nZZ = 'nik'\n", "map_column"),
    ],
)
def test_a_map_that_makes_no_sense_stops_the_command(tmp_path, toml, key):
    with pytest.raises(BadConfiguration) as stopped:
        mapped(tmp_path, toml)
    assert stopped.value.key == key
    assert str(stopped.value)


def test_a_map_that_is_not_there_stops_the_command(tmp_path):
    (tmp_path / "data.csv").write_text(TEXT)
    with pytest.raises(BadConfiguration, match="cannot be opened"):
        read_files([str(tmp_path / "data.csv")], column_map=tmp_path / "tiada.toml")
