"""As `test_cells`, in the formats seen more seldom: pipe text in cp1252, BIFF, Parquet."""

import polars as pl
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples_in_folder
from tests.test_cells import CELLS, HEADER, assert_findings_show


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
    assert_findings_show(cells)
