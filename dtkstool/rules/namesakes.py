"""Who is listed twice under different NIKs: the same name, birth date and family or mother."""

import polars as pl

from dtkstool.rules.lists import place

PERSON = ("nama", "tanggal_lahir")
"""The name letter by letter: twins are called ANISA and ANISAH, which sound alike."""
BY = ("nokk", "nama_ibu_folk")
"""What must agree beside name and birth date: one of them is enough."""


def namesakes(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per record that stands elsewhere under another NIK or without one.

    Columns: `record`; `kembar_file`, `kembar_row` where the other one is. Name and birth
    date must be equal, and with them the No KK or the mother's name; a date that is often a
    placeholder counts only with the No KK.
    """
    doubtful = (pl.col("tanggal_lahir_kelas") == "baku").fill_null(False)
    known = lf.filter(
        pl.all_horizontal(pl.col(name).is_not_null() for name in PERSON)
        & pl.struct(PERSON).hash().is_duplicated()
    ).select("record", "source_file", "sheet", "row", "nik", "nokk", *PERSON,
             doubtful.alias("doubtful"),
             pl.when(~doubtful).then("nama_ibu_folk").alias("nama_ibu_folk"))  # fmt: skip
    found = pl.concat([_others(known, by) for by in BY])
    return found.unique("record", keep="first", maintain_order=True)


def _others(known: pl.LazyFrame, by: str) -> pl.LazyFrame:
    """Return record, kembar_file, kembar_row of who is there under another NIK, grouped by `by`.

    In each group, sorted by NIK, the other one is the first, or for those of the first NIK the
    last.
    """
    group = (*PERSON, by)
    at = pl.struct("record", "source_file", "sheet", "row", "nik")
    grouped = (
        known.filter(pl.col(by).is_not_null())
        .sort("nik", "record", nulls_last=False)
        .with_columns(at.first().over(group).alias("first"), at.last().over(group).alias("last"))
    )
    first, last = pl.col("first").struct, pl.col("last").struct

    def differs(other: pl.Expr) -> pl.Expr:
        someone_else = other.struct.field("record") != pl.col("record")
        return someone_else & (other.struct.field("nik") != pl.col("nik")).fill_null(True)

    by_first = differs(pl.col("first"))
    other = {
        f"{name}_other": pl.when(by_first).then(first.field(name)).otherwise(last.field(name))
        for name in ("source_file", "sheet", "row")
    }
    found = grouped.filter(by_first | differs(pl.col("last"))).with_columns(**other)
    return found.select("record", kembar_file=place("_other"), kembar_row="row_other")
