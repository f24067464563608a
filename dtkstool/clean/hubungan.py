"""Relation to the head of the family: words, and two lists of numbers that contradict each other.

SIAK numbers 1 kepala, 2 suami, 3 istri, 4 anak … 11 lainnya; MK-DTKS and BDT number 1 kepala,
2 istri/suami, 3 anak, 4 menantu … 8 lainnya (domain.md §2.3). A bare number means nothing until
its column shows which list it follows.
"""

import math
from collections.abc import Iterable

import polars as pl

from dtkstool.clean.cells import visible, without_marks
from dtkstool.distinct import per_distinct, told_apart
from dtkstool.frames import HUBUNGAN

SIAK = (
    "kepala", "suami", "istri", "anak", "menantu", "cucu", "orang_tua", "mertua", "famili_lain",
    "pembantu", "lainnya",
)  # fmt: skip
MK_DTKS = (
    "kepala", "pasangan", "anak", "menantu", "cucu", "orang_tua_mertua", "pembantu", "lainnya",
)  # fmt: skip

WORDS = {
    "kepala": r"KEPALA.*|KK|KRT|KEP KEL.*|KEPKEL|KPL KEL.*",
    "pasangan": r"PASANGAN|(?:ISTRI|ISTERI) (?:ATAU )?SUAMI|SUAMI (?:ATAU )?(?:ISTRI|ISTERI)",
    "suami": r"SUAMI(?: .*)?",
    "istri": r"(?:ISTRI|ISTERI|ISTRY|ISTR|ISTI)(?: .*)?",
    "menantu": r"(?:ANAK )?MENANTU|MANTU",
    "cucu": r"CUCU(?: .*)?|CICIT",
    "orang_tua_mertua": r"(?:ORANG ?TUA|ORTU) (?:ATAU )?MERTUA|MERTUA (?:ATAU )?OR(?:ANG ?TUA|TU)",
    "mertua": r"(?:(?:AYAH|BAPAK|IBU) )?MERTUA",
    "orang_tua": r"ORANG ?TUA|ORTU|AYAH|BAPAK|IBU|AYAH KANDUNG|IBU KANDUNG|BAPAK KANDUNG",
    "anak": r"ANAK.*|AK|ANK",
    "famili_lain": r"FAM.*|SAUDARA.*|KERABAT.*|(?:KE)?PONAKAN|ADIK.*|KAKAK.*|IPAR|KAKEK|NENEK"
    r"|PAMAN|BIBI|KELUARGA LAIN.*",
    "pembantu": r"PEMBANTU.*|PRT|SOPIR.*|ASISTEN.*",
    "lainnya": r"LAIN.*",
}
"""What each relation is called, whole words in upper case without signs; the first match counts."""

ODDS = {
    "number_above_8": 12.0,
    "two_woman": math.log(0.02 / 0.9),
    "two_man": math.log(0.98 / 0.1),
    "three_woman": math.log(0.98 / 0.47),
    "three_man": math.log(0.01 / 0.53),
    "three_child": math.log(0.001 / 0.4),
    "four_child": math.log(0.4 / 0.01),
    "three_single": math.log(0.01 / 0.85),
    "three_married": math.log(0.97 / 0.12),
    "four_single": math.log(0.85 / 0.03),
    "four_married": math.log(0.12 / 0.95),
    "two": math.log(0.01 / 0.28),
    "four": math.log(0.6 / 0.03),
}
"""Log odds, SIAK against MK-DTKS, that one row gives. A wife is a woman, married and no child, a
child is of either sex and mostly unmarried; SIAK's 2 (husband of a woman who heads the family) is
as rare as MK-DTKS's 4 (son- or daughter-in-law). Shares are rounded from what families look like;
the verdict needs a thousand to one, so their second digit does not matter."""
SURE = math.log(1000)
CHILD_YEARS = 15
"""A child was born so many years before the youngest of its column, or less."""


TOLD = ("layout", "_number", "jenis_kelamin", "status_kawin", "tanggal_lahir")


def with_hubungan(lf: pl.LazyFrame, odds: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Return `lf` with `hubungan`; null where the cell is empty, unknown or an undecided number.

    Reads `hubungan_asal`, `layout`, `jenis_kelamin`, `status_kawin`, `tanggal_lahir`: a group
    kernel, unless the `list_odds` of the whole layouts are given. Where a column shows neither list
    only 1 (kepala) is taken: it is all they share.
    """

    def read(rows: pl.Series) -> pl.Series:
        people = rows.struct.unnest()
        first, cell = told_apart(people["hubungan_asal"])
        typed = pl.col("hubungan_asal")
        known = people[first].select(hubungan=_named(typed).cast(HUBUNGAN), _number=_number(typed))
        if not (known["_number"] > 1).any():
            kepala = pl.when(pl.col("_number") == 1).then(pl.lit("kepala", HUBUNGAN))
            return known.select(pl.col("hubungan").fill_null(kepala)).to_series().gather(cell)
        people = people.with_columns(column.gather(cell) for column in known)
        lists = list_odds([list_evidence(people)]) if odds is None else odds
        return (
            people.select("layout", "hubungan", "_number")
            .join(lists, on="layout", how="left", maintain_order="left")
            .select(pl.col("hubungan").fill_null(_by_number()))
            .to_series()
        )

    typed = pl.struct("hubungan_asal", *(name for name in TOLD if name != "_number"))
    return lf.with_columns(hubungan=typed.map_batches(read, return_dtype=HUBUNGAN))


def _by_number() -> pl.Expr:
    """Return the relation a bare number in `_number` means, by the `odds` for SIAK's list."""
    return (
        pl.when(pl.col("_number") == 1).then(pl.lit("kepala"))
        .when(pl.col("odds") > SURE).then(_listed(SIAK))
        .when(pl.col("odds") < -SURE).then(_listed(MK_DTKS))
        .cast(HUBUNGAN)
    )  # fmt: skip


def _listed(names: tuple[str, ...]) -> pl.Expr:
    numbers = dict(enumerate(names, start=1))
    return pl.col("_number").replace_strict(numbers, default=None, return_dtype=pl.String)


def _text(cell: pl.Expr) -> pl.Expr:
    return without_marks(visible(cell)).str.to_uppercase()


def _named(cell: pl.Expr) -> pl.Expr:
    """Return the relation a text names, with or without a number in front; null for others."""
    text = _text(cell).str.replace_all(r"[^\p{L}]+", " ").str.strip_chars()
    named = [
        pl.when(text.str.contains(f"^(?:{words})$")).then(pl.lit(name))
        for name, words in WORDS.items()
    ]
    return pl.coalesce(named)


def _number(cell: pl.Expr) -> pl.Expr:
    """Return a bare number from 1 to 11; null for everything else."""
    number = _text(cell).str.extract(r"^0*([0-9]{1,2})(?:[.,]0*)?$", 1).cast(pl.Int16, strict=False)
    return pl.when(number.is_between(1, len(SIAK))).then(number)


def bare_number(cell: pl.Expr) -> pl.Expr:
    """Return whether a cell as typed is a number that only its list can explain."""
    return _number(cell) > 1


def with_number(df: pl.DataFrame) -> pl.DataFrame:
    """Return a slice with `_number`, as `list_evidence` reads it."""
    return df.with_columns(_number=per_distinct("hubungan_asal", _number, pl.Int16()))


def list_evidence(people: pl.DataFrame) -> pl.DataFrame:
    """Return what a slice says of which list each layout follows; reads `TOLD`.

    One row per kind of person, `count` of them, born in `year`; `last` is the youngest's year.
    """
    year = pl.col("tanggal_lahir").dt.year().alias("year")
    youngest = people.group_by("layout").agg(last=year.max())
    return (
        people.filter(pl.col("_number").is_in([2, 3, 4, 9, 10, 11]))
        .group_by("layout", "_number", "jenis_kelamin", "status_kawin", year)
        .agg(count=pl.len())
        .join(youngest, on="layout", how="right")
    )


def list_odds(evidence: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return `odds` per `layout`: the log odds for SIAK's list against MK-DTKS's."""
    told = pl.concat(evidence).with_columns(pl.col("last").max().over("layout"))
    odds = pl.col("count") * _odds()
    return told.filter(pl.col("count").is_not_null()).group_by("layout").agg(odds=odds.sum())


def _odds() -> pl.Expr:
    """Return the log odds for SIAK's list against MK-DTKS's that one such person gives."""
    number, kawin = pl.col("_number"), pl.col("status_kawin")
    woman, man = pl.col("jenis_kelamin") == "P", pl.col("jenis_kelamin") == "L"
    child = pl.col("year") > pl.col("last") - CHILD_YEARS
    single, married = kawin == "belum_kawin", kawin == "kawin"
    facts = {
        "number_above_8": number > len(MK_DTKS),
        "two_woman": (number == 2) & woman,
        "two_man": (number == 2) & man,
        "three_woman": (number == 3) & woman,
        "three_man": (number == 3) & man,
        "three_child": (number == 3) & child,
        "four_child": (number == 4) & child,
        "three_single": (number == 3) & single,
        "three_married": (number == 3) & married,
        "four_single": (number == 4) & single,
        "four_married": (number == 4) & married,
        "two": number == 2,
        "four": number == 4,
    }
    return pl.sum_horizontal(
        pl.when(fact).then(ODDS[name]).otherwise(0.0) for name, fact in facts.items()
    )
