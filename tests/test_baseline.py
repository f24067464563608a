"""A baseline lets through the findings it knows and nothing else, and holds nothing personal."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.errors import BadConfiguration
from dtkstool.write.baseline import HEADER, fingerprints, load, unknown, write
from tests.gate import FAULTY, HEADINGS, SOUND, messy, validate


def test_a_baseline_lets_through_what_it_knows_and_nothing_else(capsys, files):
    assert validate(capsys, "salah.csv", "--write-baseline", "dasar.txt")[0] == 0
    code, out, err = validate(capsys, "bersih.csv", "salah.csv", "--baseline", "dasar.txt")
    assert code == 0 and "NIK02" not in out
    assert "1 findings are known and not counted, 0 are there no more" in err
    (files / "salah.csv").write_text(HEADINGS + FAULTY + SOUND + FAULTY.replace("NUR", "SRI "))
    code, out, _ = validate(capsys, "salah.csv", "--baseline", "dasar.txt")
    assert code == 1 and "A4" in out and "A2" not in out


@settings(max_examples=20, deadline=None)
@given(st.randoms())
def test_a_baseline_knows_its_findings_in_any_order_and_under_any_file_name(random):
    order = random.sample(range(messy().height), messy().height)
    later = messy()[order].with_columns(
        source_file=pl.lit("bulan depan.xlsx"), row=pl.col("row") + 7
    )
    assert sorted(fingerprints(later)) == sorted(fingerprints(messy()))


def test_a_baseline_counts_findings_that_look_alike(tmp_path):
    write(messy(), tmp_path / "b.txt")
    twice = pl.concat([messy(), messy().head(1)])
    assert unknown(twice, load(tmp_path / "b.txt")).height == 1


def test_a_baseline_holds_nothing_personal_and_is_the_same_in_any_order(tmp_path):
    write(messy(), tmp_path / "a.txt")
    write(messy().reverse(), tmp_path / "b.txt")
    text = (tmp_path / "a.txt").read_text()
    assert text == (tmp_path / "b.txt").read_text()
    assert all(re.fullmatch(r"[A-Z]+\d\d [0-9a-f]{16} \d+", line) for line in text.splitlines()[1:])


@pytest.mark.parametrize("text", ["", "NIK01 abc 1", f"{HEADER}\nNIK01 abc", f"{HEADER}\na b c"])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    (tmp_path / "b.txt").write_text(text)
    with pytest.raises(BadConfiguration):
        load(tmp_path / "b.txt")


def test_an_empty_baseline_knows_nothing(tmp_path):
    write(messy().clear(), tmp_path / "b.txt")
    assert unknown(messy(), load(tmp_path / "b.txt")).equals(messy())
