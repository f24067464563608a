"""Places as they are written, found in the region table: names, their spellings, their context."""

import random
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dtkstool.clean.places import with_destination, with_places
from dtkstool.clean.places.match import official
from dtkstool.frames import CLEAN_PLACES, conform
from dtkstool.wilayah import regions
from tests.examples import examples
from tests.places import BOGOR, CODES, KELAS, alone, resolved, typed


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
    assert resolved(frame, "kode_desa")[-1] == ("3201042010",)
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


KABUPATEN = [
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
]


def test_kabupaten_and_kota_of_one_name_are_told_apart():
    frame = alone("kabupaten", "kecamatan", rows=[row[:2] for row in KABUPATEN])
    found = [code for (code,) in resolved(frame, "kode_kabupaten")]
    assert found == [code for *_, code in KABUPATEN]


def test_a_kabupaten_is_found_although_its_province_was_split_since():
    frame = typed("provinsi", "kabupaten", rows=[("KALIMANTAN TIMUR", "BULUNGAN")])
    assert resolved(frame, "kode_provinsi", "kode_kabupaten") == [("65", "6501")]


SPELLINGS = [
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
]


def test_a_kecamatan_is_known_by_any_of_its_spellings():
    frame = alone("kode_kabupaten", "kecamatan", rows=[row[:2] for row in SPELLINGS])
    found = [code for (code,) in resolved(frame, "kode_kecamatan")]
    assert found == [code for *_, code in SPELLINGS]


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


def test_a_kecamatan_of_a_former_name_is_where_its_desa_are():
    desa = ("Leuwinutug", "Tajur", "Sanja", "Karang Asem Barat")
    frame = typed(
        "kabupaten", "kecamatan", "desa", rows=[("KAB BOGOR", "Tarikolot", d) for d in desa]
    )
    assert resolved(frame, "kode_kecamatan", "kecamatan_kelas")[0] == ("320103", "ejaan")


NOTHING = [None, "", "-", "NULL", "  ", "tidak ada"]


def test_a_row_that_says_nothing_gives_nothing():
    rows = [(nothing,) * 4 for nothing in NOTHING]
    frame = alone("kode_kecamatan", "kabupaten", "kecamatan", "desa", rows=rows)
    assert resolved(frame, *CODES) == [(None,) * 4] * len(NOTHING)
    assert resolved(frame, *KELAS) == [("kosong",) * 3] * len(NOTHING)


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


@cache
def in_order():
    return DIRTY.lazy().pipe(with_places).collect()


@examples(2, 10)
@given(st.permutations(range(len(DIRTY))))
def test_the_order_of_rows_never_changes_a_result(order):
    expected = in_order()
    shuffled = DIRTY[list(order)].lazy().pipe(with_places).collect()
    assert shuffled["record"].to_list() == list(order)
    assert_frame_equal(shuffled.sort("record"), expected)


@examples(4, 20)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=4))
def test_any_text_is_read_without_a_word(rows):
    df = typed("kode_kecamatan", "kecamatan", rows=rows).lazy().pipe(with_places).collect()
    assert len(df) == len(rows)
    known = df["kode_kecamatan"].drop_nulls()
    assert known.is_in(regions()["code"].implode()).all()


@examples(5, 50)
@given(st.sets(st.sampled_from(["3201", "320101", "7371", "32010", "9999", "", "96", "9471999"])))
def test_a_name_is_looked_for_among_the_regions_its_parents_code_begins(parents):
    below = official(pl.Series(sorted(parents), dtype=pl.String), "kecamatan")
    codes = regions().filter(pl.col("level") == "kecamatan")["code"]
    expected = {(parent, code) for parent in parents for code in codes if code.startswith(parent)}
    assert set(below.select("parent", "code").rows()) == expected
