"""GitLab's code quality report: a JSON array, one object a finding.

Format: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
"""

import json
from collections.abc import Iterator

from dtkstool.write.findings import Outcome
from dtkstool.write.forms.places import MOST
from dtkstool.write.forms.text import place, said

SEVERITY = {"fatal": "blocker", "galat": "critical", "peringatan": "minor", "info": "info"}


def gitlab(outcome: Outcome) -> Iterator[str]:
    """Give the array, most severe first; a finding on a whole file or column is on line 1."""
    shown = outcome.shown(outcome.worst(MOST)).select(
        "source_file", "row", "code", "severity", "fingerprint", "nth", place(), said(outcome)
    )
    separator = "[\n"
    for finding in shown.iter_rows(named=True):
        where = f"{finding['place']}: " if finding["place"] else ""
        issue = {
            "description": where + finding["said"],
            "check_name": finding["code"],
            "fingerprint": f"{finding['fingerprint']}-{finding['nth']}",
            "severity": SEVERITY[finding["severity"]],
            "location": {
                "path": finding["source_file"].removeprefix("./"),
                "lines": {"begin": finding["row"] or 1},
            },
        }
        yield separator + json.dumps(issue, ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n" if shown.height else "[]\n"
