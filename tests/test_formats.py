"""Every format against three outcomes: clean, messy, empty; masking; what programs demand."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.frames import FINDINGS
from dtkstool.masking import mask_cell, mask_date, mask_name, mask_number, mask_sentence
from dtkstool.messages import message
from dtkstool.write.findings import JUDGING, Outcome, by_file, by_rule
from dtkstool.write.formats import FORMATS, render
from dtkstool.write.forms.places import column_number, uri
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


@pytest.fixture(scope="module")
def huge():
    """Every rule broken 40 times, in long cells."""
    many = pl.DataFrame(
        [
            {
                "source_file": f"desa {at % 700}.xlsx", "sheet": "Sheet1", "row": at + 2,
                "cell": f"B{at + 2}", "column": "alamat", "value": "JALAN " * 40, "code": rule.code,
                "severity": rule.severity, "message": "<&\">" * 60, "action": rule.action,
                "record_id": f"r{at}",
            }
            for at in range(40) for rule in JUDGING
        ],
        schema=FINDINGS,
    )  # fmt: skip
    return Outcome(many, {f"desa {at}.xlsx": 100 for at in range(700)})


@pytest.fixture
def limit(monkeypatch):
    """CI servers' limit, low enough for a test to reach."""
    for name in ("sarif", "gitlab"):
        monkeypatch.setattr(f"dtkstool.write.forms.{name}.MOST", 1_000)
    return 1_000


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
    assert not re.search(r"\d{16}", shown) or form.traced
    assert not re.search(r"3201015107700001|320101510770001|3201010904120003", shown)
    assert "HYPERLINK" not in shown
    assert "25-12-1982" not in shown
    assert "3201********0001" in shown or form.name == "markdown"


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


def test_github_shows_ten_of_each_level_most_severe_first_and_counts_the_rest(huge):
    lines = [line for line in written(huge, "github").splitlines() if line.startswith("::")]
    levels = [line.split(" ")[0] for line in lines]
    assert levels == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 10
    assert lines[0].startswith("::error file=desa 0.xlsx,line=2,col=2,title=FIL01 ")
    assert f"dan {huge.findings.height - 30} temuan lain" in written(huge, "github")


def test_a_file_name_cannot_end_a_github_command():
    findings = judged([{"nik": "1"}]).with_columns(source_file=pl.lit("a,b:c%\n::error::x.csv"))
    line = written(Outcome(findings, {}), "github").splitlines()[0]
    assert line.startswith("::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax.csv,line=2,")


def test_no_format_puts_a_file_name_at_the_start_of_a_line_github_would_obey(messy):
    findings = messy.findings.with_columns(source_file=pl.lit("::error::x.csv"))
    shown = written(Outcome(findings, {"::error::x.csv": 3}), "github")
    assert not re.search(r"^\s*::error::", shown, re.MULTILINE)


def test_sarif_names_rule_file_row_column_and_cell(messy):
    run = json.loads(written(messy, "sarif"))["runs"][0]
    first = run["results"][0]
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert (first["ruleId"], rule["id"], first["level"]) == ("NIK02", "NIK02", "error")
    assert rule["help"]["text"] and rule["help"]["markdown"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "desa.xlsx"},
                "region": {"startLine": 2, "startColumn": 1},
            },
            "logicalLocations": [{"fullyQualifiedName": "DTKS!A2", "kind": "member"}],
        }
    ]


@pytest.mark.parametrize("name", ["messy", "clean", "empty", "huge"])
def test_sarif_keeps_to_the_structure_of_2_1_0(name, request, limit):
    log = json.loads(written(request.getfixturevalue(name), "sarif"))
    assert log.keys() == {"$schema", "version", "runs"} and log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert re.fullmatch("[a-z]{2}", run["language"])
    assert len(run["results"]) <= limit
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        assert all(isinstance(known_as, str) for known_as in result["partialFingerprints"].values())
        physical = result["locations"][0]["physicalLocation"]
        assert all(number >= 1 for number in physical.get("region", {"startLine": 1}).values())
        assert " " not in physical["artifactLocation"]["uri"]


def test_sarif_says_how_many_findings_it_leaves_out(huge, limit):
    (told,) = json.loads(written(huge, "sarif"))["runs"][0]["invocations"][0][
        "toolExecutionNotifications"
    ]
    assert str(huge.findings.height - limit) in told["message"]["text"]


def test_a_finding_on_a_column_has_no_region():
    damaged = Outcome(judged([{"nik": "3.20101E+15"}] * 2), {"desa.xlsx": 2})
    result = json.loads(written(damaged, "sarif"))["runs"][0]["results"][0]
    assert result["ruleId"] == "FIL03"
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_fingerprints_in_one_file_are_unique(huge, limit):
    issues = json.loads(written(huge, "gitlab"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == limit
    assert {issue["severity"] for issue in issues} <= {
        "info",
        "minor",
        "major",
        "critical",
        "blocker",
    }
    assert issues[0]["location"] == {"path": "desa 0.xlsx", "lines": {"begin": 2}}


def test_junit_has_a_suite_per_file_and_a_case_per_rule(messy):
    suites = ElementTree.fromstring(written(messy, "junit"))
    assert [suite.get("name") for suite in suites] == ["desa.xlsx", "bersih.csv"]
    assert all(len(suite) == len(JUDGING) for suite in suites)
    assert suites.get("failures") == suites[0].get("failures") == "3"
    (failure,) = suites[0].findall("testcase[@name='NIK02 NIK bukan 16 angka']/failure")
    assert failure.get("message") == "1 temuan"
    assert failure.text == "DTKS!A2  NIK berisi 15 angka, seharusnya 16 [3201********0001]"


def test_junit_fails_only_what_fails_the_gate(messy):
    lax = Outcome(messy.findings, messy.records, fail_on="never")
    suites = ElementTree.fromstring(written(lax, "junit"))
    assert suites.get("failures") == "0"
    assert suites.findall(".//system-out") and not suites.findall(".//failure")


def test_junit_survives_signs_that_xml_forbids():
    findings = judged([{"nik": "1"}]).with_columns(
        source_file=pl.lit("a\x00&<\"'.csv"), sheet=pl.lit("\x0b]]>")
    )
    suites = ElementTree.fromstring(written(Outcome(findings, {}), "junit"))
    assert suites[0].get("name") == "a&<\"'.csv"


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


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("data/Desa Suka Maju.xlsx", "data/Desa%20Suka%20Maju.xlsx"),
        (r"data\desa.csv", "data/desa.csv"),
        ("/srv/data/a#b.csv", "file:///srv/data/a%23b.csv"),
        (r"C:\data\a.csv", "file:///C:/data/a.csv"),
    ],
)
def test_a_file_name_as_uri(file, shown):
    assert uri(file) == shown


def test_a_column_letter_as_number():
    assert [column_number(cell) for cell in ("A7", "Z1", "AA3", "7", "", None)] == [
        1,
        26,
        27,
        None,
        None,
        None,
    ]


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
