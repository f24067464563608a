"""The benchmark's judge: who is flagged rightly, and whether what was estimated came true."""

import json

import polars as pl

from benchmarks.judge import estimated, moved, status

RECORDS = pl.DataFrame({
    "person": [1, 2, 3, 4, 4, 5, 6],
    "in_registry": True,
    "status_benar": ["meninggal", "meninggal", "hidup", "hidup", "hidup", "pindah_dalam", "pindah_dalam"],
    "reported": ["register_nik", "tidak", "tidak", "tidak", "tidak", "biodata", "biodata"],
    "kode_desa": ["A", "A", "A", "A", "B", "A", "A"],
    "kode_desa_dukcapil": ["A", "A", "B", "A", "A", "A", "B"],
    "flags": [["meninggal"], ["meninggal"], ["pindah_dalam"], [], ["pindah_dalam"], [], []],
    "status": ["meninggal", "meninggal", "pindah_dalam", "padan", "pindah_dalam", "padan", "padan"],
    "action": ["hapus", "verifikasi", "ubah", "tetap", "ubah", "tetap", "tetap"],
})  # fmt: skip


def test_a_death_no_register_tells_of_is_rightly_flagged_and_never_demanded():
    flagged = status(moved(RECORDS), "meninggal")["flagged"]
    assert (flagged["precision"], flagged["recall"], flagged["real"]) == (1.0, 1.0, 1)


def test_a_record_elsewhere_is_a_move_unless_another_stands_at_the_right_place():
    flagged = status(moved(RECORDS), "pindah_dalam")["flagged"]
    assert (flagged["said"], flagged["wrong"]) == (2, 1)


def test_a_move_within_the_desa_leaves_nothing_to_flag():
    assert status(moved(RECORDS), "pindah_dalam")["flagged"]["real"] == 1


def test_estimates_are_set_beside_what_is_true(tmp_path):
    each = {"false_links": 0.1, "waiting": 1.0, "missed": 4.0}
    (tmp_path / "run.json").write_text(
        json.dumps({"estimates": {"all": each, "kecamatan": {"320101": each}}})
    )
    judged = pl.DataFrame({
        "linked": ["1", "2", None], "nik_benar": ["1", "9", "3"], "kecamatan": "320101",
        "verdict": ["tinjau", "padan", "tidak_ditemukan"], "in_registry": True,
    })  # fmt: skip
    figures = estimated(judged, tmp_path)
    assert {name: part["true"] for name, part in figures.items()} == dict.fromkeys(each, 1)
    assert figures["missed"]["within"] == 1.0 and figures["missed"]["mean_error"] == 3.0
