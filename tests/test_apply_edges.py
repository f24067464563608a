"""Applying where something is missing: a file, a pair, a cell that says nothing."""

import pytest

from dtkstool.errors import UnusableInput
from tests.filling import NEW_NIK, bring_back, corrected, crowd, fill, lines, office, outcomes
from tests.workbooks import change, member

PEOPLE = crowd(8)
HAPUS = {"keputusan": "HAPUS", "alasan": "TL01", "no_bukti": "KM-1"}


def removing(tmp_path):
    """A workbook that removes P01, beside a register file that P01 is not in."""
    book = office(tmp_path, {"P01": ("hapus", "meninggal")}, people=PEOPLE)
    fill(book, lambda sheet, row: HAPUS)
    rest = dict(list(PEOPLE.items())[1:])
    (tmp_path / "desa-lain.csv").write_text("\n".join(lines(rest)) + "\n")
    return book


def test_who_is_not_in_the_files_given_has_not_been_removed_already(tmp_path):
    book = removing(tmp_path)
    elsewhere = bring_back(tmp_path, book, to="desa-lain.csv")
    assert outcomes(elsewhere) == ["tidak_ada"]
    (tmp_path / "desa-lain.csv").replace(tmp_path / "dtks.csv")
    assert outcomes(bring_back(tmp_path, book, out="lagi")) == ["sudah"]


def test_a_pair_of_which_nobody_is_in_the_files_given_is_refused(tmp_path):
    pair = [member("g", "P01", True), member("g", "P02", False)]
    book = office(tmp_path, {"P02": ("hapus", "ganda")}, duplicates=pair, people=PEOPLE)
    fill(book, lambda sheet, row: {"keputusan": "GANDA - HAPUS KANAN"})
    rest = dict(list(PEOPLE.items())[2:])
    (tmp_path / "desa-lain.csv").write_text("\n".join(lines(rest)) + "\n")
    assert outcomes(bring_back(tmp_path, book, to="desa-lain.csv")) == ["tidak_ada"]


def test_a_register_file_that_cannot_be_read_stops_everything_and_is_named(tmp_path):
    book = removing(tmp_path)
    (tmp_path / "rusak.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(UnusableInput, match=r"1 files of the register .*rusak\.xlsx"):
        bring_back(tmp_path, book, to="*.[cx]*")
    assert not (tmp_path / "hasil").exists()


def test_a_cell_with_an_excel_error_in_it_can_be_corrected(tmp_path):
    broken = PEOPLE | {"P01": ("#N/A", *PEOPLE["P01"][1:])}
    proposed = [change("P01", "nik", "#N/A", NEW_NIK)]
    book = office(tmp_path, {"P01": ("ubah", "perbaikan")}, proposed, people=broken)
    fill(book, lambda sheet, row: {"keputusan": "SETUJU"})
    assert outcomes(bring_back(tmp_path, book)) == ["diubah"]
    assert b"#N/A" not in corrected(tmp_path) and NEW_NIK.encode() in corrected(tmp_path)
