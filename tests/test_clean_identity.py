import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.clean.identity import TYPED, with_record_id
from dtkstool.frames import IDENTITY, conform

SCHEMA = {
    **dict.fromkeys(("id_dtks_asal", *TYPED, "tanggal_lahir_asal"), pl.String),
    **dict.fromkeys(("nama_ibu_asal", "alamat_asal", "rt_asal", "source_file"), pl.String),
    "layout": pl.UInt16,
    "record": pl.UInt32,
}

HASH_SITI = "h08bfc041bdabd1ca765d"
HASH_BUDI = "h9a9e0f4a31d443fd61a2"
ENOUGH = [(f"B{place}", "SRI") for place in range(20)]
ENOUGH_IDS = [f"B{place}" for place in range(20)]


def register(*people, **same):
    """People as (id, nama) or (id, nama, source_file)."""
    rows = [
        {"id_dtks_asal": person[0], "nama_asal": person[1], "nik_asal": "3201010101800001",
         "source_file": person[2] if len(person) > 2 else "a.csv", "layout": 1, "record": place, **same}
        for place, person in enumerate(people)
    ]  # fmt: skip
    return pl.LazyFrame(rows, schema=SCHEMA)


def ids(*people, **same):
    return register(*people, **same).pipe(with_record_id).collect()["record_id"].to_list()


def test_a_dtks_id_is_the_record_id():
    df = register(("A1", "SITI"), (" A2 ", "BUDI")).pipe(with_record_id).collect()
    assert df["record_id"].to_list() == ["A1", "A2"]
    assert conform(df, IDENTITY, "identity")["id_dtks"].to_list() == ["A1", " A2 "]


def test_without_an_id_what_was_typed_gives_a_hash_that_never_changes():
    assert ids((None, "SITI"), ("-", "BUDI")) == [HASH_SITI, HASH_BUDI]


def test_an_id_typed_for_two_persons_is_counted_in_the_order_of_what_was_typed():
    assert ids(("A1", "SITI"), ("A1", "BUDI"), *ENOUGH) == ["A1~2", "A1", *ENOUGH_IDS]
    assert ids(("A1", "BUDI"), ("A1", "SITI"), *ENOUGH) == ["A1", "A1~2", *ENOUGH_IDS]


def test_an_id_used_in_two_files_stays_distinct():
    assert ids(("A1", "SITI", "a.csv"), ("A1", "SITI", "b.csv")) == ["A1", "A1~2"]


def test_a_familys_id_names_no_person():
    found = ids(("F1", "SITI"), ("F1", "BUDI"), ("F1", "AYU"), ("F2", "SRI"), ("F2", "EKO"))
    assert all(record_id.startswith("h") for record_id in found)
    assert len(set(found)) == 5


def test_rows_typed_alike_are_counted():
    first, second = ids((None, "SITI"), (None, "SITI"))
    assert second == f"{first}~2"


def test_a_typed_id_that_looks_like_a_counted_one_is_not_taken():
    assert len(set(ids(("A1", "X"), ("A1", "Y"), ("A1~2", "Z"), *ENOUGH))) == 3 + len(ENOUGH)


people = st.tuples(
    st.sampled_from(["A1", "A2", "A3", "B7", None, "-"]), st.sampled_from(["SITI", "BUDI", None])
)


@settings(max_examples=20, deadline=None)
@given(st.lists(people, min_size=1, max_size=12), st.randoms())
def test_ids_are_unique_and_do_not_depend_on_order_file_or_row(crowd, random):
    shuffled = random.sample(crowd, len(crowd))
    found, again = ids(*crowd), ids(*shuffled, source_file="other.xlsx")
    assert len(set(found)) == len(crowd)
    assert set(found) == set(again)
    by_person = {
        person: {i for p, i in zip(crowd, found, strict=True) if p == person} for person in crowd
    }
    assert by_person == {
        person: {i for p, i in zip(shuffled, again, strict=True) if p == person} for person in crowd
    }
