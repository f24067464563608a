"""Opening a ledger: SQLite in WAL mode, brought forward to this version's tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from dtkstool.errors import UnusableInput, Where
from dtkstool.ledger.schema import APPLICATION, MIGRATIONS, VERSION

PATIENCE = 30.0
"""Seconds to wait for another writer before giving up."""


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the ledger at `path` to write in, made or brought forward first if need be.

    Nothing is committed but by `transaction`. UnusableInput if the file is no ledger, one of a
    newer version, damaged, or cannot be written.
    """
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as ledger:
            migrate(ledger, path)
            yield ledger


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the ledger at `path` to read; a run that is writing does not block it.

    UnusableInput as for `writing`, and if there is none.
    """
    with _told(path):
        if not path.is_file():
            raise UnusableInput("ledger_missing", where=Where(str(path)))
        with closing(_connected(path)) as ledger:
            yield ledger


def _connected(path: Path) -> sqlite3.Connection:
    ledger = _read_only(path, "mode=ro")
    try:
        version = _version(ledger, path)
    except sqlite3.OperationalError:
        # A WAL database in a folder that cannot be written, with no -shm file beside it.
        ledger.close()
        ledger = _read_only(path, "immutable=1")
        version = _version(ledger, path)
    if version < VERSION:
        ledger.close()
        with writing(path):
            pass
        ledger = _read_only(path, "mode=ro")
    return ledger


def _read_only(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path.resolve()))}?{how}", uri=True, timeout=PATIENCE, isolation_level=None
    )


@contextmanager
def transaction(ledger: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block wrote, all of it or nothing."""
    ledger.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        ledger.execute("ROLLBACK")
        raise
    ledger.execute("COMMIT")


def migrate(
    ledger: sqlite3.Connection, path: Path, migrations: tuple[str, ...] = MIGRATIONS
) -> int:
    """Bring a ledger to the version `migrations` lead to, and return the one it had."""
    version = _version(ledger, path)
    ledger.execute("PRAGMA journal_mode = WAL")
    ledger.execute("PRAGMA synchronous = FULL")
    for number, script in enumerate(migrations[version:], start=version + 1):
        with transaction(ledger):
            for statement in _statements(script):
                ledger.execute(statement)
            ledger.execute(f"PRAGMA application_id = {APPLICATION}")
            ledger.execute(f"PRAGMA user_version = {number}")
    return version


def _statements(script: str) -> Iterator[str]:
    """Return the statements one by one: `executescript` would commit between them."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines)
            lines = []


def _version(ledger: sqlite3.Connection, path: Path) -> int:
    """Return the ledger's version, 0 for an empty file; UnusableInput if it is something else."""
    (version,) = ledger.execute("PRAGMA user_version").fetchone()
    (application,) = ledger.execute("PRAGMA application_id").fetchone()
    (tables,) = ledger.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION and (tables or application):
        raise UnusableInput("ledger_foreign", where=Where(str(path)))
    if version > VERSION:
        raise UnusableInput("ledger_newer", where=Where(str(path)), version=version, known=VERSION)
    return int(version)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise UnusableInput("ledger_failed", where=Where(str(path)), reason=str(error)) from error
