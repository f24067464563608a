from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dtkstool.clean.nik import with_nik
from dtkstool.clean.nik_facts import explain_nik, with_nik_facts
from dtkstool.frames import CLEAN_NIK, CLEAN_NOKK, conform
from tests.examples import examples

TODAY = date(2026, 11, 1)
NIK = "3201015107700001"
HEALTHY = [f"32010151077000{serial:02}" for serial in range(1, 30)]
few = examples(8, 40)


def column(*cells, numeric=False, layout=1):
    return pl.LazyFrame(
        {
            "nik_asal": list(cells),
            "nik_numeric": numeric,
            "layout": layout,
            "nokk_asal": [None] * len(cells),
            "nokk_numeric": False,
        },
        schema={
            "nik_asal": pl.String,
            "nik_numeric": pl.Boolean,
            "layout": pl.UInt16,
            "nokk_asal": pl.String,
            "nokk_numeric": pl.Boolean,
        },
    )


def cleaned(*cells, **facts):
    return column(*cells, **facts).pipe(with_nik).collect()


def classes(*cells, **facts):
    return cleaned(*cells, **facts)["nik_kelas"].to_list()


def one(cell):
    return cleaned(cell).row(0, named=True)


@pytest.mark.parametrize(
    ("cell", "repair"),
    [
        (NIK, None),
        ("'" + NIK, "apostrof"),
        ("`" + NIK, "apostrof"),
        ("’" + NIK, "apostrof"),
        (f'="{NIK}"', "apostrof"),
        ("3201 0151 0770 0001", "pemisah"),
        ("3201-0151-0770-0001", "pemisah"),
        ("32.01.01.510770.0001", "pemisah"),
        ("3.201.015.107.700.001", "pemisah"),
        ("NIK : " + NIK, "pemisah"),
        (f"{NIK} / {NIK}", "pemisah"),
        (NIK + ".0", "desimal"),
        (NIK + ",00", "desimal"),
        ("3.201015107700001E15", "desimal"),
        ("3,201015107700001E+15", "desimal"),
        ("3.201.015.107.700.001,00", "pemisah,desimal"),
        (" " + NIK, "tak_terlihat"),
        ("\ufeff" + NIK, "tak_terlihat"),
        (NIK[:8] + "\u200b" + NIK[8:], "tak_terlihat"),
        (NIK[:8] + "\u00a0" + NIK[8:], "tak_terlihat"),
        (NIK + "\r\n", "tak_terlihat"),
        (NIK + "_x000D_", "tak_terlihat"),
        ("\t'" + NIK + ".0", "apostrof,desimal,tak_terlihat"),
        ("３２０１０１５１０７７００００１", "tak_terlihat"),
    ],
)  # fmt: skip
def test_what_surrounds_a_number_is_taken_off_and_named(cell, repair):
    row = one(cell)
    assert (row["nik"], row["nik_kelas"], row["nik_repair"]) == (NIK, "nomor", repair)


@pytest.mark.parametrize(
    ("kelas", "cells"),
    [
        ("kosong", ["", "-", "0", "NULL", "NaN", "#N/A", "tidak ada", "Belum punya KTP", None, " "]),
        ("sentinel", ["0" * 16, "9" * 16, "1" * 16, "1234567890123456", "9998", "9999", "12" * 8]),
        ("sentinel", ["3201012222222222", "99", "00", "9876543210987654", "2222222202232222"]),
        ("sementara", ["0320101200100001"]),
        ("tersamar", ["3201************", "XXXX", "3201XXXXXXXX0001", "########", "3201????????0001"]),
        ("rusak_ilmiah", ["3.20101E+15", "3,20101E+15", "3.2E15", "3201010000000000", "3E+15"]),
        ("rusak_digit16", ["3.20101510770000E+15"]),
        ("panjang_salah", [NIK[:15], NIK + "1", NIK[:14], "123", "081234567890"]),
        ("bukan_angka", ["SITI AMINAH", NIK + " (lama)", "32O1O151O77OOOO1"]),
        ("dua_nilai", [f"{NIK} / 3201015107700002", f"{NIK}\n3201015107700002", NIK + "3201015107700002"]),
    ],
)  # fmt: skip
def test_what_is_no_number_says_why(kelas, cells):
    found = cleaned(*cells)
    assert found["nik_kelas"].to_list() == [kelas] * len(cells)
    assert found["nik"].null_count() == len(cells)
    assert found["nik_repair"].null_count() == len(cells)


@pytest.mark.parametrize(
    ("cell", "digits", "kandidat", "kedua"),
    [
        ("32O1O151O77OOOO1", "321151771", NIK, None),
        ("3201015l0770000I", "32010150770000", "3201015107700001", None),
        (NIK + " (lama)", NIK, NIK, None),
        (NIK + "/3201015107700002", NIK, NIK, "3201015107700002"),
        (NIK[:15], NIK[:15], None, None),
        ("3,20101E+15", "320101", None, None),
        ("3.20101510770000E+15", "3201015107700000", None, None),
        ("3201********0001", None, None, None),
        ("9" * 16, None, None, None),
        ("1234", None, None, None),
    ],
)
def test_what_is_left_of_a_broken_number_is_kept_for_matching(cell, digits, kandidat, kedua):
    row = one(cell)
    assert (row["nik_digits"], row["nik_kandidat"], row["nik_kedua"]) == (digits, kandidat, kedua)


def test_no_kk_is_read_like_nik_and_both_keep_their_contracts():
    records = column(NIK, None).with_columns(nokk_asal=pl.Series(["'3201010101100001", "9998"]))
    found = records.pipe(with_nik).with_columns(tanggal_lahir=pl.lit(None, pl.Date))
    df = conform(found.pipe(with_nik_facts, TODAY).collect(), {**CLEAN_NIK, **CLEAN_NOKK}, "nik")
    assert df["nokk"].to_list() == ["3201010101100001", None]
    assert df["nokk_kelas"].to_list() == ["nomor", "sentinel"]


def test_a_text_column_of_zeros_lost_its_16th_digit():
    cells = [nik[:15] + "0" for nik in (f"320101510770{i:04}" for i in range(10, 90, 10))]
    found = cleaned(*cells, NIK)
    assert found["nik_kelas"].to_list() == ["rusak_digit16"] * 8 + ["nomor"]
    assert found["nik_digits"].to_list() == [*cells, NIK]


def test_a_serial_ending_in_0_is_sound_in_a_sound_column():
    assert set(classes(*HEALTHY)) == {"nomor"}


def test_three_zeros_in_a_column_of_three_prove_nothing():
    assert classes(*(f"32010151077000{i}0" for i in (1, 2, 3))) == ["nomor"] * 3


def test_a_family_that_repeats_one_no_kk_proves_nothing():
    assert classes(*["3201010101100010"] * 40, *HEALTHY[:5]) == ["nomor"] * 45


def test_a_number_cell_that_ends_in_0_lost_its_16th_digit():
    assert classes("3201015107700010", numeric=True) == ["rusak_digit16"]


def test_numbers_written_by_software_keep_all_16_digits():
    assert set(classes(*HEALTHY, numeric=True)) == {"nomor"}


def test_number_cells_are_judged_apart_from_text_cells_of_their_column():
    typed_as_number = column(*(f"3201015107{i:02}0000" for i in range(71, 80)), numeric=True)
    found = pl.concat([column(*HEALTHY), typed_as_number]).pipe(with_nik).collect()
    assert found["nik_kelas"].to_list() == ["nomor"] * 29 + ["rusak_digit16"] * 9


def test_a_float_leaves_papua_only_even_numbers():
    assert classes("9103015107700002", numeric=True) == ["rusak_float"]
    assert classes("9103015107700002.0") == ["rusak_float"]
    assert classes("9103015107700002") == ["nomor"]
    assert classes(*(f"91030151077000{i:02}" for i in range(12, 42, 2))) == ["rusak_float"] * 15


def test_odd_numbers_prove_that_no_float_was_at_work():
    cells = [f"91030151077000{serial:02}" for serial in range(1, 30)]
    assert set(classes(*cells)) == {"nomor"} == set(classes(*cells, numeric=True))


serials = st.integers(1, 9999)
days = st.dates(date(1917, 1, 1), date(2026, 10, 1))
prefixes = st.sampled_from(["320101", "357126", "917101", "910101", "650401", "970101", "127301"])


@st.composite
def niks(draw):
    day = draw(days)
    return draw(prefixes) + f"{day.day + 40 * draw(st.booleans()):02}{day:%m%y}{draw(serials):04}"


@few
@given(niks())
def test_every_possible_nik_is_a_number_in_a_healthy_column(nik):
    row = cleaned(nik, *HEALTHY).row(0, named=True)
    assert (row["nik"], row["nik_kelas"], row["nik_repair"]) == (nik, "nomor", None)


def excel(nik):
    """The ways Excel and its exports break a NIK."""
    rounded = nik[:15] + "0"
    return [
        f"{int(rounded):.5e}".replace("e", "E"),
        rounded,
        "'" + nik,
        f'="{nik}"',
        rounded + ".0",
    ]


@few
@given(st.lists(niks(), min_size=6, max_size=12, unique=True))
def test_what_excel_breaks_is_repaired_or_marked_never_believed(people):
    ways = zip(*map(excel, people), strict=True)
    columns = [column(*broken, layout=layout) for layout, broken in enumerate(ways)]
    found = pl.concat(columns).pipe(with_nik).collect()
    for nik, row in zip(people * len(columns), found.rows(named=True), strict=True):
        assert row["nik"] in (nik, None)
        assert (row["nik"] is None) == (row["nik_kelas"] != "nomor")


messy = st.one_of(
    niks(),
    niks().map(lambda nik: "'" + nik),
    niks().map(lambda nik: nik[:15]),
    niks().map(lambda nik: f" {nik}.0"),
    st.text(max_size=20),
    st.none(),
)


@few
@given(st.lists(messy, max_size=12))
def test_cleaning_the_clean_changes_nothing(cells):
    once = cleaned(*cells)
    again = cleaned(*once["nik"].drop_nulls())
    assert again["nik"].to_list() == once["nik"].drop_nulls().to_list()
    assert set(again["nik_repair"]) <= {None}


@few
@given(st.lists(messy, max_size=8), st.lists(messy, max_size=8))
def test_layouts_do_not_know_each_other(left, right):
    parts = [column(*left, layout=1), column(*right, layout=2)]
    whole = pl.concat(parts).pipe(with_nik).collect()
    assert_frame_equal(whole, pl.concat([part.pipe(with_nik).collect() for part in parts]))


def facts(nik, tanggal_lahir=None):
    row = pl.LazyFrame(
        {"nik": [nik], "tanggal_lahir": [tanggal_lahir]},
        schema={"nik": pl.String, "tanggal_lahir": pl.Date},
    )
    return row.pipe(with_nik_facts, TODAY).collect().row(0)[2:]


@pytest.mark.parametrize(
    ("nik", "stated", "birth", "sex"),
    [
        ("3201011205700001", None, date(1970, 5, 12), "L"),
        ("3201015205700001", None, date(1970, 5, 12), "P"),
        ("3201012902000001", None, date(2000, 2, 29), "L"),
        ("3201012902010001", None, None, "L"),
        ("3201011205200001", None, date(2020, 5, 12), "L"),
        ("3201011205200001", date(1920, 5, 12), date(1920, 5, 12), "L"),
        ("3201011205200001", date(1930, 5, 12), date(1920, 5, 12), "L"),
        ("3201011205100001", date(1910, 5, 12), date(1910, 5, 12), "L"),
        ("3201013111700001", None, None, "L"),
        ("3201013205700001", None, None, None),
        ("3201017213700001", None, None, None),
        (None, None, None, None),
    ],
)  # fmt: skip
def test_a_nik_tells_birth_and_sex(nik, stated, birth, sex):
    assert facts(nik, stated)[:2] == (birth, sex)


@few
@given(niks(), days)
def test_a_birth_date_read_from_a_nik_is_never_in_the_future(nik, stated):
    birth = facts(nik, stated)[0]
    assert birth is None or date(1900, 1, 1) <= birth <= max(TODAY, stated)


def test_the_prefix_says_where_a_nik_was_issued():
    assert [facts(prefix + "1205700001")[2] for prefix in ("320101", "910101", "990101")] == [
        "berlaku", "kode_lama", "mustahil",
    ]  # fmt: skip


def test_one_nik_is_explained_by_the_cell_alone():
    row = explain_nik("'3201015107700001", TODAY)
    assert row["nik"] == NIK
    assert row["nik_repair"] == "apostrof"
    assert row["nik_birth"] == date(1970, 7, 11)
    assert row["nik_sex"] == "P"
