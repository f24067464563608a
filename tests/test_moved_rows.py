"""Where the rows of a file stand changes nothing of what a baseline knows of them."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.pipeline import checking
from dtkstool.write.baseline import load, traced, unknown, write
from dtkstool.write.pieces import whole
from tests.examples import examples_in_folder
from tests.test_slices import FIELDS, as_csv, every_case

TODAY = date(2026, 11, 1)
NIK, NOKK, ID, HUBUNGAN, LAHIR = (
    FIELDS.index(f) for f in ("nik", "nokk", "id_dtks", "hubungan", "tanggal_lahir")
)


def found(path):
    checked = checking.validate([str(path)], today=TODAY, column_map=None, lang="en")
    return whole(checked.outcome.findings)


def with_ids():
    return [(*row[:ID], f"D{n:05}", *row[ID + 1 :]) for n, row in enumerate(every_case())]


def known_of(path, rows):
    path.write_text(as_csv(rows))
    return sorted(traced(found(path)).select("code", "fingerprint", "nth").rows())


@examples_in_folder(1, 20)
@given(st.randoms())
def test_shuffling_the_rows_of_a_file_leaves_no_finding_new_or_gone(tmp_path, random):
    rows = with_ids()
    before = known_of(tmp_path / "a.csv", rows)
    random.shuffle(rows)
    assert known_of(tmp_path / "a.csv", rows) == before


def family(nokk, *members):
    """Rows of one No KK: (id, relation, birth date) each."""
    for nth, (id_dtks, relation, born) in enumerate(members, 1):
        row = [""] * len(FIELDS)
        day, month, year = born.split("-")
        row[NIK] = f"320101{day}{month}{year[2:]}{int(id_dtks[1:]):04}"
        row[NOKK], row[ID], row[HUBUNGAN], row[LAHIR] = nokk, id_dtks, relation, born
        row[FIELDS.index("nama")] = f"WARGA {'ABCDEFGHIJ'[nth]}{id_dtks[1:].translate(LETTERS)}"
        yield tuple(row)


LETTERS = str.maketrans("0123456789", "KLMNOPQRST")
HEADLESS = (
    ("D11", "ISTRI", "02-03-1981"),
    ("D12", "ANAK", "04-05-2005"),
    ("D13", "ANAK", "04-06-2008"),
)
TWO_HEADS = (
    ("D21", "KEPALA KELUARGA", "02-03-1971"),
    ("D22", "KEPALA KELUARGA", "02-03-1974"),
    ("D23", "ANAK", "04-06-2008"),
)


def kk08(path):
    return found(path).filter(pl.col("code") == "KK08")


def test_a_month_later_a_birth_and_a_moved_row_make_no_known_family_new(tmp_path):
    one, two, three = "3201010904120001", "3201010904120002", "3201010904120003"
    (tmp_path / "a.csv").write_text(as_csv([*family(one, *HEADLESS), *family(two, *TWO_HEADS)]))
    write(kk08(tmp_path / "a.csv"), tmp_path / "dasar.txt")
    later = [
        *family(one, ("D31", "ANAK", "01-10-2026"), *reversed(HEADLESS)),
        *family(three, ("D32", "ISTRI", "01-10-1990"), ("D33", "ANAK", "01-10-2016")),
        *family(two, ("D34", "FAMILI LAIN", "01-10-1960"), *reversed(TWO_HEADS)),
    ]
    (tmp_path / "b.csv").write_text(as_csv(later))
    fresh = unknown(kk08(tmp_path / "b.csv"), load(tmp_path / "dasar.txt"))
    assert fresh["id_dtks"].to_list() == ["D32"]


def test_a_family_of_several_heads_is_spoken_for_by_one_of_them(tmp_path):
    (tmp_path / "a.csv").write_text(as_csv(family("3201010904120001", *reversed(TWO_HEADS))))
    assert kk08(tmp_path / "a.csv")["id_dtks"].to_list() == ["D21"]


def test_a_member_listed_twice_does_not_make_the_family_speak_twice(tmp_path):
    rows = list(family("3201010904120001", *HEADLESS))
    again = (*rows[0][:ID], "D99", *rows[0][ID + 1 :])
    (tmp_path / "a.csv").write_text(as_csv([*rows, again]))
    assert kk08(tmp_path / "a.csv").height == 1
