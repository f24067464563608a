"""Delimited text is read as it was typed, whatever its delimiter, encoding and quotes."""

import csv
import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.read import read_files
from dtkstool.read.sources import Source
from dtkstool.read.text import text_grid


def read(tmp_path, data, name="data.csv"):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_files([str(tmp_path / name)])


def cells(data):
    grid = text_grid(Source("data.csv", "text", data))
    return grid.cells.collect().rows(), {note.key for note in grid.notes}


HEADER = ["NIK", "NAMA", "ALAMAT", "TGL LAHIR"]
cell = st.text(
    st.characters(
        codec="cp1252", categories=["L", "N", "P", "Zs", "S"], exclude_characters="'\x7f"
    ),
    max_size=12,
)
broken = st.lists(cell.filter(lambda text: not set(text) & set(",;|")), min_size=1, max_size=3).map(
    "\n".join
)
"""Lines inside a cell; with delimiters in them they could as well be records with a lost quote."""
row = st.tuples(st.from_regex(r"[1-9][0-9]{15}", fullmatch=True), cell, cell | broken, cell)


@given(
    rows=st.lists(row, min_size=1, max_size=6),
    delimiter=st.sampled_from(",;|\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=150, deadline=None)
def test_any_table_is_read_back_exactly(rows, delimiter, encoding, quoting, end):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([HEADER, *rows])
    found, _ = cells(file.getvalue().encode(encoding))
    assert [[c or "" for c in r[1:]] for r in found] == [list(r) for r in [HEADER, *rows]]
    starts = [1 + sum(c.count("\n") + 1 - (i > 0) for r in [HEADER, *rows][:n] for i, c in enumerate(r)) for n in range(len(rows) + 1)]  # fmt: skip
    assert [r[0] for r in found] == starts


def test_a_quote_that_never_closes_does_not_swallow_the_next_people(tmp_path):
    result = read(
        tmp_path,
        'NIK|NAMA|RT\n3201014107700001|"SITI|1\n3201014107700002|BUDI|2\n'
        '3201014107700003|SA"ID|3\n3201014107700004|"TONO" JR|4\n',
    )
    assert result.records["nama_asal"].to_list() == ['"SITI', "BUDI", 'SA"ID', '"TONO" JR']
    assert result.records["row"].to_list() == [2, 3, 4, 5]
    assert "loose_quotes" in {note.key for note in result.layouts[0].notes}


def test_two_unclosed_quotes_in_one_column_do_not_join_into_a_cell(tmp_path):
    result = read(
        tmp_path,
        'NIK|NAMA|RT\n3201014107700001|"SITI|1\n3201014107700002|BUDI|2\n3201014107700003|ANI"|3\n',
    )
    assert result.records["nama_asal"].to_list() == ['"SITI', "BUDI", 'ANI"']


def test_a_line_break_in_a_quoted_cell_keeps_the_line_numbers_of_the_rest(tmp_path):
    result = read(
        tmp_path,
        'NIK,NAMA,ALAMAT\n3201014107700001,SITI,"JL. MAWAR\nNO 3"\n3201014107700002,BUDI,X\n',
    )
    assert result.records.select("row", "alamat_asal").rows() == [(2, "JL. MAWAR\nNO 3"), (4, "X")]


def test_short_lines_are_padded_and_long_ones_keep_their_person(tmp_path):
    result = read(
        tmp_path,
        "NIK;NAMA;JK\n3201014107700001;SITI\n3201014107700002;BUDI;L;x;y\n3201014107700003;ANI;P\n",
    )
    assert result.records["nama_asal"].to_list() == ["SITI", "BUDI", "ANI"]
    assert result.records["jenis_kelamin_asal"].to_list() == [None, "L", "P"]
    notes = {note.key: note.values for note in result.layouts[0].notes}
    assert notes["ragged_long"] == {"count": 1, "row": 3}


def test_a_delimiter_typed_inside_an_address_does_not_shift_the_rest(tmp_path):
    people = "".join(f"320101410770{i:04d},SITI {i},JL. MAWAR,12-05-1980,P\n" for i in range(1, 9))
    result = read(
        tmp_path,
        "NIK,NAMA,ALAMAT,TGL LAHIR,JK\n"
        + people
        + "3201014107700009,BUDI,JL. MELATI, NO 5,01-02-1990,L\n",
    )
    last = result.records.row(-1, named=True)
    assert last["alamat_asal"] == "JL. MELATI, NO 5"
    assert (last["tanggal_lahir_asal"], last["jenis_kelamin_asal"]) == ("01-02-1990", "L")
    assert "realigned" in {note.key for note in result.layouts[0].notes}


def test_nul_bytes_are_dropped_and_noted():
    rows, notes = cells(b"NIK,NAMA\n32010141077000\x0001,SITI\n")
    assert rows[1] == (2, "3201014107700001", "SITI")
    assert notes == {"nul_stripped"}


def test_bytes_that_cp1252_does_not_know_are_read_as_latin1():
    rows, notes = cells(b"NIK,NAMA\n1,JOS\xe9\x81\n")
    assert rows[1] == (2, "1", "JOS\xe9\x81")
    assert notes == {"encoding"}


def test_excels_sep_line_names_the_delimiter(tmp_path):
    result = read(tmp_path, "sep=;\nNIK;NAMA\n3201014107700001;SITI, S.Pd, M.Pd\n")
    assert result.records["nama_asal"].to_list() == ["SITI, S.Pd, M.Pd"]
    assert result.skipped["reason"].to_list() == ["judul", "kepala_kolom"]


def test_commas_in_every_address_do_not_win_over_the_real_delimiter(tmp_path):
    lines = "".join(
        f"320101410770{i:04d};ANI;BOGOR, 12-05-1980;KP. A, RT 1, RW 2\n" for i in range(9)
    )
    result = read(tmp_path, "NIK;NAMA;TTL;ALAMAT\n" + lines)
    assert result.records["tempat_lahir_asal"].unique().to_list() == ["BOGOR"]
    assert result.records["rw_asal"].unique().to_list() == ["2"]


def test_old_mac_line_ends_and_a_dos_end_mark_are_understood():
    assert cells(b"NIK,NAMA\r1,A\r2,B\x1a")[0] == [(1, "NIK", "NAMA"), (2, "1", "A"), (3, "2", "B")]


def test_a_gzipped_text_is_read_under_its_own_name(tmp_path):
    result = read(tmp_path, gzip.compress(b"NIK\tNAMA\n3201014107700001\tSITI\n"), "a.tsv.gz")
    assert result.records["source_file"].to_list() == [f"{tmp_path}/a.tsv.gz"]
    assert result.layouts[0].notes == ()


@pytest.mark.parametrize(
    "typed", ["'3201014107700001", " 3201014107700001 ", "3201014107700001\u00a0"]
)
def test_a_nik_is_kept_exactly_as_typed(tmp_path, typed):
    assert read(tmp_path, f"NIK,NAMA\n{typed},SITI\n").records["nik_asal"].to_list() == [typed]


def test_blank_cells_are_null_whatever_blank_they_hold(tmp_path):
    result = read(tmp_path, "NIK,NAMA,RT\n3201014107700001,\u00a0 ,\u200b\n")
    assert result.records.select("nama_asal", "rt_asal").row(0) == (None, None)


def test_a_broken_name_before_a_quoted_comma_is_still_one_person(tmp_path):
    result = read(
        tmp_path,
        'NO,NAMA,NIK,TTL\n1,SITI,3201014107700001,"BOGOR, 01-07-1970"\n'
        '2,"YAYAN\nSUPRIATNA",3201010107700002,"BOGOR, 01-07-1970"\n3,SA"ID,3201010107700003,X\n',
    )
    assert result.records["nama_asal"].to_list() == ["SITI", "YAYAN\nSUPRIATNA", 'SA"ID']
    assert result.records["row"].to_list() == [2, 3, 5]


@pytest.mark.parametrize("beyond", [",,", ",ok", ",,ok"])
def test_a_broken_name_in_a_row_with_cells_beyond_the_last_is_one_person(tmp_path, beyond):
    result = read(
        tmp_path,
        f'NO,NAMA,NIK,JK\n1,"SITI\nAMINAH",3201014107700001,P{beyond}\n2,BUDI,3201011107700002,L\n',
    )
    assert result.records.select("row", "nama_asal", "nik_asal").rows() == [
        (2, "SITI\nAMINAH", "3201014107700001"),
        (4, "BUDI", "3201011107700002"),
    ]


def test_two_unclosed_quotes_in_different_columns_do_not_join_into_a_cell(tmp_path):
    result = read(
        tmp_path,
        'NO,NAMA,NIK,ALAMAT\n1,ANI,3201014107700001,"JL. MAWAR\n2,BUDI",3201011107700002,X\n',
    )
    assert result.records["nik_asal"].to_list() == ["3201014107700001", "3201011107700002"]


def test_two_encodings_in_one_file_are_told_with_how_many_signs_are_in_the_other():
    line = "NIK,NAMA\n3201014107700001,{}\n"
    both = line.format("JOSÉ").encode() + b"3201014107700002,REN\xc9E\n"
    assert "encodings_mixed" in cells(both)[1]
    assert "encodings_mixed" not in cells(line.format("JOSÉ").encode("cp1252"))[1]
    assert "encodings_mixed" not in cells(line.format("JOSÉ").encode())[1]
    assert "encodings_mixed" not in cells("NIK,NAMA\n1,“D’ARC”\n".encode("cp1252"))[1]
