"""A simulated year: twelve monthly exports of one kabupaten, corrected by clerks who make mistakes.

    python benchmarks/year.py                            20,000 records, 60,000 persons
    python benchmarks/year.py --records 800 --persons 4000 --months 3

Every month: registry build, run, clerks fill 60 % of the rows and are wrong in 3 %, apply, and the
central system exports again, with some repairs undone, with deaths, moves and newcomers. What the
tool says is held against what the world knows (`year_promises`). Prints a table by month; exit
code 1 when a promise is broken.
"""

import argparse
import json
import shutil
import sys
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # so that tests may import it from above

import polars as pl
from year_clerks import Clerks
from year_files import exported, read_back, write_extracts
from year_filling import Habits, filled_in
from year_promises import (
    Broken,
    Heard,
    LedgerTruth,
    Passage,
    answers_accounted,
    clerks_known,
    decisions_carried_out,
    nothing_lost,
    out_only_by_decision,
)
from year_world import Line, World, add, happen, opened, somebody

CONFIGURATION = """
[run]
files = ["masuk/{bulan}"]
registry = "registri"
out = "hasil/{bulan}"
ledger = "hasil/ledger.sqlite"
"""
HONOURED = ("dihormati", "menunggu", "keluar")
"""What `ingatan` says of records that are not asked again."""


@dataclass
class Year:
    """The year so far."""

    work: Path
    world: World
    habits: Habits
    seed: int
    broken: Broken = field(default_factory=Broken)
    table: list[dict[str, object]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    repaired: list[tuple[str, str, str]] = field(default_factory=list)
    """Line, column and old text of the cells changed last month."""
    removed: list[Line] = field(default_factory=list)
    """The lines taken out last month."""
    ever_removed: set[str] = field(default_factory=set)
    """Numbers of the lines taken out in any month."""
    written: list[pl.DataFrame] = field(default_factory=list)
    """Each month's `keputusan.parquet`."""

    @property
    def ledger(self) -> Path:
        """Where the ledger lies."""
        return self.work / "hasil" / "ledger.sqlite"


def tool(*words: object) -> int:
    """Run the tool in this process and return its exit code."""
    from dtkstool.cli import main

    try:
        main([str(word) for word in words])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def year(work: Path, sample: Path, months: int, seed: int, habits: Habits) -> Year:
    """Simulate so many months from January 2026 and return what came of them."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / "dtkstool.toml").write_text(CONFIGURATION)
    so_far = Year(work, opened(sample, seed), habits, seed)
    truth = LedgerTruth(so_far.ledger)
    for number in range(1, months + 1):
        day = date(2026, number, monthrange(2026, number)[1])
        if number > 1:
            passed(so_far, day)
        pass_month(so_far, day, truth)
        found = so_far.broken.found
        print(so_far.table[-1], f"broken: {len(found)}", *found[:5], file=sys.stderr, flush=True)
    shares = [row["valid"] for row in so_far.table]
    so_far.broken.unless(shares[-1] > shares[0], f"the valid share does not rise: {shares}")
    return so_far


def passed(so_far: Year, day: date) -> None:
    """Let the central system undo some repairs, bring some lines back and break others."""
    world = so_far.world
    chance, rates = world.chance, world.rates
    lines = {line.uid: line for line in world.lines}
    for uid, column, old in so_far.repaired:
        if uid in lines and chance.random() < rates.relapsed:
            lines[uid].cells[column] = old
    for line in so_far.removed:
        if chance.random() < rates.returned:
            add(world, line)
    for line in world.lines:
        if line.cells["NIK"] and chance.random() < rates.broken:
            line.cells["NIK"] = line.cells["NIK"][:-1] + "0"
    happen(world, day)


def pass_month(so_far: Year, day: date, truth: LedgerTruth) -> None:
    """Export, build, run, fill, apply, take over; hold every step against the world."""
    work, month, broken = so_far.work, f"{day:%Y-%m}", so_far.broken
    files = exported(so_far.world, work / "masuk" / month)
    today = ("--today", day, "--quiet")
    extracts = write_extracts(so_far.world, work / "dukcapil")
    code = tool("registry", "build", *extracts, "--out", work / "registri", *today)
    broken.unless(code == 0, f"{month}: registry build ended with {code}")
    code = tool("run", "--config", work / "dtkstool.toml", *today)
    broken.unless(code == 0, f"{month}: run ended with {code}")
    decided = pl.read_parquet(work / "hasil" / month / "decisions.parquet")
    ids = {
        files[Path(file).name][row].uid: record
        for file, row, record in decided.select("source_file", "row", "record_id").iter_rows()
    }
    memory = pl.col("ingatan").cast(pl.String)
    counted = decided.filter(memory.ne_missing("keluar"))
    left_out = set(ids.values()) - set(counted["record_id"])
    uncounted = sorted(uid for uid, record in ids.items() if record in left_out)
    out_only_by_decision(uncounted, so_far.ever_removed, broken)
    actions = dict(counted.select("record_id", pl.col("action").cast(pl.String)).iter_rows())
    counts = truth.hold(month, actions, broken)
    lines = {line.uid: line for line in so_far.world.lines}
    by_id = {record: lines[uid] for uid, record in ids.items()}
    clerks = Clerks(so_far.world, by_id, f"{so_far.seed} {month}")
    books = sorted((work / "hasil" / month / "koreksi").rglob("*.xlsx"))
    said, asked = filled_in(clerks, books, work / "isian" / month, so_far.habits)
    register, out = work / "masuk" / month, work / "terapan" / month
    code = tool("apply", work / "isian" / month, "--to", register, "--out", out,
                "--registry", work / "registri", *today)  # fmt: skip
    broken.unless(code == 0, f"{month}: apply ended with {code}")
    totals = json.loads((out / "apply.json").read_text())["totals"]
    heard = Heard.of(out)
    passage = Passage(files, read_back(out / "register"), said, heard, totals, ids)
    outcomes = answers_accounted(said, heard, broken)
    nothing_lost(passage, out, broken)
    decisions_carried_out(passage, broken)
    lost = wrongly_out(so_far, passage)
    remember(so_far, out)
    take_over(so_far, passage, out)
    so_far.outcomes += outcomes
    so_far.table.append({
        "month": month, **counts, "valid": round(counts["valid"] / counts["records"], 4),
        "remembered": decided.filter(memory.is_in(HONOURED)).height, "asked": asked,
        "filled": len(said), "accepted": heard.accepted.height,
        "refused": heard.refused.height, "cells": totals["cells"],
        "removed": totals["removed"], "replaced": totals["replaced"], "wrongly out": lost,
    })  # fmt: skip


def wrongly_out(so_far: Year, passage: Passage) -> int:
    """Return how many living people lost their last line; nobody may without a clerk's mistake."""
    out = set(passage.before) - set(passage.corrected)
    listed = {line.who for uid, line in passage.before.items() if uid not in out}
    lost = [
        passage.before[uid] for uid in sorted(out)
        if passage.before[uid].who not in listed
        and not so_far.world.person(passage.before[uid]).gone
    ]  # fmt: skip
    wrong = {part for one in passage.said if one.kind != "benar" for part in one.key}
    for line in lost:
        words = f"line {line.uid}: a living person was taken off, and no clerk was wrong"
        so_far.broken.unless(passage.ids[line.uid] in wrong, words)
    return len(lost)


def remember(so_far: Year, out: Path) -> None:
    """Take the clerks' decisions into the ledger, twice: the second time must add nothing."""
    from dtkstool.ledger.clerks import clerk_decisions
    from dtkstool.ledger.store import reading

    so_far.written.append(pl.read_parquet(out / "keputusan.parquet"))
    for _ in range(2):
        code = tool("ledger", "take", out / "keputusan.parquet", "--ledger", so_far.ledger)
        so_far.broken.unless(code == 0, f"ledger take ended with {code}")
    with reading(so_far.ledger) as ledger:
        clerks_known(clerk_decisions(ledger), so_far.written, so_far.broken)


def take_over(so_far: Year, passage: Passage, out: Path) -> None:
    """Make the corrected register the world's register."""
    ganti = pl.read_csv(out / "ganti.csv", infer_schema=False)
    heirs = {
        passage.exported[Path(file).name][int(row)].uid: nik
        for file, row, nik in ganti.select("source_file", "row", "nik_pengganti").iter_rows()
    }
    world = so_far.world
    so_far.repaired, so_far.removed, lines = [], [], []
    for line in world.lines:
        cells = passage.corrected.get(line.uid)
        if cells is None:
            so_far.removed.append(line)
            so_far.ever_removed.add(line.uid)
            continue
        who = somebody(world, heirs[line.uid]) if line.uid in heirs else line.who
        if who == line.who:
            so_far.repaired += [
                (line.uid, name, line.cells[name])
                for name, text in cells.items()
                if text != line.cells[name]
            ]
        lines.append(replace(line, who=who, cells=dict(cells)))
    world.lines = lines


def page(so_far: Year) -> str:
    """Return the table by month, what became of the answers, and the broken promises."""
    heads = list(so_far.table[0])
    lines = ["  ".join(f"{head:>9}" for head in heads)]
    lines += ["  ".join(f"{row[head]!s:>9}" for head in heads) for row in so_far.table]
    lines += ["", "answers → outcomes over the year:"]
    lines += [f"  {count:7}  {name}" for name, count in sorted(so_far.outcomes.items())]
    found = so_far.broken.found
    lines += ["", f"promises broken: {len(found)}", *(f"  {words}" for words in found[:40])]
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--persons", type=int, default=60_000)
    parser.add_argument("--months", type=int, default=12, choices=range(1, 13))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dirtiness", type=float, default=1.0)
    parser.add_argument("--kabupaten", default="3525", help="Kemendagri code")
    parser.add_argument("--work", type=Path, default=Path("bench-data/year"))
    return parser.parse_args()


def main() -> int:
    """Simulate the year and print it."""
    options = arguments()
    sample = options.work / "contoh"
    shutil.rmtree(sample, ignore_errors=True)
    wanted = ("records", "persons", "seed", "dirtiness")
    sizes = [word for name in wanted for word in (f"--{name}", getattr(options, name))]
    place = ("--preset", "kabupaten", "--kabupaten", options.kabupaten)
    tool("sample", *place, *sizes, "--out", sample)
    so_far = year(options.work / "kantor", sample, options.months, options.seed, Habits())
    print(page(so_far))
    return int(bool(so_far.broken.found))


if __name__ == "__main__":
    sys.exit(main())
