"""Judging links: against a truth file, against clerks, and by the model's own word."""

import polars as pl
import pytest

from dtkstool.errors import UnusableInput
from dtkstool.frames import LINKS
from dtkstool.link.estimate import estimates
from dtkstool.link.evaluate import judge
from dtkstool.pipeline.truth import load_truth

LINKED = pl.DataFrame(
    [
        ("a", "A", "11", "padan", 0.9999, 15.0, "nik"),
        ("b", "B", "12", "padan_perbaikan", 0.99, 8.0, "nokk"),
        ("c", "C", "99", "padan_perbaikan", 0.98, 7.0, "nokk"),
        ("d", "D", "14", "tinjau", 0.6, 1.0, "nokk"),
        ("e", "E", None, "tidak_ditemukan", None, None, None),
        ("f", "F", None, "tidak_ditemukan", None, None, None),
    ],
    schema=["record_id", "id_dtks", "nik_dukcapil", "verdict", "probability", "weight", "pass"],
    orient="row",
).with_columns(pl.col("verdict").cast(LINKS["verdict"]))
TRUTH = pl.DataFrame({
    "record_id": ["a", "b", "c", "d", "e", "f"],
    "nik_benar": ["11", "12", "13", "14", "15", None],
    "kinds": [[], ["typo"], ["typo"], [], [], []],
    "kecamatan": ["320101"] * 3 + ["320102"] * 3,
})  # fmt: skip


def test_links_are_counted_right_wrong_and_missed():
    figures = judge(LINKED, TRUTH)
    assert figures["automatic"] == {
        "precision": 2 / 3, "recall": 2 / 5, "f1": 4 / 8, "right": 2, "wrong": 1, "missed": 3,
    }  # fmt: skip
    assert figures["with_review"]["right"] == 3
    assert figures["by_kind"]["typo"]["automatic"]["wrong"] == 1
    assert figures["by_kecamatan"]["320102"]["missed"] == 2


def test_calibration_sets_expected_beside_observed():
    bands = {row["band"]: row for row in judge(LINKED, TRUTH)["calibration"]}
    assert bands["0.9–0.99"]["links"] == 1
    assert bands["0.9–0.99"]["observed"] == 0
    assert bands["0.5–0.9"]["observed"] == 1


def test_records_without_truth_are_left_out_and_counted():
    figures = judge(LINKED, TRUTH.head(2))
    assert (figures["records"], figures["without_truth"]) == (2, 4)


def test_estimates_need_no_truth():
    places = pl.Series(["320101", "320101", "320102", "320102", None, None])
    found = estimates(LINKED, places, lost=0.5)
    assert found["all"]["false_links"] == pytest.approx(0.03, abs=0.001)
    assert found["kecamatan"]["320102"]["waiting"] == pytest.approx(0.6)
    assert found["kecamatan"]["320101"]["missed"] == pytest.approx(0.99)
    assert list(found["kecamatan"]) == ["", "320101", "320102"]


@pytest.mark.parametrize("key", ["record_id", "id_dtks"])
def test_a_truth_file_may_name_records_by_either_id(tmp_path, key):
    path = tmp_path / "benar.csv"
    path.write_text(
        f"{key.upper()},NIK_BENAR,kerusakan\n{'a' if key == 'record_id' else 'A'},11,typo;bin\n",
        "utf-8",
    )
    truth = load_truth(path, [], LINKED, None)
    assert truth.rows() == [("a", "11", ["typo", "bin"])]


def test_a_truth_file_may_name_records_by_their_place(tmp_path):
    path = tmp_path / "benar.csv"
    path.write_text(
        "source_file,sheet,row,nik_benar,in_registry\ndesa.csv,,2,11,true\ndesa.csv,,3,12,false\n",
        "utf-8",
    )
    places = pl.DataFrame({
        "record_id": ["a", "b"], "source_file": ["data/desa.csv"] * 2, "sheet": ["", ""],
        "row": pl.Series([2, 3], dtype=pl.UInt32), "kecamatan": ["320101", None],
    })  # fmt: skip
    truth = load_truth(path, [], LINKED, places)
    assert truth.select("record_id", "nik_benar", "kecamatan").rows() == [
        ("a", "11", "320101"),
        ("b", None, None),
    ]


def test_a_truth_file_without_the_columns_it_needs_says_so(tmp_path):
    path = tmp_path / "benar.csv"
    path.write_text("nama,umur\nSITI,3\n", "utf-8")
    with pytest.raises(UnusableInput):
        load_truth(path, [], LINKED, None)


def test_what_clerks_chose_on_the_verification_sheet_is_truth(tmp_path):
    import xlsxwriter

    path = tmp_path / "3201.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("VERIFIKASI")
        rows = [
            ["VERIFIKASI"],
            [
                "NAMA",
                "KEPUTUSAN",
                "NIK YANG BENAR",
                "KANDIDAT 1 (Dukcapil)",
                "record_id",
                "NIK kandidat 1",
                "NIK kandidat 2",
            ],
            ["SITI", "KANDIDAT 2", "", "x", "a", "3201010101010001", "3201010101010002"],
            ["BUDI", "BUKAN KANDIDAT", "", "x", "b", "3201010101010001", ""],
            ["TONO", "PERBAIKI", "3201010101010009", "x", "c", "", ""],
            ["WATI", "", "", "x", "d", "3201010101010001", ""],
        ]
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    truth = load_truth(None, [path], LINKED, None)
    assert truth.sort("record_id").rows() == [
        ("a", "3201010101010002"), ("b", None), ("c", "3201010101010009"),
    ]  # fmt: skip
