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
    if not rule.elsewhere:
        return pl.lit(rule.column)
    return pl.coalesce(
        *(pl.when(here).then(pl.lit(field)) for field, here in rule.elsewhere.items()),
        pl.lit(rule.column),
    )


def typed_value(rule: Rule, column: pl.Expr) -> pl.Expr:
    """Return what was typed into the cell each finding names."""
    if not rule.elsewhere:
        return pl.col(f"{rule.column}_asal")
    return pl.coalesce(
        pl.when(column == field).then(pl.col(f"{field}_asal")) for field in rule.fields
    )


def label(rule: Rule, column: pl.Expr) -> pl.Expr | str:
    """Return the label of the named field, as people know it."""
    if not rule.elsewhere:
        return COLUMN[rule.column].label
    labels = {field: COLUMN[field].label for field in rule.fields}
    return column.replace_strict(labels, return_dtype=pl.String)


def sentence(rule: Rule, lang: Language, common: Mapping[str, pl.Expr | str]) -> pl.Expr:
    """Return the rule's message with its placeholders filled; a null value reads as a dash."""
    values = {**common, **rule.values}
    messages = rule.messages(lang)
    if rule.variant is None:
        return filled(messages[""], values)
    return pl.coalesce(
        pl.when(rule.variant == variant).then(filled(text, values))
        for variant, text in messages.items()
    )


def filled(text: str, values: Mapping[str, pl.Expr | str]) -> pl.Expr:
    """Return a template with each `{placeholder}` replaced by its value, row by row."""
    parts: list[pl.Expr] = []
    known = ""
    for literal, name, _, _ in Formatter().parse(text):
        known += literal
        value = None if name is None else values[name]
        if isinstance(value, str):
            known += value
        elif value is not None:
            parts += [pl.lit(known), value.cast(pl.String).fill_null(NOTHING)]
            known = ""
    return pl.concat_str(*parts, pl.lit(known)) if parts else pl.lit(known)
