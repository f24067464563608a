"""Progress: repaired, recurring, new, gone, valid share and ranking, on two literal months."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.cli import main
from dtkstool.errors import BadConfiguration
from dtkstool.ledger.clerks import take_clerks
from dtkstool.ledger.months import finish
from dtkstool.ledger.progress import compare
from dtkstool.ledger.store import writing
from dtkstool.pipeline.ledgers import view
from dtkstool.terminal.ledger import sparkline
from tests.months import begun, decisions, findings

DUKUN, BENJENG = "352501", "352504"
OCTOBER = [
    ("bersih", "tetap", DUKUN), ("diperbaiki", "ubah", DUKUN), ("berulang", "ubah", DUKUN),
    ("hilang", "verifikasi", BENJENG), ("pindah", "ubah", BENJENG),
]  # fmt: skip
NOVEMBER = [
    ("bersih", "ubah", DUKUN), ("diperbaiki", "tetap", DUKUN), ("berulang", "hapus", DUKUN),
    ("baru", "ubah", BENJENG), ("pindah", "tetap", DUKUN),
]  # fmt: skip


@pytest.fixture
def path(tmp_path):
    """A ledger of two months."""
    with writing(tmp_path / "l.sqlite") as ledger:
        for month, rows in (("2026-10", OCTOBER), ("2026-11", NOVEMBER)):
            finish(
                ledger,
                begun(ledger, month),
                finished="x",
                inputs=[],
                decisions=decisions(*rows),
                findings=findings(),
            )
    return tmp_path / "l.sqlite"


def test_what_was_open_and_is_clean_is_repaired_what_was_clean_and_is_open_is_new(path):
    shown = view(path, "kecamatan", "").rows.filter(pl.col("month") == "2026-11")
    columns = ["name", "records", "valid", "open", "recurring", "new", "repaired", "gone", "rank"]
    assert shown.select(columns).rows() == [
        ("Dukun", 4, 2, 2, 1, 1, 2, 0, 1),
        ("Benjeng", 1, 0, 1, 0, 1, 0, 1, 2),
    ]
    assert shown["hapus"].to_list() == [1, 0]


def test_in_the_first_month_everything_open_is_new(path):
    first = view(path, "kecamatan", "").total.row(0, named=True)
    assert (first["open"], first["new"], first["recurring"], first["repaired"]) == (4, 4, 0, 0)


def test_since_leaves_months_out_but_still_compares_with_the_one_before(path):
    shown = view(path, "kecamatan", "2026-11")
    assert (shown.months, shown.before) == (["2026-11"], "2026-10")
    assert shown.total["repaired"].to_list() == [2]


def test_a_code_is_open_where_it_is_carried_and_informing_codes_are_left_out(path):
    shown = view(path, "kode", "2026-11").rows
    assert shown.select("group", "records", "valid", "open", "recurring", "new", "gone").rows() == [
        ("KK01", 5, 0, 5, 4, 1, 1)
    ]


def test_by_petugas_a_record_counts_for_who_decided_on_it_last(path):
    lines = pl.DataFrame({
        "record_id": ["diperbaiki", "diperbaiki", "berulang"], "decision": ["ubah"] * 3,
        "who": ["Budi", "Siti", "Budi"], "at": ["2026-10-01", "2026-10-09", "2026-10-05"],
    })  # fmt: skip
    with writing(path) as ledger:
        take_clerks(ledger, lines)
    shown = view(path, "petugas", "2026-11").rows
    assert shown.select("name", "records", "repaired", "recurring").rows() == [
        ("Budi", 1, 0, 1),
        ("Siti", 1, 1, 0),
        (None, 3, 1, 0),
    ]


def test_a_pairs_decision_is_one_about_both_and_what_came_later_counts_later(path):
    lines = pl.DataFrame({
        "record_id": ["bersih", "baru"], "record_id_lama": ["diperbaiki", "baru"],
        "other_id": ["berulang", None], "decision": ["bukan_ganda", "tetap"],
        "who": ["siti  aminah", "Siti Aminah"], "at": ["2026-10-09", "2026-12-01"],
    })  # fmt: skip
    with writing(path) as ledger:
        take_clerks(ledger, lines)
    shown = view(path, "petugas", "2026-11")
    assert shown.rows.select("name", "records").rows() == [("siti aminah", 3), (None, 2)]
    assert shown.total["records"].to_list() == [5]


def test_since_must_be_a_month(path):
    with pytest.raises(BadConfiguration, match="2026-1 is no month"):
        view(path, "kecamatan", "2026-1")


months = st.dictionaries(
    st.integers(0, 12), st.tuples(st.sampled_from("AB"), st.booleans()), max_size=10
)


@given(months, months)
@settings(max_examples=60, deadline=None)
def test_open_now_is_new_and_recurring_and_open_before_is_repaired_recurring_and_gone(now, before):
    def items(month):
        rows = [(r, "", g, "ubah" if o else "tetap", o) for r, (g, o) in month.items()]
        types = {
            "record": pl.Int64,
            "code": pl.String,
            "group": pl.String,
            "action": pl.String,
            "open": pl.Boolean,
        }
        return pl.DataFrame(rows, types, orient="row")

    counted = compare(items(now), items(before), items(now)).sum().row(0, named=True)
    counted = {name: value or 0 for name, value in counted.items()}
    assert counted["records"] == len(now)
    assert counted["open"] == counted["new"] + counted["recurring"]
    was_open = sum(is_open for _, is_open in before.values())
    assert was_open == counted["repaired"] + counted["recurring"] + counted["gone"]


def test_a_sparkline_runs_between_the_lowest_and_the_highest():
    assert sparkline([0.5, 0.6, None, 0.7]) == "▁▅ █" or sparkline([0.5, 0.6, None, 0.7]) == "▁▄ █"
    assert sparkline([0.5, 0.5]) == "▄▄"
    assert sparkline([]) == ""


def shown(capsys, *argv):
    try:
        main([str(arg) for arg in argv])
    except SystemExit as ended:
        assert not ended.code
    return capsys.readouterr().out


def test_progress_is_a_table_csv_and_json(capsys, path):
    table = shown(capsys, "progress", "--ledger", path)
    assert "Dukun" in table and "50,0" not in table and "50.0 %" in table
    csv = pl.read_csv(shown(capsys, "progress", "--ledger", path, "--format", "csv").encode())
    assert csv.height == 4 and {"month", "group", "repaired", "rank"} <= set(csv.columns)
    whole = json.loads(shown(capsys, "progress", "--ledger", path, "--format", "json"))
    assert whole["months"] == ["2026-10", "2026-11"]
    assert [total["valid_share"] for total in whole["total"]] == [0.2, 0.4]
