"""The month as cron runs it: once at a time, whole or not at all, the same whatever happened."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from openpyxl import load_workbook

from dtkstool.cli import main
from dtkstool.config.month import Expectations
from dtkstool.errors import BadConfiguration, UnusableInput
from dtkstool.ledger.lock import locked
from dtkstool.ledger.store import reading
from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.journal import Journal
from dtkstool.pipeline.ledgers import take, verify, view
from dtkstool.pipeline.planning import Wish, plan_of
from dtkstool.pipeline.provenance import sha256
from dtkstool.pipeline.publish import publish, workbook_hashes
from dtkstool.pipeline.scheduled import look, run_month
from dtkstool.pipeline.starting import start
from tests.test_ledger import recorded as written
from tests.town import CHILD, HEAD, listed, strangers

WRONG = {"NIK": "3201915207800003"}
TOML = """
[run]
files = ["masuk/{bulan}"]
registry = "registri"
out = "hasil/{bulan}"
today = 2026-11-30
[run.expect]
registry_days = 0
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """A registry of two people and many strangers."""
    folder = tmp_path_factory.mktemp("registri")
    pl.DataFrame([HEAD, CHILD, *strangers()]).write_csv(folder / "biodata.csv")
    build_registry(
        [str(folder / "biodata.csv")], {}, folder / "r",
        today=date(2026, 11, 1), column_map=None, model_path=None,
    )  # fmt: skip
    return folder / "r"


@pytest.fixture
def office(tmp_path, registry):
    """A folder with a configuration, the registry and two months of a register."""
    return furnished(tmp_path, registry)


@pytest.fixture(scope="module")
def worked(tmp_path_factory, registry):
    """An office whose two months were run; only to look at."""
    office = furnished(tmp_path_factory.mktemp("kantor"), registry)
    return office, ran(office), ran(office, date(2026, 12, 31))


def furnished(office, registry):
    (office / "registri").symlink_to(registry)
    (office / "dtkstool.toml").write_text(TOML)
    exported(office, "2026-11", [listed(HEAD, **WRONG), listed(CHILD, "A2")])
    exported(office, "2026-12", [listed(HEAD), listed(CHILD, "A2", **{"Nama": "RUDY HARTONO"})])
    return office


def exported(office, month, rows):
    (office / "masuk" / month).mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_csv(office / "masuk" / month / "dtks.csv")


def plan(office, today=None, **changes):
    wish = {"files": (), "registry": None, "out": None, "config": office / "dtkstool.toml", "ledger": None,
            "column_map": None, "model": None, "today": today, "lang": "id"}  # fmt: skip
    return plan_of(Wish(**(wish | changes)))


def ran(office, today=None, **changes):
    return run_month(plan(office, today, **changes), Journal())


def results(folder):
    """Content of every result file but run.json, whose timings differ."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def recorded(ledger):
    """Everything a ledger knows of months, as rows."""
    with reading(ledger) as opened:
        tables = ("decisions", "findings", "kinds", "records", "workbooks")
        return {
            name: opened.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in tables
        }


def command(office, *more):
    return [
        sys.executable,
        "-m",
        "dtkstool",
        "run",
        "--config",
        str(office / "dtkstool.toml"),
        "--quiet",
        *more,
    ]


def book(office, month="2026-11"):
    (found,) = (office / "hasil" / month).rglob("*_cibinong.xlsx")
    return found


def filled(path):
    """Fill a workbook in as an operator does."""
    workbook = load_workbook(path)
    workbook.worksheets[0]["H40"] = "diisi petugas"
    workbook.save(path)
    return path.read_bytes()


def test_a_month_is_written_whole_into_a_folder_of_its_own_and_into_the_ledger(worked):
    office, month, _ = worked
    folder = office / "hasil" / "2026-11"
    assert month.plan.folder == folder and month.plan.ledger == office / "hasil" / "ledger.sqlite"
    assert {"decisions.parquet", "run.json", "ringkasan.txt"} <= {p.name for p in folder.iterdir()}
    assert not (folder / ".part").exists()
    told = json.loads((folder / "run.json").read_text())
    assert told["workbooks"] == {book(office).relative_to(folder).as_posix(): sha256(book(office))}


def test_the_next_month_sees_what_was_repaired_and_what_is_new(worked):
    total = view(worked[2].plan.ledger, "kecamatan", "2026-12").total.row(0, named=True)
    assert (total["records"], total["repaired"], total["new"]) == (2, 1, 1)


def test_the_same_inputs_give_the_same_bytes_and_the_same_ledger(worked):
    office, month, _ = worked
    before, known = results(month.plan.folder), recorded(month.plan.ledger)
    assert results(ran(office).plan.folder) == before
    assert recorded(month.plan.ledger) == known


def test_a_dry_run_writes_nothing(office):
    there = sorted(office.rglob("*"))
    dry = look(plan(office), Journal())
    assert dry.register.cleaned.height == 2
    assert sorted(office.rglob("*")) == there


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
    """Results and ledger of a run of the same office that nobody disturbed."""
    reference = ran(office)
    kept = results(reference.plan.folder), recorded(reference.plan.ledger)
    (office / "hasil").rename(office / "tenang")
    return kept


def assert_recovers(office, wanted, seed, times, longest):
    assert killed_at_random(office, seed, times, longest) > 0
    month = ran(office)
    assert (results(month.plan.folder), recorded(month.plan.ledger)) == wanted
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
    "dtkstool.pipeline.month.decide", "dtkstool.pipeline.month.write_workbooks",
    "dtkstool.pipeline.scheduled.publish", "dtkstool.pipeline.publish._move",
    "dtkstool.ledger.months.finish", "dtkstool.pipeline.scheduled.conclude",
)  # fmt: skip


def test_a_run_cut_off_between_stages_takes_over_what_was_finished(office, monkeypatch):
    wanted = undisturbed(office)

    def cut(*args, **kwargs):
        raise KeyboardInterrupt

    for moment in MOMENTS:
        with monkeypatch.context() as patched:
            patched.setattr(moment, cut)
            with pytest.raises(KeyboardInterrupt):
                ran(office)
        assert not (office / "hasil" / "2026-11" / "run.json").exists(), moment
    month = ran(office)
    assert month.resumed == ("check", "match")
    assert (results(month.plan.folder), recorded(month.plan.ledger)) == wanted


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


def test_a_workbook_that_was_filled_in_is_never_overwritten(worked, tmp_path):
    office = copytree(worked[0], tmp_path / "salinan", symlinks=True)
    path, content = book(office), filled(book(office))
    exported(
        office, "2026-11", [listed(HEAD, **WRONG), listed(CHILD, "A2", **{"Nama Ibu": "SITI"})]
    )
    month = ran(office)
    ((old, new),) = month.published.beside
    assert old.endswith("_cibinong.xlsx") and new.endswith("_cibinong_baru.xlsx")
    assert (month.plan.folder / new).exists()
    assert path.read_bytes() == content


def books(folder, **content):
    """Write koreksi/NAME.xlsx files that hold a text, and return the folder."""
    for name, text in content.items():
        (folder / "koreksi").mkdir(parents=True, exist_ok=True)
        (folder / "koreksi" / f"{name}.xlsx").write_text(text)
    return folder


def held(folder):
    return {path.stem: path.read_text() for path in sorted((folder / "koreksi").glob("*.xlsx"))}


@pytest.mark.parametrize(
    ("there", "new", "then"),
    [
        ({"a": "lama"}, {"a": "baru"}, {"a": "baru"}),
        ({"a": "diisi"}, {"a": "lama"}, {"a": "diisi"}),
        ({"a": "diisi"}, {"a": "baru"}, {"a": "diisi", "a_baru": "baru"}),
        ({"a": "diisi", "a_baru": "diisi2"}, {"a": "baru"}, {"a": "diisi", "a_baru": "diisi2", "a_baru2": "baru"}),
        ({"a": "lama", "b": "lama"}, {"a": "lama"}, {"a": "lama"}),
        ({"b": "diisi"}, {"a": "lama"}, {"a": "lama", "b": "diisi"}),
    ],
    ids=["ours", "filled, unchanged", "filled, changed", "both filled", "ours, gone", "filled, gone"],
)  # fmt: skip
def test_only_workbooks_of_ours_are_replaced_or_removed(tmp_path, there, new, then):
    folder, made = books(tmp_path / "bulan", **there), books(tmp_path / "part", **new)
    last = workbook_hashes(books(tmp_path / "terakhir", a="lama", b="lama"))
    ours = frozenset(last.values())
    publish(made, folder, ours=ours, before=workbook_hashes(folder), finished=last)
    assert held(folder) == then


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
    office = copytree(worked[0], tmp_path / "salinan", symlinks=True)
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


def test_the_log_is_json_line_by_line_and_hides_numbers_of_people(office, tmp_path, capsys):
    broken = "NIK 3201015207800003.csv"
    (office / "masuk" / "2026-11" / broken).write_bytes(b"\x00\x01")
    with pytest.raises(SystemExit):
        main(command(office, "--log-json", str(tmp_path / "log" / "a.jsonl"))[3:])
    text = (tmp_path / "log" / "a.jsonl").read_text()
    events = [json.loads(line)["event"] for line in text.splitlines()]
    assert events[0] == "run_started" and events[-1] == "run_finished"
    assert {"stage_finished", "file_failed", "counts"} <= set(events)
    assert "3201015207800003" not in text


def test_the_summary_for_the_mail_has_counts_but_nobody_in_it(worked):
    text = (worked[0] / "hasil" / "2026-12" / "ringkasan.txt").read_text()
    assert text.splitlines()[0] == "DTKS 2026-12: 2 data, 50.0 % padan"
    assert "Bulan 2026-11: 2" in text
    assert "SITI" not in text and not re.search(r"\d{16}", text)


def warned(office, today=None):
    return look(plan(office, today), Journal()).warnings


def test_fewer_records_and_files_identical_to_last_months_are_warned_of(office):
    sent = office / "masuk" / "2026-12" / "dtks.csv"
    before = [{"file": "dtks.csv", "bytes": 1, "sha256": sha256(sent)}]
    (office / "hasil").mkdir()
    lines = [(f"A{i}", "tetap") for i in range(4)]
    written(plan(office).ledger, "2026-11", *lines, inputs=before)
    told = [warning.text("id") for warning in warned(office, date(2026, 12, 31))]
    assert told == [
        "hanya 2 data, 50 % lebih sedikit dari 4 di 2026-11",
        "1 berkas sama persis dengan berkas bulan 2026-11: dtks.csv",
    ]


def test_another_kabupaten_is_warned_of(office):
    elsewhere = {"Kabupaten": "KAB GRESIK", "Kecamatan": "DUKUN", "Desa": "LOWAYU"}
    exported(office, "2026-11", [listed(HEAD, **elsewhere)])
    (warning,) = warned(office)
    assert warning.text("id") == "sebagian besar data bukan dari kabupaten 3201, melainkan 3525"


def test_an_old_registry_is_warned_of(office, registry):
    old = datetime(2026, 9, 1).timestamp()
    os.utime(registry / "registry.json", (old, old))
    (office / "dtkstool.toml").write_text(TOML.replace("registry_days = 0", "registry_days = 45"))
    (warning,) = warned(office)
    assert (warning.key, warning.values["days"]) == ("registry_old", 90)


def test_a_warning_can_be_made_to_stop_the_run(office):
    (office / "dtkstool.toml").write_text(TOML + 'kabupaten = "3525"\nstop = true\n')
    with pytest.raises(UnusableInput, match="bukan dari kabupaten 3525"):
        ran(office)
    assert not (office / "hasil" / "2026-11" / "decisions.parquet").exists()


def test_clerks_decisions_that_apply_wrote_are_taken_in(office):
    pl.DataFrame({"record_id": ["A1"], "decision": ["setuju"]}).write_parquet(
        office / "keputusan.parquet"
    )
    text = TOML.replace("[run.expect]", 'keputusan = ["keputusan.parquet"]\n[run.expect]')
    (office / "dtkstool.toml").write_text(text)
    month = ran(office)
    assert month.clerks == 1 and take(month.plan.ledger, [str(office / "keputusan.parquet")]) == 0


def test_options_come_before_the_configuration(office):
    changed = plan(office, ledger=Path("x.sqlite"), out=office / "lain", today=date(2026, 12, 1))
    assert changed.folder == office / "lain" / "2026-12"
    assert (changed.ledger, changed.month, changed.expect) == (
        Path("x.sqlite"), "2026-12", Expectations(registry_days=0),
    )  # fmt: skip


def test_without_a_configuration_out_is_the_folder_and_the_ledger_lies_in_it(office):
    free = plan(
        office, config=None, files=("a.csv",), registry=office / "registri", out=office / "h"
    )
    assert (free.folder, free.ledger) == (office / "h", office / "h" / "ledger.sqlite")
    with pytest.raises(BadConfiguration, match="not complete: FILES, --registry"):
        plan(office, config=None, out=office / "h")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[lain]", r"no section \[run\]"),
        ("[run]\nfile = 'x'", "unknown keys: file"),
        ("[run]\ntoday = 'kemarin'", "value kemarin cannot be used for run.today"),
        ("[run.expect]\nmax_drop = 30", "value 30 cannot be used for run.expect.max_drop"),
        ("[run]\nfiles = [3]", r"value \[3\] cannot be used for run.files"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(office, text, told):
    (office / "dtkstool.toml").write_text(text)
    with pytest.raises(BadConfiguration, match=told):
        plan(office)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_init_writes_a_configuration_that_runs(office, lang):
    (office / "dtkstool.toml").unlink()
    (office / "biodata_3201.csv").write_text("NIK")
    path = start(office, office / "dtkstool.toml", lang)
    text = path.read_text()
    assert 'files = ["masuk/2026-11", "masuk/2026-12"]' in text
    assert "--biodata 'biodata_3201.csv'" in text and 'kabupaten = "3201"' in text
    assert look(plan(office), Journal()).register.cleaned.height == 4
    with pytest.raises(BadConfiguration, match="already"):
        start(office, path, "id")


def test_the_command_lines_in_the_cron_page_parse(capsys):
    text = (Path(__file__).parent.parent / "docs" / "cron.md").read_text()
    joined = re.sub(r'"\$\([^)]*\)"', "2026-11-30", text.replace("\\\n", " "))
    lines = re.findall(
        r"(?m)dtkstool ((?:run|progress|ledger|init|registry|finalize)\b[^\n`|&;>]*)", joined
    )
    assert len(lines) >= 6
    for line in lines:
        words = [word.strip("'\"") for word in line.split()]
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code in (None, 0), line
        known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
        assert {word for word in words if word.startswith("--")} <= known, line


def test_a_ledger_of_a_killed_writer_is_intact(worked):
    office = worked[0]
    code = (
        "import os, sys; from pathlib import Path; from dtkstool.ledger.store import writing\n"
        "with writing(Path(sys.argv[1])) as ledger:\n"
        "    ledger.execute('BEGIN IMMEDIATE'); ledger.execute('DELETE FROM decisions'); os._exit(9)"
    )
    path = plan(office).ledger
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert verify(path)[0] == []
    with sqlite3.connect(path) as opened:
        assert opened.execute("SELECT count(*) FROM decisions").fetchone() == (4,)
    opened.close()
