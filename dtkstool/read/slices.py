"""Records that are too many to be held at once, slice by slice from a folder of our own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import polars as pl

from dtkstool.frames import RECORDS, conform
from dtkstool.read.people import Load, in_memory
from dtkstool.read.result import ReadResult
from dtkstool.read.scratch import Scratch

SLICE = 100_000
"""Records from which on a slice is full; a block of a large text is one by itself."""


@dataclass
class Spool:
    """Frames put on disk, each in a file of its own."""

    scratch: Scratch = field(default_factory=Scratch)
    written: int = 0

    def keep(self, df: pl.DataFrame) -> Load:
        """Put a frame on disk."""
        path = self.scratch.folder / f"{self.written}.arrow"
        self.written += 1
        df.write_ipc(path, compression="lz4")
        return partial(_kept, path, frozenset(df.columns))


def _kept(path: Path, there: frozenset[str], *, columns: list[str] | None = None) -> pl.DataFrame:
    """Return a frame from disk; of the columns asked for those it has."""
    wanted = None if columns is None else [column for column in columns if column in there]
    return pl.read_ipc(path, columns=wanted)


@dataclass(frozen=True)
class Slices:
    """The records of a run, slice by slice, in reading order."""

    parts: tuple[tuple[int, Load], ...]
    """Number of records, and how to load them."""
    spool: Spool
    """Where they lie."""

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Give `frames.RECORDS` slice by slice; they are read anew each time."""
        first = 0
        for count, load in self.parts:
            yield conform(as_records([load()], first), RECORDS, "records")
            first += count

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def height(self) -> int:
        """How many records there are."""
        return sum(count for count, _ in self.parts)


@dataclass(frozen=True)
class Sliced:
    """What reading gives of files of any size."""

    read: ReadResult
    """Without its records."""
    slices: Slices

    @property
    def whole(self) -> ReadResult:
        """What `read_files` gives; all records are held."""
        records = pl.concat([pl.DataFrame(schema=RECORDS), *self.slices])
        return replace(self.read, records=records)


def as_records(parts: Sequence[pl.DataFrame], first: int = 0) -> pl.DataFrame:
    """Return the records under each other, numbered from `first`.

    Columns that no part has are null throughout.
    """
    filled = [part for part in parts if part.height]
    if not filled:
        return pl.DataFrame(schema=RECORDS)
    there = pl.concat(filled, how="diagonal")
    number = pl.int_range(first, pl.len() + first, dtype=pl.UInt32).alias("record")
    absent = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in RECORDS.items()
        if name not in there.columns and name != "record"
    ]
    return there.with_columns(number, *absent).select(list(RECORDS))


def evened(parts: Sequence[tuple[int, Load]], spool: Spool) -> Iterator[tuple[int, Load]]:
    """Give the parts, small ones joined to slices of `SLICE` records and put on disk."""
    small: list[pl.DataFrame] = []
    for count, load in parts:
        if count < SLICE:
            small.append(load())
        if count >= SLICE or sum(df.height for df in small) >= SLICE:
            yield from _joined(small, spool)
            small = []
        if count >= SLICE:
            yield count, load
    yield from _joined(small, spool)


def _joined(small: list[pl.DataFrame], spool: Spool) -> Iterator[tuple[int, Load]]:
    filled = [df for df in small if df.height]
    if filled:
        df = pl.concat(filled, how="diagonal")
        yield df.height, spool.keep(df)


def held(parts: Sequence[tuple[int, Load]]) -> list[tuple[int, Load]]:
    """Return the parts as one that is held."""
    # cleaning and judging are quicker in one chunk
    df = as_records([load() for _, load in parts]).rechunk()
    return [(df.height, in_memory(df))]
