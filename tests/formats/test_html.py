"""The pages people read in a browser or a merge request: whole, small, and running nothing."""

import re
from html.parser import HTMLParser

import polars as pl
import pytest

from dtkstool.frames import FINDINGS
from dtkstool.write.findings import Outcome
from tests.formats.outcomes import written
from tests.judging import judged


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.links = [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ["messy", "clean", "empty", "huge"])
def test_html_is_one_whole_page_below_a_megabyte(name, request):
    page = written(request.getfixturevalue(name), "html")
    assert len(page.encode()) <= 1_000_000
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert all(link.startswith("#") for link in parser.links)


def test_on_a_phone_wide_tables_scroll_and_the_page_does_not(messy):
    page = written(messy, "html")
    assert 'content="width=device-width' in page
    assert re.search(r"@media \(max-width.*table\{display:block;overflow-x:auto\}", page, re.S)


def test_html_counts_everything_it_does_not_show(huge):
    page = written(huge, "html")
    assert "(40)" in page
    assert re.search(r"dan [23]\d temuan lain", page)


def test_html_runs_nothing_that_stands_in_a_cell():
    findings = judged([{"nik": "1"}]).with_columns(
        value=pl.lit("<script>alert(1)</script>"), source_file=pl.lit("<img src=x>.csv")
    )
    page = written(Outcome(findings, {}), "html", unmasked=True)
    assert "<script" not in page and "<img" not in page


def test_markdown_shows_a_file_name_as_it_is():
    files = Outcome(pl.DataFrame(schema=FINDINGS), {"a|b_[x](y).csv": 1})
    assert r"| a\|b\_\[x\](y).csv | 1 |" in written(files, "markdown")
