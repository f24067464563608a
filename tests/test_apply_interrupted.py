"""Applying that is cut off, or finds no room: what was there stays, and the next time is whole."""

import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import polars as pl
import pytest

from dtkstool.cli import main
from dtkstool.pipeline.provenance import sha256
from tests.filling import NEW_NIK, PEOPLE, bring_back, fill, office
from tests.workbooks import change

NIK_OF_A = PEOPLE["A1"][0]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A register, its workbook with an answer, and what two answers lead to when undisturbed."""
    folder = tmp_path_factory.mktemp("kantor")
    cases = {"A1": ("ubah", "perbaikan"), "C3": ("hapus", "meninggal")}
    book = office(folder, cases, [change("A1", "nik", NIK_OF_A, NEW_NIK)])
    shutil.copy(book, folder / "dulu.xlsx")
    answers = {
        "UBAH": {"keputusan": "SETUJU"},
        "HAPUS_GANTI": {"keputusan": "HAPUS", "alasan": "TL01", "no_bukti": "KM-1"},
    }
    fill(folder / "dulu.xlsx", lambda sheet, row: answers["UBAH"] if sheet == "UBAH" else None)
    fill(book, lambda sheet, row: answers.get(sheet), target=folder / "isian.xlsx")
    for name in ("dulu", "isian"):
        bring_back(folder, folder / f"{name}.xlsx", out=f"tenang-{name}")
    return folder


def left(folder):
    """Content of every file but apply.json, whose timings differ."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): sha256(p) for p in files if p.name != "apply.json"}


def command(folder, out):
    return ["apply", folder / "isian.xlsx", "--to", folder / "dtks.csv", "--out", out,
            "--today", "2026-11-01", "--quiet"]  # fmt: skip


def applied_before(folder, out):
    """Let `out` hold what the first answer led to; return it."""
    return shutil.copytree(folder / "tenang-dulu", out)


def ended(folder, out):
    """Run the command line in this process and return its exit code."""
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in command(folder, out)])
    return end.value.code


MOMENTS = (
    "applying.write_register",
    "applied.write_json",
    "publish._move",
    pytest.param("applying._read_again", marks=pytest.mark.slow),
    pytest.param("applying.write_results", marks=pytest.mark.slow),
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_applying_cut_off_anywhere_is_made_good_by_the_next_time(filled, monkeypatch, moment):
    out = applied_before(filled, filled / f"putus-{moment}")

    def cut(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"dtkstool.pipeline.{moment}", cut)
        with pytest.raises(KeyboardInterrupt):
            bring_back(filled, filled / "isian.xlsx", out=out.name)
    assert left(out) == left(filled / "tenang-dulu")
    assert (out / "apply.json").exists() == (moment != "publish._move")
    bring_back(filled, filled / "isian.xlsx", out=out.name)
    assert left(out) == left(filled / "tenang-isian")


@contextmanager
def room_for(size):
    """Let no file of this process grow beyond so many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, pytest.param(400, marks=pytest.mark.slow), 2500])
def test_where_no_room_is_left_the_last_results_stay_and_the_error_is_told(filled, capsys, size):
    out = applied_before(filled, filled / f"penuh-{size}")
    with room_for(size):
        assert ended(filled, out) == 2
    assert "File too large" in capsys.readouterr().err
    assert left(out) == left(filled / "tenang-dulu") and (out / "apply.json").exists()


def test_a_result_folder_that_cannot_be_written_is_a_clear_error(filled, capsys):
    (filled / "bukan-folder").write_text("")
    assert ended(filled, filled / "bukan-folder" / "hasil") == 2
    assert "bukan-folder" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_fifty_applies_killed_at_random_moments(filled, tmp_path, seed):
    chance, cut, out = random.Random(seed), 0, tmp_path / "hasil"
    words = [sys.executable, "-m", "dtkstool", *map(str, command(filled, out))]
    started = time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    longest = time.monotonic() - started
    shutil.rmtree(out)
    for _ in range(5):
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, longest))
        process.send_signal(signal.SIGKILL)
        cut += process.wait() == -signal.SIGKILL
        if (out / "apply.json").exists():
            shown = {k: v for k, v in left(out).items() if not k.startswith(".")}
            assert shown == left(filled / "tenang-isian")
        for path in out.glob("*.parquet"):
            pl.read_parquet(path)
    assert cut > 0
    subprocess.run(words, check=True, capture_output=True)
    assert left(out) == left(filled / "tenang-isian")


@pytest.mark.slow
def test_a_tiny_disk_that_fills_up_loses_nothing(filled, tmp_path):
    out = tmp_path / "hasil"
    out.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(out)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting takes root")
    words = [sys.executable, "-m", "dtkstool", *map(str, command(filled, out))]
    try:
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 2 and "No space left" in done.stderr
        assert left(out) == {}
    finally:
        subprocess.run(["umount", str(out)], check=True)
