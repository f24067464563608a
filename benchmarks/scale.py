"""Time and memory of `registry build` and `match` against size, and their slope.

    python benchmarks/scale.py                     up to 77,000 records x 1.3 million persons
    python benchmarks/scale.py --up-to 392614      and to 392,614 x 5.6 million

Each size is made, built, matched and removed in turn; a size that stands in the CSV is not run
again, so that a broken run goes on where it stopped. Writes scale.csv and scale.svg into --out.
"""

import argparse
import csv
import math
import shutil
from pathlib import Path

from measure import LOADED, Measured, dtkstool, machine, measured
from month import TODAY, build, world

SIZES = ((10_000, 50_000), (20_000, 200_000), (40_000, 600_000), (77_000, 1_300_000),
         (175_000, 2_800_000), (392_614, 5_600_000))  # fmt: skip
COLUMNS = ["step", "records", "persons", "seconds", "cpu_seconds", "peak_mb", "others"]
LARGEST = 3
"""Sizes the slope is drawn through: below them the start of the process flattens it."""
STEPS = {"registry build": "persons", "match": "records", "validate": "records"}
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57")
MEASURES = {"cpu_seconds": "CPU seconds", "peak_mb": "peak memory, MB"}


def run(work: Path, records: int, persons: int, options: argparse.Namespace) -> list[Measured]:
    """Measure one size, from a fresh world."""
    where = world(work, records, persons, options)
    registry, out = work / "scale_registry", work / "scale_out"
    for old in (registry, out):
        shutil.rmtree(old, ignore_errors=True)
    match = dtkstool("match", where / "dtks", "--registry", registry, "--out", out, *TODAY)
    check = dtkstool("validate", where / "dtks", "--output", work / "scale.txt", *TODAY)
    steps = [
        measured("registry build", build(where, registry), work / "scale.log"),
        measured("match", match, work / "scale.log"),
        measured("validate", check, work / "scale.log"),
    ]
    if not options.keep:
        shutil.rmtree(where)
    return steps


def read(table: Path) -> list[dict]:
    """Return what earlier runs measured."""
    if not table.exists():
        return []
    with table.open(newline="") as source:
        return [
            row
            | {key: int(row[key]) for key in ("records", "persons")}
            | {key: float(row[key]) for key in COLUMNS[3:] if row[key]}
            for row in csv.DictReader(source)
        ]


def add(table: Path, steps: list[Measured], records: int, persons: int) -> None:
    """Append one size to the table."""
    new = not table.exists()
    with table.open("a", newline="") as out:
        writer = csv.writer(out)
        if new:
            writer.writerow(COLUMNS)
        for step in steps:
            writer.writerow(
                [step.name, records, persons, step.seconds, step.cpu_seconds, step.peak_mb,
                 step.others]
            )  # fmt: skip


def slope(points: list[tuple[float, float]]) -> float | None:
    """Return the least-squares slope in log-log of the largest sizes; None of fewer than two."""
    logs = [(math.log(x), math.log(y)) for x, y in points[-LARGEST:] if x > 0 and y > 0]
    if len({x for x, _ in logs}) < 2:
        return None
    mean_x, mean_y = (sum(column) / len(logs) for column in zip(*logs, strict=True))
    rise = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return rise / sum((x - mean_x) ** 2 for x, _ in logs)


def series(rows: list[dict], step: str, measure: str) -> list[tuple[float, float]]:
    """Return size and figure of one step, by size: persons for the build, records for the rest."""
    return sorted((row[STEPS[step]], row[measure]) for row in rows if row["step"] == step)


def plot(rows: list[dict]) -> str:
    """Return one SVG, two log-log panels: CPU time and memory against size."""
    parts = []
    for column, (measure, title) in enumerate(MEASURES.items()):
        lines = {step: series(rows, step, measure) for step in STEPS}
        parts.append(f'<g transform="translate({60 + column * 380},40)">{panel(lines, title)}</g>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="360" '
        f'font-family="sans-serif" font-size="11">{"".join(parts)}</svg>\n'
    )


def panel(lines: dict[str, list[tuple[float, float]]], title: str) -> str:
    """Return one log-log panel of 300 × 260, a decade a grid line."""
    points = [point for line in lines.values() for point in line]
    (left, right), (low, high) = (
        (math.floor(math.log10(min(axis))), math.ceil(math.log10(max(axis))))
        for axis in zip(*points, strict=True)
    )

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            300 * (math.log10(x) - left) / max(1, right - left),
            260 - 260 * (math.log10(y) - low) / max(1, high - low),
        )

    parts = [f'<text x="0" y="-14" font-weight="bold">{title}</text>']
    for decade in range(left, right + 1):
        x, _ = at(10**decade, 10**low)
        parts.append(f'<path d="M{x:.0f},0V260" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="275" text-anchor="middle">{10**decade:,}</text>')
    for decade in range(low, high + 1):
        _, y = at(10**left, 10.0**decade)
        parts.append(f'<path d="M0,{y:.0f}H300" stroke="#ddd"/>')
        parts.append(f'<text x="-4" y="{y + 4:.0f}" text-anchor="end">{10.0**decade:g}</text>')
    for turn, (step, line) in enumerate(lines.items()):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in line))
        colour = COLOURS[turn]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        steep = slope(line)
        against = f"{step} against {STEPS[step]}"
        label = against if steep is None else f"{against}, slope {steep:.2f}"
        parts.append(f'<text x="4" y="{14 + 14 * turn}" fill="{colour}">{label}</text>')
    return "".join(parts)


def report(rows: list[dict]) -> str:
    """Return the table and the slopes as text."""
    lines = ["  ".join(f"{name:>14}" for name in COLUMNS)]
    for row in rows:
        mark = "  loaded" if (row["others"] or 0) > LOADED else ""
        lines.append("  ".join(f"{row[name]!s:>14}" for name in COLUMNS) + mark)
    for step, size in STEPS.items():
        for measure in ("seconds", *MEASURES):
            steep = slope(series(rows, step, measure))
            if steep is not None:
                lines.append(f"{step}: {measure} grows with {size}^{steep:.2f}")
    return "\n".join(lines)


def main() -> None:
    """Measure what is missing, then write the table and the plot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--up-to", type=int, default=77_000, help="records")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("bench-data"), help="cache folder")
    parser.add_argument("--out", type=Path, default=None, help="default: --work")
    parser.add_argument("--keep", action="store_true", help="keep the worlds")
    options = parser.parse_args()
    sample = {"messy": False, "dirtiness": 1.0, "kabupaten": "", "preset": "kabupaten"}
    options = argparse.Namespace(**vars(options), **sample)
    work = options.work.resolve()
    out = (options.out or work).resolve()
    for folder in (work, out):
        folder.mkdir(parents=True, exist_ok=True)
    table = out / "scale.csv"
    for records, persons in SIZES:
        done = any(row["records"] == records for row in read(table))
        if records <= options.up_to and not done:
            add(table, run(work, records, persons, options), records, persons)
    rows = read(table)
    (out / "scale.svg").write_text(plot(rows))
    print(machine())
    print(report(rows))


if __name__ == "__main__":
    main()
