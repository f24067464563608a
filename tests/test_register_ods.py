"""An .ods is corrected in place: one cell or row of content.xml, and every other byte stays."""

import io
import zipfile
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.read.sources import Source
from dtkstool.read.workbook import workbook_grids
from dtkstool.sample.ods import _MANIFEST
from dtkstool.write.register_cells import CellEdit
from dtkstool.write.register_ods import NAMES, SPREADSHEET, edit_spreadsheet

BODY = """
<table:table table:name="A"><table:table-row><table:table-cell office:value-type="string">
<text:p>nama</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="Data">
<table:table-row><table:table-cell office:value-type="string"><text:p>kepala</text:p>
</table:table-cell><table:table-cell table:number-columns-repeated="3"/></table:table-row>
<table:table-row table:number-rows-repeated="3"><table:table-cell table:style-name="ce1"
 office:value-type="string"><office:annotation><text:p>catatan</text:p></office:annotation
><text:p>SITI<text:s text:c="2"/>A<text:span>MI</text:span>NAH</text:p></table:table-cell
><table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="7"
><text:p>7,00</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="1970-07-11"
><text:p>11/07/70</text:p></table:table-cell><table:table-cell office:value-type="string"
><text:p>B &amp; C</text:p></table:table-cell></table:table-row></table:table>
"""
GRID = [["kepala", None, None, None], *[["SITI  AMINAH", "7", "7", "7"]] * 3,
        ["1970-07-11", "B & C", None, None]]  # fmt: skip


def spreadsheet(body):
    spaces = " ".join(f'xmlns:{n}="{NAMES}:{n}:1.0"' for n in ("office", "table", "text"))
    document = "office:document-content", "office:body", "office:spreadsheet"
    head = f"<{document[0]} {spaces}>" + "".join(f"<{name}>" for name in document[1:])
    tail = "".join(f"</{name}>" for name in reversed(document))
    xml = '<?xml version="1.0" encoding="UTF-8"?>' + head + body.replace("\n", "") + tail
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", SPREADSHEET)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", xml)
        archive.writestr("Pictures/foto.png", b"\x89PNG")
    return file.getvalue()


def grid(data, sheet="Data"):
    grids = workbook_grids(Source("a.ods", "ods", data))
    cells = next(grid.cells.collect() for grid in grids if grid.sheet == sheet)
    return [list(row) for row in cells.drop("row").rows()]


def content(data):
    return zipfile.ZipFile(io.BytesIO(data)).read("content.xml")


def edited(body, *edits, removed=None):
    data = spreadsheet(body)
    return edit_spreadsheet(data, {"Data": list(edits)}, {"Data": removed or {}})


@pytest.mark.parametrize(
    ("row", "column", "old", "new", "shown"),
    [
        (3, 0, "SITI  AMINAH", "SITI AMINAH", "SITI AMINAH"),
        (2, 2, "7", "8", "8"),
        (5, 0, "1970-07-11", "1970-11-07", "1970-11-07"),
        (5, 1, "B & C", " <B>\tC ", " <B>\tC "),
    ],
)
def test_one_cell_changes_and_its_neighbours_and_their_runs_stay(row, column, old, new, shown):
    data, unplaced, _ = edited(BODY, CellEdit(1, row, column, old, new))
    wanted = [list(line) for line in GRID]
    wanted[row - 1][column] = shown
    assert (grid(data), unplaced) == (wanted, [])
    assert zipfile.ZipFile(io.BytesIO(data)).read("Pictures/foto.png") == b"\x89PNG"


def test_a_changed_cell_keeps_its_style_and_its_note():
    data, *_ = edited(BODY, CellEdit(1, 2, 0, "SITI AMINAH", "SITI"))
    assert content(data).count(b"<text:p>catatan</text:p>") == 2
    assert content(data).count(b'table:style-name="ce1"') == 2


def test_what_stands_before_and_after_keeps_its_bytes():
    data, *_ = edited(BODY, CellEdit(1, 5, 1, "B & C", "D"))
    old, new = content(spreadsheet(BODY)), content(data)
    assert new == old.replace(b"B &amp; C", b"D")


def test_a_cell_that_holds_something_else_or_a_formula_is_not_touched():
    body = BODY.replace('office:value="7"', 'table:formula="of:=[.A1]" office:value="7"')
    edits = CellEdit(1, 3, 0, "BUDI", "x"), CellEdit(2, 3, 1, "7", "8"), CellEdit(3, 99, 0, "", "x")
    data, unplaced, _ = edited(body, *edits)
    assert (content(data), sorted(unplaced)) == (content(spreadsheet(body)), [1, 2, 3])


def test_a_removed_row_goes_and_an_edit_of_its_run_does_not():
    probe = CellEdit(0, 3, 0, "SITI AMINAH", "")
    data, _, missing = edited(BODY, CellEdit(1, 4, 1, "7", "8"), removed={3: probe})
    assert grid(data) == [*GRID[:2], ["SITI  AMINAH", "8", "7", "7"], GRID[4]]
    assert missing == {"Data": set()}


def test_somebody_elses_row_stays_and_where_ranges_refer_to_rows_one_is_emptied():
    stranger = CellEdit(0, 2, 0, "BUDI", "")
    ranged = (
        BODY
        + '<table:named-expressions><table:named-range table:name="x"/></table:named-expressions>'
    )
    data, _, missing = edited(ranged, removed={2: stranger, 3: None})
    assert missing == {"Data": {2}}
    assert grid(data) == [*GRID[:2], [None] * 4, *GRID[3:]]


def test_contents_that_are_no_sound_xml_are_left_to_another_way():
    assert edit_spreadsheet(spreadsheet(BODY + "&kaputt;"), {}, {}) is None


texts = st.one_of(st.none(), st.text("AB &<>'\"\t\n\u00e9 ", max_size=6).filter(str.strip))


def table(rows):
    """Rows as a table, equal neighbours as one run where `repeat` says so."""
    lines = []
    for cells, times in rows:
        parts = "".join(
            f'<table:table-cell table:number-columns-repeated="{count}"/>'
            if text is None
            else f'<table:table-cell office:value-type="string" office:string-value={quoteattr(text, {chr(9): "&#9;", chr(10): "&#10;"})}'
            f' table:number-columns-repeated="{count}"/>'
            for text, count in cells
        )
        lines.append(
            f'<table:table-row table:number-rows-repeated="{times}">{parts}</table:table-row>'
        )
    last = '<table:table-row><table:table-cell office:value-type="string"><text:p>akhir</text:p></table:table-cell></table:table-row>'
    return f'<table:table table:name="Data">{"".join(lines)}{last}</table:table>'


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.tuples(texts, st.integers(1, 3)), min_size=1, max_size=3), st.integers(1, 3)),
        min_size=1, max_size=4,
    ),
    st.data(),
)  # fmt: skip
def test_only_the_edited_cell_differs_whatever_the_runs(rows, data):
    before = [["x", *[t for t, n in cells for _ in range(n)]] for cells, times in rows for _ in range(times)]  # fmt: skip
    body = table([([("x", 1), *cells], times) for cells, times in rows])
    row = data.draw(st.integers(0, len(before) - 1))
    column = data.draw(st.integers(0, len(before[row]) - 1))
    made, unplaced, _ = edited(body, CellEdit(1, row + 1, column, before[row][column], "BARU"))
    before[row][column] = "BARU"
    width = max(map(len, before))
    wanted = [[*line, *[None] * (width - len(line))] for line in [*before, ["akhir"]]]
    after = [[*line, *[None] * (width - len(line))] for line in grid(made)]
    assert (after, unplaced) == (wanted, [])
