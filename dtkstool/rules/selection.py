"""Which rules judge, and how severely: codes and families chosen as people write them.

A family is the beginning of a code: `NIK`, `NIK0`; `ALL` is every rule. Where several fit a code
the longest counts, as in ruff.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from dtkstool.errors import BadConfiguration, Where
from dtkstool.rules.rule import Rule, Severity

ALL = "ALL"
Value = TypeVar("Value")


def chosen(
    rules: Iterable[Rule], select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> tuple[Rule, ...]:
    """Return the rules that `select` names (all, if it names none) and `ignore` does not.

    Of two that fit a rule the longer wins, of equals `ignore`.
    """
    wanted = tuple(select) or (ALL,)
    unwanted = tuple(ignore)
    return tuple(
        rule for rule in rules if closeness(rule.code, wanted) > closeness(rule.code, unwanted)
    )


def closeness(code: str, families: Iterable[str]) -> int:
    """Return how many signs the longest family has that a code belongs to; -1 if to none."""
    return max((fit(code, family) for family in families), default=-1)


def fit(code: str, family: str) -> int:
    """Return how many signs of a code a family names; 0 for ALL, -1 if it is another family."""
    if family == ALL:
        return 0
    return len(family) if code.startswith(family) else -1


def by_code(rules: Iterable[Rule], values: Mapping[str, Value]) -> dict[str, Value]:
    """Return what `values` says of each rule by code; rules it says nothing of are left out."""
    said = {}
    for rule in rules:
        family = max(values, key=lambda family: fit(rule.code, family), default="")
        if family and fit(rule.code, family) >= 0:
            said[rule.code] = values[family]
    return said


def with_severity(rules: Iterable[Rule], severities: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return the rules with the severities that are given by code or family."""
    listed = tuple(rules)
    given = by_code(listed, severities)
    return tuple(
        replace(rule, severity=cast(Severity, given.get(rule.code, rule.severity)))
        for rule in listed
    )


def demand_codes(rules: Iterable[Rule], families: Iterable[str], where: Where) -> None:
    """Raise BadConfiguration naming the families that no rule belongs to."""
    codes = [rule.code for rule in rules]
    unknown = sorted(
        {family for family in families if all(fit(code, family) < 0 for code in codes)}
    )
    if unknown:
        known = ", ".join(sorted({code.rstrip("0123456789") for code in codes}))
        raise BadConfiguration(
            "unknown_codes", where=where, codes=", ".join(unknown), known=known
        )  # fmt: skip
