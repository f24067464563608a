"""One run at a time per ledger.

The lock is the operating system's, on a file beside the ledger: it ends with the process that
holds it, however that dies, so a lock left behind by a dead run never has to be guessed at. What
is written in the file only says who holds it.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from dtkstool.errors import DtksError, Where

FAR = 1 << 30
"""Windows locks bytes, and nobody may read those: one far behind the text is taken."""


class LedgerBusy(DtksError):
    """Another run holds the ledger; exit code 3."""


@dataclass(frozen=True)
class Holder:
    """Who holds, or held, a ledger."""

    pid: int
    host: str
    since: str
    """ISO 8601 with offset."""


@contextmanager
def locked(ledger: Path, now: datetime) -> Iterator[Holder | None]:
    """Hold the ledger for a `with` block; LedgerBusy, at once, if another run holds it.

    Gives the holder that left its name behind because it died, else None.
    """
    path = lock_path(ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take(descriptor):
            raise _busy(ledger, _patiently(descriptor))
        dead = _holder(descriptor)
        _sign(descriptor, json.dumps(asdict(_myself(now))))
        try:
            yield dead
        finally:
            _sign(descriptor, "")
    finally:
        os.close(descriptor)


def lock_path(ledger: Path) -> Path:
    """Return the lock file of a ledger."""
    return ledger.with_name(f"{ledger.name}.lock")


def _myself(now: datetime) -> Holder:
    return Holder(os.getpid(), socket.gethostname(), now.isoformat(timespec="seconds"))


def _busy(ledger: Path, holder: Holder | None) -> LedgerBusy:
    known = asdict(holder) if holder else {"pid": "?", "host": "?", "since": "?"}
    return LedgerBusy("ledger_busy", where=Where(str(ledger)), **known)


def _patiently(descriptor: int) -> Holder | None:
    """Return who holds the lock, giving one who took it this instant the time to sign."""
    for _ in range(10):
        holder = _holder(descriptor)
        if holder:
            return holder
        time.sleep(0.02)
    return None


def _holder(descriptor: int) -> Holder | None:
    """Return who signed the lock file; None if nobody did, or the signature is half written."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        return Holder(**json.loads(os.read(descriptor, 4096)))
    except (ValueError, TypeError):
        return None


def _sign(descriptor: int, text: str) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.truncate(descriptor, 0)
    os.write(descriptor, text.encode())


def _take(descriptor: int) -> bool:
    """Return whether the lock could be had, without waiting for it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
