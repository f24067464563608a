"""Applying filled workbooks: what each decision does to the register, and why it may not."""

import csv
import io

import openpyxl
import polars as pl
import pytest

from dtkstool.errors import UnusableInput
from dtkstool.write.sheets.definition import CHOICES
from tests.filling import (
    FAMILY,
    NEW_NIK,
    PEOPLE,
    bring_back,
    by_person,
    corrected,
    crowd,
    fill,
    lines,
    office,
    one_each,
    outcomes,
)
from tests.workbooks import change, member

NIK_OF_A = PEOPLE["A1"][0]
PROPOSED = [change("A1", "nik", NIK_OF_A, NEW_NIK)]


def people(tmp_path, out="hasil"):
    """Return the corrected register as {id: row}."""
    rows = csv.DictReader(io.StringIO(corrected(tmp_path, out=out).decode()))
    return {row["ID DTKS"]: row for row in rows}


def ubah(tmp_path, **answer):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    fill(book, lambda sheet, row: answer if sheet == "UBAH" else None)
    return bring_back(tmp_path, book)


def test_an_untouched_workbook_changes_nothing(tmp_path):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    applied = bring_back(tmp_path, book)
    assert corrected(tmp_path) == (tmp_path / "dtks.csv").read_bytes()
    assert applied.decisions.is_empty()


@pytest.mark.slow
def test_an_agreed_value_changes_that_cell_and_no_other_byte(tmp_path):
    applied = ubah(tmp_path, keputusan="SETUJU")
    before = (tmp_path / "dtks.csv").read_bytes()
    assert outcomes(applied) == ["diubah"]
    assert corrected(tmp_path) == before.replace(NIK_OF_A.encode(), NEW_NIK.encode())


OTHER = "3201014107900999"
UBAH = (
    ({"keputusan": " setuju "}, "diubah", "new"),
    ({"keputusan": "Agree"}, "diubah", "new"),
    ({"keputusan": "nilai  lain", "nilai_lain": "3201 0141 0790 0999"}, "diubah", OTHER),
    ({"keputusan": "TETAP NILAI LAMA"}, "tetap", "old"),
    ({"keputusan": "BELUM JELAS"}, "tunda", "old"),
    ({"keputusan": "ENTAHLAH"}, "kata", "old"),
    ({"keputusan": "NILAI LAIN"}, "tanpa_nilai", "old"),
    ({"nilai_lain": OTHER}, "tanpa_keputusan", "old"),
    ({"keputusan": "NILAI LAIN", "nilai_lain": "320101410790000"}, "aturan", "old"),
    ({"keputusan": "NILAI LAIN", "nilai_lain": "3201019907900005"}, "aturan", "old"),
    ({"keputusan": "NILAI LAIN", "nilai_lain": "3201014107900105"}, "nik_dipakai", "old"),
    ({"keputusan": "NILAI LAIN", "nilai_lain": 3201014107900010}, "angka", "old"),
    ({"keputusan": "NILAI LAIN", "nilai_lain": "=1+1"}, "aturan", "old"),
)


def test_each_answer_on_ubah_leads_to_its_outcome(tmp_path):
    everybody = crowd(len(UBAH))
    new = {i: nik[:10] + "91" + nik[12:] for i, (nik, *_) in everybody.items()}
    changes = [change(i, "nik", everybody[i][0], new[i]) for i in everybody]
    book = office(
        tmp_path, dict.fromkeys(everybody, ("ubah", "perbaikan")), changes, people=everybody
    )
    fill(book, one_each([answer for answer, _, _ in UBAH]))
    assert by_person(bring_back(tmp_path, book)) == [outcome for _, outcome, _ in UBAH]
    expected = {
        i: {"old": everybody[i][0], "new": new[i]}.get(nik, nik)
        for i, (_, _, nik) in zip(everybody, UBAH, strict=True)
    }
    assert {i: row["NIK"] for i, row in people(tmp_path).items()} == expected
    whole = (tmp_path / "dtks.csv").read_bytes()
    for i, nik in expected.items():
        whole = whole.replace(everybody[i][0].encode(), nik.encode())
    assert corrected(tmp_path) == whole


def test_a_cell_that_no_longer_holds_the_old_value_is_refused_with_both_shown(tmp_path):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    fill(book, lambda sheet, row: {"keputusan": "SETUJU"})
    moved = "\r\n".join(lines()).replace(NIK_OF_A, "3201014107900007")
    (tmp_path / "dtks.csv").write_text(moved)
    applied = bring_back(tmp_path, book)
    refused = pl.read_csv(tmp_path / "hasil" / "ditolak.csv", infer_schema=False)
    assert outcomes(applied) == ["basi"]
    assert f"{NIK_OF_A} → 3201014107900007" in refused["keterangan"].item()


def test_two_operators_who_disagree_are_both_refused_and_listed(tmp_path):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    copy = tmp_path / "koreksi" / "salinan (1).xlsx"
    fill(book, lambda sheet, row: {"keputusan": "TETAP NILAI LAMA"}, copy, who="Budi")
    fill(book, lambda sheet, row: {"keputusan": "SETUJU"}, who="Siti")
    applied = bring_back(tmp_path, tmp_path / "koreksi")
    refused = pl.read_parquet(tmp_path / "hasil" / "ditolak.parquet")
    assert outcomes(applied) == ["bertentangan"] * 2
    assert sorted(refused["petugas"]) == ["Budi", "Siti"]
    assert people(tmp_path)["A1"]["NIK"] == NIK_OF_A


@pytest.mark.slow
def test_two_copies_that_agree_count_once(tmp_path):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    copy = tmp_path / "koreksi" / "salinan (1).xlsx"
    for target in (copy, book):
        fill(book, lambda sheet, row: {"keputusan": "SETUJU"}, target)
    applied = bring_back(tmp_path, tmp_path / "koreksi")
    assert sorted(outcomes(applied)) == ["diubah", "sama"]


def test_a_removal_takes_the_row_out_and_lists_who_why_and_by_what_proof(tmp_path):
    book = office(tmp_path, {"C3": ("hapus", "meninggal")})
    answer = {"keputusan": "HAPUS", "alasan": "TL01 - Meninggal", "no_bukti": "KM-1"}
    fill(book, lambda sheet, row: answer)
    applied = bring_back(tmp_path, book)
    gone = pl.read_csv(tmp_path / "hasil" / "hapus.csv", infer_schema=False).row(0, named=True)
    assert list(people(tmp_path)) == ["A1", "B2", "D4"]
    assert applied.counts | {"in": 4, "kept": 3, "removed": 1, "replaced": 0} == applied.counts
    assert (gone["nama"], gone["kode_alasan"], gone["no_bukti"]) == (
        "BAMBANG SUSILO",
        "TL01",
        "KM-1",
    )


LEAVING = (
    ({"keputusan": "HAPUS"}, "tanpa_alasan"),
    ({"keputusan": "HAPUS", "alasan": "TL77"}, "alasan_asing"),
    ({"keputusan": "HAPUS", "alasan": "TL01"}, "tanpa_bukti"),
    ({"keputusan": "HAPUS", "alasan": "TL02"}, "tanpa_tujuan"),
    ({"keputusan": "HAPUS", "alasan": "TL99"}, "tanpa_keterangan"),
    ({"keputusan": "GANTI", "alasan": "TL01", "no_bukti": "1"}, "tanpa_pengganti"),
    ({"keputusan": "GANTI", "alasan": "TL11", "nik_pengganti": "123"}, "tanpa_nama_pengganti"),
    ({"keputusan": "GANTI", "alasan": "TL11", "nik_pengganti": "123", "nama_pengganti": "SRI"}, "aturan"),
    ({"keputusan": "TETAP"}, "tetap"),
    ({"keputusan": "BELUM JELAS"}, "tunda"),
)  # fmt: skip


def test_nobody_leaves_without_what_is_obligatory(tmp_path):
    everybody = crowd(len(LEAVING))
    book = office(tmp_path, dict.fromkeys(everybody, ("hapus", "meninggal")), people=everybody)
    fill(book, one_each([answer for answer, _ in LEAVING]))
    assert by_person(bring_back(tmp_path, book)) == [outcome for _, outcome in LEAVING]
    assert corrected(tmp_path) == (tmp_path / "dtks.csv").read_bytes()


def test_a_successor_takes_over_the_row_and_nothing_of_the_old_person_stays(tmp_path):
    book = office(tmp_path, {"C3": ("ganti", "meninggal")})
    answer = {
        "keputusan": "GANTI", "alasan": "TL01", "no_bukti": "KM-1",
        "nik_pengganti": "3201014107800008", "nama_pengganti": "SRI RAHAYU",
    }  # fmt: skip
    fill(book, lambda sheet, row: answer)
    applied = bring_back(tmp_path, book)
    row = corrected(tmp_path).decode().splitlines()[3]
    assert outcomes(applied) == ["diganti"]
    assert row == (
        ",3201014107800008,3201011203080005,SRI RAHAYU,01-07-1980,P,JL. MELATI,PONDOK RAJEG,CIBINONG"
    )
    assert applied.counts["kept"] + applied.counts["replaced"] == 4


@pytest.mark.slow
def test_a_successor_who_is_listed_already_is_not_listed_twice(tmp_path):
    book = office(tmp_path, {"C3": ("ganti", "meninggal")})
    nik, nama = PEOPLE["D4"][:2]
    answer = {"keputusan": "GANTI", "alasan": "TL11", "nik_pengganti": nik, "nama_pengganti": nama}
    fill(book, lambda sheet, row: answer)
    bring_back(tmp_path, book)
    listed = pl.read_csv(tmp_path / "hasil" / "ganti.csv", infer_schema=False)
    assert list(people(tmp_path)) == ["A1", "B2", "D4"]
    assert listed["baris"].to_list() == ["sudah_terdaftar"]


PAIRS = (
    ("GANDA - HAPUS KANAN", ["P01"]),
    ("GANDA - HAPUS KIRI", ["P04"]),
    ("BUKAN GANDA", ["P05", "P06"]),
    ("BELUM JELAS", ["P07", "P08"]),
)


def test_each_answer_on_a_pair_removes_the_side_it_names(tmp_path):
    everybody = crowd(8)
    pairs = list(zip(list(everybody)[::2], list(everybody)[1::2], strict=True))
    groups = [member(left, one, one == left) for left, right in pairs for one in (left, right)]
    cases = {right: ("hapus", "ganda") for _, right in pairs}
    book = office(tmp_path, cases, duplicates=groups, people=everybody)
    words = {right: word for (_, right), (word, _) in zip(pairs, PAIRS, strict=True)}
    fill(book, lambda sheet, row: {"keputusan": words[row["record_id"]]})
    bring_back(tmp_path, book)
    assert list(people(tmp_path)) == [one for _, left in PAIRS for one in left]


VERIFIKASI = (
    ({"keputusan": "ORANGNYA KANDIDAT 1"}, "diubah", "3201014107901001"),
    ({"keputusan": "ORANGNYA KANDIDAT 2"}, "tanpa_kandidat", "old"),
    ({"keputusan": "ORANGNYA KANDIDAT 3"}, "tanpa_kandidat", "old"),
    ({"keputusan": "PERBAIKI"}, "tanpa_perbaikan", "old"),
    ({"keputusan": "PERBAIKI", "nik_benar": "3201014107900777"}, "diubah", "3201014107900777"),
    ({"keputusan": "DATA SUDAH BENAR"}, "tetap", "old"),
    ({"keputusan": "BUKAN KANDIDAT"}, "tetap", "old"),
    ({"keputusan": "AJUKAN KONSOLIDASI"}, "konsolidasi", "old"),
    ({"keputusan": "MENINGGAL"}, "tanpa_bukti", "old"),
    ({"keputusan": "MENINGGAL", "no_bukti": "KM-2"}, "dihapus", None),
    ({"keputusan": "PINDAH", "catatan": "ke Surabaya"}, "dihapus", None),
    ({"keputusan": "TIDAK DITEMUKAN"}, "dihapus", None),
    ({"keputusan": "TIDAK LAYAK"}, "tanpa_alasan", "old"),
    ({"keputusan": "TIDAK LAYAK", "alasan": "TL11 - Sudah mampu"}, "dihapus", None),
    ({"keputusan": "BELUM JELAS"}, "tunda", "old"),
)


def candidate(record_id, nik, nama):
    return {"record_id": record_id, "rank": 1, "nik": nik, "nama": nama, "nokk": FAMILY}


def test_each_answer_on_verifikasi_leads_to_its_outcome(tmp_path):
    everybody = crowd(len(VERIFIKASI))
    shown = [
        candidate(i, f"320101410790{1000 + n}", "ANI") for n, i in enumerate(everybody, start=1)
    ]
    cases = dict.fromkeys(everybody, ("verifikasi", "tinjau"))
    book = office(tmp_path, cases, candidates=shown, people=everybody)
    fill(book, one_each([answer for answer, _, _ in VERIFIKASI]))
    assert by_person(bring_back(tmp_path, book)) == [outcome for _, outcome, _ in VERIFIKASI]
    listed = people(tmp_path)
    for (i, (old, *_)), (_, _, nik) in zip(everybody.items(), VERIFIKASI, strict=True):
        assert listed.get(i, {}).get("NIK") == (old if nik == "old" else nik)


def test_every_decision_word_is_among_the_answers_tried():
    tried = {(sheet, words.upper().replace("  ", " ").strip()) for sheet, words in [
        *(("ubah", a.get("keputusan", "")) for a, _, _ in UBAH),
        *(("hapus_ganti", a["keputusan"]) for a, _ in LEAVING),
        *(("ganda", word) for word, _ in PAIRS),
        *(("verifikasi", a["keputusan"]) for a, _, _ in VERIFIKASI),
    ]}  # fmt: skip
    assert {(choice.sheet, choice.word) for choice in CHOICES} <= tried


@pytest.mark.slow
def test_a_candidate_brings_the_name_too(tmp_path):
    shown = [candidate("B2", "3201011203850008", "RUDI HARTANTO")]
    book = office(tmp_path, {"B2": ("verifikasi", "tinjau")}, candidates=shown)
    fill(book, lambda sheet, row: {"keputusan": "ORANGNYA KANDIDAT 1"})
    bring_back(tmp_path, book)
    changed = pl.read_csv(tmp_path / "hasil" / "delta.csv", infer_schema=False)
    assert people(tmp_path)["B2"]["Nama"] == "RUDI HARTANTO"
    assert changed.select("record_id", "kolom").rows() == [("B2", "nama nik")]


@pytest.mark.slow
def test_a_removal_and_a_stay_of_one_record_are_both_refused(tmp_path):
    cases = {"C3": ("hapus", "meninggal")}
    book = office(tmp_path, cases)
    copy = tmp_path / "lain.xlsx"
    fill(book, lambda sheet, row: {"keputusan": "HAPUS", "alasan": "TL11"}, copy)
    fill(book, lambda sheet, row: {"keputusan": "TETAP"})
    assert outcomes(bring_back(tmp_path, book, copy)) == ["bertentangan"] * 2


def test_a_foreign_workbook_is_named_and_the_others_go_on(tmp_path):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    fill(book, lambda sheet, row: {"keputusan": "SETUJU"})
    other = tmp_path / "koreksi" / "rapat.xlsx"
    openpyxl.Workbook().save(other)
    applied = bring_back(tmp_path, tmp_path / "koreksi")
    assert [error.key for error in applied.failures] == ["not_a_form"]
    assert outcomes(applied) == ["diubah"]


def test_a_register_is_never_written_in_place(tmp_path):
    book = office(tmp_path, {"A1": ("ubah", "perbaikan")}, PROPOSED)
    (tmp_path / "hasil" / "register").mkdir(parents=True)
    (tmp_path / "dtks.csv").rename(tmp_path / "hasil" / "register" / "dtks.csv")
    with pytest.raises(UnusableInput, match="overwrite"):
        bring_back(tmp_path, book, to="hasil/register/dtks.csv")
