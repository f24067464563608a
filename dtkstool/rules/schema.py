"""The catalogue as a Pandera schema, which does the checking.

Rules are *named column-level checks* on the cell as typed (`<field>_asal`), the form in which
Pandera costs little and reports the failing value only: frame-level checks copy whole rows of
personal data into every failure, `unique=` counts nulls as duplicates. Pandera is imported inside
functions because that takes a third of a second.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dtkstool.rules.catalogue import RULES
from dtkstool.rules.lean import pandera, without
from dtkstool.rules.rule import Rule

if TYPE_CHECKING:
    from pandera.polars import Check, DataFrameSchema


def schema(rules: Iterable[Rule] = RULES) -> "DataFrameSchema":
    """Return the row and group rules as a schema for frames that `with_evidence` gives.

    Validate a DataFrame: on a LazyFrame Pandera skips every check of values and says "valid".
    """
    pa = pandera()
    by_column: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.scope in ("row", "group"):
            by_column.setdefault(rule.column, []).append(rule)
    return pa.DataFrameSchema(  # type: ignore[no-any-return]
        {
            f"{field}_asal": pa.Column(
                pl.String, [as_check(rule) for rule in of_field], nullable=True
            )
            for field, of_field in by_column.items()
        }
    )


def as_check(rule: Rule) -> "Check":
    """Return a rule as a check named by its code; a null verdict counts as right."""
    return pandera().Check(  # type: ignore[no-any-return]
        holds(rule), name=rule.code, error=rule.code, description=rule.name, n_failure_cases=1
    )


def holds(rule: Rule) -> Callable[[Any], pl.LazyFrame]:
    """Return the check function of a rule: Pandera's data in, one column of verdicts out."""
    verdict = holds_by(rule).alias(rule.code)

    def check(data: Any) -> pl.LazyFrame:
        return data.lazyframe.select(verdict)  # type: ignore[no-any-return]

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
    known = schema(replace(rule, violated=~pl.col(rule.code)) for rule in judging)
    judged = verdicts(df, judging)

    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    depth = ValidationDepth.SCHEMA_AND_DATA
    try:
        # The first check imports pandas where it can, as importing Pandera does.
        with without("pandas"), config_context(validation_enabled=True, validation_depth=depth):
            known.validate(judged, lazy=True)
    except SchemaErrors as failed:
        return dict(positions(error) for error in failed.schema_errors)
    return {}


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


def positions(error: Any) -> tuple[str, pl.Series]:
    """Return a failed check's code and the row positions it failed at, from its own verdicts."""
    if error.check_output is None:
        raise TypeError(str(error))
    return error.check.name, (~error.check_output.to_series()).arg_true()
