"""From scored candidates to one verdict a record."""

import polars as pl
import pytest

from dtkstool.link.comparisons import COMPARISONS, NAMA, NIK
from dtkstool.link.resolve import ALONE, ranked, verdicts
from dtkstool.link.weights import load

MODEL = load()


def candidates(*rows):
    """One record's candidates; each is what differs from a plain linkable one of 20 bits."""
    plain = {
        "left": 0, "block": 0, "weight": 20.0, "linkable": True, "strict": True, "claimed": False,
        "named": False, **{f"level_{c.name}": 1 for c in COMPARISONS},
    }  # fmt: skip
    df = pl.DataFrame([{**plain, "right": i, **row} for i, row in enumerate(rows)])
    levels = [name for name in df.columns if name.startswith("level_")]
    return ranked(df.with_columns(pl.col(levels).cast(pl.UInt8)), pl.Series([7]))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{}], "accepted"),
        ([{}, {"weight": 19.0}], "close"),
        ([{"weight": MODEL.automatic - 0.1}], "weak"),
        ([{"linkable": False}], "accepted"),
        ([{"linkable": False, "weight": MODEL.strict - 0.1}], "vetoed"),
        ([{"linkable": False, "strict": False}], "vetoed"),
        ([{}, {"weight": 5.0, "claimed": True}], "claimed"),
        ([{"level_nama": NAMA.at("beda")}, {"weight": 5.0, "named": True}], "claimed"),
        ([{}, {"weight": 5.0, "named": True}], "accepted"),
        ([{"weight": MODEL.review - 1}], "hopeless"),
    ],
)
def test_the_first_thing_that_keeps_a_link_from_being_automatic_is_its_reason(rows, reason):
    assert verdicts(candidates(*rows), MODEL).row(0, named=True)["reason"] == reason


def test_an_automatic_link_is_padan_only_with_the_same_nik():
    other = {"level_nik": NIK.at("satu_ubah")}
    assert verdicts(candidates({}), MODEL)["verdict"].to_list() == ["padan"]
    assert verdicts(candidates(other), MODEL)["verdict"].to_list() == ["padan_perbaikan"]


def test_margin_and_probability_look_at_every_other_candidate():
    two = verdicts(candidates({}, {"weight": 18.0}), MODEL, keep=2)
    assert two["margin"].to_list() == [2.0, -2.0]
    assert two["probability"].to_list() == pytest.approx([0.8, 0.2], abs=1e-5)
    assert verdicts(candidates({}), MODEL)["margin"].to_list() == [ALONE]


REVIEWED = {"weight": 5.0, "linkable": False, "strict": False}


@pytest.mark.parametrize(
    ("rows", "probable"),
    [
        ([REVIEWED | {"weight": 0.5}], True),
        ([REVIEWED | {"weight": -0.5}], False),
        ([REVIEWED, {"weight": 2.0}], False),
        ([REVIEWED | {"level_nama": NAMA.at("beda")}], True),
        ([REVIEWED | {"weight": 2.0, "level_nama": NAMA.at("beda")}], False),
        ([REVIEWED | {"level_nama": NAMA.at("satu_kata"), "level_tanggal_lahir": 0}], True),
        ([REVIEWED | {"level_nama": NAMA.at("satu_kata"), "level_tanggal_lahir": 8}], False),
        ([REVIEWED | {"level_jenis_kelamin": 2}], True),
        ([REVIEWED | {"level_jenis_kelamin": 2, "level_nama": NAMA.at("agak_mirip")}], False),
        ([REVIEWED | {"level_nama": NAMA.at("beda"), "level_tanggal_lahir": 0}], False),
        ([REVIEWED | {"level_nama": NAMA.at("beda")},
          {"weight": -6.0, "level_nama": NAMA.at("agak_mirip"), "level_nik": 2}], False),
    ],
)  # fmt: skip
def test_a_link_to_review_is_probable_without_a_rival_and_without_a_twin_who_fits(rows, probable):
    assert verdicts(candidates(*rows), MODEL).row(0, named=True)["probable"] == probable
