"""Section [validate] of dtkstool.toml: which rules judge, how severely, and what may be found.

Keys may be written with `_` or `-`. Which codes and columns there are is checked by `rules`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dtkstool.config import demand_known, load
from dtkstool.errors import BadConfiguration, Where

FILE = "dtkstool.toml"
SEVERITIES = ("info", "peringatan", "galat", "fatal")
NEVER = "never"
NOWHERE = Where()
REGION = re.compile(r"\d{2}|\d{4}|\d{6}|\d{10}")


@dataclass(frozen=True)
class Custom:
    """A rule written in the configuration file."""

    code: str
    column: str
    """The canonical field whose cell a finding names."""
    wrong_when: str
    """SQL over the cleaned columns; true is wrong, null is right."""
    message: str
    severity: str = "peringatan"
    action: str = "verifikasi"
    title: str = ""
    why: str = ""
    fix: str = ""


@dataclass(frozen=True)
class GateConfig:
    """What [validate] says; empty or None where it says nothing."""

    select: tuple[str, ...] = ()
    """Codes and families (NIK, NIK0, ALL) that judge; empty: all."""
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    """Severity by code or family."""
    fail_on: str = "galat"
    max_rate: float | None = None
    max_rates: Mapping[str, float] = field(default_factory=dict)
    """Share of rows (0–1) that may break a rule, by code or family."""
    expect: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Region codes that files may hold people of, by pattern of the file's name."""
    expect_where: Where = NOWHERE
    """The file that says so; none for the command line."""
    profile: Mapping[str, str] = field(default_factory=dict)
    """The kinds of files, by pattern of the file's name; the others' are guessed."""
    profile_where: Where = NOWHERE
    """The file that says so; none for the command line."""
    baseline: Path | None = None
    rules: tuple[Custom, ...] = ()
    where: Where = NOWHERE
    """The file it stands in."""


def gate_config(path: Path | None) -> GateConfig:
    """Return section [validate] of a configuration file; the default without file or section.

    BadConfiguration for keys it does not know and values that make no sense. Without `path`,
    `dtkstool.toml` in the working folder counts if there is one.
    """
    chosen = path or (Path(FILE) if Path(FILE).is_file() else None)
    if chosen is None:
        return GateConfig()
    where = Where(file=str(chosen), sheet="[validate]")
    table = load(chosen).get("validate", {})
    found = checked(table, READERS, "validate", where)
    if "baseline" in found:
        found["baseline"] = chosen.parent / found["baseline"]
    return GateConfig(**found, where=where, expect_where=where, profile_where=where)


def severity(text: str) -> str:
    """Return a severity, or `never`; BadConfiguration for anything else."""
    if text not in (*SEVERITIES, NEVER):
        known = ", ".join((*SEVERITIES, NEVER))
        raise BadConfiguration("bad_severity", value=text, known=known)
    return text


def rate(text: str) -> float:
    """Return `5%` or `0.05` as 0.05; BadConfiguration for anything else."""
    number = text.strip().removesuffix("%").replace(",", ".")
    try:
        value = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError as error:
        raise BadConfiguration("bad_rate", value=text) from error
    if not 0 <= value <= 1:
        raise BadConfiguration("bad_rate", value=text)
    return value


Reader = Callable[[Any], Any]


def checked(
    table: Any, readers: Mapping[str, Reader], name: str, where: Where
) -> dict[str, Any]:  # fmt: skip
    """Return the values of a table as `readers` give them, keys spelt with `_`.

    A reader raises ValueError or TypeError for a value of a wrong kind.
    """
    if not isinstance(table, dict):
        raise BadConfiguration("config_value", where=where, name=name, value=table)
    spelt = {key.replace("-", "_"): value for key, value in table.items()}
    demand_known(spelt, readers, where)
    if len(spelt) < len(table):
        twice = [key for key in table if "-" in key and key.replace("-", "_") in table]
        raise BadConfiguration("config_twice", where=where, keys=", ".join(twice))
    found = {}
    for key, value in spelt.items():
        try:
            found[key] = readers[key](value)
        except (TypeError, ValueError) as error:
            shown = f"{name}.{key}"
            raise BadConfiguration("config_value", where=where, name=shown, value=value) from error
        except BadConfiguration as error:
            raise BadConfiguration(error.key, where=where, **error.values) from error
    return found


def as_text(value: Any) -> str:
    """Return a text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def as_list(value: Any) -> tuple[str, ...]:
    """Return a list of texts; a single text is a list of one."""
    return tuple(as_text(entry) for entry in ([value] if isinstance(value, str) else list(value)))


def as_codes(value: Any) -> tuple[str, ...]:
    """Return a list of codes in capitals."""
    return tuple(entry.strip().upper() for entry in as_list(value))


def as_rate(value: Any) -> float:
    """Return a share written as text or number."""
    if isinstance(value, bool):
        raise TypeError(value)
    return rate(value if isinstance(value, str) else str(float(value)))


def as_severity(value: Any) -> str:
    """Return one of `SEVERITIES`."""
    if value not in SEVERITIES:
        known = ", ".join(SEVERITIES)
        raise BadConfiguration("bad_severity", value=value, known=known)
    return str(value)


def as_regions(value: Any) -> tuple[str, ...]:
    """Return region codes of any level, dots removed; BadConfiguration for what is none."""
    found = tuple(code.replace(".", "").strip() for code in as_list(value))
    wrong = [code for code in found if not REGION.fullmatch(code)]
    if wrong or not found:
        raise BadConfiguration("bad_region", value=", ".join(wrong))
    return found


def as_expectation(value: Any) -> dict[str, tuple[str, ...]]:
    """Return region codes by file pattern; a list without patterns holds for every file."""
    table = value if isinstance(value, dict) else {"*": value}
    return {pattern: as_regions(regions) for pattern, regions in table.items()}


def as_profiles(value: Any) -> dict[str, str]:
    """Return profile names by file pattern; one without patterns holds for every file."""
    table = value if isinstance(value, dict) else {"*": value}
    return {pattern: as_text(name).strip().lower() for pattern, name in table.items()}


def by_code(reader: Reader) -> Reader:
    """Return a reader of tables whose keys are codes or families."""
    return lambda value: {code.strip().upper(): reader(of) for code, of in dict(value).items()}


def as_custom(value: Any) -> Custom:
    """Return one rule of the file; BadConfiguration naming it and what is missing or wrong."""
    code = str(value.get("code", "?")) if isinstance(value, dict) else "?"
    found = checked(value, dict.fromkeys(CUSTOM_KEYS, as_text), f"rules.{code}", NOWHERE)
    missing = [key for key in CUSTOM_KEYS[:4] if key not in found]
    if missing:
        raise BadConfiguration("custom_missing", code=code, keys=", ".join(missing))
    for key, known in (("severity", SEVERITIES), ("action", ACTIONS)):
        if found.get(key, known[0]) not in known:
            shown = ", ".join(known)
            raise BadConfiguration("custom_value", code=code, value=found[key], known=shown)
    return Custom(**found)


ACTIONS = ("verifikasi", "ubah", "konsolidasi", "tetap")
"""What a rule of the file may propose; removing people takes more than one rule of thumb."""
CUSTOM_KEYS = (
    "code", "column", "wrong_when", "message", "severity", "action", "title", "why", "fix",
)  # fmt: skip
READERS: Mapping[str, Reader] = {
    "select": as_codes,
    "ignore": as_codes,
    "severity": by_code(as_severity),
    "fail_on": lambda value: severity(as_text(value)),
    "max_rate": as_rate,
    "max_rates": by_code(as_rate),
    "expect": as_expectation,
    "profile": as_profiles,
    "baseline": as_text,
    "rules": lambda value: tuple(as_custom(rule) for rule in value),
}


def with_options(
    config: GateConfig,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str | None = None,
    max_rate: Sequence[str] = (),
    expect: Sequence[str] = (),
    profile: str | None = None,
    baseline: Path | None = None,
    everything: bool = False,
) -> GateConfig:
    """Return the configuration as the command line changes it; BadConfiguration for nonsense.

    `ignore` and `max_rate` of single rules (`NIK08=10%`) add to what the file says; the others take
    its place. With `everything` no baseline holds anything back: a new one is to be written.
    """
    shares = [text.rpartition("=") for text in max_rate]
    common = [rate(share) for code, _, share in shares if not code]
    single = {code.strip().upper(): rate(share) for code, _, share in shares if code}
    return replace(
        config,
        select=_codes(select) or config.select,
        ignore=(*config.ignore, *_codes(ignore)),
        fail_on=severity(fail_on) if fail_on else config.fail_on,
        max_rate=common[-1] if common else config.max_rate,
        max_rates={**config.max_rates, **single},
        expect={"*": as_regions(list(expect))} if expect else config.expect,
        expect_where=NOWHERE if expect else config.expect_where,
        profile=as_profiles(profile) if profile else config.profile,
        profile_where=NOWHERE if profile else config.profile_where,
        baseline=None if everything else baseline or config.baseline,
    )


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """Return codes given in any number of options, separated by commas or blanks."""
    return tuple(code for text in given for code in re.split(r"[,\s]+", text.upper()) if code)
