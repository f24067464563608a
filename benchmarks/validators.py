"""Time and memory of `dtkstool validate` beside what else checks a CSV, as whole processes.

    python benchmarks/validators.py [FILE.csv] [--records 400000] [--runs 3] [--python PYTHON]

Without a file one is generated (`dtkstool sample`). Compared are pandera used as its manual shows
(a check per column), frictionless with a JSON schema, and qsv, where it is on the PATH, with the
same as JSON Schema, on the rules that each can say: lengths, patterns, code lists, NIK given once.
What is not installed says so; `--python` names the interpreter of another environment to look for
them first. `empty run` is dtkstool on a list of one person: what its imports cost by themselves.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

NIK = r"^(1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])\d{14}$"
DEMANDS = {
    "NIK": {"required": True, "unique": True, "minLength": 16, "maxLength": 16, "pattern": NIK},
    "NOKK": {"required": True, "minLength": 16, "maxLength": 16, "pattern": NIK},
    "NAMA": {"required": True, "minLength": 2, "pattern": "^[A-Za-z .,'/-]+$"},
    "TANGGAL_LAHIR": {"required": True, "pattern": r"^\d{1,2}-\d{1,2}-\d{4}$"},
    "JENIS_KELAMIN": {"required": True, "enum": ["L", "P", "1", "2"]},
    "KODE_WILAYAH": {"required": True, "minLength": 10, "maxLength": 13},
}
"""What is demanded of each column, as frictionless writes constraints."""

PANDERA = """
import json, sys
import polars as pl
import pandera.polars as pa

def column(demand):
    checks = []
    if "minLength" in demand:
        checks.append(pa.Check.str_length(demand["minLength"], demand.get("maxLength")))
    if "pattern" in demand:
        checks.append(pa.Check.str_matches(demand["pattern"]))
    if "enum" in demand:
        checks.append(pa.Check.isin(demand["enum"]))
    return pa.Column(pl.String, checks, nullable=False, unique=demand.get("unique", False))

schema = pa.DataFrameSchema({name: column(d) for name, d in json.loads(sys.argv[2]).items()})
df = pl.read_csv(sys.argv[1], infer_schema=False)
try:
    schema.validate(df, lazy=True)
    print(0)
except pa.errors.SchemaErrors as errors:
    print(errors.failure_cases.height)
"""

FRICTIONLESS = """
import csv, json, sys
from frictionless import Resource, Schema, system
demands = json.loads(sys.argv[2])
names = next(csv.reader(open(sys.argv[1], encoding="utf-8-sig")))
fields = [{"name": n, "type": "string", "constraints": demands.get(n, {})} for n in names]
with system.use_context(trusted=True):
    resource = Resource(path=sys.argv[1], schema=Schema.from_descriptor({"fields": fields}))
    report = resource.validate(limit_errors=10_000_000)
print(sum(len(task.errors) for task in report.tasks))
"""


QSV = """
import json, os, subprocess, sys
file, qsv = sys.argv[1], sys.argv[3]
demands = json.loads(sys.argv[2])
fields = {name: dict(demand, type="string") for name, demand in demands.items()}
for demand in fields.values():
    demand.pop("required", None), demand.pop("unique", None)
required = [name for name, demand in demands.items() if demand.get("required")]
here = os.path.join(sys.argv[4], "list.csv")
os.symlink(os.path.abspath(file), here) if not os.path.exists(here) else None
schema = {"type": "object", "properties": fields, "required": required}
json.dump(schema, open(here + ".json", "w"))
subprocess.run([qsv, "validate", here, here + ".json"], stdout=subprocess.DEVNULL)
print(sum(1 for _ in open(here + ".validation-errors.tsv")) - 1)
"""
SHORT = """
from dtkstool.read import room
room.MOST = room.LEAST
from dtkstool.cli import main
main()
"""
"""What runs when there is no memory to hold more than the least at once."""
SAID = "lengths, patterns, code lists"


@dataclass(frozen=True)
class Rival:
    """One way to check the file: what it needs installed, how it is started, what it can find."""

    name: str
    version: str
    """Empty if it is not installed."""
    command: tuple[str, ...]
    finds: str


@dataclass(frozen=True)
class Measured:
    """A whole process: seconds, seconds of processor, peak MB, and what it found."""

    seconds: float
    processor: float
    megabytes: float
    findings: str


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file or generated(Path(folder), asked.records)
        lines = sum(1 for _ in file.open("rb")) - 1
        print(f"{file.name}: {lines:,} rows, {file.stat().st_size / 1e6:.1f} MB")
        print(f"{machine()}\n")
        print("| | version | s | cpu s | peak MB | findings | can find |")
        print("|---|---|---|---|---|---|---|")
        for rival in rivals(file, asked.python, Path(folder)):
            print(row(rival, asked.runs), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--records", type=int, default=400_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--python", default=sys.executable)
    return parser.parse_args()


def generated(folder: Path, records: int) -> Path:
    """Return one CSV made by `dtkstool sample`, its kecamatan one after another."""
    size = ("--persons", str(records * 5 // 2), "--records", str(records))
    command = (sys.executable, "-m", "dtkstool", "sample", *size, "--out", str(folder / "world"))
    subprocess.run(command, check=True, capture_output=True)
    whole = folder / f"dtks_{records}.csv"
    with whole.open("wb") as out:
        for at, part in enumerate(sorted((folder / "world" / "dtks").glob("*.csv"))):
            out.writelines(part.read_bytes().splitlines(keepends=True)[bool(at) :])
    return whole


def rivals(file: Path, python: str, folder: Path) -> Iterator[Rival]:
    """Give what is compared."""
    here = (sys.executable, "-m", "dtkstool", "validate", "--fail-on", "never")
    demands = json.dumps(DEMANDS)
    one = folder / "satu.csv"
    one.write_text("NIK,NAMA\n3201015107700001,SITI\n")
    ours = installed(sys.executable, "dtkstool")
    all_rules = "every rule, also between rows; cell, message, repair"
    yield Rival("dtkstool, empty run", ours, (*here, str(one)), "")
    yield Rival("dtkstool, text", ours, (*here, str(file), "--format", "text"), all_rules)
    short = (sys.executable, "-c", SHORT, *here[3:], str(file), "--format", "text")
    yield Rival("dtkstool, memory short", ours, short, all_rules)
    to_csv = f"csv={folder / 'findings.csv'}"
    yield Rival("dtkstool, csv", ours, (*here, str(file), "--format", to_csv), all_rules)
    for name, package, script, finds in (
        ("pandera, checks per column", "pandera", PANDERA, f"{SAID}, NIK twice"),
        ("frictionless", "frictionless", FRICTIONLESS, f"{SAID}, NIK twice (from the second on)"),
    ):
        own = python if installed(python, package) else sys.executable
        given = (own, "-c", script, str(file), demands)
        yield Rival(name, installed(own, package), given, finds)
    qsv = shutil.which("qsv") or shutil.which("qsvlite") or ""
    of_qsv = (sys.executable, "-c", QSV, str(file), demands, qsv, str(folder))
    yield Rival("qsv validate", told_by(qsv), of_qsv, SAID)


def told_by(program: str) -> str:
    """Return the version that a program says it is; empty without a program."""
    if not program:
        return ""
    told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return told.split("-")[0].strip()


def installed(python: str, package: str) -> str:
    """Return the version an interpreter has of a package; empty if none."""
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([python, "-c", ask], capture_output=True, text=True).stdout.strip()


def row(rival: Rival, runs: int) -> str:
    """Return one line of the table; what is not installed says so."""
    if not rival.version:
        return f"| {rival.name} | not installed | | | | | {rival.finds} |"
    best = min((measured(rival) for _ in range(runs)), key=lambda run: run.seconds)
    figures = f"{best.seconds:.2f} | {best.processor:.2f} | {best.megabytes:.0f} | {best.findings}"
    return f"| {rival.name} | {rival.version} | {figures} | {rival.finds} |"


def measured(rival: Rival) -> Measured:
    """Return seconds, peak memory and findings of one run; waits for this child alone."""
    with tempfile.TemporaryFile("w+") as out:
        started = time.perf_counter()
        process = subprocess.Popen(rival.command, stdout=out, stderr=subprocess.PIPE, text=True)
        told = process.stderr.read() if process.stderr else ""
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{rival.name} failed: {told[-2000:]}")
        out.seek(0)
        lines = out.read().strip().splitlines()
    processor = used.ru_utime + used.ru_stime
    return Measured(seconds, processor, peak(used), lines[-1].rsplit(" · ", 1)[-1] if lines else "")


def peak(used: resource.struct_rusage) -> float:
    """Return the peak memory in MB; macOS counts bytes, Linux kilobytes."""
    return used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def machine() -> str:
    """Return what it was measured on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = named[0].split(":")[1].strip() if named else cpu
    versions = f"Python {platform.python_version()}, polars {version('polars')}"
    return f"{os.cpu_count()} x {cpu}, load {os.getloadavg()[0]:.1f}, {versions}"


if __name__ == "__main__":
    main()
