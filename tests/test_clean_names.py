"""Names come out as canonical words, with titles, alias and patronymic apart."""

from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.clean.names import Words, standardise, standardise_mothers, with_names
from dtkstool.frames import CLEAN_NAMES
from tests.examples import examples


@cache
def together():
    """Every literal name of this file read at once: what stands beside a name changes nothing."""
    tables = (NOISE, TITLES, FORMS, PATRONYMICS)
    cells = [*(row[0] for table in tables for row in table), *ALIASES]
    return dict(zip(cells, standardise(pl.Series(cells)).rows(named=True), strict=True))


def parts(typed):
    return together()[typed]


def nama(typed):
    return parts(typed)["nama"]


NOISE = [
    ("josé  maría", "JOSE MARIA"),
    ("ＢＵＤＩ", "BUDI"),
    ("MA'RUF", "MARUF"),
    ("MA’RUF", "MARUF"),
    ("BUDI\u00a0SUSILO", "BUDI SUSILO"),
    ("SITI-AMINAH", "SITI AMINAH"),
    ("BUDI,SANTOSO", "BUDI SANTOSO"),
    ("SITI 2", "SITI"),
    ("BUDI (2)", "BUDI"),
    ("AHMAD1", "AHMAD"),
    ("S1TI", "SITI"),
    ("JOK0", "JOKO"),
    ("ASEP ASEP", "ASEP ASEP"),
    ("123", "123"),
    ("TEST", "TEST"),
    ("-", None),
    ("#N/A", None),
    ("  ", None),
    (None, None),
]


@pytest.mark.parametrize(("typed", "canonical"), NOISE)
def test_noise_goes_and_letters_become_ascii(typed, canonical):
    assert nama(typed) == canonical


TITLES = [
    ("H. Drs. Budi Santoso, S.Pd., M.Si", "BUDI SANTOSO"),
    ("HJ SITI AMINAH", "SITI AMINAH"),
    ("K.H. AHMAD DAHLAN", "AHMAD DAHLAN"),
    ("H.ABDUL GHANI,S.H", "ABDUL GHANI"),
    ("R. SUHARTO", "SUHARTO"),
    ("SUTRISNO SE", "SUTRISNO"),
    ("SITI S PD I", "SITI"),
    ("BUDI A.MD", "BUDI"),
    ("SUTRISNO, H", "SUTRISNO"),
    ("DRA. SITI", "SITI"),
    ("DRA SITI", "DRA SITI"),
    ("R.A. KARTINI", "RA KARTINI"),
    ("ANDI BASO", "ANDI BASO"),
    ("TEUKU UMAR", "TEUKU UMAR"),
    ("LALU GEDE", "LALU GEDE"),
    ("BUDI S H", "BUDI S H"),
    ("MUHAMMAD A YUSUF", "MUHAMMAD A YUSUF"),
    ("IBU SITI", "SITI"),
    ("BPK. BUDI", "BUDI"),
    ("BUDI (ALM)", "BUDI"),
    ("ALMH. SITI", "SITI"),
    ("H", "H"),
    ("HJ. SE", "SE"),
]


@pytest.mark.parametrize(("typed", "canonical"), TITLES)
def test_titles_go_from_both_ends_but_never_the_whole_name(typed, canonical):
    assert nama(typed) == canonical


FORMS = [
    ("M. YUSUF", "MUHAMMAD YUSUF"),
    ("MOCH YUSUF", "MUHAMMAD YUSUF"),
    ("H.M. YUSUF", "MUHAMMAD YUSUF"),
    ("MD SALEH", "MUHAMMAD SALEH"),
    ("M YULIANTI", "M YULIANTI"),
    ("M. SIREGAR", "M SIREGAR"),
    ("M", "M"),
    ("ACH. FAUZI", "AHMAD FAUZI"),
    ("ABD. RAHMAN", "ABDUL RAHMAN"),
    ("ABDURROHMAN", "ABDUL ROHMAN"),
    ("ABDUS SALAM", "ABDUL SALAM"),
    ("ABDUSSALAM", "ABDUL SALAM"),
    ("ABDOELLAH", "ABDULLAH"),
    ("ST AMINAH", "SITI AMINAH"),
    ("SITINUR", "SITI NUR"),
    ("SITIAMINAH", "SITI AMINAH"),
    ("SITINJAK", "SITINJAK"),
    ("AMIR ST MARAJO", "AMIR SUTAN MARAJO"),
    ("NOERHAYATI", "NUR HAYATI"),
    ("NUR'AINI", "NUR AINI"),
    ("NURDIN", "NURDIN"),
    ("I MD SUARTA", "I MADE SUARTA"),
    ("NI WYN SARI", "NI WAYAN SARI"),
    ("AA SUHERMAN", "AA SUHERMAN"),
    ("LAODE HASAN", "LA ODE HASAN"),
    ("MARIA BR SITUMORANG", "MARIA SITUMORANG"),
    ("SOEDJATMOKO", "SOEDJATMOKO"),
]


@pytest.mark.parametrize(("typed", "canonical"), FORMS)
def test_abbreviations_and_joined_words_become_one_form(typed, canonical):
    assert nama(typed) == canonical


ALIASES = [
    "BUDI ALIAS MOH TONO", "BUDI AL. MOH TONO", "BUDI / MOH TONO", "BUDI @MOH TONO",
    "BUDI (MOH TONO)", 'BUDI "MOH TONO"', "BUDI, PANGGILAN MOH TONO", "BUDI ALS. MOH. TONO",
]  # fmt: skip


@pytest.mark.parametrize("typed", ALIASES)
def test_the_other_name_goes_to_alias(typed):
    found = parts(typed)
    assert (found["nama"], found["nama_alias"]) == ("BUDI", "MUHAMMAD TONO")


PATRONYMICS = [
    ("AHMAD BIN SALIM", "AHMAD", "SALIM"),
    ("SITI BT. H. ACHMAD", "SITI", "AHMAD"),
    ("SITI (BINTI SALIM)", "SITI", "SALIM"),
    ("AHMAD B. SALIM", "AHMAD", "SALIM"),
    ("AHMAD B SALIM", "AHMAD B SALIM", None),
    ("BINTI ROHMAH", "BINTI ROHMAH", None),
    ("AHMAD ALIAS MAMAT BIN SALIM", "AHMAD", "SALIM"),
]


@pytest.mark.parametrize(("typed", "canonical", "father"), PATRONYMICS)
def test_the_patronymic_goes_to_bin(typed, canonical, father):
    found = parts(typed)
    assert (found["nama"], found["nama_bin"]) == (canonical, father)


def test_titles_and_marks_of_the_dead_are_kept_apart():
    typed = pl.Series(["H. Budi, S.Pd", "ALM. BUDI", "BUDI"])
    assert standardise(typed)["nama_gelar"].to_list() == ["H. S.PD", "ALM.", None]


def test_a_mother_who_is_only_called_mother_has_no_name():
    typed = pl.Series(
        ["IBU", "-", "Alm.", "X", "TIDAK ADA", "tdk tahu", "N.N", None, "Ibu St. Aminah"]
    )
    names = standardise_mothers(typed)["nama_ibu"].to_list()
    assert names == [None] * 8 + ["SITI AMINAH"]


def test_with_names_adds_exactly_the_contract_and_changes_nothing_typed():
    typed = {"nama_asal": ["M. Jusuf", None], "nama_ibu_asal": ["IBU", "Sitti"]}
    found = with_names(pl.LazyFrame(typed)).collect()
    assert found.select(list(CLEAN_NAMES)).schema == CLEAN_NAMES
    assert found.select(list(typed)).to_dict(as_series=False) == typed
    assert found.select("nama", "nama_folk", "nama_ibu").rows() == [
        ("MUHAMMAD JUSUF", "MUAMAT IUSUP", None),
        (None, None, "SITI"),
    ]


def test_no_rows_and_only_nulls_are_fine():
    for typed in ([], [None, None]):
        lf = pl.LazyFrame({"nama_asal": typed, "nama_ibu_asal": typed})
        found = with_names(lf).collect().select(list(CLEAN_NAMES))
        assert found.rows() == [(None,) * 8] * len(typed)


WORDS = st.sampled_from(
    """BUDI SITI ST M MD H HJ R DR DRA KH S PD SE SH M.SI S.PD BIN BINTI BT B. ALIAS ALS AL. ALM ALMH
    IBU NY BR I NI WYN GST AA AB HM LD NURHAYATI NURSITI SITINUR SITIABDULLAH ABDURROHMAN ABDULMUH
    MOCH ACH NOER SOEDJONO TJAHJO KHOERUL ZAENAL YULIANTI SIREGAR SUTAN MARAJO JOSÉ ŁUCJA 2 B4MBANG
    0MAN ( ) / @ " ' , . - (ALM) (BUDI (BIN NULL # SITIALIAS ABDULBINTI NURALM 张三""".split()
)
TYPED = st.lists(st.one_of(WORDS, st.text("ABDEHIJMNORSTUYZ'. ", max_size=6)), max_size=6).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


@examples(4, 20)
@given(st.lists(st.one_of(st.none(), TYPED), min_size=20, max_size=80))
def test_a_canonical_name_is_its_own_canonical_name(typed):
    once = standardise(pl.Series(typed, dtype=pl.String))["nama"]
    assert standardise(once)["nama"].to_list() == once.to_list()


@examples(3, 20)
@given(st.lists(st.one_of(st.none(), TYPED), min_size=10, max_size=30), st.randoms())
def test_a_name_is_read_alike_whatever_stands_beside_it(typed, random):
    names = pl.Series(typed, dtype=pl.String)
    whole = standardise(names)
    order = list(range(len(typed)))
    random.shuffle(order)
    assert standardise(names.gather(order)).equals(whole[order])
    apart = pl.concat([standardise(names[:1]), standardise(names[1:])])
    assert apart.equals(whole)


@examples(4, 20)
@given(st.lists(TYPED, min_size=1, max_size=30))
def test_both_keys_have_the_words_of_the_name(typed):
    found = standardise(pl.Series(typed, dtype=pl.String)).drop_nulls("nama")
    count = [
        found[key].str.count_matches(" ").to_list() for key in ("nama", "nama_eyd", "nama_folk")
    ]
    assert count[0] == count[1] == count[2]


@examples(10, 50)
@given(st.lists(st.lists(st.sampled_from(["SITI", "ÉVA", "M", "李"]), min_size=1), min_size=1))
def test_names_are_rewritten_word_by_word(names):
    new = {"SITI": "SITI NUR", "ÉVA": "Ü", "M": "M", "李": "LI"}
    text = Words(pl.Series([" ".join(name) for name in names]))
    written = text.rewritten(pl.Series([new[word] for word in text.distinct]))
    assert written.to_list() == [" ".join(new[word] for word in name) for name in names]
