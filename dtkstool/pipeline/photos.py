"""Photos that proposals name: whether the file is there, is a whole image, and which one.

Two photos are the same if their bytes are: one saved again, cut or turned is another photo.
"""

import hashlib
import re
from collections.abc import Iterable
from io import BufferedReader
from mmap import ACCESS_READ, mmap
from pathlib import Path

import polars as pl

from dtkstool.errors import UnusableInput, Where
from dtkstool.pipeline.images import is_image, is_whole

ABSOLUTE = re.compile(r"/|[a-z]:/")
KINDS = {"named": pl.String, "isi": pl.String, "hash": pl.String}


def photos(named: Iterable[str], folder: Path) -> pl.DataFrame:
    """Return named, isi, hash of each photo that somebody named, `folder` searched to its depths.

    `isi`: `gambar`, `bukan_gambar`, `rusak` (empty, cut off, or not to be opened), `tidak_ada` or
    `banyak` (several files go by that name); `hash` is the image's sha256, null without one. A name
    is found by its path below `folder`, else by its bare file name, else by that without its
    ending, in any case of letters; a path that begins at a drive or root counts by its file name.
    UnusableInput if there is no such folder.
    """
    if not folder.is_dir():
        raise UnusableInput("os_error", where=Where(str(folder)), reason="no such folder")
    files = index(folder)
    rows = [(name, *_judged(_found(files, name))) for name in sorted(set(named))]
    return pl.DataFrame(rows, schema=KINDS, orient="row")


Index = tuple[dict[str, list[Path]], ...]


def index(folder: Path) -> Index:
    """Return the files below `folder` by path, by bare name, and by name without its ending."""
    found: Index = ({}, {}, {})
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        names = (str(path.relative_to(folder)), path.name, path.stem)
        for by, name in zip(found, names, strict=True):
            by.setdefault(key_of(name), []).append(path)
    return found


def _found(files: Index, name: str) -> list[Path]:
    key = key_of(name)
    if ABSOLUTE.match(key):
        key = key.rpartition("/")[2]
    return next((by[key] for by in files if key in by), [])


def key_of(name: str) -> str:
    """Return a file name as it is compared: forward slashes, no blanks around, lower case."""
    return name.strip().replace("\\", "/").removeprefix("./").casefold()


def _judged(paths: list[Path]) -> tuple[str, str | None]:
    if len(paths) != 1:
        return "banyak" if paths else "tidak_ada", None
    try:
        with paths[0].open("rb") as file:
            return _content(file)
    except OSError:
        return "rusak", None


def _content(file: BufferedReader) -> tuple[str, str | None]:
    beginning = file.read(32)
    if not beginning:
        return "rusak", None
    if not is_image(beginning):
        return "bukan_gambar", None
    with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        if not is_whole(data):
            return "rusak", None
        return "gambar", hashlib.sha256(data).hexdigest()
