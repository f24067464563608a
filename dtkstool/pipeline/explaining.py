"""Explaining: one rule, or everything that one NIK tells by itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

import polars as pl

from dtkstool.clean.nik import with_nik
from dtkstool.clean.nik_facts import with_nik_facts
from dtkstool.errors import Where
from dtkstool.frames import CLEANED
from dtkstool.masking import mask_number
from dtkstool.messages import Language
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.evidence import with_evidence
from dtkstool.rules.nik import NIK
from dtkstool.rules.rule import Rule
from dtkstool.rules.selection import chosen, demand_codes
from dtkstool.rules.sentence import stated
from dtkstool.wilayah import RETIRED, names

DAYS_IN_YEAR = 365.2425
TOGETHER = 20_000
"""NIKs judged at once; each is a column of its own, since here no column speaks for a cell."""
EXPLAINED = (
    "typed", "nik", "kelas", "repair", "candidate", "wilayah", "provinsi", "kabupaten",
    "kecamatan", "kabupaten_now", "birth", "age", "sex", "serial", "codes", "severities",
    "messages", "suggestions",
)  # fmt: skip


def rules_named(codes: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of codes or families in any case, all if none is named.

    BadConfiguration naming those that are neither.
    """
    families = [code.strip().upper() for code in codes]
    demand_codes(RULES, families, Where())
    return chosen(RULES, families)


def explain(cells: Sequence[str], *, today: date, lang: Language) -> pl.DataFrame:
    """Return what each typed NIK says by itself, one row each in the order given.

    Columns: `EXPLAINED`. Region names are those of the first registration, null where no such code
    is in force; `kabupaten_now` is today's kabupaten of a retired code; `age` whole years at
    `today`; the last four are lists of what is wrong, one element a broken rule. Everything read
    off the digits is null where there are no 16 of them.
    """
    parts = list(explained(cells, today=today, lang=lang))
    return pl.concat(parts) if parts else _explained(cells, today, lang)


def explained(cells: Iterable[str], *, today: date, lang: Language) -> Iterator[pl.DataFrame]:
    """Give the same in parts as the cells come, so that however many there are few are held."""
    coming = iter(cells)
    while part := list(islice(coming, TOGETHER)):
        yield _explained(part, today, lang)


def _explained(cells: Sequence[str], today: date, lang: Language) -> pl.DataFrame:
    known = nobody_but(cells).pipe(with_nik).pipe(with_nik_facts, today)
    judged = with_evidence(known.select(*CLEANED), today).collect()
    found = pl.concat([_broken(judged, rule, lang) for rule in NIK])
    wrong = found.group_by("record", maintain_order=True).agg(
        pl.col("code").alias("codes"),
        pl.col("severity").alias("severities"),
        pl.col("message").alias("messages"),
        pl.col("suggestion").alias("suggestions"),
    )
    none = pl.lit([], pl.List(pl.String))
    lists = ("codes", "severities", "messages", "suggestions")
    return (
        judged.join(wrong, on="record", how="left", maintain_order="left")
        .with_columns(*_facts(), *(pl.col(name).fill_null(none) for name in lists))
        .select(EXPLAINED)
    )


def nobody_but(cells: Iterable[str]) -> pl.LazyFrame:
    """Return `frames.CLEANED` records of which nothing is known but what was typed as NIK."""
    typed = pl.Series("nik_asal", list(cells), pl.String)
    empty = {name: pl.lit(None, dtype) for name, dtype in CLEANED.items() if name != "nik_asal"}
    number = pl.int_range(pl.len())
    return (
        typed.to_frame()
        .lazy()
        .with_columns(**empty)
        .with_columns(
            number.cast(pl.UInt32).alias("record"),
            number.cast(pl.UInt16).alias("layout"),
            nik_numeric=pl.lit(False),
            nokk_numeric=pl.lit(False),
        )
    )


def _facts() -> list[pl.Expr]:
    nik, birth = pl.col("nik"), pl.col("nik_birth")
    now = nik.str.head(4).replace_strict(RETIRED, default=None, return_dtype=pl.String)
    age = (pl.col("today") - birth).dt.total_days() / DAYS_IN_YEAR
    return [
        pl.col("nik_asal").alias("typed"),
        pl.col("nik_kelas").cast(pl.String).alias("kelas"),
        pl.col("nik_repair").alias("repair"),
        pl.col("nik_kandidat").alias("candidate"),
        pl.col("nik_wilayah").cast(pl.String).alias("wilayah"),
        names(nik.str.head(2)).alias("provinsi"),
        names(nik.str.head(4)).alias("kabupaten"),
        names(nik.str.head(6)).alias("kecamatan"),
        names(now).alias("kabupaten_now"),
        birth.alias("birth"),
        age.floor().cast(pl.Int64).alias("age"),
        pl.col("nik_sex").alias("sex"),
        nik.str.slice(12, 4).alias("serial"),
    ]


def _broken(judged: pl.DataFrame, rule: Rule, lang: Language) -> pl.DataFrame:
    assert rule.violated is not None
    columns = [
        pl.col(name).cast(pl.String) for name in ("code", "severity", "message", "suggestion")
    ]
    return (
        judged.filter(rule.violated)
        .select("record", *stated(rule, lang))
        .select("record", *columns)
    )


def masked(known: pl.DataFrame) -> pl.DataFrame:
    """Return explained NIKs with `masked`, what may be shown of each on a screen."""
    return known.with_columns(mask_number(pl.coalesce("nik", "typed")).alias("masked"))


def as_text(known: pl.DataFrame, form: str, *, head: bool = True) -> str:
    """Return explained NIKs as CSV (with its `head`) or as JSON lines, whole: they are a result."""
    if form == "json":
        return known.write_ndjson()
    lists = ("codes", "severities", "messages", "suggestions")
    return known.with_columns(
        pl.col(name).list.join(" | ", ignore_nulls=True) for name in lists
    ).write_csv(include_header=head)
