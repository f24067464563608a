"""The catalogue as a Pandera schema, which does the checking.

Rules are *named column-level checks* on the cell as typed (`<field>_asal`), the form in which
Pandera costs little and reports the failing value only: frame-level checks copy whole rows of
personal data into every failure, `unique=` counts nulls as duplicates. Where all rules judge, a
check answers for its whole column: Pandera goes five times over what it is told of each row, and
which rows they are stands in the verdict that it looked at. Pandera is imported inside functions
because that takes a third of a second.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from dtkstool.rules.catalogue import RULES
from dtkstool.rules.lean import pandera, without
from dtkstool.rules.rule import Rule

if TYPE_CHECKING:
    from pandera.polars import Check, DataFrameSchema

Answer = Callable[[Any], "pl.LazyFrame | bool"]
"""A check's function: Pandera's data in, out whether each row is right, or whether all are."""


def schema(rules: Iterable[Rule] = RULES) -> "DataFrameSchema":
    """Return the row and group rules as a schema for frames that `with_evidence` gives.

    Validate a DataFrame: on a LazyFrame Pandera skips every check of values and says "valid".
    """
    return schema_of(rules, holds)


def schema_of(rules: Iterable[Rule], answer: Callable[[Rule], Answer]) -> "DataFrameSchema":
    """Return the row and group rules as checks, each by its `answer`."""
    pa = pandera()
    by_column: dict[str, list[Check]] = {}
    for rule in rules:
        if rule.scope in ("row", "group"):
            by_column.setdefault(f"{rule.column}_asal", []).append(as_check(rule, answer(rule)))
    return pa.DataFrameSchema(  # type: ignore[no-any-return]
        {name: pa.Column(pl.String, checks, nullable=True) for name, checks in by_column.items()}
    )


def as_check(rule: Rule, answer: Answer) -> "Check":
    """Return a rule as a check named by its code."""
    return pandera().Check(  # type: ignore[no-any-return]
        answer, name=rule.code, error=rule.code, description=rule.name, n_failure_cases=1
    )


def holds(rule: Rule) -> Answer:
    """Return the answer of a rule by row; a null verdict counts as right."""
    verdict = holds_by(rule).alias(rule.code)

    def check(data: Any) -> pl.LazyFrame:
        return data.lazyframe.select(verdict)  # type: ignore[no-any-return]

    return check


def holds_throughout(rule: Rule) -> Answer:
    """Return the answer of a rule for all rows, from its verdict under its code."""
    verdict = pl.col(rule.code).all()

    def check(data: Any) -> bool:
        return bool(data.lazyframe.select(verdict).collect(engine="in-memory").item())

    return check


def holds_by(rule: Rule) -> pl.Expr:
    """Return whether a rule holds; a null verdict counts as right."""
    assert rule.violated is not None
    return ~rule.violated.fill_null(False)


def violations(df: pl.DataFrame, rules: Iterable[Rule] = RULES) -> dict[str, pl.Series]:
    """Return by code the positions of the rows that break each row or group rule.

    `df` is what `with_evidence` gives. TypeError if it lacks a column or a check cannot run:
    that is our fault, not the data's.
    """
    judging = [rule for rule in rules if rule.scope in ("row", "group")]
    judged = verdicts(df, judging)
    return {code: (~judged[code]).arg_true() for code in broken(judged, judging)}


def broken(judged: pl.DataFrame, rules: Iterable[Rule]) -> list[str]:
    """Return the codes of the rules that do not hold throughout their `verdicts`.

    TypeError if a check cannot run.
    """
    known = schema_of(rules, holds_throughout)

    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    depth = ValidationDepth.SCHEMA_AND_DATA
    try:
        # The first check imports pandas where it can, as importing Pandera does.
        with without("pandas"), config_context(validation_enabled=True, validation_depth=depth):
            known.validate(judged, lazy=True)
    except SchemaErrors as failed:
        return [code_of(error) for error in failed.schema_errors]
    return []


def verdicts(df: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return the cells as typed that rules name, and by code whether each rule holds.

    In one plan: what several rules look at is worked out once. TypeError if that cannot be done.
    """
    cells = dict.fromkeys(f"{rule.column}_asal" for rule in rules)
    holding = [holds_by(rule).alias(rule.code) for rule in rules]
    try:
        return df.lazy().select(*cells, *holding).collect(engine="in-memory")
    except pl.exceptions.PolarsError as error:
        raise TypeError(str(error)) from error


def code_of(error: Any) -> str:
    """Return the code of a failed check; TypeError if it failed to run."""
    if error.check_output is None:
        raise TypeError(str(error))
    return str(error.check.name)
