"""From files to a cleaned register: read, clean, and which column is where."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.clean import clean_facts, clean_names
from dtkstool.clean.names import standardise
from dtkstool.clean.whole import Whole
from dtkstool.errors import UnusableInput, Where
from dtkstool.frames import CLEAN_NAMES, CLEANED, conform
from dtkstool.messages import Language
from dtkstool.pipeline.clock import Clock
from dtkstool.read import ReadResult, read_files
from dtkstool.rules.check import LETTERS, FileProblem


@dataclass(frozen=True)
class Register:
    """The register as read and understood."""

    read: ReadResult
    cleaned: pl.DataFrame
    """`frames.CLEANED` plus alias_folk, the folk key of the name's alias."""


def load_register(
    paths: Sequence[str], *, today: date, column_map: Path | None, clock: Clock
) -> Register:
    """Return the register in `paths`, cleaned; UnusableInput when no file gave a single record.

    Files that could not be read are in `read.failures`; the others are not affected by them.
    """
    with clock.stage("read"):
        read = read_files(paths, column_map=column_map)
    if read.records.is_empty():
        raise read.failures[0] if read.failures else UnusableInput("no_records")
    with clock.stage("clean"):
        return Register(read, cleaned(read.records, today))


def cleaned(records: pl.DataFrame, today: date, whole: Whole | None = None) -> pl.DataFrame:
    """Return the records cleaned, with `alias_folk`; names on one core, the rest on another.

    All of them, or a slice with what the `whole` says.
    """
    typed = records.lazy().select("nama_asal", "nama_ibu_asal")
    with ThreadPoolExecutor(1) as other:
        names = other.submit(clean_names(typed).select(CLEAN_NAMES.keys()).collect)
        facts = clean_facts(records.lazy(), today=today, whole=whole).collect()
        df = facts.hstack(names.result())
    return conform(df, CLEANED, "clean").with_columns(alias_folk=folk_of(df["nama_alias"]))


def folk_of(names: pl.Series) -> pl.Series:
    """Return the folk key of each name; most rows of an alias column are null and cost nothing."""
    known = names.drop_nulls().unique().rename("name")
    if known.is_empty():
        return names
    folk = known.to_frame().with_columns(folk=standardise(known)["nama_folk"])
    return (
        names.rename("name")
        .to_frame()
        .join(folk, on="name", how="left", maintain_order="left")["folk"]
    )


def letters(read: ReadResult) -> pl.DataFrame:
    """Return layout, field, letter: which column of each layout a field stands in."""
    rows = [
        (layout.index, name, letter)
        for layout in read.layouts
        for name, (letter, _) in layout.columns.items()
    ]
    return pl.DataFrame(rows, schema=LETTERS, orient="row")


def file_problems(read: ReadResult, lang: Language) -> list[FileProblem]:
    """Return what reading noted of each sheet, and which sheets of people have no NIK column."""
    noted = [
        FileProblem(note.key, Where(layout.source_file, layout.sheet), note.text(lang))
        for layout in read.layouts
        for note in layout.notes
    ]
    without = [
        UnusableInput("no_nik_column", where=Where(layout.source_file, layout.sheet))
        for layout in read.layouts
        if "nik" not in layout.columns
    ]
    return noted + [FileProblem(e.key, e.where, e.what(lang), e.fix(lang)) for e in without]
