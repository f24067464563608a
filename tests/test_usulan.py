"""Proposals: what each must show to be accepted, and what sends it back."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from dtkstool.errors import UnusableInput
from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.usulan import Proposals, judge
from dtkstool.rules.usulan import USL
from tests.photos import jpeg, png
from tests.town import CHILD, HEAD, TODAY, death, listed, strangers

PHOTOS = {f"ktp{at}.jpg": jpeg(at) for at in range(9)} | {
    f"rumah{at}.png": png(at) for at in range(9)
}
OTHERS = {
    "sub/depan.png": png(99), "surat.jpg": b"%PDF-1.4", "terpotong.jpg": jpeg(98)[:-20],
    "kosong.png": b"",
}  # fmt: skip


def proposed(person=HEAD, at=0, **changes):
    """A proposal with the photos number `at`."""
    photos = {"Foto KTP": f"ktp{at}.jpg", "Foto Rumah": f"rumah{at}.png"}
    return listed(person) | photos | {"Alasan": ""} | changes


def of_each(*changes):
    """A proposal of one more stranger with each of the changes."""
    people = zip(strangers(len(changes)), changes, strict=True)
    return [proposed(person, at, **change) for at, (person, change) in enumerate(people)]


def csv(path, rows):
    path.parent.mkdir(exist_ok=True)
    pl.DataFrame(rows).write_csv(path)
    return [str(path)]


@pytest.fixture
def asked(tmp_path):
    """Proposals with their photos, and nothing to hold them against."""
    for name, content in (PHOTOS | OTHERS).items():
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


MISSING = (
    ({"Foto KTP": ""}, "USL01"),
    ({"Foto KTP": "hilang.jpg"}, "USL01"),
    ({"Foto KTP": "surat.jpg"}, "USL01"),
    ({"Foto Rumah": ""}, "USL02"),
    ({"Foto Rumah": "ktp4.jpg"}, "USL03"),
    ({"NIK": "-"}, "USL09"),
    ({"Foto KTP": "terpotong.jpg"}, "USL01"),
    ({"Foto Rumah": "kosong.png"}, "USL02"),
)


def test_what_is_missing_sends_a_proposal_back(asked):
    rows = of_each(*(change for change, _ in MISSING))
    assert codes(asked, rows) == [[code] for _, code in MISSING]


def test_a_photo_is_found_however_its_name_is_typed(asked):
    names = ("KTP0.JPG", "./ktp1.jpg", " ktp2.jpg ")
    assert codes(asked, of_each(*({"Foto KTP": name} for name in names))) == [None] * 3


def test_a_house_photo_in_a_sub_folder_is_found_with_and_without_it(asked):
    rows = [proposed(HEAD, 0), proposed(CHILD, 1)]
    typed = ({"Foto Rumah": "sub\\depan.png"}, {"Foto Rumah": "depan.png"})
    rows = [row | name for row, name in zip(rows, typed, strict=True)]
    assert codes(asked, rows) == [None, None]


def test_members_of_a_family_share_the_house_but_not_the_ktp(asked):
    assert codes(asked, [proposed(), proposed(CHILD)]) == [["USL03"], ["USL03"]]
    own = proposed(CHILD, **{"Foto KTP": "ktp1.jpg"})
    assert codes(asked, [proposed(), own]) == [None, None]


def test_two_families_do_not_share_a_house_photo(asked):
    other = proposed(CHILD, **{"Foto KTP": "ktp1.jpg", "No KK": "3201010702190001"})
    assert codes(asked, [proposed(), other]) == [["USL03"], ["USL03"]]


def test_a_shared_photo_names_the_proposal_of_another_family_that_has_it(asked):
    one, other, same = of_each(*[{"Foto Rumah": "rumah0.png"}] * 3)
    files = csv(asked.out.parent / "usulan.csv", [one, other, same | {"No KK": one["No KK"]}])
    told = judge(replace(asked, files=files)).results["alasan"]
    rows = told.str.extract(r"keluarga lain: baris (\d)").to_list()
    assert rows in (["3", "2", "3"], ["3", "4", "3"])


def test_a_nik_is_proposed_once(asked):
    rows = [proposed(), proposed(at=1)]
    assert codes(asked, rows) == [["USL04"], ["USL04"]]


def test_who_is_registered_is_not_proposed(asked):
    other = strangers(1)[0]
    mistyped = listed(other, "A2", NIK=other["NIK"][:4] + "9" + other["NIK"][5:])
    rows = [proposed(HEAD, 0), proposed(other, 1), proposed(CHILD, 2)]
    assert codes(asked, rows, register=[listed(HEAD), mistyped]) == [["USL05"], ["USL05"], None]


def test_who_was_rejected_needs_a_new_reason(asked):
    reasons = ("", "Sudah mampu.", "Kehilangan pekerjaan")
    rows = of_each(*({"Alasan": reason} for reason in reasons))
    before = [row | {"Alasan": "sudah mampu"} for row in rows]
    assert codes(asked, rows, rejected=before) == [["USL06"], ["USL06"], None]


def test_a_proposal_must_be_found_alive_in_the_registry(asked, tmp_path):
    biodata = csv(tmp_path / "biodata.csv", [HEAD, CHILD, *strangers()])
    dead = {"kematian": csv(tmp_path / "kematian.csv", [death(CHILD)])}
    build_registry(biodata, dead, tmp_path / "reg", today=TODAY, column_map=None, model_path=None)
    unknown = proposed(at=1, NIK="3201025207810009", Nama="KUSNIATI",
                       **{"Tanggal Lahir": "12-07-1981", "No KK": "3201021203080077", "Nama Ibu": "RAHMI"})  # fmt: skip
    gone = proposed(CHILD, **{"Foto KTP": "surat.jpg"})
    found = codes(replace(asked, registry=tmp_path / "reg"), [proposed(), unknown, gone])
    assert found == [None, ["USL07"], ["USL01", "USL08"]]


def test_a_folder_of_photos_that_is_not_there_stops_it(asked):
    with pytest.raises(UnusableInput):
        codes(replace(asked, photos=Path("/tiada")), [proposed()])


def test_every_rule_on_proposals_is_tested_here():
    assert {rule.code for rule in USL} <= {f"USL{n:02}" for n in range(1, 10)}
