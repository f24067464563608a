"""As `test_cells`, in files as they come: titles, blank lines, totals, merged headers, two sheets."""

import csv
import io
from datetime import date

import openpyxl
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.pipeline import checking
from tests.examples import examples_in_folder
from tests.test_cells import CELLS

FIRST = ["No", "Identitas", None, "Lahir", "JK", "Alamat"]
SECOND = [None, "NIK", "Nama", None, None, None]
BLANK = [None] * 6
TOTAL = ["JUMLAH", "3", None, None, None, None]
SIGNED = [None, None, None, None, "Kepala Desa,", None]


def laid_out(people):
    """Rows as an office sends them: a title, a header of two rows, gaps, a total, a signature."""
    gaps = [row for at, person in enumerate(people) for row in ([person, BLANK][: 1 + at % 2])]
    return [["DAFTAR KPM", *BLANK[1:]], BLANK, FIRST, SECOND, *gaps, TOTAL, BLANK, SIGNED]


def write_xlsx(path, people):
    book = openpyxl.Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet("Desa Dua"))):
        for row in laid_out(people[number::2]):
            sheet.append([cell or None for cell in row])
        sheet.merge_cells("B3:C3")
        for column in "ADEF":
            sheet.merge_cells(f"{column}3:{column}4")
        sheet.merge_cells("A1:F1")
    book.save(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path)
        for line in sheet.iter_rows()
        for cell in line
    }


def write_text(path, people, encoding, delimiter, end):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    header = ["No", "NIK", "Nama", "Lahir", "JK", "Alamat"]
    rows = [["DAFTAR KPM"], [], header, *laid_out(people)[4:]]
    for at, row in enumerate(rows):
        short = [cell or "" for cell in row]
        while at % 3 == 0 and short and not short[-1]:
            short.pop()
        writer.writerow(short)
    path.write_bytes(text.getvalue().encode(encoding))
    cells, line = {}, 1
    reader = csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=delimiter)
    for row in reader:
        cells |= {("", f"{chr(65 + at)}{line}"): cell for at, cell in enumerate(row)}
        line = reader.line_num + 1
    return cells


WRITERS = {
    "buku.xlsx": write_xlsx,
    "utf16.txt": lambda path, people: write_text(path, people, "utf-16", "\t", "\r\n"),
    "titik.csv": lambda path, people: write_text(path, people, "cp1252", ";", "\r\n"),
    "pipa.csv": lambda path, people: write_text(path, people, "utf-8-sig", "|", "\n"),
}


@examples_in_folder(1, 20)
@given(st.lists(st.tuples(*CELLS), min_size=4, max_size=12))
def test_a_findings_cell_holds_its_value_in_awkward_files(tmp_path, people):
    written = {
        str(tmp_path / name): write(tmp_path / name, people) for name, write in WRITERS.items()
    }
    checked = checking.validate(list(written), today=date(2026, 11, 1), column_map=None, lang="id")
    found = checked.outcome.findings.filter(pl.col("row").is_not_null())
    for file, sheet, cell, value in found.select(
        "source_file", "sheet", "cell", "value"
    ).iter_rows():
        assert (written[file].get((sheet, cell)) or None) == value, (file, sheet, cell)
