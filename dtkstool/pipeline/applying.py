"""Filled workbooks applied to the register: read, understand, check, correct, write, account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from os.path import commonpath
from pathlib import Path

import polars as pl

from dtkstool.apply.clash import with_clashes
from dtkstool.apply.decision import understood
from dtkstool.apply.fates import placed, with_outcome, with_presence
from dtkstool.apply.resolve import resolved, shown
from dtkstool.apply.words import vocabulary
from dtkstool.clean.identity import TIE_BREAKERS, with_record_id
from dtkstool.errors import DtksError, UnusableInput, Where
from dtkstool.frames import RECORDS
from dtkstool.messages import Language, page
from dtkstool.pipeline.applied import SUMMARY, write_results
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.correcting import Given, Plan, known_persons, settled
from dtkstool.pipeline.forms import Forms, read_forms
from dtkstool.pipeline.publish import published_whole
from dtkstool.pipeline.register import Register, load_register
from dtkstool.read import expand, read_files
from dtkstool.read.encoding import as_utf8
from dtkstool.read.sources import Source
from dtkstool.read.tables import xml_grids
from dtkstool.read.text import choose_delimiter, sample_lines
from dtkstool.read.workbook import workbook_grids
from dtkstool.registry import open_registry
from dtkstool.write.register import FOLDER, Corrected, Ways, write_register
from dtkstool.write.sheets.definition import CHOICES, REASONS


@dataclass(frozen=True)
class Order:
    """What applying was asked to do."""

    sheets: Sequence[str]
    files: Sequence[str]
    out: Path
    registry: Path | None
    column_map: Path | None
    today: date
    lang: Language


@dataclass(frozen=True)
class Applied:
    """Workbooks applied."""

    order: Order
    forms: Forms
    register: Register
    decisions: pl.DataFrame
    """One row per row of a workbook that says anything, with `hasil` or `problem`."""
    plan: Plan
    files: Corrected
    paths: list[Path]
    after: pl.DataFrame
    """The corrected register read again, records with `record_id`."""
    counts: dict[str, int]
    clock: Clock

    @property
    def failures(self) -> tuple[DtksError, ...]:
        """Files that could not be used, workbooks first."""
        return (*self.forms.failures, *self.register.read.failures)


def apply(order: Order) -> Applied:
    """Apply filled workbooks to the register and write everything into `order.out`.

    UnusableInput if the output would overwrite an input, if a file of the register cannot be read
    (what is in it could not be accounted for), or if the totals do not reconcile. All files take
    their place together, after the corrected ones were read again and accounted for.
    """
    clock = Clock()
    paths = _inputs(order)
    targets = _targets(paths, order.out / FOLDER)
    with clock.stage("forms"):
        forms = read_forms(order.sheets)
    register = load_register(
        [path.as_posix() for path in paths],
        today=order.today,
        column_map=order.column_map,
        clock=clock,
    )
    if register.read.failures:
        raise _unaccountable(register)
    with clock.stage("judge"):
        decisions = _decisions(forms, register, paths)
        registry = open_registry(order.registry) if order.registry else None
        persons = known_persons(decisions, registry, order.today)
        given = Given(register, persons, order.today, order.lang, paths, WAYS)
        decisions, plan, files = settled(decisions, given)
        decisions = with_outcome(_with_moot(decisions, plan))
    with published_whole(order.out, SUMMARY) as made:
        with clock.stage("write"):
            written = write_register(
                files, [made / path.relative_to(order.out) for path in targets]
            )
        with clock.stage("account"):
            again = _read_again(written, order)
            counts = _counts(register.cleaned, decisions, plan, again, forms)
        applied = Applied(
            order, forms, register, decisions, plan, files, written, again, counts, clock
        )
        write_results(applied, made)
    return replace(applied, paths=[order.out / path.relative_to(made) for path in written])


def _inputs(order: Order) -> list[Path]:
    """Return the register's files; what an earlier apply left in `out` is not among them.

    Unless nothing else is: then the output would overwrite it, which `_targets` refuses.
    """
    paths = expand(order.files)
    left = (order.out / FOLDER).resolve()
    return [path for path in paths if not path.resolve().is_relative_to(left)] or paths


def _targets(paths: list[Path], folder: Path) -> list[Path]:
    """Return where each file goes: as the files lie to each other, below `folder`.

    UnusableInput if that is where it came from.
    """
    whole = [path.resolve() for path in paths]
    root = Path(commonpath([path.parent for path in whole]))
    targets = [folder / path.relative_to(root) for path in whole]
    inputs = set(whole)
    for target in targets:
        if target.resolve() in inputs:
            raise UnusableInput("apply_in_place", where=Where(str(target)))
    return targets


def words(forms: Forms) -> pl.DataFrame:
    """Return every writing of a decision that counts: the workbooks' own, ours, synonyms."""
    own = [(choice.sheet, choice.key, choice.word) for choice in CHOICES]
    synonyms = [
        (sheet, key, writing)
        for sheet, choices in page("apply")["words"].items()
        for key, texts in choices.items()
        for text in texts.values()
        for writing in text.split(";")
    ]
    reasons = [
        ("alasan", code, text) for code in REASONS for text in page("workbook")["tl"][code].values()
    ]
    keys = [(choice.sheet, choice.key, choice.key) for choice in CHOICES]
    return vocabulary([*own, *forms.words, *keys, *synonyms, *reasons])


def _unaccountable(register: Register) -> UnusableInput:
    """Return the error for files of which nobody can say who is in them.

    Of a record that is not found it could not be told whether it has gone or was not read.
    """
    failures = register.read.failures
    named = ", ".join(sorted({failure.where.file for failure in failures}))
    return UnusableInput("apply_unread", where=failures[0].where, count=len(failures), files=named)


def _decisions(forms: Forms, register: Register, paths: list[Path]) -> pl.DataFrame:
    decisions = understood(forms.entries, words(forms))
    facts = shown(forms.entries, decisions)
    ids = pl.concat([decisions["record_id"], decisions["left_id"]])
    where = resolved(ids, facts, register.cleaned, hashed)
    found = placed(decisions, where).with_columns(
        hasil=pl.lit(None, pl.String),
        detail=pl.lit(None, pl.String),
        elsewhere=_of_other_files(register, paths),
    )
    return found.pipe(with_presence).pipe(with_clashes)


def _of_other_files(register: Register, paths: list[Path]) -> pl.Expr:
    """Return whether a row is about a line of a file that is not among those given.

    Files are known by their names: the register may lie elsewhere than when it was read, and a
    file of another format has come back as `<name>.xlsx`. False where the sheet does not say.
    """
    given = {path.name for path in paths}
    given |= {Path(name).name for name in register.cleaned["source_file"].unique()}
    known = given | {name.removesuffix(".xlsx") for name in given}
    file = pl.col("asal").str.split(" › ").list.first().str.extract(r"([^/\\]+)$")
    return (~file.is_in(sorted(known))).fill_null(False)


def hashed(keys: pl.Series) -> pl.Series:
    """Return the ids that records typed so (`nokk, nik, nama` joined by U+001F) would get."""
    nothing = {name: pl.lit(None, pl.String) for name in TIE_BREAKERS}
    typed = (
        keys.to_frame("key")
        .with_columns(
            pl.col("key")
            .str.split_exact("\x1f", 2)
            .struct.rename_fields(["nokk_asal", "nik_asal", "nama_asal"])
        )
        .unnest("key")
    )
    others = {name: value for name, value in nothing.items() if name not in typed.columns}
    rows = typed.with_columns(**others).with_columns(
        record=pl.int_range(pl.len(), dtype=pl.UInt32),
        source_file=pl.lit(""),
        layout=pl.lit(0, pl.UInt16),
    )
    ids = with_record_id(rows.lazy()).select("record_id").collect()["record_id"]
    return ids.str.replace(r"~\d+$", "")


def _with_moot(decisions: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Mark what is decided about the cells of records that go: nothing is left to change."""
    gone = pl.concat([plan.removed["record"], plan.replaced["target"]]).unique()
    about = pl.col("record").is_in(gone.implode()) & (pl.col("fate") == "ubah")
    moot = about & pl.col("problem").is_null() & pl.col("hasil").is_null()
    return decisions.with_columns(hasil=pl.when(moot).then(pl.lit("gugur")).otherwise("hasil"))


def _read_again(paths: list[Path], order: Order) -> pl.DataFrame:
    """Return the records of the corrected files, with `record_id`."""
    read = read_files([path.as_posix() for path in paths], column_map=order.column_map)
    return with_record_id(read.records.select(list(RECORDS)).lazy()).collect()


def _counts(
    before: pl.DataFrame, decisions: pl.DataFrame, plan: Plan, after: pl.DataFrame, forms: Forms
) -> dict[str, int]:
    """Return the totals; UnusableInput if they do not reconcile."""
    in_place = plan.replaced.filter("in_place").height
    replaced = plan.replaced.height
    removed = plan.removed.height - (replaced - in_place)
    kept = before.height - removed - replaced
    counts = {
        "in": before.height, "kept": kept, "removed": removed, "replaced": replaced,
        "successors": in_place, "out": after.height,
        "changed": plan.edits["record"].n_unique(), "cells": plan.edits.height,
        "rows": forms.entries.height, "decided": decisions.height,
        "accepted": decisions.filter(pl.col("problem").is_null()).height,
        "refused": decisions.filter(pl.col("problem").is_not_null()).height,
    }  # fmt: skip
    if kept + in_place != after.height or removed < 0 or kept < 0:
        raise UnusableInput("apply_totals", expected=kept + in_place, found=after.height)
    return counts


def _delimiter(data: bytes) -> str:
    return choose_delimiter(sample_lines(as_utf8(data).data))


def _sheets(name: str, data: bytes) -> list[tuple[str, pl.DataFrame, pl.DataFrame | None]]:
    """Return the sheets of a spreadsheet that is written as another format, column A first."""
    kind = "xmlss" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else "xls"
    source = Source(name, "xls" if data[:4] != b"PK\x03\x04" else "ods", data)
    found = []
    for grid in (
        xml_grids(Source(name, "xmlss", data)) if kind == "xmlss" else workbook_grids(source)
    ):
        if isinstance(grid, DtksError):
            raise grid
        shift = [pl.lit(None, pl.String).alias(f"before{i}") for i in range(grid.first_column)]
        cells = grid.cells.select("row", *shift, *grid.columns).collect()
        numeric = (
            grid.numeric.select("row", *shift, *grid.columns) if grid.numeric is not None else None
        )
        found.append((grid.sheet, cells, numeric))
    return found


WAYS = Ways(_delimiter, _sheets)
