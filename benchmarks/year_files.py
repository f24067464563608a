"""The simulated year's files: exports and extracts written, corrected registers read back."""

import csv
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
from year_text import rows
from year_world import UID, Line, World


def by_file(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each file, in the order of the files' rows."""
    files: dict[str, list[Line]] = {}
    for line in lines:
        files.setdefault(line.file, []).append(line)
    return files


def exported(world: World, folder: Path) -> dict[str, dict[int, Line]]:
    """Write the register as it is exported; return file name → row as the tool counts → line.

    Every third file is a workbook, every third has semicolons.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written = {}
    for number, (name, lines) in enumerate(sorted(by_file(world.lines).items())):
        rows = [[line.cells[column] for column in world.columns] for line in lines]
        path = (folder / name).with_suffix((".csv", ".csv", ".xlsx")[number % 3])
        if path.suffix == ".xlsx":
            _workbook(path, [world.columns, *rows])
        else:
            with path.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, delimiter=",;"[number % 3]).writerows([world.columns, *rows])
        written[path.name] = dict(zip(_row_numbers(rows, path.suffix), lines, strict=True))
    return written


def _row_numbers(rows: list[list[str]], suffix: str) -> Iterator[int]:
    """Yield the row each record starts on; in a text file a line break in a cell counts."""
    number = 2
    for row in rows:
        yield number
        number += 1 + (sum(text.count("\n") for text in row) if suffix == ".csv" else 0)


def _workbook(path: Path, rows: list[list[str]]) -> None:
    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, text)


def read_back(folder: Path) -> dict[str, dict[str, str]]:
    """Return line number → cells of the corrected register, read without the tool."""
    import fastexcel

    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            df = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
            found_rows: Iterable[dict[str, str]] = df.fill_null("").iter_rows(named=True)
        else:
            found_rows = rows(path)
        for row in found_rows:
            if row[UID] in found:
                raise ValueError(f"line {row[UID]} stands twice in {folder}")
            found[row[UID]] = row
    return found


def write_extracts(world: World, folder: Path) -> list[str]:
    """Write the civil registry's extracts; return `registry build`'s options for them."""
    folder.mkdir(parents=True, exist_ok=True)
    people = list(world.biodata.values())
    pl.DataFrame(people, schema=dict.fromkeys(people[0], pl.String)).write_csv(
        folder / "biodata.csv"
    )
    words = ["--biodata", str(folder / "biodata.csv")]
    for name, entries in world.events.items():
        df = pl.DataFrame(entries, schema=dict.fromkeys(entries[0], pl.String))
        df.write_csv(folder / f"{name}.csv")
        words += [f"--{name}", str(folder / f"{name}.csv")]
    return words
