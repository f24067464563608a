"""Delimited text as a grid: the delimiter by content, quotes that close and quotes that do not."""

import io
import re
from collections import Counter
from pathlib import Path

import polars as pl

from dtkstool.columns import ALIASES, header_key
from dtkstool.read.encoding import as_utf8
from dtkstool.read.grid import Grid
from dtkstool.read.quotes import proper_line, split_line, tolerant_cells
from dtkstool.read.result import Note
from dtkstool.read.sources import Source

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 256 << 10
_IN_MEMORY = 128 << 20
"""Files up to this size are parsed once, with all their columns; larger ones column by column."""
_SEP_LINE = re.compile(r"sep=(.)\s*$", re.I)


def text_grid(source: Source) -> Grid:
    """Return a delimited text file as a grid; `row` is the line on which the record starts."""
    text = as_utf8(source.data)
    lines = sample_lines(text.data)
    delimiter = choose_delimiter(lines)
    cells, width, notes = _cells(text.data, None if text.changed else source.path, delimiter, lines)
    if len(text.data) <= _IN_MEMORY:
        cells = cells.collect().lazy()
    return Grid(
        file=source.name,
        sheet="",
        cells=cells,
        width=width,
        notes=(*source.notes, *text.notes, *notes),
    )


def sample_lines(data: bytes) -> list[str]:
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
    widths = Counter(len(split_line(line, delimiter)) for line in lines)
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    if width < 2:
        return 0, 0.0
    known = max(_known_headers(line, delimiter) for line in lines[:40])
    return known if known > 1 else 0, count / len(lines) * width**0.5


def _known_headers(line: str, delimiter: str) -> int:
    return len({ALIASES.get(header_key(cell)) for cell in split_line(line, delimiter)} - {None})


def _cells(
    data: bytes, path: Path | None, delimiter: str, sample: list[str]
) -> tuple[pl.LazyFrame, int, list[Note]]:
    if b'"' in data:
        width = _strict_width(data, delimiter)
        if width:
            return _scan(data, path, delimiter, width, '"'), width, []
        return tolerant_cells(data, delimiter)
    body = data.rstrip(b"\r\n")
    width = len(sample[0].split(delimiter)) if sample else 1
    regular = body.count(delimiter.encode()) == (body.count(b"\n") + 1) * (width - 1)
    if regular and width > 1:
        return _scan(data, path, delimiter, width, None), width, []
    widest = _widest(data, delimiter)
    return _scan(data, None, delimiter, widest, None), widest, []


def _lines(data: bytes) -> pl.LazyFrame:
    return pl.scan_lines(io.BytesIO(data), name="line")


def _widest(data: bytes, delimiter: str) -> int:
    count = pl.col("line").str.count_matches(delimiter, literal=True).max()
    return int(_lines(data).select(count).collect().item() or 0) + 1


def _strict_width(data: bytes, delimiter: str) -> int:
    """Return the number of cells that every line has; 0 if quotes or lengths break the rule.

    A line keeps the rule if each of its cells is either free of quotes or wholly quoted.
    """
    first = data[: data.find(b"\n")] if b"\n" in data else data
    width = len(split_line(first.decode("utf-8", "replace").rstrip("\r"), delimiter))
    line = pl.col("line").str.strip_suffix("\r")
    quoted = rf'"[^"]*{re.escape(delimiter)}[^"]*"'
    bare = pl.when(line.str.contains(quoted)).then(None).otherwise(line)
    even = (bare.str.count_matches(delimiter, literal=True) == width - 1) | (line == "")
    keeps = (line.str.contains(proper_line(delimiter)) & even.fill_null(True)).all()
    return width if _lines(data).select(keeps).collect(engine="streaming").item() else 0


def _scan(
    data: bytes, path: Path | None, delimiter: str, width: int, quote: str | None
) -> pl.LazyFrame:
    names = [f"c{i}" for i in range(width)]
    if path is None:
        header = delimiter.join(names).encode() + b"\n"
        source: Path | io.BytesIO = io.BytesIO(header + data)
    else:
        source = path
    return pl.scan_csv(
        source,
        has_header=path is None,
        separator=delimiter,
        quote_char=quote,
        schema=dict.fromkeys(names, pl.String),
        row_index_name="row",
        row_index_offset=1,
    ).with_columns(pl.col("row").cast(pl.UInt32))
