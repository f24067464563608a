"""The report: counts that agree with the decisions, nothing personal, one self-contained page."""

import re

import polars as pl

from dtkstool.messages import message
from tests.town import CHILD, HEAD, death, listed, month


def test_the_report_counts_what_was_decided_and_names_nobody(tmp_path):
    register = [listed(HEAD), listed(CHILD, "A2"), listed(CHILD, "A3", Kecamatan="", Desa="")]
    outcome = month(tmp_path, register, [HEAD, CHILD], kematian=[death(HEAD)])
    page = (tmp_path / "hasil" / "laporan.html").read_text("utf-8")
    assert (
        "3 data dari 1 berkas" in page
        and "Cibinong" in page
        and "(kecamatan tidak dikenal)" in page
    )
    for action, count in outcome.decisions.group_by(pl.col("action").cast(pl.String)).len().rows():
        label = message(f"cli.action.{action}", "id")
        assert f'<td>{label}</td><td class="number">{count}</td>' in page
    assert not re.search(r"\d{16}", page) and "SITI" not in page
    assert not re.search(r"(src|href)=", page) and len(page) < 1_000_000
