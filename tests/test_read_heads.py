"""A No KK on the head's row only is the family's; where that is not sure, nobody gets one."""

import openpyxl
import polars as pl
import pytest

from dtkstool.read import read_files

HEAD = "No KK,NIK,Nama,Hubungan,RT\n"
KK = ("3201010904120001", "3201010904120002", "3201010904120003")


def family(kk, number, members=("ISTRI", "ANAK"), rt="1"):
    """Lines of a family whose head alone has the No KK."""
    people = [(kk, "KEPALA KELUARGA"), *(("", relation) for relation in members)]
    lines = [
        f"{own},32010111077{number}{at:04},ORANG {'ABCDEFGH'[at]}{'XYZ'[number]},{relation},{rt}\n"
        for at, (own, relation) in enumerate(people)
    ]
    return "".join(lines)


THREE = [family(kk, at, rt=str(at + 1)) for at, kk in enumerate(KK)]


def numbers(tmp_path, text, name="data.csv"):
    (tmp_path / name).write_text(HEAD + text)
    records = read_files([str(tmp_path / name)]).records
    return records["nokk_asal"].to_list(), records["kk_row"].to_list()


def test_the_members_below_a_head_get_its_number_and_its_cell(tmp_path):
    found, rows = numbers(tmp_path, "".join(THREE))
    assert found == [kk for kk in KK for _ in range(3)]
    assert rows == [row for first in (2, 5, 8) for row in (None, first, first)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (THREE[0] + family("", 1) + THREE[2], "a head without number keeps its family empty"),
        (THREE[0] + family("320101090412", 1) + THREE[2], "and so does one that is too short"),
    ],
)
def test_a_family_without_a_sound_number_stays_without(tmp_path, text, why):
    extra = "".join(
        family(f"32010109041210{at:02}", 0, rt="4").replace("32010111077", f"320101{at:02}077")
        for at in range(10, 28)
    )
    found, _ = numbers(tmp_path, text + extra)
    assert found[4:6] == [None, None], why
    assert found[:3] == [KK[0]] * 3 and found[6:9] == [KK[2]] * 3


@pytest.mark.parametrize(
    "text",
    [
        "".join(sorted("".join(THREE).splitlines(True), key=lambda line: line.split(",")[2])),
        ",3201011107790009,ORANG Q,ANAK,1\n" + "".join(THREE),
        "".join(family(kk, at, ("FAMILI LAIN",)) for at, kk in enumerate(KK)).replace(",1\n", ",\n"),
        "".join(family(KK[0], at) for at in range(3)),
        "".join(THREE).replace("LAIN", "").replace(",ANAK,1", ",ANAK,9").replace(",ISTRI,2", ",ISTRI,9"),
        THREE[0],
    ],
    ids=["sorted by name", "opens with a child", "nothing to go by", "one number thrice",
         "another RT", "one family"],
)  # fmt: skip
def test_where_it_is_not_sure_nobody_gets_a_number(tmp_path, text):
    found, rows = numbers(tmp_path, text)
    assert set(found) <= {*KK, None} and found.count(None) >= 2
    assert rows == [None] * len(rows)


def test_a_member_with_a_number_and_whoever_has_no_relation_end_the_family(tmp_path):
    many = "".join(
        family(f"32010109041210{at:02}", 0, rt="4").replace("32010111077", f"320101{at:02}077")
        for at in range(10, 28)
    )
    lines = family(KK[0], 0, ("ISTRI",)) + f"{KK[1]},3201011107790008,SENDIRI,FAMILI LAIN,1\n"
    lines += ",3201011107790009,ORANG Q,ANAK,1\n" + family(KK[2], 1, ("ISTRI",))
    lines += ",3201011107790010,ORANG R,,1\n,3201011107790011,ORANG S,ANAK,1\n"
    found, _ = numbers(tmp_path, many + lines)
    assert found[-8:] == [KK[0], KK[0], KK[1], None, KK[2], KK[2], None, None]


def test_a_number_that_a_spreadsheet_holds_as_one_is_known_as_such(tmp_path):
    book = openpyxl.Workbook()
    for line in (HEAD + "".join(THREE)).splitlines():
        kk, *rest = line.split(",")
        book.active.append([int(kk) if kk.isdigit() else kk or None, *rest])
    book.save(tmp_path / "data.xlsx")
    read = read_files([str(tmp_path / "data.xlsx")])
    assert read.records["nokk_numeric"].to_list() == [True] * 9
    assert [note.key for note in read.layouts[0].notes] == ["kk_heads"]
    assert read.records.filter(pl.col("nokk_asal").is_null()).is_empty()
