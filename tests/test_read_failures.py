"""A file that cannot be used gives one clear error, and the other files go on."""

import gzip
import io
import zipfile

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from dtkstool.errors import UnusableInput
from dtkstool.read import expand, read_files
from tests.office import ods, xls, zipped

GOOD = b"NIK,NAMA\n3201014107700001,SITI\n"


def xlsx(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def encrypted():
    file = io.BytesIO()
    office = OOXMLFile(io.BytesIO(xlsx(["NIK", "NAMA"], ["1", "A"])))
    office.encrypt("rahasia", file)
    return file.getvalue()


def locked_ods():
    with zipfile.ZipFile(io.BytesIO(ods())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["META-INF/manifest.xml"] += b"<!-- <manifest:encryption-data/> -->"
    return zipped(**members)


def failures(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    (tmp_path / "baik.csv").write_bytes(GOOD)
    result = read_files([str(tmp_path / name), str(tmp_path / "baik.csv")])
    assert result.records["nik_asal"].to_list() == ["3201014107700001"]
    assert all(failure.where.file.endswith(name) for failure in result.failures)
    for failure in result.failures:
        assert failure.what("id") and failure.fix("id") and str(failure)
    return [failure.key for failure in result.failures]


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("kosong.csv", b"", "empty_file"),
        ("hanya_bom.csv", b"\xef\xbb\xbf\r\n", "empty_file"),
        (
            "laman.xls",
            b"<html><body><table><tr><td>NIK</td></tr></table></body></html>",
            "html_file",
        ),
        ("laman2.xls", b"\xef\xbb\xbf<!DOCTYPE html><p>x", "html_file"),
        ("terkunci.xlsx", encrypted(), "locked_file"),
        ("terkunci.ods", locked_ods(), "locked_file"),
        ("potong.xlsx", xlsx(["NIK", "NAMA"], ["1", "A"])[:3000], "truncated_file"),
        ("potong.xls", xls()[:1200], "broken_workbook"),
        ("potong.gz", gzip.compress(GOOD * 100, mtime=0)[:60], "truncated_file"),
        ("derau.csv", bytes(range(1, 256)) * 40, "binary_file"),
        ("surat.csv", b"%PDF-1.7 ...", "not_a_table"),
        (
            "surat.docx",
            zipped(**{"[Content_Types].xml": "x", "word/document.xml": "x"}),
            "not_a_table",
        ),
        ("sampah.parquet", b"PAR1sampahPAR1", "truncated_file"),
        ("tanpa_orang.csv", b"KECAMATAN,JUMLAH\nA,3\nB,4\n", "no_person_columns"),
        ("templat.csv", b"NIK,NAMA,NO KK\n,,\n", "no_rows"),
        ("templat.xlsx", xlsx(["NIK", "NAMA", "NO KK"]), "no_rows"),
        ("arsip.zip", zipped(**{"baca.md": "x"}), "empty_archive"),
    ],
)
def test_an_unusable_file_is_named_with_its_reason_and_the_others_go_on(tmp_path, name, data, key):
    assert failures(tmp_path, name, data) == [key]


def test_two_full_and_different_nik_columns_cannot_be_decided(tmp_path):
    rows = "".join(f"320101410770{i:04d},320202010180{i:04d},ANI {i}\n" for i in range(1, 9))
    assert failures(tmp_path, "dua.csv", f"NIK,NIK,NAMA\n{rows}".encode()) == ["two_nik_columns"]


def test_a_name_that_climbs_out_of_the_archive_is_refused_and_its_neighbour_read(tmp_path):
    data = zipped(**{"../jahat.csv": GOOD, "dalam/ani.csv": GOOD.replace(b"SITI", b"ANI")})
    (tmp_path / "arsip.zip").write_bytes(data)
    result = read_files([str(tmp_path / "arsip.zip")])
    assert [f.key for f in result.failures] == ["zip_path"]
    assert result.records["source_file"].to_list() == [f"{tmp_path}/arsip.zip/dalam/ani.csv"]


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("bom.csv", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(bytes(1 << 20))
    assert failures(tmp_path, "bom.zip", file.getvalue()) == ["zip_bomb"]


@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", xls()), ("a.xls", ods()), ("a.csv", xls()), ("a.xls", GOOD)]
)
def test_a_wrong_suffix_is_read_anyway_and_noted(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    result = read_files([str(tmp_path / name)])
    assert result.records["nama_asal"].to_list() == ["SITI"]
    assert [n.key for n in result.layouts[0].notes if n.key == "wrong_suffix"] == ["wrong_suffix"]


def test_a_folder_gives_its_data_files_without_locks_and_hidden_ones(tmp_path):
    for name in ("b.csv", "a.xlsx", "~$a.xlsx", ".tersembunyi.csv", "catatan.md", "sub/c.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(GOOD)
    found = [path.relative_to(tmp_path).as_posix() for path in expand([str(tmp_path)])]
    assert found == ["a.xlsx", "b.csv", "sub/c.TXT"]


def test_a_file_named_twice_is_read_once(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD)
    assert len(expand([str(tmp_path / "a.csv"), str(tmp_path / "*.csv"), str(tmp_path)])) == 1


def test_a_pattern_without_files_stops_the_command(tmp_path):
    with pytest.raises(UnusableInput, match="no file matches"):
        expand([str(tmp_path / "*.csv")])
