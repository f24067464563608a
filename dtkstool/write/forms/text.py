"""Plain text for a terminal."""

from collections.abc import Iterator

import polars as pl

from dtkstool.write.findings import SEVERITIES, Outcome, affected, by_file, by_rule
from dtkstool.write.forms.places import brief
from dtkstool.write.pieces import summed

SHOWN = 20
"""Findings printed per file; counts are never capped."""
CONTROL = r"[\x00-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]"
"""Signs that would move the cursor, colour the screen or turn the direction of writing."""
OF_FILE = ("source_file", "records", "fatal", "galat", "peringatan", "info", "affected", "share")


def text(outcome: Outcome) -> Iterator[str]:
    """Give per file its most severe findings, then counts per rule and per file."""
    worst = outcome.worst(SHOWN, ("source_file",)).partition_by("source_file", as_dict=True)
    for file, count in summed(outcome.findings, ("source_file",), count=pl.len()).iter_rows():
        yield f"{file}\n"
        yield from listed(outcome.shown(worst[(file,)]), outcome)
        if count > SHOWN:
            yield f"  {outcome.say('more', count=count - SHOWN)}\n"
        yield "\n"
    if not outcome.findings.height:
        yield outcome.say("none") + "\n\n"
    else:
        yield table("by_rule", worded(outcome), outcome)
    yield table("by_file", of_files(outcome), outcome)
    yield total(outcome) + "\n"


def of_files(outcome: Outcome) -> pl.DataFrame:
    """Return `by_file` as it is shown, with the kind of each file where it is known."""
    files = by_file(outcome)
    return files.select(name for name in (*OF_FILE, "profile") if name in files.columns)


def total(outcome: Outcome) -> str:
    """Return the closing count: rows checked, clean, with findings."""
    rows = affected(outcome.findings)
    return outcome.say(
        "total",
        records=outcome.total,
        clean=outcome.total - rows,
        affected=rows,
        findings=outcome.findings.height,
    )


def listed(findings: pl.DataFrame, outcome: Outcome) -> Iterator[str]:
    """Give one line per finding: place, code, severity, value, message, suggestion."""
    return aligned(
        findings.select(place(), "code", severity(outcome).alias("severity"), said(outcome))
    )


def place() -> pl.Expr:
    """Return where a finding is inside its file, as `Sheet1!C17`; empty if nowhere closer."""
    sheet = pl.when(pl.col("sheet") != "").then("sheet")
    cell = pl.coalesce(pl.col("cell").replace("", None), pl.col("row").cast(pl.String))
    return pl.concat_str(sheet, cell, separator="!", ignore_nulls=True).alias("place")


def said(outcome: Outcome) -> pl.Expr:
    """Return the message, the value and the suggestion in one line without control signs.

    Of a cell that holds a whole letter only the beginning is said.
    """
    suggestion = outcome.say("suggestion", suggestion="{}")
    return (
        pl.concat_str(
            brief("message"),
            pl.format(" [{}]", brief("value")).fill_null(""),
            pl.format(f" · {suggestion}", brief("suggestion")).fill_null(""),
        )
        .str.replace_all(CONTROL, " ")
        .alias("said")
    )


def severity(outcome: Outcome) -> pl.Expr:
    """Return the severity in the outcome's language."""
    words = {name: outcome.say(f"severity.{name}") for name in SEVERITIES}
    return pl.col("severity").cast(pl.String).replace_strict(words, return_dtype=pl.String)


def worded(outcome: Outcome) -> pl.DataFrame:
    """Return `by_rule` with the severity in words and the rule's title."""
    rules = by_rule(outcome)
    titles = {code: outcome.catalogue[code].text("title", outcome.lang) for code in rules["code"]}
    title = pl.col("code").replace_strict(titles, return_dtype=pl.String).alias("title")
    word = severity(outcome).alias("severity")
    return rules.select("code", word, "count", "affected", "share", title)


def heads(df: pl.DataFrame, outcome: Outcome) -> list[str]:
    """Return the headings of a counting table's columns."""
    return [
        outcome.say(f"severity.{name}" if name in SEVERITIES else f"head.{name}")
        for name in df.columns
    ]


def counted(df: pl.DataFrame) -> pl.DataFrame:
    """Return a counting table as text, shares in per cent."""
    percent = (pl.col("share") * 100).round(2).cast(pl.String) + " %"
    return df.with_columns(percent).select(pl.all().cast(pl.String))


def table(title: str, df: pl.DataFrame, outcome: Outcome) -> str:
    """Return a titled counting table."""
    named = zip(df.columns, heads(df, outcome), strict=True)
    header = pl.DataFrame({name: [head] for name, head in named})
    return f"{outcome.say(title)}\n{''.join(aligned(pl.concat([header, counted(df)])))}\n"


def aligned(df: pl.DataFrame) -> Iterator[str]:
    """Give the rows of text columns as lines with aligned columns, the last one ragged."""
    *padded, last = df.columns
    columns = [
        pl.col(name).fill_null("").str.pad_end(pl.col(name).str.len_chars().max())
        for name in padded
    ]
    line = pl.concat_str(*columns, pl.col(last).fill_null(""), separator="  ")
    for row in df.select(("  " + line).str.strip_chars_end(" ").alias("line"))["line"]:
        yield f"{row}\n"
