"""What a result came from: input files by their content, and the versions that made it."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

LIBRARIES = ("polars", "pandera", "rapidfuzz", "fastexcel", "xlsxwriter")


def fingerprints(paths: list[Path]) -> list[dict[str, str | int]]:
    """Return name, size and sha256 of each input file."""
    return [
        {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)} for path in paths
    ]


def sha256(path: Path) -> str:
    """Return the sha256 of a file's content, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions a run used: of the tool, Python and the libraries that decide results."""
    own = {"dtkstool": version("dtkstool"), "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}


@cache
def program() -> str:
    """Return one sha256 over the program's own source and data, which a version may not tell."""
    total = hashlib.sha256()
    folder = Path(str(files("dtkstool")))
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".toml", ".parquet", ".json", ".csv"):
            total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()
