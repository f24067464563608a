"""CAP and STS against their cases: one town, one family a case, judged by what `run` decides.

An entry of `cases/CAP01.toml` … lists the child of its family with the entry's changes. `@kepala` is
the head's NIK, `@salah` the own NIK with one wrong digit, `@typo` the name with one; `unknown`
leaves the family out of the registry; `kematian`, `pindah`, `datang` are its events; `instead` is
the code that stands in for one that never shows.
"""

import tomllib
from pathlib import Path

import polars as pl
import pytest

from dtkstool.rules.catalogue import RULES
from tests.town import CHILD, HEAD, death, departure, listed, month

CODES = [r.code for r in RULES if r.scope == "registry" and r.code != "KK10"]  # see test_absent
CASES = [
    (code, kind, entry)
    for code in CODES
    for kind, entries in tomllib.loads(
        (Path(__file__).parent / "cases" / f"{code}.toml").read_text("utf-8")
    ).items()
    for entry in entries
]
GIVEN, FAMILY = (
    "RUDI BAGUS CANDRA DODI EKO FAJAR".split(),
    "HARTONO SUBAGYO PRATAMA KUSUMA WIJAYA SETIADI".split(),
)


def child(at):
    """The child of the family of a case: a name, birth date, NIK and No KK of its own."""
    day, month = at % 28 + 1, at % 11 + 1
    return CHILD | {
        "NIK": f"320101{day:02}{month:02}04{at + 11:04}", "TGL_LHR": f"{day:02}-{month:02}-2004",
        "NO_KK": f"3201011203{at + 10:02}0005",
        "NAMA_LGKP": f"{GIVEN[at % 6]} {FAMILY[at // 6]}", "NAMA_LGKP_IBU": f"SITI {FAMILY[at // 6]} {GIVEN[at % 6]}",
    }  # fmt: skip


def head(at):
    of = child(at)
    day = int(of["NIK"][6:8]) + 40
    return HEAD | {
        "NIK": f"320101{day}{of['NIK'][8:10]}80{at + 31:04}", "NO_KK": of["NO_KK"],
        "NAMA_LGKP": of["NAMA_LGKP_IBU"], "TGL_LHR": of["TGL_LHR"][:6] + "1980",
    }  # fmt: skip


def changed(at, value):
    own = child(at)
    tokens = {
        "@kepala": head(at)["NIK"],
        "@salah": own["NIK"][:4] + "9" + own["NIK"][5:],
        "@typo": own["NAMA_LGKP"][:-1],
    }
    return tokens.get(value, value)


@pytest.fixture(scope="module")
def codes(tmp_path_factory):
    """The codes of each case's record, by its number."""
    register, biodata, kematian, pindah, datang = [], [], [], [], []
    for at, (_, _, entry) in enumerate(CASES):
        own = child(at)
        changes = {k: changed(at, v) for k, v in entry.items() if k in ("NIK", "Nama", "No KK")}
        register.append(listed(own, f"E{at:02}", **changes))
        if not entry.get("unknown"):
            biodata += [head(at), own]
        if "kematian" in entry:
            kematian.append(death(own, **entry["kematian"]))
        if "pindah" in entry:
            pindah.append(departure(own, **entry["pindah"]))
        if "datang" in entry:
            datang.append({"NIK": own["NIK"], "NAMA_LGKP": own["NAMA_LGKP"], "TGL_LHR": own["TGL_LHR"],
                           "TGL_DATANG": entry["datang"], "NO_DATANG": "SKDWNI/1"})  # fmt: skip
    outcome = month(
        tmp_path_factory.mktemp("kota"), register, biodata,
        kematian=kematian, pindah=pindah, datang=datang,
    )  # fmt: skip
    return dict(
        outcome.decisions.sort("id_dtks")
        .select(pl.col("id_dtks").str.tail(2).cast(pl.Int64), "codes")
        .iter_rows()
    )


@pytest.mark.parametrize(
    "at", range(len(CASES)), ids=lambda at: f"{CASES[at][0]} {CASES[at][1]} {CASES[at][2]}"
)
def test_a_record_beside_the_registry_carries_its_codes(codes, at):
    code, kind, entry = CASES[at]
    assert (entry.get("instead", code) in codes[at]) == (kind == "bad")
