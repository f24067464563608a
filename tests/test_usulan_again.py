"""Proposals that come again: under other numbers, after other rejections, with photos named anyhow."""

from dataclasses import replace

import polars as pl
import pytest

from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.photos import photos
from dtkstool.pipeline.usulan import judge
from tests.photos import jpeg
from tests.test_usulan import asked, codes, csv, proposed  # noqa: F401
from tests.town import CHILD, HEAD, TODAY, listed, strangers

MISTYPED = "3201915207800003"
OTHER = {"Foto KTP": "ktp2.jpg"}


def test_a_person_is_proposed_once_also_under_a_mistyped_nik(asked):  # noqa: F811
    rows = [proposed(), proposed(**OTHER, NIK=MISTYPED)]
    assert codes(asked, rows) == [["USL04"], ["USL04"]]


def test_the_nik_that_the_registry_has_finds_the_register_too(asked, tmp_path):  # noqa: F811
    biodata = csv(tmp_path / "biodata.csv", [HEAD, CHILD, *strangers()])
    build_registry(biodata, {}, tmp_path / "reg", today=TODAY, column_map=None, model_path=None)
    moved = listed(HEAD, **{"No KK": "3201011203080099", "Nama Ibu": "-"})
    row = proposed(NIK=MISTYPED)
    found = codes(replace(asked, registry=tmp_path / "reg"), [row], register=[moved])
    assert found == [["USL05"]]


def test_a_reason_must_be_new_against_every_rejection(asked):  # noqa: F811
    before = [proposed(Alasan="sudah mampu"), proposed(Alasan="pindah"), proposed(Alasan="lain")]
    assert codes(asked, [proposed(Alasan="Pindah")], rejected=before) == [["USL06"]]
    assert codes(asked, [proposed(Alasan="kebakaran")], rejected=before) == [None]


def test_what_was_returned_can_be_given_as_rejected_next_time(asked):  # noqa: F811
    rows = [proposed(**{"Foto KTP": "hilang.jpg"}, Alasan="janda"), proposed(CHILD, **OTHER)]
    assert codes(asked, rows) == [["USL01"], None]
    back = pl.read_csv(asked.out / "dikembalikan.csv", infer_schema=False)
    assert (back["NIK"].to_list(), back["Kode"].to_list()) == ([HEAD["NIK"]], ["USL01"])
    files = csv(
        asked.out.parent / "lagi.csv", [proposed(Alasan="Janda."), proposed(CHILD, **OTHER)]
    )
    again = judge(replace(asked, files=files, rejected=[str(asked.out / "dikembalikan.csv")]))
    assert again.results["codes"].to_list() == [["USL06"], None]


@pytest.mark.parametrize(
    ("name", "isi"),
    [
        ("a/ktp.jpg", "gambar"), ("ktp.jpg", "banyak"), ("rumah", "gambar"),
        (r"C:\Users\operator\rumah.jpg", "gambar"), ("/home/op/rumah.jpg", "gambar"),
        ("c/ktp.jpg", "tidak_ada"), ("kosong.jpg", "rusak"),
    ],
)  # fmt: skip
def test_a_photo_is_never_taken_for_another_of_its_name(tmp_path, name, isi):
    for path, content in {"a/ktp.jpg": 1, "b/ktp.jpg": 2, "rumah.jpg": 3}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(jpeg(content))
    (tmp_path / "kosong.jpg").write_bytes(b"")
    assert photos([name], tmp_path)["isi"].to_list() == [isi]
