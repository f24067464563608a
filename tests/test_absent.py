"""KK10: family members at Dukcapil whom the register lacks."""

import tomllib
from pathlib import Path

import polars as pl
import pytest

from tests.scenes import Scene, moved, together
from tests.town import CHILD, HEAD, TODDLER, death, listed

WIFE = {**HEAD, "NIK": "3201015207820007", "NAMA_LGKP": "NURUL SUKARTI", "TGL_LHR": "12-07-1982",
        "STAT_HBKEL": "3", "NAMA_LGKP_IBU": "MARIAM"}  # fmt: skip
FAMILY = {"KEPALA": HEAD, "ISTRI": WIFE, "ANAK": CHILD, "BALITA": TODDLER}
COUPLE = "KEPALA+ISTRI"
CASE = tomllib.loads((Path(__file__).parent / "cases" / "KK10.toml").read_text("utf-8"))
ENTRIES = {"+".join(entry["listed"]): entry for entry in (*CASE["good"], *CASE["bad"])}


def registered(*who):
    return [FAMILY[one] for one in who]


def lines(*who, **changes):
    """The register's lines of these members; the wife's with what is different."""
    wife = {"Hubungan": "ISTRI", **changes}
    return [
        listed(FAMILY[one], f"A{i}", **(wife if one == "ISTRI" else {}))
        for i, one in enumerate(who, 1)
    ]


SCENES = {
    name: Scene(lines(*entry["listed"]), registered("KEPALA", "ISTRI", "ANAK"), {})
    for name, entry in ENTRIES.items()
} | {
    "mati": Scene(
        lines("KEPALA", "ISTRI", **{"No KK": "3201011203080099"}),
        registered("KEPALA", "ISTRI", "ANAK"),
        {"kematian": [death(CHILD)]},
    ),
    "balita": Scene(lines("KEPALA", "ANAK"), registered("KEPALA", "ANAK", "BALITA"), {}),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """By scene: which members are said to be missing, and the findings; and how many are in all."""
    folder = tmp_path_factory.mktemp("kota")
    outcome = together(folder, SCENES.values())
    found = outcome.findings.filter(code="KK10")
    missing = pl.read_csv(folder / "hasil" / "belum_terdaftar.csv", infer_schema=False)
    written = pl.read_parquet(folder / "hasil" / "belum_terdaftar.parquet")
    assert missing.equals(written.cast(pl.String))
    return {
        name: (
            [who for who in FAMILY if moved([FAMILY[who]], at)[0]["NIK"] in missing["nik"]],
            found.filter(pl.col("source_file").str.ends_with(f"{at:02}.csv")),
        )
        for at, name in enumerate(SCENES)
    } | {"all": missing}


@pytest.mark.parametrize("name", ENTRIES)
def test_cases(town, name):
    names, findings = town[name]
    missing = ENTRIES[name].get("absent", [])
    assert names == missing
    assert findings.height == bool(missing)


def test_the_finding_counts_them_at_the_familys_first_nokk(town):
    (finding,) = town[COUPLE][1].to_dicts()
    assert (finding["cell"], finding["row"], finding["severity"]) == ("C2", 2, "info")
    assert finding["message"].startswith("1 anggota")


def test_the_dead_and_those_listed_under_a_wrong_nokk_are_not_missing(town):
    assert town["mati"][0] == []


def test_a_toddler_nobody_registered_is_missing_but_not_strangers(town):
    assert town["balita"][0] == ["BALITA"]
    assert town["all"].height == sum(len(town[name][0]) for name in SCENES)
