"""Nobody's number, name or birth date is shown whole where it need not be."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.masking import mask_cell, mask_date, mask_name, mask_number, mask_sentence


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_number, "3201015107700001", "3201********0001"),
        (mask_number, " '3201015107700001", "'320********0001"),
        (mask_number, "3.20101E+15", "3.2****"),
        (mask_number, "-", "-"),
        (mask_name, "SITI AMINAH", "S*** A*****"),
        (mask_date, "11-07-1970", "**-**-1970"),
        (mask_date, "30405", "*****"),
        (mask_date, "11 Juli 1970", "** Juli 1970"),
        (mask_date, "11JUL70", "**JUL**"),
        (mask_sentence, "NIK 32.01.01.510770.0001 lahir 11-07-1970", "NIK 32.01********0001 lahir **-**-1970"),
        (mask_sentence, "kode 3201012001", "kode 3201012001"),
    ],
)  # fmt: skip
def test_masking(mask, value, shown):
    assert pl.select(mask(pl.lit(value))).item() == shown


@settings(max_examples=30, deadline=None)
@given(
    st.from_regex(r"[1-9][0-9]{15}", fullmatch=True),
    st.sampled_from(["", " ", ".", "-", "'"]),
    st.sampled_from(
        ["nik", "nokk", "id_dtks", "jenis_kelamin", "alamat", "kode_desa", "tanggal_lahir"]
    ),
)
def test_no_cell_shows_a_whole_nik_when_masked(nik, separator, field):
    typed = separator.join(re.findall("..", nik))
    shown = pl.select(mask_cell(pl.lit(typed), pl.lit(field))).item()
    assert sum(sign.isdigit() for sign in shown) <= 8
