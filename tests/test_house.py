"""The house's walls: imports go down, heavy libraries stay in their rooms."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "dtkstool"
FLOORS = (
    {"messages"},
    {"errors"},
    {"columns", "config"},
    {"frames", "wilayah", "masking"},
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


def stage(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def floor(name):
    return next(i for i, names in enumerate(FLOORS) if name in names)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "dtkstool":
                yield from (f"dtkstool.{alias.name}" for alias in node.names)
            else:
                yield node.module


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


def test_no_source_file_is_longer_than_300_lines():
    long = {p.name: n for p in FILES if (n := len(p.read_text("utf-8").splitlines())) > 300}
    assert long == {}
