"""Photos that proposals name: whether the file is there, is an image, and what is in it."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from dtkstool.errors import UnusableInput, Where

BEGINNINGS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
)
"""JPEG, PNG, GIF, BMP and TIFF; WEBP and HEIC say it further on."""
ABSOLUTE = re.compile(r"/|[a-z]:/")
BRANDS = (b"heic", b"heix", b"mif1", b"avif", b"hevc")
KINDS = {"named": pl.String, "isi": pl.String, "hash": pl.String}


def photos(named: Iterable[str], folder: Path) -> pl.DataFrame:
    """Return named, isi, hash of each photo that somebody named, `folder` searched to its depths.

    `isi`: `gambar`, `bukan_gambar`, `tidak_ada` or `banyak` (several files go by that name); `hash`
    is the image's sha256, null without one. A name is found by its path below `folder`, else by its
    bare file name, else by that without its ending, in any case of letters; a path that begins at
    a drive or root counts by its file name. UnusableInput if there is no such folder.
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
    with paths[0].open("rb") as file:
        if not is_image(file.read(32)):
            return "bukan_gambar", None
        file.seek(0)
        return "gambar", hashlib.file_digest(file, "sha256").hexdigest()


def is_image(beginning: bytes) -> bool:
    """Return whether a file that begins so is an image, whatever its name says."""
    webp = beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP"
    heic = beginning[4:8] == b"ftyp" and beginning[8:12] in BRANDS
    return beginning.startswith(BEGINNINGS) or webp or heic
