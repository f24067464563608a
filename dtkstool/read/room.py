"""How much may be held at once: memory decides how files are read, never what is found.

Reading, cleaning and judging all columns at once is quickest and takes thirteen times the text.
"""

from functools import cache
from pathlib import Path

LEAST = 20 << 20
MOST = 128 << 20
"""Bytes of text that are held at once at least and at most."""
SHARE = 4 * 13
"""A quarter of the memory there is may be used, for thirteen times the text."""
RECORD = 256
"""Bytes of text that a record takes."""


MEMINFO = Path("/proc/meminfo")
LIMIT = Path("/sys/fs/cgroup/memory.max")


@cache
def bytes_at_once(meminfo: Path = MEMINFO, limit: Path = LIMIT) -> int:
    """Return how many bytes of text may be held at once; `MOST` where no system tells."""
    known = [free for free in (available(meminfo), allowed(limit)) if free is not None]
    return min(MOST, max(LEAST, min(known, default=MOST * SHARE) // SHARE))


def records_at_once() -> int:
    """Return how many records may be held at once."""
    return bytes_at_once() // RECORD


def available(meminfo: Path) -> int | None:
    """Return the bytes of memory that are not in use; None where no system tells."""
    try:
        lines = meminfo.read_text().splitlines()
        known = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(known["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return None


def allowed(limit: Path) -> int | None:
    """Return the bytes that a container may use; None without a limit."""
    try:
        return int(limit.read_text())
    except (OSError, ValueError):
        return None
