"""Every format against three outcomes: clean, messy, empty; text, JSON and CSV to the letter."""

import csv
import io
import json
import re

import polars as pl
import pytest

from dtkstool.messages import message
from dtkstool.write.findings import Outcome, by_file, by_rule
from dtkstool.write.formats import FORMATS, render
from tests.formats.outcomes import written
from tests.judging import judged

each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


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
    assert not re.search(r"\d{16}", shown) or form.traced
    assert not re.search(r"3201015107700001|320101510770001|3201010904120003", shown)
    assert "HYPERLINK" not in shown
    assert "25-12-1982" not in shown
    assert "3201********0001" in shown or form.name == "markdown"


BRIEF = ("text", "github", "sarif", "junit", "gitlab", "html", "markdown")


@pytest.mark.parametrize("name", BRIEF)
def test_of_a_cell_that_holds_a_whole_letter_only_the_beginning_is_shown(name, messy):
    findings = messy.findings.with_columns(value=pl.lit("surat " * 5000))
    letter, usual = (
        len(written(Outcome(of, messy.records), name)) for of in (findings, messy.findings)
    )
    assert letter < usual + 1000 * findings.height


@each_format
def test_every_format_speaks_both_languages(form, messy):
    id_, en = (
        "".join(render(Outcome(messy.findings, messy.records, lang), form)) for lang in ("id", "en")
    )
    assert id_ != en or form.name in ("json", "jsonl", "csv", "gitlab")


@each_format
def test_the_help_names_every_format(form):
    assert re.search(rf"\b{form.name}\b", message("gate.option.format", "id"))


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
    many = judged([{"nik": ""}] * 30).filter(code="NIK01")
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
