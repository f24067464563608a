"""`rules` and `nik`: what they say of one rule and one NIK."""

import json
import subprocess
import sys
from datetime import date

import pytest
from typer.testing import CliRunner

from dtkstool.cli.app import app
from dtkstool.errors import BadConfiguration
from dtkstool.pipeline.explaining import explain, rules_named
from dtkstool.rules.catalogue import RULES

TODAY = date(2026, 11, 1)


def said(*arguments, text=None):
    result = CliRunner().invoke(app, list(arguments), input=text)
    assert result.exit_code == 0, result.output
    return result.stdout


def explained(cell):
    return explain([cell], today=TODAY, lang="id").row(0, named=True)


def test_the_table_holds_every_rule():
    table = said("rules")
    assert all(rule.code in table for rule in RULES)


def test_a_family_is_listed_and_a_code_told_whole():
    assert [rule.code for rule in rules_named(["gnd"])] == ["GND01", "GND02", "GND03", "GND04"]
    page = said("rules", "cap04", "--lang", "en")
    assert "CAP04 · Person found under another NIK" in page
    assert {"Why", "Fix", "Known problems", "Example"} <= set(page.splitlines())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_rule_has_a_page_on_screen(lang):
    pages = " ".join(said("rules", *(rule.code for rule in RULES), "--lang", lang).split())
    assert [rule.code for rule in RULES if rule.text("title", lang) not in pages] == []


def test_a_code_there_is_not_is_named():
    with pytest.raises(BadConfiguration, match="NIX"):
        rules_named(["NIX"])


def test_a_nik_tells_region_birth_sex_age_and_serial():
    known = explained("3201015107700001")
    assert (known["kecamatan"], known["kabupaten"]) == ("Kecamatan Cibinong", "Kab. Bogor")
    assert (known["birth"], known["age"], known["sex"]) == (date(1970, 7, 11), 56, "P")
    assert (known["serial"], known["codes"]) == ("0001", [])


def test_a_retired_code_names_the_kabupaten_of_today():
    known = explained("9101016203110003")
    assert (known["wilayah"], known["kabupaten_now"]) == ("kode_lama", "Kab. Merauke")
    assert known["codes"] == ["NIK07"]


BROKEN = {
    "3201997271880000": ["NIK03", "NIK04", "NIK06"],
    "3.20101E+15": ["NIK14"],
    "'3201015107700001": ["NIK11"],
    "320101510770000": ["NIK02"],
    "9999999999999999": ["NIK01"],
    "32O1015107700001": ["NIK12"],
    "3201015107700001 / 3201015107700002": ["NIK13"],
}


def test_a_nik_names_every_rule_it_breaks():
    known = explain(list(BROKEN), today=TODAY, lang="id")
    assert dict(zip(BROKEN, known["codes"].to_list(), strict=True)) == BROKEN


def test_many_niks_ending_in_0_are_not_judged_as_a_damaged_column():
    known = explain([f"32010151077{n:04}0" for n in range(10, 30)], today=TODAY, lang="id")
    assert known["codes"].to_list() == [[]] * 20


def test_one_nik_is_shown_whole_and_many_from_stdin_masked():
    assert "3201015107700001" in said("nik", "3201015107700001")
    table = said("nik", "-", text="3201015107700001\n\n320101510770000\n")
    assert "3201********0001" in table and "1077" not in table and "11-07" not in table
    assert "3201015107700001" in said("nik", "-", "--unmasked", text="3201015107700001\n")


def test_however_many_niks_come_they_are_shown_in_parts_as_one_table(monkeypatch):
    typed = ["3201015107700001", "\u001b[31mSITI", "320101510770000", "3201015107700002", ""]
    whole = said("nik", "-", text="\n".join(typed))
    csv = said("nik", "-", "--format", "csv", text="\n".join(typed))
    monkeypatch.setattr("dtkstool.pipeline.explaining.TOGETHER", 3)
    assert said("nik", "-", text="\n".join(typed)) == whole
    assert said("nik", "-", "--format", "csv", text="\n".join(typed)) == csv
    assert len(whole.splitlines()) == len(csv.splitlines()) == 5
    assert "\u001b" not in whole


def test_json_gives_one_line_a_nik():
    lines = said("nik", "-", "--format", "json", text="3201015107700001\r\n9101016203110003\r\n")
    assert [json.loads(line)["typed"] for line in lines.splitlines()] == [
        "3201015107700001",
        "9101016203110003",
    ]


def test_explaining_starts_without_pandera():
    code = (
        "import sys; from dtkstool.pipeline.explaining import explain, rules_named; import datetime;"
        "rules_named([]); explain(['3201015107700001'], today=datetime.date(2026, 11, 1), lang='id');"
        "print([m for m in ('pandera', 'pandas', 'recordlinkage') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
