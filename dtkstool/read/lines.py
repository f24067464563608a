"""A delimited text by lines and by blocks of lines: a large one is only ever held in blocks."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.read.encoding import chunks, release
from dtkstool.read.quotes import proper_line
from dtkstool.read.room import bytes_at_once
from dtkstool.read.sniff import Content

NEWLINE = 10
BLOCK = 16 << 20
"""Bytes of a block of a larger text at most: enough rows for Polars to be quick with, few enough to
be held several times over."""
MANY = 16
"""Blocks from which on they are twice as large: what each costs by itself begins to tell."""


@dataclass(frozen=True)
class Block:
    """A run of whole lines."""

    start: int
    end: int
    first_line: int


@dataclass(frozen=True)
class Survey:
    """What the lines of a text are like."""

    blocks: tuple[Block, ...]
    improper: pl.DataFrame
    """`row`, `line` of the lines that are no records by themselves."""
    widest: int
    """Cells of the widest other line."""


@dataclass(frozen=True)
class Text:
    """A delimited text in UTF-8."""

    data: Content
    delimiter: str

    @cached_property
    def breaks(self) -> npt.NDArray[np.int64]:
        """Where each line ends."""
        found, start = [np.empty(0, np.int64)], 0
        for part in chunks(self.data):
            found.append(np.flatnonzero(np.frombuffer(part, np.uint8) == NEWLINE) + start)
            start += len(part)
        return np.concatenate(found)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where lines `first` to `last` begin and end, the last line break left out."""
        end = int(self.breaks[last - 1]) if last <= len(self.breaks) else len(self.data)
        return (int(self.breaks[first - 2]) + 1 if first > 1 else 0), end

    def between(self, first: int, last: int) -> str:
        """Return lines `first` to `last`."""
        start, end = self.span(first, last)
        return self.data[start:end].decode().replace("\r\n", "\n").rstrip("\r")

    def survey(self, width: int) -> Survey:
        """Return what the lines are like, of which `width` cells each are expected.

        In a small text a longer and a shorter line may cancel out: then parsing fails.
        """
        blocks, improper, widest, first_line = [], [_none()], 1, 1
        for start, end in self._cuts():
            content = self.data[start:end]
            blocks.append(Block(start, end, first_line))
            ends = content.count(b"\n") + (not content.endswith(b"\n"))
            usual = ends * (width - 1) if len(self.data) <= bytes_at_once() else -1
            if b'"' not in content and content.count(self.delimiter.encode()) == usual > 0:
                widest = max(widest, width)
            else:
                odd, wide = self._judged(content, first_line)
                improper.append(odd)
                widest = max(widest, wide)
            first_line += ends
            release(self.data, start, end)
        return Survey(tuple(blocks), pl.concat(improper), widest)

    def _cuts(self) -> Iterator[tuple[int, int]]:
        """Give where blocks of about the same size begin and end; an even number, for two cores."""
        size = len(self.data)
        most = BLOCK if size <= MANY * BLOCK else 2 * BLOCK
        step = -(-size // (2 * -(-size // (2 * most)))) if size > bytes_at_once() else size
        start = 0
        while start < size:
            found = self.data.find(b"\n", start + step - 1)
            end = found + 1 if found >= 0 else size
            yield start, end
            start = end

    def _judged(self, content: bytes, first_line: int) -> tuple[pl.DataFrame, int]:
        """Return `row, line` of the lines that are no records by themselves, and the widest else.

        Only lines with a quote need the pattern; in the others it is enough to count delimiters.
        """
        lines = pl.scan_lines(
            io.BytesIO(content), name="line", row_index_name="row", row_index_offset=first_line
        ).collect(engine="in-memory")
        line = pl.col("line")
        has_quote = lines["line"].str.contains('"', literal=True)
        quoted = lines.filter(has_quote)
        is_proper = quoted["line"].str.strip_suffix("\r").str.contains(proper_line(self.delimiter))
        counted = line.str.count_matches(self.delimiter, literal=True).max()
        plain = lines.filter(~has_quote).select(counted)
        bare = quoted.filter(is_proper).select(line.str.replace_all('"[^"]*"', ""))
        widest = max(of.item() or 0 for of in (plain, bare.select(counted)))
        return quoted.filter(~is_proper), widest + 1


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={"row": pl.UInt32, "line": pl.String})
