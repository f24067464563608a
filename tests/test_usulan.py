"""Proposals: what each must show to be accepted, and what sends it back."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from dtkstool.errors import UnusableInput
from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.photos import is_image
from dtkstool.pipeline.usulan import Proposals, judge
from dtkstool.rules.usulan import USL
from tests.town import CHILD, HEAD, TODAY, death, listed, strangers

JPEG, PNG = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"
PHOTOS = {
    "ktp1.jpg": JPEG + b"satu", "ktp2.jpg": JPEG + b"dua", "rumah1.png": PNG + b"satu",
    "sub/rumah2.png": PNG + b"dua", "surat.jpg": b"%PDF-1.4",
}  # fmt: skip


def proposed(person=HEAD, ktp="ktp1.jpg", rumah="rumah1.png", **changes):
    return listed(person) | {"Foto KTP": ktp, "Foto Rumah": rumah, "Alasan": ""} | changes


def csv(path, rows):
    path.parent.mkdir(exist_ok=True)
    pl.DataFrame(rows).write_csv(path)
    return [str(path)]


@pytest.fixture
def asked(tmp_path):
    """Proposals with their photos, and nothing to hold them against."""
    for name, content in PHOTOS.items():
        (tmp_path / "foto" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "foto" / name).write_bytes(content)
    return Proposals([], tmp_path / "foto", tmp_path / "hasil", (), (), None, None, TODAY, "id")


def codes(asked, rows, **lists):
    folder = asked.out.parent
    files = csv(folder / "usulan.csv", rows)
    others = {name: csv(folder / f"{name}.csv", of) for name, of in lists.items()}
    return judge(replace(asked, files=files, **others)).results["codes"].to_list()


def test_a_proposal_with_its_photos_is_accepted_and_written(asked):
    assert codes(asked, [proposed()]) == [None]
    written = pl.read_csv(asked.out / "usulan.csv", infer_schema=False)
    assert written["hasil"].to_list() == ["diterima"]
    assert written["nik"].to_list() == [HEAD["NIK"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ktp": ""}, "USL01"),
        ({"ktp": "hilang.jpg"}, "USL01"),
        ({"ktp": "surat.jpg"}, "USL01"),
        ({"rumah": ""}, "USL02"),
        ({"rumah": "ktp1.jpg"}, "USL03"),
        ({"NIK": "-"}, "USL09"),
    ],
)
def test_what_is_missing_sends_a_proposal_back(asked, change, code):
    assert codes(asked, [proposed(**change)]) == [[code]]


@pytest.mark.parametrize("name", ["KTP1.JPG", "./ktp1.jpg", " ktp1.jpg "])
def test_a_photo_is_found_however_its_name_is_typed(asked, name):
    assert codes(asked, [proposed(ktp=name)]) == [None]


def test_a_house_photo_in_a_sub_folder_is_found_with_and_without_it(asked):
    rows = [proposed(rumah="sub\\rumah2.png"), proposed(CHILD, ktp="ktp2.jpg", rumah="rumah2.png")]
    assert codes(asked, rows) == [None, None]


def test_members_of_a_family_share_the_house_but_not_the_ktp(asked):
    assert codes(asked, [proposed(), proposed(CHILD)]) == [["USL03"], ["USL03"]]
    assert codes(asked, [proposed(), proposed(CHILD, ktp="ktp2.jpg")]) == [None, None]


def test_two_families_do_not_share_a_house_photo(asked):
    other = proposed(CHILD, ktp="ktp2.jpg", **{"No KK": "3201010702190001"})
    assert codes(asked, [proposed(), other]) == [["USL03"], ["USL03"]]


def test_a_nik_is_proposed_once(asked):
    rows = [proposed(), proposed(ktp="ktp2.jpg")]
    assert codes(asked, rows) == [["USL04"], ["USL04"]]


def test_who_is_registered_is_not_proposed(asked):
    assert codes(asked, [proposed()], register=[listed(HEAD)]) == [["USL05"]]
    mistyped = listed(HEAD, NIK="3201915207800003")
    assert codes(asked, [proposed()], register=[mistyped]) == [["USL05"]]
    assert codes(asked, [proposed()], register=[listed(CHILD)]) == [None]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", ["USL06"]), ("Sudah mampu.", ["USL06"]), ("Kehilangan pekerjaan", None)],
)
def test_who_was_rejected_needs_a_new_reason(asked, reason, expected):
    before = proposed(Alasan="sudah mampu")
    assert codes(asked, [proposed(Alasan=reason)], rejected=[before]) == [expected]


def test_a_proposal_must_be_found_alive_in_the_registry(asked, tmp_path):
    biodata = csv(tmp_path / "biodata.csv", [HEAD, CHILD, *strangers()])
    dead = {"kematian": csv(tmp_path / "kematian.csv", [death(CHILD)])}
    build_registry(biodata, dead, tmp_path / "reg", today=TODAY, column_map=None, model_path=None)
    unknown = proposed(NIK="3201025207810009", Nama="KUSNIATI", rumah="rumah2.png", ktp="ktp2.jpg",
                       **{"Tanggal Lahir": "12-07-1981", "No KK": "3201021203080077", "Nama Ibu": "RAHMI"})  # fmt: skip
    gone = proposed(CHILD, ktp="surat.jpg")
    found = codes(replace(asked, registry=tmp_path / "reg"), [proposed(), unknown, gone])
    assert found == [None, ["USL07"], ["USL01", "USL08"]]


def test_a_folder_of_photos_that_is_not_there_stops_it(asked):
    with pytest.raises(UnusableInput):
        codes(replace(asked, photos=Path("/tiada")), [proposed()])


@pytest.mark.parametrize(
    "start", [JPEG, PNG, b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic"]
)
def test_an_image_is_known_by_its_first_bytes(start):
    assert is_image(start + b"\0" * 20)


def test_every_rule_on_proposals_is_tested_here():
    assert {rule.code for rule in USL} <= {f"USL{n:02}" for n in range(1, 10)}
