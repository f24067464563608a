"""Rules that an office writes in its dtkstool.toml, as SQL over the cleaned columns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import cast

import polars as pl

from dtkstool.columns import FIELDS
from dtkstool.config.gate import Custom
from dtkstool.errors import BadConfiguration, Where
from dtkstool.frames import CLEANED
from dtkstool.messages import Language
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.evidence import with_evidence
from dtkstool.rules.rule import Action, Rule, Severity

CODE = re.compile(r"[A-Z]{2,8}\d{2,3}")
LONGEST = 200
"""Signs quoted of what Polars says; it may repeat the whole expression."""


@dataclass(frozen=True)
class CustomRule(Rule):
    """A rule with its texts in itself, the same in every language."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def messages(self, lang: Language) -> dict[str, str]:
        """Return its one message; nothing in it is a placeholder."""
        return {"": self.texts["message"].replace("{", "{{").replace("}", "}}")}

    def text(self, part: str, lang: Language) -> str:
        """Return one of `rule.TEXTS`; empty where the file says nothing."""
        return self.texts.get(part, "")


def custom_rules(written: Iterable[Custom], where: Where) -> tuple[CustomRule, ...]:
    """Return the rules of a file, each tried on two empty records.

    BadConfiguration naming the rule and its mistake: a code that is taken or no code, a column
    there is not, SQL that cannot be read or gives something else than one truth value a record.
    """
    taken = {rule.code for rule in RULES}
    rules = []
    for one in written:
        if not CODE.fullmatch(one.code):
            raise BadConfiguration("custom_code", where=where, code=one.code)
        if one.code in taken:
            raise BadConfiguration("custom_taken", where=where, code=one.code)
        taken.add(one.code)
        rules.append(custom_rule(one, where))
    return tuple(rules)


def custom_rule(one: Custom, where: Where) -> CustomRule:
    """Return one rule of a file; BadConfiguration naming its mistake."""
    if one.column not in FIELDS:
        near = ", ".join(get_close_matches(one.column, FIELDS, 3) or FIELDS)
        raise BadConfiguration(
            "custom_column", where=where, code=one.code, columns=one.column, known=near
        )
    texts = {"title": one.title or one.message, "message": one.message, "why": one.why}
    return CustomRule(
        code=one.code,
        name=f"custom-{one.code.lower()}",
        column=one.column,
        severity=cast(Severity, one.severity),
        action=cast(Action, one.action),
        source=where.file,
        violated=verdict(one, where),
        scope="group" if re.search(r"\bover\b", one.wrong_when, re.IGNORECASE) else "row",
        texts={**texts, "fix": one.fix},
    )


def verdict(one: Custom, where: Where) -> pl.Expr:
    """Return the expression of a rule; BadConfiguration if it cannot judge records."""
    records = nobody()
    try:
        expr = pl.sql_expr(one.wrong_when)
        unknown = sorted(set(expr.meta.root_names()) - set(records.columns))
        if unknown:
            near = [name for wrong in unknown for name in get_close_matches(wrong, records.columns)]
            raise BadConfiguration(
                "custom_column", where=where, code=one.code, columns=", ".join(unknown),
                known=", ".join(near) or "docs/ci.md",
            )  # fmt: skip
        judged = records.select(expr.alias("wrong"))
    except pl.exceptions.PolarsError as error:
        raise unworkable(one.code, error, where) from error
    if judged.height != records.height or judged["wrong"].dtype != pl.Boolean:
        dtype = "one value" if judged.height != records.height else str(judged["wrong"].dtype)
        raise BadConfiguration("custom_truth", where=where, code=one.code, type=dtype)
    return expr


@cache
def nobody() -> pl.DataFrame:
    """Return two records without anything in them, with all that rules may look at."""
    empty = pl.DataFrame(
        {name: pl.Series([None, None], dtype=dtype) for name, dtype in CLEANED.items()}
    ).with_columns(record=pl.Series([0, 1], dtype=pl.UInt32))
    return with_evidence(empty.lazy(), date(2000, 1, 1)).collect()


def blamed(df: pl.DataFrame, rules: Iterable[Rule], where: Where) -> BadConfiguration | None:
    """Return the error of the first custom rule that fails on real records; None if none does.

    A strict CAST fails only when it meets a cell that it cannot turn.
    """
    for rule in rules:
        if isinstance(rule, CustomRule) and rule.violated is not None:
            try:
                df.select(rule.violated)
            except pl.exceptions.PolarsError as error:
                return unworkable(rule.code, error, where)
    return None


def unworkable(code: str, error: pl.exceptions.PolarsError, where: Where) -> BadConfiguration:
    """Return what Polars says of a rule's SQL, on one line and without the values it met."""
    reason = " ".join(str(error).split()).partition(": [")[0][:LONGEST]
    return BadConfiguration("custom_sql", where=where, code=code, reason=reason)
