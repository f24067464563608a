"""Markdown: the counts, for a job's summary page or a comment on a merge request."""

from collections.abc import Iterator

import polars as pl

from dtkstool.write.findings import Outcome
from dtkstool.write.forms.text import CONTROL, counted, heads, of_files, total, worded

FILES = 200
"""Files listed, those with most affected rows first; a summary page holds 1 MiB."""


def markdown(outcome: Outcome) -> Iterator[str]:
    """Give the closing count, then a table per rule and one per file."""
    yield f"### dtkstool validate\n\n{cell(total(outcome))}\n"
    if outcome.findings.height:
        yield from table("by_rule", worded(outcome), outcome)
    files = of_files(outcome)
    worst = files.sort("affected", descending=True, maintain_order=True).head(FILES)
    yield from table("by_file", worst, outcome)
    if files.height > FILES:
        yield f"\n{outcome.say('more_files', count=files.height - FILES)}\n"


def table(title: str, df: pl.DataFrame, outcome: Outcome) -> Iterator[str]:
    """Give a titled counting table."""
    yield f"\n#### {outcome.say(title)}\n\n"
    yield "| " + " | ".join(heads(df, outcome)) + " |\n"
    yield "|" + "---|" * df.width + "\n"
    text = pl.all().fill_null("").str.replace_all(CONTROL, " ").str.replace_all(
        r"([\\`*_{}\[\]<>#|!~])", r"\${1}"
    )  # fmt: skip
    line = pl.format("| {} |\n", pl.concat_str(pl.all(), separator=" | "))
    yield from counted(df).select(text).select(line.alias("line"))["line"]


def cell(text: str) -> str:
    """Return text that stands on one line."""
    return text.replace("\n", " ")
