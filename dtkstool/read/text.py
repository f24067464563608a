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
from dtkstool.read.sniff import Content
from dtkstool.read.sources import Source

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 256 << 10
IN_MEMORY = 128 << 20
"""Files up to this size are parsed once, with all their columns; larger ones column by column."""
_SEP_LINE = re.compile(r"sep=(.)\s*$", re.I)


def text_grid(source: Source) -> Grid:
    """Return a delimited text file as a grid; `row` is the line on which the record starts."""
    text = as_utf8(source.data)
    lines = sample_lines(text.data)
    delimiter = choose_delimiter(lines)
    path = None if text.changed else source.path
    cells, width, notes = _cells(text.data, path, delimiter, lines)
    if len(text.data) <= IN_MEMORY:
        try:
            cells = cells.collect().lazy()
        except pl.exceptions.ComputeError:
            cells, width, notes = tolerant_cells(text.data[:], delimiter)
    return Grid(
        file=source.name,
        sheet="",
        cells=cells,
        width=width,
        notes=(*source.notes, *text.notes, *notes),
        deferred=len(text.data) > IN_MEMORY,
        delimiter=delimiter,
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


def _cells(
    data: Content, path: Path | None, delimiter: str, sample: list[str]
) -> tuple[pl.LazyFrame, int, list[Note]]:
    """Return `row`, `c0` … of every line, the number of cells, and what was odd."""
    widths = [len(split_line(line, delimiter)) for line in sample]
    width = max(widths, default=1)
    source = path if widths and widths[0] == width else None
    if data.find(b'"') < 0:
        if not _is_regular(data, delimiter, width):
            width = max(width, _widest(data, path, delimiter))
        return _scan(data, source, delimiter, width, None), width, []
    if _is_proper(data, path, delimiter, width):
        return _scan(data, source, delimiter, width, '"'), width, []
    return tolerant_cells(data[:], delimiter)


def _lines(data: Content, path: Path | None) -> pl.LazyFrame:
    mapped = path if not isinstance(data, bytes) else None
    return pl.scan_lines(mapped or io.BytesIO(data), name="line")


def _is_regular(data: Content, delimiter: str, width: int) -> bool:
    """Return whether a small file without quotes has as many delimiters as full lines would have.

    A longer and a shorter line may cancel out: then parsing fails, and lines are counted one by
    one. A large file is not parsed with all its columns, so this would not be seen.
    """
    if not isinstance(data, bytes) or len(data) > IN_MEMORY or width == 1:
        return False
    breaks = data.count(b"\n") + (not data.endswith(b"\n"))
    return data.count(delimiter.encode()) == breaks * (width - 1)


def _widest(data: Content, path: Path | None, delimiter: str) -> int:
    count = pl.col("line").str.count_matches(delimiter, literal=True).max()
    return int(_lines(data, path).select(count).collect(engine="streaming").item() or 0) + 1


def _is_proper(data: Content, path: Path | None, delimiter: str, width: int) -> bool:
    """Return whether each line is a record of at most `width` cells with proper quotes.

    Only lines with a quote need the pattern; in the others it is enough to count delimiters.
    """
    lines = _lines(data, path).select(pl.col("line").str.strip_suffix("\r"))
    quoted = pl.col("line").str.contains('"', literal=True)
    counted = pl.col("line").str.count_matches(delimiter, literal=True) < width
    judged = pl.col("line").str.contains(proper_line(delimiter, width))
    answers = pl.collect_all(
        [lines.filter(~quoted).select(counted.all()), lines.filter(quoted).select(judged.all())]
    )
    return all(bool(answer.item()) for answer in answers)


def _scan(
    data: Content, path: Path | None, delimiter: str, width: int, quote: str | None
) -> pl.LazyFrame:
    names = [f"c{i}" for i in range(width)]
    header = delimiter.join(names).encode() + b"\n"
    return pl.scan_csv(
        path or io.BytesIO(header + data[:]),
        has_header=path is None,
        separator=delimiter,
        quote_char=quote,
        schema=dict.fromkeys(names, pl.String),
        row_index_name="row",
        row_index_offset=1,
    ).with_columns(pl.col("row").cast(pl.UInt32))
