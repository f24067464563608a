"""Section [run] of dtkstool.toml: the month of one office, as cron runs it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from dtkstool.config import demand_known, load
from dtkstool.errors import BadConfiguration, Where

MONTH = "{bulan}"
"""Stands for the month (2026-11) in `files` and `out`."""


@dataclass(frozen=True)
class Expectations:
    """What a month's inputs should look like; what does not is a warning, or stops the run."""

    kabupaten: str = ""
    """Four digits; empty: the registry's own."""
    max_drop: float = 0.30
    """Share of records there may be fewer of than last month."""
    registry_days: int = 45
    """Days since the extracts were taken before the registry counts as old; 0: never."""
    registry_date: date | None = None
    """The day the extracts were taken; None: as their own dates say."""
    stop: bool = False
    """Whether a warning ends the run before anything is written."""
    where: Where = field(default_factory=Where, compare=False)
    """The file and section that say so."""


@dataclass(frozen=True)
class RunConfig:
    """What [run] says; paths are whole, empty or None where it says nothing."""

    files: tuple[str, ...] = ()
    registry: Path | None = None
    out: str = ""
    ledger: Path | None = None
    column_map: Path | None = None
    model: Path | None = None
    today: date | None = None
    lang: str = ""
    keputusan: tuple[str, ...] = ()
    """Clerks' decisions from `apply` (files, folders, patterns) to take into the ledger."""
    expect: Expectations = field(default_factory=Expectations)

    def folder(self, month: str) -> Path:
        """Return the month's folder: `out` with {bulan} filled in, or out/month without it."""
        return Path(self.out.replace(MONTH, month)) if MONTH in self.out else Path(self.out, month)

    def ledger_path(self) -> Path:
        """Return the ledger: the one given, else `ledger.sqlite` beside the month folders."""
        if self.ledger:
            return self.ledger
        if MONTH in self.out:
            return Path(self.out.split(MONTH)[0] + "x").parent / "ledger.sqlite"
        return Path(self.out, "ledger.sqlite")

    def files_of(self, month: str) -> list[str]:
        """Return the input files, folders and patterns with {bulan} filled in."""
        return [path.replace(MONTH, month) for path in self.files]


KEYS = {
    "files": "list", "registry": "path", "out": "text", "ledger": "path", "map": "path",
    "model": "path", "today": "date", "lang": "word", "keputusan": "list", "expect": "table",
}  # fmt: skip
KABUPATEN = re.compile(r"(\d{4})?")
EXPECT_KEYS: dict[str, type | tuple[type, ...]] = {
    "kabupaten": str, "max_drop": (int, float), "registry_days": int, "registry_date": date,
    "stop": bool,
}  # fmt: skip


def run_config(path: Path) -> RunConfig:
    """Return section [run] of a configuration file, its paths seen from the file's folder.

    BadConfiguration if there is none, for keys it does not know, and for values of a wrong kind.
    """
    table = load(path).get("run")
    where = Where(str(path))
    if not isinstance(table, dict):
        raise BadConfiguration("config_section", where=where, section="run")
    demand_known(table, KEYS, where)
    found = {key: _value(key, value, path) for key, value in table.items()}
    if "map" in found:
        found["column_map"] = found.pop("map")
    return RunConfig(**found)


def _value(key: str, value: Any, path: Path) -> Any:
    base = path.resolve().parent
    match KEYS[key], value:
        case "list", list() | str():
            entries = [value] if isinstance(value, str) else value
            if not all(isinstance(entry, str) for entry in entries):
                raise _wrong(key, value, path)
            return tuple(str(base / entry) for entry in entries)
        case "path", str():
            return base / value
        case "text", str():
            return str(base / value)
        case "word", str():
            return value
        case "date", date():
            return value
        case "date", str() if _is_date(value):
            return date.fromisoformat(value)
        case "table", dict():
            return _expectations(value, path)
    raise _wrong(key, value, path)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _expectations(table: Mapping[str, Any], path: Path) -> Expectations:
    demand_known(table, EXPECT_KEYS, Where(f"{path} [run.expect]"))
    for key, value in table.items():
        flag_as_number = isinstance(value, bool) and key != "stop"
        if not isinstance(value, EXPECT_KEYS[key]) or flag_as_number:
            raise _wrong(f"expect.{key}", value, path)
    found = Expectations(**table)
    if not 0 < found.max_drop <= 1:
        raise _wrong("expect.max_drop", found.max_drop, path)
    code = found.kabupaten.replace(".", "").strip()
    if not KABUPATEN.fullmatch(code):
        raise _wrong("expect.kabupaten", found.kabupaten, path)
    return replace(found, kabupaten=code, where=Where(str(path), "[run.expect]"))


def _wrong(key: str, value: object, path: Path) -> BadConfiguration:
    return BadConfiguration("config_value", where=Where(str(path)), name=f"run.{key}", value=value)
