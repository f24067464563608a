"""Workbook → whatever people and programs do to it → apply: the same result."""

import shutil
import subprocess

import openpyxl
import polars as pl
import pytest

from dtkstool.apply.memory import hashed, remembered, values_of
from tests.filling import (
    FIRST_ROW,
    bring_back,
    by_person,
    corrected,
    crowd,
    data_rows,
    fill,
    keys,
    lines,
    office,
    outcomes,
)
from tests.workbooks import change, member

EVERYBODY = crowd(6)
NEW = {i: nik[:12] + "9" + nik[13:] for i, (nik, *_) in EVERYBODY.items()}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A folder with register and filled workbook, and what applying it straight gives."""
    folder = tmp_path_factory.mktemp("kantor")
    changes = [change(i, "nik", EVERYBODY[i][0], NEW[i]) for i in ("P01", "P02", "P03")]
    cases = dict.fromkeys(("P01", "P02", "P03"), ("ubah", "perbaikan"))
    cases |= {"P04": ("hapus", "meninggal"), "P06": ("hapus", "ganda")}
    pair = [member("g", "P05", True), member("g", "P06", False)]
    book = office(folder, cases, changes, pair, people=EVERYBODY)
    answers = {
        "UBAH": {"keputusan": "SETUJU"},
        "HAPUS_GANTI": {"keputusan": "HAPUS", "alasan": "TL01 - Meninggal", "no_bukti": "KM-1"},
        "GANDA": {"keputusan": "GANDA - HAPUS KANAN"},
    }
    fill(book, lambda sheet, row: answers.get(sheet))
    bring_back(folder, book, out="lurus")
    return folder, book


def sort_rows(sheet):
    rows = sorted(
        ([cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)),
        key=lambda row: str(row[4]), reverse=True,
    )  # fmt: skip
    for number, row in enumerate(rows, start=FIRST_ROW):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def disturb(path, target):
    """Do to a workbook what people do: sort, insert and delete rows, move and hide columns, rename."""
    book = openpyxl.load_workbook(path)
    sheet = book["UBAH"]
    sort_rows(sheet)
    sheet.insert_rows(FIRST_ROW + 1, 2)
    sheet.cell(FIRST_ROW + 1, 1).value = "catatan saya"
    sheet.row_dimensions[FIRST_ROW].hidden = True
    sheet.insert_cols(3)
    sheet.column_dimensions["B"].hidden = True
    sheet.title = "perbaikan saya"
    book.move_sheet("GANDA", -3)
    book["HAPUS_GANTI"].delete_rows(1)
    book.save(target)


def test_rows_sorted_inserted_and_hidden_columns_moved_and_sheets_renamed_change_nothing(filled):
    folder, book = filled
    target = folder / "352501_cibinong (1).xlsx"
    disturb(book, target)
    bring_back(folder, target, out="diacak")
    assert corrected(folder, out="diacak") == corrected(folder, out="lurus")


def test_applying_the_same_sheets_to_their_own_result_changes_nothing_more(filled):
    folder, book = filled
    again = bring_back(folder, book, to="lurus/register/dtks.csv", out="lagi")
    assert corrected(folder, out="lagi") == corrected(folder, out="lurus")
    assert set(outcomes(again)) == {"sudah"}


@pytest.mark.slow
def test_a_deleted_row_is_simply_not_decided(filled):
    folder, book = filled
    target = folder / "kurang.xlsx"
    opened = openpyxl.load_workbook(book)
    opened["UBAH"].delete_rows(FIRST_ROW)
    opened.save(target)
    applied = bring_back(folder, target, out="kurang")
    assert by_person(applied) == ["diubah", "diubah", "dihapus", "dihapus"]


@pytest.mark.slow
def test_a_decision_on_an_inserted_row_is_refused_by_name(filled):
    folder, book = filled
    target = folder / "sisipan.xlsx"
    opened = openpyxl.load_workbook(book)
    sheet = opened["UBAH"]
    sheet.cell(sheet.max_row + 1, keys(sheet)["keputusan"]).value = "SETUJU"
    opened.save(target)
    applied = bring_back(folder, target, out="sisipan")
    refused = applied.decisions.filter(pl.col("problem") == "tanpa_identitas")
    assert refused["row"].to_list() == [FIRST_ROW + 3]


def test_records_without_an_id_are_found_again_after_their_nik_was_corrected(tmp_path):
    from dtkstool.pipeline.applying import hashed as id_of

    nik, nama = EVERYBODY["P01"][:2]
    new = NEW["P01"]
    head = "NIK,No KK,Nama,Tanggal Lahir,JK,Alamat,Desa,Kecamatan"
    text = "\n".join([head, *(line.partition(",")[2] for line in lines(EVERYBODY)[1:])]) + "\n"
    own = id_of(pl.Series([f"3201011203080005\x1f{nik}\x1f{nama}"])).item()
    people = {own: EVERYBODY["P01"]}
    case = {own: ("ubah", "perbaikan")}
    book = office(tmp_path, case, [change(own, "nik", nik, new)], people=people, text=text)
    fill(book, lambda sheet, row: {"keputusan": "SETUJU"})
    first = bring_back(tmp_path, book)
    again = bring_back(tmp_path, book, to="hasil/register/dtks.csv", out="lagi")
    assert (outcomes(first), outcomes(again)) == (["diubah"], ["sudah"])
    assert corrected(tmp_path) == text.replace(nik, new).encode()
    assert corrected(tmp_path, out="lagi") == corrected(tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_workbook_saved_by_libreoffice_gives_the_same_result(filled, form):
    folder, book = filled
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo"]
    command += ["--convert-to", form, "--outdir", str(folder / form), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    bring_back(folder, folder / form, out=f"oleh_{form}")
    assert corrected(folder, out=f"oleh_{form}") == corrected(folder, out="lurus")


def test_the_workbooks_rows_are_all_there_to_fill(filled):
    _, book = filled
    opened = openpyxl.load_workbook(book)
    counted = {
        name: len(list(data_rows(opened[name]))) for name in ("UBAH", "HAPUS_GANTI", "GANDA")
    }
    assert counted == {"UBAH": 3, "HAPUS_GANTI": 1, "GANDA": 1}


def test_what_was_decided_is_remembered_under_the_ids_and_values_it_left(filled):
    folder, _ = filled
    kept = pl.read_parquet(folder / "lurus" / "keputusan.parquet")
    assert kept.select("record_id", "decision", "value", "petugas").rows()[:1] == [
        ("P01", "setuju", NEW["P01"], "Siti")
    ]
    assert kept["values_hash"].null_count() == 0


def remembering(*rows):
    """Return decisions (record_id, other_id, column, decision, fate) about CURRENT as it is."""
    schema = ["record_id", "other_id", "column", "decision", "fate"]
    asked = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
    values = hashed(values_of(asked, CURRENT))
    return asked.with_columns(values, sheet=pl.lit("x"), applied=pl.lit(None, pl.Date), period=pl.lit("2026-11"))  # fmt: skip


CURRENT = pl.DataFrame({
    "record_id": ["A", "B", "C"], "nik_asal": ["1", "2", "3"], "nokk_asal": ["9", "9", "9"],
    "nama_asal": ["ANI", "BUDI", "CITRA"], "tanggal_lahir_asal": [None] * 3, "nama_ibu_asal": [None] * 3,
    "alamat_asal": ["X", "Y", "Z"],
}, schema_overrides={"tanggal_lahir_asal": pl.String, "nama_ibu_asal": pl.String})  # fmt: skip


def test_a_decision_holds_until_a_value_it_was_about_changes():
    decisions = remembering(
        ("A", None, "nama", "tetap", "tetap"),
        ("A", None, None, "benar", "tetap"),
        ("B", "A", None, "bukan_ganda", "tetap"),
        ("C", None, None, "belum_jelas", "tunda"),
    )
    moved = CURRENT.with_columns(alamat_asal=pl.lit("pindah"))
    other_nik = CURRENT.with_columns(nik_asal=pl.col("nik_asal").replace("1", "11"))
    assert remembered(decisions, CURRENT)["decision"].to_list() == ["tetap", "benar", "bukan_ganda"]
    assert remembered(decisions, moved).height == 3
    assert remembered(decisions, other_nik)["decision"].to_list() == ["tetap"]
    assert remembered(decisions, CURRENT.head(0)).is_empty()
