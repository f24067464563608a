"""Planned changes as cells and rows of files, and what was not found there."""

import polars as pl

from dtkstool.apply.checks import told
from dtkstool.apply.fates import active
from dtkstool.read.grid import index_of
from dtkstool.write.register import Changes, Corrected
from dtkstool.write.register_cells import CellEdit

LAST_PART = ("rw", "tanggal_lahir")
"""Fields that stand at the end of a cell they share."""


def changes(
    edits: pl.DataFrame, removed: pl.DataFrame, register: pl.DataFrame, letters: pl.DataFrame
) -> dict[str, Changes]:
    """Return what changes by file, each cell once; the id of an edit is its place in `edits`."""
    row = pl.when(pl.col("column") == "nokk").then(pl.coalesce("kk_row", "row")).otherwise("row")
    placed = edits.with_row_index("id").with_columns(at=row)
    result: dict[str, Changes] = {}
    cells = placed.unique(
        ["source_file", "sheet", "at", "letter", "column"], keep="first", maintain_order=True
    )
    wanted = ["source_file", "sheet", "id", "at", "letter", "old", "new", "part", "column"]
    for name, sheet, id, at, letter, old, new, part, column in cells.select(wanted).iter_rows():
        last = column in LAST_PART
        cell = CellEdit(id, at, index_of(letter), old, new, part=part, last=last)
        result.setdefault(name, Changes()).edits.setdefault(sheet, []).append(cell)
    gone = register.join(removed, on="record", how="semi").pipe(_with_probe, letters)
    for one in gone.iter_rows(named=True):
        file = result.setdefault(one["source_file"], Changes())
        at = one["probe"]
        probe = CellEdit(-1, one["row"], index_of(at), one["typed"], "") if at else None
        file.removed.setdefault(one["sheet"], {})[one["row"]] = probe
    touched = register.filter(pl.col("source_file").is_in(list(result)))
    for (name, sheet), rows in touched.group_by("source_file", "sheet", maintain_order=True):
        result[str(name)].rows[str(sheet)] = set(rows["row"].to_list())
    return result


def _with_probe(gone: pl.DataFrame, letters: pl.DataFrame) -> pl.DataFrame:
    """Add probe, typed: the column letter and text of the name, else the NIK; null without both."""
    for field in ("nama", "nik"):
        at = letters.filter(pl.col("field") == field).select(
            "layout", pl.col("letter").alias(field + "_at")
        )
        gone = gone.join(
            at.unique("layout", keep="first"), on="layout", how="left", maintain_order="left"
        )
    named = pl.col("nama_asal").is_not_null() & pl.col("nama_at").is_not_null()
    numbered = pl.col("nik_asal").is_not_null()
    return gone.select(
        "source_file", "sheet", "row",
        probe=pl.when(named).then("nama_at").when(numbered).then("nik_at"),
        typed=pl.when(named).then("nama_asal").otherwise("nik_asal"),
    )  # fmt: skip


def not_placed(
    edits: pl.DataFrame, files: Corrected, decisions: pl.DataFrame, register: pl.DataFrame
) -> pl.DataFrame:
    """Return the problems of decisions whose cell or row was not found in its file."""
    cells = edits.with_row_index("id").filter(pl.col("id").is_in(files.unplaced))
    missing = pl.DataFrame(
        sorted(files.missing),
        schema={"source_file": pl.String, "sheet": pl.String, "row": pl.UInt32},
        orient="row",
    )
    records = register.join(missing, on=["source_file", "sheet", "row"], how="semi")["record"]
    rows = active(decisions).filter(
        pl.col("target").is_in(records.implode()), pl.col("fate").is_in(["hapus", "ganti"])
    )
    lost = cells.select(
        "entry",
        problem=pl.lit("sel_lain"),
        detail=pl.concat_str("letter", pl.col("row").cast(pl.String)),
    )
    return pl.concat([lost, told(rows["entry"], "sel_lain")])
