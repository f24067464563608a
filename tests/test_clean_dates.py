from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dtkstool.clean.dates import parse_dates, with_dates
from dtkstool.frames import TANGGAL_KELAS, conform
from tests.examples import examples

TODAY = date(2026, 11, 1)
MAY_12 = date(1980, 5, 12)
DEC_5 = date(1980, 12, 5)
NIK = "3201011205800001"  # born 12-05-80
OTHER = "3201012009850001"
few = examples(10, 40)


def column(*cells, nik=None, layout=1):
    niks = nik if isinstance(nik, list) else [nik] * len(cells)
    return pl.LazyFrame(
        {"tanggal_lahir_asal": list(cells), "nik": niks, "layout": layout},
        schema={"tanggal_lahir_asal": pl.String, "nik": pl.String, "layout": pl.UInt16},
    )


def cleaned(*cells, nik=None):
    return column(*cells, nik=nik).pipe(with_dates, TODAY).collect()


def dates(*cells, nik=None):
    return cleaned(*cells, nik=nik)["tanggal_lahir"].to_list()


def classes(*cells, nik=None):
    return cleaned(*cells, nik=nik)["tanggal_lahir_kelas"].to_list()


@pytest.mark.parametrize(
    "cell",
    [
        "12-05-1980", "12.05.1980", "12 05 1980", "12-5-1980", " 12 - 05 - 1980 ", "'12-05-1980",
        "12-05-1980 00:00:00", "12-05-1980 0.00.00", "12-05-1980.0", "\u00a012-05-1980",
        "1980-05-12", "1980/05/12", "1980-05-12 00:00:00", "1980-05-12T00:00:00",
        "1980-05-12T00:00:00.000Z", "1980-05-11T17:00:00.000Z", "1980-05-12T00:00:00+07:00",
        "12051980", "12051980.0", "19800512", "19800512000000",
        "12 MEI 1980", "12 Mei 1980", "12-Mei-1980", "12MEI1980", "12 May 1980", "May 12, 1980",
        "12-V-1980", "Senin, 12 Mei 1980", "Jum'at, 12 Mei 1980",
        "Mon May 12 1980 00:00:00 GMT+0700 (Western Indonesia Time)",
        "Mon May 12 00:00:00 WIB 1980", "BOGOR, 12-05-1980", "1980 Mei 12",
        "29353", "29353.0", "29353,5", "326937600", "326937600000", "326912400000",
        "/Date(326912400000)/", "/Date(326912400000+0700)/",
    ],
)  # fmt: skip
def test_a_date_is_read_in_whatever_form_it_comes(cell):
    row = cleaned(cell).row(0, named=True)
    assert (row["tanggal_lahir"], row["tanggal_lahir_kelas"]) == (MAY_12, "sah")
    assert row["tanggal_lahir_tukar"] == DEC_5


@pytest.mark.parametrize("month", ["NOPEMBER", "Nov", "nop", "NOVEMBER", "XI", "November"])
def test_a_month_goes_by_many_names(month):
    assert dates(f"12 {month} 1980") == [date(1980, 11, 12)]


@pytest.mark.parametrize(
    ("number", "names"),
    [
        (1, "JANUARI JAN"), (2, "FEBRUARI PEBRUARI PEB"), (3, "MARET MAR"), (4, "APRIL APR"),
        (5, "MEI"), (6, "JUNI JUN"), (7, "JULI JUL"), (8, "AGUSTUS AGT AGS AGU"),
        (9, "SEPTEMBER SEPT SEP"), (10, "OKTOBER OKT"), (11, "NOPEMBER NOP"), (12, "DESEMBER DES"),
    ],
)  # fmt: skip
def test_every_indonesian_month_is_known(number, names):
    assert set(dates(*(f"3-{name}-1980" for name in names.split()))) == {date(1980, number, 3)}


@pytest.mark.parametrize(
    ("kelas", "cells"),
    [
        ("kosong", ["", None, "-", "0", "0000-00-00", "00-00-0000", "00/00/00", "1900-01-00",
                    "1899-12-30 00:00:00", "1/0/1900", "0001-01-01", "NULL", "tidak tahu", "NaT"]),
        ("tak_terbaca", ["31-02-1980", "13/14/1980", "1980", "05-1980", "Mei 1980", "00-05-1980",
                         "12-05-0090", "12-05-2080", "2027-01-01", "12-05-1072", "umur 40", "7",
                         "XX-XX-1980", "12-05-1980 / 13-05-1980"]),
        ("baku", ["01-01-1980", "31-12-1960", "1970-01-01"]),
        ("abad_ditebak", ["20-05-80", "20-Mei-80", "80-05-20", "20 Mei '80"]),
    ],
)  # fmt: skip
def test_what_is_no_plain_date_says_why(kelas, cells):
    assert classes(*cells) == [kelas] * len(cells)
    assert (cleaned(*cells)["tanggal_lahir"].null_count() > 0) == (
        kelas in ("kosong", "tak_terbaca")
    )


def test_a_slash_column_without_evidence_is_ambiguous_and_read_day_first():
    found = cleaned("12/05/1980", "05/05/1980", "20/05/1980")
    assert found["tanggal_lahir_kelas"].to_list() == ["sah", "sah", "sah"]
    alone = cleaned("12/05/1980", "05/05/1980")
    assert alone["tanggal_lahir"].to_list() == [MAY_12, date(1980, 5, 5)]
    assert alone["tanggal_lahir_kelas"].to_list() == ["ambigu", "sah"]


def test_a_column_with_days_behind_the_month_is_read_month_first():
    assert dates("05/12/1980", "05/13/1980") == [MAY_12, date(1980, 5, 13)]
    assert classes("05/12/1980", "05/13/1980") == ["sah", "sah"]


def test_without_large_days_the_niks_decide_the_order():
    found = cleaned("05/12/1980", "03/04/1980", nik=[NIK, None])
    assert found["tanggal_lahir"].to_list() == [MAY_12, date(1980, 3, 4).replace(day=4)]
    assert found["tanggal_lahir_kelas"].to_list() == ["sah", "sah"]


def test_in_a_mixed_column_a_cell_follows_its_own_nik():
    cells = ["05/12/1980", "12/05/1980", "20/05/1980", "05/20/1980", "03/04/1980"]
    found = cleaned(*cells, nik=[NIK, NIK, None, None, None])
    assert found["tanggal_lahir"].to_list()[:2] == [MAY_12, MAY_12]
    assert found["tanggal_lahir_kelas"].to_list() == ["sah"] * 4 + ["ambigu"]


def test_in_a_day_first_column_an_exchanged_date_stays_and_is_told():
    row = cleaned("05/12/1980", "20/05/1980", nik=[NIK, None]).row(0, named=True)
    assert (row["tanggal_lahir"], row["tanggal_lahir_tukar"]) == (DEC_5, MAY_12)


def test_a_date_still_to_come_does_not_speak_for_month_first():
    found = cleaned("05-12-1980", "20-05-1980", "05-12-2026", nik=[NIK, None, None])
    row = found.row(0, named=True)
    assert (row["tanggal_lahir"], row["tanggal_lahir_tukar"]) == (DEC_5, MAY_12)


def test_layouts_are_judged_apart():
    parts = [column("05/12/1980", "05/13/1980"), column("05/12/1980", "13/12/1980", layout=2)]
    whole = pl.concat(parts).pipe(with_dates, TODAY).collect()
    assert whole["tanggal_lahir"].to_list()[::2] == [MAY_12, DEC_5]
    assert_frame_equal(whole, pl.concat([p.pipe(with_dates, TODAY).collect() for p in parts]))


def test_serials_of_1904_are_found_out_by_the_niks():
    assert dates("27891", "28022", nik=[NIK, None]) == [MAY_12, date(1980, 9, 20)]
    assert dates("27891") == [date(1976, 5, 11)]


def test_six_digits_may_start_with_the_year():
    assert dates("800512", "120580", "120580", nik=[None, None, NIK]) == [MAY_12] * 3


@pytest.mark.parametrize(
    ("cell", "nik", "born", "kelas"),
    [
        ("12-05-80", NIK, MAY_12, "sah"),
        ("12-05-80", OTHER, MAY_12, "abad_ditebak"),
        ("12-05-2080", NIK, MAY_12, "abad_ditebak"),
        ("12-05-1080", NIK, MAY_12, "abad_ditebak"),
        ("12-05-2080", OTHER, None, "tak_terbaca"),
        ("12-05-2026", None, date(2026, 5, 12), "sah"),
        ("12-05-26", None, date(2026, 5, 12), "abad_ditebak"),
        ("12-12-26", None, date(1926, 12, 12), "abad_ditebak"),
        ("12-05-1980", "3201015205800001", MAY_12, "sah"),
    ],
)
def test_the_century_comes_from_the_nik_or_the_calendar(cell, nik, born, kelas):
    row = cleaned(cell, nik=nik).row(0, named=True)
    assert (row["tanggal_lahir"], row["tanggal_lahir_kelas"]) == (born, kelas)


def test_day_and_month_are_exchanged_only_where_that_is_another_date():
    found = cleaned("12-05-1980", "05-05-1980", "20-05-1980", "?")
    assert found["tanggal_lahir_tukar"].to_list() == [DEC_5, None, None, None]


def test_any_date_column_is_read_without_a_nik_and_keeps_the_types():
    lf = column("12-05-2024").rename({"tanggal_lahir_asal": "tanggal_peristiwa_asal"})
    df = lf.pipe(parse_dates, "tanggal_peristiwa", TODAY).collect()
    schema = {"tanggal_peristiwa": pl.Date(), "tanggal_peristiwa_kelas": TANGGAL_KELAS}
    assert conform(df, schema, "dates")["tanggal_peristiwa"].to_list() == [date(2024, 5, 12)]


days = st.dates(date(1921, 1, 1), date(2026, 10, 31))
midnight = timezone(timedelta(hours=7))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = "Januari Pebruari Maret April Mei Juni Juli Agustus September Oktober Nopember Desember"


def forms(day):
    seconds = int((datetime(day.year, day.month, day.day, tzinfo=midnight) - EPOCH).total_seconds())
    month = MONTHS.split()[day.month - 1]
    return [
        f"{day:%d-%m-%Y}", f"{day.day}-{day.month}-{day.year}", f"{day:%d.%m.%Y}", f"{day}",
        f"{day} 00:00:00", f"{day}T00:00:00Z", f"{day:%d%m%Y}", f"{day:%Y%m%d}",
        f"{day.day} {month} {day.year}", f"{day.day}-{month[:3]}-{day.year}",
        str((day - date(1899, 12, 30)).days), f"/Date({seconds * 1000})/",
    ]  # fmt: skip


@few
@given(days)
def test_a_date_written_in_every_form_reads_back(day):
    # each form is a column of its own; serials below 10 000 and a bare year look alike
    cells = [form for form in forms(day) if not 1900 <= int(form if form.isdigit() else 0) <= 2100]
    lf = pl.concat([column(cell, layout=place) for place, cell in enumerate(cells)])
    assert lf.pipe(with_dates, TODAY).collect()["tanggal_lahir"].to_list() == [day] * len(cells)


@few
@given(st.lists(days, min_size=12, max_size=12, unique=True), st.booleans())
def test_a_column_written_in_one_order_reads_back(people, month_first):
    people.append(date(1980, 5, 20))
    cells = [f"{day:%m/%d/%Y}" if month_first else f"{day:%d/%m/%Y}" for day in people]
    assert dates(*cells) == people


@few
@given(days)
def test_two_digit_years_lie_in_the_last_hundred_years(day):
    (born,) = dates(f"{day:%d-%m-%y}")
    assert (born.day, born.month, born.year % 100) == (day.day, day.month, day.year % 100)
    assert date(1926, 11, 1) < born <= TODAY


@few
@given(st.lists(st.one_of(st.none(), st.text(max_size=12), days.map(str)), max_size=10))
def test_no_cell_breaks_the_reading_and_no_date_leaves_its_bounds(cells):
    found = cleaned(*cells)
    assert found.height == len(cells)
    assert all(date(1900, 1, 1) <= day <= TODAY for day in found["tanggal_lahir"].drop_nulls())
