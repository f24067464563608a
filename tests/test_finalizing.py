"""The final list: nothing lost, nothing open unless allowed, totals that add up."""

import json
from datetime import date

import polars as pl
import pytest

from dtkstool.apply.memory import KEPUTUSAN
from dtkstool.cli import main
from dtkstool.errors import UnusableInput
from dtkstool.ledger.clerks import keputusan, take_clerks
from dtkstool.ledger.store import writing
from dtkstool.pipeline.finalizing import COUNTS, FinalOrder, finalize
from dtkstool.pipeline.provenance import sha256
from tests.town import CHILD, HEAD, TODDLER, listed

PRELIST = [("A1", "tetap"), ("A2", "ubah"), ("A3", "hapus"), ("A4", "verifikasi")]


def said(*rows):
    """Clerks' decisions as apply writes them: (record, fate) or (record, fate, other of the pair)."""
    full = [
        {"record_id": r[0], "record_id_lama": r[0], "fate": r[1], "decision": r[1], "sheet": "ubah",
         "other_id": r[2] if len(r) > 2 else None, "petugas": "Siti", "applied": date(2026, 11, 20)}
        for r in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=KEPUTUSAN)


@pytest.fixture
def order(tmp_path):
    """A month's decisions, and the register after A3 was removed."""
    (tmp_path / "bulan").mkdir()
    ids, actions = zip(*PRELIST, strict=True)
    prelist = {"record_id": ids, "id_dtks": ids, "kecamatan": ["320101"] * 4, "action": actions}
    pl.DataFrame(prelist).write_parquet(tmp_path / "bulan" / "decisions.parquet")
    rows = [listed(HEAD), listed(CHILD, "A2"), listed(TODDLER, "A4")]
    pl.DataFrame(rows).write_csv(tmp_path / "dtks.csv")

    def given(*decisions, allow_open=0):
        said(*decisions).write_parquet(tmp_path / "keputusan.parquet")
        return FinalOrder(
            [str(tmp_path / "dtks.csv")], tmp_path / "bulan", tmp_path / "tiada.sqlite",
            [str(tmp_path / "keputusan.parquet")], tmp_path / "akhir", allow_open, None,
            date(2026, 11, 30), "id",
        )  # fmt: skip

    return given


def test_a_settled_prelist_becomes_a_final_list_whose_totals_add_up(order):
    final = finalize(order(("A2", "ubah"), ("A3", "hapus"), ("A4", "tetap")))
    total = final.desa.select(pl.col(COUNTS).sum()).row(0, named=True)
    assert total == {
        "prelist": 4, "tetap": 2, "ubah": 1, "ganti": 0, "hapus": 1, "tambah": 0, "akhir": 3, "terbuka": 0,
    }  # fmt: skip
    out = final.order.out
    (path,) = (out / "daftar").iterdir()
    minutes = (out / "berita_acara" / f"{path.stem}.txt").read_text()
    assert path.name == "320101_cibinong.csv" and sha256(path) in minutes
    told = json.loads((out / "final.json").read_text())
    assert told["lists"] == {"daftar/320101_cibinong.csv": sha256(path)}


def test_open_records_refuse_the_final_list_and_say_where_they_are(order):
    wanted = order(("A2", "ubah"), ("A3", "hapus"))
    with pytest.raises(UnusableInput, match=r"1 records are still open \(320101: 1\)"):
        finalize(wanted)
    assert not wanted.out.exists()


def test_open_records_can_be_allowed_and_are_marked(order):
    final = finalize(order(("A2", "ubah"), ("A3", "hapus"), allow_open=1))
    assert final.people.filter("terbuka")["record_id"].to_list() == ["A4"]


def test_a_record_that_is_gone_and_that_nobody_removed_is_never_passed_over(order):
    with pytest.raises(UnusableInput, match="1 records of the prelist are gone"):
        finalize(order(("A2", "ubah"), ("A4", "tetap"), allow_open=9))


def test_a_removed_duplicate_is_known_by_the_other_side_of_its_pair(order):
    final = finalize(order(("A2", "ubah"), ("A4", "tetap"), ("A1", "hapus", "A3")))
    assert final.desa["hapus"].sum() == 1


def test_the_ledger_gives_back_what_apply_wrote(tmp_path):
    rows = said(("A1", "hapus", "A3"), ("A2", "ubah"))
    with writing(tmp_path / "l.sqlite") as ledger:
        take_clerks(ledger, rows)
        assert keputusan(ledger).equals(rows)
        assert keputusan(ledger).schema == pl.Schema(KEPUTUSAN)


def test_finalize_is_a_command(order, capsys):
    wanted = order(("A2", "ubah"), ("A3", "hapus"), ("A4", "tetap"))
    words = ["finalize", *wanted.files, "--month", wanted.month, "--keputusan", *wanted.keputusan,
             "--out", wanted.out, "--today", "2026-11-30"]  # fmt: skip
    main_ended(words)
    assert "3 data" in capsys.readouterr().err


def main_ended(words):
    try:
        main([str(word) for word in words])
    except SystemExit as ended:
        assert not ended.code
