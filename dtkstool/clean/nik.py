"""NIK and No KK as typed → 16 digits, or the reason why not."""

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


def with_nik(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return `lf` with `nik…` and `nokk…` as `frames.CLEAN_NIK` and `CLEAN_NOKK` name them.

    Reads `<field>_asal`, `<field>_numeric` and `layout`: a group kernel, whole layouts at a time.
    Safe repairs are made and named in `<field>_repair`, in this order: `apostrof` quotation marks
    and `="…"`, `pemisah` blanks, dots and labels, `desimal` a float's `.0` or all 16 digits of
    `3.2…E15`, `tak_terlihat` what cannot be seen, and full-width digits. Null cells are `kosong`.

    A text column of `3201010000000000` (a CSV that Excel saved) is `rusak_ilmiah` by the cell: no
    NIK has eight zeros at its end. Fewer cannot be told from a lost 16th digit: `rusak_digit16`.
    """
    return lf.pipe(_with_number, "nik").pipe(_with_number, "nokk")


def _with_number(lf: pl.LazyFrame, field: str) -> pl.LazyFrame:
    names = {part: f"{field}{part}" for part in PARTS}
    schema = pl.Struct({names[part]: dtype for part, dtype in PARTS.items()})
    typed = pl.struct(asal=f"{field}_asal", numeric=f"{field}_numeric", layout="layout")

    def read(column: pl.Series) -> pl.Series:
        cells = column.struct.unnest()
        understood = read_cells(cells["asal"]).with_columns(cells["numeric"], cells["layout"])
        verdict = with_column_verdict(understood)
        return verdict.select(
            pl.col(part.removeprefix("_") or "nik").alias(names[part]) for part in PARTS
        ).to_struct()

    return (
        lf.drop(names.values(), strict=False)
        .with_columns(_number=typed.map_batches(read, return_dtype=schema))
        .unnest("_number")
    )
