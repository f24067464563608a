"""Delimited text as a grid: the delimiter by content, quotes that close and quotes that do not."""

import re
from collections import Counter
from dataclasses import replace

import polars as pl

from dtkstool.columns import ALIASES, header_key
from dtkstool.read.encoding import as_utf8
from dtkstool.read.grid import Grid
from dtkstool.read.lines import Text
from dtkstool.read.loose import loose_records
from dtkstool.read.parsed import Cells, narrowed
from dtkstool.read.quotes import split_line
from dtkstool.read.sniff import Content
from dtkstool.read.sources import Source

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 256 << 10
_SEP_LINE = re.compile(r"sep=(.)\s*$", re.I)


def text_grid(source: Source) -> Grid:
    """Return a delimited text file as a grid; `row` is the line on which the record starts."""
    utf8 = as_utf8(source.data)
    lines = sample_lines(utf8.data)
    text = Text(utf8.data, choose_delimiter(lines))
    expected = max((len(split_line(line, text.delimiter)) for line in lines), default=1)
    cells = _cells(text, expected)
    grid = Grid(
        file=source.name,
        sheet="",
        cells=cells.lazy,
        width=cells.width,
        notes=(*source.notes, *utf8.notes, *cells.loose.notes),
        deferred=True,
        delimiter=text.delimiter,
        blocks=cells.blocks,
        pick=cells.pick,
    )
    return grid if len(cells.loose.blocks) > 1 else _at_once(grid, cells, expected)


def _cells(text: Text, width: int) -> Cells:
    """Return the cells of a text of which `width` a line are expected."""
    loose = loose_records(text, text.survey(width))
    return Cells(text, loose, max(width, loose.width))


def _at_once(grid: Grid, cells: Cells, expected: int) -> Grid:
    """Return the grid of a small text with its cells parsed, no wider than they are if odd."""
    try:
        df = next(cells.blocks())
    except pl.exceptions.ComputeError:
        cells = _cells(cells.text, 1)
        df = narrowed(next(cells.blocks()))
    if cells.loose.records or cells.width > expected:
        df = narrowed(df)
    return replace(
        grid, cells=df.lazy(), width=df.width - 1, deferred=False, blocks=None, pick=None
    )


def sample_lines(data: Content) -> list[str]:
    """Return the first whole lines of the file."""
    head = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        head = head[: head.rfind(b"\n") + 1] or head
    return head.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")[:2000]


def choose_delimiter(lines: list[str]) -> str:
    """Return the delimiter that cuts most lines into the same number of cells, known headers first.

    Excel's `sep=;` on the first line settles it.
    """
    if lines and (told := _SEP_LINE.match(lines[0])):
        return told.group(1)
    body = [line for line in lines[:400] if line.strip()]
    return max(DELIMITERS, key=lambda d: _consistency(body, d))


def _consistency(lines: list[str], delimiter: str) -> tuple[int, float]:
    widths = Counter(len(split_line(line, delimiter)) for line in lines or [""])
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    if width < 2:
        return 0, 0.0
    known = max(_known_headers(line, delimiter) for line in lines[:40])
    return known if known > 1 else 0, count / len(lines) * width**0.5


def _known_headers(line: str, delimiter: str) -> int:
    return len({ALIASES.get(header_key(cell)) for cell in split_line(line, delimiter)} - {None})
