"""The forms findings are given out in; each is one value in `FORMATS`."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from dtkstool.messages import message
from dtkstool.write.findings import Outcome, affected, by_file, by_rule, masked

SHOWN = 20
"""Findings printed per file; counts are never capped."""
FORMULA = r"^([=+@\t\r]|-.)"
BOM = "\ufeff"
IN_JSON = ("sheet", "row", "cell", "column", "value", "code", "severity", "message", "suggestion",
           "action")  # fmt: skip


@dataclass(frozen=True)
class Format:
    """One form of output."""

    name: str
    suffix: str
    render: Callable[[Outcome], Iterator[str]]
    """Gives the text in pieces that can be written one after another."""
    whole: bool = False
    """Whether it is a result file, with whole values unless asked otherwise; others are masked."""


def render(outcome: Outcome, form: Format, *, unmasked: bool = False) -> Iterator[str]:
    """Return an outcome in one form, personal values masked unless `unmasked` or a result file."""
    return form.render(outcome if unmasked or form.whole else masked(outcome))


def text(outcome: Outcome) -> Iterator[str]:
    """Give plain text: per file its most severe findings, then counts per rule and per file."""
    lang = outcome.lang
    for (file,), findings in outcome.findings.group_by("source_file", maintain_order=True):
        yield f"{file}\n"
        worst = findings.sort("severity", descending=True, maintain_order=True).head(SHOWN)
        yield from lines(worst, outcome)
        if findings.height > SHOWN:
            yield f"  {message('findings.more', lang, count=findings.height - SHOWN)}\n"
        yield "\n"
    if outcome.findings.is_empty():
        yield message("findings.none", lang) + "\n\n"
    else:
        yield table("findings.by_rule", worded(by_rule(outcome), outcome), outcome)
    yield table("findings.by_file", by_file(outcome).select(OF_FILE), outcome)
    yield total(outcome) + "\n"


SEVERITIES = ("info", "peringatan", "galat", "fatal")
OF_FILE = ("source_file", "records", "fatal", "galat", "peringatan", "info", "affected", "share")


def total(outcome: Outcome) -> str:
    """Return the closing count: rows checked, clean, with findings."""
    rows = affected(outcome.findings)
    return message(
        "findings.total",
        outcome.lang,
        records=outcome.total,
        clean=outcome.total - rows,
        affected=rows,
        findings=outcome.findings.height,
    )


def lines(findings: pl.DataFrame, outcome: Outcome) -> Iterator[str]:
    """Give one line per finding: place, code, severity, value, message, suggestion."""
    sheet = pl.when(pl.col("sheet") != "").then(pl.col("sheet") + "!").otherwise(pl.lit(""))
    suggestion = message("findings.suggestion", outcome.lang, suggestion="{}")
    printed = findings.select(
        (sheet.fill_null("") + pl.col("cell").fill_null("")).alias("place"),
        "code",
        severity(outcome).alias("severity"),
        pl.concat_str(
            pl.col("message"),
            pl.format(" [{}]", "value").fill_null(""),
            pl.format(f" · {suggestion}", "suggestion").fill_null(""),
        ).str.replace_all(r"[\x00-\x1f\x7f]", " ").alias("said"),
    )  # fmt: skip
    return aligned(printed)


def severity(outcome: Outcome) -> pl.Expr:
    """Return the severity in the outcome's language."""
    words = {name: message(f"findings.severity.{name}", outcome.lang) for name in SEVERITIES}
    return pl.col("severity").cast(pl.String).replace_strict(words)


def worded(rules: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    """Return `by_rule` with the severity in words and the rule's title."""
    titles = {code: message(f"rules.{code}.title", outcome.lang) for code in rules["code"]}
    title = pl.col("code").replace_strict(titles, return_dtype=pl.String).alias("title")
    word = severity(outcome).alias("severity")
    return rules.select("code", word, "count", "affected", "share", title)


def table(title: str, df: pl.DataFrame, outcome: Outcome) -> str:
    """Return a titled table as text, shares in per cent."""
    lang = outcome.lang
    heads = [
        message(
            f"findings.severity.{name}" if name in SEVERITIES else f"findings.head.{name}", lang
        )
        for name in df.columns
    ]
    shown = df.with_columns(
        (pl.col("share") * 100).round(2).cast(pl.String) + " %"
    ).select(pl.all().cast(pl.String))  # fmt: skip
    header = pl.DataFrame({name: [head] for name, head in zip(df.columns, heads, strict=True)})
    return f"{message(title, lang)}\n{''.join(aligned(pl.concat([header, shown])))}\n"


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


def json_lines(outcome: Outcome) -> Iterator[str]:
    """Give one JSON object per finding and line, absent values left out."""
    named = pl.struct(pl.col("source_file").alias("file"), *IN_JSON).struct.json_encode()
    absent = r',"\w+":(null|"")'
    for line in outcome.findings.select(named.str.replace_all(absent, "").alias("line"))["line"]:
        yield f"{line}\n"


def json_document(outcome: Outcome) -> Iterator[str]:
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
    for line in json_lines(outcome):
        yield separator + line.rstrip("\n")
        separator = ",\n"
    yield "\n]}\n"


def csv(outcome: Outcome) -> Iterator[str]:
    """Give CSV, UTF-8 with a byte-order mark and a semicolon-free comma, whole values.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    safe = [
        pl.when(pl.col(name).str.contains(FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in ("id_dtks", "value", "suggestion", "message")
    ]
    yield BOM
    yield outcome.findings.with_columns(safe).write_csv()


FORMATS: tuple[Format, ...] = (
    Format("text", ".txt", text),
    Format("json", ".json", json_document),
    Format("jsonl", ".jsonl", json_lines),
    Format("csv", ".csv", csv, whole=True),
)
