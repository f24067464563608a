"""Reading from end to end: every sheet of every file into one frame, failures beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dtkstool.errors import BadConfiguration, DtksError, UnreadableFile, UnusableInput, Where
from dtkstool.frames import RECORDS, SKIPPED, conform
from dtkstool.read.grid import Grid
from dtkstool.read.mapfile import Mapping, load_map
from dtkstool.read.people import Keep, in_memory
from dtkstool.read.result import Layout, ReadResult, Sheet
from dtkstool.read.room import records_at_once
from dtkstool.read.sheets import SheetRead, read_sheet
from dtkstool.read.slices import Part, Sliced, Slices, Spool, as_records, evened, held
from dtkstool.read.sources import Source, expand, open_path
from dtkstool.read.tables import parquet_grid, xml_grids
from dtkstool.read.text import text_grid
from dtkstool.read.workbook import workbook_grids


def read_files(
    paths: Sequence[str], *, column_map: Path | None = None, only: frozenset[str] | None = None
) -> ReadResult:
    """Return every record of the files, globs and folders in `paths`, and how they were read.

    `only` names the fields to keep; the others stay null, to save memory. A file that cannot be
    used is one of the `failures`; UnusableInput only if a path names no file at all, and
    BadConfiguration if `column_map` makes no sense.
    """
    mappings = load_map(column_map) if column_map else ()
    reading = _read(paths, _Reading(mappings, only))
    return reading.result(as_records(reading.records))


def read_slices(paths: Sequence[str], *, column_map: Path | None = None) -> Sliced:
    """Return the same as `read_files`, the records slice by slice where they are many.

    Of records that are more than there is `room` for, what is held never grows beyond a slice; a
    workbook is held sheet by sheet.
    """
    spool = Spool()
    reading = _read(paths, _Reading(load_map(column_map) if column_map else (), None, spool.keep))
    few = sum(count for count, _ in reading.records) <= records_at_once()
    parts = held(reading.records) if few else evened(reading.records, spool)
    return Sliced(reading.result(pl.DataFrame(schema=RECORDS)), Slices(tuple(parts), spool))


def _read(paths: Sequence[str], reading: "_Reading") -> "_Reading":
    for path in expand(paths):
        for source in open_path(path):
            reading.add(source)
    return reading


@dataclass
class _Reading:
    mappings: Sequence[Mapping]
    only: frozenset[str] | None
    keep: Keep = in_memory
    """Holds the parts of a text that is parsed in blocks."""
    layouts: list[Layout] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    records: list[Part] = field(default_factory=list)
    skipped: list[pl.DataFrame] = field(default_factory=list)
    failures: list[DtksError] = field(default_factory=list)

    def add(self, source: Source | DtksError) -> None:
        """Read one file, or note why it cannot be read."""
        if isinstance(source, DtksError):
            self.failures.append(source)
            return
        try:
            outcomes = [self._sheet(grid) for grid in _grids(source)]
        except BadConfiguration:
            raise
        except DtksError as error:
            self.failures.append(error)
            return
        reasons = [o for o in outcomes if o]
        if reasons and "" not in outcomes and not any(o == "failed" for o in outcomes):
            key = "no_rows" if "no_rows" in reasons else "no_person_columns"
            self.failures.append(UnusableInput(key, where=Where(source.name)))

    def _sheet(self, grid: Grid | DtksError) -> str:
        """Read one sheet; return why it gave no records, empty if it did."""
        if isinstance(grid, DtksError):
            self.failures.append(grid)
            return "failed"
        try:
            keep = self.keep if grid.blocks else in_memory
            read = read_sheet(grid, self.mappings, len(self.layouts), self.only, keep)
        except (pl.exceptions.ComputeError, pl.exceptions.PanicException) as error:
            if not grid.deferred:
                raise
            detail = str(error).splitlines()[0]
            read = UnreadableFile("truncated_file", where=Where(grid.file), detail=detail)
        if isinstance(read, DtksError):
            self.failures.append(read)
            return "failed"
        self._keep(read)
        return read.sheet.reason

    def _keep(self, read: SheetRead) -> None:
        self.sheets.append(read.sheet)
        if read.layout:
            self.layouts.append(read.layout)
        self.records.extend(read.records)
        self.skipped.append(read.skipped)

    def result(self, records: pl.DataFrame) -> ReadResult:
        """Return all that was read, and these records."""
        return ReadResult(
            records=conform(records, RECORDS, "records"),
            layouts=tuple(self.layouts),
            sheets=tuple(self.sheets),
            skipped=conform(_all_skipped(self.skipped), SKIPPED, "skipped"),
            failures=tuple(self.failures),
        )


def _grids(source: Source) -> Iterator[Grid | DtksError]:
    if source.kind == "text":
        yield text_grid(source)
    elif source.kind == "parquet":
        yield parquet_grid(source)
    elif source.kind == "xmlss":
        yield from xml_grids(source)
    else:
        yield from workbook_grids(source)


def _all_skipped(parts: list[pl.DataFrame]) -> pl.DataFrame:
    filled = [part for part in parts if part.height]
    return pl.concat(filled) if filled else pl.DataFrame(schema=SKIPPED)
