"""`train` and `evaluate` on the command line: from files to figures, against truth and clerks."""

import json
from functools import partial

import polars as pl
import pytest

from dtkstool.link.train import train
from tests.filling import fill
from tests.test_cli import WHOLE_NIK, dtkstool
from tests.town import CHILD, HEAD, listed, month

CHOSEN = {"keputusan": "ORANGNYA KANDIDAT 1"}
NOBODY = {"keputusan": "BUKAN KANDIDAT"}


def answer(sheet, row):
    """What a clerk says of each record to verify: the first candidate, where there is one."""
    return sheet == "VERIFIKASI" and (CHOSEN if row["kandidat_1_nik"] else NOBODY)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A month's folder: one plain record, one with another's name, one that is in no registry."""
    folder = tmp_path_factory.mktemp("kota")
    register = [
        listed(HEAD, "A1"),
        listed(CHILD, "A2", NIK="", Nama="RUDI SANTOSO"),
        listed(HEAD, "A3", **{"NIK": "3201025207810009", "Nama": "KUSNIATI", "No KK": "", "Nama Ibu": "RAHMI",
                              "Tanggal Lahir": "12-07-1981"}),
    ]  # fmt: skip
    month(folder, register, [HEAD, CHILD])
    return folder


def test_evaluate_against_a_truth_file_gives_every_figure_by_kind(capsys, town):
    truth = town / "benar.csv"
    truth.write_text(
        f"id_dtks,nik_benar,kerusakan\nA1,{HEAD['NIK']},\nA2,{CHILD['NIK']},nama;nik_kosong\nA3,,\n"
    )
    argv = ["evaluate", town / "hasil", "--truth", truth, "--file", town / "masuk",
            "--registry", town / "registri", "--today", "2026-11-01"]  # fmt: skip
    code, out, _ = dtkstool(capsys, *argv, "--format", "json")
    figures = json.loads(out)
    assert code == 0
    assert figures["automatic"] == {
        "precision": 1.0, "recall": 0.5, "f1": 2 / 3, "right": 1, "wrong": 0, "missed": 1,
    }  # fmt: skip
    assert figures["pair_completeness"]["semua"]["share"] == 1.0
    kind = figures["by_kind"]["nik_kosong"]
    assert kind["with_review"]["f1"] == 1.0 and kind["observed"] == 1.0
    assert kind["expected"] > 0.9 and kind["pair_completeness"] == 1.0
    code, out, _ = dtkstool(capsys, *argv)
    assert code == 0 and "nik_kosong" in out and not WHOLE_NIK.search(out)


def test_evaluate_takes_what_clerks_filled_in_for_truth(capsys, town, tmp_path):
    (book,) = (town / "hasil" / "koreksi").rglob("*.xlsx")
    filled = tmp_path / book.name
    asked = fill(book, answer, filled)
    code, out, _ = dtkstool(
        capsys, "evaluate", town / "hasil", "--decisions", filled, "--format", "json"
    )
    figures = json.loads(out)
    assert (code, asked, figures["records"], figures["in_registry"]) == (0, 2, 2, 1)
    assert figures["with_review"]["right"] == 1 and figures["with_review"]["wrong"] == 0


def test_evaluate_without_any_truth_says_what_it_needs(capsys, town):
    code, _, err = dtkstool(capsys, "evaluate", town / "hasil")
    assert code == 2 and "--truth" in err and "--decisions" in err


def test_a_model_is_learned_written_and_used(capsys, monkeypatch, town, tmp_path):
    monkeypatch.setattr("dtkstool.pipeline.linking.train", partial(train, random_pairs=20_000))
    monkeypatch.setattr("dtkstool.link.train.LEAST_SETTLED", 1)
    model = tmp_path / "model.json"
    where = [town / "masuk", "--registry", town / "registri", "--today", "2026-11-01"]
    code, _, err = dtkstool(capsys, "train", *where, "--out", model)
    assert code == 0 and "model.json" in err
    assert json.loads(model.read_text())["made_from"][0]["registry"]
    code, _, _ = dtkstool(capsys, "match", *where, "--model", model, "--out", tmp_path / "m")
    assert code == 0
    assert pl.read_parquet(tmp_path / "m" / "links.parquet").height == 3


def test_match_says_what_it_expects_to_be_wrong(capsys, town, tmp_path):
    where = [town / "masuk", "--registry", town / "registri", "--today", "2026-11-01"]
    _, _, err = dtkstool(capsys, "match", *where, "--out", tmp_path / "m")
    assert "Perkiraan tanpa jawaban: 0 padanan otomatis keliru, 1 orang benar menunggu" in err
