"""Every row is a person or is named with the reason why it is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.read import cell, read_files


def read(tmp_path, text, name="data.csv"):
    (tmp_path / name).write_text(text, "utf-8")
    result = read_files([str(tmp_path / name)])
    assert not result.failures, result.failures
    sheet = result.sheets[0]
    assert sheet.rows_seen == sheet.rows_read + sheet.rows_skipped
    assert (sheet.rows_read, sheet.rows_skipped) == (result.records.height, result.skipped.height)
    return result


def reasons(result):
    return dict(result.skipped.select("row", "reason").iter_rows())


HEAD = "NO;NIK;NO KK;NAMA;TGL LAHIR;ALAMAT\n"
SITI = "1;3201014107700001;3201010101100001;SITI;01-07-1970;KP. A\n"
BUDI = "2;3201010107700002;3201010101100001;BUDI;01-07-1970;KP. B\n"
TONO = "3;;;TONO;02-08-1980;KP. C\n"


def test_titles_numbers_repeated_headers_totals_and_signatures_are_named(tmp_path):
    result = read(
        tmp_path,
        "DAFTAR PENERIMA\n\n"
        + HEAD
        + "1;2;3;4;5;6\n"
        + SITI
        + HEAD
        + "1;2;3;4;5;6\n"
        + BUDI
        + TONO
        + ";;;;;\nJUMLAH;3;;;;\n;;;;Banjarsari, 12 Oktober 2026;\n;Mengetahui;;;;\n"
        ";Kepala Desa;;;;\n;;;;;\n;SUTRISNO;;;;\n;NIP. 196705121990031005;;;;\n",
    )
    assert result.records["nama_asal"].to_list() == ["SITI", "BUDI", "TONO"]
    assert result.records["row"].to_list() == [5, 8, 9]
    assert reasons(result) == {
        1: "judul", 3: "kepala_kolom", 4: "nomor_kolom", 6: "kepala_ulang", 7: "nomor_kolom",
        11: "jumlah", 12: "tanda_tangan", 13: "tanda_tangan", 14: "tanda_tangan",
        16: "tanda_tangan", 17: "tanda_tangan",
    }  # fmt: skip
    assert result.sheets[0].rows_blank == 3


@pytest.mark.parametrize(
    "person",
    [
        "4;;;JUMLAH SARI;02-08-1980;KP. C",
        "4;3201010107700009;;TOTALIA;;",
        "4;;3201010101100009;;;",
        "4;3201010107700009;;;;",
        ";;;SUKIRMAN;;",
        "4;TIDAK ADA;-;AMINAH;;KP. C",
        "4;3,20101E+15;;AMINAH;;",
        ";;;CAMAT;01-02-1990;KP. D",
    ],
)
def test_a_person_with_little_is_still_a_person(tmp_path, person):
    result = read(tmp_path, HEAD + SITI + person + "\n" + BUDI)
    assert result.records["row"].to_list() == [2, 3, 4]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("DUSUN KRAJAN;;;;;", "judul"),
        ("57;;;;;", "kosong"),
        (";;;;;RT 01 RW 02", "lanjutan"),
        ("SUB TOTAL;;;12;;", "jumlah"),
        ("Halaman 2 dari 7;;;;;", "tanda_tangan"),
    ],
)
def test_a_line_between_people_that_is_no_person_is_named(tmp_path, line, reason):
    result = read(tmp_path, HEAD + SITI + line + "\n" + BUDI)
    assert result.records["nama_asal"].to_list() == ["SITI", "BUDI"]
    assert reasons(result)[3] == reason


def test_members_get_the_no_kk_of_their_block_and_the_row_it_stands_on(tmp_path):
    result = read(
        tmp_path,
        "NO;NIK;NAMA;JK\n3201010101100001;;;\n1;3201014107700001;SITI;P\n2;3201010107700002;BUDI;L\n"
        "3201010101100002;;;\n1;3201014107700003;ANI;P\n",
    )
    assert result.records.select("nama_asal", "nokk_asal", "kk_row").rows() == [
        ("SITI", "3201010101100001", 2),
        ("BUDI", "3201010101100001", 2),
        ("ANI", "3201010101100002", 5),
    ]
    cells = result.records.select(cell(result.layouts, "nokk"), cell=cell(result.layouts, "nik"))
    assert cells.rows() == [("A2", "B3"), ("A2", "B4"), ("A5", "B6")]
    assert reasons(result) == {1: "kepala_kolom", 2: "baris_kk", 5: "baris_kk"}


def test_a_family_line_may_say_no_kk_in_words(tmp_path):
    result = read(
        tmp_path,
        "NIK;NAMA;JK\nNo KK : 3201010101100001;Alamat: KP. A;\n3201014107700001;SITI;P\n"
        "NO. KK: 3201010101100002;;\n3201014107700003;ANI;P\n",
    )
    assert result.records["nokk_asal"].to_list() == ["3201010101100001", "3201010101100002"]


def test_numbers_in_the_no_kk_column_of_a_block_are_not_taken_for_no_kk(tmp_path):
    result = read(
        tmp_path,
        "NO KK;NIK;NAMA;JK\n3201010101100001;;;\n1;3201014107700001;SITI;P\n2;3201010107700002;BUDI;L\n"
        "3201010101100002;;;\n1;3201014107700003;ANI;P\n",
    )
    assert result.records["nokk_asal"].to_list() == ["3201010101100001"] * 2 + ["3201010101100002"]


def test_a_row_with_only_a_no_kk_among_full_rows_stays_a_record(tmp_path):
    result = read(tmp_path, HEAD + SITI + ";;3201010101100007;;;\n" + BUDI)
    assert result.records["nokk_asal"].to_list()[1] == "3201010101100007"
    assert result.records["kk_row"].null_count() == 3


lines = st.sampled_from([
    SITI, BUDI, TONO, HEAD, "JUMLAH;3;;;;\n", ";;;;;\n", "\n", ";Mengetahui;;;;\n", ";SUTRISNO;;;;\n",
    "3201010101100009;;;;;\n", "DUSUN KRAJAN;;;;;\n", "x\n", ";;;;;;;y\n", "1;2;3;4;5;6\n",
    '9;"3201010107700003;;"ANI;;\n', "9;;;;;\n", ";;;;01-01-1990;\n", ";NIP. 196705121990031005;;;;\n",
])  # fmt: skip


@given(body=st.lists(lines, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_rows_seen_are_rows_read_and_rows_named(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("baca") / "data.csv"
    text = HEAD + SITI + "".join(body)
    path.write_text(text)
    result = read_files([str(path)])
    assert not result.failures
    filled = {
        number for number, line in enumerate(text.splitlines(), 1) if line.replace(";", "").strip()
    }
    accounted = result.records["row"].to_list() + result.skipped["row"].to_list()
    assert sorted(accounted) == sorted(filled)
    people = sum(line in (SITI, BUDI, TONO) for line in [SITI, *body])
    assert result.records.height >= people


def test_a_million_blank_rows_cost_no_output(tmp_path):
    result = read(tmp_path, HEAD + SITI + ";;;;;\n" * 200_000 + BUDI)
    assert result.records["row"].to_list() == [2, 200_003]
    assert (result.skipped.height, result.sheets[0].rows_blank) == (1, 200_000)
