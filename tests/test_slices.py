"""A file checked slice by slice says what it says at once; a text in blocks reads as a whole."""

import codecs
import csv
import tomllib
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dtkstool.clean import clean_facts
from dtkstool.clean.whole import whole
from dtkstool.columns import COLUMN
from dtkstool.config.gate import Custom, GateConfig
from dtkstool.errors import BadConfiguration
from dtkstool.pipeline import checking
from dtkstool.read import encoding, files, lines, read_files, slices, sources
from dtkstool.write.pieces import whole as all_of
from tests.examples import examples_in_folder
from tests.judging import SOUND

TODAY = date(2026, 11, 1)
FIELDS = (*SOUND, "alamat", "rt", "rw", "pekerjaan", "nama_ibu", "no_kks", "program", "id_dtks")


@pytest.fixture(params=["by column", "by slice"])
def in_slices(monkeypatch, request):
    """Make blocks and slices so small that a list of a few lines has several."""

    def small(block, rows):
        monkeypatch.setattr(lines, "bytes_at_once", lambda: 0)
        monkeypatch.setattr(lines, "BLOCK", block)
        monkeypatch.setattr(slices, "SLICE", rows)
        monkeypatch.setattr(files, "records_at_once", lambda: 0)
        if request.param == "by slice":
            monkeypatch.setattr(checking, "MANY", 0)

    return small


@cache
def every_case():
    """The rows of every rule's cases, as lines of one list."""
    found = []
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml")):
        case = tomllib.loads(path.read_text("utf-8"))
        for entry in (*case["good"], *case["bad"]):
            found += [SOUND | row for row in entry.get("rows", [entry])]
    return [tuple(str(row.get(field, "")) for field in FIELDS) for row in found]


def as_csv(rows, delimiter=","):
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([[COLUMN[field].label for field in FIELDS], *rows])
    return text.getvalue()


def damaged(count=40):
    """A list of its own ways: NIK zeroed by Excel, month first, English sex, relations by number."""
    return [
        (f"32010151{i % 12 + 1:02}80{i + 1:03}0", f"320101090412{i // 4 + 1:04}", f"PENDUDUK {chr(65 + i % 26)}",
         f"{i % 12 + 1:02}/{13 + i % 15}/1980", "FM"[i % 2], str(1 + i % 4), "KAWIN", "KAB. BOGOR",
         "CIBINONG", "PAKANSARI")
        for i in range(count)
    ]  # fmt: skip


def found(paths, config=None):
    return checking.validate(paths, today=TODAY, column_map=None, lang="id", config=config)


@examples_in_folder(1, 4)
@given(st.randoms(), st.integers(15_000, 40_000), st.integers(80, 200))
def test_slicing_never_changes_findings(tmp_path, in_slices, monkeypatch, random, block, rows):
    (tmp_path / "a.csv").write_text(as_csv(random.sample(every_case(), 250)))
    (tmp_path / "b.csv").write_text(as_csv(damaged(), ";"))
    at_once = found([str(tmp_path)])
    in_slices(block, rows)
    sliced = found([str(tmp_path)])
    monkeypatch.undo()
    assert_frame_equal(all_of(sliced.outcome.findings), at_once.outcome.findings)
    assert sliced.outcome.records == at_once.outcome.records


def test_cleaning_in_slices_gives_what_cleaning_at_once_gives(tmp_path):
    (tmp_path / "a.csv").write_text(as_csv(every_case()))
    (tmp_path / "b.csv").write_text(as_csv(damaged(), ";"))
    typed = read_files([str(tmp_path)]).records
    parts = [typed.slice(start, 250) for start in range(0, typed.height, 250)]
    given_all = whole(lambda: iter(parts), TODAY)
    cleaned = [clean_facts(df.lazy(), today=TODAY, whole=given_all).collect() for df in parts]
    assert_frame_equal(pl.concat(cleaned), clean_facts(typed.lazy(), today=TODAY).collect())


def test_a_custom_rule_on_the_whole_list_is_judged_over_all_slices(tmp_path, in_slices):
    (tmp_path / "a.csv").write_text(as_csv([*damaged(39), (*damaged()[-1][:2], "X" * 60)]))
    wrong_when = "LENGTH(nama_asal) > 3 * AVG(LENGTH(nama_asal))"
    rule = Custom("KAB01", "nama", wrong_when, "nama terlalu panjang")
    in_slices(300, 20)
    checked = found([str(tmp_path)], GateConfig(rules=(rule,)))
    findings = all_of(checked.outcome.findings)
    assert findings.filter(code="KAB01")["row"].to_list() == [41]


def test_a_custom_rule_that_fails_on_real_records_is_named(tmp_path, in_slices):
    (tmp_path / "a.csv").write_text(as_csv(damaged()))
    rule = Custom("KAB01", "nama", "CAST(nama AS INT) > 3", "nama")
    in_slices(300, 20)
    with pytest.raises(BadConfiguration, match="KAB01"):
        found([str(tmp_path)], GateConfig(rules=(rule,)))


CELL = st.sampled_from(
    ["3201015107700001", "SITI", "", 'A "B" C', '"', "x\ny", "a,b", "KP. BARU\n\nRT 1", "é"]
)


@examples_in_folder(12, 50)
@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=30),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(20, 200),
    st.sampled_from(["", '320101,"SITI\n', "3201015107700001,A,B,C,D\n", "\n\n"]),
)
def test_a_text_in_blocks_reads_as_a_whole(
    tmp_path, in_slices, monkeypatch, rows, quoting, block, odd
):
    path = tmp_path / "desa.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n", quoting=quoting)
        writer.writerows([("NIK", "Nama", "Alamat"), *rows])
        stream.write(odd)
        writer.writerows(rows)
    whole_ = read_files([str(path)])
    in_slices(block, 10)
    parts = read_files([str(path)])
    monkeypatch.undo()
    assert_frame_equal(parts.records, whole_.records)
    assert_frame_equal(parts.skipped, whole_.skipped)
    assert parts.sheets == whole_.sheets


def test_slices_number_their_records_through(tmp_path, in_slices):
    (tmp_path / "a.csv").write_text(as_csv(damaged()))
    at_once = read_files([str(tmp_path)])
    in_slices(500, 10)
    sliced = files.read_slices([str(tmp_path)])
    assert len(sliced.slices) > 2
    assert_frame_equal(pl.concat(sliced.slices), at_once.records)
    assert sliced.whole.records.equals(at_once.records)


def test_what_lies_on_disk_is_removed_with_the_slices(tmp_path, in_slices):
    (tmp_path / "a.csv").write_text(as_csv(damaged()))
    in_slices(500, 10)
    sliced = files.read_slices([str(tmp_path)])
    folder = sliced.slices.spool.scratch.folder
    assert any(folder.iterdir())
    del sliced
    assert not folder.exists()


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("SITI", "S\0ITI").encode() + b"\x1a",
    ],
    ids=["bom", "cp1252", "utf-16", "utf-16-be", "old mac", "nul"],
)
def test_a_large_text_is_rewritten_in_parts_as_a_small_one_at_once(tmp_path, monkeypatch, encode):
    text = "NIK,Nama\n" + "".join(f"320101510770{i:04},SITI RÉ {i}\n" for i in range(1, 90))
    (tmp_path / "desa.csv").write_bytes(encode(text))
    at_once = read_files([str(tmp_path)])
    monkeypatch.setattr(sources, "MAPPED", 0)
    monkeypatch.setattr(encoding, "CHUNK", 64)
    mapped = read_files([str(tmp_path)])
    assert_frame_equal(mapped.records, at_once.records)
    assert mapped.layouts == at_once.layouts
    assert at_once.records["nama_asal"][-1] == "SITI RÉ 89"
