"""JSON: one document, or one line a finding."""

import json
from collections.abc import Iterator

import polars as pl

from dtkstool.write.findings import Outcome, affected, by_file, by_rule
from dtkstool.write.pieces import pieces_of

FIELDS = ("sheet", "row", "cell", "column", "value", "code", "severity", "message", "suggestion",
          "action")  # fmt: skip
SLICE = 50_000
"""Findings encoded at a time, so that memory does not grow with their number."""


def lines(outcome: Outcome) -> Iterator[str]:
    """Give one JSON object per finding and line, absent values left out."""
    for piece in encoded(outcome):
        yield "\n".join(piece) + "\n"


def document(outcome: Outcome) -> Iterator[str]:
    """Give one JSON document: `summary` (totals, per rule, per file) and `findings`."""
    summary = {
        "records": outcome.total,
        "affected": affected(outcome.findings),
        "findings": outcome.findings.height,
        "rules": by_rule(outcome).to_dicts(),
        "files": by_file(outcome).to_dicts(),
    }
    yield f'{{"summary": {json.dumps(summary, ensure_ascii=False)},\n"findings": ['
    separator = "\n"
    for piece in encoded(outcome):
        yield separator + ",\n".join(piece)
        separator = ",\n"
    yield "\n]}\n"


def encoded(outcome: Outcome) -> Iterator[pl.Series]:
    """Give the findings as JSON objects, a slice at a time."""
    named = pl.struct(pl.col("source_file").alias("file"), *FIELDS).struct.json_encode()
    absent = r',"\w+":(null|"")'
    parts = (part for piece in pieces_of(outcome.findings) for part in piece.iter_slices(SLICE))
    for part in parts:
        yield outcome.shown(part).select(named.str.replace_all(absent, "").alias("line"))["line"]
