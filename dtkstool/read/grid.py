"""One sheet or text file as a grid of text cells, whatever it was before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from dtkstool.read.result import Note

HEAD = 5_000
"""Rows that the structure is decided on: header, columns, their contents."""
BLANK = " \t\r\n\x0b\x0c\u00a0\u200b\u2007\u202f\u3000\ufeff"


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet, every physical row, as text."""

    file: str
    sheet: str
    cells: pl.LazyFrame
    """`row` (what a person sees), `c0` … as typed; rows in order, blank rows may be missing."""
    width: int
    hidden: bool = False
    first_column: int = 0
    """Position of `c0` in the spreadsheet; 0 = column A."""
    numeric: pl.DataFrame | None = None
    """`row`, `c0` … : true where the cell is a number in the spreadsheet; None for text."""
    numeric_columns: frozenset[str] = frozenset()
    """Columns that hold numbers throughout (Parquet)."""
    header: tuple[str, ...] | None = None
    """Column names that the format itself carries (Parquet); then no row is a header."""
    notes: tuple[Note, ...] = ()
    merges: Callable[[], list[tuple[str, int, int]]] | None = None
    """Gives (cell column, first row, last row) of the cells merged downwards; None: not known."""
    kk_merges: tuple[tuple[int, int], ...] = ()
    """(first row, last row) of the merged No KK cells that were spread."""
    deferred: bool = False
    """Whether the cells are parsed only when asked for, so that damage shows only then."""
    delimiter: str = ""
    """What cuts the lines of a text file; empty for the others."""
    blocks: Callable[[Sequence[str]], Iterator[pl.DataFrame]] | None = None
    """Gives `row` and the columns asked for of a large text, block by block; None for others."""
    pick: Callable[[pl.Series], pl.DataFrame] | None = None
    """Gives all cells of the rows asked for of a large text without parsing the rest."""

    @cached_property
    def head(self) -> pl.DataFrame:
        """The first rows that hold anything, all cells, blanks null."""
        rows = self.cells.head(4 * HEAD).with_columns(filled(pl.col(c)) for c in self.columns)
        there = pl.any_horizontal(pl.col(c).is_not_null() for c in self.columns)
        return rows.filter(there).head(HEAD).collect() if self.width else rows.collect()

    @property
    def columns(self) -> list[str]:
        """The names of the cell columns."""
        return [f"c{i}" for i in range(self.width)]

    def letter(self, index: int) -> str:
        """Return the spreadsheet letter of column `c<index>`."""
        return letter(self.first_column + index)


def letter(index: int) -> str:
    """Return the spreadsheet letter of a column, 0 = A."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def index_of(letters: str) -> int:
    """Return the position of a spreadsheet column, A = 0."""
    index = 0
    for sign in letters.upper():
        index = index * 26 + ord(sign) - ord("A") + 1
    return index - 1


def filled(cell: pl.Expr) -> pl.Expr:
    """Return the cell as typed; null if it is empty or holds only blanks."""
    return pl.when(cell.str.strip_chars(BLANK) != "").then(cell)


def without_blanks(df: pl.DataFrame) -> pl.DataFrame:
    """Return `df` with blank cells null; only columns where a cell may be blank are looked at.

    A cell that begins with a visible ASCII sign is not blank, and comparing tells that ten times
    faster than stripping.
    """
    texts = [c for c, dtype in df.schema.items() if dtype == pl.String]
    if not texts:
        return df
    maybe = df.select(((pl.col(c) < "!") | (pl.col(c) >= "\x7f")).any() for c in texts)
    return df.with_columns(filled(pl.col(c)) for c in texts if maybe.get_column(c).item())


def count_filled(columns: Iterable[str]) -> pl.Expr:
    """Return how many of the cells of a row hold anything."""
    cells = [(pl.col(c).str.strip_chars(BLANK) != "").fill_null(False) for c in columns]
    return pl.sum_horizontal(cells).cast(pl.UInt32)


def joined(columns: Iterable[str]) -> pl.Expr:
    """Return the cells of a row that hold anything, one after the other."""
    return pl.concat_str([filled(pl.col(c)) for c in columns], separator=" | ", ignore_nulls=True)
