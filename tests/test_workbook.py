"""The correction workbooks: what stands where, as what, and what an operator can touch."""

import json
import os
from datetime import date
from pathlib import Path

import openpyxl

from dtkstool.write.sheets import book as book_module
from dtkstool.write.sheets.definition import SHEETS
from tests.workbooks import (
    BOGOR,
    CIBINONG,
    GUNUNG_PUTRI,
    change,
    decision,
    ids,
    member,
    only,
    record,
    rows,
    write,
)

GOLDEN = Path(__file__).parent / "golden" / "koreksi_cibinong.json"


def test_each_record_stands_on_the_sheets_its_action_asks_for(tmp_path):
    actions = {
        "T": decision("T", "tetap", "padan"),
        "U": decision("U", "ubah", "perbaikan"),
        "U0": decision("U0", "ubah", "perbaikan"),
        "H": decision("H", "hapus", "meninggal"),
        "G": decision("G", "ganti", "meninggal"),
        "D": decision("D", "hapus", "ganda"),
        "V": decision("V", "verifikasi", "tinjau"),
        "K": decision("K", "konsolidasi", "tidak_ditemukan"),
    }
    report = write(
        tmp_path,
        [record(name) for name in actions],
        actions.values(),
        [change("U", "nik", "1", "2"), change("U", "nama", "A", "B")],
        [member("g", "T", True), member("g", "D", False)],
    )
    book = only(tmp_path)
    assert ids(book, "UBAH") == ["U", "U"]
    assert ids(book, "HAPUS_GANTI") == ["G", "H"]
    assert ids(book, "GANDA") == ["D"]
    assert ids(book, "VERIFIKASI") == ["K", "U0", "V"]
    assert report.drop("path").row(0, named=True) == {
        "kecamatan": CIBINONG, "diterima": 8, "tetap": 1, "ubah_orang": 1, "ubah": 2,
        "hapus_ganti": 2, "ganda": 1, "verifikasi": 3,
    }  # fmt: skip


def test_a_duplicate_to_be_verified_for_another_reason_too_is_asked_about_twice(tmp_path):
    write(
        tmp_path,
        [record("A"), record("B"), record("C")],
        [
            decision("A", "tetap", "padan"),
            decision("B", "verifikasi", "ganda"),
            decision("C", "verifikasi", "ganda", flags=["ganda", "tidak_ditemukan"]),
        ],
        duplicates=[member("g", "A", True), member("g", "B", False), member("g", "C", False)],
    )
    book = only(tmp_path)
    assert ids(book, "GANDA") == ["B", "C"]
    assert ids(book, "VERIFIKASI") == ["C"]


def test_a_pair_across_kecamatan_is_decided_where_the_record_to_go_lives(tmp_path):
    write(
        tmp_path,
        [record("A", "KIRI"), record("B", "KANAN")],
        [decision("A", "tetap", "padan"), decision("B", "hapus", "ganda", GUNUNG_PUTRI)],
        duplicates=[member("g", "A", True), member("g", "B", False)],
    )
    here = openpyxl.load_workbook(tmp_path / BOGOR / "320101_cibinong.xlsx")
    there = openpyxl.load_workbook(tmp_path / BOGOR / "320102_gunungputri.xlsx")
    assert rows(here["GANDA"]) == []
    (row,) = rows(there["GANDA"])
    assert (row["record_id"], row["record_id_kiri"], row["group_id"]) == ("B", "A", "g")
    assert row["kiri"].startswith("Nama: KIRI") and row["kanan"].startswith("Nama: KANAN")
    assert "Cibinong" in row["kiri"]


def test_a_group_without_a_record_to_keep_still_shows_every_other_member(tmp_path):
    write(
        tmp_path,
        [record("A"), record("B"), record("C")],
        [decision(name, "verifikasi", "ganda") for name in "ABC"],
        duplicates=[member("g", name, False, "mirip", None) for name in "CBA"],
    )
    found = rows(only(tmp_path)["GANDA"])
    assert [(row["record_id_kiri"], row["record_id"]) for row in found] == [("A", "B"), ("A", "C")]


def test_the_hidden_sheet_says_how_to_read_the_others_back(tmp_path):
    write(tmp_path, [record("A"), record("B")], [decision("A"), decision("B")])
    book = only(tmp_path)
    hidden = book["_dtkstool"]
    assert hidden.sheet_state == "veryHidden"
    columns = {c[0]: [v for v in c[1:] if v] for c in hidden.iter_cols(values_only=True)}
    facts = dict(zip(columns["fact"], columns["value"], strict=True))
    assert facts["schema"] == "1"
    assert (facts["period"], facts["kecamatan"], facts["language"]) == ("2026-11", CIBINONG, "id")
    sheet, cell = facts["cell:petugas"].split("!")
    assert book[sheet][cell].value is None and not book[sheet][cell].protection.locked
    key, header, first, last, *keys = columns["sheet:VERIFIKASI"]
    assert (key, header, first, last) == ("verifikasi", "5", "6", "7")
    assert keys == [c.value for c in book["VERIFIKASI"][1]]
    words = dict(zip(columns["words:ubah"], columns["keys:ubah"], strict=True))
    assert words["SETUJU"] == "setuju"
    reasons = zip(columns["words:alasan"], columns["keys:alasan"], strict=True)
    assert all(word.startswith(f"{code} - ") for word, code in reasons)


def test_records_without_a_kecamatan_get_a_workbook_grouped_by_what_was_typed(tmp_path):
    write(
        tmp_path,
        [
            record("A", kecamatan_asal="../CIBINONG/", desa_asal="X"),
            record("B", kecamatan_asal="AAA", kabupaten_asal="BOGOR"),
            record("C"),
        ],
        [
            decision("A", kecamatan=None),
            decision("B", kecamatan="../x"),
            decision("C", kecamatan="3201"),
        ],
    )
    (path,) = tmp_path.rglob("*.xlsx")
    assert path.relative_to(tmp_path).as_posix() == "koreksi/tanpa_kecamatan/tanpa_kecamatan.xlsx"
    found = rows(only(tmp_path)["VERIFIKASI"])
    assert [(row["record_id"], row["desa"]) for row in found] == [
        ("C", "(wilayah tidak diisi)"),
        ("A", "../CIBINONG/ › X"),
        ("B", "BOGOR › AAA"),
    ]


def test_a_kecamatan_with_nothing_to_do_gets_a_workbook_that_says_so(tmp_path):
    report = write(tmp_path, [record("A")], [decision("A", "tetap", "padan")])
    assert report["path"].to_list() == [f"{BOGOR}/320101_cibinong.xlsx"]
    book = only(tmp_path)
    assert book["RINGKASAN"]["A3"].value.startswith("Tidak ada yang perlu dikerjakan")
    assert book["UBAH"]["A3"].value == "Tidak ada yang perlu dikerjakan di lembar ini."
    assert book.sheetnames == ["PETUNJUK", "RINGKASAN", *(s.name for s in SHEETS), "_dtkstool"]


def test_no_decisions_no_workbooks(tmp_path):
    assert write(tmp_path, [], []).height == 0
    assert not list(tmp_path.rglob("*.xlsx"))


def test_ringkasan_counts_what_stands_on_the_sheets(tmp_path):
    desa = {"A": "3201011001", "B": "3201011001", "C": "3201011002"}
    write(
        tmp_path,
        [record(name, kode_desa=code) for name, code in desa.items()],
        [decision("A", "ubah", "perbaikan"), decision("B", "tetap", "padan"), decision("C")],
        [change("A", "nik", "1", "2"), change("A", "nama", "A", "B")],
    )
    book = only(tmp_path)
    lines = {row[0]: row[1:8] for row in book["RINGKASAN"].iter_rows(values_only=True)}
    assert lines["Pondok Rajeg"] == (2, 1, 1, 2, 0, 0, 0)
    assert lines["Karadenan"] == (1, 0, 0, 0, 0, 0, 1)
    assert lines["JUMLAH"] == (3, 1, 1, 2, 0, 0, 1)
    assert lines["UBAH"][:3] == (2, "=COUNTA('UBAH'!$M$6:$M$7)", "=B6-C6")


def test_a_change_of_a_record_nobody_decided_on_is_not_lost(tmp_path):
    write(
        tmp_path, [record("A")], [decision("A", "tetap", "padan")], [change("Z", "nik", "1", "2")]
    )
    stray = openpyxl.load_workbook(tmp_path / "koreksi/tanpa_kecamatan/tanpa_kecamatan.xlsx")
    assert ids(stray, "UBAH") == ["Z"]


def test_more_than_three_candidates_are_cut_to_the_best_three(tmp_path):
    ranked = [{"record_id": "A", "nik": f"n{rank}", "rank": rank} for rank in (4, 2, 9, 1)]
    write(tmp_path, [record("A")], [decision("A")], candidates=ranked)
    (row,) = rows(only(tmp_path)["VERIFIKASI"])
    assert [row[f"kandidat_{place}_nik"] for place in (1, 2, 3)] == ["n1", "n2", "n4"]
    assert "NIK: n1" in row["kandidat_1"]


def test_a_sheet_of_too_many_rows_goes_on_in_a_second_part(tmp_path, monkeypatch):
    monkeypatch.setattr(book_module, "SHEET_ROWS", 2)
    names = ["A", "B", "C"]
    write(tmp_path, [record(n) for n in names], [decision(n) for n in names])
    book = only(tmp_path)
    assert ids(book, "VERIFIKASI") + ids(book, "VERIFIKASI_2") == names
    assert "VERIFIKASI_2" in [row[0].value for row in book["RINGKASAN"]["A1:A12"]]


def test_equal_inputs_give_equal_bytes_whatever_the_number_of_processes(tmp_path, monkeypatch):
    monkeypatch.setattr("dtkstool.write.workbook.WORTH_A_PROCESS", 0)
    given = [record("A"), record("B")], [decision("A"), decision("B", kecamatan=GUNUNG_PUTRI)]
    one = write(tmp_path / "one", *given)
    two = write(tmp_path / "two", *given, processes=2)
    assert one.equals(two) and one.height == 2
    for path in one["path"]:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


def test_the_golden_workbook(tmp_path):
    """Renew with `GOLDEN=renew pytest tests/test_workbook.py` and read the difference."""
    write(tmp_path, *household_of_every_kind())
    found = {
        sheet.title: [
            {cell.coordinate: cell.value for cell in row if cell.value is not None}
            for row in sheet.iter_rows()
        ]
        for sheet in only(tmp_path)
    }
    if os.environ.get("GOLDEN") == "renew":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(GOLDEN.read_text("utf-8"))


def household_of_every_kind():
    """One record of each kind of work, all in Cibinong."""
    home = {"kode_desa": "3201011001", "alamat_asal": "KP. BARU NO 3", "rt": 2, "rw": 11}
    birth = {
        "tanggal_lahir": date(1990, 7, 1),
        "jenis_kelamin": "P",
        "nokk_asal": "3201010101100002",
    }
    records = [
        record("R1", "SITI AMINAH", "3201014107900001", **home, **birth, id_dtks="D1"),
        record("R2", "SLAMET", "3201010101500002", **home, **birth, id_dtks="D2"),
        record("R3", "SITTI AMINAH", "3201014107900011", **home, **birth, id_dtks="D3"),
        record("R4", "WAWAN", "32010141079000", **home, id_dtks="D4"),
        record("R5", "DEWI", "3201014505800003", **home, **birth, id_dtks="D5"),
    ]
    decisions = [
        decision("R1", "ubah", "perbaikan", evidence="NIK sama; nama beda 1 huruf"),
        decision(
            "R2", "ganti", "meninggal", evidence="NIK ada di register kematian",
            successor_nik="3201014505800003", successor_nama="DEWI", successor_hubungan="istri",
            event_date=date(2026, 9, 30), event_proof="3201-KM-30092026-0001",
        ),
        decision("R3", "hapus", "ganda", evidence="Orang yang sama terdaftar dua kali"),
        decision("R4", "verifikasi", "tinjau", codes=["NIK02"], evidence="NIK hanya 14 angka"),
        decision("R5", "tetap", "padan"),
    ]  # fmt: skip
    changes = [change("R1", "nama", "SITI AMINAH", "SITI AMINAHH"), change("R1", "rt", None, "002")]
    duplicates = [member("G1", "R1", True), member("G1", "R3", False)]
    candidates = [
        {"record_id": "R4", "nik": "3201010107900007", "nama": "HERMAWAN", "rank": 1,
         "tanggal_lahir": date(1990, 7, 1), "alamat": "KP. BARU"},
    ]  # fmt: skip
    return records, decisions, changes, duplicates, candidates
