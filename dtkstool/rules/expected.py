"""FIL06: a file of another region than expected. What is expected, the configuration says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import polars as pl

from dtkstool.errors import BadConfiguration, Where
from dtkstool.rules.files import percent
from dtkstool.rules.rule import Rule
from dtkstool.wilayah import RETIRED, children, name_of, regions

CODE = pl.coalesce("kode_desa", "kode_kecamatan", "kode_kabupaten", "kode_provinsi")
Value = TypeVar("Value")
NEAR = 3
"""Regions named beside a code that is none."""
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

    A row whose kabupaten alone is known is not outside a kecamatan of that kabupaten. A retired
    code stands for its kabupaten of today: rows have today's codes.
    """
    return pl.any_horizontal(
        CODE.str.starts_with(code) | pl.lit(code).str.starts_with(CODE) for code in of_today(codes)
    )


def of_today(codes: Iterable[str]) -> tuple[str, ...]:
    """Return region codes, for each of a retired kabupaten that kabupaten's code of today."""
    return tuple(RETIRED.get(code[:4], code) for code in codes)


def demand_regions(expect: Mapping[str, Sequence[str]], where: Where) -> None:
    """Raise BadConfiguration naming the expected codes that no region has, and near ones.

    A retired kabupaten is none of them, nor what lay in it.
    """
    asked = dict.fromkeys(code for codes in expect.values() for code in codes)
    current = {code for code in asked if code[:4] not in RETIRED}
    if not current:
        return
    known = regions()["code"]
    unknown = current - set(known.filter(known.is_in(list(current))).to_list())
    wrong = [code for code in asked if code in unknown]
    if wrong:
        near = dict.fromkeys(code for one in wrong for code in near_codes(one))
        shown = ", ".join(f"{code} {name_of(code)}" for code in near)
        raise BadConfiguration("no_region", where=where, value=", ".join(wrong), near=shown)


def near_codes(code: str) -> list[str]:
    """Return up to `NEAR` codes of the same level that one slip makes into `code`.

    Two digits exchanged, or one different, late in the code first; without any, the first codes of
    the region it would lie in.
    """
    same_level = pl.col("code").str.len_bytes() == len(code)
    exchanged = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1)}
    one_digit = "|".join(f"^{code[:i]}.{code[i + 1 :]}$" for i in range(len(code)))
    slip = pl.col("code").is_in(list(exchanged)) | pl.col("code").str.contains(one_digit)

    def distance(near: str) -> tuple[bool, list[bool]]:
        return near not in exchanged, [a != b for a, b in zip(near, code, strict=True)]

    alike = sorted(regions().filter(same_level & slip)["code"], key=distance)
    above = next((code[:n] for n in (6, 4, 2) if not children(code[:n]).is_empty()), "")
    return (alike or children(above)["code"].to_list())[:NEAR]
