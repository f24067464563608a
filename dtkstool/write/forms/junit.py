"""JUnit XML: a suite per file, a case per rule, as Jenkins, GitLab and Azure read it.

Format: `junit-10.xsd` of the Jenkins xUnit plugin.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from dtkstool.rules.rule import Rule
from dtkstool.write.findings import Outcome
from dtkstool.write.forms.text import place, said
from dtkstool.write.pieces import first, summed

PER_CASE = 50
"""Findings listed of one rule in one file; all are counted."""
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no XML 1.0 document may hold, not even escaped."""
Cases = Mapping[tuple[str, str], tuple[int, str]]


def junit(outcome: Outcome) -> Iterator[str]:
    """Give the suites; rules below the gate's severity pass and tell what they found aside."""
    cases = by_case(outcome)
    files = list(dict.fromkeys(chain(outcome.records, (file for file, _ in cases))))
    failed = sum(1 for _, code in cases if outcome.fails(outcome.catalogue[code].severity))
    tests = len(files) * len(outcome.catalogue)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="dtkstool" tests="{tests}" failures="{failed}" errors="0" time="0">\n'
    for file in files:
        yield from suite(file, cases, outcome)
    yield "</testsuites>\n"


def by_case(outcome: Outcome) -> Cases:
    """Return the number of findings and the first of them in words, by file and code."""
    line = pl.concat_str(place(), said(outcome), separator="  ").str.strip_chars_start(" ")
    case = ["source_file", "code"]
    counts = summed(outcome.findings, case, count=pl.len())
    shown = outcome.shown(first(outcome.findings, PER_CASE, case))
    lines = shown.group_by(case).agg(line.str.join("\n").alias("lines"))
    told = counts.join(lines, on=case, nulls_equal=True, maintain_order="left")
    return {(file or "", code): (count, lines) for file, code, count, lines in told.iter_rows()}


def suite(file: str, cases: Cases, outcome: Outcome) -> Iterator[str]:
    """Give one file's suite."""
    rules = outcome.catalogue.values()
    failed = sum(1 for rule in rules if (file, rule.code) in cases and outcome.fails(rule.severity))
    yield (
        f'<testsuite name={attribute(file)} tests="{len(rules)}" failures="{failed}" errors="0"'
        ' skipped="0" time="0">\n'
    )
    for rule in rules:
        yield case(file, rule, cases.get((file, rule.code)), outcome)
    yield "</testsuite>\n"


def case(file: str, rule: Rule, found: tuple[int, str] | None, outcome: Outcome) -> str:
    """Return one rule's case in one file."""
    name = attribute(f"{rule.code} {rule.text('title', outcome.lang)}")
    head = f'<testcase classname={attribute(file)} name={name} time="0"'
    if found is None:
        return f"{head}/>\n"
    count, lines = found
    more = count - PER_CASE
    told = lines + (f"\n{outcome.say('left_out', count=more)}" if more > 0 else "")
    if not outcome.fails(rule.severity):
        return f"{head}><system-out>{content(told)}</system-out></testcase>\n"
    said = attribute(outcome.say("count", count=count))
    failure = f'<failure type="{rule.severity}" message={said}>{content(told)}</failure>'
    return f"{head}>{failure}</testcase>\n"


def attribute(text: str) -> str:
    """Return text as a quoted attribute."""
    return quoteattr(NOT_XML.sub("", text))


def content(text: str) -> str:
    """Return text as an element's content."""
    return escape(NOT_XML.sub("", text))
