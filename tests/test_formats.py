"""Every format against three outcomes: clean, messy, empty; masking; the gate."""

import csv
import io
import json
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.frames import FINDINGS
from dtkstool.masking import mask_cell, mask_date, mask_name, mask_number, mask_sentence
from dtkstool.write.findings import Outcome, by_file, by_rule, gate
from dtkstool.write.formats import FORMATS, render
from tests.judging import judged

MESSY_ROWS = [
    {"nik": "320101510770001"},
    {
        "nama": "=HYPERLINK(1)",
        "tanggal_lahir": "25-12-1982",
        "nokk": "'3201010904120003",
        "nik": "3201015107700002",
    },
    {
        "jenis_kelamin": "3201015107700001",
        "nik": "",
        "hubungan": "ANAK",
        "nokk": "3201010904120004",
    },
]
FORM = {form.name: form for form in FORMATS}
each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


@pytest.fixture(scope="module")
def messy():
    return Outcome(judged(MESSY_ROWS), {"desa.xlsx": 3, "bersih.csv": 10})


@pytest.fixture
def clean():
    return Outcome(pl.DataFrame(schema=FINDINGS), {"bersih.csv": 10})


@pytest.fixture
def empty():
    return Outcome(pl.DataFrame(schema=FINDINGS), {})


def written(outcome, name, **options):
    return "".join(render(outcome, FORM[name], **options))


@each_format
def test_every_format_writes_every_outcome(form, messy, clean, empty):
    for outcome in (messy, clean, empty):
        text = "".join(render(outcome, form))
        assert text or (form.name == "jsonl" and outcome.findings.is_empty())


@each_format
def test_what_is_not_a_result_file_shows_no_whole_number_name_or_date(form, messy):
    if form.whole:
        return
    shown = "".join(render(messy, form))
    assert not re.search(r"\d{15}", shown)
    assert "HYPERLINK" not in shown
    assert "25-12-1982" not in shown
    assert "3201********0001" in shown


def test_unmasked_shows_the_whole_number(messy):
    assert "320101510770001" in written(messy, "json", unmasked=True)


def test_text_of_a_clean_outcome(clean):
    assert written(clean, "text") == (
        "Tidak ada temuan.\n\n"
        "Per berkas\n"
        "  berkas      diperiksa  fatal  galat  peringatan  info  baris  dari semua\n"
        "  bersih.csv  10         0      0      0           0     0      0.0 %\n\n"
        "10 baris diperiksa · 10 bersih · 0 dengan temuan · 0 temuan\n"
    )


def test_a_line_of_text_names_cell_code_and_masked_value(messy):
    assert (
        "  DTKS!A2  NIK02  galat       NIK berisi 15 angka, seharusnya 16 [3201********0001]\n"
        in written(messy, "text")
    )


def test_counts_are_never_capped_only_printing():
    many = judged([{"nik": ""}] * 30)
    shown = written(Outcome(many, {"desa.xlsx": 30}), "text")
    assert shown.count("NIK01  galat") == 20 + 1
    assert "… dan 10 temuan lain" in shown
    assert "30 temuan" in shown


def test_json_is_one_document_with_summary_and_findings(messy):
    document = json.loads(written(messy, "json"))
    assert document["summary"]["records"] == 13
    assert len(document["findings"]) == document["summary"]["findings"] == messy.findings.height
    assert document["findings"][0].keys() >= {
        "file",
        "sheet",
        "cell",
        "code",
        "severity",
        "message",
    }


def test_a_json_line_takes_at_most_250_bytes(messy):
    lines = written(messy, "jsonl").encode().splitlines()
    assert max(map(len, lines)) <= 300
    assert sum(map(len, lines)) / len(lines) <= 250


def test_json_lines_leave_out_what_is_absent(messy):
    line = json.loads(written(messy, "jsonl").splitlines()[0])
    assert None not in line.values()


def test_csv_holds_whole_values_and_no_formula(messy):
    text = written(messy, "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == messy.findings.height
    values = {row["value"] for row in rows}
    assert "320101510770001" in values
    assert not any(value.startswith(("=", "+", "@")) for value in values)


def test_rules_are_counted_in_findings_and_in_rows_most_severe_first(messy):
    rules = by_rule(messy)
    assert rules.filter(code="NIK01").select("count", "affected").row(0) == (1, 1)
    assert rules["severity"].is_sorted(descending=True)


def test_a_file_without_findings_is_counted_too(messy):
    assert by_file(messy).select("source_file", "records", "affected").rows() == [
        ("desa.xlsx", 3, 3),
        ("bersih.csv", 10, 0),
    ]


@pytest.mark.parametrize(
    ("fail_on", "max_rate", "records", "code"),
    [
        ("galat", None, 13, 1),
        ("fatal", None, 13, 0),
        ("never", None, 13, 0),
        ("info", None, 13, 1),
        ("galat", 0.5, 13, 0),
        ("galat", 0.1, 13, 1),
        ("galat", None, 0, 2),
        ("never", None, 0, 2),
    ],
)
def test_the_gate(messy, fail_on, max_rate, records, code):
    assert gate(messy.findings, fail_on=fail_on, max_rate=max_rate, records=records) == code


def test_a_damaged_column_fails_the_gate_whatever_the_rate():
    findings = judged([{"nik": "3.20101E+15"}] * 2).filter(pl.col("code") == "FIL03")
    assert gate(findings, fail_on="galat", max_rate=1.0, records=2) == 1


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


@settings(max_examples=60, deadline=None)
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
