"""The command line as people use it: exit codes, what goes where, nothing personal on screen."""

import re
import subprocess
import sys

import polars as pl
import pytest

from dtkstool.cli import main
from tests.town import CHILD, HEAD, listed, strangers

WHOLE_NIK = re.compile(r"\d{16}")


def dtkstool(capsys, *argv):
    """Run a command line; return exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in argv])
    seen = capsys.readouterr()
    code = ended.value.code
    return 0 if code is None else code, seen.out, seen.err


@pytest.fixture
def register(tmp_path):
    """A register of one right line and one with an impossible NIK."""
    path = tmp_path / "dtks.csv"
    pl.DataFrame([listed(HEAD), listed(CHILD, "A2", NIK="3201019903040001")]).write_csv(path)
    return path


def test_validate_names_cell_rule_and_fix_and_fails_the_gate(capsys, register):
    code, out, _ = dtkstool(capsys, "validate", register)
    assert code == 1
    assert "NIK03" in out and "B3" in out
    assert not WHOLE_NIK.search(out)


def test_validate_can_be_told_not_to_fail(capsys, register):
    assert dtkstool(capsys, "validate", register, "--fail-on", "never")[0] == 0
    assert dtkstool(capsys, "validate", register, "--max-rate", "60%")[0] == 0
    assert dtkstool(capsys, "validate", register, "--max-rate", "10%")[0] == 1


def test_one_unreadable_file_does_not_stop_the_others(capsys, register, tmp_path):
    (tmp_path / "rusak.xls").write_text("<html><body>NIK</body></html>")
    code, out, err = dtkstool(
        capsys, "validate", register, tmp_path / "rusak.xls", "--fail-on", "never"
    )
    assert code == 2
    assert "HTML" in err and "rusak.xls" in err
    assert "2 baris diperiksa" in out


@pytest.mark.parametrize("lang", ["id", "en"])
def test_both_languages_speak(capsys, register, lang):
    _, out, _ = dtkstool(capsys, "validate", register, "--lang", lang)
    assert ("rows checked" in out) == (lang == "en")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["validate", "tidak-ada.csv"], "tidak ada berkas"),
        (["validate", "x.csv", "--format", "pdf"], "bentuk hasil pdf"),
        (["validate", "x.csv", "--lang", "jv"], "bahasa jv"),
        (["validate", "x.csv", "--today", "kemarin"], "tanggal kemarin"),
        (["validate", "x.csv", "--max-rate", "banyak"], "bagian banyak"),
        (["validate", "x.csv", "--fail-on", "besar"], "tingkat besar"),
        (["sample", "--preset", "negara", "--out", "x"], "ukuran negara"),
        (["sample", "--kabupaten", "9999", "--out", "x"], "dunia contoh"),
        (["sample", "--rate", "nama_typo", "--out", "x"], "tingkat kerusakan"),
    ],
)
def test_a_mistake_on_the_command_line_is_answered_in_one_message(
    capsys, tmp_path, monkeypatch, argv, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("NIK,Nama\n3201015207800003,SITI\n")
    code, _, err = dtkstool(capsys, *argv)
    assert code == 2
    assert said in err and "Perbaikan" in err and "Traceback" not in err


def test_run_without_a_registry_says_how_to_build_one(capsys, register, tmp_path):
    code, _, err = dtkstool(
        capsys, "run", register, "--registry", tmp_path, "--out", tmp_path / "h"
    )
    assert code == 2 and "registry build" in err


def test_the_month_from_extracts_to_workbooks(capsys, register, tmp_path):
    pl.DataFrame([HEAD, CHILD, *strangers(300)]).write_csv(tmp_path / "biodata.csv")
    built = dtkstool(
        capsys,
        "registry",
        "build",
        "--biodata",
        tmp_path / "biodata.csv",
        "--out",
        tmp_path / "reg",
    )
    assert built[0] == 0 and "302" in built[2]
    code, out, err = dtkstool(
        capsys, "run", register, "--registry", tmp_path / "reg", "--out", tmp_path / "h"
    )
    assert code == 0 and out == ""
    assert "2 data dibaca" in err and not WHOLE_NIK.search(err)
    assert [p.name for p in (tmp_path / "h/koreksi").rglob("*.xlsx")] == ["320101_cibinong.xlsx"]
    assert (tmp_path / "h/run.json").is_file()


def test_an_unchanged_registry_is_not_built_again(capsys, tmp_path):
    pl.DataFrame([HEAD, CHILD]).write_csv(tmp_path / "biodata.csv")
    build = ["registry", "build", "--biodata", tmp_path / "biodata.csv", "--out", tmp_path / "reg"]
    dtkstool(capsys, *build)
    assert "sudah mutakhir" in dtkstool(capsys, *build)[2]
    pl.DataFrame([HEAD]).write_csv(tmp_path / "biodata.csv")
    assert "1 penduduk" in dtkstool(capsys, *build)[2]


def test_match_and_dedupe_write_their_own_file(capsys, register, registry, tmp_path):
    dtkstool(capsys, "match", register, "--registry", registry, "--out", tmp_path / "m")
    links = pl.read_parquet(tmp_path / "m/links.parquet")
    assert links["nik_dukcapil"].to_list() == [HEAD["NIK"], CHILD["NIK"]]
    dtkstool(capsys, "dedupe", register, "--out", tmp_path / "d")
    assert pl.read_parquet(tmp_path / "d/duplicates.parquet").is_empty()


def test_columns_shows_and_saves_a_map_that_can_be_passed_back(capsys, register, tmp_path):
    code, out, _ = dtkstool(capsys, "columns", register, "--save", tmp_path / "peta.toml")
    assert code == 0 and "nokk" in out
    assert dtkstool(capsys, "validate", register, "--map", tmp_path / "peta.toml")[0] == 1


def test_python_m_dtkstool_is_the_same_tool():
    done = subprocess.run(
        [sys.executable, "-m", "dtkstool", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("dtkstool ")
