"""The cells of a correction workbook: text as it was typed, differences marked, what may be touched."""

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.escape import unescape

from dtkstool.write.sheets.definition import CHOICES, SHEETS
from dtkstool.write.sheets.diff import differing
from dtkstool.write.workbook import slug
from tests.workbooks import (
    change,
    decision,
    only,
    record,
    rows,
    write,
)

TYPED = ("=1+1", "+62", "-", "@SUM(A1)", "<r>x</r>", "_x0041_", " 3201\u00a0", "A & B <b>", "007")


def test_what_was_typed_comes_back_as_text_and_unchanged(tmp_path):
    typed = {f"R{at}": text for at, text in enumerate(TYPED)}
    write(
        tmp_path,
        [record(one, text, text, alamat_asal=text) for one, text in typed.items()],
        [decision(one, "ubah", "perbaikan") for one in typed],
        [change(one, "nama", text, text + "X") for one, text in typed.items()],
    )
    sheet = only(tmp_path)["UBAH"]
    found = {
        row["record_id"]: [unescape(row[key]) for key in ("nama", "nik", "alamat", "lama", "baru")]
        for row in rows(sheet)
    }
    assert found == {one: [text] * 4 + [text + "X"] for one, text in typed.items()}
    cells = [cell for row in sheet.iter_rows(min_row=6, min_col=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert {cell.number_format for cell in cells if cell.has_style} == {"@"}


def test_control_characters_and_endless_texts_do_not_break_the_file(tmp_path):
    write(
        tmp_path,
        [record("A", "SI\x00TI\x0b\x1f\ufffe", alamat_asal="X" * 40_000, nama_ibu_asal="A\r\nB")],
        [decision("A", evidence="satu\r\ndua")],
        candidates=[{"record_id": "A", "nama": "S\x00", "rank": 1}],
    )
    (row,) = rows(only(tmp_path)["VERIFIKASI"])
    assert row["nama"] == "SITI"
    assert row["data"].endswith("[dipotong]") and len(row["data"]) < 32_767
    assert row["periksa"] == "Periksa di lapangan.\nsatu\ndua"


@given(text=st.text(max_size=12), other=st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_the_runs_of_a_comparison_put_together_are_the_texts(text, other):
    left, right = differing(text, other)
    assert "".join(run for run, _ in left) == text
    assert "".join(run for run, _ in right) == other
    assert all(run for run, _ in (*left, *right))


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("3201014107900001", "3201014107900021", ("0", "2")),
        ("SITI AMINAH", "SITTI AMINAH", ("", "T")),
        ("MOHAMAD", "MUHAMMAD", ("O", "UM")),
        ("WAWAN", "HERMAWAN", ("W", "HERM")),
        ("BUDI", "SITI RAHAYU", ("BUDI", "SITI RAHAYU")),
        ("", "SITI", ("", "")),
    ],
)
def test_only_the_characters_that_differ_are_marked(old, new, marked):
    sides = differing(old, new)
    assert tuple("".join(run for run, differs in side if differs) for side in sides) == marked


def test_differing_characters_are_coloured_bold_and_underlined(tmp_path):
    write(
        tmp_path,
        [record("A")],
        [decision("A", "ubah", "perbaikan")],
        [change("A", "nik", "3201014107900001", "3201014107900021")],
    )
    (path,) = tmp_path.rglob("*.xlsx")
    sheet = openpyxl.load_workbook(path, rich_text=True)["UBAH"]
    old, new = (sheet.cell(6, column).value for column in (8, 9))
    assert isinstance(old, CellRichText) and isinstance(new, CellRichText)
    marked = [b for b in new if isinstance(b, TextBlock) and b.font.b]
    assert [(b.text, b.font.u, b.font.color.rgb) for b in marked] == [("2", "single", "FF0B4F9E")]


def test_operators_may_touch_their_own_cells_only(tmp_path):
    write(tmp_path, [record("A")], [decision("A", "hapus", "meninggal")])
    book = only(tmp_path)
    for sheet in SHEETS:
        worksheet = book[sheet.name]
        assert worksheet.protection.sheet and not worksheet.protection.password
        assert not worksheet.protection.autoFilter and not worksheet.protection.formatColumns
        open_keys = [c.key for c in sheet.columns if c.operator]
        keys = [cell.value for cell in worksheet[1]]
        unlocked = [keys[cell.column - 1] for cell in worksheet[6] if not cell.protection.locked]
        hidden = [
            keys[i] for i, cell in enumerate(worksheet[1])
            if worksheet.column_dimensions[cell.column_letter].hidden
        ]  # fmt: skip
        if worksheet.max_row >= 6 and sheet.key == "hapus_ganti":
            assert unlocked == open_keys
        assert not any(cell.protection.locked is False for row in worksheet["1:5"] for cell in row)
        assert "record_id" in hidden and not set(hidden) & set(open_keys)
        assert worksheet.row_dimensions[1].hidden
        assert worksheet.auto_filter.ref.startswith("A5:")
        assert worksheet.freeze_panes.endswith("6")


def test_every_decision_column_offers_its_words_and_refuses_others(tmp_path):
    write(tmp_path, [record("A")], [decision("A")])
    book = only(tmp_path)
    for sheet in SHEETS:
        rules = book[sheet.name].data_validations.dataValidation
        lists = [rule for rule in rules if rule.type == "list"]
        assert all(rule.errorStyle in (None, "stop") and rule.showErrorMessage for rule in lists)
        assert lists[0].formula1 == f"dtks_{sheet.key}"
        (area,) = book.defined_names[f"dtks_{sheet.key}"].destinations
        offered = [row[0].value for row in book[area[0]][area[1]]]
        assert offered == [c.word for c in CHOICES if c.sheet == sheet.key]


def test_colour_rules_do_not_overlap(tmp_path):
    write(tmp_path, [record("A")], [decision("A")])
    book = only(tmp_path)
    for sheet in SHEETS:
        areas = [area for f in book[sheet.name].conditional_formatting for area in f.sqref.ranges]
        cells = [cell for area in areas for cell in area.cells]
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Kabupaten Bogor", "kabupaten-bogor"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c\x00d", "a-b-c-d"),
        ("Sédati (Timur)", "sedati-timur"),
        ("", "tanpa-nama"),
        ("..", "tanpa-nama"),
        ("漢字", "tanpa-nama"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_become_safe_parts_of_file_names(name, safe):
    assert slug(name) == safe


def test_english_labels_stand_over_the_same_keys_and_words(tmp_path):
    write(tmp_path, [record("A")], [decision("A")], lang="en")
    book = only(tmp_path)
    labels = dict(zip(*([c.value for c in book["VERIFIKASI"][row]] for row in (1, 5)), strict=True))
    assert labels["nama"] == "NAME"
    assert book["_dtkstool"]["B5"].value == "en"
