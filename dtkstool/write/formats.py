"""The forms findings are given out in; each is one value in `FORMATS`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dtkstool.write.baseline import traced
from dtkstool.write.findings import Outcome
from dtkstool.write.forms.csv import csv
from dtkstool.write.forms.github import github
from dtkstool.write.forms.gitlab import gitlab
from dtkstool.write.forms.html import html
from dtkstool.write.forms.json import document, lines
from dtkstool.write.forms.junit import junit
from dtkstool.write.forms.markdown import markdown
from dtkstool.write.forms.sarif import sarif
from dtkstool.write.forms.text import text
from dtkstool.write.pieces import changed


@dataclass(frozen=True)
class Format:
    """One form of output."""

    name: str
    render: Callable[[Outcome], Iterator[str]]
    """Gives the text in pieces that can be written one after another."""
    whole: bool = False
    """Whether it is a result file, with whole values; the others are masked unless asked."""
    traced: bool = False
    """Whether it wants the `fingerprint` and `nth` of each finding (`baseline.traced`)."""


def render(outcome: Outcome, form: Format, *, unmasked: bool = False) -> Iterator[str]:
    """Return an outcome in one form, personal values masked unless `unmasked` or a result file."""
    if form.traced:
        outcome = replace(outcome, findings=changed(outcome.findings, traced))
    return form.render(replace(outcome, unmasked=unmasked or form.whole))


FORMATS: tuple[Format, ...] = (
    Format("text", text),
    Format("json", document),
    Format("jsonl", lines),
    Format("csv", csv, whole=True),
    Format("github", github),
    Format("sarif", sarif, traced=True),
    Format("junit", junit),
    Format("gitlab", gitlab, traced=True),
    Format("html", html),
    Format("markdown", markdown),
)
