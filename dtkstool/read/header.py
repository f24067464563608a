"""Where the header is: on one row or two merged ones, under titles, over a row of numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dtkstool.read.grid import BLANK, Grid
from dtkstool.read.naming import Name, named_field

DEEPEST = 40
"""Rows that are searched for the header."""
IDENTITY = {"nik", "nokk", "nama", "nama_kepala"}
_NUMBER = re.compile(r"^(?:kolom\s*)?[(\[-]?\s*(\d{1,3})\s*[)\].]?(?:\.0)?$", re.I)
_LONG = re.compile(r"(?:\d[\s.'-]?){12}\d")

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The header of a sheet."""

    rows: tuple[int, ...]
    """The rows it stands on."""
    lines: tuple[Cells, ...]
    """Their cells as typed, blank ones empty."""
    texts: tuple[tuple[str, ...], ...]
    """Per column, what it may be read as, the most specific first."""
    numbers: int | None = None
    """The row of column numbers beneath it."""

    @cached_property
    def shown(self) -> Cells:
        """The header of each column as a person would quote it."""
        return tuple(
            " ".join(dict.fromkeys(line[i].strip(BLANK) for line in self.lines if line[i]))
            for i in range(len(self.texts))
        )

    @property
    def last_row(self) -> int:
        """The last row that belongs to the header."""
        return max(*self.rows, self.numbers or 0)


def find_header(grid: Grid) -> Header | None:
    """Return the header among the first rows; None if no row names a person's fields."""
    if grid.header is not None:
        return Header((1,), (grid.header,), tuple((text,) for text in grid.header))
    lines = head_lines(grid, DEEPEST + 3)
    best, best_score = None, (False, 1)
    for i in range(min(len(lines), DEEPEST)):
        for depth in (1, 2, 3):
            header = _header(lines[i : i + depth])
            if header is None or len(header.rows) < depth:
                break
            score = _score(header)
            if score > best_score:
                best, best_score = header, score
    return _with_numbers(_with_labels(best, lines), lines) if best else _single_column(lines)


def header_at(grid: Grid, row: int) -> Header:
    """Return the header on `row`, with the rows merged into it below; as a map says."""
    lines = [line for line in head_lines(grid, 2 * DEEPEST) if line[0] >= row]
    if not lines or lines[0][0] != row:
        lines = [(row, ("",) * grid.width), *lines]
    texts = tuple(_texts([lines[0][1]], i) for i in range(grid.width))
    best = Header((row,), (lines[0][1],), texts)
    for depth in (2, 3):
        deeper = _header(lines[:depth])
        if deeper is None or len(deeper.rows) < depth:
            break
        if _score(deeper) > _score(best):
            best = deeper
    return _with_numbers(best, lines)


def head_lines(grid: Grid, count: int) -> list[tuple[int, Cells]]:
    """Return (row, cells) of the first rows that hold anything; blank cells empty."""
    found = []
    for row, *cells in grid.head.head(count * 5).iter_rows():
        texts = tuple((cell or "") if (cell or "").strip(BLANK) else "" for cell in cells)
        if any(texts):
            found.append((row, texts))
        if len(found) == count:
            break
    return found


def _header(lines: Sequence[tuple[int, Cells]]) -> Header | None:
    """Return these rows as a header; None if one of them holds data or column numbers."""
    if any(_is_data(cells) or is_number_row(cells) for _, cells in lines):
        return None
    width = len(lines[0][1])
    texts = tuple(_texts([cells for _, cells in lines], i) for i in range(width))
    return Header(tuple(r for r, _ in lines), tuple(c for _, c in lines), texts)


def _is_data(cells: Cells) -> bool:
    return any(_LONG.search(cell) for cell in cells if cell)


def _texts(lines: list[Cells], column: int) -> tuple[str, ...]:
    """Return what a column's header may be read as, group headers spreading to the right."""
    own = [line[column].strip(BLANK) for line in lines]
    last = max((i for i, text in enumerate(own) if text), default=-1)
    if last < 0:
        return ()
    above = [text for i in range(last) if (text := own[i] or _group(lines[i], column))]
    mixed = [f"{text} {own[last]}" for text in above] + [f"{own[last]} {text}" for text in above]
    return (*mixed, own[last], *above) if above else (own[last],)


def _group(line: Cells, column: int) -> str:
    """Return the merged cell that reaches over `column`: the nearest text to its left."""
    return next((line[i].strip(BLANK) for i in range(column, -1, -1) if line[i]), "")


def _score(header: Header) -> tuple[bool, int]:
    """Return whether a person's identity is named, and how many fields are."""
    fields = {name.field for texts in header.texts if (name := field_of(texts))}
    filled = [sum(1 for cell in line if cell) for line in header.lines]
    if len(header.rows) > 1 and min(filled) == 1:
        return False, 0
    return bool(fields & IDENTITY), len(fields)


def field_of(texts: Sequence[str]) -> Name | None:
    """Return the field that the first telling reading of a header names, or None."""
    names = [name for text in texts if (name := named_field(text))]
    exact = next((n for n in names if n.field == names[0].field and n.how == "alias"), None)
    return exact or next(iter(names), None)


def _single_column(lines: list[tuple[int, Cells]]) -> Header | None:
    """Return a lone `NIK` over a list of numbers."""
    for (row, cells), (_, below) in pairwise(lines[: DEEPEST + 1]):
        named = [name.field for cell in cells if cell and (name := field_of((cell,)))]
        if named == ["nik"] and _is_data(below):
            return Header((row,), (cells,), tuple((c.strip(BLANK),) if c else () for c in cells))
    return None


def _with_labels(header: Header, lines: list[tuple[int, Cells]]) -> Header:
    """Return the header with the row of labels under its group headers, such as L and P."""
    after = next((cells for row, cells in lines if row > header.rows[-1]), None)
    if after is None or any(re.search(r"\d", cell) for cell in after):
        return header
    under = [i for i, cell in enumerate(after) if cell]
    named = {i: name.field for i, texts in enumerate(header.texts) if (name := field_of(texts))}
    over_gap = any(not header.lines[-1][i] for i in under)
    if len(under) < 2 or not over_gap or any(named.get(i) in IDENTITY for i in under):
        return header
    deeper = _header([line for line in lines if header.rows[0] <= line[0]][: len(header.rows) + 1])
    return deeper or header


def _with_numbers(header: Header, lines: list[tuple[int, Cells]]) -> Header:
    after = next(((row, cells) for row, cells in lines if row > header.rows[-1]), None)
    if after and is_number_row(after[1]):
        return Header(header.rows, header.lines, header.texts, after[0])
    return header


def is_number_row(cells: Cells) -> bool:
    """Return whether these cells number the columns: 1 2 3, -1 -2 -3, (1) (2), KOLOM 2 3 4."""
    filled = [cell.strip(BLANK) for cell in cells if cell]
    numbers = [int(found.group(1)) for cell in filled if (found := _NUMBER.match(cell))]
    if len(numbers) < 3 or len(numbers) < len(filled) - 1:
        return False
    steps = [b - a for a, b in pairwise(numbers)]
    return sum(step == 1 for step in steps) >= 0.8 * len(steps)
