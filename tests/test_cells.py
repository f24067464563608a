"""A finding's cell, read back from the original file, holds the value the finding shows."""

import csv
import re
from datetime import date

import openpyxl
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import Table, TableCell, TableRow
from odf.text import P

from dtkstool.pipeline import checking
from tests.examples import examples_in_folder

TITLE = ["DAFTAR PENERIMA BANTUAN", "", "", "", "", ""]
HEADER = ["No", "NIK", "Nama", "Tanggal Lahir", "JK", "Alamat"]
CELLS = [
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["3201015107700001", "320101510770001", "'3201011208710002", "3201013513700001",
                     "3201-0151-0770-0003", "", "9999999999999999", "3201010000000000"]),
    st.sampled_from(["SITI AMINAH", "Hj. Nurhayati, S.Pd", "BUDI123", "A", "SLAMET; RIYADI"]),
    st.sampled_from(["11-07-1970", "31-02-1980", "", "1890", "05/06/81"]),
    st.sampled_from(["P", "L", "X", ""]),
    st.sampled_from(["JL. MELATI 1", "KP. BARU\nRT 01", "DSN \"KRAJAN\", 2"]),
]  # fmt: skip


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def csv_cells(path):
    """Cells by line as an editor counts them and column letter."""
    cells, line = {}, 1
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        for row in reader:
            cells |= {f"{chr(65 + at)}{line}": text for at, text in enumerate(row)}
            line = reader.line_num + 1
    return cells


def write_xlsx(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([text or None for text in row])
    book.save(path)


def xlsx_cells(path):
    sheet = openpyxl.load_workbook(path).active
    return {cell.coordinate: cell.value or "" for row in sheet.iter_rows() for cell in row}


def write_ods(path, rows):
    book = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    for row in rows:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            for part in text.split("\n"):
                cell.addElement(P(text=part))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(path)


def ods_cells(path):
    cells = {}
    for row, line in enumerate(load(path).spreadsheet.getElementsByType(TableRow), 1):
        for at, cell in enumerate(line.getElementsByType(TableCell)):
            cells[f"{chr(65 + at)}{row}"] = "\n".join(str(p) for p in cell.getElementsByType(P))
    return cells


FORMATS = {
    "csv": (write_csv, csv_cells),
    "xlsx": (write_xlsx, xlsx_cells),
    "ods": (write_ods, ods_cells),
}


def assert_findings_show(cells):
    """Hold what each finding shows against the cell it names: file → cell → text."""
    checked = checking.validate(list(cells), today=date(2026, 11, 1), column_map=None, lang="id")
    findings = checked.outcome.findings.filter(
        pl.col("row").is_not_null() & (pl.col("code") != "FIL04")
    )
    shown = findings.select("source_file", "cell", "row", "value")
    assert shown["source_file"].n_unique() in (0, len(cells))
    for file, cell, row, value in shown.iter_rows():
        assert int(re.sub(r"\D", "", cell)) == row
        assert cells[file][cell] == (value or "")


@examples_in_folder(2, 10)
@given(st.lists(st.tuples(*CELLS), min_size=3, max_size=12))
def test_a_findings_cell_read_back_holds_the_value_it_shows(tmp_path, people):
    cells = {}
    for form, (write, cells_of) in FORMATS.items():
        path = tmp_path / f"desa.{form}"
        write(path, [TITLE, HEADER, *people])
        cells[str(path)] = cells_of(path)
    assert_findings_show(cells)
