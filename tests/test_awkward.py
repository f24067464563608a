"""What new users give by mistake: one message that says what to do, and nothing of theirs is lost."""

import io
import os
import re
import subprocess
import sys
from shutil import copytree

import polars as pl
import pytest

from dtkstool.cli import main
from dtkstool.errors import UnusableInput
from dtkstool.ledger.store import writing
from dtkstool.pipeline.extracts import build_registry
from dtkstool.registry import open_registry
from tests.judging import judged
from tests.town import CHILD, HEAD, TODAY, listed


@pytest.fixture
def register(tmp_path):
    """A register of two lines."""
    path = tmp_path / "dtks.csv"
    pl.DataFrame([listed(HEAD), listed(CHILD, "A2")]).write_csv(path)
    return path


def refused(capsys, *argv):
    """Run a command line that cannot work; return what stderr says."""
    with pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in argv])
    assert ended.value.code == 2
    return capsys.readouterr().err


OVERWRITING = (
    "validate {it} --format csv --output {it}",
    "validate {it} --format csv={it} --format text",
    "validate {folder} --write-baseline {it}",
    "columns {it} --save {it}",
    "columns {folder} --save {link}",
    "train {it} --registry {registry} --out {it}",
    "run {it} --registry {registry} --out {folder}/hasil --log-json {it}",
)


@pytest.mark.parametrize("line", OVERWRITING)
def test_no_command_writes_over_what_it_reads(capsys, register, registry, line):
    before = register.read_bytes()
    folder = register.parent
    link = folder / "tautan.toml"
    link.symlink_to(register)
    words = line.format(it=register, folder=folder, link=link, registry=registry).split()
    assert "menimpa berkas masukan" in refused(capsys, *words)
    assert register.read_bytes() == before


def test_a_copy_of_the_ledger_takes_no_other_files_place(capsys, register):
    with writing(register.parent / "l.sqlite"):
        pass
    before = register.read_bytes()
    told = refused(capsys, "ledger", "backup", register, "--ledger", register.parent / "l.sqlite")
    assert "dtks.csv" in told and register.read_bytes() == before


def test_a_register_is_not_taken_for_decisions_without_a_word(capsys, register):
    told = refused(capsys, "ledger", "take", register, "--ledger", register.parent / "l.sqlite")
    assert "keputusan.parquet" in told


def test_an_empty_path_is_not_the_folder_one_stands_in(capsys, register, monkeypatch):
    monkeypatch.chdir(register.parent)
    assert "tidak ada berkas" in refused(capsys, "validate", "")


@pytest.mark.parametrize("content", [b"\x8a\x00\x01", b"PK\x03\x04\xda\xff", b"\xff\xfe3\x002\x00"])
def test_niks_that_are_no_text_are_refused(capsys, monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    assert "bukan teks" in refused(capsys, "nik", "-")


@pytest.mark.parametrize(
    ("name", "content"),
    [("registry.json", b"{"), ("registry.json", b"[]"), ("keys.parquet", b"PAR1"), ("persons.parquet", None)],
)  # fmt: skip
def test_a_damaged_registry_is_named_and_built_again(registry, tmp_path, name, content):
    copy = copytree(registry, tmp_path / "registri")
    (copy / name).unlink()
    if content:
        (copy / name).write_bytes(content)
    with pytest.raises(UnusableInput) as told:
        open_registry(copy)
    assert told.value.key == "registry_damaged" and name in str(told.value)


def test_biodata_given_as_a_register_of_deaths_declares_nobody_dead(tmp_path):
    pl.DataFrame([HEAD, CHILD]).write_csv(tmp_path / "biodata.csv")
    biodata = [str(tmp_path / "biodata.csv")]
    with pytest.raises(UnusableInput, match=r"biodata\.csv"):
        build_registry(
            biodata, {"kematian": biodata}, tmp_path / "r",
            today=TODAY, column_map=None, model_path=None,
        )  # fmt: skip
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("name", ["benar.csv", "benar.parquet"])
def test_a_truth_that_is_no_table_is_named(capsys, tmp_path, name):
    pl.DataFrame({"record_id": ["A1"]}).write_parquet(tmp_path / "links.parquet")
    (tmp_path / name).write_text("a\nb,c,d\n")
    assert name in refused(capsys, "evaluate", tmp_path, "--truth", tmp_path / name)


def test_a_number_that_is_too_short_says_how_many_digits_it_has():
    told = judged([{"nik": "123"}, {"nik": "320101510770001"}]).filter(code="NIK02")["message"]
    assert ["berisi 3 angka" in told[0], "berisi 15 angka" in told[1]] == [True, True]


def test_a_missing_file_inside_polars_still_has_a_reason(capsys, monkeypatch, register):
    def missing(*args, **kwargs):
        raise FileNotFoundError("No such file or directory (os error 2): keys.parquet")

    monkeypatch.setattr("dtkstool.read.read_files", missing)
    told = refused(capsys, "columns", register)
    assert "keys.parquet" in told and "None" not in told


def test_a_run_that_is_interrupted_ends_without_a_traceback(
    capsys, monkeypatch, register, registry, tmp_path
):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("dtkstool.pipeline.scheduled.run_month", stopped)
    with pytest.raises(SystemExit) as ended:
        main(["run", str(register), "--registry", str(registry), "--out", str(tmp_path / "hasil")])
    assert ended.value.code == 130 and "Traceback" not in capsys.readouterr().err


def test_names_with_spaces_brackets_and_bytes_that_are_no_utf8_are_read(capsys, register):
    folder = register.parent / "de sa [1] é*?"
    folder.mkdir()
    (folder / "data [2].csv").write_bytes(register.read_bytes())
    odd = os.fsencode(folder) + b"/desa\xe9.csv"
    with open(odd, "wb") as file:
        file.write(register.read_bytes())
    with pytest.raises(SystemExit):
        main(["validate", str(folder), "--fail-on", "never", "--ignore", "GND"])
    seen = capsys.readouterr()
    assert "4 baris diperiksa" in seen.out and not re.search("Gagal", seen.err)


def test_a_narrow_terminal_without_colours_or_unicode_shows_everything(register):
    environment = {"COLUMNS": "10", "NO_COLOR": "1", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(
        [sys.executable, "-m", "dtkstool", "columns", str(register)],
        capture_output=True, env=os.environ | environment, check=False,
    )  # fmt: skip
    assert (
        ended.returncode == 0 and b"Traceback" not in ended.stderr and b"\x1b" not in ended.stdout
    )
