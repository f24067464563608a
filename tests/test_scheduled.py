"""The month as cron runs it: once at a time, whole or not at all, the same whatever happened."""

import json
import re
from shutil import copytree

import polars as pl
import pytest

from dtkstool.cli import main
from dtkstool.pipeline.journal import Journal
from dtkstool.pipeline.ledgers import take, view
from dtkstool.pipeline.provenance import sha256
from dtkstool.pipeline.publish import publish, workbook_hashes
from dtkstool.pipeline.scheduled import look
from tests.scheduling import (
    TOML,
    WRONG,
    book,
    command,
    exported,
    filled,
    left,
    plan,
    ran,
    recorded,
    results,
)
from tests.town import CHILD, HEAD, listed


def test_a_month_is_written_whole_into_a_folder_of_its_own_and_into_the_ledger(worked):
    office, month = worked.office, worked.november
    folder = office / "hasil" / "2026-11"
    assert month.plan.folder == folder and month.plan.ledger == office / "hasil" / "ledger.sqlite"
    assert {"decisions.parquet", "run.json", "ringkasan.txt"} <= {p.name for p in folder.iterdir()}
    assert not (folder / ".part").exists()
    told = json.loads((folder / "run.json").read_text())
    assert told["workbooks"] == {book(office).relative_to(folder).as_posix(): sha256(book(office))}


def test_the_next_month_sees_what_was_repaired_and_what_is_new(worked):
    total = view(worked.december.plan.ledger, "kecamatan", "2026-12").total.row(0, named=True)
    assert (total["records"], total["repaired"], total["new"]) == (2, 1, 1)


def test_the_same_inputs_give_the_same_bytes_and_the_same_ledger(worked):
    office, month = worked.office, worked.november
    before, known = results(month.plan.folder), recorded(month.plan.ledger)
    assert left(ran(office)) == (before, known)


def test_a_dry_run_writes_nothing(office):
    there = sorted(office.rglob("*"))
    dry = look(plan(office), Journal())
    assert dry.register.cleaned.height == 2
    assert sorted(office.rglob("*")) == there


def test_a_workbook_that_was_filled_in_is_never_overwritten(worked, tmp_path):
    office = copytree(worked.office, tmp_path / "salinan", symlinks=True)
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
    text = (worked.office / "hasil" / "2026-12" / "ringkasan.txt").read_text()
    assert text.splitlines()[0] == "DTKS 2026-12: 2 data, 50.0 % padan"
    assert "Bulan 2026-11: 2" in text
    assert "SITI" not in text and not re.search(r"\d{16}", text)


def test_clerks_decisions_that_apply_wrote_are_taken_in(office):
    pl.DataFrame({"record_id": ["A1"], "decision": ["setuju"]}).write_parquet(
        office / "keputusan.parquet"
    )
    text = TOML.replace("[run.expect]", 'keputusan = ["keputusan.parquet"]\n[run.expect]')
    (office / "dtkstool.toml").write_text(text)
    month = ran(office)
    assert month.clerks == 1 and take(month.plan.ledger, [str(office / "keputusan.parquet")]) == 0
