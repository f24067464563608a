"""From options and dtkstool.toml to the plan of a month."""

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dtkstool.config.gate import gate_config
from dtkstool.config.month import RunConfig, run_config
from dtkstool.errors import BadConfiguration, UnusableInput, Where
from dtkstool.messages import LANGUAGES, Language
from dtkstool.pipeline.plan import Plan
from dtkstool.rules.expected import demand_regions

REGISTRY = "registry.json"
"""What makes a folder a registry."""


@dataclass(frozen=True)
class Wish:
    """What was given on the command line; empty or None where nothing was."""

    files: tuple[str, ...]
    registry: Path | None
    out: Path | None
    config: Path | None
    ledger: Path | None
    column_map: Path | None
    model: Path | None
    today: date | None
    lang: str
    keputusan: tuple[str, ...] = ()


def plan_of(wish: Wish) -> Plan:
    """Return the plan of a run: options first, then the configuration, then what is usual.

    With a configuration every month has a folder of its own; without one, `--out` is the folder.
    BadConfiguration naming what is missing.
    """
    config = run_config(wish.config) if wish.config else RunConfig()
    if wish.out and wish.config:
        config = _with_out(config, wish.out)
    today = wish.today or config.today or date.today()
    month = f"{today:%Y-%m}"
    files = wish.files or tuple(config.files_of(month))
    registry = wish.registry or config.registry
    out = wish.out or config.out
    missing = {"FILES": files, "--registry": registry, "--out": out}
    if not all(missing.values()) or registry is None:
        named = ", ".join(name for name, value in missing.items() if not value)
        raise BadConfiguration("run_missing", missing=named)
    folder = config.folder(month) if wish.config else Path(out)
    demand_no_registry(folder)
    if config.expect.kabupaten:
        demand_regions({"*": (config.expect.kabupaten,)}, config.expect.where)
    usual = config.ledger_path() if wish.config else folder / "ledger.sqlite"
    return Plan(
        files=files,
        registry=registry,
        folder=folder,
        ledger=wish.ledger or usual,
        column_map=wish.column_map or config.column_map,
        model=wish.model or config.model,
        today=today,
        lang=_language(wish.lang or config.lang),
        keputusan=wish.keputusan or config.keputusan,
        expect=config.expect,
        gate=gate_config(wish.config),
    )


def demand_no_registry(folder: Path | None) -> None:
    """Raise UnusableInput if results would come to lie in a registry: it would no longer be one."""
    if folder and (folder / REGISTRY).is_file():
        raise UnusableInput("out_is_registry", where=Where(str(folder)))


def ledger_of(ledger: Path | None, config: Path | None) -> Path:
    """Return the ledger that was named, that of a configuration, or `ledger.sqlite` right here."""
    if ledger:
        return ledger
    return run_config(config).ledger_path() if config else Path("ledger.sqlite")


def _with_out(config: RunConfig, out: Path) -> RunConfig:
    return replace(config, out=str(out))


def _language(asked: str) -> Language:
    found = asked or os.environ.get("DTKSTOOL_LANG", "id")
    if found not in LANGUAGES:
        raise BadConfiguration("bad_language", value=found)
    return found
