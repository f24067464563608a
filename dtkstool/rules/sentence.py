"""A rule's finding in words: which cell, what stands there, what is wrong, what should stand."""

from collections.abc import Mapping
from string import Formatter

import polars as pl

from dtkstool.columns import COLUMN
from dtkstool.frames import ACTION, SEVERITY
from dtkstool.messages import Language
from dtkstool.rules.rule import Rule

NOTHING = "–"


def stated(rule: Rule, lang: Language, *, of_cell: bool = True) -> list[pl.Expr]:
    """Return the columns of a finding that the rule itself states, over the rows that break it.

    `value` is the cell as typed, null for findings about more than one cell (`of_cell` False).
    """
    column = named_column(rule)
    value = typed_value(rule, column) if of_cell else pl.lit(None, pl.String)
    return [
        column.alias("column"),
        value.alias("value"),
        pl.lit(rule.code).alias("code"),
        pl.lit(rule.severity, SEVERITY).alias("severity"),
        sentence(rule, lang, {"value": value, "label": label(rule, column)}).alias("message"),
        (pl.lit(None) if rule.suggestion is None else rule.suggestion)
        .cast(pl.String)
        .alias("suggestion"),
        pl.lit(rule.action, ACTION).alias("action"),
    ]


def named_column(rule: Rule) -> pl.Expr:
    """Return the field each finding of a rule names."""
    chosen = pl.coalesce(
        *(pl.when(here).then(pl.lit(field)) for field, here in rule.elsewhere.items()),
        pl.lit(rule.column),
    )
    return chosen if rule.elsewhere else pl.lit(rule.column)


def typed_value(rule: Rule, column: pl.Expr) -> pl.Expr:
    """Return what was typed into the cell each finding names."""
    return pl.coalesce(
        pl.when(column == field).then(pl.col(f"{field}_asal")) for field in rule.fields
    )


def label(rule: Rule, column: pl.Expr) -> pl.Expr:
    """Return the label of the named field, as people know it."""
    labels = {field: COLUMN[field].label for field in rule.fields}
    return column.replace_strict(labels, return_dtype=pl.String)


def sentence(rule: Rule, lang: Language, common: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the rule's message with its placeholders filled; a null value reads as a dash."""
    values = {**common, **rule.values}
    messages = rule.messages(lang)
    if rule.variant is None:
        return filled(messages[""], values)
    return pl.coalesce(
        pl.when(rule.variant == variant).then(filled(text, values))
        for variant, text in messages.items()
    )


def filled(text: str, values: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return a template with each `{placeholder}` replaced by its value, row by row."""
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(pl.lit(literal))
        if name is not None:
            parts.append(values[name].cast(pl.String).fill_null(NOTHING))
    return pl.concat_str(parts)
