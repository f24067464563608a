"""Fields that no header names, given to columns whose cells leave no doubt."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import polars as pl

from dtkstool.columns import COLUMN, header_key
from dtkstool.read.claims import Claim, Plan
from dtkstool.read.grid import Grid, filled
from dtkstool.read.header import Header
from dtkstool.read.result import Note


def guess_fields(
    grid: Grid, plan: Plan, spare: list[Claim], body: pl.DataFrame, *, headless: bool
) -> None:
    """Give fields that no header claims to columns whose contents leave no doubt."""
    _take_only(grid, plan, spare, "nik", lambda c: c.profile.is_nik and c.profile.unique >= 0.6)
    _take_only(grid, plan, spare, "nokk", lambda c: c.profile.is_nokk)
    if not {"tanggal_lahir", "ttl"} & plan.fields.keys() and "nik" in plan.fields:
        nik = f"c{plan.fields['nik'].column}"
        _take_only(
            grid, plan, spare, "tanggal_lahir",
            lambda c: c.profile.date >= 0.8 and agrees_with_nik(body, f"c{c.column}", nik),
        )  # fmt: skip
    if headless and "nik" in plan.fields:
        _take_only(grid, plan, spare, "jenis_kelamin", lambda c: c.profile.sex >= 0.9)
        names = [c for c in spare if c.profile.words >= 0.9 and c.profile.unique >= 0.5]
        _take_only(grid, plan, names[:1], "nama", lambda c: True)


def agrees_with_nik(body: pl.DataFrame, date: str, nik: str) -> bool:
    """Return whether most cells of `date` hold the year and day of birth that `nik` encodes."""
    digits = pl.col(nik).str.replace_all(r"\D", "")
    day = digits.str.slice(6, 2).cast(pl.Int16, strict=False) % 40
    year = digits.str.slice(10, 2)
    text = pl.col(date)
    same = text.str.contains(pl.format("{}\\b", year)) & text.str.contains(
        pl.format("\\b0?{}\\b", day)
    )
    both = (digits.str.len_chars() == 16) & text.is_not_null()
    return bool((body.select(same.filter(both).mean()).item() or 0.0) >= 0.6)


def _take_only(
    grid: Grid, plan: Plan, spare: list[Claim], name: str, fits: Callable[[Claim], bool]
) -> None:
    if name in plan.fields:
        return
    taken = {c.column for c in plan.fields.values()}
    fitting = [c for c in spare if c.column not in taken and fits(c)]
    if len(fitting) == 1:
        plan.fields[name] = replace(fitting[0], field=name)
        plan.notes.append(
            Note("by_content", {
                "letter": grid.letter(fitting[0].column), "header": fitting[0].header,
                "field": COLUMN[name].label,
            })
        )  # fmt: skip


def sex_ticks(
    header: Header | None, columns: dict[str, str], body: pl.DataFrame
) -> tuple[str, str] | None:
    """Return neighbouring columns headed L and P of which exactly one is ticked per person."""
    if header is None or body.is_empty():
        return None
    last = [header_key(line[-1]) if line else "" for line in zip(*header.lines, strict=True)]
    for i, (left, right) in enumerate(pairwise(last)):
        if left not in ("l", "lk", "laki_laki") or right not in ("p", "pr", "perempuan"):
            continue
        if set(columns.values()) & {f"c{i}", f"c{i + 1}"} - {columns.get("jenis_kelamin")}:
            continue
        one, other = (filled(pl.col(f"c{j}")).is_not_null() for j in (i, i + 1))
        if (body.select((one ^ other).mean()).item() or 0.0) >= 0.8:
            return f"c{i}", f"c{i + 1}"
    return None
