"""Workbooks of every kind are read sheet by sheet, as typed, at their rows."""

import io
import zipfile

import openpyxl
import polars as pl
import pytest
import xlwt

from dtkstool.read import cell, read_files
from tests.office import ods, xls, zipped


def save(tmp_path, workbook, name="data.xlsx"):
    workbook.save(tmp_path / name)
    return read_files([str(tmp_path / name)])


def book(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


def test_a_number_in_a_nik_cell_is_known_as_one(tmp_path):
    result = save(
        tmp_path,
        book(
            ["NIK", "NO KK", "NAMA"],
            [3201014107700001, "3201010101100001", "SITI"],
            ["3201014107700002", 3201010101100001, "BUDI"],
            [None, None, "TONO"],
        ),
    )
    assert result.records.select("nik_asal", "nik_numeric", "nokk_numeric").rows() == [
        ("3201014107700001", True, False),
        ("3201014107700002", False, True),
        (None, False, False),
    ]


def test_cells_are_kept_as_typed_and_dates_as_excel_gives_them(tmp_path):
    import datetime

    workbook = book(["NIK", "NAMA", "TGL LAHIR", "RT", "KETERANGAN"])
    workbook.active.append(["'320101", "  SITI\u00a0", datetime.date(1990, 7, 29), "=1+1", "#N/A"])
    result = save(tmp_path, workbook)
    row = result.records.row(0, named=True)
    assert row["nik_asal"] == "'320101"
    assert row["nama_asal"] == "  SITI\u00a0"
    assert row["tanggal_lahir_asal"] == "1990-07-29 00:00:00"
    assert row["keterangan_asal"] is None


def test_a_sheet_that_starts_in_the_middle_keeps_rows_and_letters(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["C5"], sheet["D5"] = "NIK", "NAMA"
    sheet["C7"], sheet["D7"] = "3201014107700001", "SITI"
    result = save(tmp_path, workbook)
    assert result.layouts[0].header_row == 5
    assert result.records.select("row", cell=cell(result.layouts, "nama")).row(0) == (7, "D7")


def test_two_merged_header_rows_over_a_row_of_numbers(tmp_path):
    workbook = book(
        ["DATA WARGA"],
        ["NO", "IDENTITAS", None, "LAHIR", None, "ALAMAT", None, None, "NAMA ORANG TUA", None],
        [None, "NIK", "NAMA", "TEMPAT", "TANGGAL", "DUSUN", "RT", "RW", "IBU", "AYAH"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"],
        [1, "3201014107700001", "SITI", "BOGOR", "01-07-1970", "A", "1", "2", "ANI", "TONO"],
    )
    sheet = workbook.active
    for merged in ("A2:A3", "B2:C2", "D2:E2", "F2:H2", "I2:J2"):
        sheet.merge_cells(merged)
    result = save(tmp_path, workbook)
    letters = {field: place[0] for field, place in result.layouts[0].columns.items()}
    assert letters == {
        "nik": "B", "nama": "C", "tempat_lahir": "D", "tanggal_lahir": "E", "dusun": "F",
        "rt": "G", "rw": "H", "nama_ibu": "I", "nama_ayah": "J",
    }  # fmt: skip
    assert result.skipped["reason"].to_list() == ["judul", *["kepala_kolom"] * 2, "nomor_kolom"]


def test_every_sheet_has_its_own_layout_and_a_recap_is_named_not_read(tmp_path):
    workbook = book(["REKAP"], ["KECAMATAN", "JUMLAH"], ["A", 2])
    workbook.active.title = "REKAP"
    one = workbook.create_sheet("Desa A")
    one.append(["NIK", "NAMA"])
    one.append(["3201014107700001", "SITI"])
    two = workbook.create_sheet("Desa B")
    two.append([])
    two.append(["NAMA LENGKAP", "NO KK", "NIK"])
    two.append(["BUDI", "3201010101100001", "3201010107700002"])
    two.sheet_state = "hidden"
    workbook.create_sheet("Sheet9")
    result = save(tmp_path, workbook)
    assert result.records.select("sheet", "row", "nama_asal").rows() == [
        ("Desa A", 2, "SITI"),
        ("Desa B", 3, "BUDI"),
    ]
    assert [(s.sheet, s.reason) for s in result.sheets] == [
        ("REKAP", "not_people"), ("Desa A", ""), ("Desa B", ""), ("Sheet9", "empty_sheet"),
    ]  # fmt: skip
    assert result.layouts[1].hidden
    assert [note.key for note in result.layouts[1].notes] == ["hidden_sheet"]
    assert result.failures == ()


def test_a_no_kk_merged_beside_its_members_is_theirs(tmp_path):
    workbook = book(
        ["NO KK", "NIK", "NAMA"],
        [3201010101100001, "3201014107700001", "SITI"],
        [None, "3201010107700002", "BUDI"],
        [None, None, None],
        ["3201010101100002", "3201014107700003", "ANI"],
        [None, "3201010107700004", "TONO"],
    )
    workbook.active.merge_cells("A2:A4")
    result = save(tmp_path, workbook)
    assert result.records.select("nokk_asal", "kk_row", "nokk_numeric").rows() == [
        ("3201010101100001", None, True),
        ("3201010101100001", 2, True),
        ("3201010101100002", None, False),
        (None, None, False),
    ]
    assert result.records.select(cell(result.layouts, "nokk")).to_series().to_list() == [
        "A2", "A2", "A5", "A6",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [("a.xls", xls()), ("a.ods", ods())])
def test_other_workbooks_are_read_too(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    result = read_files([str(tmp_path / name)])
    assert result.records.select("nik_asal", "nama_asal", "row").rows() == [
        ("3201014107700001", "SITI", 2)
    ]


def test_an_old_xls_knows_its_numbers(tmp_path):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Data")
    for i, value in enumerate(["NIK", 3201014107700001, "3201014107700002"]):
        sheet.write(i, 0, value)
        sheet.write(i, 1, ["NAMA", "SITI", "BUDI"][i])
    result = save(tmp_path, workbook, "a.xls")
    assert result.records["nik_numeric"].to_list() == [True, False]


def test_an_xml_spreadsheet_named_xls_is_read(tmp_path):
    row = "<Row><Cell><Data ss:Type='{}'>{}</Data></Cell><Cell ss:Index='3'><Data ss:Type='String'>{}</Data></Cell></Row>"
    rows = row.format("String", "NIK", "NAMA") + row.format("Number", "3201014107700001", "SITI")
    (tmp_path / "a.xls").write_text(
        "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
        "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='Data'><Table>"
        f"{rows}</Table></Worksheet></Workbook>"
    )
    result = read_files([str(tmp_path / "a.xls")])
    assert result.records.select("sheet", "row", "nik_asal", "nik_numeric", "nama_asal").rows() == [
        ("Data", 2, "3201014107700001", True, "SITI")
    ]
    assert result.layouts[0].columns["nama"] == ("C", "NAMA")


def test_parquet_keeps_its_numbers_marked_and_its_empty_texts_null(tmp_path):
    pl.DataFrame(
        {"NIK": [3201014107700001, 3201010107700002], "NAMA": ["SITI", ""], "NO_KK": [3.2e15, None]}
    ).write_parquet(tmp_path / "a.parquet")
    result = read_files([str(tmp_path / "a.parquet")])
    assert result.records.select(
        "row", "nik_asal", "nik_numeric", "nama_asal", "nokk_asal"
    ).rows() == [
        (2, "3201014107700001", True, "SITI", "3200000000000000"),
        (3, "3201010107700002", True, None, None),
    ]
    assert result.skipped.is_empty()


def test_a_zip_gives_every_file_under_its_nested_name(tmp_path):
    inner = zipped(**{"b.csv": b"NIK,NAMA\n3201010107700002,BUDI\n"})
    data = zipped(**{"a.xls": xls(), "dalam.zip": inner, "__MACOSX/._a.xls": b"x", "baca.txt": b""})
    (tmp_path / "arsip.zip").write_bytes(data)
    result = read_files([str(tmp_path / "arsip.zip")])
    root = f"{tmp_path}/arsip.zip"
    assert result.records["source_file"].to_list() == [f"{root}/a.xls", f"{root}/dalam.zip/b.csv"]
    assert [(f.key, f.where.file) for f in result.failures] == [("empty_file", f"{root}/baca.txt")]


def test_a_locked_member_of_a_zip_is_named(tmp_path):
    file = io.BytesIO(zipped(**{"a.csv": b"NIK,NAMA\n1,A\n"}))
    data = bytearray(file.getvalue())
    for offset in (6, data.index(b"PK\x01\x02") + 8):
        data[offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    result = read_files([str(tmp_path / "a.zip")])
    assert [f.key for f in result.failures] == ["locked_file"]
