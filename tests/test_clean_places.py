import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dtkstool.clean.places import with_destination, with_places
from dtkstool.frames import CLEAN_PLACES, conform
from dtkstool.wilayah import regions

CODES = ["kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa"]
KELAS = ["kabupaten_kelas", "kecamatan_kelas", "desa_kelas"]


def typed(*columns, rows, layout=None):
    """Rows as typed; the columns without their `_asal`."""
    frame = pl.DataFrame(
        rows, schema={f"{column}_asal": pl.String for column in columns}, orient="row"
    )
    layouts = pl.Series("layout", layout or [0] * len(rows), dtype=pl.UInt16)
    return frame.with_columns(layouts)


def resolved(frame, *columns):
    return frame.lazy().pipe(with_places).select(columns).collect().rows()


def last(rows):
    return rows[-1]


BOGOR = [("Cibinong", "Pabuaran"), ("Gunungputri", "Wanaherang"), ("Ciawi", "Banjarwangi")]


def test_a_place_named_in_full_has_all_four_codes():
    frame = typed(
        "provinsi", "kabupaten", "kecamatan", "desa",
        rows=[("JAWA BARAT", "KAB. BOGOR", "KEC. CIBINONG", "KEL. PABUARAN")],
    )  # fmt: skip
    df = frame.lazy().pipe(with_places).collect()
    assert df.select(CODES).row(0) == ("32", "3201", "320101", "3201011012")
    assert df.select(KELAS).row(0) == ("nama", "nama", "nama")
    conform(df, CLEAN_PLACES, "places")


def test_kecamatan_and_desa_alone_show_the_kabupaten_of_the_column():
    rows = resolved(typed("kecamatan", "desa", rows=BOGOR), "kode_kecamatan", "kode_desa")
    assert rows == [("320101", "3201011012"), ("320102", "3201022001"), ("320124", "3201242011")]


def test_a_kecamatan_of_a_frequent_name_is_the_one_in_the_columns_kabupaten():
    frame = typed("kecamatan", "desa", rows=[*BOGOR, ("Sukaraja", "Cimandala")])
    assert last(resolved(frame, "kode_desa")) == ("3201042010",)
    alone = typed("kecamatan", rows=[("Sukaraja",)])
    assert resolved(alone, "kode_kecamatan", "kecamatan_kelas") == [(None, "tak_dikenal")]


def test_another_layout_does_not_outvote_a_layout_of_its_own():
    sukabumi = [("Cisaat", "Sukamanah"), ("Sukaraja", None), ("Cibadak", "Batununggal")]
    frame = typed("kecamatan", "desa", rows=[*BOGOR, *sukabumi], layout=[0, 0, 0, 1, 1, 1])
    assert resolved(frame, "kode_kecamatan")[4] == ("320233",)


def test_the_niks_of_the_residents_break_a_tie():
    frame = typed("kecamatan", rows=[("Sukaraja",), ("Sukaraja",)])
    born = frame.with_columns(nik_digits=pl.Series(["3202331507900001", "3202330101850002"]))
    assert resolved(born, "kode_kecamatan") == [("320233",), ("320233",)]


def test_desa_alone_resolve_where_their_name_is_the_only_one_in_the_kabupaten():
    names = [("Cimandala",), ("Wanaherang",), ("Tlajung Udik",), ("Bojong Koneng",), ("Cibinong",)]
    rows = resolved(typed("desa", rows=names), "kode_kecamatan", "kode_desa")
    assert rows[:3] == [
        ("320104", "3201042010"), ("320102", "3201022001"), ("320102", "3201022006"),
    ]  # fmt: skip
    assert rows[4] == (None, None)  # Kab. Bogor has two


@pytest.mark.parametrize(
    ("kabupaten", "kecamatan", "code"),
    [
        ("KAB BOGOR", "Ciawi", "3201"),
        ("Kota Bogor", None, "3271"),
        ("BOGOR", "Bogor Tengah", "3271"),
        ("BOGOR", "Ciawi", "3201"),
        ("BOGOR", None, None),
        ("KOTABARU", None, "6302"),
        ("Kab. Kota Baru", None, "6302"),
        ("KOTA ADM. JAKARTA PUSAT", None, "3171"),
        ("OKU TIMUR", None, "1608"),
        ("Toba Samosir", None, "1212"),
        ("KAB. GUNUNG KIDUL, DIY", None, "3403"),
    ],
)
def test_kabupaten_and_kota_of_one_name_are_told_apart(kabupaten, kecamatan, code):
    frame = typed("kabupaten", "kecamatan", rows=[(kabupaten, kecamatan)])
    assert resolved(frame, "kode_kabupaten") == [(code,)]


def test_a_kabupaten_is_found_although_its_province_was_split_since():
    frame = typed("provinsi", "kabupaten", rows=[("KALIMANTAN TIMUR", "BULUNGAN")])
    assert resolved(frame, "kode_provinsi", "kode_kabupaten") == [("65", "6501")]


@pytest.mark.parametrize(
    ("kabupaten", "written", "kecamatan"),
    [
        ("3201", "CIBINONG ", "320101"),
        ("3201", "Cibinomg", "320101"),
        ("3201", "Kec.Gunung Putri", "320102"),
        ("3201", "GN PUTRI", "320102"),
        ("3201", "Tjibinong", "320101"),
        ("3201", "1. CIBINONG", "320101"),
        ("3201", "CIBINONG KAB. BOGOR", "320101"),
        ("1207", "STM HULU", "120720"),
        ("1303", "KOTO 7", "130308"),
        ("1671", "ILIR BARAT DUA", "167101"),
        ("3205", "BLUBUR LIMBANGAN", "320538"),
        ("3507", "SUMBERMANJING WTN", "350704"),
    ],
)
def test_a_kecamatan_is_known_by_any_of_its_spellings(kabupaten, written, kecamatan):
    frame = typed("kode_kabupaten", "kecamatan", rows=[(kabupaten, written)])
    assert resolved(frame, "kode_kecamatan") == [(kecamatan,)]


@pytest.mark.parametrize(
    ("kabupaten", "written"),
    [
        ("KAB BIMA", "BALO"),  # Belo and Bolo
        ("KAB BEKASI", "Sukatangi"),  # Sukatani and Sukawangi
        ("KAB BEKASI", "Cikarang Tenggara"),
        ("KAB BEKASI", "Margahayu"),
    ],
)
def test_a_name_near_two_or_near_none_resolves_to_nobody(kabupaten, written):
    frame = typed("kabupaten", "kecamatan", rows=[(kabupaten, written)])
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas") == [(None, "tak_dikenal")]


def test_numbers_in_a_name_are_never_taken_for_a_typo():
    frame = typed("kabupaten", "kecamatan", rows=[("KOTA PALEMBANG", "Seberang Ulu IV")])
    assert resolved(frame, "kode_kecamatan") == [(None,)]


def test_desa_and_kelurahan_of_one_name_need_their_type_word():
    twins = regions().filter(pl.col("level") == "desa").with_columns(
        key=pl.col("name").str.to_uppercase(), kelurahan=pl.col("code").str.slice(6, 1) == "1"
    )  # fmt: skip
    pair = twins.filter(
        pl.len().over("parent", "key") == 2, pl.col("kelurahan").n_unique().over("parent", "key") == 2
    ).sort("code").head(2)  # fmt: skip
    desa, kelurahan = pair.sort("kelurahan")["code"]
    rows = [(pair["parent"][0], f"{word}{pair['key'][0]}") for word in ("KEL. ", "DESA ", "")]
    frame = typed("kode_kecamatan", "desa", rows=rows)
    assert resolved(frame, "kode_desa") == [(kelurahan,), (desa,), (None,)]
    assert resolved(frame, "kode_kecamatan")[2] == (pair["parent"][0],)


@pytest.mark.parametrize(
    "cells",
    [
        {"kode_wilayah": "3201072001"},
        {"kode_wilayah": "32.01.07.2001"},
        {"kode_wilayah": "32.1.7.2001"},
        {"kode_wilayah": "'3201072001"},
        {"kode_provinsi": "32", "kode_kabupaten": "1", "kode_kecamatan": "7", "kode_desa": "2001"},
        {"kode_provinsi": "32.0", "kode_kabupaten": "01", "kode_kecamatan": "07.0", "kode_desa": "2001"},
        {"kode_kabupaten": "3201", "kode_kecamatan": "320107", "kode_desa": "3201072001"},
        {"kode_kecamatan": "32.01.07", "kode_desa": "2001"},
        {"kode_desa": "32.01.07.2001"},
        {"kabupaten": "KAB. BOGOR", "kode_kecamatan": "7", "kode_desa": "2001"},
        {"kabupaten": "3201", "kecamatan": "320107", "desa": "3201072001"},
    ],
)  # fmt: skip
def test_a_code_is_read_in_every_way_it_is_written(cells):
    frame = typed(*cells, rows=[tuple(cells.values())])
    assert resolved(frame, "kode_kecamatan", "kode_desa") == [("320107", "3201072001")]


def test_a_retired_desa_code_still_gives_its_kecamatan():
    frame = typed("kode_wilayah", rows=[("3201072999",)])
    assert resolved(frame, "kode_kecamatan", "kode_desa", "desa_kelas") == [
        ("320107", None, "tak_dikenal")
    ]


def test_a_retired_papua_code_is_todays_kabupaten():
    frame = typed("kode_kabupaten", "kecamatan", rows=[("9101", "Semangga")])
    assert resolved(frame, "kode_kabupaten", "kode_kecamatan") == [("9301", "930105")]


def test_where_code_and_name_disagree_the_name_is_kept_and_said_so():
    frame = typed(
        "kode_kabupaten", "kode_kecamatan", "kecamatan",
        rows=[("3201", "320101", "Ciawi"), *[("3201", "320102", "Gunungputri")] * 3],
    )  # fmt: skip
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas")[0] == ("320124", "bertentangan")


def test_a_misspelt_name_beside_its_own_code_is_that_code():
    frame = typed("kode_kecamatan", "kecamatan", rows=[("320101", "Cibinnonng")])
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas") == [("320101", "kode")]


JAKARTA_BPS = [
    ("31", "71", "050", "JAKARTA SELATAN", "TEBET"),
    ("31", "72", "100", "JAKARTA TIMUR", "MATRAMAN"),
]
BPS_COLUMNS = ("kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kabupaten", "kecamatan")


def test_bps_codes_are_known_by_the_names_beside_them():
    rows = resolved(typed(*BPS_COLUMNS, rows=JAKARTA_BPS), "kode_kecamatan", "kecamatan_kelas")
    assert rows == [("317401", "bps"), ("317501", "bps")]


def test_a_bps_code_without_a_name_is_translated_by_the_rows_that_have_one():
    frame = typed(*BPS_COLUMNS, rows=[*JAKARTA_BPS, ("31", "72", "100", None, None)])
    assert last(resolved(frame, "kode_kabupaten", "kode_kecamatan", "kecamatan_kelas")) == (
        "3175", "317501", "bps",
    )  # fmt: skip


def test_bps_codes_without_any_name_are_marked_and_not_guessed():
    frame = typed(
        "kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa",
        rows=[("52", "06", "020", "007"), ("52", "06", "020", "008")],
    )  # fmt: skip
    assert resolved(frame, *CODES)[0] == ("52", None, None, None)
    assert resolved(frame, *KELAS)[0] == ("bps", "bps", "bps")


def test_some_wrong_names_do_not_make_a_column_bps():
    right = [("3201", "07", "Cileungsi")] * 90
    wrong = [
        ("3201", "07", name) for name in ("Ciawi", "Jonggol", "Cariu", "Parung", "Tajurhalang")
    ]
    frame = typed("kode_kabupaten", "kode_kecamatan", "kecamatan", rows=[*right, *wrong])
    assert resolved(frame, "kecamatan_kelas")[-1] == ("bertentangan",)
    assert resolved(frame, "kecamatan_kelas")[0] == ("kode",)


def test_a_kecamatan_of_a_former_name_is_where_its_desa_are():
    desa = ("Leuwinutug", "Tajur", "Sanja", "Karang Asem Barat")
    frame = typed(
        "kabupaten", "kecamatan", "desa", rows=[("KAB BOGOR", "Tarikolot", d) for d in desa]
    )
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas")[0] == ("320103", "ejaan")


@pytest.mark.parametrize("nothing", [None, "", "-", "NULL", "  ", "tidak ada"])
def test_a_row_that_says_nothing_gives_nothing(nothing):
    frame = typed("kode_kecamatan", "kabupaten", "kecamatan", "desa", rows=[(nothing,) * 4])
    assert resolved(frame, *CODES) == [(None,) * 4]
    assert resolved(frame, *KELAS) == [("kosong",) * 3]


def test_no_row_at_all_is_no_error():
    df = typed("kecamatan", rows=[]).lazy().pipe(with_places).collect()
    assert df.is_empty()
    conform(df, CLEAN_PLACES, "places")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kecamatan": "Depok", "kabupaten": "SLEMAN", "desa": "Caturtunggal"}, "3404072001"),
        ({"kecamatan": "Depok", "kabupaten": "KAB SLEMAN"}, "340407"),
        ({"kabupaten": "KAB SLEMAN"}, None),
        ({"kode_wilayah": "34.04.07.2001"}, "3404072001"),
        ({"alamat": "JL. MAWAR 3 RT 01/02 DESA CATURTUNGGAL KEC. DEPOK KAB. SLEMAN"}, "3404072001"),
        ({"alamat": "Kec. Kotaanyar, Kab Probolinggo"}, "351311"),
        ({"alamat": "Kalimantan"}, None),
        ({"kecamatan": "Sukaraja"}, "320104"),
    ],
)
def test_a_destination_has_ten_digits_or_six_or_none(fields, code):
    frame = pl.DataFrame({f"{name}_tujuan_asal": [value] for name, value in fields.items()})
    home = frame.with_columns(kode_kabupaten=pl.lit("3201"))
    assert home.lazy().pipe(with_destination).collect()["kode_desa_tujuan"].to_list() == [code]


def test_every_region_resolves_to_itself_by_its_full_name():
    desa = regions().filter(pl.col("level") == "desa").select("code", "name", kecamatan="parent")
    names = regions().select("code", "name")
    path = (
        desa.with_columns(kabupaten=pl.col("kecamatan").str.head(4))
        .join(names, left_on="kecamatan", right_on="code", suffix="_kecamatan")
        .join(names, left_on="kabupaten", right_on="code", suffix="_kabupaten")
    )
    frame = path.select(
        "code",
        kabupaten_asal="name_kabupaten", kecamatan_asal="name_kecamatan", desa_asal="name",
        twins=pl.len().over("kecamatan", pl.col("name").str.to_uppercase().str.replace_all(r"\W", "")),
    )  # fmt: skip
    df = frame.lazy().pipe(with_places).collect()
    assert (df["kode_kecamatan"] == df["code"].str.head(6)).all()
    assert df.filter(pl.col("kode_desa") != pl.col("code")).is_empty()
    assert df.filter(pl.col("kode_desa").is_null(), pl.col("twins") == 1).is_empty()


def one_edit(name, rng):
    at = rng.randrange(len(name))
    letter = rng.choice("ABEGIKLMNORSTU")
    return rng.choice([name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]])  # fmt: skip


def test_a_typo_is_resolved_or_left_but_not_taken_for_another():
    rng = random.Random(2026)
    kecamatan = regions().filter(
        pl.col("level") == "kecamatan", pl.col("name").str.contains("^[A-Za-z ]{5,}$")
    ).filter(~pl.col("name").str.contains(r"\b[IVX]+\b")).sample(2_000, seed=1)  # fmt: skip
    typos = pl.Series([one_edit(name, rng) for name in kecamatan["name"].str.to_uppercase()])
    frame = kecamatan.select("code", kode_kabupaten_asal="parent", kecamatan_asal=typos)
    found = frame.lazy().pipe(with_places).collect()
    right = (found["kode_kecamatan"] == found["code"]).sum()
    assert right >= 0.99 * len(found)
    assert found.filter(pl.col("kode_kecamatan") != pl.col("code")).height <= 1


DIRTY = typed(
    "kode_kecamatan", "kabupaten", "kecamatan", "desa",
    rows=[
        ("320101", None, "Cibinong", "Pabuaran"), (None, "BOGOR", "Ciawi", None),
        (None, None, "Sukaraja", "Cimandala"), ("320102", None, "Ciawi", "x"),
        (None, None, None, "Wanaherang"), (None, "KOTA BOGOR", "Bogor Tenggah", None),
        (None, None, "Gunung Putri", "Wanahrang"), (None, None, None, None),
    ],
).with_row_index("record")  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(len(DIRTY))))
def test_the_order_of_rows_never_changes_a_result(order):
    expected = DIRTY.lazy().pipe(with_places).collect()
    shuffled = DIRTY[list(order)].lazy().pipe(with_places).collect()
    assert shuffled["record"].to_list() == list(order)
    assert_frame_equal(shuffled.sort("record"), expected)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=4))
def test_any_text_is_read_without_a_word(rows):
    df = typed("kode_kecamatan", "kecamatan", rows=rows).lazy().pipe(with_places).collect()
    assert len(df) == len(rows)
    known = df["kode_kecamatan"].drop_nulls()
    assert known.is_in(regions()["code"].implode()).all()
