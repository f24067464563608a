"""`validate --fix`: the files again, in their own layout, with only the safe repairs made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from os.path import commonpath
from pathlib import Path

import polars as pl

from dtkstool.errors import UnusableInput, Where
from dtkstool.frames import RECORDS
from dtkstool.masking import mask_cell
from dtkstool.pipeline.applying import WAYS
from dtkstool.pipeline.register import cleaned, letters
from dtkstool.read import ReadResult, expand, read_files
from dtkstool.read.grid import index_of
from dtkstool.rules.check import judgeable
from dtkstool.rules.repair import repaired, repairs
from dtkstool.rules.rule import Rule
from dtkstool.write.register import Changes, corrected, write_register
from dtkstool.write.register_cells import CellEdit
from dtkstool.write.tables import write_csv

FOLDER, LIST = "berkas", "perubahan.csv"
"""In the output folder: the files, and every change with whole values."""
LISTED = ("source_file", "sheet", "row", "cell", "column", "old", "new", "codes")
UNDERSTOOD = (
    "nik", "nik_kelas", "nokk", "nokk_kelas", "nama", "nama_alias", "nama_bin", "nama_gelar",
    "nama_ibu", "tanggal_lahir", "tanggal_lahir_kelas", "jenis_kelamin", "hubungan",
    "status_kawin", "rt", "rw", "tempat_lahir", "kode_kabupaten", "kode_kecamatan", "kode_desa",
)  # fmt: skip
"""What a repair may not change in any record, its own or another of the column."""
DATES = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")
"""How repaired dates are written: as most of the column's are, else the first."""
HOLDERS = ("ttl", "rt_rw", "alamat")
"""Columns from which several fields are split."""


@dataclass(frozen=True)
class Fixed:
    """Files written back."""

    paths: tuple[str, ...]
    """To be checked now: the new files, and the inputs that could not be read."""
    changes: pl.DataFrame
    """One row per changed cell: `LISTED`."""
    unplaced: int
    """Repairs that were not made since the file does not hold the cell as it was read."""
    converted: tuple[str, ...]
    """Files that came back as .xlsx."""
    out: Path


def fix(
    files: Sequence[str],
    out: Path,
    *,
    rules: Sequence[Rule],
    today: date,
    column_map: Path | None,
) -> Fixed:
    """Write each file below `out` with the repairs of `rules` made, and the list of changes.

    UnusableInput, before anything is written, if that would overwrite an input. A file without
    repairs is written byte for byte as it is.
    """
    paths = _inputs(files, out)
    targets = _targets(paths, out / FOLDER)
    read = read_files([path.as_posix() for path in paths], column_map=column_map)
    edits = _edits(read, [rule for rule in rules if rule.repairs], today)
    usable = [(p, t) for p, t in zip(paths, targets, strict=True) if _was_read(p, read)]
    done = corrected([path for path, _ in usable], _changes(edits, read.records), WAYS)
    written = write_register(done, [target for _, target in usable])
    made = edits.filter(~pl.col("id").is_in(done.unplaced))
    write_csv(made.select(LISTED), out / LIST)
    unread = [path.as_posix() for path in paths if not _was_read(path, read)]
    return Fixed(
        (*(path.as_posix() for path in written), *unread), made.select(LISTED),
        len(done.unplaced), tuple(done.converted), out,
    )  # fmt: skip


def _inputs(files: Sequence[str], out: Path) -> list[Path]:
    """Return the files; what an earlier fix left in `out` is not among them.

    Unless nothing else is: then the output would overwrite it, which `_targets` refuses.
    """
    paths = expand(files)
    left = (out / FOLDER).resolve()
    return [path for path in paths if not path.resolve().is_relative_to(left)] or paths


def _targets(paths: list[Path], folder: Path) -> list[Path]:
    """Return where each file goes: as the files lie to each other, below `folder`.

    UnusableInput if that is where one of them came from.
    """
    whole = [path.resolve() for path in paths]
    root = Path(commonpath([path.parent for path in whole]))
    targets = [folder / path.relative_to(root) for path in whole]
    for target in targets:
        if target.resolve() in whole:
            raise UnusableInput("fix_in_place", where=Where(str(target)))
    return targets


def _was_read(path: Path, read: ReadResult) -> bool:
    name = path.as_posix()
    return any(
        sheet.source_file == name or sheet.source_file.startswith(f"{name}/")
        for sheet in read.sheets
    )


def _edits(read: ReadResult, rules: Sequence[Rule], today: date) -> pl.DataFrame:
    """Return the cells to change, each once: id, `LISTED`, letter.

    A text file's cell with a line break in it stays: every line after it would move up.
    """
    before = cleaned(read.records, today)
    cells = repairs(judgeable(before, today, rules), rules)
    own = _own_columns(read)
    at = pl.when(pl.col("field") == "nokk").then(pl.coalesce("kk_row", "row")).otherwise("row")
    placed = (
        cells.join(before.select("record", *_PLACE), on="record", maintain_order="left")
        .join(own, on=["layout", "field"], maintain_order="left")
        .with_columns(row=at)
        .pipe(_styled, before)
    )
    cell = pl.col("letter") + pl.col("row").cast(pl.String)
    in_lines = (pl.col("sheet") == "") & pl.col("old").str.contains(r"[\r\n]")
    return (
        _harmless(placed.filter(~in_lines), before, today)
        .unique(["source_file", "sheet", "row", "letter"], keep="first", maintain_order=True)
        .with_row_index("id")
        .with_columns(cell=cell, column="field")
    )


_PLACE = ("source_file", "sheet", "row", "kk_row", "layout", "tanggal_lahir")


def _own_columns(read: ReadResult) -> pl.DataFrame:
    """Return layout, field, letter of the fields that have a column for themselves."""
    at = letters(read)
    holders = at.filter(pl.col("field").is_in(HOLDERS)).select("layout", "letter", holder="field")
    shared = at.join(holders, on=["layout", "letter"]).filter(pl.col("field") != pl.col("holder"))
    return at.join(shared, on=["layout", "field"], how="anti").unique(
        ["layout", "field"], keep="first", maintain_order=True
    )


def _styled(cells: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the cells with new dates written as most dates of their layout are."""
    typed, born = pl.col("tanggal_lahir_asal"), pl.col("tanggal_lahir")
    written = pl.coalesce(
        pl.when(typed == born.dt.strftime(form)).then(pl.lit(form)) for form in DATES
    )
    forms = (
        before.select("layout", form=written)
        .drop_nulls()
        .group_by("layout", "form")
        .len()
        .sort("layout", "len", "form", descending=[False, True, False])
        .unique("layout", keep="first", maintain_order=True)
    )
    rows = cells.join(forms.drop("len"), on="layout", how="left", maintain_order="left")
    form = pl.col("form").fill_null(DATES[0])
    new = pl.coalesce(pl.when(form == one).then(born.dt.strftime(one)) for one in DATES)
    rewritten = (pl.col("field") == "tanggal_lahir") & (pl.col("new") == born.dt.strftime(DATES[0]))
    return rows.with_columns(new=pl.when(rewritten).then(new).otherwise("new")).drop("form")


def _harmless(cells: pl.DataFrame, before: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the cells after whose change every record is understood as it was.

    A cell is read by its column: one more unambiguous date can settle another one's order. Where a
    record reads differently its own repairs are left out, then those of its whole layout.
    """
    for key in ("record", "layout"):
        concerned = before.filter(pl.col("layout").is_in(cells["layout"].unique().implode()))
        if concerned.is_empty():
            return cells
        after = cleaned(repaired(concerned.select(list(RECORDS)), cells), today)
        same = pl.all_horizontal(
            concerned[name].eq_missing(after[name]).alias(name) for name in UNDERSTOOD
        )
        odd = concerned.filter(~concerned.select(same).to_series())
        cells = cells.filter(~pl.col(key).is_in(odd[key].unique().implode()))
    return cells


def _changes(edits: pl.DataFrame, records: pl.DataFrame) -> dict[str, Changes]:
    """Return what changes, by file."""
    changes: dict[str, Changes] = {}
    for edit in edits.iter_rows(named=True):
        cell = CellEdit(
            edit["id"], edit["row"], index_of(edit["letter"]), edit["old"], edit["new"], bare=True
        )
        file = changes.setdefault(edit["source_file"], Changes())
        file.edits.setdefault(edit["sheet"], []).append(cell)
    touched = records.filter(pl.col("source_file").is_in(list(changes)))
    for (name, sheet), rows in touched.group_by("source_file", "sheet", maintain_order=True):
        changes[str(name)].rows[str(sheet)] = set(rows["row"].to_list())
    return changes


def summary(done: Fixed) -> pl.DataFrame:
    """Return codes, count and one masked example (cell, old, new) a kind of change, most first."""
    first = done.changes.group_by("codes", maintain_order=True).agg(
        pl.len().alias("count"), pl.first("cell", "column", "old", "new")
    )
    field = pl.col("column")
    shown = first.with_columns(mask_cell(pl.col("old"), field), mask_cell(pl.col("new"), field))
    return shown.sort("count", "codes", descending=[True, False])
