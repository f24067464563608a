"""NIK and No KK as typed → 16 digits, or the reason why not."""

from collections.abc import Mapping

import polars as pl

from dtkstool.clean.nik_cell import read_cells
from dtkstool.clean.nik_column import with_column_verdict
from dtkstool.frames import NIK_KELAS

PARTS: dict[str, pl.DataType] = {
    "": pl.String(),
    "_kelas": NIK_KELAS,
    "_digits": pl.String(),
    "_kandidat": pl.String(),
    "_kedua": pl.String(),
    "_repair": pl.String(),
}


Damage = Mapping[str, pl.DataFrame]
"""`nik_column.damage_of` the columns of `nik` and of `nokk`."""


def with_nik(lf: pl.LazyFrame, damage: Damage | None = None) -> pl.LazyFrame:
    """Return `lf` with `nik…` and `nokk…` as `frames.CLEAN_NIK` and `CLEAN_NOKK` name them.

    Reads `<field>_asal`, `<field>_numeric` and `layout`: a group kernel, whole layouts at a time,
    or any slice of them with the `damage` of the whole.
    Safe repairs are made and named in `<field>_repair`, in this order: `apostrof` quotation marks
    and `="…"`, `pemisah` blanks, dots and labels, `desimal` a float's `.0` or all 16 digits of
    `3.2…E15`, `tak_terlihat` what cannot be seen, and full-width digits. Null cells are `kosong`.

    A text column of `3201010000000000` (a CSV that Excel saved) is `rusak_ilmiah` by the cell: no
    NIK has eight zeros at its end. Fewer cannot be told from a lost 16th digit: `rusak_digit16`.
    """
    return lf.pipe(_with_number, "nik", damage).pipe(_with_number, "nokk", damage)


def understood(cells: pl.DataFrame, field: str) -> pl.DataFrame:
    """Return what each cell of `nik` or `nokk` holds, with `numeric` and `layout`."""
    return read_cells(cells[f"{field}_asal"]).with_columns(
        cells[f"{field}_numeric"].alias("numeric"), cells["layout"]
    )


def _with_number(lf: pl.LazyFrame, field: str, damage: Damage | None) -> pl.LazyFrame:
    names = {part: f"{field}{part}" for part in PARTS}
    schema = pl.Struct({names[part]: dtype for part, dtype in PARTS.items()})
    typed = pl.struct(f"{field}_asal", f"{field}_numeric", "layout")

    def read(column: pl.Series) -> pl.Series:
        cells = understood(column.struct.unnest(), field)
        verdict = with_column_verdict(cells, damage[field] if damage else None)
        return verdict.select(
            pl.col(part.removeprefix("_") or "nik").alias(names[part]) for part in PARTS
        ).to_struct()

    return (
        lf.drop(names.values(), strict=False)
        .with_columns(_number=typed.map_batches(read, return_dtype=schema))
        .unnest("_number")
    )
