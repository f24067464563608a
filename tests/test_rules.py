"""Every rule against its cases: `cases/CODE.toml` holds what must pass and what must be found.

An entry is one row as typed, or `rows`; fields not given are sound (`judging.SOUND`). `also` names
other codes the entry breaks, `message` and `suggestion` what the finding says. `error` and `note`
stand for what reading reports of a file.
"""

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.errors import UnusableInput, Where
from dtkstool.frames import FINDINGS, WILAYAH_KELAS
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.check import FileProblem, check, file_findings
from dtkstool.rules.evidence import with_evidence
from dtkstool.rules.schema import schema, violations
from tests.judging import SOUND, TODAY, cleaned, judged, letters

CASES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in (Path(__file__).parent / "cases").glob("*.toml")
}
ENTRIES = {
    kind: [(code, entry) for code, case in sorted(CASES.items()) for entry in case[kind]]
    for kind in ("good", "bad")
}
ABOUT_THE_CASE = ("rows", "also", "message", "suggestion", "error", "note")


def found_in(entry):
    if "error" in entry:
        return file_findings([UnusableInput(entry["error"], columns="A, B", detail="-", kind="-")])
    if "note" in entry:
        return file_findings(notes=[FileProblem(entry["note"], Where("desa.csv"), "catatan")])
    row = {key: value for key, value in entry.items() if key not in ABOUT_THE_CASE}
    return judged(entry.get("rows", [row]))


def codes(findings):
    return set(findings["code"])


def named(entry):
    return str({key: value for key, value in entry[1].items() if key != "rows"})[:60] or "rows"


@pytest.mark.parametrize("entry", ENTRIES["good"], ids=lambda e: f"{e[0]} {named(e)}")
def test_what_is_right_is_not_found(entry):
    code, case = entry
    assert code not in codes(found_in(case))


@pytest.mark.parametrize("entry", ENTRIES["bad"], ids=lambda e: f"{e[0]} {named(e)}")
def test_what_is_wrong_is_found_once(entry):
    code, case = entry
    findings = found_in(case)
    assert codes(findings) == {code, *case.get("also", [])}
    said = findings.filter(pl.col("code") == code).row(0, named=True)
    assert case.get("message", "") in said["message"]
    if "suggestion" in case:
        assert said["suggestion"] == case["suggestion"]


def test_sound_rows_have_no_findings():
    assert judged([{}]).height == 0


def test_a_finding_names_file_sheet_row_cell_and_the_value_as_typed():
    finding = judged([{}, {"nik": "320101510770002", "nama": "NURHAYATI", "hubungan": "ANAK"}]).row(
        0, named=True
    )
    assert {k: finding[k] for k in ("source_file", "sheet", "row", "cell", "column", "value", "code")} == {
        "source_file": "desa.xlsx", "sheet": "DTKS", "row": 3, "cell": "A3", "column": "nik",
        "value": "320101510770002", "code": "NIK02",
    }  # fmt: skip


def test_a_column_finding_has_a_letter_but_no_row():
    finding = judged([{"nik": "3.20101E+15"}, {"nik": "3.20101E+15"}]).row(0, named=True)
    assert (finding["code"], finding["cell"], finding["row"], finding["record_id"]) == (
        "FIL03",
        "A",
        None,
        None,
    )


def test_a_nokk_on_the_family_line_is_named_there():
    df = cleaned([SOUND | {"nokk": "320101"}]).with_columns(pl.lit(1, pl.UInt32).alias("kk_row"))
    finding = check(df, letters(), today=TODAY).row(0, named=True)
    assert (finding["cell"], finding["row"]) == ("B1", 2)


def test_a_field_the_layout_does_not_have_is_not_missing():
    df = cleaned([{"nik": SOUND["nik"], "nama": SOUND["nama"]}])
    assert check(df, letters(["nik", "nama"]), today=TODAY).height == 0


def test_an_all_null_row_breaks_only_the_missing_rules():
    assert codes(check(cleaned([{}]), letters(), today=TODAY)) == {
        "NIK01",
        "KK01",
        "NAM01",
        "TGL06",
        "JK02",
    }


def test_two_all_null_rows_are_no_duplicates_and_no_family():
    findings = check(cleaned([{}, {}]), letters(), today=TODAY)
    assert not codes(findings) & {"GND01", "GND02", "GND04", "KK07", "KK08", "KK09"}


def test_bps_codes_are_reported_once_per_column():
    df = cleaned([SOUND | {"kode_kabupaten": "3171"}] * 3).with_columns(
        pl.lit("bps", WILAYAH_KELAS).alias("kabupaten_kelas")
    )
    findings = check(df, letters(), today=TODAY).filter(pl.col("code") == "WIL02")
    assert findings.select("column", "row").rows() == [("kode_kabupaten", None)]


def test_no_findings_still_have_every_column():
    assert dict(judged([{}]).schema) == FINDINGS


def test_an_english_finding_says_the_same_in_english():
    assert judged([{"nik": "320101510770001"}], lang="en")["message"].to_list() == [
        "NIK has 15 digits instead of 16"
    ]


def test_pandera_finds_nothing_on_a_lazy_frame_so_it_is_never_given_one():
    lf = with_evidence(cleaned([SOUND | {"nik": ""}]).lazy(), TODAY)
    schema().validate(lf, lazy=True)
    assert list(violations(lf.collect())) == ["NIK01"]


def test_switching_pandera_off_does_not_switch_the_rules_off(monkeypatch):
    from pandera.config import CONFIG

    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    assert codes(judged([{"nik": ""}])) == {"NIK01"}


def test_a_missing_column_is_our_fault_and_raises():
    df = with_evidence(cleaned([SOUND]).lazy(), TODAY).collect().drop("nik_kelas")
    with pytest.raises(TypeError, match="nik_kelas"):
        violations(df)


def test_pandera_and_bare_polars_judge_alike():
    rows = [
        SOUND | entry for _, entry in ENTRIES["bad"] if not {"rows", "error", "note"} & entry.keys()
    ]
    df = with_evidence(
        cleaned([{k: v for k, v in row.items() if k in SOUND} for row in rows]).lazy(), TODAY
    ).collect()
    judged_rules = [rule for rule in RULES if rule.scope in ("row", "group")]
    bare = df.select(rule.violated.fill_null(False).alias(rule.code) for rule in judged_rules)
    by_pandera = {code: at.to_list() for code, at in violations(df).items()}
    assert by_pandera == {
        name: at for name in bare.columns if (at := bare[name].arg_true().to_list())
    }


ROWS = [
    {k: v for k, v in entry.items() if k in SOUND}
    for _, entry in ENTRIES["bad"]
    if not {"rows", "error", "note"} & entry.keys()
]
ROW_RULES = tuple(rule for rule in RULES if rule.scope == "row")


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(ROWS))), st.integers(1, len(ROWS) - 1))
def test_order_and_splitting_never_change_row_findings(order, cut):
    df = ALL_BAD[order]
    parts = [check(part, letters(), today=TODAY, rules=ROW_RULES) for part in (df[:cut], df[cut:])]
    once = check(ALL_BAD, letters(), today=TODAY, rules=ROW_RULES)
    key = ["row", "code", "message"]
    assert pl.concat(parts).sort(key).equals(once.sort(key))


ALL_BAD = cleaned([SOUND | row for row in ROWS])
