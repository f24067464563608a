"""Lists with the No KK on the row of the head of family only: the members below are the head's.

That is how families are set off in a spreadsheet without merging cells. It is only taken so where
the whole sheet is written that way, and where families look like families: in a list sorted by name
the rows below a head are anybody.
"""

from collections.abc import Mapping

import polars as pl

from dtkstool.clean.hubungan import WORDS
from dtkstool.read.grid import Grid
from dtkstool.read.people import DIGITS, Body, Families

ADDRESS = ("desa", "rt", "rw", "rt_rw", "alamat")
"""What the members of a family have in common with its head, where it is written for them."""
MOSTLY = 0.9
"""Share of the heads with a number, of the members without one, of the addresses that agree."""
SELDOM = 0.02
"""Share of the families that may have two spouses or be very large."""
LARGE = 15
BLANKS = 0.3
"""Share of people without a No KK from which a sheet is looked at."""
FEWEST = 2

_HEAD = rf"^(?:0*1(?:[.,]0*)?|{WORDS['kepala']})$"
_SPOUSE = rf"^(?:{WORDS['pasangan']}|{WORDS['suami']}|{WORDS['istri']})$"


def headed(grid: Grid, body: Body, columns: Mapping[str, str], out: pl.Series) -> Families | None:
    """Return the family lines of a sheet whose heads alone have a No KK; None if it is none.

    `columns` maps the loaded fields to cells, `out` are the rows that are nobody. A line is a head
    with its number, or, with `kk` null, a row that the family before does not reach: a head without
    a sound number, whoever has one of their own, who is not said to be of any family. `filled`
    counts the members that get their head's number.
    """
    if not {"nokk", "hubungan"} <= columns.keys() or not BLANKS < body.blank_numbers < 1:
        return None
    rows = _rows(body, columns).filter(~pl.col("row").is_in(out.implode()))
    follows = pl.col("relation").is_not_null() & ~pl.col("head") & pl.col("nokk").is_null()
    rows = rows.with_columns(
        line=(~follows).cum_sum(),
        kk=pl.when(pl.col("head") & pl.col("nokk").str.contains(DIGITS)).then("nokk"),
    ).with_columns(reached=follows & pl.col("kk").first().over("line").is_not_null())
    if not (_written_so(rows) and _are_families(rows, columns)):
        return None
    lines = rows.filter(~follows).select("row", "kk", kk_row="row")
    return Families(
        _numeric(lines, grid, columns["nokk"]), columns["nokk"], int(rows["reached"].sum())
    )


def _numeric(lines: pl.DataFrame, grid: Grid, nokk: str) -> pl.DataFrame:
    """Add `kk_numeric`: whether the number is one in the spreadsheet."""
    if grid.numeric is None:
        return lines.with_columns(kk_numeric=pl.lit(False))
    is_number = grid.numeric.select("row", kk_numeric=pl.col(nokk))
    return lines.join(is_number, on="row", how="left", maintain_order="left")


def _rows(body: Body, columns: Mapping[str, str]) -> pl.DataFrame:
    """Return row, nokk, relation (in letters), head, and the address of every row."""
    fields = {f: columns[f] for f in ("nokk", "hubungan", *ADDRESS) if f in columns}
    wanted = ["row", *dict.fromkeys(fields.values())]
    cells = pl.concat(rows.select(wanted) for _, rows in body.parts).sort("row").collect()
    typed = cells.select("row", **{field: pl.col(c) for field, c in fields.items()})
    plain = pl.col("hubungan").str.to_uppercase().str.replace_all(r"[^\pL\d.,]+", " ")
    relation = plain.str.strip_chars(" .,").replace("", None)
    return typed.with_columns(relation=relation, head=relation.str.contains(_HEAD)).with_columns(
        pl.col("head").fill_null(False)
    )


def _written_so(rows: pl.DataFrame) -> bool:
    """Return whether all families of a sheet are written so: heads with a number, others without.

    The first row is a head, and no two heads have one number.
    """
    heads = rows.filter("head")
    others = rows.filter(~pl.col("head") & pl.col("relation").is_not_null())
    if heads.height < FEWEST or others.is_empty() or not rows["head"][0]:
        return False
    numbers = heads["kk"].drop_nulls()
    return (
        len(numbers) >= MOSTLY * heads.height
        and numbers.n_unique() >= MOSTLY * len(numbers)
        and others["nokk"].null_count() >= MOSTLY * others.height
    )


def _are_families(rows: pl.DataFrame, columns: Mapping[str, str]) -> bool:
    """Return whether the rows below each head look like its family.

    By its spouses and by the address: whichever there is to look at, at least one of them.
    """
    spouse = (pl.col("reached") & pl.col("relation").str.contains(_SPOUSE)).fill_null(False)
    families = rows.group_by("line").agg(spouses=spouse.sum(), members=pl.col("reached").sum())
    odd = families.filter((pl.col("spouses") > 1) | (pl.col("members") > LARGE)).height
    fields = [field for field in ADDRESS if field in columns]
    below = rows.with_columns(
        pl.col(field).first().over("line").alias(f"{field}_head") for field in fields
    ).filter("reached")
    compared = [
        below.select(same=pl.col(field) == pl.col(f"{field}_head"))["same"].drop_nulls()
        for field in fields
    ]
    agree = [same.mean() for same in compared if len(same)]
    told = bool(families["spouses"].sum()) or bool(agree)
    alike = all(float(share) >= MOSTLY for share in agree)  # type: ignore[arg-type]
    return told and alike and odd <= SELDOM * families.height
