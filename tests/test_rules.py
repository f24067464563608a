"""Every rule against its cases: `cases/CODE.toml` holds what must pass and what must be found.

An entry is one row as typed, or `rows`; fields not given are sound (`judging.SOUND`). `also` names
other codes the entry breaks, `message` and `suggestion` what the finding says. `error` and `note`
stand for what reading reports of a file, `expect` for the regions a configuration expects.
"""

import tomllib
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.clean import clean
from dtkstool.errors import UnusableInput, Where
from dtkstool.frames import FINDINGS, RECORDS
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.check import FileProblem, check, file_findings
from dtkstool.rules.evidence import with_evidence
from dtkstool.rules.expected import wrong_region
from dtkstool.rules.schema import schema, violations
from tests.examples import examples
from tests.judging import SOUND, TODAY, cleaned, judged, letters

ELSEWHERE = {rule.code for rule in RULES if rule.scope in ("registry", "usulan")}
"""See `test_linkage_rules`, `test_usulan_rules`."""
CASES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in (Path(__file__).parent / "cases").glob("*.toml")
    if path.stem not in ELSEWHERE
}
ENTRIES = {
    kind: [(code, entry) for code, case in sorted(CASES.items()) for entry in case[kind]]
    for kind in ("good", "bad")
}
EVERY = [*ENTRIES["good"], *ENTRIES["bad"]]
ALONE = tuple(rule for rule in RULES if rule.scope in ("row", "column"))
TOGETHER = tuple(rule for rule in RULES if rule.scope not in ("row", "column"))
ABOUT_THE_CASE = ("rows", "also", "message", "suggestion", "error", "note", "expect")


def rows_of(entry):
    row = {key: value for key, value in entry.items() if key not in ABOUT_THE_CASE}
    return [SOUND | row for row in entry.get("rows", [row])]


@cache
def all_cleaned():
    """Every case's rows cleaned at once, each case a layout of its own: cleaning is per layout."""
    typed = [row | {"layout": at} for at, (_, entry) in enumerate(EVERY) for row in rows_of(entry)]
    return cleaned(typed)


@cache
def judged_alone():
    """The findings of rules on rows and columns on every case, by layout."""
    findings = check(
        all_cleaned().with_columns(source_file=pl.col("layout").cast(pl.String)),
        letters(layouts=range(len(EVERY))),
        today=TODAY,
        rules=ALONE,
    )
    return {int(file): of for (file,), of in findings.group_by("source_file", maintain_order=True)}


def found_in(entry):
    if "error" in entry:
        return file_findings([UnusableInput(entry["error"], columns="A, B", detail="-", kind="-")])
    if "expect" in entry:
        at = next(at for at, (_, other) in enumerate(EVERY) if other is entry)
        df = all_cleaned().filter(pl.col("layout") == at)
        rule = wrong_region({"*": entry["expect"]})
        return check(df, letters(layouts=[at]), today=TODAY, rules=[rule])
    if "note" in entry:
        return file_findings(notes=[FileProblem(entry["note"], Where("desa.csv"), "catatan")])
    at = next(at for at, (_, other) in enumerate(EVERY) if other is entry)
    alone = judged_alone().get(at, pl.DataFrame(schema=FINDINGS))
    if "rows" not in entry:
        return alone
    df = all_cleaned().filter(pl.col("layout") == at)
    return pl.concat([alone, check(df, letters(layouts=[at]), today=TODAY, rules=TOGETHER)])


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
        "SHD06",
        "KWN04",
        "WIL04",
    }


def test_two_all_null_rows_are_no_duplicates_and_no_family():
    findings = check(cleaned([{}, {}]), letters(), today=TODAY)
    assert not codes(findings) & {
        "GND01",
        "GND02",
        "GND03",
        "GND04",
        "KK07",
        "KK08",
        "KK09",
        "LYK08",
    }


def test_no_findings_still_have_every_column():
    assert dict(judged([{}]).schema) == FINDINGS


def test_an_english_finding_says_the_same_in_english():
    assert judged([{"nik": ""}], lang="en")["message"].to_list() == ["NIK is empty"]


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
    df = with_evidence(all_cleaned().lazy(), TODAY).collect()
    rules = [rule for rule in RULES if rule.scope in ("row", "group")]
    bare = df.select(rule.violated.fill_null(False).alias(rule.code) for rule in rules)
    by_polars = {name: bare[name].arg_true().to_list() for name in bare.columns if bare[name].any()}
    assert {code: at.to_list() for code, at in violations(df).items()} == by_polars


@examples(1, 5)
@given(st.randoms(), st.integers(1, 99))
def test_order_and_splitting_never_change_row_findings(random, cut):
    df = all_cleaned()
    order = random.sample(range(df.height), df.height)
    at = letters(layouts=df["layout"].unique())
    rules = tuple(rule for rule in RULES if rule.scope == "row")
    parts = [check(df[part], at, today=TODAY, rules=rules) for part in (order[:cut], order[cut:])]
    key = ["row", "code", "message"]
    assert pl.concat(parts).sort(key).equals(check(df, at, today=TODAY, rules=rules).sort(key))


@pytest.mark.slow
@settings(max_examples=3, deadline=None)
@given(st.randoms())
def test_cleaning_layout_by_layout_never_changes_row_findings(random):
    whole = all_cleaned()
    layouts = random.sample(whole["layout"].unique().to_list(), 6)
    rules = tuple(rule for rule in RULES if rule.scope == "row")
    key = ["row", "code", "message"]
    for layout in layouts:
        of_layout = pl.col("layout") == layout
        apart = clean(whole.filter(of_layout).select(RECORDS.keys()).lazy(), today=TODAY).collect()
        found = [
            check(df, letters(layouts=[layout]), today=TODAY, rules=rules).drop("record_id")
            for df in (apart, whole.filter(of_layout))
        ]
        assert found[0].sort(key).equals(found[1].sort(key))
