"""SARIF 2.1.0, which code scanning services and editors read.

Format: docs.oasis-open.org/sarif/sarif/v2.1.0; what GitHub reads of it: docs.github.com, "SARIF
support for code scanning".
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dtkstool import __version__
from dtkstool.rules.rule import Rule
from dtkstool.write.findings import Outcome
from dtkstool.write.forms.places import MOST, brief, column_number, uri

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVEL = {"fatal": "error", "galat": "error", "peringatan": "warning", "info": "note"}
HELP = ("why", "fix", "known_problems")
"""Without the example: a made-up NIK in it would look like a leak to whoever scans the file."""


def sarif(outcome: Outcome) -> Iterator[str]:
    """Give one run: every rule with its help, then the findings, most severe first.

    A spreadsheet's cell is a region with row and column; of a text file only the line is given,
    since a cell's place in its line is not known. Both name the cell as logical location.
    """
    rules = list(outcome.catalogue.values())
    position = {rule.code: at for at, rule in enumerate(rules)}
    driver = {
        "name": "dtkstool",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [described(rule, outcome) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "language": outcome.lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, **left_out(outcome)}],
    }
    head = json.dumps({"$schema": SCHEMA, "version": "2.1.0"}, ensure_ascii=False)
    yield f'{head[:-1]}, "runs": [{json.dumps(run, ensure_ascii=False)[:-1]},\n"results": ['
    separator = "\n"
    shown = outcome.shown(outcome.worst(MOST)).with_columns(brief("message", "value", "suggestion"))
    for finding in shown.iter_rows(named=True):
        found = result(finding, position[finding["code"]])
        yield separator + json.dumps(found, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}]}\n"


def left_out(outcome: Outcome) -> dict[str, Any]:
    """Return the notification that says how many findings are left out; empty if none are."""
    left = outcome.findings.height - MOST
    if left <= 0:
        return {}
    said = {"text": outcome.say("left_out", count=left)}
    return {"toolExecutionNotifications": [{"level": "warning", "message": said}]}


def described(rule: Rule, outcome: Outcome) -> dict[str, Any]:
    """Return a rule as a reporting descriptor with its help."""
    texts = {part: rule.text(part, outcome.lang) for part in ("title", *HELP)}
    helped = [(outcome.say(f"docs.{part}"), texts[part]) for part in HELP if texts[part]]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": texts["title"]},
        "fullDescription": {"text": texts["why"] or texts["title"]},
        "help": {
            "text": "\n\n".join(f"{head}: {text}" for head, text in helped) or texts["title"],
            "markdown": "\n\n".join(f"**{head}.** {text}" for head, text in helped)
            or texts["title"],
        },
        "defaultConfiguration": {"level": LEVEL[rule.severity]},
        "properties": {"tags": [rule.column, rule.scope], "severity": rule.severity},
    }


def result(finding: Mapping[str, Any], index: int) -> dict[str, Any]:
    """Return a finding as a result."""
    known_as = f"{finding['fingerprint']}:{finding['nth']}"
    more = {name: finding[name] for name in ("column", "value", "suggestion", "action")}
    return {
        "ruleId": finding["code"],
        "ruleIndex": index,
        "level": LEVEL[finding["severity"]],
        "message": {"text": finding["message"]},
        "locations": [location(finding)],
        "partialFingerprints": {"primaryLocationLineHash": known_as, "dtkstool/v1": known_as},
        "properties": {name: value for name, value in more.items() if value is not None},
    }


def location(finding: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a finding is: file, line, and the cell's name."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(finding["source_file"] or "")}}
    if finding["row"]:
        physical["region"] = region(finding)
    name = "!".join(part for part in (finding["sheet"], finding["cell"]) if part)
    logical = [{"fullyQualifiedName": name, "kind": "member"}] if name else []
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if logical else {})


def region(finding: Mapping[str, Any]) -> dict[str, int]:
    """Return the row, and the column where the file has sheets."""
    column = column_number(finding["cell"]) if finding["sheet"] else None
    return {"startLine": finding["row"]} | ({"startColumn": column} if column else {})
