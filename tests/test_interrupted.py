"""A month that is cut off, refused or meets another ends as one that was not disturbed."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from shutil import copytree

import polars as pl
import pytest

from dtkstool.cli import main
from dtkstool.ledger.lock import locked
from dtkstool.ledger.store import reading
from dtkstool.pipeline.ledgers import verify
from tests.scheduling import (
    command,
    exported,
    left,
    plan,
    ran,
    results,
)
from tests.town import CHILD, HEAD, listed


def test_a_second_run_leaves_at_once_with_its_own_exit_code_and_says_who_is_at_work(office, capsys):
    (office / "hasil").mkdir()
    with locked(plan(office).ledger, datetime(2026, 11, 22, tzinfo=UTC)):
        with pytest.raises(SystemExit) as ended:
            main(command(office, "--log-json", "-")[3:])
    assert ended.value.code == 3
    told, logged = capsys.readouterr()[::-1]
    assert json.loads(logged)["kind"] == "LedgerBusy"
    assert str(os.getpid()) in told and "2026-11-22T00:00:00" in told
    assert not (office / "hasil" / "2026-11").exists()


@pytest.mark.slow
def test_of_two_runs_started_together_one_works_and_one_leaves(office):
    both = [subprocess.Popen(command(office), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=120)[1] for process in both]
    codes = sorted(process.returncode for process in both)
    if codes == [0, 0]:
        pytest.skip("the first had finished before the second began")
    assert codes == [0, 3], told
    assert any("sedang dipakai proses" in text for text in told)
    assert (office / "hasil" / "2026-11" / "run.json").exists()


def killed_at_random(office, seed, times, longest):
    """Start a run and kill it, several times; return how many were really cut off."""
    chance, cut = random.Random(seed), 0
    for _ in range(times):
        process = subprocess.Popen(command(office), stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, longest))
        process.send_signal(signal.SIGKILL)
        cut += process.wait() == -signal.SIGKILL
        finished = (office / "hasil" / "2026-11" / "run.json").exists()
        if finished:
            assert_whole(office / "hasil" / "2026-11")
    return cut


def assert_whole(folder):
    for path in folder.rglob("*.parquet"):
        if ".part" not in path.parts:
            pl.read_parquet(path)


def undisturbed(office):
    """What a run of the same office leaves that nobody disturbed."""
    kept = left(ran(office))
    (office / "hasil").rename(office / "tenang")
    return kept


def assert_recovers(office, wanted, seed, times, longest):
    assert killed_at_random(office, seed, times, longest) > 0
    month = ran(office)
    assert left(month) == wanted
    assert verify(month.plan.ledger)[0] == []
    assert not list((office / "hasil").rglob("*.tmp*"))


@pytest.mark.slow
def test_a_run_killed_at_random_moments_ends_as_one_that_was_not(office):
    assert_recovers(office, undisturbed(office), 1, 3, 2.0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_fifty_runs_killed_at_random_moments(office, seed):
    assert_recovers(office, undisturbed(office), seed, 5, 4.0)


MOMENTS = (
    "dtkstool.pipeline.month.decide", "dtkstool.pipeline.publish._move",
    "dtkstool.ledger.months.finish",
)  # fmt: skip
MORE_MOMENTS = (
    "dtkstool.pipeline.month.decide", "dtkstool.pipeline.month.write_workbooks",
    "dtkstool.pipeline.scheduled.publish", "dtkstool.pipeline.publish._move",
    "dtkstool.ledger.months.finish", "dtkstool.pipeline.scheduled.conclude",
)  # fmt: skip


@pytest.mark.parametrize(
    "moments", [MOMENTS, pytest.param(MORE_MOMENTS, marks=pytest.mark.slow)], ids=["few", "all"]
)
def test_a_run_cut_off_between_stages_takes_over_what_was_finished(office, monkeypatch, moments):
    wanted = undisturbed(office)

    def cut(*args, **kwargs):
        raise KeyboardInterrupt

    for moment in moments:
        with monkeypatch.context() as patched:
            patched.setattr(moment, cut)
            with pytest.raises(KeyboardInterrupt):
                ran(office)
        assert not (office / "hasil" / "2026-11" / "run.json").exists(), moment
    month = ran(office)
    assert month.resumed == ("check", "match")
    assert left(month) == wanted


def test_changed_inputs_are_never_mixed_with_stages_kept_from_before(office, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("dtkstool.pipeline.month.decide", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ran(office)
    exported(office, "2026-11", [listed(HEAD)])
    month = ran(office)
    assert month.resumed == () and month.done.outcome.decisions.height == 1
    with reading(month.plan.ledger) as ledger:
        states = [state for (state,) in ledger.execute("SELECT state FROM runs ORDER BY run")]
    assert states == ["gagal", "selesai"]


def test_a_folder_that_cannot_be_written_is_a_clear_error(office, capsys):
    (office / "hasil").write_text("bukan folder")
    with pytest.raises(SystemExit) as ended:
        main(command(office)[3:])
    assert ended.value.code == 2
    assert "hasil" in capsys.readouterr().err


FULL = (
    OSError(28, "No space left on device"),
    pl.exceptions.ComputeError(
        "parquet: underlying IO error: No space left on device (os error 28)"
    ),
)


@pytest.mark.parametrize("error", FULL, ids=["python", "polars"])
def test_a_full_disk_leaves_last_times_results_as_they_were(
    worked, tmp_path, monkeypatch, capsys, error
):
    office = copytree(worked.office, tmp_path / "salinan", symlinks=True)
    folder = office / "hasil" / "2026-11"
    before = results(folder)
    exported(office, "2026-11", [listed(CHILD, "A2")])

    def full(*args, **kwargs):
        raise error

    monkeypatch.setattr("dtkstool.pipeline.month.write_parquet", full)
    with pytest.raises(SystemExit) as ended:
        main(command(office)[3:])
    assert ended.value.code == 2
    assert "No space left" in capsys.readouterr().err
    after = {k: v for k, v in results(folder).items() if not k.startswith(".part")}
    assert after == before and (folder / "run.json").exists()


def test_a_ledger_of_a_killed_writer_is_intact(worked):
    code = (
        "import os, sys; from pathlib import Path; from dtkstool.ledger.store import writing\n"
        "with writing(Path(sys.argv[1])) as ledger:\n"
        "    ledger.execute('BEGIN IMMEDIATE'); ledger.execute('DELETE FROM decisions'); os._exit(9)"
    )
    path = plan(worked.office).ledger
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert verify(path)[0] == []
    with sqlite3.connect(path) as opened:
        assert opened.execute("SELECT count(*) FROM decisions").fetchone() == (4,)
    opened.close()
