"""What programs read: GitHub, SARIF, GitLab and JUnit keep to their structure and their limits."""

import json
import re
from xml.etree import ElementTree

import polars as pl
import pytest

from dtkstool.write.findings import JUDGING, Outcome
from dtkstool.write.forms.places import column_number, uri
from tests.formats.outcomes import written
from tests.judging import judged


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
