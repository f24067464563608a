"""Putting a finished run's files where people find them, and leaving theirs alone.

Everything is made in a folder beside and moved file by file, `run.json` last: a folder without
`run.json` is not a finished month. A correction workbook that an operator has filled in is never
overwritten: it is told from ours by its sha256.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from dtkstool.pipeline.disk import told_as_os_error
from dtkstool.pipeline.provenance import sha256

LAST = "run.json"
BOOKS = "koreksi"


@dataclass(frozen=True)
class Published:
    """What became of the workbooks that operators had already filled in."""

    kept: tuple[str, ...]
    """Left as they are; what we would write has not changed."""
    beside: tuple[tuple[str, str], ...]
    """(filled workbook, name our new one got instead)."""


def workbook_hashes(folder: Path) -> dict[str, str]:
    """Return path (seen from `folder`) → sha256 of the correction workbooks in a folder."""
    books = sorted((folder / BOOKS).rglob("*.xlsx"))
    shown = [path for path in books if not path.name.startswith(("~$", "."))]
    return {path.relative_to(folder).as_posix(): sha256(path) for path in shown}


def publish(
    made: Path,
    folder: Path,
    *,
    ours: frozenset[str],
    before: Mapping[str, str],
    finished: Mapping[str, str],
) -> Published:
    """Move the files in `made` into `folder`, but for `run.json`: that is `conclude`'s, at the end.

    `ours` are the hashes of all workbooks we ever wrote; `before` is path → hash of those in
    `folder` now, `finished` of those its last finished run wrote. Our workbooks of an earlier run
    that this one does not write are removed.
    """
    (folder / LAST).unlink(missing_ok=True)
    new = workbook_hashes(made)
    filled = edited(before, ours)
    taken = {path: sha for path, sha in before.items() if path in filled} | new
    kept, beside = [], []
    for path in _files(made, LAST):
        if path not in filled:
            _move(made / path, folder / path)
        elif finished.get(path) == new[path]:
            kept.append(path)
        else:
            other = _free_name(path, taken)
            _move(made / path, folder / other)
            beside.append((path, other))
    written = {*new, *(other for _, other in beside)}
    for path in before.keys() - filled - written:
        (folder / path).unlink()
    return Published(tuple(kept), tuple(beside))


def edited(before: Mapping[str, str], ours: frozenset[str]) -> set[str]:
    """Return the workbooks that are no longer, or never were, as we wrote them."""
    return {path for path, sha in before.items() if sha not in ours}


def conclude(made: Path, folder: Path, part: Path) -> None:
    """Move `run.json`, which says that everything is there, and remove the folder of work."""
    _move(made / LAST, folder / LAST)
    shutil.rmtree(part)


@contextmanager
def published_whole(folder: Path, last: str) -> Iterator[Path]:
    """Give an empty folder whose files come to lie in `folder` when the block ends well.

    `last` is moved last and its predecessor removed before all else: where it stands, every file
    is of one piece. When the block raises, `folder` stays as it was. OSError also where Polars
    says of a full disk what it says.
    """
    # Of its own name: a month's folder may hold the `.part` of a run that was cut off.
    made = folder / f".{Path(last).stem}.part"
    shutil.rmtree(made, ignore_errors=True)
    try:
        made.mkdir(parents=True)
        with told_as_os_error():
            yield made
        (folder / last).unlink(missing_ok=True)
        for path in _files(made, last):
            _move(made / path, folder / path)
        _move(made / last, folder / last)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _files(made: Path, last: str) -> list[str]:
    paths = (path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
    return sorted(path for path in paths if path != last)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def _free_name(path: str, taken: Mapping[str, str]) -> str:
    """Return the first of dukun_baru.xlsx, dukun_baru2.xlsx … that no workbook has."""
    stem = path.removesuffix(".xlsx")
    return next(
        name for n in count(1) if (name := f"{stem}_baru{n if n > 1 else ''}.xlsx") not in taken
    )
