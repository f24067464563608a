"""The month of one kabupaten: make it, run it, time it, judge it.

    python benchmarks/month.py                          77,000 records, 1.3 million persons
    python benchmarks/month.py --records 2000 --persons 20000
    python benchmarks/month.py --messy --dirtiness 2 --json

Makes a seeded world once (kept under --work), runs `registry build`, `run` and `validate` as whole
processes, judges the run against the world's truth and compares with the goals. Exit code 1 when
a goal is missed.
"""

import argparse
import csv
import json
import operator
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from measure import LOADED, Measured, as_rows, cost_table, dtkstool, machine, measured

Figures = dict[str, float | int | None]
TODAY = ("--today", "2026-10-31")
REGISTERS = ("biodata", "kematian", "pindah", "datang")


@dataclass(frozen=True)
class Goal:
    """A figure that must be on one side of a bound; `issue` says who asked for it."""

    issue: int
    figure: str
    relation: str
    bound: float

    def met(self, figures: Figures) -> bool | None:
        """Say whether the goal is met, None when its figure was not measured."""
        compare: Callable[[float, float], bool] = {
            "<=": operator.le,
            ">=": operator.ge,
            "==": operator.eq,
        }[self.relation]
        value = figures.get(self.figure)
        return None if value is None else compare(value, self.bound)


GOALS = (
    Goal(2, "build + run, s", "<=", 60),
    Goal(2, "build + run, peak MB", "<=", 4096),
    Goal(2, "validate 5,000 rows csv, s", "<=", 3),
    Goal(2, "validate 5,000 rows xlsx, s", "<=", 3),
    Goal(2, "validate 400,000 rows csv, s", "<=", 6),
    Goal(2, "records not read", "==", 0),
    Goal(2, "records read twice or invented", "==", 0),
    Goal(2, "kecamatan resolved", ">=", 0.99),
    Goal(2, "links automatic precision", ">=", 0.998),
    Goal(2, "links automatic recall", ">=", 0.98),
    Goal(2, "living people declared gone", "==", 0),
    Goal(2, "living people left without a record", "==", 0),
    Goal(3, "links automatic precision", ">=", 0.9998),
    Goal(3, "links automatic recall", ">=", 0.985),
    Goal(3, "links with review F1", ">=", 0.998),
    Goal(3, "deaths flagged recall", ">=", 0.98),
    Goal(3, "deaths flagged precision", ">=", 0.99),
    Goal(3, "deaths proposed precision", ">=", 0.9999),
    Goal(3, "moves out flagged recall", ">=", 0.97),
    Goal(3, "moves out flagged precision", ">=", 0.99),
    Goal(3, "moves out proposed precision", ">=", 0.999),
    Goal(3, "duplicate pairs F1", ">=", 0.98),
)


def world(work: Path, records: int, persons: int, options: argparse.Namespace) -> Path:
    """Return the folder of a seeded world, made unless it stands there already."""
    extra = ["--preset", options.preset] + ["--messy"] * options.messy
    extra += ["--kabupaten", options.kabupaten] * bool(options.kabupaten)
    name = f"{records}x{persons}_seed{options.seed}_dirt{options.dirtiness:g}"
    folder = work / "_".join([name, *(part.strip("-") for part in extra)])
    if not (folder / "READY").exists():
        shutil.rmtree(folder, ignore_errors=True)
        sizes = ["--records", str(records), "--persons", str(persons)]
        seed = ["--seed", str(options.seed), "--dirtiness", str(options.dirtiness)]
        command = dtkstool("sample", "--out", folder, *sizes, *seed, *extra)
        print(cost_table([measured("sample", command, work / "sample.log")])[1], file=sys.stderr)
        (folder / "READY").touch()
    return folder


def build(where: Path, registry: Path) -> list[str]:
    """Return the command that prepares a world's registry."""
    parts = [
        part
        for register in REGISTERS
        for part in (f"--{register}", where / "registry" / f"{register}*")
    ]
    return dtkstool("registry", "build", *parts, "--out", registry, *TODAY, "--quiet")


def one_csv(where: Path, rows: int) -> Path:
    """Return one CSV with the first `rows` DTKS records of a plain world."""
    target = where / f"dtks_{rows}.csv"
    if not target.exists():
        left = rows + 1
        with target.open("w", encoding="utf-8", newline="") as out:
            for number, part in enumerate(sorted((where / "dtks").glob("*.csv"))):
                with part.open(encoding="utf-8-sig", newline="") as source:
                    for row in islice(csv.reader(source), 1 if number else 0, None):
                        if left:
                            csv.writer(out).writerow(row)
                            left -= 1
    return target


def one_workbook(text: Path) -> Path:
    """Return the rows of a CSV as an xlsx of text cells."""
    target = text.with_suffix(".xlsx")
    if not target.exists():
        from xlsxwriter import Workbook

        with Workbook(target, {"constant_memory": True}) as book, text.open(newline="") as source:
            sheet = book.add_worksheet()
            for number, row in enumerate(csv.reader(source)):
                for column, value in enumerate(row):
                    sheet.write_string(number, column, value)
    return target


def validations(work: Path, options: argparse.Namespace) -> list[Measured]:
    """Time `validate` on a desa's file and on a kabupaten's."""
    plain = argparse.Namespace(**vars(options) | {"messy": False})
    small = one_csv(world(work, 5_000, 50_000, plain), 5_000)
    files = {"5,000 rows csv": small, "5,000 rows xlsx": one_workbook(small)}
    if not options.small:
        files["400,000 rows csv"] = one_csv(world(work, 400_000, 600_000, plain), 400_000)
    return [
        measured(
            f"validate {name}",
            dtkstool("validate", file, "--output", work / "validate.txt", *TODAY),
            work / "validate.log",
        )
        for name, file in files.items()
    ]


def month(work: Path, options: argparse.Namespace) -> tuple[Path, Path, list[Measured]]:
    """Prepare the registry of a world and run its month; return world, results and costs."""
    where = world(work, options.records, options.persons, options)
    registry, out = work / "registry", work / "out"
    for old in (registry, out):
        shutil.rmtree(old, ignore_errors=True)
    run = dtkstool("run", where / "dtks", "--registry", registry, "--out", out, *TODAY)
    steps = [
        measured("registry build", build(where, registry), work / "build.log"),
        measured("run", run, work / "run.log"),
    ]
    return where, out, steps


def figures(steps: list[Measured], judged: dict) -> Figures:
    """Return every figure a goal may ask for, by its name."""
    costs = {step.name: step for step in steps}
    pair = [costs["registry build"], costs["run"]]
    records, wrong = judged["records"], judged["false_removals"]
    return {
        "build + run, s": round(sum(step.seconds for step in pair), 2),
        "build + run, peak MB": max(step.peak_mb for step in pair),
        **{f"{name}, s": cost.seconds for name, cost in costs.items() if "validate" in name},
        "records not read": records["truth"] - records["read"],
        "records read twice or invented": records["extra"],
        "kecamatan resolved": judged["kecamatan"]["resolved"],
        "links automatic precision": judged["automatic"]["precision"],
        "links automatic recall": judged["automatic"]["recall"],
        "links with review F1": judged["with_review"]["f1"],
        "deaths flagged recall": judged["deaths"]["flagged"]["recall"],
        "deaths flagged precision": judged["deaths"]["flagged"]["precision"],
        "deaths proposed precision": judged["deaths"]["removal"]["precision"],
        "moves out flagged recall": judged["moves_out"]["flagged"]["recall"],
        "moves out flagged precision": judged["moves_out"]["flagged"]["precision"],
        "moves out proposed precision": judged["moves_out"]["removal"]["precision"],
        "duplicate pairs F1": judged["duplicates"]["f1"],
        "living people declared gone": wrong["records_declared_gone"],
        "living people left without a record": wrong["people_without_any_record"],
    }


def verdicts(found: Figures, loaded: bool) -> list[dict[str, object]]:
    """Return each goal with its figure and whether it is met.

    A time that is over its bound on a loaded machine says nothing: met is None then.
    """
    return [
        {
            "issue": goal.issue,
            "goal": f"{goal.figure} {goal.relation} {goal.bound:g}",
            "figure": found.get(goal.figure),
            "met": met if met or not (loaded and goal.figure.endswith(", s")) else None,
        }
        for goal in GOALS
        for met in [goal.met(found)]
    ]


def page(document: dict, steps: list[Measured]) -> str:
    """Return the results as text."""
    where, size = document["machine"], document["size"]
    packages = ", ".join(f"{name} {number}" for name, number in where["versions"].items())
    lines = [
        f"{size['records']:,} DTKS records x {size['persons']:,} persons, seed {size['seed']}, "
        f"dirtiness {size['dirtiness']:g}{', messy' * size['messy']}",
        f"{where['cpu']}, {where['cores']} cores, {where['memory_gb']} GB, {where['system']}",
        f"python {where['python']}, {packages}",
        f"{where['date']}, load average at the start {where['load_average']}",
        "",
        *cost_table(steps),
        "",
        *(goal_line(verdict) for verdict in document["goals"]),
    ]
    if any(step.loaded for step in steps):
        lines += ["", f"MACHINE LOADED: others used over {LOADED} cores during the marked steps."]
    return "\n".join(lines)


def goal_line(verdict: dict) -> str:
    """Return one goal as a line."""
    unknown = "not measured" if verdict["figure"] is None else "loaded"
    word = {True: "met", False: "MISSED", None: unknown}[verdict["met"]]
    return f"{word:13} issue {verdict['issue']}  {verdict['goal']:48} {verdict['figure']}"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--records", type=int, default=77_000)
    parser.add_argument("--persons", type=int, default=1_300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dirtiness", type=float, default=1.0)
    parser.add_argument("--preset", default="kabupaten", help="desa, kecamatan or kabupaten")
    parser.add_argument("--kabupaten", default="", help="Kemendagri code, e.g. 3201")
    parser.add_argument("--messy", action="store_true", help="files as they arrive")
    parser.add_argument("--small", action="store_true", help="leave out the 400,000-row file")
    parser.add_argument("--work", type=Path, default=Path("bench-data"), help="cache folder")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> int:
    """Run the benchmark and print it."""
    options = arguments()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    about = machine()
    where, out, steps = month(work, options)
    steps += validations(work, options)
    from judge import judge  # polars only now: a child counts its parent's size at the fork

    judged = judge(where, out)
    size = {key: getattr(options, key) for key in ("records", "persons", "seed", "dirtiness")}
    document = {
        "size": size | {"messy": options.messy, "kabupaten": options.kabupaten},
        "machine": about | {"load_average_after": list(os.getloadavg())},
        "steps": as_rows(steps),
        "goals": verdicts(figures(steps, judged), any(step.loaded for step in steps)),
        "judged": judged,
    }
    print(json.dumps(document, indent=2) if options.json else page(document, steps))
    return int(any(verdict["met"] is False for verdict in document["goals"]))


if __name__ == "__main__":
    sys.exit(main())
