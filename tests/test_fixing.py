"""`validate --fix`: only certain repairs, nothing else touched, and twice is once."""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.cli import main
from dtkstool.config.gate import GateConfig
from dtkstool.errors import UnusableInput
from dtkstool.pipeline.checking import rules_of, validate
from dtkstool.pipeline.fixing import Fixed, fix
from dtkstool.read import read_files
from dtkstool.rules.catalogue import RULES
from tests.judging import TODAY
from tests.office import ods, xls

CERTAIN = {rule.code for rule in RULES if rule.repairs}
HEADS = ["NIK", "No KK", "Nama", "Tanggal Lahir", "JK", "Alamat", "RT", "Catatan Petugas"]
SOUND = [
    "3201015107700001",
    "3201010904120003",
    "SITI AMINAH",
    "11-07-1970",
    "P",
    "JL. MELATI",
    "1",
    " x ",
]
MESSY = [
    HEADS,
    SOUND,
    ["'3201014107700002", "3201010904120004", "NUR  HAYATI ", "01-07-1970", "P ", "JL. MAWAR 3", "2.0", "a  b"],
    ["3201.0102.0780.0003", "3201010904120005 ", "budi santoso", "2 Juli 1980", "L", " KP. BARU", "003", ""],
    ["3201010307900004", "3201010904120006", "MA\u2019RUF\u00a0ALI", "03-07-1990", "L", "DSN. KIDUL", "1", "-"],
    ["320101030790000", "3201010904120007", "Dewi Lestari", "03-07-1990", "P", "DSN. KIDUL", "1", "'1"],
    ["=\"3201014407910005\"", "3201010904120008", "WATI, S.PD", "04-07-1991", "P", "JL. A, NO. 1", "1", "1.0"],
]  # fmt: skip
"""Faults that are repaired, faults that are not, and a column nobody knows."""
REPAIRED = 11


def delimited(rows, delimiter=",", end="\n", encoding="utf-8", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Data")
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                sheet.write_string(i, j, value)
        sheet.write_number(1, 9, 12.5)
    return file.getvalue()


def parquet(rows):
    file = io.BytesIO()
    head, *body = rows
    pl.DataFrame(body, schema=head, orient="row").write_parquet(file)
    return file.getvalue()


def packed(rows):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("desa/a.csv", delimited(rows))
        archive.writestr("bacalah.txt", "surat pengantar")
    return file.getvalue()


KINDS = {
    "koma.csv": delimited,
    "titik-koma.csv": lambda rows: delimited(rows, ";", "\r\n", "utf-8-sig"),
    "pipa.txt": lambda rows: delimited(rows, "|", "\n", "utf-8", csv.QUOTE_ALL),
    "tab.tsv": lambda rows: delimited(rows, "\t", "\r\n", "utf-16"),
    "latin.csv": lambda rows: delimited(rows, ";", "\r\n", "cp1252"),
    "buku.xlsx": xlsx,
    "lama.xls": xls,
    "libre.ods": ods,
    "tabel.parquet": parquet,
    "padat.csv.gz": lambda rows: gzip.compress(delimited(rows), mtime=0),
    "paket.zip": packed,
}  # fmt: skip


def fixed(folder, source, name="sekali"):
    out = folder / name
    return fix([str(source)], out, rules=rules_of(GateConfig()), today=TODAY, column_map=None)


def cells(path):
    """Every record as typed, by row."""
    records = read_files([str(path)]).records
    return records.drop("source_file", "sheet", "layout", "nik_numeric", "nokk_numeric").rows()


def found(path):
    checked = validate([str(path)], today=TODAY, column_map=None, lang="id")
    return checked.outcome.findings.select("row", "cell", "code").rows()


QUICK = ("titik-koma.csv", "buku.xlsx", "lama.xls")


@dataclass(frozen=True)
class Case:
    """A messy file, fixed once, and fixed again."""

    source: Path
    once: Fixed
    again: Fixed

    @property
    def result(self):
        return Path(self.once.paths[0])


@pytest.fixture(
    params=[k if k in QUICK else pytest.param(k, marks=pytest.mark.slow) for k in KINDS],
    scope="module",
)
def case(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fix")
    source = folder / request.param
    source.write_bytes(KINDS[request.param](MESSY))
    once = fixed(folder, source)
    return Case(source, once, fixed(folder, once.paths[0], "lagi"))


def test_every_safe_repair_is_made_and_listed(case):
    once = case.once
    assert (once.changes.height, once.unplaced) == (REPAIRED, 0)
    listed = pl.read_csv(once.out / "perubahan.csv", infer_schema=False)
    assert listed.columns == [
        "source_file",
        "sheet",
        "row",
        "cell",
        "column",
        "old",
        "new",
        "codes",
    ]
    assert listed["new"].to_list() == once.changes["new"].to_list()


def test_twice_is_once(case):
    assert case.again.changes.height == 0
    assert case.result.read_bytes() == Path(case.again.paths[0]).read_bytes()


def test_findings_are_the_former_ones_less_the_repaired(case):
    before, after = found(case.source), found(case.result)
    assert after == [finding for finding in before if finding[2] not in CERTAIN]
    assert {"NIK02", "NAM02"} <= {code for _, _, code in after}


def test_only_the_listed_cells_change(case):
    before, after = cells(case.source), cells(case.result)
    sides = [zip(x, y, strict=True) for x, y in zip(before, after, strict=True)]
    assert sum(a != b for side in sides for a, b in side) == REPAIRED


def test_a_text_file_keeps_every_other_byte(case):
    if case.source.suffix not in (".csv", ".txt"):
        pytest.skip("no text file")
    old, new = (path.read_bytes().split(b"\n") for path in (case.source, case.result))
    changed = [i + 1 for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    assert changed == sorted(set(case.once.changes["row"]))
    for sign in (b";", b",", b"|", b"\r"):
        assert [line.count(sign) for line in new] == [line.count(sign) for line in old]


def test_every_format_is_kept_but_xls_which_comes_back_as_xlsx_and_says_so(case):
    foreign = case.source.suffix == ".xls"
    assert bool(case.once.converted) == foreign
    assert case.result.name == case.source.name + ".xlsx" * foreign


DIRT = [
    lambda v: v, lambda v: v, lambda v: f" {v}", lambda v: f"{v}\t", lambda v: v.replace(" ", "  "),
    lambda v: v.replace(" ", "\u00a0"), lambda v: f"\u200b{v}", str.lower, lambda v: f"'{v}",
    lambda v: v.replace("A", "\u2019A"), lambda v: f"{v}\ufeff", lambda v: f"{v}&nbsp;",
    lambda v: f"{v}.0", lambda v: v.replace("-", "/"), lambda v: f"_x000D_{v}", lambda v: "",
]  # fmt: skip


def soiled(dirty):
    """Sound people, each with the dirt that `dirty(cell)` gives."""
    people = [[row[0][:12] + f"{i + 11:04}", *row[1:]] for i, row in enumerate([SOUND] * len(DIRT))]
    return [[dirty(cell) for cell in row] for row in people]


def fixed_and_fixed_again(folder, rows):
    source = folder / "a.csv"
    source.write_bytes(delimited([HEADS, *rows], quoting=csv.QUOTE_ALL))
    once = fixed(folder, source)
    again = fixed(folder, once.paths[0], "lagi")
    assert again.changes.height == 0
    assert Path(once.paths[0]).read_bytes() == Path(again.paths[0]).read_bytes()
    repaired = set(once.changes.select("row", "cell").rows())
    left = [f for f in found(source) if f[2] not in CERTAIN or (f[0], f[1]) not in repaired]
    assert found(once.paths[0]) == left


@pytest.mark.slow
def test_whatever_the_dirt_twice_is_once_and_nothing_else_is_found(tmp_path):
    random = Random(4)
    fixed_and_fixed_again(tmp_path, soiled(lambda cell: random.choice(DIRT)(cell)))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_more_dirt(tmp_path_factory, random):
    folder = tmp_path_factory.mktemp("kotor")
    fixed_and_fixed_again(folder, soiled(lambda cell: random.choice(DIRT)(cell)))


def test_an_input_is_never_overwritten(tmp_path):
    source = tmp_path / "berkas" / "a.csv"
    source.parent.mkdir()
    source.write_bytes(delimited(MESSY))
    before = source.read_bytes()
    with pytest.raises(UnusableInput):
        fix([str(source)], tmp_path, rules=rules_of(GateConfig()), today=TODAY, column_map=None)
    assert source.read_bytes() == before


def test_a_date_is_written_as_its_column_writes_dates(tmp_path):
    rows = [[*row[:3], row[3].replace("-", "/"), *row[4:]] for row in MESSY]
    source = tmp_path / "a.csv"
    source.write_bytes(delimited(rows))
    changes = fixed(tmp_path, source).changes
    assert changes.filter(column="tanggal_lahir")["new"].to_list() == ["02/07/1980"]


def test_the_order_of_ambiguous_dates_is_not_settled_by_a_repair(tmp_path):
    """31/01/1980 would be the only date of its column that shows which number is the day."""
    rows = [HEADS] + [
        ["", f"32010109041200{i:02}", f"NAMA {'ABCDEF'[i]}I", f"0{i + 1}/0{i + 2}/1980", "P", "", "", ""]
        for i in range(5)
    ] + [["", "3201010904120033", "NAMA ZETI", "31 Januari 1980", "P", "", "", ""]]  # fmt: skip
    source = tmp_path / "a.csv"
    source.write_bytes(delimited(rows))
    once = fixed(tmp_path, source)
    assert once.changes.height == 0
    assert found(once.paths[0]) == found(source)


def run(*argv):
    with pytest.raises(SystemExit) as ended:
        main(["validate", *map(str, argv), "--lang", "en", "--today", "2026-11-01"])
    return ended.value.code or 0


def test_the_command_checks_what_it_repaired_and_masks_what_it_shows(tmp_path, capsys):
    source = tmp_path / "a.csv"
    source.write_bytes(delimited(MESSY))
    assert run(source, "--fix", "--out", tmp_path / "hasil", "--fail-on", "never") == 0
    seen = capsys.readouterr()
    assert f"{REPAIRED} cells repaired in 1 files" in seen.err and "perubahan.csv" in seen.err
    assert "TKS01" not in seen.out and "NIK02" in seen.out
    assert "3201014107700002" not in seen.err and "HAYATI" not in seen.err


@pytest.mark.parametrize("argv", [["--fix"], ["--out", "hasil"]])
def test_fix_and_out_go_together(tmp_path, argv, capsys):
    assert run(tmp_path / "a.csv", *argv) == 2


def test_only_rules_that_judge_repair(tmp_path):
    source = tmp_path / "a.csv"
    source.write_bytes(delimited(MESSY))
    rules = rules_of(GateConfig(select=("NIK",)))
    once = fix([str(source)], tmp_path / "o", rules=rules, today=TODAY, column_map=None)
    assert set(once.changes["codes"]) == {"NIK11"}


def test_what_is_certain_is_info_and_the_rest_of_info_is_documented_as_not():
    assert {rule.severity for rule in RULES if rule.code in CERTAIN} == {"info"}
    assert CERTAIN == {"NIK11", "KK13", "TKS01", "TKS02", "NAM04", "TGL08"}
