"""FIL06: a file of another region than expected. What is expected, the configuration says."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import polars as pl

from dtkstool.rules.files import percent
from dtkstool.rules.rule import Rule

CODE = pl.coalesce("kode_desa", "kode_kecamatan", "kode_kabupaten", "kode_provinsi")
Value = TypeVar("Value")
HALF = 0.5
"""A list holds some people who moved or were typed wrong; another region's list holds nobody
else."""


def wrong_region(expect: Mapping[str, Sequence[str]]) -> Rule:
    """Return FIL06 for region codes by file pattern; the first pattern that fits a file counts.

    A layout breaks it when more than half of its rows with a known region are outside. A file no
    pattern fits, and one without regions, is not judged. It names the NIK column, as all of FIL
    do: the region may stand in a title, where it has no column.
    """
    inside = pl.coalesce(
        *(pl.when(fits(pattern)).then(within(codes)) for pattern, codes in expect.items()),
        pl.lit(None, pl.Boolean),
    )
    wanted = pl.coalesce(
        *(pl.when(fits(pattern)).then(pl.lit(" / ".join(c))) for pattern, c in expect.items()),
        pl.lit(None, pl.String),
    )
    known = inside.count()
    return Rule(
        code="FIL06", name="file-of-another-region", column="nik", severity="fatal",
        action="tetap", scope="column", source="MK-DTKS checks the kabupaten on upload",
        violated=pl.col("known") * HALF < pl.col("outside"),
        values={
            "outside": (~inside).sum(), "known": known,
            "share": percent((~inside).sum() / known), "expected": wanted.first(),
        },
    )  # fmt: skip


def fits(pattern: str) -> pl.Expr:
    """Return whether a file's name fits a pattern with `*` and `?`, in any folder or archive."""
    return pl.col("source_file").str.contains(as_regex(pattern))


def as_regex(pattern: str) -> str:
    """Return a file pattern as a regex."""
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return f"(?is)^(.*[/\\\\])?{regex}$"


def first_fitting(values: Mapping[str, Value], file: str) -> Value | None:
    """Return the value of the first pattern that a file's name fits, None without one."""
    return next((of for pattern, of in values.items() if re.match(as_regex(pattern), file)), None)


def within(codes: Sequence[str]) -> pl.Expr:
    """Return whether a row's region lies in one of the regions; null if it is not known so far.

    A row whose kabupaten alone is known is not outside a kecamatan of that kabupaten.
    """
    return pl.any_horizontal(
        CODE.str.starts_with(code) | pl.lit(code).str.starts_with(CODE) for code in codes
    )
