"""Writing the corrected register: the decided cells change, nothing else does."""

import gzip
import io
import zipfile

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.write.register import Changes, Ways, corrected
from dtkstool.write.register_cells import CellEdit
from dtkstool.write.register_text import edit_text
from dtkstool.write.register_xlsx import edit_workbook

WAYS = Ways(delimiter=lambda data: ",", sheets=lambda name, data: [])


def edit(row, column, old, new, **more):
    return CellEdit(7, row, column, old, new, **more)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (b"A,B\r\n1,x\r\n", edit(2, 1, "x", "y"), b"A,B\r\n1,y\r\n"),
        (b"A;B\n1;x", edit(2, 1, "x", "y;z"), b'A;B\n1;"y;z"'),
        (b'A,B\n1,"x"\n', edit(2, 1, "x", 'y"z'), b'A,B\n1,"y""z"\n'),
        (b"A,B\n1,\n", edit(2, 1, None, "y"), b"A,B\n1,y\n"),
        (b'A,B\n1,="0123"\n', edit(2, 1, '="0123"', "0456"), b'A,B\n1,="0456"\n'),
        (b"A,B\n1,'0123\n", edit(2, 1, "'0123", "0456"), b"A,B\n1,'0456\n"),
        (b'A,B\n1,"two\nlines"\n2,z\n', edit(2, 1, "two\nlines", "one"), b'A,B\n1,"one"\n2,z\n'),
        (b"A,B\n1,caf\xe9\n", edit(2, 1, "caf\xe9", "ni\xf1o"), b"A,B\n1,ni\xf1o\n"),
        ("\ufeffA,B\n1,x\n".encode("utf-16-le"), edit(2, 1, "x", "é"), "\ufeffA,B\n1,é\n".encode("utf-16-le")),
        (b"A,B\n1,002/003\n", edit(2, 1, "003", "004", part=True, last=True), b"A,B\n1,002/004\n"),
    ],
)  # fmt: skip
def test_one_cell_of_a_text_file_changes_and_keeps_its_dress(before, change, after):
    delimiter = ";" if b";" in before else ","
    assert edit_text(before, [change], {}, {2}, delimiter) == (after, [], set())


def test_a_cell_that_holds_something_else_is_not_touched():
    before = b"A,B\n1,x\n"
    assert edit_text(before, [edit(2, 1, "w", "y")], {}, {2}, ",") == (before, [7], set())


def test_a_removed_record_takes_all_its_lines_and_an_edit_above_does_not_shift_it():
    before = b'A,B\n1,"two\nlines"\n2,"of\nhis"\n3,z\n'
    gone = {4: edit(4, 1, "of\nhis", "")}
    after, unplaced, missing = edit_text(
        before, [edit(2, 1, "two\nlines", "one")], gone, {2, 4, 6}, ","
    )
    assert (after, unplaced, missing) == (b'A,B\n1,"one"\n3,z\n', [], set())


def test_a_row_that_holds_somebody_else_is_not_removed():
    before = b"A,B\n1,x\n"
    assert edit_text(before, [], {2: edit(2, 1, "w", "")}, {2}, ",") == (before, [], {2})


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\x1a"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=6), st.data())
def test_only_the_edited_cell_differs_whatever_the_others_hold(rows, data):
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    row = data.draw(st.integers(0, len(rows) - 1))
    before = out.getvalue().encode()
    change = edit(row + 1, 1, rows[row][1] or None, "NEW")
    after, unplaced, _ = edit_text(before, [change], {}, set(range(1, len(rows) + 1)), ",")
    expected = [list(cells) for cells in rows]
    if not unplaced:
        expected[row][1] = "NEW"
    assert list(csv.reader(io.StringIO(after.decode()))) == expected


def workbook(formula=None, merge=None):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["NIK", "NAMA"], ["1", "ANI"], [2, "BUDI"], ["3", "CITRA"]):
        sheet.append(row)
    sheet["B3"].font = openpyxl.styles.Font(bold=True)
    sheet["D5"] = formula
    if merge:
        sheet.merge_cells(merge)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def grid(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [list(row[:2]) for row in sheet.iter_rows(values_only=True)]


def test_a_workbook_cell_becomes_text_and_keeps_its_look():
    data, unplaced, _ = edit_workbook(
        workbook(), {"Sheet": [edit(3, 0, "2", "3201014107900001"), edit(3, 1, "BUDI", "=A1")]}, {}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert unplaced == []
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("3201014107900001", "s")
    assert (sheet["B3"].value, sheet["B3"].font.bold) == ("=A1", True)
    assert sheet["B3"].data_type != "n"


def test_a_removed_row_leaves_no_gap():
    gone = {"Sheet": {3: edit(3, 1, "BUDI", "")}}
    data, _, missing = edit_workbook(workbook(), {}, gone)
    assert grid(data) == [["NIK", "NAMA"], ["1", "ANI"], ["3", "CITRA"]]
    assert missing == {"Sheet": set()}


def test_where_formulas_refer_to_rows_a_removed_row_is_emptied():
    data, _, _ = edit_workbook(workbook("=COUNTA(B2:B4)"), {}, {"Sheet": {3: None}})
    assert grid(data)[2:4] == [[None, None], ["3", "CITRA"]]


def test_a_cell_merged_with_others_stays_when_its_row_goes():
    data, _, _ = edit_workbook(workbook(merge="A2:A3"), {}, {"Sheet": {2: None}})
    assert grid(data)[1:3] == [["1", None], [None, "BUDI"]]


def test_a_parquet_file_keeps_its_columns(tmp_path):
    path = tmp_path / "dtks.parquet"
    before = pl.DataFrame({"nik": ["1", "2"], "rt": [1, 2]})
    before.write_parquet(path)
    changes = Changes({"": [edit(2, 0, "1", "9"), edit(2, 1, "1", "x")]}, {"": {3: None}})
    result = corrected([path], {path.as_posix(): changes}, WAYS)
    assert pl.read_parquet(io.BytesIO(result.contents[0][1])).rows() == [("9", 1)]
    assert result.unplaced == [7]


def test_files_inside_archives_are_corrected_and_packed_again(tmp_path):
    zipped, packed = tmp_path / "paket.zip", tmp_path / "dtks.csv.gz"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a/dtks.csv", "A,B\n1,x\n")
        archive.writestr("baca.txt", "halo")
    packed.write_bytes(gzip.compress(b"A,B\n1,x\n"))
    changes = {
        f"{zipped.as_posix()}/a/dtks.csv": Changes({"": [edit(2, 1, "x", "y")]}),
        packed.as_posix(): Changes({"": [edit(2, 1, "x", "y")]}),
    }
    first, second = corrected([zipped, packed], changes, WAYS).contents
    with zipfile.ZipFile(io.BytesIO(first[1])) as archive:
        assert archive.read("a/dtks.csv") == b"A,B\n1,y\n"
        assert archive.read("baca.txt") == b"halo"
    assert gzip.decompress(second[1]) == b"A,B\n1,y\n"
