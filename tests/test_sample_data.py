"""The whole job on sample_data/: every record read, the right people found, nobody lost."""

import json
import os
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from benchmarks.judge import judge
from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.month import Order, run
from dtkstool.pipeline.summarizing import counted
from dtkstool.terminal import Screen

SAMPLE = Path(__file__).parent.parent / "sample_data"
README = SAMPLE.parent / "README.md"
EXPECTED = SAMPLE / "expected.json"
TODAY = date(2026, 10, 31)


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    out = tmp_path_factory.mktemp("hasil")
    registers = {k: [str(SAMPLE / f"registry/{k}.csv")] for k in ("kematian", "pindah", "datang")}
    built = build_registry(
        [str(SAMPLE / "registry/biodata*")], registers, out / "registri",
        today=TODAY, column_map=None, model_path=None,
    )  # fmt: skip
    assert built.failures == ()
    return run(Order([str(SAMPLE / "dtks")], out / "registri", out, None, None, TODAY, "id"))


def test_every_record_is_read_once_and_every_other_row_is_named(month):
    read = month.outcome.register.read
    figures = judge(SAMPLE, month.out)
    assert figures["records"] == {"truth": 1200, "read": 1200, "extra": 0}
    assert read.failures == ()
    for sheet in read.sheets:
        assert sheet.rows_seen == sheet.rows_read + sheet.rows_skipped
    of_people = [sheet for sheet in read.sheets if not sheet.reason]
    assert read.skipped.height == sum(sheet.rows_skipped for sheet in of_people)


def test_what_was_typed_is_kept_exactly(month):
    faults = pl.read_parquet(SAMPLE / "truth/faults.parquet").filter(pl.col("column") == "nik")
    typed = month.outcome.register.read.records.with_columns(
        pl.col("source_file").str.split("dtks/").list.last()
    ).select("source_file", "sheet", "row", "nik_asal")
    both = faults.filter(pl.col("value") != "").join(typed, on=["source_file", "sheet", "row"])
    assert both.height > 50
    assert both.filter(pl.col("value") != pl.col("nik_asal")).is_empty()


def test_the_right_people_are_found_and_nobody_is_lost(month):
    figures = judge(SAMPLE, month.out)
    assert figures["kecamatan"]["resolved"] >= 0.99 and figures["kecamatan"]["right"] == 1
    assert figures["automatic"]["precision"] >= 0.998
    assert figures["automatic"]["recall"] >= 0.98
    assert figures["false_removals"] == {"records_declared_gone": 0, "people_without_any_record": 0}


def test_the_decisions_are_the_expected_ones(month):
    found = {
        "status": counted(month.outcome.decisions, "status"),
        "action": counted(month.outcome.decisions, "action"),
        "verdict": counted(month.outcome.links, "verdict"),
        "findings": counted(month.outcome.findings, "code"),
    }
    if os.environ.get("GOLDEN") == "renew":
        EXPECTED.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", "utf-8")
    assert found == json.loads(EXPECTED.read_text("utf-8"))


def test_every_record_gets_one_decision_and_one_place_in_the_workbooks(month):
    decisions = month.outcome.decisions
    assert decisions["record_id"].n_unique() == decisions.height == 1200
    assert month.workbooks["diterima"].sum() == 1200


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes(month, tmp_path):
    again = run(
        Order([str(SAMPLE / "dtks")], month.out / "registri", tmp_path, None, None, TODAY, "id")
    )
    names = [path.name for path in month.out.glob("*.parquet")]
    assert len(names) >= 6
    for name in names:
        assert (month.out / name).read_bytes() == (again.out / name).read_bytes(), name


def test_the_readme_shows_what_the_run_says(month, capsys):
    """`GOLDEN=renew` writes it there."""
    Screen("id").run(month)
    said = capsys.readouterr().err
    shown = re.compile(r"^ *[\d.]+ data dibaca.*?(?=^ *(?:Perkiraan|Tahap|\d+ buku))", re.M | re.S)
    lines = [line.rstrip() for line in shown.search(said)[0].splitlines() if line.strip()]
    page = README.read_text("utf-8")
    if os.environ.get("GOLDEN") == "renew":
        block = "".join(f"    {line}\n" for line in (lines[0], "", *lines[1:], ""))
        page = shown.sub(block.replace("    \n", "\n"), page)
        README.write_text(page, "utf-8")
    there = [line.removeprefix("    ").rstrip() for line in shown.search(page)[0].splitlines()]
    assert [line for line in there if line] == lines
