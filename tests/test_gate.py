"""The gate: exit codes and their reasons, what goes where, what is refused."""

import os
import subprocess

import polars as pl
import pytest

from dtkstool.write.formats import FORMATS
from dtkstool.write.gate import Limits, judge
from tests.gate import messy, validate
from tests.judging import judged


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits("galat"), 1),
        (Limits("fatal"), 0),
        (Limits("never"), 0),
        (Limits("info"), 1),
        (Limits("galat", max_rate=0.5), 0),
        (Limits("galat", max_rate=0.1), 1),
        (Limits("galat", max_rates={"NIK01": 0.2, "NIK02": 0.2}), 0),
        (Limits("galat", max_rates={"NIK01": 0.2}), 1),
        (Limits("galat", max_rate=0.5, max_rates={"NIK08": 0.05}), 1),
        (Limits("fatal", max_rates={"NIK08": 0.05}), 1),
        (Limits("never", max_rates={"NIK08": 0.05}), 0),
    ],
)
def test_the_gate(limits, code):
    assert judge(messy(), limits, records=10).code == code


def test_every_reason_is_told():
    verdict = judge(messy(), Limits("galat", 0.1, {"NIK08": 0.0}), records=10)
    assert [(b.code, b.rows, b.share, b.allowed) for b in verdict.breaches] == [
        ("", 2, 0.2, 0.1),
        ("NIK08", 1, 0.1, 0.0),
    ]


@pytest.mark.parametrize("fail_on", ["galat", "never"])
def test_no_records_are_never_a_success(fail_on):
    assert judge(messy().clear(), Limits(fail_on), records=0).code == 2


def test_a_damaged_column_fails_the_gate_whatever_the_rate():
    findings = judged([{"nik": "3.20101E+15"}] * 2).filter(pl.col("code") == "FIL03")
    verdict = judge(findings, Limits("galat", 1.0), records=2)
    assert (verdict.code, verdict.breaches[0].code) == (1, "FIL03")
    assert (
        judge(findings, Limits("galat", max_rates={"FIL": 1.0, "FIL03": 1.0}), records=2).code == 1
    )


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["bersih.csv"], 0),
        (["bersih.csv", "rusak.xls", "--fail-on", "never"], 2),
        (["kosong.csv"], 2),
        (["tidak-ada.csv"], 2),
        (["salah.csv", "--max-rate", "NIK02=50%"], 0),
        (["bersih.csv", "salah.csv", "--max-rate", "30%"], 1),
        (["salah.csv", "--select", "KK", "--select", "NIK02"], 1),
        (["bersih.csv", "--select", "XYZ"], 2),
        (["bersih.csv", "--format", "pdf"], 2),
        (["bersih.csv", "--format", "json", "--format", "text"], 2),
        (["bersih.csv", "--format", "json=a.out", "--format", "csv=./a.out"], 2),
        (["bersih.csv", "--format", "json="], 2),
        (["bersih.csv", "--fail-on", "besar"], 2),
        (["bersih.csv", "--config", "tidak-ada.toml"], 2),
        (["bersih.csv", "--baseline", "tidak-ada.txt"], 2),
    ],
)
def test_exit_codes(capsys, files, argv, code):
    assert validate(capsys, *argv)[0] == code


def test_a_failed_gate_says_why_on_stderr_and_masks_what_it_shows(capsys, files):
    code, out, err = validate(capsys, "salah.csv")
    assert code == 1 and "NIK02" in out and "320101510770001" not in out
    assert "1 rows (50.00%) have findings of severity error or above; 0.00% are allowed" in err
    assert "gate" not in out


def test_several_formats_at_once(capsys, files):
    asked = [arg for form in FORMATS for arg in ("--format", f"{form.name}=hasil/{form.name}.out")]
    assert "NIK02" in validate(capsys, "salah.csv", *asked, "--format", "text")[1]
    assert all((files / "hasil" / f"{form.name}.out").stat().st_size for form in FORMATS)


def test_output_is_the_file_of_the_one_format_without(capsys, files):
    _, out, _ = validate(capsys, "salah.csv", "--format", "jsonl", "--output", "a/temuan.jsonl")
    assert out == "" and '"code":"NIK02"' in (files / "a/temuan.jsonl").read_text()


def test_a_device_is_written_to_and_not_replaced(capsys, files):
    os.mkfifo(files / "pipa")
    reader = subprocess.Popen(["cat", str(files / "pipa")], stdout=subprocess.PIPE, text=True)
    assert validate(capsys, "bersih.csv", "--format", "markdown=pipa")[0] == 0
    assert "### dtkstool" in reader.communicate(timeout=20)[0]
    assert (files / "pipa").is_fifo()


def test_a_full_disk_is_named_with_the_file_that_did_not_fit(capsys, files):
    code, _, err = validate(capsys, "salah.csv", "--format", "csv=/dev/full")
    assert code == 2 and "No space left on device" in err and "/dev/full" in err


def test_unmasked_has_to_be_asked_for(capsys, files):
    assert "320101510770001" in validate(capsys, "salah.csv", "--unmasked")[1]


def test_the_configuration_file_counts_and_options_go_before_it(capsys, files):
    (files / "dtkstool.toml").write_text('[validate]\nignore = ["NIK"]')
    assert validate(capsys, "salah.csv")[0] == 0
    (files / "dtkstool.toml").write_text('[validate]\nfail-on = "never"')
    assert validate(capsys, "salah.csv", "--fail-on", "galat")[0] == 1


def test_a_rule_that_meets_a_cell_it_cannot_turn_is_named_without_the_cell(capsys, files):
    (files / "dtkstool.toml").write_text(
        '[validate]\nrules = [{code = "KAB01", column = "nama", message = "x",'
        ' wrong_when = "CAST(nama_asal AS INT) > 3"}]'
    )
    code, _, err = validate(capsys, "salah.csv")
    assert code == 2 and "KAB01" in err and "TRY_CAST" in err and "SITI" not in err


def test_a_file_of_another_region_is_refused(capsys, files):
    (files / "gresik.csv").write_text(
        "NIK,Nama,Kabupaten,Kecamatan\n3201015107700001,SITI,KAB. GRESIK,DUKUN\n"
    )
    code, out, err = validate(capsys, "gresik.csv", "--expect", "3201", "--max-rate", "100%")
    assert code == 1 and "FIL06" in out and "FIL06" in err
    (files / "dtkstool.toml").write_text('[validate.expect]\n"gre*" = ["3525"]\n"*" = ["3201"]')
    assert validate(capsys, "gresik.csv")[0] == 0


def test_rows_taken_for_nobody_are_counted_and_the_first_is_named(capsys, files):
    text = (files / "bersih.csv").read_text()
    (files / "total.csv").write_text(text + "JUMLAH,1,,,\nMengetahui,,,,\n")
    assert "2 rows were not checked" in validate(capsys, "total.csv")[2]
    assert "total.csv › 3" in validate(capsys, "total.csv")[2]
    assert "not checked" not in validate(capsys, "bersih.csv")[2]
