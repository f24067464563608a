"""Text with quotes as cells: proper lines by the parser, the few others record by record."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from dtkstool.read.lines import Block, Survey, Text
from dtkstool.read.quotes import keeps_rules, split_line
from dtkstool.read.result import Note

_LONGEST = 100
"""Lines that one quoted cell may run over."""
_LONG_NUMBER = re.compile(r"\d{13}")


@dataclass(frozen=True)
class Record:
    """A record that no parser would read as it was meant."""

    first: int
    last: int
    """The lines it runs over."""
    cells: list[str]


@dataclass(frozen=True)
class Loose:
    """The records of a text that are not simply lines, and the blocks that the others stand in."""

    records: tuple[Record, ...]
    blocks: tuple[Block, ...]
    """None begins inside one of `records`."""
    width: int
    """Cells of the widest record of all."""
    notes: tuple[Note, ...] = ()


def loose_records(text: Text, survey: Survey) -> Loose:
    """Return the records that begin on an improper line, and what they do to the blocks."""
    if survey.improper.is_empty():
        return Loose((), survey.blocks, survey.widest)
    records = tuple(_records(text, survey.improper, _usual_width(text, survey.improper)))
    width = max(survey.widest, *(len(record.cells) for record in records))
    blocks = tuple(_whole(text, survey.blocks, records))
    return Loose(records, blocks, width, tuple(_notes(text, records)))


def _usual_width(text: Text, improper: pl.DataFrame) -> int:
    """Return the number of cells that most proper lines have."""
    odd = set(improper["row"].to_list())
    lines = min(len(text.breaks) + 1, 500 + len(odd))
    proper = [row for row in range(1, lines + 1) if row not in odd][:500]
    widths = Counter(len(split_line(text.between(row, row), text.delimiter)) for row in proper)
    return max(widths, key=lambda width: (width > 1 and widths[width], width), default=1)


def _records(text: Text, improper: pl.DataFrame, expected: int) -> Iterator[Record]:
    """Yield every record that begins on an improper line."""
    rows = improper["row"].to_list()
    lines = improper["line"].to_list()
    odd = [row for row, line in zip(rows, lines, strict=True) if line.count('"') % 2]
    next_odd = dict(pairwise(odd))
    done = 0
    for row, line in zip(rows, lines, strict=True):
        if row <= done:
            continue
        done = row
        cells = split_line(line.rstrip("\r"), text.delimiter)
        closing = next_odd.get(row, 0)
        if 0 < closing <= row + _LONGEST:
            several = text.between(row, closing)
            if _is_one_record(several, text.delimiter, expected):
                done, cells = closing, split_line(several, text.delimiter)
        yield Record(row, done, cells)


def _is_one_record(text: str, delimiter: str, expected: int) -> bool:
    """Return whether these lines are one record with line breaks in quoted cells.

    Cells beyond the last column are nothing if they are empty, or if what ends the quoted cell
    stands first in its line. Not if a line below the first is by itself as wide as a record and
    holds a long number: then a quote was left open, and a person would be swallowed.
    """
    cells = split_line(text, delimiter)
    beyond = len(cells) - expected
    head = text.rpartition("\n")[2].partition('"')[0]
    if (any(cells[expected:]) and delimiter in head) or beyond < 0:
        return False
    if not keeps_rules(text, delimiter):
        return False
    return not any(
        len(split_line(line, delimiter)) - beyond >= expected > 1 and _LONG_NUMBER.search(line)
        for line in text.split("\n")[1:]
    )


def _whole(text: Text, blocks: tuple[Block, ...], records: tuple[Record, ...]) -> Iterator[Block]:
    """Give the blocks with the records that two of them share wholly in the first."""
    over = {
        line: record.last + 1
        for record in records
        for line in range(record.first + 1, record.last + 1)
    }
    first_lines = [over.get(block.first_line, block.first_line) for block in blocks]
    starts = [text.span(line, line)[0] for line in first_lines]
    ends = [*starts[1:], len(text.data)]
    for start, end, line in zip(starts, ends, first_lines, strict=True):
        if start < end:
            yield Block(start, end, line)


def _notes(text: Text, records: tuple[Record, ...]) -> Iterator[Note]:
    loose = sum(
        not keeps_rules(text.between(record.first, record.last), text.delimiter)
        for record in records
    )
    if loose:
        yield Note("loose_quotes", {"count": loose})
