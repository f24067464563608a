"""Columns are found by what their headers say and by what their cells hold."""

import pytest

from dtkstool.read import cell, read_files
from dtkstool.read.naming import named_field


def nik(i, woman):
    return f"320101{i % 28 + 1 + 40 * woman:02d}0770{i:04d}"


def kk(i):
    return f"320101{i % 28 + 1:02d}0112{i // 2:04d}"


def write(tmp_path, header, *columns, name="data.csv"):
    rows = zip(*columns, strict=True)
    text = "\n".join(";".join(row) for row in [header.split(";"), *rows]) + "\n"
    (tmp_path / name).write_text(text, "utf-8")
    return str(tmp_path / name)


N = 12
NIKS = [nik(i, i % 2) for i in range(N)]
KKS = [kk(i) for i in range(N)]
NAMES = [f"{a} {b}" for a in ("SITI", "BUDI", "ANI", "TONO") for b in ("A", "SARI", "JAYA")]
DATES = [f"{i % 28 + 1:02d}-07-1970" for i in range(N)]


def fields(result):
    return {field: place[0] for field, place in result.layouts[0].columns.items()}


def notes(result):
    return {note.key for note in result.layouts[0].notes}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("NIK (2)", "nik"),
        ("NIK\u00a0", "nik"),
        ("N I K", "nik"),
        ("NIK (sesuai KTP)", "nik"),
        ("Nomor Induk Kependudukan (NIK)", "nik"),
        ("No. KTP", "nik"),
        ("Nama Lengakp", "nama"),
        ("NAMA LENGKAP PENERIMA BANTUAN", "nama"),
        ("Nama Sesuai KTP", "nama"),
        ("Tgl. Lahir (dd-mm-yyyy)", "tanggal_lahir"),
        ("Tanggal\nLahir", "tanggal_lahir"),
        ("NAMA.KK", "nama_kepala"),
        ("Nama Kepala Keluarga (KK)", "nama_kepala"),
        ("No. Kartu Keluarga", "nokk"),
        ("NOMOR KK", "nokk"),
        ("Nama Ibu Kandung (sesuai KK)", "nama_ibu"),
        ("NO.RT/RW", "rt_rw"),
        ("Jenis Kelmain", "jenis_kelamin"),
        ("Kab./Kota", "kabupaten"),
        ("Desa / Kelurahan Domisili", "desa"),
        ("Tanggal Kematian", "tanggal_peristiwa"),
        ("Keterangan", "keterangan"),
        ("Status NIK", "status_hidup"),
        ("Hasil Cek NIK", None),
        ("Nama Bank", None),
        ("Nama Pendamping", None),
        ("NIK Pendamping", None),
        ("Jumlah Anggota Keluarga", None),
        ("NO", None),
        ("Umur", None),
        ("", None),
    ],
)
def test_a_header_names_its_field_and_no_other(header, field):
    name = named_field(header)
    assert (name.field if name else None) == field


def test_a_no_kk_column_with_womens_birth_days_is_the_nik(tmp_path):
    result = read_files([write(tmp_path, "No KK;Nama", NIKS, NAMES)])
    assert fields(result) == {"nik": "A", "nama": "B"}
    assert "claim_corrected" in notes(result)


def test_exchanged_headers_of_nik_and_no_kk_are_seen(tmp_path):
    result = read_files([write(tmp_path, "NIK;No KK;Nama", KKS, NIKS, NAMES)])
    assert fields(result) == {"nik": "B", "nokk": "A", "nama": "C"}
    assert "swapped" in notes(result)


def test_men_only_do_not_make_a_nik_column_a_no_kk(tmp_path):
    men = [nik(i, 0) for i in range(N)]
    result = read_files([write(tmp_path, "NIK;No KK;Nama", men, KKS, NAMES)])
    assert fields(result) == {"nik": "A", "nokk": "B", "nama": "C"}
    assert notes(result) == set()


def test_a_nama_kk_column_of_numbers_is_the_no_kk(tmp_path):
    result = read_files([write(tmp_path, "NIK;Nama KK;Nama", NIKS, KKS, NAMES)])
    assert fields(result)["nokk"] == "B"


def test_a_kk_column_of_names_is_the_head(tmp_path):
    result = read_files([write(tmp_path, "NIK;KK;Nama", NIKS, NAMES, NAMES)])
    assert fields(result) == {"nik": "A", "nama_kepala": "B", "nama": "C"}


def test_peserta_is_a_number_or_a_name_by_its_cells(tmp_path):
    by_name = read_files([write(tmp_path, "Peserta;No KK;Tgl Lahir", NAMES, KKS, DATES)])
    assert fields(by_name)["nama"] == "A"
    by_number = read_files([write(tmp_path, "Peserta;Nama", NIKS, NAMES)])
    assert fields(by_number)["nik"] == "A"


@pytest.mark.parametrize(
    ("cells", "field"),
    [("HIDUP MENINGGAL", "status_hidup"), ("KAWIN CERAI_HIDUP", "status_kawin"), ("1 2", None)],
)
def test_a_bare_status_is_what_its_cells_are(tmp_path, cells, field):
    values = [cells.split()[i % 2].replace("_", " ") for i in range(N)]
    result = read_files([write(tmp_path, "NIK;Nama;Status", NIKS, NAMES, values)])
    assert fields(result).get(field or "", "C") == "C"
    assert len(fields(result)) == (3 if field else 2)


def test_an_unknown_header_over_unmistakable_cells_is_taken_and_noted(tmp_path):
    result = read_files([write(tmp_path, "Kolom A;Kolom B;Nama;Tgl", NIKS, KKS, NAMES, DATES)])
    assert fields(result) == {"nama": "C", "nik": "A", "nokk": "B", "tanggal_lahir": "D"}
    assert "by_content" in notes(result)


def test_the_fuller_of_two_name_columns_wins_and_the_other_is_listed(tmp_path):
    result = read_files([write(tmp_path, "NIK;Nama;Nama Lengkap", NIKS, [""] * N, NAMES)])
    assert fields(result) == {"nik": "A", "nama": "C"}
    assert ("B", "Nama") in result.layouts[0].unmapped
    assert "second_column" in notes(result)


def test_a_file_without_header_is_recognised_by_its_cells(tmp_path):
    sexes = ["LP"[i % 2] for i in range(N)]
    path = write(tmp_path, f"1;{nik(99, 1)};{kk(99)};MAWAR;P;01-07-1970",
                 [str(i) for i in range(N)], NIKS, KKS, NAMES, sexes, DATES)  # fmt: skip
    result = read_files([path])
    assert fields(result) == {
        "nik": "B", "nokk": "C", "nama": "D", "jenis_kelamin": "E", "tanggal_lahir": "F",
    }  # fmt: skip
    assert result.records["row"].to_list() == list(range(1, N + 2))
    assert result.layouts[0].header_row is None


def test_the_head_is_the_person_where_no_other_name_stands(tmp_path):
    result = read_files(
        [write(tmp_path, "id;nama_krt;nik;no_kk", list("abcdefghijkl"), NAMES, NIKS, KKS)]
    )
    assert fields(result) == {"nama": "B", "nik": "C", "nokk": "D"}


def test_a_column_of_siak_numbers_keeps_its_leading_blank(tmp_path):
    path = write(
        tmp_path,
        "NIK;NAMA_LGKP;NO_PROP;NO_KAB",
        [f" {n}" for n in NIKS],
        NAMES,
        ["32"] * N,
        ["1"] * N,
    )
    result = read_files([path])
    assert result.records["nik_asal"][0] == f" {NIKS[0]}"
    assert result.records["kode_kabupaten_asal"][0] == "1"


def test_only_the_fields_asked_for_are_kept(tmp_path):
    path = write(tmp_path, "NIK;Nama;No KK", NIKS, NAMES, KKS)
    result = read_files([path], only=frozenset({"nik"}))
    assert result.records["nik_asal"].null_count() == 0
    assert result.records["nama_asal"].null_count() == N
    assert set(fields(result)) == {"nik", "nama", "nokk"}


def test_two_hundred_columns_are_no_obstacle(tmp_path):
    more = [f"X{i}" for i in range(198)]
    path = write(tmp_path, ";".join(["NIK", *more, "NAMA"]), NIKS, *[["1"] * N] * 198, NAMES)
    result = read_files([path])
    assert result.layouts[0].columns["nama"] == ("GR", "NAMA")
    assert len(result.layouts[0].unmapped) == 198
    assert result.records.select(cell(result.layouts, "nama")).item(0, 0) == "GR2"


def test_ticks_under_l_and_p_give_the_sex(tmp_path):
    ticks = [["v", ""], ["", "v"]]
    rows = [[NIKS[i], NAMES[i], *ticks[i % 2], ""] for i in range(N)]
    text = "NIK;NAMA;JENIS KELAMIN;;KET\n;;L;P;\n" + "".join(";".join(r) + "\n" for r in rows)
    (tmp_path / "data.csv").write_text(text)
    result = read_files([str(tmp_path / "data.csv")])
    assert result.records["jenis_kelamin_asal"].to_list() == ["L", "P"] * (N // 2)
    assert result.skipped["reason"].to_list() == ["kepala_kolom", "kepala_kolom"]
