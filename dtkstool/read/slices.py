"""Records that are too many to be held at once, slice by slice from a folder of our own."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from dtkstool.frames import RECORDS, conform
from dtkstool.read.result import ReadResult
from dtkstool.read.scratch import Scratch

SLICE = 50_000
"""Records from which on a slice is full; a block of a large text is one by itself."""
Part = tuple[int, pl.LazyFrame]
"""Records that stand together: how many, and their columns, `frames.RECORDS` without `record`."""


@dataclass
class Spool:
    """Frames put on disk, each in a file of its own."""

    scratch: Scratch = field(default_factory=Scratch)
    written: int = 0

    def keep(self, df: pl.DataFrame) -> pl.LazyFrame:
        """Put a frame on disk; return it as a query, which reads the columns that it uses."""
        path = self.scratch.folder / f"{self.written}.arrow"
        self.written += 1
        df.write_ipc(path, compression="lz4")
        return pl.scan_ipc(path)


@dataclass(frozen=True)
class Slices:
    """The records of a run, slice by slice, in reading order."""

    parts: tuple[Part, ...]
    spool: Spool
    """Where they lie."""

    @property
    def queries(self) -> Iterator[pl.LazyFrame]:
        """Give `frames.RECORDS` slice by slice, to be read column by column."""
        first = 0
        for count, part in self.parts:
            yield _numbered(part, first)
            first += count

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Give `frames.RECORDS` slice by slice; they are read anew each time."""
        for slice_ in self.queries:
            yield conform(slice_.collect(), RECORDS, "records")

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


def as_records(parts: Sequence[Part]) -> pl.DataFrame:
    """Return the records under each other, numbered; columns that no part has are null."""
    filled = [part for count, part in parts if count]
    if not filled:
        return pl.DataFrame(schema=RECORDS)
    return _numbered(pl.concat(filled, how="diagonal"), 0).collect()


def _numbered(part: pl.LazyFrame, first: int) -> pl.LazyFrame:
    """Return the records numbered from `first`; columns that they lack are null throughout."""
    there: Collection[str] = part.collect_schema()
    number = pl.int_range(first, pl.len() + first, dtype=pl.UInt32)
    absent = {name: pl.lit(None, dtype) for name, dtype in RECORDS.items() if name not in there}
    return part.with_columns(**absent | {"record": number}).select(list(RECORDS))


def evened(parts: Sequence[Part], spool: Spool) -> Iterator[Part]:
    """Give the parts, small ones joined to slices of `SLICE` records and put on disk."""
    small: list[Part] = []
    for count, part in parts:
        if count < SLICE:
            small.append((count, part))
        if count >= SLICE or sum(some for some, _ in small) >= SLICE:
            yield from _joined(small, spool)
            small = []
        if count >= SLICE:
            yield count, part
    yield from _joined(small, spool)


def _joined(small: Sequence[Part], spool: Spool) -> Iterator[Part]:
    filled = [part for count, part in small if count]
    if filled:
        df = pl.concat(filled, how="diagonal").collect()
        yield df.height, spool.keep(df)


def held(parts: Sequence[Part]) -> list[Part]:
    """Return the parts as one that is held."""
    # cleaning and judging are quicker in one chunk
    df = as_records(parts).rechunk()
    return [(df.height, df.lazy())]
