"""Applying at size: 40 workbooks with 100,000 rows, every one of them filled in.

    python benchmarks/apply_size.py                                  77,000 × 300,000, dirtiness 2.2
    python benchmarks/apply_size.py --records 5000 --persons 50000

Makes a world (kept under --work), runs `registry build` and `run`, answers every row of every
workbook, and applies them, as whole processes. Exit code 1 when a goal is missed; a time that is
over its bound while others use the machine is not judged.
"""

import argparse
import json
import re
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from measure import Measured, cost_table, dtkstool, machine, measured
from month import TODAY, build, world

ANSWERS = {"ubah": "SETUJU", "hapus_ganti": "TETAP", "ganda": "GANDA - HAPUS KANAN",
           "verifikasi": "DATA SUDAH BENAR"}  # fmt: skip
APPLY_SECONDS, WRITE_SHARE = 60, 0.25


def fill(source: Path, target: Path) -> int:
    """Write an answer into every row of a workbook as `run` wrote it; return how many."""
    from dtkstool.write.sheets.definition import SHEETS

    rows = 0
    with ZipFile(source) as book, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as filled:
        names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
        kinds = {f"xl/worksheets/sheet{names.index(s.name) + 1}.xml": s for s in SHEETS}
        for member in book.namelist():
            content = book.read(member)
            if member in kinds:
                sheet = kinds[member]
                column = chr(ord("A") + sheet.position("keputusan"))
                content, count = answered(content.decode(), column, ANSWERS[sheet.key])
                rows += count
            filled.writestr(member, content)
    return rows


def answered(xml: str, column: str, word: str) -> tuple[bytes, int]:
    """Return a sheet with `word` in every empty cell of a column below the head."""
    count = 0

    def answer(cell: re.Match[str]) -> str:
        nonlocal count
        if int(cell[1]) < 6:
            return cell[0]
        count += 1
        return f'<c r="{column}{cell[1]}" s="{cell[2]}" t="inlineStr"><is><t>{word}</t></is></c>'

    return re.sub(rf'<c r="{column}(\d+)" s="(\d+)"/>', answer, xml).encode(), count


def arguments() -> Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--records", type=int, default=77_000)
    parser.add_argument("--persons", type=int, default=300_000)
    parser.add_argument("--dirtiness", type=float, default=2.2)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--kabupaten", default="3201", help="of 40 kecamatan by default")
    parser.add_argument("--work", type=Path, default=Path("bench-data"), help="cache folder")
    return parser.parse_args()


def verdict(name: str, figure: float, bound: float, step: Measured) -> tuple[str, bool]:
    """Return a goal as a line, and whether it was missed."""
    met = figure <= bound
    word = "met" if met else ("loaded" if step.loaded else "MISSED")
    return f"{word:8} {name} <= {bound:g}: {figure:.3g}", not met and not step.loaded


def main() -> int:
    """Run the benchmark and print it."""
    options = arguments()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    options.preset, options.messy = "kabupaten", False
    where = world(work, options.records, options.persons, options)
    registry, out, forms = work / "apply_registry", work / "apply_run", work / "apply_forms"
    for folder in (out, forms):
        shutil.rmtree(folder, ignore_errors=True)
    steps = [measured("registry build", build(where, registry), work / "build.log")]
    command = dtkstool("run", where / "dtks", "--registry", registry, "--out", out, *TODAY)
    steps.append(measured("run", command, work / "run.log"))
    forms.mkdir()
    books = sorted((out / "koreksi").rglob("*.xlsx"))
    rows = sum(fill(path, forms / path.name) for path in books)
    command = dtkstool("apply", forms, "--to", where / "dtks", "--registry", registry,
                       "--out", work / "apply_out", *TODAY)  # fmt: skip
    steps.append(measured("apply", command, work / "apply.log"))
    told = json.loads((work / "apply_out" / "apply.json").read_text())
    seconds = json.loads((out / "run.json").read_text())["seconds"]
    goals = [
        verdict("apply, s", steps[2].seconds, APPLY_SECONDS, steps[2]),
        verdict("share of writing in run", seconds["write"] / sum(seconds.values()),
                WRITE_SHARE, steps[1]),
    ]  # fmt: skip
    print(f"{len(books)} workbooks, {rows:,} rows filled in; {told['totals']}")
    print(f"{machine()['cpu']}, {machine()['cores']} cores, load {machine()['load_average']}")
    print("\n".join([*cost_table(steps), "", *(line for line, _ in goals)]))
    unread = rows != told["totals"]["decided"]
    if unread:
        print(f"MISSED   every row that was filled in is read: {told['totals']['decided']:,}")
    return int(unread or any(missed for _, missed in goals))


if __name__ == "__main__":
    sys.exit(main())
