"""KK10: family members at Dukcapil whom the register lacks."""

import tomllib
from pathlib import Path

import polars as pl
import pytest

from tests.town import CHILD, HEAD, TODDLER, death, listed, month

WIFE = {**HEAD, "NIK": "3201014403820007", "NAMA_LGKP": "NURUL HIDAYATI", "TGL_LHR": "04-03-1982",
        "STAT_HBKEL": "3", "NAMA_LGKP_IBU": "MARIAM"}  # fmt: skip
FAMILY = {"KEPALA": HEAD, "ISTRI": WIFE, "ANAK": CHILD}
CASE = tomllib.loads((Path(__file__).parent / "cases" / "KK10.toml").read_text("utf-8"))


HUSBAND_AND_WIFE = ("KEPALA", "ISTRI")


@pytest.fixture(scope="module")
def without_child(tmp_path_factory):
    """Names and findings where the register has the couple only."""
    return absent_names(tmp_path_factory.mktemp("kota"), lines_of(HUSBAND_AND_WIFE))


def lines_of(listed_ones):
    return [
        listed(FAMILY[who], f"A{i}", **({"Hubungan": "ISTRI"} if who == "ISTRI" else {}))
        for i, who in enumerate(listed_ones, 1)
    ]


def absent_names(tmp_path, lines, **registers):
    found = month(tmp_path, lines, [*FAMILY.values()], **registers)
    members = pl.read_parquet(tmp_path / "hasil" / "belum_terdaftar.parquet")
    return members["nama"].to_list(), found.findings.filter(pl.col("code") == "KK10")


@pytest.mark.parametrize(
    "entry", [*CASE["good"], *CASE["bad"]], ids=lambda e: "+".join(e["listed"])
)
def test_cases(tmp_path, request, entry):
    if tuple(entry["listed"]) == HUSBAND_AND_WIFE:
        names, findings = request.getfixturevalue("without_child")
    else:
        names, findings = absent_names(tmp_path, lines_of(entry["listed"]))
    missing = entry.get("absent", [])
    assert names == [FAMILY[who]["NAMA_LGKP"] for who in missing]
    assert findings.height == bool(missing)


def test_the_finding_counts_them_at_the_familys_first_nokk(without_child):
    _, findings = without_child
    (finding,) = findings.to_dicts()
    assert (finding["cell"], finding["row"], finding["severity"]) == ("C2", 2, "info")
    assert finding["message"].startswith("1 anggota")


def test_the_dead_and_those_listed_under_a_wrong_nokk_are_not_missing(tmp_path):
    lines = [listed(HEAD), listed(WIFE, "A2", Hubungan="ISTRI", **{"No KK": "3201011203080099"})]
    names, _ = absent_names(tmp_path, lines, kematian=[death(CHILD)])
    assert names == []


def test_a_toddler_nobody_registered_is_missing_but_not_strangers(tmp_path):
    found = month(tmp_path, [listed(HEAD), listed(CHILD, "A2")], [HEAD, CHILD, TODDLER])
    members = pl.read_csv(tmp_path / "hasil" / "belum_terdaftar.csv", infer_schema=False)
    assert members["nik"].to_list() == [TODDLER["NIK"]]
    assert found.decisions.height == 2
