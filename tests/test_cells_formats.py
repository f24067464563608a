"""As `test_cells`, in the formats seen more seldom: pipe text in cp1252, BIFF, Parquet."""

import re
from datetime import date

import polars as pl
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.pipeline import checking
from tests.examples import examples_in_folder
from tests.test_cells import CELLS, HEADER


def write_txt(path, rows):
    lines = ["|".join(cell.replace("\n", " ") for cell in row) for row in rows]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return [[cell.replace("\n", " ") for cell in row] for row in rows]


def write_xls(path, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write(row, column, text)
    book.save(str(path))
    return rows


def write_parquet(path, rows):
    header, *people = rows
    pl.DataFrame(people, schema=dict.fromkeys(header, pl.String), orient="row").write_parquet(path)
    return rows


FORMATS = {"txt": write_txt, "xls": write_xls, "parquet": write_parquet}


@examples_in_folder(1, 5)
@given(st.lists(st.tuples(*CELLS), min_size=3, max_size=12))
def test_a_findings_cell_read_back_holds_the_value_in_every_other_format(tmp_path, people):
    cells = {}
    for form, write in FORMATS.items():
        path = tmp_path / f"desa.{form}"
        rows = write(path, [HEADER, *people])
        cells[str(path)] = {
            f"{chr(65 + at)}{row}": text
            for row, texts in enumerate(rows, 1)
            for at, text in enumerate(texts)
        }
    checked = checking.validate(list(cells), today=date(2026, 11, 1), column_map=None, lang="id")
    findings = checked.outcome.findings.filter(
        pl.col("row").is_not_null() & (pl.col("code") != "FIL04")
    )
    shown = findings.select("source_file", "cell", "row", "value")
    assert shown["source_file"].n_unique() in (0, len(FORMATS))
    for file, cell, row, value in shown.iter_rows():
        assert int(re.sub(r"\D", "", cell)) == row
        assert cells[file][cell] == (value or "")
