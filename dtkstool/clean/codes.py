"""Codes as typed → one vocabulary: sex, marital status, RT/RW, place of birth (domain.md §2.3)."""

from dataclasses import dataclass

import polars as pl

from dtkstool.clean.cells import says_nothing, visible, without_marks
from dtkstool.clean.hubungan import with_hubungan
from dtkstool.distinct import per_distinct, told_apart
from dtkstool.frames import STATUS_KAWIN

LEADING_CODE = r"^0*[0-9]{1,2}\s*[-.:)=/]*\s*(\p{L})"
"""`1. LAKI-LAKI`, `01 - KAWIN`: the word says it all."""

MALE = r"^(?:L|LK|LKI|LAKI.*|LAK|LELAKI|PRIA|COWOK|MALE)$"
FEMALE = r"^(?:P|PR|PRP|PER.*|PRM.*|PEMPUAN|WANITA|WNT|W|CEWEK|FEMALE|F)$"

NEVER_MARRIED = (
    r"^(?:BK|BM|B|TK|(?:BELUM|BLM|BLUM|TIDAK|TDK)(?:KAWIN|NIKAH|MENIKAH)?|LAJANG|SINGLE|GADIS"
    r"|JEJAKA|PERJAKA|BUJANG)$"
)
WIDOWED = r"^(?:CM|CERM|CERAIMATI.*|CRMATI|JANDAMATI|DUDAMATI|CERAIMENINGGAL)$"
DIVORCED = r"^(?:CH|CERH|CERAIHIDUP.*|CRHIDUP|JANDAHIDUP|DUDAHIDUP|CERAI(?:BELUM|TIDAK)?TERCATAT)$"
MARRIED = r"^(?:K|M|KAWIN.*|KW|NIKAH.*|MENIKAH|MARRIED)$"

MAX_RT = 999
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV",
         "XV", "XVI", "XVII", "XVIII", "XIX", "XX")  # fmt: skip

PLACE_WORDS = (
    r"\b(?:KABUPATEN|KABUPATAN|KAB|KOTAMADYA|KODYA|KOTIP|KOTIF|KOTA|KECAMATAN|KEC|PROVINSI|PROV"
    r"|DKI)\b"
)
SHORT_PLACES = {
    "JKT": "JAKARTA", "BDG": "BANDUNG", "SBY": "SURABAYA", "SMG": "SEMARANG", "BGR": "BOGOR",
    "BKS": "BEKASI", "TNG": "TANGERANG", "TGR": "TANGERANG", "CRB": "CIREBON", "MLG": "MALANG",
    "JOGJA": "YOGYAKARTA", "YOGYA": "YOGYAKARTA", "JOGJAKARTA": "YOGYAKARTA",
    "DJAKARTA": "JAKARTA", "UJUNG PANDANG": "MAKASSAR", "UJUNGPANDANG": "MAKASSAR",
}  # fmt: skip


@dataclass(frozen=True)
class Lists:
    """Which lists of codes whole layouts use, to judge a slice of them by."""

    english: frozenset[int]
    """The layouts that write `F`."""
    odds: pl.DataFrame | None = None
    """`hubungan.list_odds`; None while nothing asks for it."""


def with_codes(lf: pl.LazyFrame, lists: Lists | None = None) -> pl.LazyFrame:
    """Return `lf` with `jenis_kelamin, hubungan, status_kawin, rt, rw, tempat_lahir`.

    Reads their `_asal`, `layout` and `tanggal_lahir`: a group kernel, whole layouts at a time, or
    any slice of them with the `lists` of the whole.
    Null where a cell is empty, unknown, or ambiguous: `M` is a man only in a column that also
    writes `F`; a bare number in `hubungan` counts only once the column has shown which of the two
    lists it uses (see `hubungan`); `CERAI` alone, RT 0 and dates Excel made of RT/RW are nothing.
    """
    return lf.with_columns(
        status_kawin=per_distinct("status_kawin_asal", _marital, STATUS_KAWIN),
        rt=per_distinct("rt_asal", _rt, pl.Int16()),
        rw=per_distinct("rw_asal", _rw, pl.Int16()),
        tempat_lahir=per_distinct("tempat_lahir_asal", _place, pl.String()),
        jenis_kelamin=_sexes(lists),
    ).pipe(with_hubungan, lists.odds if lists else None)


def english_layouts(df: pl.DataFrame) -> frozenset[int]:
    """Return the layouts of a slice that write `F`."""
    sex = df.select("layout", _sex=per_distinct("jenis_kelamin_asal", _sex, pl.String()))
    return frozenset(sex.filter(pl.col("_sex") == "F")["layout"].unique().to_list())


def word(cell: pl.Expr) -> pl.Expr:
    """Return the cell as bare upper-case letters, or bare digits without zeros in front or `.0`."""
    text = without_marks(visible(cell)).str.to_uppercase()
    spelled = text.str.replace(LEADING_CODE, "${1}")
    number = text.str.extract(r"^0*([0-9]+)(?:[.,]0+)?\W*$", 1)
    return pl.coalesce(number, spelled.str.replace_all(r"\P{L}", ""))


def _sex(cell: pl.Expr) -> pl.Expr:
    """Return L, P, or as long as the column is unknown M (male, in English) and F."""
    said = word(cell)
    return (
        pl.when(said.str.contains(MALE) | (said == "1")).then(pl.lit("L"))
        .when(said.is_in(["M", "F"])).then(said)
        .when(said.str.contains(FEMALE) | (said == "2")).then(pl.lit("P"))
    )  # fmt: skip


def _sexes(lists: Lists | None) -> pl.Expr:
    def read(rows: pl.Series) -> pl.Series:
        typed = rows.struct.unnest()
        first, cell = told_apart(typed["jenis_kelamin_asal"])
        said = typed[first].select(_sex=_sex(pl.col("jenis_kelamin_asal"))).to_series()
        sex = said.gather(cell)
        if not said.is_in(["M", "F"]).any():
            return sex
        return typed.select("layout", sex).select(_without_english(lists)).to_series()

    typed = pl.struct("jenis_kelamin_asal", "layout")
    return typed.map_batches(read, return_dtype=pl.String())


def _without_english(lists: Lists | None) -> pl.Expr:
    english = (
        pl.col("layout").is_in(list(lists.english))
        if lists
        else (pl.col("_sex") == "F").any().over("layout")
    )
    return (
        pl.when(pl.col("_sex") == "F").then(pl.lit("P"))
        .when(pl.col("_sex") != "M").then("_sex")
        .when((pl.col("_sex") == "M") & english).then(pl.lit("L"))
    )  # fmt: skip


def _marital(cell: pl.Expr) -> pl.Expr:
    said = word(cell)
    return (
        pl.when(said.str.contains(NEVER_MARRIED) | (said == "1")).then(pl.lit("belum_kawin"))
        .when(said.str.contains(WIDOWED) | (said == "4")).then(pl.lit("cerai_mati"))
        .when(said.str.contains(DIVORCED) | (said == "3")).then(pl.lit("cerai_hidup"))
        .when(said.str.contains(MARRIED) | (said == "2")).then(pl.lit("kawin"))
    )  # fmt: skip


def _rt(cell: pl.Expr) -> pl.Expr:
    return _numbered(cell, "RT", 1)


def _rw(cell: pl.Expr) -> pl.Expr:
    return _numbered(cell, "RW", 2)


def _numbered(cell: pl.Expr, label: str, place: int) -> pl.Expr:
    """Return the number behind `label`, of a pair the one at `place`, else the only one."""
    text = without_marks(visible(cell)).str.to_uppercase()
    labelled = text.str.extract(rf"\b{label}[ .:]*0*([0-9]{{1,3}})\b", 1)
    pair = text.str.replace_all("R[TW]|[ .:]", "")
    of_pair = pair.str.extract(r"^0*([0-9]{1,3})[/\\|-]0*([0-9]{1,3})$", place)
    alone = text.str.extract(rf"^(?:{label}|NO)?[ .:]*0*([0-9]{{1,3}})(?:[.,]0+)?$", 1)
    roman = text.str.extract(rf"^(?:{label})?[ .:]*([IVX]+)$", 1)
    values = {name: number for number, name in enumerate(ROMAN, start=1)}
    counted = roman.replace_strict(values, default=None, return_dtype=pl.Int16)
    number = pl.coalesce(labelled, of_pair, alone).cast(pl.Int16, strict=False).fill_null(counted)
    return pl.when(number.is_between(1, MAX_RT)).then(number)


def _place(cell: pl.Expr) -> pl.Expr:
    text = without_marks(visible(cell)).str.to_uppercase()
    named = text.str.replace(r"[ ,]+[0-9].*$", "").str.replace_all(r"[^\p{L}\p{N}]+", " ")
    bare = named.str.replace_all(PLACE_WORDS, " ").str.replace_all(r"\s+", " ").str.strip_chars()
    known = bare.replace(SHORT_PLACES)
    return pl.when(~says_nothing(text) & known.str.contains(r"\p{L}")).then(known)
