import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dtkstool.clean.nik_cell import read_cells
from tests.examples import examples

digits = st.sampled_from("0123456789")
nearly_alike = st.tuples(digits, st.dictionaries(st.integers(0, 15), digits, max_size=3)).map(
    lambda said: "".join(said[1].get(place, said[0]) for place in range(16))
)
bare = st.one_of(nearly_alike, st.text("0123", min_size=14, max_size=17))


@examples(6, 100)
@given(st.lists(bare, min_size=1, max_size=20))
def test_a_bare_number_is_what_it_is_behind_an_apostrophe(cells):
    of_cells, of_typed = (
        read_cells(pl.Series(typed)).drop("repair") for typed in (cells, [f"'{c}" for c in cells])
    )
    assert_frame_equal(of_cells, of_typed)
