"""From what the user names to single readable files: globs, folders, gzip and zip opened."""

import fnmatch
import glob
import gzip
import io
import mmap
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dtkstool.errors import DtksError, UnreadableFile, UnusableInput, Where
from dtkstool.read.result import Note
from dtkstool.read.sniff import SUFFIXES, ZIP_ERRORS, Content, Kind, kind_of, promised

LARGEST = 16 << 30
"""Bytes that one archive may unpack to."""
SUSPICIOUS = 512 << 20
"""Above this size, data packed more than `TIGHTEST` to one is taken for a bomb."""
TIGHTEST = 200
DEEPEST = 3
MAPPED = 16 << 20
"""Files from this size on are mapped."""


@dataclass(frozen=True)
class Source:
    """One file to read: its name as given, what it is, and its bytes."""

    name: str
    kind: Kind
    data: Content
    path: Path | None = None
    """Where these bytes lie on disk, if they do."""
    notes: tuple[Note, ...] = ()


def expand(paths: Sequence[str]) -> list[Path]:
    """Return the files that files, globs and folders stand for, each once, in a stable order.

    Folders are searched with their subfolders for the suffixes that can be read. Hidden files and
    the lock files of open workbooks (`~$…`) are left out. UnusableInput if a path has no file.
    """
    found: dict[Path, None] = {}
    for given in paths:
        files = list(_files(given))
        if not files:
            raise UnusableInput("no_files", where=Where(given))
        found.update(dict.fromkeys(files))
    return list(found)


def _files(given: str) -> Iterator[Path]:
    path = Path(given)
    if not given.strip():
        return
    if path.is_dir():
        yield from _in_folder(path)
    elif path.exists():
        yield path
    else:
        for match in sorted(glob.glob(given, recursive=True)):
            if Path(match).is_dir():
                yield from _in_folder(Path(match))
            elif not _is_hidden(Path(match).name):
                yield Path(match)


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(_is_hidden(part) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() in SUFFIXES:
            yield path


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name == "__MACOSX" or fnmatch.fnmatch(name, ".~lock*")


def open_path(path: Path) -> Iterator[Source | DtksError]:
    """Yield the readable files that `path` holds, or the errors that stand in their place."""
    name = os.fsencode(path.as_posix()).decode("utf-8", "replace")
    try:
        data = _content(path)
    except OSError as error:
        yield UnreadableFile("no_access", where=Where(name), detail=error.strerror or str(error))
        return
    yield from _open(name, data, path=path)


def _content(path: Path) -> Content:
    """Return the bytes of a file; those of a large one are mapped instead of loaded."""
    if path.stat().st_size < MAPPED:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _open(
    name: str, data: Content, *, path: Path | None = None, depth: int = 0
) -> Iterator[Source | DtksError]:
    try:
        kind = kind_of(data, name)
        if kind == "zip":
            yield from _members(name, data[:], depth)
        elif kind == "gzip":
            yield from _open(name, _gunzip(name, data[:]), depth=depth + 1)
        else:
            yield Source(name, kind, data, path, _suffix_notes(_without_gz(name), kind))
    except DtksError as error:
        yield error


def _suffix_notes(name: str, kind: Kind) -> tuple[Note, ...]:
    expected = promised(name)
    if not expected or kind in expected or (kind == "xmlss" and name.lower().endswith(".xls")):
        return ()
    return (Note("wrong_suffix", {"suffix": PurePosixPath(name).suffix, "kind": kind}),)


def _without_gz(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _gunzip(name: str, data: bytes) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            while part := stream.read(16 << 20):
                size += len(part)
                _refuse_bomb(name, packed=len(data), size=size)
                parts.append(part)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile("truncated_file", where=Where(name), detail=str(error)) from error
    return b"".join(parts)


def _refuse_bomb(name: str, *, packed: int, size: int) -> None:
    if size > LARGEST or (size > SUSPICIOUS and size > TIGHTEST * packed):
        raise UnreadableFile("zip_bomb", where=Where(name), size=f"{size / 2**30:.1f} GB")


def refuse_bomb(name: str, data: bytes) -> None:
    """UnreadableFile if the zip archive `data` would unpack to far more than an office file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except ZIP_ERRORS as error:
        raise UnreadableFile("truncated_file", where=Where(name), detail=str(error)) from error
    _refuse_bomb(name, packed=len(data), size=size)


def _members(name: str, data: bytes, depth: int) -> Iterator[Source | DtksError]:
    if depth >= DEEPEST:
        raise UnreadableFile("zip_too_deep", where=Where(name))
    refuse_bomb(name, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [m for m in archive.infolist() if _is_wanted(m)]
        if not members:
            raise UnusableInput("empty_archive", where=Where(name))
        for member in sorted(members, key=lambda m: m.filename):
            try:
                content = _member(name, archive, member)
            except DtksError as error:
                yield error
            else:
                yield from _open(f"{name}/{member.filename}", content, depth=depth + 1)


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    hidden = any(_is_hidden(part) and part != ".." for part in parts)
    return not member.is_dir() and not hidden and _suffix(member.filename) in SUFFIXES


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    where = Where(f"{name}/{member.filename}")
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise UnreadableFile("zip_path", where=where)
    if member.flag_bits & 1:
        raise UnreadableFile("locked_file", where=where)
    try:
        return archive.read(member)
    except ZIP_ERRORS as error:
        raise UnreadableFile("truncated_file", where=where, detail=str(error)) from error
