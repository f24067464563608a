"""HTML: one page that needs nothing else, for people and for the office's archive."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import accumulate
from typing import Any

import polars as pl

from dtkstool import __version__
from dtkstool.rules.rule import Rule
from dtkstool.write.findings import Outcome, by_file, by_rule
from dtkstool.write.forms.places import LONGEST
from dtkstool.write.forms.text import CONTROL, place, total
from dtkstool.write.pieces import first

PER_RULE = 20
ROOM = 600_000
"""Bytes for all findings listed, shared out among the rules."""
FILES = 150_000
"""Bytes for the table of files. With the rules' texts a page stays under 1 MB however much is
found; counts are never capped."""
PARTS = ("why", "fix", "known_problems")
COLOUR = {"fatal": "#7a0c2e", "galat": "#c0392b", "peringatan": "#b9770e", "info": "#2e6da4"}
STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.v{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
.bar{background:var(--soft);width:9rem;height:.7rem;border-radius:3px;overflow:hidden}
.bar i{display:block;height:100%}
.s{display:inline-block;padding:0 .45rem;border-radius:3px;color:#fff;font-size:.85em}
details{border:1px solid var(--line);border-radius:6px;margin:.6rem 0;padding:.4rem .8rem}
summary{cursor:pointer}dt{font-weight:600}dd{margin:0 0 .4rem}
@media (max-width:45rem){
body{font-size:13px;margin:1rem auto;padding:0 .6rem}h1{font-size:1.4rem}
table{display:block;overflow-x:auto}th,td{padding:.2rem .3rem}
.bar{display:none}details{padding:.3rem .5rem}}
@media print{details{break-inside:avoid}}
"""


def html(outcome: Outcome) -> Iterator[str]:
    """Give the page: counts per rule and file with bars, then each rule with its first findings."""
    rules = by_rule(outcome)
    title = escape(outcome.say("html.title"))
    yield (
        f'<!doctype html>\n<html lang="{outcome.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n"
    )
    yield f"<p>{escape(total(outcome))}</p>\n"
    yield from rule_table(rules, outcome)
    yield from file_table(outcome)
    yield from rule_entries(rules, outcome)
    yield f"<footer><small>dtkstool {__version__}</small></footer>\n</body></html>\n"


def rule_table(rules: pl.DataFrame, outcome: Outcome) -> Iterator[str]:
    """Give the counts per rule."""
    if rules.is_empty():
        yield f"<p>{escape(outcome.say('none'))}</p>\n"
        return
    most = rules["count"].max()
    yield head("by_rule", ("code", "title", "severity"), ("count", "affected", "share"), outcome)
    for rule in rules.iter_rows(named=True):
        code, of = rule["code"], rule["severity"]
        words = escape(outcome.catalogue[code].text("title", outcome.lang))
        yield (
            f'<tr><td><a href="#{code}">{code}</a></td><td>{words}</td>'
            f"<td>{badge(of, outcome)}</td>"
            f"{number(rule['count'])}{number(rule['affected'])}{percent(rule['share'])}"
            f"<td>{bar(rule['count'] / most, COLOUR[of])}</td></tr>\n"
        )
    yield "</table>\n"


def file_table(outcome: Outcome) -> Iterator[str]:
    """Give the counts per file, those with most affected rows first."""
    files = by_file(outcome)
    worst = files.sort("affected", descending=True, maintain_order=True)
    counts = ("records", "fatal", "galat", "peringatan", "info", "affected", "share")
    yield head("by_file", ("source_file",), counts, outcome)
    listed = fitting((file_row(file, counts) for file in worst.iter_rows(named=True)), FILES)
    yield "".join(listed) + "</table>\n"
    if files.height > len(listed):
        yield f"<p>{escape(outcome.say('more_files', count=files.height - len(listed)))}</p>\n"


def file_row(file: Mapping[str, Any], counts: tuple[str, ...]) -> str:
    """Return one file's counts."""
    numbers = "".join(number(file[name]) for name in counts[:-1])
    kind = f" · {escape(file['profile'])}" if file.get("profile") else ""
    return (
        f"<tr><td>{cut(file['source_file'])}{kind}</td>{numbers}{percent(file['share'])}"
        f"<td>{bar(min(file['share'], 1), COLOUR['galat'])}</td></tr>\n"
    )


def fitting(rows: Iterable[str], room: int) -> list[str]:
    """Return the first rows, as many as fit into `room` bytes."""
    listed = list(rows)
    sizes = accumulate(len(row.encode()) for row in listed)
    return [row for row, size in zip(listed, sizes, strict=True) if size <= room]


def rule_entries(rules: pl.DataFrame, outcome: Outcome) -> Iterator[str]:
    """Give each broken rule: why it matters, what to do, and its first findings."""
    line = pl.col("message", "value", "suggestion").str.replace_all(CONTROL, " ")
    listed_ = (
        first(outcome.findings, PER_RULE, ("code",))
        .pipe(outcome.shown)
        .with_columns(line, place())
        .partition_by("code", as_dict=True)
    )
    for rule in rules.iter_rows(named=True):
        code = rule["code"]
        of = outcome.catalogue[code]
        yield (
            f'<details id="{code}"><summary>{badge(rule["severity"], outcome)} <b>{code}</b>'
            f" {escape(of.text('title', outcome.lang))} ({rule['count']})</summary>\n"
        )
        yield explained(of, outcome)
        yield from listed(listed_[(code,)], rule["count"], ROOM // rules.height, outcome)
        yield "</details>\n"


def explained(rule: Rule, outcome: Outcome) -> str:
    """Return why a rule matters and what to do."""
    texts = {part: rule.text(part, outcome.lang) for part in PARTS}
    entries = "".join(
        f"<dt>{escape(outcome.say(f'docs.{part}'))}</dt><dd>{escape(text)}</dd>"
        for part, text in texts.items()
        if text
    )
    return f"<dl>{entries}</dl>\n"


def listed(findings: pl.DataFrame, count: int, room: int, outcome: Outcome) -> Iterator[str]:
    """Give a rule's first findings, as many as have room, as a table."""
    columns = ("source_file", "place", "value", "message", "suggestion")
    yield head("", columns, (), outcome)
    cells = (
        "".join(shown(finding, name) for name in columns)
        for finding in findings.iter_rows(named=True)
    )
    rows = fitting((f"<tr>{of_finding}</tr>\n" for of_finding in cells), room)
    yield "".join(rows) + "</table>\n"
    if count > len(rows):
        yield f"<p>{escape(outcome.say('left_out', count=count - len(rows)))}</p>\n"


def shown(finding: Mapping[str, Any], name: str) -> str:
    """Return one cell of a finding."""
    kind = ' class="v"' if name in ("value", "suggestion") else ""
    return f"<td{kind}>{cut(finding[name] or '')}</td>"


def head(
    title: str, words: tuple[str, ...], numbers: tuple[str, ...], outcome: Outcome
) -> str:  # fmt: skip
    """Return a table's title and headings."""
    heads = "".join(f"<th>{escape(word(name, outcome))}</th>" for name in words)
    counts = "".join(f'<th class="n">{escape(word(name, outcome))}</th>' for name in numbers)
    above = f"<h2>{escape(outcome.say(title))}</h2>\n" if title else ""
    return f"{above}<table><tr>{heads}{counts}{'<th></th>' if numbers else ''}</tr>\n"


def word(name: str, outcome: Outcome) -> str:
    """Return a column's heading."""
    return outcome.say(f"severity.{name}" if name in COLOUR else f"head.{name}")


def badge(name: str, outcome: Outcome) -> str:
    """Return a severity as a coloured word."""
    said = escape(outcome.say(f"severity.{name}"))
    return f'<span class="s" style="background:{COLOUR[name]}">{said}</span>'


def bar(share: float, colour: str) -> str:
    """Return a bar, `share` (0–1) of it filled."""
    return f'<div class="bar"><i style="width:{share:.1%};background:{colour}"></i></div>'


def number(value: int) -> str:
    """Return a count as a cell."""
    return f'<td class="n">{value}</td>'


def percent(share: float) -> str:
    """Return a share (0–1) as a cell."""
    return f'<td class="n">{share:.2%}</td>'


def cut(text: str) -> str:
    """Return text for the page, at most `LONGEST` signs of it."""
    return escape(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
