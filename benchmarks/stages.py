"""Seconds that `validate` spends after reading: cleaning, and the whole row catalogue.

    python benchmarks/stages.py FILES… [--runs 3] [--bound 3]

Wall and processor seconds of each stage, the best of several runs; exit code 1 if cleaning and
checking together take longer than `--bound` (issue 4: 400,000 rows in 3 s). `validators.py` without
a file makes one of that size.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from dtkstool.config.gate import GateConfig
from dtkstool.pipeline.checking import rules_of
from dtkstool.pipeline.register import cleaned, letters
from dtkstool.read import read_files
from dtkstool.rules.check import check

TODAY = date(2026, 11, 22)


def main() -> int:
    """Print what each stage took; return the exit code."""
    asked = arguments()
    runs = [stages(asked.files) for _ in range(asked.runs)]
    best = {name: min(run[name] for run in runs) for name in runs[0]}
    print(f"load {os.getloadavg()[0]:.1f}, {asked.runs} runs")
    for name, (wall, processor) in best.items():
        print(f"{name:8} {wall:6.2f} s {processor:6.2f} cpu s")
    after = best["clean"][0] + best["check"][0]
    print(f"after reading {after:.2f} s, goal {asked.bound:g} s")
    return int(after > asked.bound)


def stages(files: list[str]) -> dict[str, tuple[float, float]]:
    """Return wall and processor seconds by stage of one run."""
    spent: dict[str, tuple[float, float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started, processor = time.perf_counter(), time.process_time()
        result = work()
        spent[name] = (time.perf_counter() - started, time.process_time() - processor)
        return result

    rules = rules_of(GateConfig())
    read = timed("read", lambda: read_files(files, column_map=None))
    df = timed("clean", lambda: cleaned(read.records, TODAY))
    timed("check", lambda: check(df, letters(read), today=TODAY, rules=rules))
    return spent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--bound", type=float, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
