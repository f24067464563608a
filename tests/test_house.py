"""The house's walls: imports go down, heavy libraries stay in their rooms."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dtkstool"
FLOORS = (
    {"messages"},
    {"errors"},
    {"columns", "config"},
    {"frames", "wilayah", "masking", "distinct"},
    {"clean", "rules", "link", "decide", "apply"},
    {"read", "registry", "write", "ledger", "sample"},
    {"pipeline"},
    {"terminal"},
    {"cli", "__init__"},
    {"__main__"},
)
ROOMS = {
    "typer": {"cli"},
    "rich": {"terminal"},
    "pandera": {"rules"},
    "rapidfuzz": {"link", "registry", "clean", "read", "wilayah"},
    "recordlinkage": {"link"},
    "fastexcel": {"read"},
    "python_calamine": {"read"},
    "xlsxwriter": {"write", "sample"},
}
FILES = sorted(PACKAGE.rglob("*.py"))
BESIDE = ("tests", "benchmarks", "docs", "sample_data")
EVERY = [*FILES, *(path for folder in BESIDE for path in sorted((ROOT / folder).rglob("*.py")))]
NO_NAMES = set("util utils helper helpers common misc manager handler processor".split())


def stage(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def floor(name):
    return next(i for i, names in enumerate(FLOORS) if name in names)


@cache
def imports(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "dtkstool":
            found += [f"dtkstool.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_imports_only_from_its_own_stage_and_the_floors_below(path):
    here = stage(path)
    for name in imports(path):
        if not name.startswith("dtkstool.") or name == "dtkstool.__version__":
            continue
        there = name.split(".")[1]
        assert there == here or floor(there) < floor(here), f"{here} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_library_stays_in_its_room(path):
    for name in imports(path):
        rooms = ROOMS.get(name.split(".")[0])
        assert rooms is None or stage(path) in rooms, f"{name} in {path.name}"


def test_the_command_line_starts_without_its_heavy_libraries():
    heavy = ("polars", "pandera", "pandas", "recordlinkage", "xlsxwriter", "rapidfuzz", "numpy")
    code = f"import sys, dtkstool.cli; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_validate_checks_a_file_without_pandas(tmp_path):
    register = tmp_path / "dtks.csv"
    register.write_text("NIK,NAMA\n3201015107700001,SITI AMINAH\n", "utf-8")
    code = (
        "import atexit, sys; from dtkstool.cli import main;"
        "atexit.register(lambda: print('pandas' in sys.modules, 'polars' in sys.modules));"
        "main(sys.argv[1:])"
    )
    asked = [sys.executable, "-c", code, "validate", str(register)]
    found = subprocess.run(asked, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1] == "False True"


def test_no_source_file_is_longer_than_300_lines():
    lines = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in EVERY}
    assert {path: count for path, count in lines.items() if count > 300} == {}


def test_no_file_is_named_after_nothing():
    names = {part for path in EVERY for part in path.relative_to(ROOT).with_suffix("").parts}
    assert {name for name in names if set(name.strip("_").split("_")) & NO_NAMES} == set()


def test_every_file_says_first_what_it_is_for():
    silent = [
        p
        for p in FILES
        if p.stat().st_size and not ast.get_docstring(ast.parse(p.read_text("utf-8")))
    ]
    assert [str(p.relative_to(ROOT)) for p in silent if p.name != "__init__.py"] == []


def test_the_page_about_the_house_names_every_part_of_it_and_nothing_else():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    told = {
        name
        for line in re.findall(r"(?m)^    (\w[\w, ]*?)(?:  .*)?$", page)
        for name in re.split(r",\s*", line)
        if name
    }
    rooms = {
        p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()
    }
    assert (
        told
        == rooms - {"__init__", "__main__"}
        == {n for names in FLOORS for n in names} - {"__init__", "__main__"}
    )
