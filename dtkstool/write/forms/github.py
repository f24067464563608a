"""GitHub annotations: workflow commands on stdout, within the limits of one step.

Limits and escapes: docs.github.com, "Workflow commands for GitHub Actions", and actions/toolkit
`packages/core/src/command.ts`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from dtkstool.write.findings import Outcome
from dtkstool.write.forms.places import column_number
from dtkstool.write.forms.text import said, table, total, worded

PER_LEVEL = 10
"""Annotations of each level that GitHub shows of one step; it drops the rest in silence."""
LEVEL = {"fatal": "error", "galat": "error", "peringatan": "warning", "info": "notice"}
IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_PROPERTY = {**IN_DATA, ":": "%3A", ",": "%2C"}


def github(outcome: Outcome) -> Iterator[str]:
    """Give up to `PER_LEVEL` annotations a level, most severe first, then counts per rule."""
    level = pl.col("severity").cast(pl.String).replace_strict(LEVEL, return_dtype=pl.String)
    # no two severities are one level
    first = outcome.worst(PER_LEVEL, ("severity",)).with_columns(level.alias("level"))
    first = first.group_by("level", maintain_order=True).head(PER_LEVEL)
    shown = outcome.shown(first).select(
        "source_file", "sheet", "row", "cell", "code", "level", said(outcome)
    )
    for finding in shown.iter_rows(named=True):
        yield annotation(finding, outcome)
    left = outcome.findings.height - shown.height
    if left:
        yield outcome.say("left_out", count=left) + "\n"
    if outcome.findings.height:
        yield table("by_rule", worded(outcome), outcome)
    yield total(outcome) + "\n"


def annotation(finding: Mapping[str, Any], outcome: Outcome) -> str:
    """Return one finding as a workflow command."""
    title = outcome.catalogue[finding["code"]].text("title", outcome.lang)
    properties = {
        "file": finding["source_file"],
        "line": finding["row"],
        "col": column_number(finding["cell"]) if finding["sheet"] and finding["row"] else None,
        "title": f"{finding['code']} {title}",
    }
    given = ",".join(
        f"{name}={escaped(str(value), IN_PROPERTY)}" for name, value in properties.items() if value
    )
    where = "!".join(part for part in (finding["sheet"], finding["cell"]) if part)
    sentence = f"{where}: {finding['said']}" if where else finding["said"]
    return f"::{finding['level']} {given}::{escaped(sentence, IN_DATA)}\n"


def escaped(text: str, escapes: Mapping[str, str]) -> str:
    """Return the text with the signs that end a command or property escaped."""
    return text.translate({ord(sign): code for sign, code in escapes.items()})
